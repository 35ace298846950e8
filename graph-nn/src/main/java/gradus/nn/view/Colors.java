package gradus.nn.view;

/** Colours of curves, and colour maps. */
final class Colors {
    /** Colours that the colour-blind can tell apart (Okabe and Ito, 2008), without yellow, which is too bright for lines. */
    private static final int[] SERIES = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000};

    /** From dark blue over green to yellow; brightness grows evenly, so that a grey print shows the same order. */
    private static final int[] SEQUENCE = {0x2a1858, 0x31497e, 0x2a7888, 0x2fa67c, 0x86cb5a, 0xf5e53d};

    private static final int[] WHITE_TO_BLUE = {0xffffff, 0xc9dff0, 0x7fb6dc, 0x2f80bb, 0x0a4a87};
    private static final int[] BLUE_WHITE_RED = {0x1a4f9c, 0x86aee0, 0xffffff, 0xe8937c, 0xa81c1c};

    private Colors() {}

    static int series(int i) {
        return SERIES[i % SERIES.length];
    }

    /** Returns whether the colours have been used up before this series, which is then dashed. */
    static boolean isRepeated(int i) {
        return i / SERIES.length % 2 == 1;
    }

    /** Returns a light tint of a series' colour. */
    static int tint(int i) {
        return mix(series(i), 0xffffff, 0.72);
    }

    static int sequence(double share) {
        return map(SEQUENCE, share);
    }

    static int blues(double share) {
        return map(WHITE_TO_BLUE, share);
    }

    static int diverging(double share) {
        return map(BLUE_WHITE_RED, share);
    }

    static int grey(double share) {
        int v = (int) Math.round(255 * limited(share));
        return v << 16 | v << 8 | v;
    }

    static int rgb(double r, double g, double b) {
        return ((grey(r) & 0xff) << 16) | ((grey(g) & 0xff) << 8) | (grey(b) & 0xff);
    }

    /** Returns black or white, whichever can be read on a colour. */
    static int on(int color) {
        double light = 0.299 * (color >> 16 & 0xff) + 0.587 * (color >> 8 & 0xff) + 0.114 * (color & 0xff);
        return light > 140 ? Canvas.BLACK : Canvas.WHITE;
    }

    private static int map(int[] anchors, double share) {
        double at = limited(share) * (anchors.length - 1);
        int i = Math.min((int) at, anchors.length - 2);
        return mix(anchors[i], anchors[i + 1], at - i);
    }

    private static double limited(double share) {
        return share >= 0 ? Math.min(1, share) : 0; // NaN too
    }

    private static int mix(int a, int b, double part) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            long c = Math.round((a >> shift & 0xff) * (1 - part) + (b >> shift & 0xff) * part);
            mixed |= (int) c << shift;
        }
        return mixed;
    }
}
