package gradus.nn;

import gradus.array.Ints;
import gradus.array.WindowOptions;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** Checks and texts of windows: of pooling layers, and of the kernels of convolutions. */
final class Windows {
    private Windows() {}

    /** Returns the options of windows of one size along all axes. */
    static WindowOptions options(String layer, int size, int stride, int padding) {
        if (size < 1 || stride < 1 || padding < 0 || padding > size / 2) {
            throw new IllegalArgumentException(layer + ": size " + size + " and stride " + stride
                    + " must be at least 1, padding " + padding + " from 0 to half the size");
        }
        return WindowOptions.DEFAULT.stride(stride).padding(padding);
    }

    /** Refuses options that are not those of a pooling with windows of these sizes. */
    static void require(String layer, WindowOptions options, int... sizes) {
        Objects.requireNonNull(options, () -> layer + ": options is null");
        requireSizes(layer, "a window", sizes);
        requireAxes(layer, options, sizes.length);
        if (options.groups() != 1) {
            throw new IllegalArgumentException(layer + ": pooling has no groups, the options have " + options.groups());
        }
        for (int i = 0; i < sizes.length; i++) {
            int padding = Math.max(options.axis(i).before(), options.axis(i).after());
            if (padding > sizes[i] / 2) {
                throw new IllegalArgumentException(
                        layer + ": padding " + padding + " is more than half the window of " + sizes[i]);
            }
        }
    }

    static void requireSizes(String layer, String what, int... sizes) {
        if (Arrays.stream(sizes).anyMatch(s -> s < 1)) {
            throw new IllegalArgumentException(layer + ": " + what + " of " + by(Ints.of(sizes))
                    + " must have at least 1 element along each axis");
        }
    }

    static void requireAxes(String layer, WindowOptions options, int axes) {
        int given = options.axes().size();
        if (given != 1 && given != axes) {
            throw new IllegalArgumentException(
                    layer + ": the options are those of " + given + " axes, the layer has " + axes);
        }
    }

    /** Returns the name, the sizes, and the options that differ from windows side by side: {@code MaxPool2d[3] stride 2}. */
    static String text(String layer, WindowOptions options, int... sizes) {
        boolean sideBySide = true;
        for (int i = 0; i < sizes.length; i++) {
            sideBySide &= options.axis(i).stride() == sizes[i];
        }
        String more = (sideBySide ? options.stride(1) : options).toString();
        if (!sideBySide && options.stride(1).equals(options)) {
            more = more.isEmpty() ? "stride 1" : "stride 1, " + more;
        }
        return layer + sizes(sizes) + (more.isEmpty() ? "" : " " + more);
    }

    /** Returns sizes in brackets, one if all are equal: {@code [3]}, {@code [3, 2]}. */
    static String sizes(int... sizes) {
        return Arrays.stream(sizes).distinct().count() == 1 ? "[" + sizes[0] + "]" : Arrays.toString(sizes);
    }

    /** Returns sizes as a product: {@code 2 x 3}. */
    static String by(Ints sizes) {
        return Arrays.stream(sizes.toArray()).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    }
}
