package gradus.nn.view;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.DoubleToIntFunction;

/** A matrix as coloured cells, with the names of rows and columns, and texts in the cells where there is room. */
final class HeatMap extends Picture {
    private static final String SHADES = " ░▒▓█";
    private static final double LABEL = 12;
    private static final double LEAST_LABEL = 7;

    private final double[][] values;
    private final List<String> rows;
    private final List<String> columns;
    private final double low;
    private final double high;
    private final DoubleToIntFunction color;
    private final String[][][] texts; // lines of each cell; null for none
    private final String rowAxis;
    private final String columnAxis;
    private final TextTable table;

    /** Returns the matrix with characters, in a given number of columns, or null where that has no room. */
    interface TextTable {
        String of(int columns);
    }

    HeatMap(
            double[][] values,
            List<String> rows,
            List<String> columns,
            double[] range,
            DoubleToIntFunction color,
            String[][][] texts,
            String[] axes,
            TextTable table) {
        super(side(columns.size(), rows, texts != null) + 90, side(rows.size(), columns, texts != null));
        this.values = values;
        this.rows = rows;
        this.columns = columns;
        low = range[0];
        high = range[1];
        this.color = color;
        this.texts = texts;
        rowAxis = axes[0];
        columnAxis = axes[1];
        this.table = table;
    }

    private static int side(int cells, List<String> labels, boolean texts) {
        double margin = Math.min(
                160,
                labels.stream().mapToDouble(s -> Texts.width(s, LABEL)).max().orElse(0));
        return (int) (120 + margin + Math.max(260, Math.min(cells * (texts ? 56 : 28), 640)));
    }

    @Override
    void draw(Canvas c, Box whole) {
        Box box = drawTitle(c, whole);
        double rowLabels = Math.min(box.width() / 3, widest(rows) + 8);
        boolean upright = widest(columns) + 6 > (box.width() - rowLabels - ColorBar.WIDTH) / columns.size();
        double columnLabels = upright ? Math.min(box.height() / 3, widest(columns) + 8) : LABEL + 8;
        double left = box.x() + rowLabels + (rowAxis.isEmpty() ? 10 : 30);
        double top = box.y() + columnLabels + (columnAxis.isEmpty() ? 6 : 26);
        Box area = new Box(left, top, box.right() - left - ColorBar.WIDTH - 6, box.bottom() - top - 14);
        BufferedImage image = new BufferedImage(columns.size(), rows.size(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < columns.size(); j++) {
                image.setRGB(j, i, Double.isNaN(values[i][j]) ? 0xbbbbbb : color.applyAsInt(share(values[i][j])));
            }
        }
        c.pixels(image, area);
        c.stroke(area.outline(), Canvas.INK, 1, false);
        double w = area.width() / columns.size();
        double h = area.height() / rows.size();
        cells(c, area, w, h);
        double rowSize = Math.min(LABEL, h);
        for (int i = 0; i < rows.size() && rowSize >= LEAST_LABEL; i++) {
            String text = Texts.fit(rows.get(i), rowSize, rowLabels - 4);
            c.text(text, left - 6, top + (i + 0.5) * h + rowSize * 0.35, 1, rowSize, Canvas.INK);
        }
        double columnSize = upright ? Math.min(LABEL, w) : LABEL;
        for (int j = 0; j < columns.size() && columnSize >= LEAST_LABEL; j++) {
            String text = Texts.fit(columns.get(j), columnSize, upright ? columnLabels - 4 : w);
            double x = left + (j + 0.5) * w;
            if (upright) {
                c.textUpwards(text, x + columnSize * 0.35, top - 6, 0, columnSize, Canvas.INK);
            } else {
                c.text(text, x, top - 6, 0.5, columnSize, Canvas.INK);
            }
        }
        if (!columnAxis.isEmpty()) {
            c.text(columnAxis, area.middle(), box.y() + 8 + LABEL, 0.5, LABEL + 1, Canvas.BLACK);
        }
        if (!rowAxis.isEmpty()) {
            c.textUpwards(rowAxis, box.x() + 8 + LABEL, top + area.height() / 2, 0.5, LABEL + 1, Canvas.BLACK);
        }
        new ColorBar(new Axis(low, high, false, false, 0), color)
                .draw(c, new Box(area.right() + 4, top, ColorBar.WIDTH, area.height()));
    }

    private void cells(Canvas c, Box area, double w, double h) {
        if (texts == null) {
            return;
        }
        double size = 13;
        for (String[][] row : texts) {
            for (String[] cell : row) {
                for (String line : cell) {
                    size = Math.min(size, (w - 4) / Math.max(1e-9, Texts.width(line, 1)));
                }
                size = Math.min(size, (h - 4) / (1.2 * Math.max(1, cell.length)));
            }
        }
        for (int i = 0; i < rows.size() && size >= LEAST_LABEL; i++) {
            for (int j = 0; j < columns.size(); j++) {
                String[] lines = texts[i][j];
                double y = area.y() + (i + 0.5) * h - (lines.length - 1) * 0.6 * size + 0.35 * size;
                int ink = Colors.on(color.applyAsInt(share(values[i][j])));
                for (int k = 0; k < lines.length; k++) {
                    c.text(lines[k], area.x() + (j + 0.5) * w, y + k * 1.2 * size, 0.5, size, ink);
                }
            }
        }
    }

    private static double widest(List<String> labels) {
        return labels.stream().mapToDouble(s -> Texts.width(s, LABEL)).max().orElse(0);
    }

    private double share(double v) {
        return high > low ? (v - low) / (high - low) : 1;
    }

    @Override
    String body(int width) {
        String whole = table == null ? null : table.of(width);
        return whole != null ? whole : shades(width);
    }

    /** One or two characters for a cell; where there are too many columns, the largest of neighbours. */
    private String shades(int width) {
        int labels =
                Math.min(width / 3, rows.stream().mapToInt(Texts::columns).max().orElse(0));
        int room = width - labels - 2;
        int each = 2 * columns.size() <= room ? 2 : 1;
        int shown = Math.min(columns.size(), room / each);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            StringBuilder line = new StringBuilder(Texts.right(rows.get(i), labels)).append(" │");
            for (int k = 0; k < shown; k++) {
                double v = Double.NaN;
                for (int j = k * columns.size() / shown; j < (k + 1) * columns.size() / shown; j++) {
                    v = Double.isNaN(v) ? values[i][j] : Math.max(v, values[i][j]);
                }
                int shade = (int) Math.round(Math.max(0, share(v)) * (SHADES.length() - 1)); // NaN is blank
                line.append(String.valueOf(SHADES.charAt(shade)).repeat(each));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        String range = Texts.number(low) + " to " + Texts.number(high);
        return out.append(Texts.cut("blank to full: " + range, width))
                .append('\n')
                .toString();
    }
}
