package gradus.nn.view;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Curves, points and bars over two axes. It is immutable: each method returns another plot. {@link Pictures} makes the usual
 * ones; {@code new Plot()} begins an empty one. Numbers come as lists, arrays, tensors or nodes; what is not finite is a gap.
 */
public final class Plot extends Picture {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;

    // set on a copy only, before anyone else has it
    List<Series> series = List.of();
    String xLabel = "";
    String yLabel = "";
    boolean logX;
    boolean logY;
    double[] xRange;
    double[] yRange;
    Background background;

    /**
     * What lies under the series.
     *
     * @param range the lowest and highest x and y of the image
     * @param text a character for each pixel, for terminals
     * @param labels of the colour bar at the right, from the lowest to the highest number; null for none
     */
    record Background(BufferedImage image, double[] range, char[][] text, ColorBar labels) {}

    /** Returns nothing but the axes' settings: 800 by 500 pixels, linear, without labels. */
    public Plot() {
        super(WIDTH, HEIGHT);
    }

    @Override
    public Plot title(String title) {
        return (Plot) super.title(title);
    }

    @Override
    public Plot size(int width, int height) {
        return (Plot) super.size(width, height);
    }

    /** Returns this plot with a label at the horizontal axis. */
    public Plot xLabel(String label) {
        Objects.requireNonNull(label, "Plot.xLabel: label is null");
        Plot p = (Plot) copy();
        p.xLabel = label;
        return p;
    }

    /** Returns this plot with a label at the vertical axis. */
    public Plot yLabel(String label) {
        Objects.requireNonNull(label, "Plot.yLabel: label is null");
        Plot p = (Plot) copy();
        p.yLabel = label;
        return p;
    }

    /**
     * Returns this plot with a logarithmic horizontal axis.
     *
     * @throws IllegalArgumentException if a number is not positive
     */
    public Plot logX() {
        Plot p = (Plot) copy();
        p.logX = true;
        return p.checked();
    }

    /**
     * Returns this plot with a logarithmic vertical axis.
     *
     * @throws IllegalArgumentException if a number is not positive; the height of a bar may be 0
     */
    public Plot logY() {
        Plot p = (Plot) copy();
        p.logY = true;
        return p.checked();
    }

    /**
     * Returns this plot with a horizontal axis of a given range; what lies outside is not shown.
     *
     * @throws IllegalArgumentException if low is not below high, or not positive on a logarithmic axis
     */
    public Plot xRange(double low, double high) {
        Plot p = (Plot) copy();
        p.xRange = range("xRange", low, high);
        return p.checked();
    }

    /**
     * Returns this plot with a vertical axis of a given range; what lies outside is not shown.
     *
     * @throws IllegalArgumentException if low is not below high, or not positive on a logarithmic axis
     */
    public Plot yRange(double low, double high) {
        Plot p = (Plot) copy();
        p.yRange = range("yRange", low, high);
        return p.checked();
    }

    private static double[] range(String method, double low, double high) {
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException("Plot." + method + ": " + low + " to " + high + " is not a range");
        }
        return new double[] {low, high};
    }

    /**
     * Returns this plot with one more curve, through the points in their order.
     *
     * @param name as the legend shows it; empty for none
     * @param x list, array, tensor or node of numbers
     * @param y as many numbers
     * @throws IllegalArgumentException if there are none, their numbers differ, or a number is not positive on a
     *     logarithmic axis
     */
    public Plot line(String name, Object x, Object y) {
        return with("line", Series.Kind.LINE, name, x, y);
    }

    /** Returns this plot with one more set of points, otherwise as {@link #line}. */
    public Plot points(String name, Object x, Object y) {
        return with("points", Series.Kind.POINTS, name, x, y);
    }

    /** Returns this plot with a dashed grey curve for comparison, otherwise as {@link #line}. */
    public Plot reference(String name, Object x, Object y) {
        return with("reference", Series.Kind.REFERENCE, name, x, y);
    }

    private Plot with(String method, Series.Kind kind, String name, Object x, Object y) {
        String where = "Plot." + method;
        Objects.requireNonNull(name, where + ": name is null");
        Objects.requireNonNull(x, where + ": x is null");
        Objects.requireNonNull(y, where + ": y is null");
        double[] xs = Numbers.vector(where + ": \"" + name + "\": x", x);
        double[] ys = Numbers.vector(where + ": \"" + name + "\": y", y);
        if (xs.length != ys.length) {
            throw new IllegalArgumentException(
                    where + ": \"" + name + "\" has " + xs.length + " x and " + ys.length + " y");
        }
        Numbers.finite(where + ": \"" + name + "\": x", xs);
        Numbers.finite(where + ": \"" + name + "\": y", ys);
        return with(new Series(kind, name, xs, ys));
    }

    Plot with(Series s) {
        Plot p = (Plot) copy();
        p.series = new ArrayList<>(series);
        p.series.add(s);
        return p.checked();
    }

    Plot over(Background under) {
        Plot p = (Plot) copy();
        p.background = under;
        return p;
    }

    private Plot checked() {
        for (Series s : series) {
            for (int i = 0; i < s.x().length; i++) {
                positive(logX, "logX", s, s.x()[i], i);
            }
            for (int i = 0; i < s.y().length && s.kind() != Series.Kind.BARS; i++) {
                positive(logY, "logY", s, s.y()[i], i);
            }
        }
        if ((logX && xRange != null && xRange[0] <= 0) || (logY && yRange != null && yRange[0] <= 0)) {
            throw new IllegalArgumentException("Plot: a logarithmic axis needs a positive range");
        }
        return this;
    }

    private static void positive(boolean log, String method, Series s, double v, int i) {
        if (log && v <= 0 && Double.isFinite(v)) {
            throw new IllegalArgumentException("Plot." + method + ": \"" + s.name() + "\" has " + v + " at index " + i
                    + "; a logarithmic axis needs positive numbers");
        }
    }

    /** Returns the horizontal axis. */
    Axis xAxis() {
        double[] r = xRange != null ? xRange : background != null ? background.range : null;
        if (r != null) {
            return new Axis(r[0], r[1], logX, false, 0);
        }
        boolean lines = series.stream().noneMatch(s -> s.kind() == Series.Kind.POINTS);
        boolean whole = !logX && series.stream().allMatch(Series::isWhole);
        return axis(true, logX, whole, lines ? 0 : 0.04);
    }

    /** Returns the vertical axis. */
    Axis yAxis() {
        if (yRange != null) {
            return new Axis(yRange[0], yRange[1], logY, false, 0);
        }
        return background != null
                ? new Axis(background.range[2], background.range[3], logY, false, 0)
                : axis(false, logY, false, 0.05);
    }

    private Axis axis(boolean horizontal, boolean log, boolean whole, double padding) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        boolean bars = false;
        for (Series s : series) {
            bars |= s.kind() == Series.Kind.BARS;
            double[] values = horizontal ? s.x() : s.y();
            for (int i = 0; i < values.length; i++) {
                if ((s.kind() == Series.Kind.BARS ? Double.isFinite(values[i]) : s.isFinite(i))
                        && !(log && values[i] <= 0)) {
                    low = Math.min(low, values[i]);
                    high = Math.max(high, values[i]);
                }
            }
        }
        if (low > high) {
            return new Axis(log ? 1 : 0, log ? 10 : 1, log, false, 0);
        }
        if (bars && !horizontal) { // from the ground up
            double ground = log ? 0.8 : 0;
            return new Axis(Math.min(ground, low), Math.max(high * 1.05, ground + 1e-300), log, false, 0);
        }
        return new Axis(low, high, log, whole, padding);
    }

    /** Returns the series that the legend shows, in order. */
    List<Series> named() {
        return series.stream().filter(s -> !s.name().isEmpty()).toList();
    }

    @Override
    void draw(Canvas c, Box box) {
        new PlotDrawing(this, c).draw(drawTitle(c, box));
    }

    @Override
    String body(int columns) {
        return new TextDrawing(this, columns).draw();
    }
}
