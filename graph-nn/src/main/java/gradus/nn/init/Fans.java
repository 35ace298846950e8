package gradus.nn.init;

import gradus.array.Shape;
import java.util.Objects;

/**
 * The numbers that the variance of a weight is scaled by: how many inputs each output is computed from, and how many outputs each
 * input contributes to. A layer gives those of its weights; {@link #of} derives them from a shape.
 *
 * @param in fan-in, the number of inputs of one output
 * @param out fan-out, the number of outputs that one input contributes to
 */
public record Fans(long in, long out) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public Fans {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("Fans: fan-in " + in + " and fan-out " + out + " must be at least 1");
        }
    }

    /**
     * Returns the fans of a weight {@code [in, out]}, its sizes, or of kernels {@code [out, in, k..]} over one to three axes: {@code in k..}
     * and {@code out k..}, with the sizes of the kernel multiplied.
     *
     * @throws IllegalArgumentException if the shape has one axis or more than five, or a size 0
     */
    public static Fans of(Shape weight) {
        Objects.requireNonNull(weight, "Fans.of: weight is null");
        int rank = weight.rank();
        if (rank < 2 || rank > 5 || weight.size() == 0) {
            throw new IllegalArgumentException("Fans: they are known of a weight [in, out] or [out, in, k..], not of "
                    + weight + "; declare the parameter with its Fans");
        }
        if (rank == 2) {
            return new Fans(weight.dim(0), weight.dim(1));
        }
        long kernel = 1;
        for (int i = 2; i < rank; i++) {
            kernel *= weight.dim(i);
        }
        return new Fans(weight.dim(1) * kernel, weight.dim(0) * kernel);
    }
}
