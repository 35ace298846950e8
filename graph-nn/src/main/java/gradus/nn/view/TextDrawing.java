package gradus.nn.view;

import gradus.nn.view.Axis.Tick;
import gradus.nn.view.Series.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Draws a plot with characters. One curve is drawn with the dots of Braille characters, two by four to a character; several series
 * have a letter each, which the legend explains.
 */
final class TextDrawing {
    private static final String MARKS = "*o+x#@%&";
    private static final int ROWS = 14;
    /** The bit of each dot of a Braille character, by row and column (Unicode, block U+2800). */
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    private final Plot plot;
    private final int columns;
    private final Axis x;
    private final Axis y;
    private final List<Series> shown;
    private final boolean braille;
    private final List<Tick> yTicks;
    private final int labels;
    private final int width;
    private final char[][] cells;

    TextDrawing(Plot plot, int columns) {
        this.plot = plot;
        this.columns = columns;
        x = plot.xAxis();
        y = plot.yAxis();
        shown = plot.series.stream().filter(s -> s.kind() != Kind.CONTOUR).toList();
        braille = shown.size() == 1 && shown.get(0).kind() == Kind.LINE && plot.background == null;
        yTicks = y.ticks(ROWS / 3);
        int widest = yTicks.stream().mapToInt(t -> t.label().length()).max().orElse(1);
        labels = Math.min(widest, columns / 3);
        width = columns - labels - 2;
        cells = new char[ROWS][width];
    }

    String draw() {
        for (char[] row : cells) {
            Arrays.fill(row, ' ');
        }
        background();
        int mark = 0;
        List<String> legend = new ArrayList<>();
        for (Series s : shown) {
            char sign = s.kind() == Kind.REFERENCE ? '.' : MARKS.charAt(mark++ % MARKS.length());
            if (!s.name().isEmpty()) {
                legend.add((braille || s.kind() == Kind.BARS ? "" : sign + " ") + s.label());
            }
            if (braille) {
                braille(s);
            } else if (s.kind() == Kind.BARS) {
                bars(s);
            } else {
                marks(s, sign);
            }
        }
        StringBuilder out = new StringBuilder();
        flow(out, legend);
        if (!plot.yLabel.isEmpty()) {
            out.append(Texts.cut(plot.yLabel, columns)).append('\n');
        }
        body(out);
        horizontal(out);
        if (!plot.xLabel.isEmpty()) {
            out.append(" ".repeat(labels + 2))
                    .append(Texts.centred(plot.xLabel, width))
                    .append('\n');
        }
        return out.toString();
    }

    private void flow(StringBuilder out, List<String> legend) {
        int used = 0;
        for (String entry : legend) {
            String text = Texts.cut(entry, columns);
            if (used > 0 && used + 3 + Texts.columns(text) > columns) {
                out.append('\n');
                used = 0;
            }
            out.append(used > 0 ? "   " : "").append(text);
            used += (used > 0 ? 3 : 0) + Texts.columns(text);
        }
        out.append(used > 0 ? "\n" : "");
    }

    private void body(StringBuilder out) {
        String[] label = new String[ROWS];
        for (Tick t : yTicks) {
            int row = row(t.value(), ROWS);
            if (row >= 0 && row < ROWS) {
                label[row] = t.label();
            }
        }
        for (int r = 0; r < ROWS; r++) {
            out.append(Texts.right(label[r] == null ? "" : label[r], labels))
                    .append(label[r] == null ? " │" : " ┤")
                    .append(new String(cells[r]).stripTrailing())
                    .append('\n');
        }
    }

    private void horizontal(StringBuilder out) {
        char[] line = new char[width];
        char[] numbers = new char[width];
        Arrays.fill(line, '─');
        Arrays.fill(numbers, ' ');
        int free = 0;
        for (Tick t : x.ticks(Math.max(2, width / 10))) {
            int at = column(t.value(), width);
            int from = Math.max(
                    0, Math.min(at - t.label().length() / 2, width - t.label().length()));
            if (at >= 0 && at < width && from >= free && from + t.label().length() <= width) {
                line[at] = '┬';
                t.label().getChars(0, t.label().length(), numbers, from);
                free = from + t.label().length() + 2;
            }
        }
        String blank = " ".repeat(labels + 1);
        out.append(blank).append('└').append(line).append('\n');
        out.append(blank)
                .append(' ')
                .append(new String(numbers).stripTrailing())
                .append('\n');
    }

    private void background() {
        if (plot.background == null) {
            return;
        }
        char[][] text = plot.background.text();
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < width; c++) {
                cells[r][c] = text[r * text.length / ROWS][c * text[0].length / width];
            }
        }
    }

    private void braille(Series s) {
        int[][] bits = new int[ROWS][width];
        lines(s, 2 * width, 4 * ROWS, (c, r) -> bits[r / 4][c / 2] |= DOTS[r % 4][c % 2]);
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < width; c++) {
                cells[r][c] = bits[r][c] == 0 ? ' ' : (char) (0x2800 + bits[r][c]);
            }
        }
    }

    private void marks(Series s, char sign) {
        lines(s, width, ROWS, (c, r) -> cells[r][c] = sign);
    }

    private interface Cell {
        void mark(int column, int row);
    }

    /** Marks the cells of the points, and for lines those between two of them. */
    private void lines(Series s, int wide, int high, Cell cell) {
        for (int i = 0; i < s.size(); i++) {
            if (!s.isFinite(i)) {
                continue;
            }
            int toX = column(s.x()[i], wide);
            int toY = row(s.y()[i], high);
            boolean joined = s.kind() != Kind.POINTS && i > 0 && s.isFinite(i - 1);
            int fromX = joined ? column(s.x()[i - 1], wide) : toX;
            int fromY = joined ? row(s.y()[i - 1], high) : toY;
            int steps = Math.max(1, Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
            for (int k = 0; k <= steps; k++) {
                int c = fromX + Math.round((float) (toX - fromX) * k / steps);
                int r = fromY + Math.round((float) (toY - fromY) * k / steps);
                if (c >= 0 && c < wide && r >= 0 && r < high) {
                    cell.mark(c, r);
                }
            }
        }
    }

    private void bars(Series s) {
        for (int c = 0; c < width; c++) {
            double at = x.value((c + 0.5) / width);
            for (int i = 0; i < s.size(); i++) {
                if (at >= s.x()[i] && at < s.x()[i + 1] && s.y()[i] > 0) {
                    for (int r = Math.max(0, row(s.y()[i], ROWS)); r < ROWS; r++) {
                        cells[r][c] = '█';
                    }
                }
            }
        }
    }

    private int column(double v, int wide) {
        return (int) Math.round(Math.max(-9, Math.min(10, x.at(v))) * (wide - 1));
    }

    private int row(double v, int high) {
        return (int) Math.round((1 - Math.max(-9, Math.min(10, y.at(v)))) * (high - 1));
    }
}
