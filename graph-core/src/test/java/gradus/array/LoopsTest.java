package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loops of this process, SIMD ones if the module is present, against the plain loops, and both against exact values. */
class LoopsTest {
    private static final int[] SIZES = {0, 1, 7, 8, 15, 16, 17, 31, 33, 63, 65, 1000, 1023};
    private static final int[] OFFSETS = {0, 1, 5};
    private static final double[] EDGES = {
        0,
        -0.0,
        1,
        -1,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -1e-310,
        1e-40,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Float.MAX_VALUE,
        Float.MIN_VALUE,
        709.7827,
        709.79,
        -708.5,
        -745.2,
        -745.1,
        88.72,
        88.73,
        -87.4,
        -103.9,
        -104.1,
        1e4,
        -1e4,
        1e-10,
        -1e-20,
        0x1p54,
        22,
        -22.1
    };
    private static final double MARK = 12345;

    private final Loops64 plain64 = new PlainLoops64();
    private final Loops32 plain32 = new PlainLoops32();
    private final int threads = Workers.count();

    @AfterEach
    void restore_the_number_of_threads() {
        Workers.use(threads);
    }

    @ParameterizedTest
    @EnumSource
    void unary_functions_give_the_same_bytes_and_write_nothing_else(UnaryFunction f) {
        for (int n : SIZES) {
            for (int o : OFFSETS) {
                double[] x = numbers(n + o + 3, n + o);
                double[] y = marked(x.length);
                double[] want = marked(x.length);
                Loops.F64.map(f).run(n, x, o, y, o + 1);
                plain64.map(f).run(n, x, o, want, o + 1);
                assertSame(f, x, want, y);
                float[] x32 = floats(x);
                float[] y32 = floats(marked(x.length));
                float[] want32 = y32.clone();
                Loops.F32.map(f).run(n, x32, o, y32, o + 1);
                plain32.map(f).run(n, x32, o, want32, o + 1);
                assertSame(f, x, doubles(want32), doubles(y32));
                assertEquals(MARK, y[o], "before");
                assertEquals(MARK, y[o + 1 + n], "behind");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void binary_functions_give_the_same_bytes_for_all_steps(BinaryFunction f) {
        verify(f, Loops.F64.zip(f), plain64.zip(f), Loops.F32.zip(f), plain32.zip(f));
    }

    @ParameterizedTest
    @EnumSource
    void partial_functions_give_the_same_bytes_for_all_steps(PartialFunction f) {
        verify(f, Loops.F64.zip(f), plain64.zip(f), Loops.F32.zip(f), plain32.zip(f));
    }

    private static void verify(
            Object f, Loops64.Zip loop64, Loops64.Zip plain64, Loops32.Zip loop32, Loops32.Zip plain32) {
        for (int n : SIZES) {
            for (int steps = 0; steps < 4; steps++) {
                int sa = steps & 1;
                int sb = steps >> 1;
                double[] a = numbers(n + 3, n);
                double[] b = numbers(n + 3, n + 7);
                double[] y = marked(n + 4);
                double[] want = marked(n + 4);
                loop64.run(n, a, 1, sa, b, 2, sb, y, 3);
                plain64.run(n, a, 1, sa, b, 2, sb, want, 3);
                assertSame(f, a, want, y);
                float[] y32 = floats(marked(n + 4));
                float[] want32 = y32.clone();
                loop32.run(n, floats(a), 1, sa, floats(b), 2, sb, y32, 3);
                plain32.run(n, floats(a), 1, sa, floats(b), 2, sb, want32, 3);
                assertSame(f, a, doubles(want32), doubles(y32));
                assertEquals(MARK, y[n + 3], "behind");
            }
        }
    }

    @Test
    void extrema_selection_and_masks_agree() {
        for (int n : SIZES) {
            double[] a = numbers(n + 1, n);
            double[] b = numbers(n + 1, n + 1);
            double[] m = plainMask(b);
            for (int steps = 0; steps < 8; steps++) {
                double[] y = marked(n + 1);
                double[] want = marked(n + 1);
                Loops.F64.choose(0, n, m, steps & 1, a, steps >> 1 & 1, b, steps >> 2, y);
                plain64.choose(0, n, m, steps & 1, a, steps >> 1 & 1, b, steps >> 2, want);
                assertSame("choose", a, want, y);
            }
            assertEquals(n, Loops.F64.notMask(n, m, 0));
            for (int i = 0; i < n; i += 5) {
                double[] wrong = m.clone();
                wrong[i] = i % 2 == 0 ? Double.NaN : 0.5;
                assertEquals(i, Loops.F64.notMask(n, wrong, 0));
            }
            if (n > 0) {
                double[] x = new Random(n).doubles(n + 1, -3, 3).toArray();
                assertEquals(plain64.max(n, x, 1), Loops.F64.max(n, x, 1));
                assertEquals(plain64.min(n, x, 1), Loops.F64.min(n, x, 1));
                x[n] = Double.NaN;
                assertEquals(Double.NaN, Loops.F64.max(n, x, 1));
                assertEquals(Double.NaN, Loops.F64.min(n, x, 1));
            }
        }
    }

    @Test
    void a_nan_is_found_at_any_position_and_no_other_value_counts_as_nan() {
        for (int n : SIZES) {
            double[] x = Arrays.stream(numbers(n + 3, n))
                    .map(v -> Double.isNaN(v) ? Double.NEGATIVE_INFINITY : v)
                    .toArray();
            x[0] = Double.NaN; // outside the range that is examined
            x[n + 1] = Double.NaN;
            assertFalse(Loops.F64.hasNaN(n, x, 1) || Loops.F32.hasNaN(n, floats(x), 1), "size " + n);
            for (int i = 1; i <= n; i++) {
                double kept = x[i];
                x[i] = Double.NaN;
                assertTrue(Loops.F64.hasNaN(n, x, 1) && plain64.hasNaN(n, x, 1), i + " of " + n);
                assertTrue(Loops.F32.hasNaN(n, floats(x), 1) && plain32.hasNaN(n, floats(x), 1), i + " of " + n);
                x[i] = kept;
            }
        }
    }

    /** Few columns are processed several rows at a time: the numbers of rows include those that no group divides. */
    @Test
    void matrices_of_few_columns_are_added_to_and_summed_row_by_row() {
        for (int n : new int[] {2, 3, 10, 16, 17, 64, 65}) {
            for (int m : new int[] {1, 2, 7, 99, 257}) {
                double[] x = new Random(m).doubles((long) m * n, -1, 1).toArray();
                double[] row = new Random(n).doubles(n, -1, 1).toArray();
                Tensor matrix = Tensor.of(Shape.of(m, n), x);
                double[] difference = matrix.sub(Tensor.of(row)).toDoubleArray();
                double[] sum = matrix.sum(0).toDoubleArray();
                for (int j = 0; j < n; j++) {
                    double s = 0;
                    for (int i = 0; i < m; i++) {
                        assertEquals(
                                x[i * n + j] - row[j], difference[i * n + j], i + ", " + j + " of " + m + ", " + n);
                        s += x[i * n + j];
                    }
                    assertEquals(s, sum[j], m * m * 0x1p-53, j + " of " + m + ", " + n);
                }
            }
        }
    }

    @Test
    void sums_agree_to_a_few_roundings_of_the_sum_of_absolute_values() {
        for (int n : SIZES) {
            double[] x = new Random(n).doubles(n + 2, -1, 1).toArray();
            double sizes = 0;
            for (double v : x) {
                sizes += Math.abs(v);
            }
            assertEquals(plain64.sum(n, x, 1), Loops.F64.sum(n, x, 1), 32 * sizes * 0x1p-53);
            assertEquals(plain32.sum(n, floats(x), 1), Loops.F32.sum(n, floats(x), 1), 32 * sizes * 0x1p-53);
            double[] s = x.clone();
            double[] want = x.clone();
            Loops.F64.addTo(s, n, x, 1);
            plain64.addTo(want, n, x, 1);
            assertSame("addTo", x, want, s);
        }
    }

    /** StrictMath is within 1 ulp: enough to tell 2 ulp from 3 for doubles, and practically exact for floats. */
    @ParameterizedTest
    @EnumSource(names = {"EXP", "EXPM1", "LOG", "LOG1P", "TANH", "SIGMOID", "SOFTPLUS", "RSQRT", "SOFTSIGN"})
    void functions_are_within_their_documented_ulp(UnaryFunction f) {
        int n = 200_000;
        double[] x = numbers(n, 3);
        double[] y = new double[n];
        Loops.F64.map(f).run(n, x, 0, y, 0);
        float[] x32 = floats(x);
        float[] y32 = new float[n];
        Loops.F32.map(f).run(n, x32, 0, y32, 0);
        double stated =
                switch (f) {
                    case EXP, LOG -> 1;
                    case EXPM1, LOG1P, RSQRT, SOFTSIGN -> 2;
                    default -> 3;
                };
        for (int i = 0; i < n; i++) {
            double want = truth(f).applyAsDouble(x[i]);
            double off = want == y[i] || (Double.isNaN(want) && Double.isNaN(y[i]))
                    ? 0
                    : Math.abs(y[i] - want) / Math.ulp(want);
            assertTrue(off <= stated + 1, f + " of " + x[i] + " is " + y[i] + ", not " + want);
            double exact = truth(f).applyAsDouble(x32[i]);
            float want32 = (float) exact;
            double off32 = want32 == y32[i] || (Float.isNaN(want32) && Float.isNaN(y32[i]))
                    ? 0
                    : Math.abs(y32[i] - exact) / Math.ulp(want32);
            assertTrue(off32 <= stated, f + " of " + x32[i] + " is " + y32[i] + ", not " + want32);
        }
    }

    /**
     * The oracle computes the difference in decimal numbers; a plain difference in floating point would be off by 300
     * ulp here.
     */
    @Test
    void an_exponential_of_a_distance_keeps_the_digits_of_the_difference() {
        int n = 100_000;
        RandomStream random = RandomStream.of(1, "distances");
        double[] a = new double[n];
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            b[i] = 2000 * random.nextDouble() - 1000;
            a[i] = b[i] - new double[] {1, 760, 1e9, 1e30, Float.MAX_VALUE}[i % 5] * random.nextDouble();
        }
        double[] y = new double[n];
        Loops.F64.zip(PartialFunction.EXP_OF_DIFFERENCE).run(n, a, 0, 1, b, 0, 1, y, 0);
        float[] a32 = floats(a);
        float[] b32 = floats(b);
        float[] y32 = new float[n];
        Loops.F32.zip(PartialFunction.EXP_OF_DIFFERENCE).run(n, a32, 0, 1, b32, 0, 1, y32, 0);
        for (int i = 0; i < n; i++) {
            double want = expOfDistance(a[i], b[i]);
            assertTrue(Math.abs(y[i] - want) <= 3 * Math.ulp(want), a[i] + ", " + b[i] + ": " + y[i] + ", not " + want);
            double exact = expOfDistance(a32[i], b32[i]);
            float want32 = (float) exact;
            assertTrue(
                    Math.abs(y32[i] - exact) <= 2 * Math.ulp(want32),
                    a32[i] + ", " + b32[i] + ": " + y32[i] + ", not " + want32);
        }
    }

    private static double expOfDistance(double a, double b) {
        BigDecimal d = new BigDecimal(a).subtract(new BigDecimal(b));
        double high = d.doubleValue();
        double low = d.subtract(new BigDecimal(high)).doubleValue();
        return StrictMath.exp(high) * (1 + low);
    }

    @Test
    void any_number_of_threads_gives_the_same_bytes() {
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.uniform(Shape.of(301, 1001), -3, 3, RandomStream.of(1, "x"))
                    .to(dtype);
            Tensor once = null;
            for (int t : new int[] {1, 2, 4}) {
                Workers.use(t);
                Tensor all = x.exp()
                        .mul(x)
                        .sum()
                        .add(x.sum(0))
                        .add(x.softmax(1).max(0))
                        .add(x.logSumExp(1).max());
                Tensor p = x.copy();
                Tensor v = Tensor.zeros(x.shape(), dtype);
                Steps.adam(p, x, v, Tensor.zeros(x.shape(), dtype), new Steps.Adam(0.9, 0.99, 1e-8), 1, 0.1, 0.01);
                Steps.momentum(p, x, v, new Steps.Momentum(0.9, 0, true), 0.1, 0.01);
                Tensor y = all.add(p.sum(0));
                once = once == null ? y : once;
                assertEquals(once, y, dtype + " on " + t);
            }
        }
    }

    private static DoubleUnaryOperator truth(UnaryFunction f) {
        return switch (f) {
            case EXP -> StrictMath::exp;
            case EXPM1 -> StrictMath::expm1;
            case LOG -> StrictMath::log;
            case LOG1P -> StrictMath::log1p;
            case TANH -> StrictMath::tanh;
            case SIGMOID -> x -> x >= 0 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x) / (1 + StrictMath.exp(x));
            case RSQRT -> x -> 1 / Math.sqrt(x);
            case SOFTSIGN -> x -> x / (1 + Math.abs(x));
            case SOFTPLUS -> x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
            default -> throw new IllegalArgumentException(f.name());
        };
    }

    /** Returns edge values and numbers of all magnitudes, in an order that depends on a seed. */
    private static double[] numbers(int n, int seed) {
        Random r = new Random(seed);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = switch (r.nextInt(5)) {
                case 0 -> EDGES[r.nextInt(EDGES.length)];
                case 1 -> Double.longBitsToDouble(r.nextLong());
                case 2 -> Float.intBitsToFloat(r.nextInt());
                case 3 -> (r.nextDouble() - 0.5) * 200;
                default -> r.nextGaussian();
            };
        }
        return x;
    }

    private static double[] plainMask(double... x) {
        double[] m = new double[x.length];
        for (int i = 0; i < m.length; i++) {
            m[i] = x[i] > 0 ? 1 : 0;
        }
        return m;
    }

    private static double[] marked(int n) {
        double[] y = new double[n];
        Arrays.fill(y, MARK);
        return y;
    }

    private static float[] floats(double... x) {
        return new Tensor64(Shape.of(x.length), x).toFloatArray();
    }

    private static double[] doubles(float... x) {
        return new Tensor32(Shape.of(x.length), x).toDoubleArray();
    }

    private static void assertSame(Object f, double[] x, double[] want, double... got) {
        for (int i = 0; i < want.length; i++) {
            long a = Double.doubleToLongBits(want[i]);
            long b = Double.doubleToLongBits(got[i]);
            assertEquals(
                    a, b, f + " at " + i + " near " + x[Math.min(i, x.length - 1)] + ": " + want[i] + ", " + got[i]);
        }
    }
}
