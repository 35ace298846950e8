package gradus.nn;

import gradus.graph.Node;
import gradus.ops.Normalization;

/**
 * Division by a power of the sum of squares at the same position in the channels around, axis 1, {@code [n, c, s, ..]
 * -> [n, c, s, ..]}: {@code y[c] = x[c] / (k + alpha / size sum(x[i]^2))^beta} for i from {@code c - size / 2} to
 * {@code c + (size - 1) / 2}, as far as there are such channels (Krizhevsky, Sutskever and Hinton 2012). PyTorch's
 * {@code LocalResponseNorm}.
 *
 * @param size the number of channels in a sum
 * @param alpha the factor of the mean square, 1e-4 by default
 * @param beta the exponent, 0.75 by default
 * @param k what is added, 1 by default
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Layer {
    /** Returns a layer with PyTorch's defaults. */
    public LocalResponseNorm(int size) {
        this(size, 1e-4, 0.75, 1);
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if size is less than 1, or another number is negative or NaN
     */
    public LocalResponseNorm {
        if (size < 1 || !(alpha >= 0) || !(beta >= 0) || !(k >= 0)) {
            throw new IllegalArgumentException("LocalResponseNorm: size " + size + " must be at least 1, alpha " + alpha
                    + ", beta " + beta + " and k " + k + " at least 0");
        }
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("LocalResponseNorm", x);
        return Normalization.localResponseNorm(x, size, alpha, beta, k);
    }

    @Override
    public String toString() {
        return "LocalResponseNorm[" + size + "]";
    }
}
