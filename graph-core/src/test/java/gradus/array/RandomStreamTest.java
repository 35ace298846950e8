package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    @Test
    void numbers_depend_on_seed_and_name_alone() {
        assertEquals(RandomStream.of(7, "a").nextLong(), RandomStream.of(7, "a").nextLong());
        assertNotEquals(
                RandomStream.of(7, "a").nextLong(), RandomStream.of(7, "b").nextLong());
        assertNotEquals(
                RandomStream.of(7, "a").nextLong(), RandomStream.of(8, "a").nextLong());
    }

    @Test
    void uniform_and_normal_draws_have_the_expected_moments() {
        Tensor u = Tensor.uniform(Shape.of(100_000), -1, 3, RandomStream.of(1, "u"));
        moments(u, 1, 16.0 / 12);
        Tensor n = Tensor.normal(Shape.of(100_000), 2, 3, RandomStream.of(1, "n"));
        moments(n, 2, 9);
        assertEquals(3, n.sub(2).map(z -> z * z * z * z).sum().item() / n.size() / 81, 0.1, "kurtosis of the normal");
    }

    /** Each element is a draw of its own, compared with p; the stream goes on behind them. */
    @Test
    void bernoulli_draws_are_those_of_the_stream_for_any_number_of_threads() {
        int n = 70_001;
        int before = Workers.count();
        try {
            for (int threads : new int[] {1, 3}) {
                Workers.use(threads);
                RandomStream stream = RandomStream.of(2, "mask");
                RandomStream one = RandomStream.of(2, "mask");
                Tensor single = Tensor.bernoulli(Shape.of(n), 0.3, 2.5, DType.FLOAT32, stream);
                double[] expected = IntStream.range(0, n)
                        .mapToDouble(i -> one.nextDouble() < 0.3 ? 2.5 : 0)
                        .toArray();
                assertEquals(Tensor.of(expected).to(DType.FLOAT32), single);
                assertEquals(one.nextLong(), stream.nextLong());
                Tensor doubles = Tensor.bernoulli(Shape.of(n), 0.3, 2.5, DType.FLOAT64, RandomStream.of(2, "mask"));
                assertEquals(Tensor.of(expected), doubles);
            }
        } finally {
            Workers.use(before);
        }
        assertEquals(Tensor.ones(9), Tensor.bernoulli(Shape.of(9), 1, 1, DType.FLOAT64, RandomStream.of(1, "")));
        assertEquals(Tensor.zeros(9), Tensor.bernoulli(Shape.of(9), 0, 1, DType.FLOAT64, RandomStream.of(1, "")));
    }

    private static void moments(Tensor x, double mean, double variance) {
        double n = x.size();
        assertEquals(mean, x.sum().item() / n, 5 * Math.sqrt(variance / n));
        assertEquals(variance, x.sub(mean).map(z -> z * z).sum().item() / n, 0.02 * variance);
    }

    @Test
    void the_upper_bound_is_never_drawn() {
        RandomStream r = RandomStream.of(1, "narrow");
        double high = Math.nextUp(1.0);
        for (int i = 0; i < 100; i++) {
            assertEquals(1, r.nextDouble(1, high));
        }
    }

    @Test
    void permutations_are_complete_and_uniform() {
        int[] first = new int[5];
        for (int seed = 0; seed < 5000; seed++) {
            int[] p = RandomStream.of(seed, "p").permutation(5);
            first[p[0]]++;
            assertEquals(10, IntStream.of(p).distinct().sum());
        }
        assertTrue(Arrays.stream(first).allMatch(c -> Math.abs(c - 1000) < 150), Arrays.toString(first));
    }

    @Test
    void invalid_sizes_and_bounds_are_refused_by_name() {
        RandomStream r = RandomStream.of(1, "x");
        assertEquals(
                "permutation: n -1 must be from 0 to 2^31 - 9",
                assertThrows(IllegalArgumentException.class, () -> r.permutation(-1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> r.permutation(Integer.MAX_VALUE));
        assertEquals(
                "nextDouble: low 2.0 must not be above high 1.0",
                assertThrows(IllegalArgumentException.class, () -> r.nextDouble(2, 1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> r.nextDouble(Double.NaN, 1));
        assertEquals(0, r.permutation(0).length);
    }

    @Test
    void a_number_at_a_position_needs_none_before_it() {
        RandomStream random = RandomStream.of(3, "weights");
        long state = random.nextLong();
        double[] sum = new double[2];
        for (int i = 0; i < 10_000; i++) {
            double u = RandomStream.at(state, i);
            assertTrue(u >= 0 && u < 1);
            sum[i % 2] += u;
        }
        assertEquals(0.5, sum[0] / 5000, 0.015);
        assertEquals(0.5, sum[1] / 5000, 0.015);
        assertEquals(RandomStream.at(state, 7), RandomStream.at(state, 7));
    }
}
