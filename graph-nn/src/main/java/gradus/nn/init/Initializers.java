package gradus.nn.init;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.LinearAlgebra;
import java.util.Objects;

/** Initializers that do not depend on the fans, and PyTorch's default; {@link He}, {@link Xavier} and {@link LeCun} do. */
public final class Initializers {
    private Initializers() {}

    /** Returns U(±1/sqrt(fan)), PyTorch's default for the weight and bias of a linear layer. */
    public static Initializer fanIn(int fan) {
        if (fan < 1) {
            throw new IllegalArgumentException("initializer: fan-in " + fan + " must be at least 1");
        }
        return uniform(1 / Math.sqrt(fan));
    }

    /** Returns U(±bound). */
    public static Initializer uniform(double bound) {
        requirePositive("bound", bound);
        return (s, random) -> Tensor.uniform(s, -bound, bound, random);
    }

    /** Returns N(0, std); the book's plain start is 0.01. */
    public static Initializer normal(double std) {
        requirePositive("std", std);
        return (s, random) -> Tensor.normal(s, 0, std, random);
    }

    /**
     * Returns N(0, std), with values beyond two standard deviations drawn again, in distribution: {@code std sqrt(2) erfinv(u)} for u uniform
     * between the probabilities of the bounds. PyTorch's {@code trunc_normal_(std=std, a=-2 std, b=2 std)}, whose own bounds are ±2 whatever std
     * is.
     */
    public static Initializer truncatedNormal(double std) {
        return truncatedNormal(std, 2);
    }

    /** Returns {@link #truncatedNormal(double)} with bounds of this many standard deviations. */
    public static Initializer truncatedNormal(double std, double bound) {
        requirePositive("std", std);
        requirePositive("bound", bound);
        double edge = Node.constant(bound / Math.sqrt(2)).erf().item();
        return (s, random) -> Node.constant(Tensor.uniform(s, -edge, edge, random))
                .erfinv()
                .mul(std * Math.sqrt(2))
                .value()
                .map(v -> Math.max(-bound * std, Math.min(bound * std, v)));
    }

    /**
     * Returns one value throughout.
     *
     * @throws IllegalArgumentException if it is NaN or infinite
     */
    public static Initializer constant(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("initializer: the constant " + value + " must be finite");
        }
        return (s, random) -> Tensor.full(s, value, DType.FLOAT64);
    }

    /** Returns {@link #orthogonal(Gain)} without gain. */
    public static Initializer orthogonal() {
        return orthogonal(Gain.LINEAR);
    }

    /**
     * Returns a matrix with orthonormal rows or columns, whichever are fewer, times a gain: uniformly distributed, by the QR decomposition
     * of a normal matrix. A kernel {@code [out, in, k..]} is taken as {@code [out, in k..]}. Saxe et al. 2014; PyTorch's {@code orthogonal_}.
     */
    public static Initializer orthogonal(Gain gain) {
        Objects.requireNonNull(gain, "orthogonal: gain is null");
        return (s, random) -> orthogonal(s, gain, random);
    }

    private static Tensor orthogonal(Shape s, Gain gain, RandomStream random) {
        if (s.rank() < 2) {
            throw new IllegalArgumentException("orthogonal: it takes two axes or more, not " + s);
        }
        if (s.size() == 0) {
            return Tensor.zeros(s, DType.FLOAT64);
        }
        int rows = s.dim(0);
        int columns = s.size() / rows;
        boolean wide = rows < columns;
        Tensor drawn = Tensor.normal(Shape.of(Math.max(rows, columns), Math.min(rows, columns)), 0, 1, random);
        LinearAlgebra.Qr qr = LinearAlgebra.qr(Node.constant(drawn));
        // the signs that make the decomposition unique, else the distribution is not uniform
        Node signs = qr.r().diagonal().sign();
        Node q = qr.q().mul(signs).mul(gain.value());
        return (wide ? q.transpose() : q).value().reshape(s);
    }

    private static void requirePositive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("initializer: " + what + " " + value + " must be a positive number");
        }
    }
}
