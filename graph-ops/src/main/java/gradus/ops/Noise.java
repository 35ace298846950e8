package gradus.ops;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * The noise of reparameterized draws: constants whose distribution has no parameters. It is computed in FLOAT64 by {@code
 * StrictMath}, so that it is the same on every machine, and rounded at the end.
 */
final class Noise {
    private Noise() {}

    /** Returns independent draws of a function of the stream, of shape {@code shape + draw}. */
    static Node of(
            String op, Shape shape, Shape draw, DType dtype, RandomStream random, ToDoubleFunction<RandomStream> next) {
        Objects.requireNonNull(shape, () -> op + ": shape is null");
        Objects.requireNonNull(random, () -> op + ": random is null");
        Shape all = MatrixBatch.join(shape, draw);
        double[] values = new double[all.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = next.applyAsDouble(random);
        }
        return Node.constant(Tensor.of(all, values).to(dtype));
    }

    /** Returns a number between 0 and 1, both excluded: an odd multiple of 2^-53. */
    static double open(RandomStream random) {
        return ((random.nextLong() >>> 12) + 0.5) * 0x1p-52;
    }

    /** Returns a draw from the exponential distribution of rate 1. */
    static double exponential(RandomStream random) {
        return -StrictMath.log(open(random));
    }

    /** Returns a draw from the Laplace distribution of scale 1. */
    static double laplace(RandomStream random) {
        double u = open(random);
        return u < 0.5 ? StrictMath.log(2 * u) : -StrictMath.log(2 * (1 - u));
    }

    /** Returns a draw from the Gumbel distribution of scale 1. */
    static double gumbel(RandomStream random) {
        return -StrictMath.log(exponential(random));
    }
}
