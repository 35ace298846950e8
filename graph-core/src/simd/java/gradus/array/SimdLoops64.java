package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The hot loops on the Vector API. */
final class SimdLoops64 implements Loops64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    /** Below this many elements a sum is one loop of four vectors. */
    private static final int SUM_BLOCK = 2048;

    private final PlainLoops64 plain = new PlainLoops64();
    private final InliningBarrier64 loops = new InliningBarrier64(this, this::mapOf, this::zipOf, this::zipOf);

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

    private Map mapOf(UnaryFunction f) {
        return ClassSpecializer.of(
                SimdMap64.class, Map.class, new SimdFunctions64.Mapped(SimdFunctions64.of(f), plain.map(f)));
    }

    private Zip zipOf(BinaryFunction f) {
        return zipOf(SimdFunctions64.of(f), plain.zip(f));
    }

    private Zip zipOf(PartialFunction f) {
        return zipOf(SimdFunctions64.of(f), plain.zip(f));
    }

    private static Zip zipOf(SimdFunctions64.Binary f, Zip rest) {
        return ClassSpecializer.of(SimdZip64.class, Zip.class, new SimdFunctions64.Zipped(f, rest));
    }

    @Override
    public void choose(int from, int to, double[] m, int ms, double[] a, int as, double[] b, int bs, double[] y) {
        int i = from;
        if (ms == 1) {
            for (int bound = from + S.loopBound(to - from); i < bound; i += S.length()) {
                var chosen = DoubleVector.fromArray(S, m, i).compare(VectorOperators.NE, 0);
                DoubleVector p = as == 1 ? DoubleVector.fromArray(S, a, i) : DoubleVector.broadcast(S, a[0]);
                DoubleVector q = bs == 1 ? DoubleVector.fromArray(S, b, i) : DoubleVector.broadcast(S, b[0]);
                q.blend(p, chosen).intoArray(y, i);
            }
        }
        plain.choose(i, to, m, ms, a, as, b, bs, y);
    }

    @Override
    public int notMask(int n, double[] m, int from) {
        int i = from;
        for (; i <= n - S.length(); i += S.length()) {
            DoubleVector v = DoubleVector.fromArray(S, m, i);
            var one = v.compare(VectorOperators.EQ, 1);
            if (!v.compare(VectorOperators.EQ, 0).or(one).allTrue()) {
                break;
            }
        }
        return plain.notMask(n, m, i);
    }

    @Override
    public boolean hasNaN(int n, double[] x, int xo) {
        int step = 2 * S.length();
        int i = xo;
        for (; i <= xo + n - step; i += step) {
            DoubleVector a = DoubleVector.fromArray(S, x, i);
            DoubleVector b = DoubleVector.fromArray(S, x, i + S.length());
            var odd = a.compare(VectorOperators.NE, a);
            if (odd.or(b.compare(VectorOperators.NE, b)).anyTrue()) {
                return true;
            }
        }
        return plain.hasNaN(xo + n - i, x, i);
    }

    @Override
    public /*wide*/ double sum(int n, double[] x, int xo) {
        if (n < SimdSum.step() || !SimdSum.reads(x)) {
            return plain.sum(n, x, xo);
        }
        if (n > SUM_BLOCK) {
            int half = n / 2;
            return sum(half, x, xo) + sum(n - half, x, xo + half);
        }
        int most = n - n % SimdSum.step();
        return SimdSum.sum(most, x, xo) + plain.sum(n - most, x, xo + most);
    }

    @Override
    public double max(int n, double[] x, int xo) {
        int step = 2 * S.length();
        if (n < step) {
            return plain.max(n, x, xo);
        }
        DoubleVector m0 = DoubleVector.fromArray(S, x, xo);
        DoubleVector m1 = DoubleVector.fromArray(S, x, xo + S.length());
        for (int i = xo + step; i <= xo + n - step; i += step) {
            m0 = m0.max(DoubleVector.fromArray(S, x, i));
            m1 = m1.max(DoubleVector.fromArray(S, x, i + S.length()));
        }
        m0 = m0.max(DoubleVector.fromArray(S, x, xo + n - step)); // the rest; reading some twice changes nothing
        m1 = m1.max(DoubleVector.fromArray(S, x, xo + n - S.length()));
        return m0.max(m1).reduceLanes(VectorOperators.MAX);
    }

    @Override
    public double min(int n, double[] x, int xo) {
        int step = 2 * S.length();
        if (n < step) {
            return plain.min(n, x, xo);
        }
        DoubleVector m0 = DoubleVector.fromArray(S, x, xo);
        DoubleVector m1 = DoubleVector.fromArray(S, x, xo + S.length());
        for (int i = xo + step; i <= xo + n - step; i += step) {
            m0 = m0.min(DoubleVector.fromArray(S, x, i));
            m1 = m1.min(DoubleVector.fromArray(S, x, i + S.length()));
        }
        m0 = m0.min(DoubleVector.fromArray(S, x, xo + n - step));
        m1 = m1.min(DoubleVector.fromArray(S, x, xo + n - S.length()));
        return m0.min(m1).reduceLanes(VectorOperators.MIN);
    }

    @Override
    public void addTo(/*wide*/ double[] s, int n, double[] x, int xo) {
        plain.addTo(s, n, x, xo); // which the compiler makes vectors of: a SIMD form was no faster
    }
}
