package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every implementation of the product, in both number types, against sums taken one fused multiply-add at a time. */
class MatmulTest {
    private static final int[] SIZES = {0, 1, 7, 8, 15, 16, 17, 31, 33, 63, 65, 1000, 1023};
    private static final int[] OTHERS = {1, 2, 6, 19};
    private static final int THREADS = Workers.count();

    @AfterEach
    void restore_the_number_of_threads() {
        Workers.use(THREADS);
    }

    /** An implementation, for elements of either type; inputs and outputs are doubles. */
    private interface Kernel {
        void product(Problem q, double[] y);
    }

    /** Two matrices, each at an offset of its own in its array, and what they are multiplied into. */
    private record Problem(
            int m, int n, int k, boolean ta, boolean tb, int ao, int bo, int yo, double[] a, double[] b, double[] y) {
        static Problem of(int m, int n, int k, int transposed, int offset, Random random) {
            double[] a = draw(m * k + offset, random);
            double[] b = draw(k * n + 2 * offset, random);
            double[] y = draw(m * n + 4 * offset, random);
            return new Problem(
                    m, n, k, (transposed & 1) > 0, (transposed & 2) > 0, offset, 2 * offset, 3 * offset, a, b, y);
        }

        double a(int i, int p) {
            return a[ao + (ta ? p * m + i : i * k + p)];
        }

        double b(int p, int j) {
            return b[bo + (tb ? j * k + p : p * n + j)];
        }

        /** Whether it is a product with a vector, which may be summed in parts. */
        boolean vector() {
            return m == 1 || n == 1;
        }

        @Override
        public String toString() {
            return "[" + m + ", " + k + "]" + (ta ? "^T" : "") + " x [" + k + ", " + n + "]" + (tb ? "^T" : "") + " at "
                    + ao;
        }
    }

    private static double[] draw(int n, Random random) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextFloat() * 2 - 1;
        }
        return x;
    }

    private static Kernel doubles(Matmul64 f) {
        return (q, y) -> f.product(q.m, q.n, q.k, q.a, q.ao, q.ta, q.b, q.bo, q.tb, y, q.yo);
    }

    private static Kernel singles(Matmul32 f) {
        return (q, y) -> {
            float[] z = floats(y);
            f.product(q.m, q.n, q.k, floats(q.a), q.ao, q.ta, floats(q.b), q.bo, q.tb, z, q.yo);
            for (int i = 0; i < y.length; i++) {
                y[i] = z[i];
            }
        };
    }

    private static float[] floats(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }

    /** Calls a test for each implementation, of doubles and of floats. */
    private static Stream<DynamicTest> each(Claim test) {
        return Stream.of(
                DynamicTest.dynamicTest("plain, double", () -> test.run(doubles(new PlainMatmul64()), false)),
                DynamicTest.dynamicTest("plain, float", () -> test.run(singles(new PlainMatmul32()), true)),
                DynamicTest.dynamicTest("SIMD, double", () -> {
                    assumeSimd();
                    test.run(doubles(Loops.MATMUL64), false);
                }),
                DynamicTest.dynamicTest("SIMD, float", () -> {
                    assumeSimd();
                    test.run(singles(Loops.MATMUL32), true);
                }));
    }

    private static void assumeSimd() {
        assumeTrue(Loops.SIMD, "SIMD products are not tested: the module jdk.incubator.vector is not there");
    }

    private interface Claim {
        void run(Kernel f, boolean single);
    }

    /** Each size as m, as n and as k, the other two small, in all transpositions, with and without offsets. */
    private static List<Problem> table() {
        List<Problem> all = new ArrayList<>();
        Random random = new Random(4);
        for (int size : SIZES) {
            for (int i = 0; i < OTHERS.length; i++) {
                int p = OTHERS[i];
                int q = OTHERS[(i + all.size()) % OTHERS.length];
                for (int t = 0; t < 4; t++) {
                    int offset = t == 3 ? 0 : 5 * t;
                    all.add(Problem.of(size, p, q, t, offset, random));
                    all.add(Problem.of(p, size, q, t, offset, random));
                    all.add(Problem.of(p, q, size, t, offset, random));
                }
            }
        }
        for (int[] s : new int[][] {{65, 67, 1023}, {200, 600, 70}, {31, 1000, 63}, {1, 1000, 1023}, {1023, 1, 1000}}) {
            for (int t = 0; t < 4; t++) {
                all.add(Problem.of(s[0], s[1], s[2], t, t, random));
            }
        }
        return all;
    }

    private static double[] product(Kernel f, Problem q) {
        double[] y = q.y.clone();
        f.product(q, y);
        return y;
    }

    /** Asserts that y is what it was, plus the product; to the bit, except for vectors, whose bound is k + 1 roundings. */
    private static void check(Problem q, double[] y, boolean single) {
        double[] expected = q.y.clone();
        for (int i = 0; i < q.m; i++) {
            for (int j = 0; j < q.n; j++) {
                int at = q.yo + i * q.n + j;
                double sum = expected[at];
                double size = Math.abs(sum);
                for (int p = 0; p < q.k; p++) {
                    size += Math.abs(q.a(i, p) * q.b(p, j));
                }
                sum = sum(q, i, j, 0, q.k, sum, single);
                double bound = (q.k + 1) * size * (single ? 0x1p-23 : 0x1p-52);
                boolean near = Double.compare(sum, y[at]) == 0 || (q.vector() && Math.abs(sum - y[at]) <= bound);
                assertTrue(near, () -> q + " at " + at + ": " + y[at]);
                expected[at] = y[at];
            }
        }
        assertTrue(Arrays.equals(expected, y), () -> q + " writes beside the result");
    }

    /** Returns the sum of a part of k, added to what was there before, in the order that {@link Matmul64} states. */
    private static double sum(Problem q, int i, int j, int from, int to, double before, boolean single) {
        int k = to - from;
        if (k > Matmul64.PAIRWISE_ABOVE) {
            double first = sum(q, i, j, from, from + k / 2, before, single);
            double rest = sum(q, i, j, from + k / 2, to, 0, single);
            return single ? (float) first + (float) rest : first + rest;
        }
        if (k > Matmul64.BLOCKED_ABOVE) {
            double sum = before;
            for (int p = from; p < to; p += Matmul64.BLOCK) {
                double block = chain(q, i, j, p, Math.min(to, p + Matmul64.BLOCK), 0, single);
                sum = single ? (float) sum + (float) block : sum + block;
            }
            return sum;
        }
        return chain(q, i, j, from, to, before, single);
    }

    private static double chain(Problem q, int i, int j, int from, int to, double before, boolean single) {
        double sum = before;
        for (int p = from; p < to; p++) {
            double a = q.a(i, p);
            double b = q.b(p, j);
            sum = single ? Math.fma((float) a, (float) b, (float) sum) : Math.fma(a, b, sum);
        }
        return sum;
    }

    @TestFactory
    Stream<DynamicTest> a_long_sum_is_that_of_its_blocks_in_every_implementation() {
        Random random = new Random(11);
        List<Problem> longOnes = new ArrayList<>();
        for (int k : new int[] {
            Matmul64.BLOCKED_ABOVE, Matmul64.BLOCKED_ABOVE + 1, 3 * Matmul64.BLOCK, 5000, Matmul64.PAIRWISE_ABOVE + 1
        }) {
            for (int t = 0; t < 4; t++) {
                longOnes.add(Problem.of(1, 1, k, t, t, random));
                longOnes.add(Problem.of(7, 1, k, t, t, random));
                longOnes.add(Problem.of(1, 35, k, t, t, random));
                longOnes.add(Problem.of(7, 3, k, t, t, random));
                longOnes.add(Problem.of(8, 70, Math.min(k, 5000), t, t, random));
            }
        }
        longOnes.add(Problem.of(4, 300, 1200, 0, 0, random));
        longOnes.add(Problem.of(3, 3, 150_000, 1, 0, random));
        return each((f, single) -> longOnes.forEach(q -> check(q, product(f, q), single)));
    }

    /** The numbers have one sign, so nothing cancels and the relative error is that of the summation. */
    @TestFactory
    Stream<DynamicTest> a_sum_of_a_hundred_thousand_or_a_million_products_has_a_relative_error_below_1e_6() {
        List<Problem> all = new ArrayList<>();
        for (int[] s : new int[][] {{2, 3, 100_000}, {3, 1, 1_000_000}, {1, 3, 1_000_000}, {2, 3, 1_000_000}}) {
            for (int t = 0; t < 4; t++) {
                Problem q = Problem.of(s[0], s[1], s[2], t, 0, new Random(12));
                Arrays.setAll(q.a, i -> Math.abs(q.a[i]));
                Arrays.setAll(q.b, i -> Math.abs(q.b[i]));
                Arrays.fill(q.y, 0);
                all.add(q);
            }
        }
        return each((f, single) -> {
            for (Problem q : all) {
                double[] y = product(f, q);
                for (int at = 0; at < y.length; at++) {
                    int i = at / q.n;
                    int j = at % q.n;
                    double exact = IntStream.range(0, q.k)
                            .mapToDouble(p -> q.a(i, p) * q.b(p, j))
                            .sum();
                    assertEquals(exact, y[at], exact * (single ? 1e-6 : 1e-14), q::toString);
                }
            }
        });
    }

    @Test
    void a_dot_product_of_ten_million_floats_has_a_relative_error_below_1e_6() {
        int k = 10_000_000;
        float[] a = new float[k];
        float[] b = new float[k];
        double exact = 0;
        Random random = new Random(13);
        for (int i = 0; i < k; i++) {
            a[i] = random.nextFloat();
            b[i] = random.nextFloat();
            exact += (double) a[i] * b[i];
        }
        for (Matmul32 f : List.of(new PlainMatmul32(), Loops.MATMUL32)) {
            float[] y = new float[1];
            f.product(1, 1, k, a, 0, false, b, 0, false, y, 0);
            assertEquals(exact, y[0], exact * 1e-6);
        }
    }

    @TestFactory
    Stream<DynamicTest> an_element_is_summed_in_the_order_of_k_at_every_size() {
        List<Problem> table = table();
        assertTrue(table.size() > 600);
        return each((f, single) -> table.forEach(q -> check(q, product(f, q), single)));
    }

    @TestFactory
    Stream<DynamicTest> every_number_of_columns_is_computed_in_place_and_packed() {
        Random random = new Random(9);
        List<Problem> wide = new ArrayList<>();
        for (int n = 0; n <= 150; n++) {
            for (int m : new int[] {0, 8, 193}) {
                wide.add(Problem.of(m, n, 5, n % 4, n % 3, random));
                wide.add(Problem.of(m, n, 5, (n + 1) % 4, n % 3, random));
            }
        }
        for (int block : new int[] {256, 512}) {
            for (int more : new int[] {1, 2, 3, 8, 9, 16, 17, 65}) {
                wide.add(Problem.of(8, block + more, 5, 0, 0, random));
                wide.add(Problem.of(8, 2 * block + more, 5, 2, 0, random));
            }
        }
        return each((f, single) -> wide.forEach(q -> check(q, product(f, q), single)));
    }

    @TestFactory
    Stream<DynamicTest> any_number_of_threads_gives_the_same_bytes_and_so_does_a_second_run() {
        Random random = new Random(5);
        List<Problem> large = new ArrayList<>();
        for (int[] s : new int[][] {
            {101, 67, 500},
            {101, 77, 800},
            {1000, 7, 90},
            {400, 50, 60},
            {7, 1023, 90},
            {40, 600, 800},
            {1, 1000, 1000},
            {1000, 1, 1000}
        }) {
            for (int t = 0; t < 4; t++) {
                large.add(Problem.of(s[0], s[1], s[2], t, 0, random));
            }
        }
        return each((f, single) -> {
            for (Problem q : large) {
                Workers.use(1);
                double[] alone = product(f, q);
                for (int threads : new int[] {1, 2, 4, 3}) {
                    Workers.use(threads);
                    assertTrue(Arrays.equals(alone, product(f, q)), () -> q + " on " + threads + " threads");
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> nan_and_infinity_affect_only_their_row_or_column() {
        return each((f, single) -> {
            for (double strange : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                for (int t = 0; t < 4; t++) {
                    Random random = new Random(t);
                    for (int n : new int[] {2, 10, 50, 67}) {
                        Problem q = Problem.of(14, n, 21, t, 1, random);
                        q.a[q.ao + random.nextInt(14 * 21)] = strange;
                        q.b[q.bo + random.nextInt(21 * n)] = strange;
                        q.b[0] = strange;
                        q.a[0] = strange;
                        check(q, product(f, q), single);
                    }
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> a_row_is_the_same_to_the_bit_in_every_block_of_rows() {
        return each((f, single) -> {
            Problem all = Problem.of(103, 83, 400, 0, 0, new Random(6));
            Arrays.fill(all.y, 0);
            double[] y = product(f, all);
            for (int from = 0; from + 2 < 103; from += 9) {
                double[] a = Arrays.copyOfRange(all.a, from * 400, (from + 2) * 400);
                Problem two = new Problem(2, 83, 400, false, false, 0, 0, 0, a, all.b, new double[2 * 83]);
                assertTrue(Arrays.equals(Arrays.copyOfRange(y, from * 83, (from + 2) * 83), product(f, two)));
            }
        });
    }

    @Test
    void simd_and_plain_agree_to_the_bit_and_for_vectors_within_2k_ulp_of_the_sum_of_absolute_values() {
        assumeSimd();
        Kernel plain = doubles(new PlainMatmul64());
        for (Problem q : table()) {
            double[] y = product(doubles(Loops.MATMUL64), q);
            double[] z = product(plain, q);
            if (q.vector()) {
                for (int i = 0; i < y.length; i++) {
                    assertEquals(z[i], y[i], 2 * q.k * (q.k + 1) * 0x1p-53, q::toString);
                }
            } else {
                assertTrue(Arrays.equals(z, y), q::toString);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> products_agree_with_ejml() {
        return each((f, single) -> {
            for (int size : SIZES) {
                Problem q = Problem.of(33, size, 65, 0, 0, new Random(7));
                Arrays.fill(q.y, 0);
                DMatrixRMaj y = new DMatrixRMaj(33, size);
                CommonOps_DDRM.mult(DMatrixRMaj.wrap(33, 65, q.a.clone()), DMatrixRMaj.wrap(65, size, q.b.clone()), y);
                double[] ours = product(f, q);
                for (int i = 0; i < ours.length; i++) {
                    assertEquals(y.data[i], ours[i], 65 * 65 * (single ? 0x1p-24 : 0x1p-53), q::toString);
                }
            }
        });
    }

    @Test
    void a_batch_gives_the_bytes_of_single_products_on_any_number_of_threads() {
        Tensor a = Tensor.uniform(Shape.of(24, 30, 40), -1, 1, RandomStream.of(1, "a"));
        Tensor b = Tensor.uniform(Shape.of(24, 40, 50), -1, 1, RandomStream.of(1, "b"));
        Tensor shared = Tensor.uniform(Shape.of(40, 50), -1, 1, RandomStream.of(1, "shared"));
        for (int threads : new int[] {1, 2, 4}) {
            Workers.use(threads);
            for (Tensor right : List.of(b, shared)) {
                double[] y = a.matmul(right).toDoubleArray();
                double[] transposed = a.transpose().matmul(right, true, false).toDoubleArray();
                assertTrue(Arrays.equals(y, transposed));
                for (int i = 0; i < 24; i++) {
                    double[] pair = part(a, i, 30, 40)
                            .matmul(right.shape().rank() == 3 ? part(b, i, 40, 50) : shared)
                            .toDoubleArray();
                    assertTrue(Arrays.equals(pair, Arrays.copyOfRange(y, i * 1500, (i + 1) * 1500)));
                }
            }
        }
    }

    private static Tensor part(Tensor x, int i, int rows, int columns) {
        int size = rows * columns;
        return Tensor.of(Shape.of(rows, columns), Arrays.copyOfRange(x.toDoubleArray(), i * size, (i + 1) * size));
    }
}
