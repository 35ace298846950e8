package gradus.nn.view;

import gradus.nn.view.Axis.Tick;
import gradus.nn.view.Series.Kind;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Draws the axes, the legend and the series of a plot. */
final class PlotDrawing {
    private static final int MARKED = 40; // a curve of at most so many points shows them
    private static final double DOT = 3.2;

    private final Plot plot;
    private final Canvas c;
    private final Axis x;
    private final Axis y;
    private Box area;
    private double size; // of the axes' texts

    PlotDrawing(Plot plot, Canvas c) {
        this.plot = plot;
        this.c = c;
        x = plot.xAxis();
        y = plot.yAxis();
    }

    void draw(Box box) {
        size = box.width() < 330 ? 10 : 12;
        double top = legend(new Box(box.x() + 14, box.y() + 4, box.width() - 28, box.height()));
        double bottom = size + 12 + (plot.xLabel.isEmpty() ? 4 : size + 8);
        double height = Math.max(20, box.bottom() - bottom - top);
        List<Tick> yTicks = y.ticks((int) Math.max(2, height / 42));
        double labels = yTicks.stream()
                .mapToDouble(t -> Texts.width(t.label(), size))
                .max()
                .orElse(0);
        double left = 10 + labels + 6 + (plot.yLabel.isEmpty() ? 4 : size + 8);
        double right = plot.background != null && plot.background.labels() != null ? ColorBar.WIDTH + 4 : 20;
        area = new Box(box.x() + left, top, Math.max(20, box.width() - left - right), height);
        List<Tick> xTicks = xTicks();
        if (plot.background != null) {
            background();
        } else {
            grid(xTicks, yTicks);
        }
        c.clip(area);
        for (int i = 0, color = 0; i < plot.series.size(); i++) {
            Series s = plot.series.get(i);
            series(s, color);
            color += isColored(s) ? 1 : 0;
        }
        c.unclip();
        c.stroke(area.outline(), Canvas.INK, 1, false);
        ticks(xTicks, yTicks);
        if (!plot.xLabel.isEmpty()) {
            c.text(
                    Texts.fit(plot.xLabel, size + 1, area.width()),
                    area.middle(),
                    box.bottom() - 10,
                    0.5,
                    size + 1,
                    Canvas.BLACK);
        }
        if (!plot.yLabel.isEmpty()) {
            String label = Texts.fit(plot.yLabel, size + 1, area.height());
            double middle = area.y() + area.height() / 2;
            c.textUpwards(label, box.x() + 8 + size, middle, 0.5, size + 1, Canvas.BLACK);
        }
    }

    private static boolean isColored(Series s) {
        return s.kind() != Kind.REFERENCE && s.kind() != Kind.CONTOUR;
    }

    /** Draws the names in rows, and returns where the area begins; rows that would take more than a third of the height are left out. */
    private double legend(Box box) {
        double at = box.x();
        double row = box.y() + size;
        int color = 0;
        boolean any = false;
        for (Series s : plot.series) {
            int own = color;
            color += isColored(s) ? 1 : 0;
            if (s.name().isEmpty()) {
                continue;
            }
            String name = Texts.fit(s.label(), size, box.width() - 36);
            double width = 28 + Texts.width(name, size) + 16;
            if (any && at + width > box.right()) {
                if (row + size + 6 > box.y() + box.height() / 3) {
                    break;
                }
                at = box.x();
                row += size + 6;
            }
            any = true;
            double middle = row - size * 0.35;
            if (s.kind() == Kind.POINTS) {
                c.dots(new double[] {at + 14}, new double[] {middle}, DOT + 1, Colors.series(own));
            } else if (s.kind() == Kind.BARS) {
                c.fill(new Box(at + 6, middle - 5, 14, 10).outline(), Colors.series(own));
            } else {
                boolean reference = s.kind() == Kind.REFERENCE;
                Path2D line = new Path2D.Double();
                line.moveTo(at + 2, middle);
                line.lineTo(at + 24, middle);
                c.stroke(line, reference ? Canvas.GREY : Colors.series(own), 2, reference || Colors.isRepeated(own));
            }
            c.text(name, at + 29, row, 0, size, Canvas.BLACK);
            at += width;
        }
        return any ? row + 10 : box.y() + 8;
    }

    /** As many ticks as there is room for their labels. */
    private List<Tick> xTicks() {
        int most = (int) Math.max(2, area.width() / 50);
        List<Tick> ticks = x.ticks(most);
        while (most > 2 && isCrowded(ticks)) {
            ticks = x.ticks(--most);
        }
        return ticks;
    }

    private boolean isCrowded(List<Tick> ticks) {
        for (int i = 1; i < ticks.size(); i++) {
            double between = px(ticks.get(i).value()) - px(ticks.get(i - 1).value());
            String a = ticks.get(i).label();
            String b = ticks.get(i - 1).label();
            if (between < (Texts.width(a, size) + Texts.width(b, size)) / 2 + 8) {
                return true;
            }
        }
        return false;
    }

    private void grid(List<Tick> xTicks, List<Tick> yTicks) {
        Path2D grid = new Path2D.Double();
        for (Tick t : xTicks) {
            grid.moveTo(px(t.value()), area.y());
            grid.lineTo(px(t.value()), area.bottom());
        }
        for (Tick t : yTicks) {
            grid.moveTo(area.x(), py(t.value()));
            grid.lineTo(area.right(), py(t.value()));
        }
        c.stroke(grid, Canvas.GRID, 1, false);
    }

    private void ticks(List<Tick> xTicks, List<Tick> yTicks) {
        Path2D marks = new Path2D.Double();
        for (Tick t : xTicks) {
            marks.moveTo(px(t.value()), area.bottom());
            marks.lineTo(px(t.value()), area.bottom() + 4);
            double half = Texts.width(t.label(), size) / 2;
            double at = Math.min(px(t.value()), area.right() + 18 - half); // inside the picture
            c.text(t.label(), at, area.bottom() + 6 + size, 0.5, size, Canvas.INK);
        }
        for (Tick t : yTicks) {
            marks.moveTo(area.x() - 4, py(t.value()));
            marks.lineTo(area.x(), py(t.value()));
            c.text(t.label(), area.x() - 7, py(t.value()) + size * 0.35, 1, size, Canvas.INK);
        }
        c.stroke(marks, Canvas.INK, 1, false);
    }

    private void background() {
        Plot.Background b = plot.background;
        double left = px(b.range()[0]);
        double top = py(b.range()[3]);
        c.clip(area);
        c.pixels(b.image(), new Box(left, top, px(b.range()[1]) - left, py(b.range()[2]) - top));
        c.unclip();
        if (b.labels() != null) {
            b.labels().draw(c, new Box(area.right(), area.y(), ColorBar.WIDTH, area.height()));
        }
    }

    private void series(Series s, int color) {
        switch (s.kind()) {
            case LINE -> line(s, Colors.series(color), 2, Colors.isRepeated(color));
            case REFERENCE -> line(s, Canvas.GREY, 1.5, true);
            case CONTOUR -> line(s, 0x222222, 0.7, false);
            case POINTS -> points(s, color);
            default -> bars(s, color);
        }
    }

    private void line(Series s, int color, double width, boolean dashed) {
        Path2D path = new Path2D.Double();
        boolean[] alone = new boolean[s.size()];
        Thinning thin = new Thinning(path);
        for (int i = 0; i < s.size(); i++) {
            if (s.isFinite(i)) {
                boolean before = i > 0 && s.isFinite(i - 1);
                boolean after = i + 1 < s.size() && s.isFinite(i + 1);
                alone[i] = !before && !after;
                thin.add(px(s.x()[i]), py(s.y()[i]), before);
            }
        }
        thin.end();
        if (path.getCurrentPoint() != null) {
            c.stroke(path, color, width, dashed);
        }
        boolean all = s.kind() == Kind.LINE && s.size() <= MARKED;
        if (s.kind() == Kind.LINE) {
            dots(s, color, DOT, i -> all || alone[i]);
        }
    }

    private void points(Series s, int color) {
        double radius = s.size() > 1000 ? 1.8 : s.size() > 300 ? 2.4 : DOT;
        if (plot.background != null) {
            dots(s, Canvas.WHITE, radius + 1.2, i -> true);
        }
        dots(s, Colors.series(color), radius, i -> true);
    }

    private void dots(Series s, int color, double radius, IntPredicate which) {
        int[] shown = IntStream.range(0, s.size())
                .filter(i -> s.isFinite(i) && which.test(i))
                .toArray();
        double[] xs = new double[shown.length];
        double[] ys = new double[shown.length];
        for (int i = 0; i < shown.length; i++) {
            xs[i] = px(s.x()[shown[i]]);
            ys[i] = py(s.y()[shown[i]]);
        }
        if (shown.length > 0) {
            c.dots(xs, ys, radius, color);
        }
    }

    private void bars(Series s, int color) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < s.size(); i++) {
            if (s.y()[i] > 0) {
                double left = px(s.x()[i]);
                double top = py(s.y()[i]);
                path.append(new Box(left, top, px(s.x()[i + 1]) - left, area.bottom() - top).outline(), false);
            }
        }
        c.fill(path, Colors.series(color));
        c.stroke(path, Canvas.WHITE, 0.6, false);
    }

    private double px(double v) {
        return area.x() + limited(x.at(v)) * area.width();
    }

    private double py(double v) {
        return area.bottom() - limited(y.at(v)) * area.height();
    }

    /** What is far outside stays outside, in numbers that a viewer can compute with. */
    private static double limited(double share) {
        return Math.max(-10, Math.min(11, share));
    }

    /** Joins points; of many in one column of pixels only the first, lowest, highest and last are drawn. */
    private static final class Thinning {
        private final Path2D path;
        private long column = Long.MIN_VALUE;
        private int count;
        private double x;
        private double low;
        private double high;
        private double last;

        Thinning(Path2D path) {
            this.path = path;
        }

        void add(double px, double py, boolean joined) {
            if (!joined) {
                end();
                path.moveTo(px, py);
                column = Long.MIN_VALUE;
                return;
            }
            long here = Math.round(px);
            if (here != column) {
                end();
                path.lineTo(px, py);
                column = here;
                low = py;
                high = py;
            }
            count++;
            x = px;
            low = Math.min(low, py);
            high = Math.max(high, py);
            last = py;
        }

        void end() {
            if (count > 1) {
                path.lineTo(x, low);
                path.lineTo(x, high);
                path.lineTo(x, last);
            }
            count = 0;
        }
    }
}
