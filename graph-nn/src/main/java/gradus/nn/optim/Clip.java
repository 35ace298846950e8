package gradus.nn.optim;

import gradus.array.DType;
import gradus.array.RowSparse;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Gradient clipping, as functions of gradients. */
public final class Clip {
    private Clip() {}

    /**
     * Returns the gradients scaled by {@code min(1, max / (norm + 1e-6))}, where norm is {@link #norm} of all of them
     * together. Pascanu et al. 2013; PyTorch's {@code clip_grad_norm_}.
     *
     * @throws IllegalArgumentException if max is not positive
     * @throws ArithmeticException if a gradient is not finite; it names the path
     */
    public static Map<String, Tensor> globalNorm(Map<String, Tensor> gradients, double max) {
        requirePositive(max);
        Objects.requireNonNull(gradients, "Clip.globalNorm: gradients is null");
        double norm = norm(gradients);
        double scale = max / (norm + 1e-6);
        Map<String, Tensor> clipped = new LinkedHashMap<>();
        gradients.forEach((path, g) -> clipped.put(path, scale < 1 ? g.mul(scale) : g));
        return clipped;
    }

    /**
     * Returns the gradients scaled by what {@link #globalNorm(Map, double)} says, where norm is that of these parameters; a
     * row-sparse gradient stays row-sparse.
     *
     * @throws IllegalArgumentException if max is not positive
     * @throws ArithmeticException if a gradient is not finite; it names the path
     */
    public static Gradients globalNorm(Gradients gradients, Map<String, Node> parameters, double max) {
        requirePositive(max);
        Objects.requireNonNull(gradients, "Clip.globalNorm: gradients is null");
        Objects.requireNonNull(parameters, "Clip.globalNorm: parameters is null");
        Map<String, Tensor> all = new LinkedHashMap<>();
        parameters.forEach((path, p) -> {
            RowSparse rows = gradients.rowSparse(p);
            if (rows != null) {
                all.put(path, rows.rows());
            } else if (gradients.reached(p)) {
                all.put(path, gradients.of(p).value());
            }
        });
        double scale = max / (norm(all) + 1e-6);
        return scale < 1 ? gradients.map(g -> g.mul(scale)) : gradients;
    }

    /**
     * Returns the gradients with every element limited to {@code -max .. max}. PyTorch's {@code clip_grad_value_}.
     *
     * @throws IllegalArgumentException if max is not positive
     */
    public static Map<String, Tensor> value(Map<String, Tensor> gradients, double max) {
        requirePositive(max);
        Objects.requireNonNull(gradients, "Clip.value: gradients is null");
        Map<String, Tensor> clipped = new LinkedHashMap<>();
        gradients.forEach((path, g) -> clipped.put(path, limited(g, max)));
        return clipped;
    }

    /**
     * Returns {@link #value(Map, double)} of all gradients; a row-sparse one stays row-sparse.
     *
     * @throws IllegalArgumentException if max is not positive
     */
    public static Gradients value(Gradients gradients, double max) {
        requirePositive(max);
        Objects.requireNonNull(gradients, "Clip.value: gradients is null");
        return gradients.map(g -> limited(g, max));
    }

    private static Tensor limited(Tensor g, double max) {
        return g.map(v -> v > max ? max : v < -max ? -max : v);
    }

    /**
     * Returns the Euclidean norm of all elements of all gradients, {@code sqrt(sum g^2)}.
     *
     * @throws ArithmeticException if a gradient is not finite; it names the path
     */
    public static double norm(Map<String, Tensor> gradients) {
        Objects.requireNonNull(gradients, "Clip.norm: gradients is null");
        double norm = 0;
        for (Map.Entry<String, Tensor> e : gradients.entrySet()) {
            Tensor g = e.getValue();
            double largest = g.size() == 0 ? 0 : g.abs().max().item();
            if (!Double.isFinite(largest)) {
                throw new ArithmeticException("clip: the gradient of " + e.getKey() + " is not finite");
            }
            if (largest > 0) { // scaled, so that no square overflows
                Tensor scaled = g.to(DType.FLOAT64).div(largest);
                double sum = scaled.mul(scaled).sum().item();
                norm = Math.hypot(norm, largest * Math.sqrt(sum));
            }
        }
        return norm;
    }

    private static void requirePositive(double max) {
        if (!(max > 0)) {
            throw new IllegalArgumentException("clip: the limit " + max + " must be positive");
        }
    }
}
