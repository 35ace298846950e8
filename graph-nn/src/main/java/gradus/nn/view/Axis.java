package gradus.nn.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An axis from its lowest to its highest number, linear or logarithmic (base 10). */
final class Axis {
    private static final double PLAIN_MOST = 1e5;
    private static final double PLAIN_LEAST = 1e-3;
    /** A range that is smaller than its numbers by this factor is that of one number: the rest is rounding. */
    private static final double ROUNDING = 1e-13;
    /** Up to here multiples of a step are distinct. */
    private static final double DISTINCT = 0x1p50;

    /** A number on the axis that is written beside it. */
    record Tick(double value, String label) {}

    final boolean log;
    private final boolean whole;
    private final double low;
    private final double high;

    /**
     * @param padding the share of the range that is added at both ends
     * @param whole whether only whole numbers are ticks
     */
    Axis(double least, double most, boolean log, boolean whole, double padding) {
        this.log = log;
        this.whole = whole;
        double from = log ? Math.log10(least) : least;
        double to = log ? Math.log10(most) : most;
        if (to / 2 - from / 2 <= ROUNDING * Math.max(Math.abs(from), Math.abs(to))) {
            double around = log ? 0.5 : whole || from == 0 ? 0.5 : Math.abs(from) / 10;
            low = from - around;
            high = to + around;
        } else {
            double margin = padding * to - padding * from; // the whole range may overflow
            low = from - margin;
            high = to + margin;
        }
    }

    /** Returns where a number lies: 0 at the lower end, 1 at the upper. */
    double at(double v) {
        double x = log ? Math.log10(v) : v;
        return (x / 2 - low / 2) / (high / 2 - low / 2); // halves, as the whole range may overflow
    }

    /** Returns the number at a share of the axis. */
    double value(double share) {
        double x = low * (1 - share) + high * share;
        return log ? Math.pow(10, x) : x;
    }

    /** Returns about as many ticks as given, but two if they are possible. */
    List<Tick> ticks(int most) {
        List<Tick> ticks = log ? logTicks(Math.max(2, most)) : List.of();
        for (int n = Math.max(2, most); ticks.size() < 2 && n < most + 4; n++) {
            ticks = linearTicks(n);
        }
        return ticks;
    }

    private List<Tick> logTicks(int most) {
        int first = (int) Math.ceil(low - 1e-9);
        int last = (int) Math.floor(high + 1e-9);
        int every = Math.max(1, (int) Math.ceil((last - first + 1.0) / most));
        List<Tick> ticks = new ArrayList<>();
        int[] factors = 3 * (last - first + 1) <= most ? new int[] {1, 2, 5} : new int[] {1};
        for (int e = first - 1; e <= last; e++) {
            for (int f : factors) {
                double x = e + Math.log10(f);
                if (Math.floorMod(e, every) == 0 && x >= low - 1e-9 && x <= high + 1e-9) {
                    ticks.add(new Tick(f * Math.pow(10, e), power(f, e)));
                }
            }
        }
        return ticks;
    }

    private static String power(int factor, int exponent) {
        return exponent >= -3 && exponent <= 4
                ? String.format(Locale.ROOT, "%." + Math.max(0, -exponent) + "f", factor * Math.pow(10, exponent))
                : factor + "e" + exponent;
    }

    private List<Tick> linearTicks(int most) {
        double from = value(0);
        double to = value(1);
        double rough = to / most - from / most;
        double unit = Math.pow(10, exponent(rough));
        double step = rough <= unit ? unit : rough <= 2 * unit ? 2 * unit : rough <= 5 * unit ? 5 * unit : 10 * unit;
        step = whole ? Math.max(1, step) : step;
        double largest = Math.max(Math.abs(from), Math.abs(to));
        List<Tick> ticks = new ArrayList<>();
        double slack = 1e-9 * step;
        double first = Math.ceil((from - slack) / step);
        for (double k = first; Math.abs(k) < DISTINCT && k * step <= to + slack; k++) {
            ticks.add(new Tick(k * step, label(k * step, step, largest)));
        }
        return ticks;
    }

    private static String label(double v, double step, double largest) {
        if (v == 0) {
            return "0";
        }
        if (largest >= PLAIN_MOST || largest < PLAIN_LEAST) {
            String text = String.format(Locale.ROOT, "%." + Math.max(0, exponent(v) - exponent(step)) + "e", v);
            int e = text.indexOf('e');
            String mantissa = text.substring(0, e);
            return (mantissa.contains(".") ? mantissa.replaceFirst("\\.?0+$", "") : mantissa) + "e"
                    + Integer.parseInt(text.substring(e + 1));
        }
        return String.format(Locale.ROOT, "%." + Math.max(0, -exponent(step)) + "f", v);
    }

    private static int exponent(double v) {
        return (int) Math.floor(Math.log10(Math.abs(v)) + 1e-9);
    }
}
