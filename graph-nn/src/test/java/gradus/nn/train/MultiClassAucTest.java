package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.data.Batch;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The area as the share of pairs of examples in the right order, which does without a curve. */
class MultiClassAucTest {
    /** Returns the share of pairs of an example of one class and one of the others of which the first has the larger probability. */
    private static double pairs(Tensor p, int[] classes, int one, java.util.function.IntPredicate others) {
        double right = 0;
        int all = 0;
        for (int i = 0; i < classes.length; i++) {
            for (int j = 0; j < classes.length; j++) {
                if (classes[i] == one && others.test(classes[j])) {
                    double a = p.get(i, one);
                    double b = p.get(j, one);
                    right += a > b ? 1 : a == b ? 0.5 : 0;
                    all++;
                }
            }
        }
        return right / all;
    }

    private static double oneVsRest(Tensor p, int... classes) {
        int c = p.shape().dim(1);
        return IntStream.range(0, c)
                .mapToDouble(k -> pairs(p, classes, k, o -> o != k))
                .average()
                .orElseThrow();
    }

    private static double oneVsOne(Tensor p, int... classes) {
        int c = p.shape().dim(1);
        double sum = 0;
        for (int j = 0; j < c; j++) {
            for (int k = j + 1; k < c; k++) {
                int a = j;
                int b = k;
                sum += (pairs(p, classes, a, o -> o == b) + pairs(p, classes, b, o -> o == a)) / 2;
            }
        }
        return sum / (c * (c - 1) / 2.0);
    }

    @Property(tries = 50)
    void areas_are_shares_of_pairs(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int c) {
        RandomStream random = RandomStream.of(seed, "auc");
        int[] classes = IntStream.range(0, 30)
                .map(i -> i < c ? i : (int) (random.nextDouble() * c))
                .toArray();
        // few different values, so that there are ties
        Tensor p =
                Tensor.uniform(Shape.of(30, c), 0, 4, random).map(Math::floor).softmax(1);
        assertEquals(oneVsRest(p, classes), RocCurve.auc(p, classes, MultiClass.ONE_VS_REST), 1e-12);
        assertEquals(oneVsOne(p, classes), RocCurve.auc(p, classes, MultiClass.ONE_VS_ONE), 1e-12);
    }

    @Test
    void the_metric_takes_the_softmax_of_logits_batch_by_batch() {
        Tensor logits = Tensor.normal(Shape.of(20, 3), 0, 1, RandomStream.of(1, "z"));
        int[] classes = IntStream.range(0, 20).map(i -> i % 3).toArray();
        Tensor y = Tensor.of(Arrays.stream(classes).asDoubleStream().toArray());
        for (MultiClass m : MultiClass.values()) {
            Metric.Accumulator auc = Metric.auc(m).start();
            for (int from : new int[] {0, 10}) {
                Tensor z = logits.slice(0, from, from + 10);
                auc.add(z, Batch.of(z, y.slice(0, from, from + 10)));
            }
            assertEquals(RocCurve.auc(logits.softmax(1), classes, m), auc.value());
        }
        Metric.Accumulator two = Metric.auc(MultiClass.ONE_VS_REST).start();
        Metric.Accumulator binary = Metric.auc().start();
        Tensor z = logits.slice(1, 0, 2);
        Batch batch = Batch.of(z, y.map(v -> v > 1 ? 0 : v));
        two.add(z, batch);
        binary.add(z, batch);
        assertEquals(binary.value(), two.value(), 1e-15);
    }

    @Test
    void what_has_no_area_is_refused() {
        Tensor p = Tensor.of(new double[][] {{0.5, 0.3, 0.2}, {0.1, 0.8, 0.1}});
        assertEquals(
                "RocCurve.auc: class 2 has no examples; each class needs one",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> RocCurve.auc(p, new int[] {0, 1}, MultiClass.ONE_VS_ONE))
                        .getMessage());
        assertEquals(
                "RocCurve.auc: example 1 has class 3; there are 3 classes",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> RocCurve.auc(p, new int[] {0, 3}, MultiClass.ONE_VS_ONE))
                        .getMessage());
        assertEquals(
                "RocCurve.auc: probabilities of 1 examples are [n, c] for two classes or more, not [2, 3]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> RocCurve.auc(p, new int[] {0}, MultiClass.ONE_VS_REST))
                        .getMessage());
    }
}
