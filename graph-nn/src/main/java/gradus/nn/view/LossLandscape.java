package gradus.nn.view;

import gradus.array.RandomStream;
import gradus.array.Tensor;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.nn.ConvTranspose1d;
import gradus.nn.ConvTranspose2d;
import gradus.nn.ConvTranspose3d;
import gradus.nn.Embedding;
import gradus.nn.Layer;
import gradus.nn.Model;
import gradus.nn.PositionalEmbedding;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * The loss at {@code weights + a d1 + b d2} along one or two random directions (Li, Xu, Taylor, Studer and Goldstein, Visualizing the Loss Landscape
 * of Neural Nets, 2018). A direction is normal noise, normalised by filter: each filter of it gets the norm of that filter of the
 * weights, {@code d = d / |d| |w|}. A filter is what makes one output: a column of a matrix {@code [in, out]}, a part {@code [in, ..]} of a convolution's
 * {@code [out, in, ..]}; of a model, which tells its layers, also a row of an embedding {@code [count, dim]}, and a part of the second axis of a transposed
 * convolution's {@code [in, out, ..]}. Vectors, which are biases and scales, are not moved. The weights are restored always, also
 * when the loss throws. It is immutable: {@link #radius}, {@link #points} and {@link #seed} return another one.
 */
public final class LossLandscape {
    private static final int MOST = 201;

    private final Map<String, Node> parameters;
    /** The axis that counts the filters of a parameter, where its shape does not tell it. */
    private final Map<String, Integer> axes;

    private final DoubleSupplier loss;
    private final double radius;
    private final int points;
    private final long seed;

    /**
     * The loss over a line or a grid.
     *
     * @param a the steps along the first direction, from the lowest to the highest
     * @param b the steps along the second
     * @param loss {@code loss[i][j]} at {@code weights + a[j] d1 + b[i] d2}
     */
    public record Grid(double[] a, double[] b, double[][] loss) {
        /** Checks that steps ascend and are finite, two at least in each direction, with a loss for each pair of them, and one of these is finite. */
        public Grid {
            Objects.requireNonNull(a, "LossLandscape.Grid: a is null");
            Objects.requireNonNull(b, "LossLandscape.Grid: b is null");
            Objects.requireNonNull(loss, "LossLandscape.Grid: loss is null");
            int n = a.length;
            if (n < 2
                    || b.length < 2
                    || loss.length != b.length
                    || Arrays.stream(loss).anyMatch(r -> r == null || r.length != n)) {
                throw new IllegalArgumentException(
                        "LossLandscape.Grid: " + n + " x " + b.length + " steps, at least 2 x 2, need as many losses");
            }
            requireAscending("a", a);
            requireAscending("b", b);
            Numbers.finite(
                    "LossLandscape.Grid: loss",
                    Arrays.stream(loss).flatMapToDouble(Arrays::stream).toArray());
        }

        private static void requireAscending(String name, double... steps) {
            for (int i = 0; i < steps.length; i++) {
                if (!Double.isFinite(steps[i]) || (i > 0 && steps[i] <= steps[i - 1])) {
                    throw new IllegalArgumentException("LossLandscape.Grid: " + name + "[" + i + "] is " + steps[i]
                            + "; steps are finite and ascend");
                }
            }
        }

        /** Returns lines of equal loss over colours; their distance is logarithmic where the loss spans more than 20 to 1. */
        public Plot contour() {
            return Surfaces.contour(this);
        }

        /** Returns the loss as a surface over the two directions, in an oblique view from the front. */
        public Picture surface() {
            return new Surfaces(this);
        }
    }

    private LossLandscape(
            Map<String, Node> parameters,
            Map<String, Integer> axes,
            DoubleSupplier loss,
            double radius,
            int points,
            long seed) {
        this.parameters = parameters;
        this.axes = axes;
        this.loss = loss;
        this.radius = radius;
        this.points = points;
        this.seed = seed;
    }

    /**
     * Returns the landscape around the present weights: 25 steps from -1 to 1 in each direction, seed 0.
     *
     * @param parameters as {@code model.parameters()}
     * @param loss computes the loss at the parameters' values of the moment, for the same examples at each call, evaluating
     * @throws IllegalArgumentException if no parameter has two axes or more
     */
    public static LossLandscape of(Map<String, Node> parameters, DoubleSupplier loss) {
        Objects.requireNonNull(parameters, "LossLandscape: parameters is null");
        Objects.requireNonNull(loss, "LossLandscape: loss is null");
        parameters.forEach((name, p) -> Objects.requireNonNull(p, () -> "LossLandscape: " + name + " is null"));
        if (parameters.values().stream().allMatch(p -> p.shape().rank() < 2)) {
            throw new IllegalArgumentException(
                    "LossLandscape: none of the parameters " + parameters.keySet() + " is a matrix or a filter");
        }
        return new LossLandscape(new LinkedHashMap<>(parameters), Map.of(), loss, 1, 25, 0);
    }

    /**
     * Returns the landscape around the present weights of a model, as {@link #of(Map, DoubleSupplier)} of {@code model.parameters()} but for the filters of
     * embeddings and transposed convolutions.
     *
     * @throws IllegalArgumentException if no parameter has two axes or more
     */
    public static LossLandscape of(Model model, DoubleSupplier loss) {
        Objects.requireNonNull(model, "LossLandscape: model is null");
        LossLandscape landscape = of(model.parameters(), loss);
        Map<String, Integer> axes = new HashMap<>();
        addAxes("", model, axes);
        return new LossLandscape(landscape.parameters, axes, loss, 1, 25, 0);
    }

    private static void addAxes(String path, Layer layer, Map<String, Integer> axes) {
        if (layer instanceof Embedding || layer instanceof PositionalEmbedding) {
            axes.put(path + "weight", 0);
        } else if (layer instanceof ConvTranspose1d
                || layer instanceof ConvTranspose2d
                || layer instanceof ConvTranspose3d) {
            axes.put(path + "weight", 1);
        } else if (layer instanceof Model m) {
            m.layers().forEach((name, inner) -> addAxes(path + name + ".", inner, axes));
        }
    }

    /**
     * Returns this landscape with steps from -radius to radius.
     *
     * @throws IllegalArgumentException if it is not positive and finite
     */
    public LossLandscape radius(double radius) {
        if (!(radius > 0) || Double.isInfinite(radius)) {
            throw new IllegalArgumentException("LossLandscape.radius: " + radius + " is not a positive number");
        }
        return new LossLandscape(parameters, axes, loss, radius, points, seed);
    }

    /**
     * Returns this landscape with a number of steps in each direction; an odd number has the weights themselves in the middle.
     *
     * @throws IllegalArgumentException if it is not 2 to 201
     */
    public LossLandscape points(int points) {
        if (points < 2 || points > MOST) {
            throw new IllegalArgumentException("LossLandscape.points: " + points + " is not 2 to " + MOST);
        }
        return new LossLandscape(parameters, axes, loss, radius, points, seed);
    }

    /** Returns this landscape with other random directions. */
    public LossLandscape seed(long seed) {
        return new LossLandscape(parameters, axes, loss, radius, points, seed);
    }

    /**
     * Computes the loss along one direction, at as many points as there are steps.
     *
     * @throws IllegalArgumentException if none of the losses is finite
     */
    public Plot line() {
        double[] a = steps();
        double[] losses = new double[a.length];
        evaluate(at -> {
            for (int j = 0; j < a.length; j++) {
                losses[j] = at.loss(a[j], 0);
            }
        });
        return new Plot()
                .line("", a, losses)
                .title("Loss along a random direction")
                .xLabel("a")
                .yLabel("loss");
    }

    /**
     * Computes the loss over two directions: steps times steps evaluations.
     *
     * @throws IllegalArgumentException if none of the losses is finite
     */
    public Grid grid() {
        double[] a = steps();
        double[][] losses = new double[a.length][a.length];
        evaluate(at -> {
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < a.length; j++) {
                    losses[i][j] = at.loss(a[j], a[i]);
                }
            }
        });
        return new Grid(a, a, losses);
    }

    private double[] steps() {
        double[] a = new double[points];
        Arrays.setAll(a, i -> radius * (2 * i - (points - 1.0)) / (points - 1));
        return a;
    }

    private interface Place {
        double loss(double a, double b);
    }

    private void evaluate(Consumer<Place> walk) {
        Map<String, Tensor> before = new LinkedHashMap<>();
        parameters.forEach((name, p) -> before.put(name, p.value()));
        Map<String, Tensor> d1 = direction(before, "loss landscape 1");
        Map<String, Tensor> d2 = direction(before, "loss landscape 2");
        try {
            walk.accept((a, b) -> {
                d1.forEach((name, d) -> parameters
                        .get(name)
                        .assign(before.get(name).add(d.mul(a)).add(d2.get(name).mul(b))));
                return NoGradient.run(loss::getAsDouble);
            });
        } finally {
            d1.keySet().forEach(name -> parameters.get(name).assign(before.get(name)));
        }
    }

    private Map<String, Tensor> direction(Map<String, Tensor> weights, String stream) {
        RandomStream random = RandomStream.of(seed, stream);
        Map<String, Tensor> directions = new LinkedHashMap<>();
        weights.forEach((name, w) -> {
            if (w.shape().rank() >= 2) {
                int axis = axes.getOrDefault(name, w.shape().rank() == 2 ? 1 : 0);
                directions.put(name, filterNormalised(w, axis, random));
            }
        });
        return directions;
    }

    /** Returns normal noise of the shape of w, each filter, a part of the axis, with the norm of that filter of w. */
    static Tensor filterNormalised(Tensor w, int axis, RandomStream random) {
        int[] dims = w.shape().dims();
        int inner = Arrays.stream(dims, axis + 1, dims.length).reduce(1, (a, b) -> a * b);
        double[] values = w.toDoubleArray();
        double[] noise = new double[values.length];
        Arrays.setAll(noise, i -> random.nextGaussian());
        double[] ofWeights = new double[dims[axis]];
        double[] ofNoise = new double[dims[axis]];
        for (int i = 0; i < noise.length; i++) {
            int filter = i / inner % dims[axis];
            ofWeights[filter] += values[i] * values[i];
            ofNoise[filter] += noise[i] * noise[i];
        }
        for (int i = 0; i < noise.length; i++) {
            int filter = i / inner % dims[axis];
            noise[i] *= ofNoise[filter] > 0 ? Math.sqrt(ofWeights[filter] / ofNoise[filter]) : 0;
        }
        return Tensor.of(w.shape(), noise).to(w.dtype());
    }
}
