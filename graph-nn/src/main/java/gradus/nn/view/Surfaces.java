package gradus.nn.view;

import gradus.nn.view.Axis.Tick;
import gradus.nn.view.LossLandscape.Grid;
import gradus.nn.view.Series.Kind;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleToIntFunction;

/** A grid of losses as contour plot and as surface. */
final class Surfaces extends Picture {
    private static final int LEVELS = 14;
    private static final int PIXELS = 160;
    private static final double WIDE = 20; // the loss is on a logarithmic scale from this ratio on
    private static final String SHADES = " .:-=+*#%@";

    private final Grid grid;

    Surfaces(Grid grid) {
        super(720, 560);
        this.grid = grid;
        title = "Loss along two random directions";
    }

    private static Axis scale(Grid grid) {
        double[] all = Arrays.stream(grid.loss())
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .toArray();
        double low = Arrays.stream(all).min().orElseThrow();
        double high = Arrays.stream(all).max().orElseThrow();
        return new Axis(low, high, low > 0 && high > WIDE * low, false, 0);
    }

    // ---- contour

    static Plot contour(Grid g) {
        Axis scale = scale(g);
        BufferedImage image = new BufferedImage(PIXELS, PIXELS, BufferedImage.TYPE_INT_RGB);
        char[][] text = new char[PIXELS][PIXELS];
        DoubleToIntFunction banded =
                v -> Colors.sequence((Math.min(LEVELS - 1, Math.floor(v * LEVELS)) + 0.5) / LEVELS);
        for (int r = 0; r < PIXELS; r++) {
            for (int c = 0; c < PIXELS; c++) {
                double v = scale.at(between(g, (c + 0.5) / PIXELS, 1 - (r + 0.5) / PIXELS));
                image.setRGB(c, r, Double.isFinite(v) ? banded.applyAsInt(v) : 0xbbbbbb);
                int shade = Double.isFinite(v) ? (int) Math.round(v * (SHADES.length() - 1)) : 0;
                text[r][c] = SHADES.charAt(shade);
            }
        }
        double[] range = {g.a()[0], g.a()[g.a().length - 1], g.b()[0], g.b()[g.b().length - 1]};
        Plot plot = new Plot().over(new Plot.Background(image, range, text, new ColorBar(scale, banded)));
        for (int level = 1; level < LEVELS; level++) {
            Series lines = lines(g, scale, (double) level / LEVELS);
            plot = lines.size() > 0 ? plot.with(lines) : plot;
        }
        return plot.points("", new double[] {0}, new double[] {0})
                .title("Loss along two random directions")
                .xLabel("a")
                .yLabel("b")
                .size(640, 560);
    }

    /** Returns the loss between four points of the grid, bilinearly. */
    private static double between(Grid g, double x, double y) {
        double j = x * (g.a().length - 1);
        double i = y * (g.b().length - 1);
        int j0 = Math.min((int) j, g.a().length - 2);
        int i0 = Math.min((int) i, g.b().length - 2);
        double p = j - j0;
        double q = i - i0;
        double[] below = g.loss()[i0];
        double[] above = g.loss()[i0 + 1];
        return (1 - q) * ((1 - p) * below[j0] + p * below[j0 + 1]) + q * ((1 - p) * above[j0] + p * above[j0 + 1]);
    }

    /**
     * Returns the lines on which the loss has one value, as pieces between gaps. Each triangle of half a cell that the value
     * passes through has one piece, whose ends are found by linear interpolation along the sides.
     */
    private static Series lines(Grid g, Axis scale, double level) {
        Pieces pieces = new Pieces(4 * g.a().length * g.b().length * 6);
        for (int i = 0; i + 1 < g.b().length; i++) {
            for (int j = 0; j + 1 < g.a().length; j++) {
                double[][] corner = {
                    {g.a()[j], g.b()[i], scale.at(g.loss()[i][j]) - level},
                    {g.a()[j + 1], g.b()[i], scale.at(g.loss()[i][j + 1]) - level},
                    {g.a()[j + 1], g.b()[i + 1], scale.at(g.loss()[i + 1][j + 1]) - level},
                    {g.a()[j], g.b()[i + 1], scale.at(g.loss()[i + 1][j]) - level}
                };
                pieces.triangle(corner[0], corner[1], corner[2]);
                pieces.triangle(corner[0], corner[2], corner[3]);
            }
        }
        return pieces.series();
    }

    /** Collects pieces of lines. */
    private static final class Pieces {
        private final double[] x;
        private final double[] y;
        private int n;

        Pieces(int most) {
            x = new double[most];
            y = new double[most];
        }

        void triangle(double[] p, double[] q, double[] r) {
            int before = n;
            side(p, q);
            side(q, r);
            side(r, p);
            if (n > before) {
                add(Double.NaN, Double.NaN);
            }
        }

        private void side(double[] p, double[] q) {
            if (p[2] < 0 != q[2] < 0 && Double.isFinite(p[2]) && Double.isFinite(q[2])) {
                double t = p[2] / (p[2] - q[2]);
                add(p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]));
            }
        }

        private void add(double px, double py) {
            x[n] = px;
            y[n++] = py;
        }

        Series series() {
            return new Series(Kind.CONTOUR, "", Arrays.copyOf(x, n), Arrays.copyOf(y, n));
        }
    }

    // ---- surface

    @Override
    void draw(Canvas c, Box whole) {
        Box box = drawTitle(c, whole);
        Axis scale = scale(grid);
        new ColorBar(scale, Colors::sequence)
                .draw(c, new Box(box.right() - ColorBar.WIDTH - 4, box.y() + 20, ColorBar.WIDTH, box.height() * 0.6));
        View view = new View(new Box(box.x() + 20, box.y() + 16, box.width() - ColorBar.WIDTH - 40, box.height() - 50));
        Path2D floor = new Path2D.Double();
        floor.moveTo(view.x(0, 0), view.y(0, 0));
        floor.lineTo(view.x(1, 0), view.y(0, 0));
        floor.lineTo(view.x(1, 1), view.y(1, 0));
        floor.lineTo(view.x(0, 1), view.y(1, 0));
        floor.closePath();
        c.fill(floor, 0xeeeeee);
        c.stroke(floor, Canvas.INK, 0.8, false);
        List<Path2D> faces = new ArrayList<>();
        List<Integer> colors = new ArrayList<>();
        int n = grid.a().length - 1;
        int m = grid.b().length - 1;
        for (int i = m - 1; i >= 0; i--) { // from the back
            for (int j = 0; j < n; j++) {
                double[] h = {
                    scale.at(grid.loss()[i][j]),
                    scale.at(grid.loss()[i][j + 1]),
                    scale.at(grid.loss()[i + 1][j + 1]),
                    scale.at(grid.loss()[i + 1][j])
                };
                double mean = (h[0] + h[1] + h[2] + h[3]) / 4;
                if (!Double.isFinite(mean)) {
                    continue;
                }
                Path2D cell = new Path2D.Double();
                double x0 = (double) j / n;
                double x1 = (j + 1.0) / n;
                double z0 = (double) i / m;
                double z1 = (i + 1.0) / m;
                cell.moveTo(view.x(x0, z0), view.y(z0, h[0]));
                cell.lineTo(view.x(x1, z0), view.y(z0, h[1]));
                cell.lineTo(view.x(x1, z1), view.y(z1, h[2]));
                cell.lineTo(view.x(x0, z1), view.y(z1, h[3]));
                cell.closePath();
                faces.add(cell);
                colors.add(Colors.sequence(mean));
            }
        }
        c.faces(faces, colors.stream().mapToInt(color -> color).toArray());
        axes(c, view);
    }

    private void axes(Canvas c, View view) {
        for (Tick t : new Axis(grid.a()[0], grid.a()[grid.a().length - 1], false, false, 0).ticks(5)) {
            double at = (t.value() - grid.a()[0]) / (grid.a()[grid.a().length - 1] - grid.a()[0]);
            c.text(t.label(), view.x(at, 0), view.y(0, 0) + 16, 0.5, 11, Canvas.INK);
        }
        for (Tick t : new Axis(grid.b()[0], grid.b()[grid.b().length - 1], false, false, 0).ticks(4)) {
            double at = (t.value() - grid.b()[0]) / (grid.b()[grid.b().length - 1] - grid.b()[0]);
            c.text(t.label(), view.x(1, at) + 10, view.y(at, 0) + 4, 0, 11, Canvas.INK);
        }
        c.text("a", view.x(0.5, 0), view.y(0, 0) + 34, 0.5, 13, Canvas.BLACK);
        c.text("b", view.x(1, 0.5) + 42, view.y(0.5, 0) + 14, 0, 13, Canvas.BLACK);
    }

    /** An oblique projection of the unit cube: the depth goes to the upper right. */
    private record View(Box box) {
        double x(double across, double depth) {
            return box.x() + box.width() * (0.66 * across + 0.26 * depth);
        }

        double y(double depth, double height) {
            return box.bottom() - box.height() * (0.04 + 0.36 * depth + 0.56 * height);
        }
    }

    @Override
    String body(int columns) {
        return contour(grid).body(columns);
    }
}
