package gradus.array;

/**
 * The hot loops in plain Java, written so that the just-in-time compiler turns them into vector instructions by itself,
 * where it can: an inner loop indexes every array by its loop variable alone or that plus a constant.
 */
final class PlainLoops64 implements Loops64 {
    /** Below this many elements a sum is one loop; above it is halved, which keeps the rounding error small. */
    private static final int SUM_BLOCK = 128;

    private final InliningBarrier64 loops = new InliningBarrier64(
            this,
            f -> ClassSpecializer.of(PlainMap64.class, Map.class, PlainFunctions64.of(f)),
            f -> ClassSpecializer.of(PlainZip64.class, Zip.class, PlainFunctions64.of(f)),
            f -> ClassSpecializer.of(PlainZip64.class, Zip.class, PlainFunctions64.of(f)));

    @Override
    public Map map(UnaryFunction f) {
        return loops.map(f);
    }

    @Override
    public Zip zip(BinaryFunction f) {
        return loops.zip(f);
    }

    @Override
    public Zip zip(PartialFunction f) {
        return loops.zip(f);
    }

    @Override
    public void choose(int from, int to, double[] m, int ms, double[] a, int as, double[] b, int bs, double[] y) {
        if (ms == 1 && as == 1 && bs == 1) {
            for (int i = from; i < to; i++) {
                y[i] = m[i] != 0 ? a[i] : b[i];
            }
        } else {
            for (int i = from; i < to; i++) {
                y[i] = m[i * ms] != 0 ? a[i * as] : b[i * bs];
            }
        }
    }

    @Override
    public int notMask(int n, double[] m, int from) {
        int i = from;
        while (i < n && (m[i] == 0 || m[i] == 1)) {
            i++;
        }
        return i;
    }

    @Override
    public boolean hasNaN(int n, double[] x, int xo) {
        for (int i = xo; i < xo + n; i++) {
            if (Double.isNaN(x[i])) {
                return true;
            }
        }
        return false;
    }

    @Override
    public /*wide*/ double sum(int n, double[] x, int xo) {
        if (n > SUM_BLOCK) {
            int half = n / 2;
            return sum(half, x, xo) + sum(n - half, x, xo + half);
        }
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        int i = xo;
        int end = xo + n;
        for (; i + 3 < end; i += 4) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
        }
        for (; i < end; i++) {
            s0 += x[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    public double max(int n, double[] x, int xo) {
        double m = x[xo];
        for (int i = xo + 1; i < xo + n; i++) {
            m = Math.max(m, x[i]);
        }
        return m;
    }

    @Override
    public double min(int n, double[] x, int xo) {
        double m = x[xo];
        for (int i = xo + 1; i < xo + n; i++) {
            m = Math.min(m, x[i]);
        }
        return m;
    }

    @Override
    public void addTo(/*wide*/ double[] s, int n, double[] x, int xo) {
        for (int i = 0; i < n; i++) {
            s[i] += x[xo + i];
        }
    }
}
