package gradus.array;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints tensors as NumPy does by default: at most 8 decimals, no more than the numbers need, points aligned,
 * exponents where the numbers are of very different size, 75 columns, and three elements at each end of an axis when
 * there are more than 1,000 in all.
 */
final class Printer {
    private static final int DECIMALS = 8;
    private static final int WIDTH = 75;
    private static final int SUMMARISE_ABOVE = 1000;
    private static final int EDGE = 3;

    private final Tensor x;
    private final int edge;
    private final int[] strides;
    private boolean exponents;
    private int before;
    private int after;

    private Printer(Tensor x) {
        this.x = x;
        this.edge = x.size() > SUMMARISE_ABOVE ? EDGE : Integer.MAX_VALUE / 2;
        this.strides = x.shape().strides();
    }

    static String print(Tensor x) {
        if (x.size() == 0) {
            return "[] of shape " + x.shape();
        }
        Printer p = new Printer(x);
        List<Double> shown = new ArrayList<>();
        p.visit(0, 0, shown);
        p.chooseFormat(shown);
        StringBuilder out = new StringBuilder();
        p.write(0, 0, out);
        return out.toString();
    }

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
        return i == edge - 1 && n > 2 * edge ? n - edge : i + 1;
    }

    private void chooseFormat(List<Double> shown) {
        double most = 0;
        double least = Double.POSITIVE_INFINITY;
        for (double v : shown) {
            double size = Math.abs(v);
            if (size > 0 && size < Double.POSITIVE_INFINITY) {
                most = Math.max(most, size);
                least = Math.min(least, size);
            }
        }
        exponents = most >= 1e8 || (most > 0 && (least < 1e-4 || most / least > 1000));
        List<String> texts = shown.stream().map(this::digits).toList();
        for (String s : texts) {
            int point = s.indexOf('.');
            after = Math.max(after, point < 0 ? 0 : mantissa(s).length() - point - 1);
        }
        for (String s : texts) {
            int point = s.indexOf('.');
            before = Math.max(before, point < 0 ? s.length() - 1 - after : point);
        }
    }

    private static String mantissa(String s) {
        int e = s.indexOf('e');
        return e < 0 ? s : s.substring(0, e);
    }

    /** Returns the shortest form of one number: "1.", "-0.25", "1.5e-07", "nan". */
    private String digits(double v) {
        if (Double.isNaN(v)) {
            return "nan";
        }
        if (Double.isInfinite(v)) {
            return v > 0 ? "inf" : "-inf";
        }
        BigDecimal exact = new BigDecimal(x.dtype() == DType.FLOAT64 ? Double.toString(v) : Float.toString((float) v));
        String sign = v < 0 || (v == 0 && 1 / v < 0) ? "-" : "";
        if (!exponents) {
            return sign + fixed(exact.abs());
        }
        int e = exact.signum() == 0 ? 0 : exact.precision() - exact.scale() - 1;
        BigDecimal m = exact.abs().scaleByPowerOfTen(-e).setScale(DECIMALS, RoundingMode.HALF_EVEN);
        if (m.compareTo(BigDecimal.TEN) >= 0) {
            m = m.movePointLeft(1);
            e++;
        }
        return sign + fixed(m) + String.format(Locale.ROOT, "e%s%02d", e < 0 ? "-" : "+", Math.abs(e));
    }

    private static String fixed(BigDecimal v) {
        String s = v.setScale(DECIMALS, RoundingMode.HALF_EVEN).toPlainString();
        int end = s.length();
        while (s.charAt(end - 1) == '0') {
            end--;
        }
        return s.substring(0, end);
    }

    private String cell(double v) {
        String s = digits(v);
        int point = s.indexOf('.');
        if (strides.length == 0) {
            return s.endsWith(".") ? s + "0" : s;
        }
        if (point < 0) {
            return " ".repeat(Math.max(0, before + 1 + after - s.length())) + s;
        }
        String m = mantissa(s);
        String filler = exponents ? "0" : " ";
        String filled = m + filler.repeat(after - (m.length() - point - 1)) + s.substring(m.length());
        return " ".repeat(before - point) + filled;
    }

    private void write(int axis, int at, StringBuilder out) {
        if (axis == strides.length) {
            out.append(cell(x.at(at)));
            return;
        }
        out.append('[');
        int n = x.shape().dim(axis);
        boolean last = axis == strides.length - 1;
        for (int i = 0; i < n; i = next(i, n)) {
            if (i > 0 && last) {
                separate(axis, at + i * strides[axis], out);
            } else if (i > 0) {
                out.append("\n".repeat(strides.length - 1 - axis)).append(" ".repeat(axis + 1));
            }
            write(axis + 1, at + i * strides[axis], out);
            if (next(i, n) != i + 1) {
                out.append(last ? " ..." : "\n" + " ".repeat(axis + 1) + "...");
            }
        }
        out.append(']');
    }

    /** Writes the blank or the line break before an element of the last axis. */
    private void separate(int axis, int at, StringBuilder out) {
        int used = out.length() - out.lastIndexOf("\n") - 1;
        boolean full = used + 1 + cell(x.at(at)).length() > WIDTH - 1;
        out.append(full ? "\n" + " ".repeat(axis + 1) : " ");
    }
}
