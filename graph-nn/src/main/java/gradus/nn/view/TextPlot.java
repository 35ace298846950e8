package gradus.nn.view;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Draws a curve with the dots of Braille characters, two by four to a character, for terminals. */
public final class TextPlot {
    private static final int COLUMNS = 60;
    private static final int ROWS = 12;
    /** The bit of each dot of a Braille character, by row and column (Unicode, block U+2800). */
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    private TextPlot() {}

    /** Returns the drawing of a curve over 1, 2, 3 and so on; points that are not finite are left out. */
    public static String of(List<? extends Number> curve) {
        Objects.requireNonNull(curve, "TextPlot: curve is null");
        double[] y = curve.stream().mapToDouble(Number::doubleValue).toArray();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double v : y) {
            low = Double.isFinite(v) ? Math.min(low, v) : low;
            high = Double.isFinite(v) ? Math.max(high, v) : high;
        }
        if (low > high) {
            return "nothing to plot: " + y.length + " points, none of them finite\n";
        }
        int[][] cells = new int[ROWS][COLUMNS];
        double span = high > low ? high - low : 1;
        int before = -1; // the row of the dot to the left, to join with
        for (int c = 0; c < 2 * COLUMNS; c++) {
            double v = between(y, c * (y.length - 1.0) / (2 * COLUMNS - 1));
            int row = Double.isFinite(v) ? (int) Math.round((high - v) / span * (4 * ROWS - 1)) : -1;
            int joined = before < 0 ? row : before;
            for (int r = Math.min(row, joined); row >= 0 && r <= Math.max(row, joined); r++) {
                cells[r / 4][c / 2] |= DOTS[r % 4][c % 2];
            }
            before = row;
        }
        return labelled(cells, low, high, y.length);
    }

    /** Returns the curve's height between two points; next to one that is not finite, that of the nearest point. */
    private static double between(double[] y, double at) {
        int i = (int) at;
        double part = at - i;
        double v = part == 0 ? y[i] : (1 - part) * y[i] + part * y[i + 1];
        return Double.isFinite(v) ? v : y[(int) Math.round(at)];
    }

    private static String labelled(int[][] cells, double low, double high, int n) {
        StringBuilder out = new StringBuilder();
        for (int r = 0; r < ROWS; r++) {
            String label = r == 0 ? number(high) : r == ROWS - 1 ? number(low) : "";
            out.append(String.format("%10s │", label));
            for (int cell : cells[r]) {
                out.append((char) (0x2800 + cell));
            }
            out.append('\n');
        }
        out.append(" ".repeat(11)).append('└').append("─".repeat(COLUMNS)).append('\n');
        String last = Integer.toString(n);
        return out.append(" ".repeat(12))
                .append('1')
                .append(" ".repeat(Math.max(1, COLUMNS - 1 - last.length())))
                .append(last)
                .append('\n')
                .toString();
    }

    private static String number(double v) {
        return String.format(Locale.ROOT, "%.4g", v);
    }
}
