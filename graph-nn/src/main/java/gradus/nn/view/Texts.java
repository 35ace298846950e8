package gradus.nn.view;

import java.util.Locale;

/** Widths of texts, and numbers as texts. */
final class Texts {
    private static final double NARROW = 0.42;
    private static final double USUAL = 0.65;
    private static final double WIDE = 0.9;
    private static final double FULL = 1.05;
    private static final int MANTISSA = 4;

    private Texts() {}

    /** Returns an upper estimate of the width in pixels, as the viewer's font is not known: that of DejaVu Sans, a wide one. */
    static double width(String text, double size) {
        return size * text.codePoints().mapToDouble(Texts::em).sum();
    }

    private static double em(int c) {
        if (isWide(c)) {
            return FULL;
        }
        if ("ijltfrI.,:;|'!()[]/ -".indexOf(c) >= 0) {
            return NARROW;
        }
        return "mwMWQGOND%@#&+=<>".indexOf(c) >= 0 ? WIDE : c < 128 && Character.isUpperCase(c) ? 0.75 : USUAL;
    }

    /** Returns whether a character takes two columns of a terminal: Chinese, Japanese and Korean ones, emoji. */
    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0x1f300 && c <= 0x1faff);
    }

    /** Returns a text of at most some pixels: whole, or its beginning and an ellipsis. */
    static String fit(String text, double size, double width) {
        String line = line(text);
        if (width(line, size) <= width) {
            return line;
        }
        int[] points = line.codePoints().toArray();
        double used = width("…", size);
        int n = 0;
        while (n < points.length && used + size * em(points[n]) <= width) {
            used += size * em(points[n++]);
        }
        return n == 0 ? "" : new String(points, 0, n).stripTrailing() + "…";
    }

    /** Returns the number of columns of a terminal. */
    static int columns(String text) {
        return text.codePoints().map(c -> isWide(c) ? 2 : 1).sum();
    }

    /** Returns a text of at most some columns: whole, or its beginning and an ellipsis. */
    static String cut(String text, int columns) {
        String line = line(text);
        if (columns(line) <= columns) {
            return line;
        }
        int[] points = line.codePoints().toArray();
        int used = 1;
        int n = 0;
        while (n < points.length && used + (isWide(points[n]) ? 2 : 1) <= columns) {
            used += isWide(points[n++]) ? 2 : 1;
        }
        return columns < 1 ? "" : new String(points, 0, n) + "…";
    }

    /** Returns a text of exactly some columns, at the left. */
    static String left(String text, int columns) {
        String cut = cut(text, columns);
        return cut + " ".repeat(columns - columns(cut));
    }

    /** Returns a text of exactly some columns, at the right. */
    static String right(String text, int columns) {
        String cut = cut(text, columns);
        return " ".repeat(columns - columns(cut)) + cut;
    }

    /** Returns a text in the middle of some columns, without blanks after it. */
    static String centred(String text, int columns) {
        String cut = cut(text, columns);
        return " ".repeat((columns - columns(cut)) / 2) + cut;
    }

    /** Returns the text in one line: a line break or control character becomes a blank. */
    static String line(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || c == '\ufffe' || c == '\uffff' ? ' ' : c)
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static String xml(String text) {
        return line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Returns a number in at most four significant digits, as 0.25, 1500, 2.5e-7. */
    static String number(double v) {
        if (v == 0 || !Double.isFinite(v)) {
            return v == 0 ? "0" : Double.toString(v);
        }
        String text = String.format(Locale.ROOT, "%." + (MANTISSA - 1) + "e", v);
        int e = text.indexOf('e');
        int exponent = Integer.parseInt(text.substring(e + 1));
        if (exponent < -MANTISSA || exponent > MANTISSA + 1) {
            return trimmed(text.substring(0, e)) + "e" + exponent;
        }
        return trimmed(String.format(Locale.ROOT, "%." + Math.max(0, MANTISSA - 1 - exponent) + "f", v));
    }

    private static String trimmed(String decimal) {
        return decimal.contains(".") ? decimal.replaceFirst("\\.?0+$", "") : decimal;
    }
}
