package gradus.array;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The windows of a pooling over the last 1, 2 or 3 axes: of given sizes, at distances that the options tell; or adaptive, as
 * many as given along each axis, window i of o over n elements being those from {@code i n / o}, rounded down, to {@code (i + 1) n /
 * o}, rounded up. Equal by value.
 *
 * @param sizes the size of a window along each axis; if adaptive, the number of windows
 * @param options stride, padding, dilation and rounding; those of adaptive windows are never read
 */
public record PoolWindows(Ints sizes, WindowOptions options, boolean adaptive) {
    private static final int MAX_AXES = 3;

    /**
     * Checks the arguments.
     *
     * @throws OperandMismatch if there are not 1 to 3 axes
     */
    public PoolWindows {
        Arguments.nonNull(sizes, "PoolWindows", "sizes");
        Arguments.nonNull(options, "PoolWindows", "options");
        if (sizes.size() < 1 || sizes.size() > MAX_AXES) {
            throw new OperandMismatch("PoolWindows", "there are 1 to " + MAX_AXES + " axes, not " + sizes.size());
        }
    }

    /** Returns windows of a size along each axis. */
    public static PoolWindows of(WindowOptions options, int... sizes) {
        Arguments.nonNull(sizes, "PoolWindows", "sizes");
        return new PoolWindows(Ints.of(sizes), options, false);
    }

    /** Returns windows of which there are so many along each axis. */
    public static PoolWindows adaptive(int... outputs) {
        Arguments.nonNull(outputs, "PoolWindows", "outputs");
        return new PoolWindows(Ints.of(outputs), WindowOptions.DEFAULT, true);
    }

    /** Returns why these cannot be windows of elements of this shape, or null if they can, but for their sizes. */
    String mismatch(Shape x) {
        int n = sizes.size();
        if (x.rank() < n) {
            return "it takes " + n + (n == 1 ? " axis" : " axes") + " or more";
        }
        for (int i = 0; i < n; i++) {
            if (sizes.get(i) < 1) {
                return (adaptive ? "an output of " : "a window of ") + by(sizes) + " is empty";
            }
            if (adaptive && x.dim(x.rank() - n + i) == 0) {
                return "windows of no elements have no value";
            }
        }
        return adaptive ? tooMany(x) : wrongOptions();
    }

    private String tooMany(Shape x) {
        BigInteger elements = BigInteger.ONE;
        for (int i = 0; i < x.rank(); i++) {
            int axis = i - x.rank() + sizes.size();
            elements = elements.multiply(BigInteger.valueOf(axis < 0 ? Math.max(1, x.dim(i)) : sizes.get(axis)));
        }
        return elements.compareTo(BigInteger.valueOf(Integer.MAX_VALUE - 8)) > 0
                ? "an output of " + by(sizes) + " has more than 2^31 - 9 elements"
                : null;
    }

    private String wrongOptions() {
        if (options.groups() != 1) {
            return "pooling has no groups of channels, the options have " + options.groups();
        }
        if (options.wrongAxes(sizes.size()) != null) {
            return options.wrongAxes(sizes.size());
        }
        int[] padding = new int[sizes.size()];
        boolean large = false;
        for (int i = 0; i < padding.length; i++) {
            padding[i] = Math.max(options.axis(i).before(), options.axis(i).after());
            large |= padding[i] > sizes.get(i) / 2;
        }
        return large ? "padding " + by(Ints.of(padding)) + " is more than half the window " + by(sizes) : null;
    }

    /** Returns the windows along axis i of three, of which the first may be missing. */
    PoolAxis axis(Shape x, int i) {
        int axis = i - MAX_AXES + sizes.size();
        if (axis < 0) {
            return PoolAxis.of(1, 1, WindowOptions.Axis.DEFAULT, false);
        }
        int n = x.dim(x.rank() - sizes.size() + axis);
        return adaptive
                ? PoolAxis.adaptive(n, sizes.get(axis))
                : PoolAxis.of(n, sizes.get(axis), options.axis(axis), options.ceilMode());
    }

    /** Returns sizes as a text: {@code 2 x 3}. */
    static String by(Ints sizes) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            all.add(Integer.toString(sizes.get(i)));
        }
        return String.join(" x ", all);
    }
}
