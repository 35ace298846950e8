package gradus.bench.peers;

import java.util.Arrays;
import java.util.Locale;

/**
 * The ratio of two contenders' times over rounds in which each ran once: the median of the rounds' ratios, and their range.
 * If the machine is slow for a while, both times of a round grow, so this varies less than a ratio of medians.
 */
public record Ratio(double median, double least, double most) {
    /** Returns the ratios {@code factor * theirs / ours}, by round. */
    public static Ratio of(double[] theirs, double[] ours, double factor) {
        if (theirs.length != ours.length || ours.length == 0) {
            throw new IllegalArgumentException(theirs.length + " rounds against " + ours.length);
        }
        double[] r = new double[ours.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = theirs[i] / ours[i] * factor;
        }
        Arrays.sort(r);
        return new Ratio(median(r), r[0], r[r.length - 1]);
    }

    /** Returns the middle value, or the mean of the two in the middle. */
    public static double median(double... values) {
        double[] v = values.clone();
        Arrays.sort(v);
        return (v[(v.length - 1) / 2] + v[v.length / 2]) / 2;
    }

    @Override
    public String toString() {
        return number(median) + " (" + number(least) + "-" + number(most) + ")";
    }

    /** Returns a number with three significant digits: 0.812, 1.03, 17.2 or 230. */
    static String number(double x) {
        int digits = x >= 99.95 ? 0 : x >= 9.995 ? 1 : x >= 0.9995 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", x);
    }

    /** Returns a time with its unit. */
    public static String time(double nanoseconds) {
        return scaled(nanoseconds, "ns", "us", "ms", "s");
    }

    /** Returns a number of bytes with its unit, a power of 1000. */
    static String bytes(double bytes) {
        return scaled(bytes, "B", "kB", "MB", "GB");
    }

    private static String scaled(double x, String... units) {
        int unit = 0;
        double scaled = x;
        while (scaled >= 999.5 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        return number(scaled) + " " + units[unit];
    }
}
