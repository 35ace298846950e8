package gradus.graph.check;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The point of a check: given, or drawn at random.
 *
 * @param given the point; empty if it is drawn
 * @param drawn the shapes to draw; empty if the point is given
 * @param bounds the intervals to draw from, low then high in pairs
 */
record GradientPoint(List<Tensor> given, List<Shape> drawn, double... bounds) {
    static GradientPoint nowhere(double... bounds) {
        return new GradientPoint(List.of(), List.of(), bounds);
    }

    boolean isDrawn() {
        return !drawn.isEmpty();
    }

    /** Returns the point, drawn if necessary. */
    Tensor[] tensors(DType dtype, RandomStream random) {
        if (!isDrawn()) {
            return given.stream().map(t -> t.to(dtype)).toArray(Tensor[]::new);
        }
        return drawn.stream()
                .map(s -> {
                    double[] x = new double[s.size()];
                    Arrays.setAll(x, j -> number(random));
                    return Tensor.of(s, x).to(dtype);
                })
                .toArray(Tensor[]::new);
    }

    /** Returns a point with some of its elements, counted through all tensors, drawn again. */
    Tensor[] redrawn(Tensor[] at, RandomStream random, int... elements) {
        Tensor[] next = new Tensor[at.length];
        int from = 0;
        for (int i = 0; i < at.length; i++) {
            double[] x = at[i].toDoubleArray();
            for (int j : elements) {
                if (j >= from && j < from + x.length) {
                    x[j - from] = number(random);
                }
            }
            from += x.length;
            next[i] = Tensor.of(at[i].shape(), x).to(at[i].dtype());
        }
        return next;
    }

    private double number(RandomStream random) {
        int interval = 2 * random.nextInt(bounds.length / 2);
        return random.nextDouble(bounds[interval], bounds[interval + 1]);
    }
}
