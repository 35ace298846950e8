package gradus.array;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints tensors as NumPy does by default: at most 8 decimals, no more than the numbers need, points aligned, exponents
 * where the numbers are very small, large or of different size, 75 columns, and three elements at each end of an axis
 * where there are more than 1,000 in all. A scalar is printed with all the digits that tell it from its neighbours.
 */
final class Printer {
    private static final int DECIMALS = 8;
    private static final int WIDTH = 75;
    private static final int SUMMARISE_ABOVE = 1000;
    private static final int EDGE_ITEMS = 3;

    private final Tensor x;
    private final int[] strides;
    private final boolean summarised;
    private boolean exponents;
    private int exponentDigits;
    private int integerWidth;
    private int decimals;

    private Printer(Tensor x) {
        this.x = x;
        this.strides = x.shape().strides();
        this.summarised = x.size() > SUMMARISE_ABOVE;
    }

    static String print(Tensor x) {
        if (x.size() == 0) {
            return "[]";
        }
        Printer p = new Printer(x);
        if (p.strides.length == 0) {
            return p.scalar(x.at(0));
        }
        List<Double> shown = new ArrayList<>();
        p.visit(0, 0, shown);
        p.chooseFormat(shown);
        return p.nested(0, 0);
    }

    // ---- which elements are shown

    private void visit(int axis, int at, List<Double> shown) {
        if (axis == strides.length) {
            shown.add(x.at(at));
            return;
        }
        int n = x.shape().dim(axis);
        for (int i = 0; i < n; i = next(i, n)) {
            visit(axis + 1, at + i * strides[axis], shown);
        }
    }

    /** Returns the position to show after i: the next, or the first of the last three. */
    private int next(int i, int n) {
        return summarised && n > 2 * EDGE_ITEMS && i == EDGE_ITEMS - 1 ? n - EDGE_ITEMS : i + 1;
    }

    // ---- one format for all of them

    private void chooseFormat(List<Double> shown) {
        double largest = 0;
        double smallest = Double.POSITIVE_INFINITY;
        boolean negativeInfinity = false;
        boolean nonFinite = false;
        for (double v : shown) {
            double size = Math.abs(v);
            if (size > 0 && size < Double.POSITIVE_INFINITY) {
                largest = Math.max(largest, size);
                smallest = Math.min(smallest, size);
            }
            nonFinite |= !Double.isFinite(v);
            negativeInfinity |= v == Double.NEGATIVE_INFINITY;
        }
        exponents =
                largest >= 1e8 || (largest > 0 && (smallest < rounded(0.0001) || rounded(largest / smallest) > 1000));
        for (double v : shown) {
            if (Double.isFinite(v)) {
                String s = exponents ? scientific(v, 0, 2) : positional(v);
                int point = s.indexOf('.');
                int e = s.indexOf('e');
                integerWidth = Math.max(integerWidth, point);
                decimals = Math.max(decimals, (e < 0 ? s.length() : e) - point - 1);
                exponentDigits = Math.max(exponentDigits, e < 0 ? 0 : s.length() - e - 2);
            }
        }
        if (nonFinite) {
            integerWidth = Math.max(integerWidth, (negativeInfinity ? 4 : 3) - fractionWidth() - 1);
        }
    }

    /** Returns the number of characters after the point. */
    private int fractionWidth() {
        return decimals + (exponents ? exponentDigits + 2 : 0);
    }

    private String cell(double v) {
        if (!Double.isFinite(v)) {
            String s = Double.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
            return " ".repeat(Math.max(0, integerWidth + fractionWidth() + 1 - s.length())) + s;
        }
        String s = exponents ? scientific(v, decimals, exponentDigits) : positional(v);
        int point = s.indexOf('.');
        return " ".repeat(integerWidth - point)
                + s
                + " ".repeat(Math.max(0, fractionWidth() - (s.length() - point - 1)));
    }

    // ---- digits

    private double rounded(double v) {
        return x.dtype() == DType.FLOAT64 ? v : (float) v;
    }

    /** Returns the shortest decimal that is this number and no other of its type (toString's is not, before JDK 19). */
    private BigDecimal shortest(double v) {
        BigDecimal exact = new BigDecimal(Math.abs(v));
        for (int p = 1; ; p++) {
            BigDecimal d = exact.round(new MathContext(p, RoundingMode.HALF_EVEN));
            boolean found =
                    x.dtype() == DType.FLOAT64 ? d.doubleValue() == Math.abs(v) : d.floatValue() == Math.abs((float) v);
            if (found) {
                return d;
            }
        }
    }

    private static String sign(double v) {
        return v < 0 || (v == 0 && 1 / v < 0) ? "-" : "";
    }

    /**
     * Returns a number scaled by a power of ten: its shortest decimal if that has at least some decimals and at most 8,
     * else the exact number rounded.
     */
    private BigDecimal digits(double v, int shift, int leastDecimals) {
        BigDecimal d = shortest(v).scaleByPowerOfTen(shift);
        int scale = d.stripTrailingZeros().scale();
        return scale >= leastDecimals && scale <= DECIMALS
                ? d
                : new BigDecimal(Math.abs(v))
                        .scaleByPowerOfTen(shift)
                        .setScale(Math.min(DECIMALS, Math.max(scale, leastDecimals)), RoundingMode.HALF_EVEN);
    }

    private String positional(double v) {
        return sign(v) + pointed(digits(v, 0, Integer.MIN_VALUE), 0);
    }

    private String scientific(double v, int leastDecimals, int leastExponent) {
        BigDecimal s = shortest(v).stripTrailingZeros();
        // where the shortest decimal has too few digits those of the exact number are shown: 9.9999997e-06, not 1.0e-05
        int e = magnitude(s.precision() - 1 < leastDecimals ? new BigDecimal(Math.abs(v)) : s);
        BigDecimal mantissa = digits(v, -e, leastDecimals);
        if (mantissa.compareTo(BigDecimal.TEN) >= 0) {
            mantissa = mantissa.movePointLeft(1);
            e++;
        }
        return sign(v) + pointed(mantissa, leastDecimals) + exponent(e, leastExponent);
    }

    /** Returns the power of ten of a number's first digit. */
    private static int magnitude(BigDecimal d) {
        return d.signum() == 0 ? 0 : d.precision() - d.scale() - 1;
    }

    private static String exponent(int e, int minDigits) {
        String digits = Integer.toString(Math.abs(e));
        return "e" + (e < 0 ? "-" : "+") + "0".repeat(Math.max(0, minDigits - digits.length())) + digits;
    }

    /** Returns a decimal with a point and at least so many digits behind it, but no other zeros at its end. */
    private static String pointed(BigDecimal d, int leastDecimals) {
        BigDecimal stripped = d.signum() == 0 ? BigDecimal.ZERO : d.stripTrailingZeros();
        String s = stripped.setScale(Math.max(leastDecimals, Math.max(0, stripped.scale())), RoundingMode.UNNECESSARY)
                .toPlainString();
        return s.indexOf('.') < 0 ? s + "." : s;
    }

    /** Returns one number as Python prints it: 0.1, 3.0, 1e-05, nan. */
    private String scalar(double v) {
        if (!Double.isFinite(v)) {
            return Double.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
        }
        BigDecimal s = shortest(v).stripTrailingZeros();
        int e = magnitude(s);
        if (e >= -4 && e < 16) {
            String plain = pointed(s, 0);
            return sign(v) + (plain.endsWith(".") ? plain + "0" : plain);
        }
        String m = pointed(s.movePointLeft(e), 0);
        return sign(v) + (m.endsWith(".") ? m.substring(0, m.length() - 1) : m) + exponent(e, 2);
    }

    // ---- lines

    private String nested(int axis, int at) {
        return axis == strides.length - 1 ? row(axis, at) : rows(axis, at);
    }

    private String rows(int axis, int at) {
        String between = "\n".repeat(strides.length - 1 - axis) + " ".repeat(axis + 1);
        StringBuilder out = new StringBuilder("[");
        int n = x.shape().dim(axis);
        for (int i = 0; i < n; i = next(i, n)) {
            out.append(i == 0 ? "" : between).append(nested(axis + 1, at + i * strides[axis]));
            if (next(i, n) > i + 1) {
                out.append(between).append("...");
            }
        }
        return out.append(']').toString();
    }

    private String row(int axis, int at) {
        List<String> cells = new ArrayList<>();
        int n = x.shape().dim(axis);
        for (int i = 0; i < n; i = next(i, n)) {
            cells.add(cell(x.at(at + i)));
            if (next(i, n) > i + 1) {
                cells.add("...");
            }
        }
        String indent = " ".repeat(axis + 1);
        int width = WIDTH - axis - 1; // every bracket that closes behind the row takes one
        StringBuilder out = new StringBuilder();
        String line = indent;
        for (String cell : cells) {
            if (line.length() + cell.length() > width && line.length() > indent.length()) {
                out.append(line.stripTrailing()).append('\n');
                line = indent;
            }
            line += cell + " ";
        }
        out.append(line, 0, line.length() - 1);
        return "[" + out.substring(indent.length()) + "]";
    }
}
