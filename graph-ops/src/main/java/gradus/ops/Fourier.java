package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Objects;

/**
 * Discrete Fourier transforms of any length. Complex numbers are a last axis of size 2, the real and the imaginary part; a
 * gradient has the derivatives with respect to both parts. The forward transform is {@code y[k] = sum over j of x[j] exp(-2 pi i
 * j k / n)}, the inverse has the other sign and is divided by n, as in NumPy and PyTorch. They compute in FLOAT64; a FLOAT32
 * result is rounded at the end.
 */
public final class Fourier {
    private Fourier() {}

    /** {@code y = the transform of complex numbers along the last axis but one}, forward or with the other sign; not divided. */
    record Complex(boolean inverse) implements Op {
        @Override
        public String name() {
            return inverse ? "ifft" : "fft";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Shape s = x[0].shape();
            int n = s.dim(-2);
            double[] data = x[0].toDoubleArray();
            Fft fft = new Fft(n);
            double[] in = new double[2 * n];
            for (int from = 0; from < data.length; from += 2 * n) {
                System.arraycopy(data, from, in, 0, 2 * n);
                conjugate(in);
                double[] y = fft.of(in);
                conjugate(y);
                System.arraycopy(y, 0, data, from, 2 * n);
            }
            return Tensor.of(s, data).to(x[0].dtype());
        }

        /** The inverse transform is the conjugate of the transform of the conjugate. */
        private void conjugate(double[] z) {
            for (int j = 1; inverse && j < z.length; j += 2) {
                z[j] = -z[j];
            }
        }

        /** The matrix of the transform is symmetric, so its conjugate transpose has the other sign. */
        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new Complex(!inverse), gy)};
        }
    }

    /** {@code y = the first half of the transform of real numbers along the last axis}: [.., n] -> [.., n / 2 + 1, 2]. */
    record Real(int n) implements Op {
        @Override
        public String name() {
            return "rfft";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Shape s = x[0].shape();
            int half = n / 2 + 1;
            double[] data = x[0].toDoubleArray();
            Shape out = MatrixBatch.join(s.drop(-1), Shape.of(half, 2));
            double[] result = new double[out.size()];
            Fft fft = new Fft(n);
            double[] in = new double[2 * n];
            for (int row = 0; row * n < data.length; row++) {
                for (int j = 0; j < n; j++) {
                    in[2 * j] = data[row * n + j];
                }
                double[] y = fft.of(in);
                y[1] = 0; // what stands for one frequency is real
                if (n % 2 == 0) {
                    y[n + 1] = 0;
                }
                System.arraycopy(y, 0, result, row * 2 * half, 2 * half);
            }
            return Tensor.of(out, result).to(x[0].dtype());
        }

        /** {@code gx[j] = Re sum over k of gy[k] exp(2 pi i j k / n)}, over the first half. */
        @Override
        public Node[] backward(Call c, Node gy) {
            Node once = gy.div(weights(n, gy));
            return new Node[] {Node.of(new RealInverse(n), once)};
        }
    }

    /**
     * {@code y[j] = Re sum over k of w[k] x[k] exp(2 pi i j k / n)}, where w is 2 for what stands for two of n numbers, and else 1:
     * [.., n / 2 + 1, 2] -> [.., n].
     */
    record RealInverse(int n) implements Op {
        @Override
        public String name() {
            return "irfft";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Shape s = x[0].shape();
            int half = n / 2 + 1;
            double[] data = x[0].toDoubleArray();
            Shape out = MatrixBatch.join(MatrixBatch.leading(s), Shape.of(n));
            double[] result = new double[out.size()];
            Fft fft = new Fft(n);
            double[] in = new double[2 * n];
            for (int row = 0; row * 2 * half < data.length; row++) {
                for (int k = 0; k < half; k++) {
                    double re = data[2 * (row * half + k)];
                    double im = data[2 * (row * half + k) + 1];
                    int mirror = (n - k) % n;
                    in[2 * mirror] = re;
                    in[2 * mirror + 1] = mirror == k ? 0 : im;
                    in[2 * k] = re;
                    in[2 * k + 1] = mirror == k ? 0 : -im;
                }
                double[] y = fft.of(in);
                for (int j = 0; j < n; j++) {
                    result[row * n + j] = y[2 * j];
                }
            }
            return Tensor.of(out, result).to(x[0].dtype());
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = Node.of(new Real(n), gy);
            return new Node[] {gx.mul(weights(n, gx))};
        }
    }

    /** Returns, for each number of the first half, how many of n it stands for: 1 for frequency 0 and n / 2, else 2. */
    private static Node weights(int n, Node like) {
        double[] w = new double[n / 2 + 1];
        for (int k = 0; k < w.length; k++) {
            w[k] = 2 * k % n == 0 ? 1 : 2;
        }
        return Node.constant(Tensor.of(Shape.of(w.length, 1), w).to(like.dtype()));
    }

    /**
     * Returns the transform of complex numbers: {@code [.., n, 2] -> [.., n, 2]}. PyTorch's {@code fft.fft}.
     *
     * @throws OperandMismatch if there is no last axis of size 2, or n is 0
     */
    public static Node fft(Node x) {
        requireComplex("fft", x, 2);
        return Node.of(new Complex(false), x);
    }

    /**
     * Returns the inverse transform, {@code 1 / n sum over k of x[k] exp(2 pi i j k / n)}: {@code [.., n, 2] -> [.., n, 2]}.
     * PyTorch's {@code fft.ifft}.
     *
     * @throws OperandMismatch if there is no last axis of size 2, or n is 0
     */
    public static Node ifft(Node x) {
        requireComplex("ifft", x, 2);
        return Node.of(new Complex(true), x).div(x.shape().dim(-2));
    }

    /**
     * Returns the transform of real numbers, of whose n complex results only the first half is returned, as the others are
     * conjugates: {@code [.., n] -> [.., n / 2 + 1, 2]}. PyTorch's {@code fft.rfft}.
     *
     * @throws OperandMismatch if x is a scalar, or n is 0
     */
    public static Node rfft(Node x) {
        Objects.requireNonNull(x, "rfft: x is null");
        if (x.shape().rank() == 0 || x.shape().dim(-1) == 0) {
            throw new OperandMismatch("rfft", "it takes [.., n] with n from 1 up", x.label());
        }
        return Node.of(new Real(x.shape().dim(-1)), x);
    }

    /**
     * Returns the n real numbers whose transform has this first half: {@code [.., n / 2 + 1, 2] -> [.., n]}. The imaginary parts
     * of frequency 0 and, for an even n, n / 2 do not count. PyTorch's {@code fft.irfft}.
     *
     * @param n the number of results, which the half alone does not tell
     * @throws OperandMismatch if x has not this shape, or n is not positive
     */
    public static Node irfft(Node x, int n) {
        requireComplex("irfft", x, 2);
        requireHalf("irfft", "n", "[.., ", x, n);
        return Node.of(new RealInverse(n), x).div(n);
    }

    /**
     * Returns the transform of complex numbers along two axes: {@code [.., h, w, 2] -> [.., h, w, 2]}. PyTorch's {@code fft.fft2}.
     *
     * @throws OperandMismatch if there are not two axes before one of size 2, or one is empty
     */
    public static Node fft2(Node x) {
        requireComplex("fft2", x, 3);
        return fft(fft(x).transpose(-3, -2)).transpose(-3, -2);
    }

    /**
     * Returns the inverse transform along two axes: {@code [.., h, w, 2] -> [.., h, w, 2]}. PyTorch's {@code fft.ifft2}.
     *
     * @throws OperandMismatch if there are not two axes before one of size 2, or one is empty
     */
    public static Node ifft2(Node x) {
        requireComplex("ifft2", x, 3);
        return ifft(ifft(x).transpose(-3, -2)).transpose(-3, -2);
    }

    /**
     * Returns the transform of real numbers along two axes, the last of which is halved: {@code [.., h, w] -> [.., h, w / 2 + 1, 2]}.
     * PyTorch's {@code fft.rfft2}.
     *
     * @throws OperandMismatch if there are not two axes, or one is empty
     */
    public static Node rfft2(Node x) {
        Objects.requireNonNull(x, "rfft2: x is null");
        if (x.shape().rank() < 2 || x.shape().dim(-2) == 0) {
            throw new OperandMismatch("rfft2", "it takes [.., h, w] with h and w from 1 up", x.label());
        }
        return fft(rfft(x).transpose(-3, -2)).transpose(-3, -2);
    }

    /**
     * Returns the real numbers, of w columns, whose transform along two axes has this half: {@code [.., h, w / 2 + 1, 2] -> [.., h,
     * w]}. PyTorch's {@code fft.irfft2}.
     *
     * @throws OperandMismatch if x has not this shape, or w is not positive
     */
    public static Node irfft2(Node x, int w) {
        requireComplex("irfft2", x, 3);
        requireHalf("irfft2", "w", "[.., h, ", x, w);
        return irfft(ifft(x.transpose(-3, -2)).transpose(-3, -2), w);
    }

    /**
     * Returns the products of complex numbers, broadcast: {@code (a + bi)(c + di) = (ac - bd) + (ad + bc)i}, {@code [.., 2], [.., 2]
     * -> [.., 2]}. PyTorch's {@code mul} of complex tensors.
     *
     * @throws OperandMismatch if an operand has no last axis of size 2, or they do not broadcast
     */
    public static Node complexMul(Node x, Node y) {
        requireComplex("complexMul", x, 1);
        requireComplex("complexMul", y, 1);
        Operands.requireSameType("complexMul", x, y);
        Operands.broadcast("complexMul", x, y);
        Node a = x.select(-1, 0);
        Node b = x.select(-1, 1);
        Node c = y.select(-1, 0);
        Node d = y.select(-1, 1);
        return Node.stack(-1, a.mul(c).sub(b.mul(d)), a.mul(d).add(b.mul(c)));
    }

    /**
     * Returns the convolution along the last axis, {@code y[k] = sum over j of a[j] b[k - j]}, by transforms in O(n log n): {@code
     * [.., n], [.., m] -> [.., n + m - 1]}; leading axes broadcast. NumPy's {@code convolve}.
     *
     * @throws OperandMismatch if an operand is a scalar or empty along the last axis, or the leading axes do not broadcast
     */
    public static Node convolve(Node a, Node b) {
        Objects.requireNonNull(a, "convolve: a is null");
        Objects.requireNonNull(b, "convolve: b is null");
        if (a.shape().rank() == 0
                || b.shape().rank() == 0
                || a.shape().dim(-1) == 0
                || b.shape().dim(-1) == 0) {
            throw new OperandMismatch("convolve", "it takes [.., n] and [.., m], not empty", a.label(), b.label());
        }
        Operands.requireSameType("convolve", a, b);
        Operands.broadcast("convolve", a, b, 1);
        int n = a.shape().dim(-1) + b.shape().dim(-1) - 1;
        Node product = complexMul(rfft(padded(a, n)), rfft(padded(b, n)));
        return irfft(product, n);
    }

    private static Node padded(Node x, int n) {
        return x.pad(-1, 0, n - x.shape().dim(-1));
    }

    /** Requires the first half of a transform of n numbers. */
    private static void requireHalf(String op, String name, String before, Node x, int n) {
        if (n < 1) {
            throw new OperandMismatch(op, name + " must be at least 1, not " + n, x.label());
        }
        if (x.shape().dim(-2) != n / 2 + 1) {
            String why = "for " + name + " = " + n + " it takes " + before + (n / 2 + 1) + ", 2]";
            throw new OperandMismatch(op, why, x.label());
        }
    }

    private static void requireComplex(String op, Node x, int rank) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        Shape s = x.shape();
        boolean fits = s.rank() >= rank && s.dim(-1) == 2;
        for (int axis = 2; fits && axis <= rank; axis++) {
            fits = s.dim(-axis) > 0;
        }
        if (!fits) {
            String shape = rank == 1 ? "[.., 2]" : rank == 2 ? "[.., n, 2]" : "[.., h, w, 2]";
            String real = op.equals("fft") || op.equals("fft2") ? "; r" + op + " takes real ones" : "";
            throw new OperandMismatch(op, "it takes complex numbers " + shape + ", not empty" + real, x.label());
        }
    }
}
