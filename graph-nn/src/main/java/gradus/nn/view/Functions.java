package gradus.nn.view;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import gradus.nn.view.Series.Kind;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Functions of one input, and classes of two. */
final class Functions {
    private static final int SAMPLES = 400;
    private static final int ACROSS = 240;
    private static final int DOWN = 160;
    private static final String CLASSES = " .:~-=";

    private Functions() {}

    static Plot function(DoubleUnaryOperator f, double from, double to) {
        if (!(from < to) || Double.isInfinite(to - from)) {
            throw new IllegalArgumentException("Pictures.function: " + from + " to " + to + " is not a range");
        }
        double[] x = new double[SAMPLES + 1];
        Arrays.setAll(x, i -> from + (to - from) * i / SAMPLES);
        double[] y = Arrays.stream(x).map(f).toArray();
        Numbers.finite("Pictures.function: f", y);
        return new Plot().with(new Series(Kind.LINE, "", x, y)).xLabel("x").yLabel("f(x)");
    }

    static Plot fit(Layer model, Dataset points) {
        Tensor inputs = points.x();
        double[] x = column("Pictures.fit: the inputs", inputs);
        double[] y = column("Pictures.fit: the targets", points.y());
        double[] finite = Numbers.finite("Pictures.fit: the inputs", x);
        double low = Arrays.stream(finite).min().orElseThrow();
        double high = Arrays.stream(finite).max().orElseThrow();
        double around = high > low ? 0.03 * (high - low) : 0.5;
        double[] at = new double[SAMPLES + 1];
        Arrays.setAll(at, i -> low - around + (high - low + 2 * around) * i / SAMPLES);
        Tensor out = evaluate(model, Tensor.of(Shape.of(at.length, 1), at), inputs.dtype());
        if (out.size() != at.length) {
            throw new IllegalArgumentException(
                    "Pictures.fit: the outputs are " + out.shape() + "; one number for each input is needed");
        }
        return new Plot()
                .line("model", at, out.toDoubleArray())
                .points("examples", x, y)
                .xLabel("x")
                .yLabel("y");
    }

    private static double[] column(String what, Tensor t) {
        return Numbers.vector(what, t);
    }

    static Plot boundary(Layer model, Dataset points) {
        Tensor inputs = points.x();
        if (inputs.shape().rank() != 2 || inputs.shape().dim(1) != 2) {
            throw new IllegalArgumentException("Pictures.boundary: inputs " + inputs.shape() + " are not [n, 2]");
        }
        int[] classes = points.classes();
        double[] p = inputs.toDoubleArray();
        double[] xs =
                IntStream.range(0, classes.length).mapToDouble(i -> p[2 * i]).toArray();
        double[] ys = IntStream.range(0, classes.length)
                .mapToDouble(i -> p[2 * i + 1])
                .toArray();
        double[] xr = around("Pictures.boundary: the first inputs", xs);
        double[] yr = around("Pictures.boundary: the second inputs", ys);
        int[] predicted = classes(model, inputs.dtype(), xr, yr);
        BufferedImage image = new BufferedImage(ACROSS, DOWN, BufferedImage.TYPE_INT_RGB);
        char[][] text = new char[DOWN][ACROSS];
        for (int k = 0; k < predicted.length; k++) {
            image.setRGB(k % ACROSS, k / ACROSS, Colors.tint(predicted[k]));
            text[k / ACROSS][k % ACROSS] = CLASSES.charAt(predicted[k] % CLASSES.length());
        }
        double[] range = {xr[0], xr[1], yr[0], yr[1]};
        Plot plot = new Plot().over(new Plot.Background(image, range, text, null));
        int most = Arrays.stream(classes).max().orElseThrow();
        for (int c = 0; c <= most; c++) {
            int wanted = c;
            int[] own = IntStream.range(0, classes.length)
                    .filter(i -> classes[i] == wanted)
                    .toArray();
            double[] x = Arrays.stream(own).mapToDouble(i -> xs[i]).toArray();
            double[] y = Arrays.stream(own).mapToDouble(i -> ys[i]).toArray();
            plot = plot.with(new Series(Kind.POINTS, "class " + c, x, y));
        }
        return plot.title("Decision boundary").xLabel("x1").yLabel("x2").size(640, 520);
    }

    private static double[] around(String what, double[] values) {
        double[] finite = Numbers.finite(what, values);
        double low = Arrays.stream(finite).min().orElseThrow();
        double high = Arrays.stream(finite).max().orElseThrow();
        double margin = high > low ? 0.08 * (high - low) : 0.5;
        return new double[] {low - margin, high + margin};
    }

    /** Returns the predicted class in the middle of each pixel, row by row from above. */
    private static int[] classes(Layer model, DType dtype, double[] xr, double[] yr) {
        double[] grid = new double[2 * ACROSS * DOWN];
        for (int k = 0; k < ACROSS * DOWN; k++) {
            grid[2 * k] = xr[0] + (xr[1] - xr[0]) * (k % ACROSS + 0.5) / ACROSS;
            int row = k / ACROSS;
            grid[2 * k + 1] = yr[1] - (yr[1] - yr[0]) * (row + 0.5) / DOWN;
        }
        Tensor out = evaluate(model, Tensor.of(Shape.of(ACROSS * DOWN, 2), grid), dtype);
        Shape s = out.shape();
        boolean single = out.size() == ACROSS * DOWN;
        if (!single && !(s.rank() == 2 && s.dim(0) == ACROSS * DOWN)) {
            throw new IllegalArgumentException("Pictures.boundary: outputs " + s + " for inputs [" + ACROSS * DOWN
                    + ", 2] are neither [n, classes] nor [n]");
        }
        if (single) {
            return Arrays.stream(out.toDoubleArray())
                    .mapToInt(v -> v > 0 ? 1 : 0)
                    .toArray();
        }
        return out.argmax(1).toIntArray();
    }

    private static Tensor evaluate(Layer model, Tensor x, DType dtype) {
        return NoGradient.run(() -> model.forward(Node.constant(x.to(dtype))).value());
    }
}
