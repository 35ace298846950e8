package gradus.ops;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Objects;

/** Positional encodings: what tells attention the positions of a sequence. */
public final class Positions {
    /** The usual base of the wavelengths, which reach from 2 pi to 2 pi times it. */
    private static final double BASE = 10_000;

    private Positions() {}

    /** Which two elements of a vector of size d {@link #rotary} rotates together, pair i of d / 2. */
    public enum Pairing {
        /** Elements 2 i and 2 i + 1, as in the paper. */
        ADJACENT,
        /** Elements i and i + d / 2, as in the models that rotate the halves of a vector. */
        HALVES
    }

    /**
     * Returns the sinusoidal encoding of positions 0 to n - 1, {@code y[p, 2 i] = sin(p / 10000^(2 i / d))}, {@code y[p, 2 i + 1] = cos(p /
     * 10000^(2 i / d))}: a FLOAT64 constant {@code [n, d]}, to be added to embeddings. Vaswani et al. 2017. No counterpart in PyTorch.
     *
     * @throws IllegalArgumentException if n is negative, d not a positive even number, or the result too large
     */
    public static Node sinusoidal(int n, int d) {
        return sinusoidal(n, d, DType.FLOAT64);
    }

    /**
     * Returns {@link #sinusoidal(int, int)} in a number type, that of the embeddings; it is computed in FLOAT64 and rounded.
     *
     * @throws IllegalArgumentException if n is negative, d not a positive even number, or the result too large
     */
    public static Node sinusoidal(int n, int d, DType dtype) {
        Objects.requireNonNull(dtype, "sinusoidal: dtype is null");
        if (n < 0 || d < 2 || d % 2 != 0) {
            throw new IllegalArgumentException(
                    "sinusoidal: n " + n + " must be at least 0, and d " + d + " a positive even number");
        }
        if ((long) n * d > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("sinusoidal: n " + n + " x d " + d + " is more than 2^31 - 9 elements");
        }
        double[] y = new double[n * d];
        for (int p = 0; p < n; p++) {
            for (int i = 0; i < d; i += 2) {
                double angle = p / Math.pow(BASE, (double) i / d);
                y[p * d + i] = Math.sin(angle);
                y[p * d + i + 1] = Math.cos(angle);
            }
        }
        return Node.constant(Tensor.of(Shape.of(n, d), y).to(dtype));
    }

    /**
     * Returns queries or keys {@code [.., n, d]} with each pair of adjacent elements rotated by an angle that grows with the position p,
     * {@code p / 10000^(2 i / d)} for pair i: {@code [.., n, d] -> [.., n, d]}. The product of a rotated query and a rotated key
     * depends on the distance of their positions alone. Positions are 0 to n - 1. Su et al. 2021, "RoFormer". No counterpart in
     * PyTorch.
     *
     * @throws OperandMismatch if x has fewer than two axes, or d is not a positive even number
     */
    public static Node rotary(Node x) {
        return rotary(x, 0, BASE, Pairing.ADJACENT);
    }

    /**
     * Returns {@link #rotary(Node)} for positions {@code offset} to {@code offset + n - 1}, as behind a cache of keys, with another
     * base and pairing.
     *
     * @param base what stands for 10000 in the angles
     * @throws OperandMismatch if x has fewer than two axes, or d is not a positive even number
     * @throws IllegalArgumentException if the base is not a positive number
     */
    public static Node rotary(Node x, int offset, double base, Pairing pairing) {
        Objects.requireNonNull(x, "rotary: x is null");
        int n = x.shape().rank() < 2 ? 0 : x.shape().dim(-2);
        int[] positions = new int[n];
        for (int p = 0; p < n; p++) {
            positions[p] = offset + p;
        }
        return rotary(x, positions, base, pairing);
    }

    /**
     * Returns {@link #rotary(Node)} for the given positions, one for each of n.
     *
     * @param base what stands for 10000 in the angles
     * @throws OperandMismatch if x has fewer than two axes, d is not a positive even number, or the positions are not n
     * @throws IllegalArgumentException if the base is not a positive number
     */
    public static Node rotary(Node x, int[] positions, double base, Pairing pairing) {
        Objects.requireNonNull(x, "rotary: x is null");
        Objects.requireNonNull(positions, "rotary: positions is null");
        Objects.requireNonNull(pairing, "rotary: pairing is null");
        Shape s = x.shape();
        if (s.rank() < 2 || s.dim(-1) % 2 != 0 || s.dim(-1) == 0) {
            throw new OperandMismatch("rotary", "it takes [.., n, d] with an even d from 2 up", x.label());
        }
        if (positions.length != s.dim(-2)) {
            throw new OperandMismatch(
                    "rotary", positions.length + " positions for " + s.dim(-2) + " vectors", x.label());
        }
        if (!(base > 0) || Double.isInfinite(base)) {
            throw new IllegalArgumentException("rotary: base " + base + " must be a positive number");
        }
        int d = s.dim(-1);
        double[] cos = new double[positions.length * d / 2];
        double[] sin = new double[cos.length];
        for (int at = 0; at < cos.length; at++) {
            double angle = positions[at / (d / 2)] / Math.pow(base, 2.0 * (at % (d / 2)) / d);
            cos[at] = Math.cos(angle);
            sin[at] = Math.sin(angle);
        }
        Shape angles = Shape.of(positions.length, d / 2);
        Node c = Node.constant(Tensor.of(angles, cos).to(x.dtype()));
        Node t = Node.constant(Tensor.of(angles, sin).to(x.dtype()));
        boolean adjacent = pairing == Pairing.ADJACENT;
        Node a = adjacent ? x.slice(-1, 0, d, 2) : x.slice(-1, 0, d / 2);
        Node b = adjacent ? x.slice(-1, 1, d, 2) : x.slice(-1, d / 2, d);
        Node first = a.mul(c).sub(b.mul(t));
        Node second = a.mul(t).add(b.mul(c));
        return adjacent ? Node.stack(-1, first, second).reshape(s) : Node.concat(-1, first, second);
    }
}
