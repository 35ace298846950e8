package gradus.nn.view;

import java.util.List;
import java.util.Locale;

/** Draws a curve with the dots of Braille characters, two by four to a character, for terminals. */
public final class TextPlot {
    private static final int COLUMNS = 60;
    private static final int ROWS = 12;
    /** The bit of each dot of a Braille character, by row and column (Unicode, block U+2800). */
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    private TextPlot() {}

    /** Returns the drawing of a curve over 1, 2, 3 and so on; points that are not finite are left out. */
    public static String of(List<? extends Number> curve) {
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
        for (int c = 0; c < 2 * COLUMNS; c++) {
            double at = c * (y.length - 1.0) / (2 * COLUMNS - 1);
            int i = Math.min((int) at, Math.max(0, y.length - 2));
            double v = y.length == 1 ? y[0] : y[i] + (at - i) * (y[i + 1] - y[i]);
            if (Double.isFinite(v)) {
                int r = (int) Math.round((high - v) / span * (4 * ROWS - 1));
                cells[r / 4][c / 2] |= DOTS[r % 4][c % 2];
            }
        }
        return labelled(cells, low, high, y.length);
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
