package gradus.array;

/**
 * How a window slides over the last two axes, rows and columns: by steps of s, the stride, over an edge of p on both
 * sides, the padding, its elements d apart, the dilation. A window of size k stops at {@code (n + 2 p - d (k - 1) - 1) / s
 * + 1} places along an axis of size n, rounded down, as in PyTorch.
 */
public record WindowOptions(int strideH, int strideW, int paddingH, int paddingW, int dilationH, int dilationW) {
    /** By steps of one, without padding or dilation. */
    public static final WindowOptions DEFAULT = new WindowOptions(1, 1, 0, 0, 1, 1);

    /** Checks that strides and dilations are 1 or more, and paddings 0 or more. */
    public WindowOptions {
        if (strideH < 1 || strideW < 1) {
            throw new OperandMismatch("sliding", "stride " + pair(strideH, strideW) + " must be at least 1");
        }
        if (paddingH < 0 || paddingW < 0) {
            throw new OperandMismatch("sliding", "padding " + pair(paddingH, paddingW) + " must be at least 0");
        }
        if (dilationH < 1 || dilationW < 1) {
            throw new OperandMismatch("sliding", "dilation " + pair(dilationH, dilationW) + " must be at least 1");
        }
    }

    /** Returns this with another stride, for both axes. */
    public WindowOptions stride(int stride) {
        return stride(stride, stride);
    }

    /** Returns this with another stride along rows and along columns. */
    public WindowOptions stride(int h, int w) {
        return new WindowOptions(h, w, paddingH, paddingW, dilationH, dilationW);
    }

    /** Returns this with another padding, for both axes. */
    public WindowOptions padding(int padding) {
        return padding(padding, padding);
    }

    /** Returns this with another padding along rows and along columns. */
    public WindowOptions padding(int h, int w) {
        return new WindowOptions(strideH, strideW, h, w, dilationH, dilationW);
    }

    /** Returns this with another dilation, for both axes. */
    public WindowOptions dilation(int dilation) {
        return dilation(dilation, dilation);
    }

    /** Returns this with another dilation along rows and along columns. */
    public WindowOptions dilation(int h, int w) {
        return new WindowOptions(strideH, strideW, paddingH, paddingW, h, w);
    }

    /** Returns how many places a window of kh rows finds along h of them; 0 or less if none. */
    int placesH(int h, int kh) {
        return places(h, kh, strideH, paddingH, dilationH);
    }

    /** Returns how many places a window of kw columns finds along w of them; 0 or less if none. */
    int placesW(int w, int kw) {
        return places(w, kw, strideW, paddingW, dilationW);
    }

    private static int places(int d, int k, int stride, int padding, int dilation) {
        long room = d + 2L * padding - (long) dilation * (k - 1) - 1;
        return room < 0 ? 0 : Math.toIntExact(room / stride + 1);
    }

    /** Returns what differs from {@link #DEFAULT}: {@code stride 2, padding 1 x 0}. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        append(s, "stride", strideH, strideW, 1);
        append(s, "padding", paddingH, paddingW, 0);
        append(s, "dilation", dilationH, dilationW, 1);
        return s.toString();
    }

    private static void append(StringBuilder s, String name, int h, int w, int usual) {
        if (h != usual || w != usual) {
            s.append(s.isEmpty() ? "" : ", ").append(name).append(' ').append(pair(h, w));
        }
    }

    private static String pair(int h, int w) {
        return h == w ? Integer.toString(h) : h + " x " + w;
    }
}
