package gradus.nn.init;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Objects;

/**
 * The usual initializers. Fan-in and fan-out of a weight [in, out] are its sizes; of a kernel [out, in, kh, kw] they are
 * {@code in kh kw} and {@code out kh kw}, the numbers of inputs of an output and of outputs of an input. Gains: 1
 * for linear and sigmoid, 5/3 for tanh, sqrt(2) for relu.
 */
public final class Initializers {
    private Initializers() {}

    /** Returns U(±1/sqrt(fan)), PyTorch's default for the weight and bias of a linear layer. */
    public static Initializer fanIn(int fan) {
        if (fan < 1) {
            throw new IllegalArgumentException("initializer: fan-in " + fan + " must be at least 1");
        }
        return uniform(1 / Math.sqrt(fan));
    }

    /** Returns U(±gain sqrt(6 / (in + out))) (Glorot and Bengio, 2010). */
    public static Initializer xavierUniform(double gain) {
        return (s, random) -> uniform(gain * Math.sqrt(6.0 / (in(s) + out(s)))).draw(s, random);
    }

    /** Returns N(0, gain sqrt(2 / (in + out))) (Glorot and Bengio, 2010). */
    public static Initializer xavierNormal(double gain) {
        return (s, random) -> normal(gain * Math.sqrt(2.0 / (in(s) + out(s)))).draw(s, random);
    }

    /** Returns U(±gain sqrt(3 / in)) (He et al., 2015). */
    public static Initializer heUniform(double gain) {
        return (s, random) -> uniform(gain * Math.sqrt(3.0 / in(s))).draw(s, random);
    }

    /** Returns N(0, gain / sqrt(in)) (He et al., 2015). */
    public static Initializer heNormal(double gain) {
        return (s, random) -> normal(gain / Math.sqrt(in(s))).draw(s, random);
    }

    /** Returns U(±bound). */
    public static Initializer uniform(double bound) {
        return (s, random) -> Tensor.uniform(s, -bound, bound, random);
    }

    /** Returns N(0, std); the book's plain start is 0.01. */
    public static Initializer normal(double std) {
        return (s, random) -> Tensor.normal(s, 0, std, random);
    }

    /** Returns one value throughout. */
    public static Initializer constant(double value) {
        return (s, random) -> Tensor.full(s, value, DType.FLOAT64);
    }

    private static int in(Shape weight) {
        requireFans(weight);
        return weight.rank() == 2 ? weight.dim(0) : weight.dim(1) * weight.dim(2) * weight.dim(3);
    }

    private static int out(Shape weight) {
        requireFans(weight);
        return weight.rank() == 2 ? weight.dim(1) : weight.dim(0) * weight.dim(2) * weight.dim(3);
    }

    private static void requireFans(Shape s) {
        Objects.requireNonNull(s, "initializer: shape is null");
        if (s.rank() != 2 && s.rank() != 4) {
            throw new IllegalArgumentException(
                    "initializer: fans are known of a weight [in, out] or [out, in, kh, kw], not of " + s);
        }
    }
}
