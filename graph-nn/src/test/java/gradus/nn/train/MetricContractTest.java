package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every metric: batches of any size give the value of one batch, which an independent computation confirms; what does not fit is refused by name. */
class MetricContractTest {
    private static final int N = 37;
    private static final int C = 4;

    /** Computes a metric from all outputs and targets, each as rows of an example. */
    interface Direct {
        double of(double[][] outputs, double[][] targets);
    }

    /**
     * A metric of random outputs and targets.
     *
     * @param outputs the shape of the outputs for one example
     * @param targets the shape of the target of one example
     * @param classes the number of classes of the targets; 0 where they are values
     */
    record Case(String name, Metric metric, Shape outputs, Shape targets, int classes, Direct direct) {
        Tensor output(int n) {
            Tensor t = Tensor.normal(with(n, outputs), 0, 1, RandomStream.of(7, "output"));
            return t.map((double v) -> Math.rint(4 * v) / 4); // with ties
        }

        Tensor target(int n) {
            RandomStream random = RandomStream.of(8, "target");
            Shape shape = with(n, targets);
            double[] values = new double[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = classes == 0 ? 3 + random.nextGaussian() : random.nextInt(classes);
            }
            return Tensor.of(shape, values);
        }

        private static Shape with(int n, Shape one) {
            int[] dims = new int[one.rank() + 1];
            dims[0] = n;
            System.arraycopy(one.dims(), 0, dims, 1, one.rank());
            return Shape.of(dims);
        }

        @Override
        public String toString() {
            return name + " of " + outputs;
        }
    }

    private static double[] column(double[][] rows) {
        return Arrays.stream(rows).mapToDouble(r -> r[0]).toArray();
    }

    private static int argmax(double[] row) {
        int best = 0;
        for (int j = 1; j < row.length; j++) {
            best = row[j] > row[best] ? j : best;
        }
        return row.length == 1 ? (row[0] > 0 ? 1 : 0) : best;
    }

    private static double count(double[][] o, double[][] t, int actual, int predicted) {
        double n = 0;
        for (int i = 0; i < o.length; i++) {
            n += (actual < 0 || t[i][0] == actual) && (predicted < 0 || argmax(o[i]) == predicted) ? 1 : 0;
        }
        return n;
    }

    private static double precision(double[][] o, double[][] t, int c) {
        return count(o, t, c, c) / count(o, t, -1, c);
    }

    private static double recall(double[][] o, double[][] t, int c) {
        return count(o, t, c, c) / count(o, t, c, -1);
    }

    private static double f1(double[][] o, double[][] t, int c) {
        double p = precision(o, t, c);
        double r = recall(o, t, c);
        return 2 * p * r / (p + r);
    }

    private interface OfClass {
        double of(double[][] o, double[][] t, int c);
    }

    private static Direct macro(OfClass f) {
        return (o, t) -> (f.of(o, t, 0) + f.of(o, t, 1) + f.of(o, t, 2) + f.of(o, t, 3)) / C;
    }

    private static Direct weighted(OfClass f) {
        return (o, t) -> {
            double sum = 0;
            for (int c = 0; c < C; c++) {
                sum += count(o, t, c, -1) / N * f.of(o, t, c);
            }
            return sum;
        };
    }

    private static double accuracy(double[][] o, double[][] t) {
        double n = 0;
        for (int i = 0; i < o.length; i++) {
            n += argmax(o[i]) == t[i][0] ? 1.0 / o.length : 0;
        }
        return n;
    }

    /** Sorts the classes of an example by output, and looks for its class in the first two. */
    private static double top2(double[][] o, double[][] t) {
        double n = 0;
        for (int i = 0; i < o.length; i++) {
            double[] row = o[i];
            Integer[] order = {0, 1, 2, 3};
            Arrays.sort(order, (a, b) -> Double.compare(row[b], row[a])); // stable
            n += order[0] == t[i][0] || order[1] == t[i][0] ? 1 : 0;
        }
        return n / o.length;
    }

    /** Counts the pairs of a positive and a negative example of which the positive one has the larger score. */
    private static double auc(double[][] o, double[][] t) {
        double won = 0;
        double pairs = 0;
        for (int i = 0; i < o.length; i++) {
            for (int j = 0; j < o.length; j++) {
                if (t[i][0] == 1 && t[j][0] == 0) {
                    double d = score(o[i]) - score(o[j]);
                    won += d > 0 ? 1 : d == 0 ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return won / pairs;
    }

    private static double score(double[] row) {
        return row.length == 1 ? row[0] : row[1] - row[0];
    }

    /** Averages, over the positive examples, the precision among those with at least its score. */
    private static double averagePrecision(double[][] o, double[][] t) {
        double sum = 0;
        double positives = 0;
        for (int i = 0; i < o.length; i++) {
            if (t[i][0] == 1) {
                double above = 0;
                double hits = 0;
                for (int j = 0; j < o.length; j++) {
                    above += score(o[j]) >= score(o[i]) ? 1 : 0;
                    hits += score(o[j]) >= score(o[i]) && t[j][0] == 1 ? 1 : 0;
                }
                sum += hits / above;
                positives++;
            }
        }
        return sum / positives;
    }

    /** Computes the loss from probabilities, of rows of outputs that may be several rows of logits. */
    private static double logLoss(double[][] o, double[][] t) {
        double sum = 0;
        int n = 0;
        for (int i = 0; i < o.length; i++) {
            int c = o[i].length / t[i].length;
            for (int j = 0; j < t[i].length; j++) {
                double p;
                if (c == 1) {
                    p = 1 / (1 + Math.exp(t[i][j] == 1 ? -o[i][j] : o[i][j]));
                } else {
                    double[] logits = Arrays.copyOfRange(o[i], j * c, (j + 1) * c);
                    p = Math.exp(logits[(int) t[i][j]])
                            / Arrays.stream(logits).map(Math::exp).sum();
                }
                sum -= Math.log(p);
                n++;
            }
        }
        return sum / n;
    }

    private static double mean(double[][] o, double[][] t, int power) {
        double sum = 0;
        int n = 0;
        for (int i = 0; i < o.length; i++) {
            for (int j = 0; j < o[i].length; j++, n++) {
                sum += Math.pow(Math.abs(o[i][j] - t[i][j]), power);
            }
        }
        return sum / n;
    }

    private static double r2(double[][] o, double[][] t) {
        double result = 0;
        int d = t[0].length;
        for (int j = 0; j < d; j++) {
            int at = j;
            double mean = Arrays.stream(t).mapToDouble(r -> r[at]).average().orElseThrow();
            double errors = 0;
            double total = 0;
            for (int i = 0; i < o.length; i++) {
                errors += Math.pow(o[i][j] - t[i][j], 2);
                total += Math.pow(t[i][j] - mean, 2);
            }
            result += (1 - errors / total) / d;
        }
        return result;
    }

    static Stream<Case> cases() {
        Shape one = Shape.SCALAR;
        Shape logit = Shape.of(1);
        Shape two = Shape.of(2);
        Shape classes = Shape.of(C);
        return Stream.of(
                new Case("mean", Metric.mean((o, b) -> o.mean().item()), logit, one, 0, (o, t) -> Arrays.stream(
                                column(o))
                        .average()
                        .orElseThrow()),
                new Case("accuracy", Metric.accuracy(), classes, one, C, MetricContractTest::accuracy),
                new Case("binaryAccuracy", Metric.binaryAccuracy(), one, one, 2, MetricContractTest::accuracy),
                new Case("binaryAccuracy", Metric.binaryAccuracy(), logit, logit, 2, MetricContractTest::accuracy),
                new Case("topK", Metric.topK(2), classes, one, C, MetricContractTest::top2),
                new Case("topK", Metric.topK(1), classes, one, C, MetricContractTest::accuracy),
                new Case("topK", Metric.topK(C), classes, one, C, (o, t) -> 1),
                new Case("precision", Metric.precision(1), one, one, 2, (o, t) -> precision(o, t, 1)),
                new Case("recall", Metric.recall(1), logit, logit, 2, (o, t) -> recall(o, t, 1)),
                new Case("f1", Metric.f1(1), two, one, 2, (o, t) -> f1(o, t, 1)),
                new Case("precision", Metric.precision(2), classes, one, C, (o, t) -> precision(o, t, 2)),
                new Case("recall", Metric.recall(0), classes, one, C, (o, t) -> recall(o, t, 0)),
                new Case("f1", Metric.f1(3), classes, one, C, (o, t) -> f1(o, t, 3)),
                new Case(
                        "precision",
                        Metric.precision(Averaging.MACRO),
                        classes,
                        one,
                        C,
                        macro(MetricContractTest::precision)),
                new Case("recall", Metric.recall(Averaging.MACRO), classes, one, C, macro(MetricContractTest::recall)),
                new Case("f1", Metric.f1(Averaging.MACRO), classes, one, C, macro(MetricContractTest::f1)),
                new Case(
                        "precision",
                        Metric.precision(Averaging.WEIGHTED),
                        classes,
                        one,
                        C,
                        weighted(MetricContractTest::precision)),
                new Case("f1", Metric.f1(Averaging.WEIGHTED), classes, one, C, weighted(MetricContractTest::f1)),
                new Case("recall", Metric.recall(Averaging.WEIGHTED), classes, one, C, MetricContractTest::accuracy),
                new Case("f1", Metric.f1(Averaging.MICRO), classes, one, C, MetricContractTest::accuracy),
                new Case("auc", Metric.auc(), one, one, 2, MetricContractTest::auc),
                new Case("auc", Metric.auc(), two, one, 2, MetricContractTest::auc),
                new Case(
                        "averagePrecision",
                        Metric.averagePrecision(),
                        logit,
                        logit,
                        2,
                        MetricContractTest::averagePrecision),
                new Case("logLoss", Metric.logLoss(), classes, one, C, MetricContractTest::logLoss),
                new Case("logLoss", Metric.logLoss(), logit, logit, 2, MetricContractTest::logLoss),
                new Case("logLoss", Metric.logLoss(), Shape.of(3, C), Shape.of(3), C, MetricContractTest::logLoss),
                new Case(
                        "perplexity",
                        Metric.perplexity(),
                        Shape.of(3, C),
                        Shape.of(3),
                        C,
                        (o, t) -> Math.exp(logLoss(o, t))),
                new Case("meanAbsoluteError", Metric.meanAbsoluteError(), two, two, 0, (o, t) -> mean(o, t, 1)),
                new Case(
                        "rootMeanSquaredError",
                        Metric.rootMeanSquaredError(),
                        one,
                        one,
                        0,
                        (o, t) -> Math.sqrt(mean(o, t, 2))),
                new Case("r2", Metric.r2(), one, one, 0, MetricContractTest::r2),
                new Case("r2", Metric.r2(), Shape.of(2, 2), Shape.of(2, 2), 0, MetricContractTest::r2));
    }

    private static double value(Metric metric, Tensor output, Tensor target, int batchSize) {
        Metric.Accumulator all = metric.start();
        int n = output.shape().dim(0);
        for (int from = 0; from < n; from += batchSize) {
            int to = Math.min(n, from + batchSize);
            all.add(output.slice(0, from, to), Batch.of(Tensor.ones(to - from, 1), target.slice(0, from, to)));
        }
        return all.value();
    }

    private static double[][] rows(Tensor t) {
        double[] all = t.toDoubleArray();
        int n = t.shape().dim(0);
        int size = all.length / n;
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void batches_of_any_size_give_what_the_whole_set_gives(Case c) {
        Tensor output = c.output(N);
        Tensor target = c.target(N);
        double expected = c.direct.of(rows(output), rows(target));
        for (int batchSize : new int[] {N, 1, 2, 10, 36}) {
            assertEquals(expected, value(c.metric, output, target, batchSize), 1e-12, "batches of " + batchSize);
        }
        assertEquals(
                expected,
                value(c.metric, output.to(DType.FLOAT32), target.to(DType.FLOAT32), 5),
                1e-5,
                "FLOAT32"); // the targets that are values are rounded
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_restored_state_goes_on_with_the_same_bits(Case c) {
        Tensor output = c.output(N);
        Tensor target = c.target(N);
        Metric.Accumulator whole = c.metric.start();
        for (int from = 0; from < N; from += 10) {
            int to = Math.min(N, from + 10);
            Metric.Accumulator next = c.metric.start();
            next.restore(whole.state());
            Batch batch = Batch.of(Tensor.ones(to - from, 1), target.slice(0, from, to));
            whole.add(output.slice(0, from, to), batch);
            next.add(output.slice(0, from, to), batch);
            assertArrayEquals(whole.state(), next.state());
            whole = next;
        }
        assertEquals(value(c.metric, output, target, 10), whole.value());
        Metric.Accumulator other = c.metric.start();
        if (!c.name.equals("auc") && !c.name.equals("averagePrecision")) {
            assertThrows(IllegalArgumentException.class, () -> other.restore(1, 2, 3, 4, 5));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void no_examples_are_refused_by_the_metrics_name(Case c) {
        assertEquals(
                c.name + ": there are no examples",
                assertThrows(IllegalStateException.class, c.metric.start()::value)
                        .getMessage());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_output_of_another_shape_is_refused(Case c) {
        if (c.name.equals("mean")) {
            return; // the function decides
        }
        Tensor output = c.output(6);
        Metric.Accumulator all = c.metric.start();
        for (Tensor wrong : List.of(
                output.slice(0, 0, 5), Tensor.ones(6, 2, 3, 2), Tensor.of(1.0).reshape(Shape.SCALAR))) {
            String found = assertThrows(
                            IllegalArgumentException.class,
                            () -> all.add(wrong, Batch.of(Tensor.ones(6, 1), c.target(6))))
                    .getMessage();
            assertTrue(found.contains("the model's output " + wrong.shape()), found);
            assertTrue(found.startsWith(c.name + ": ") || found.startsWith("the model's output"), found);
        }
        assertThrows(IllegalStateException.class, all::value, "nothing was added");
    }

    @Test
    void every_metric_has_a_case() {
        Set<String> metrics = new TreeSet<>();
        for (Method m : Metric.class.getMethods()) {
            if (Modifier.isStatic(m.getModifiers())) {
                metrics.add(m.getName());
            }
        }
        Set<String> cases = new TreeSet<>();
        cases().forEach(c -> cases.add(c.name));
        assertEquals(metrics, cases);
    }

    // ---- what is refused

    static Stream<Arguments> refused() {
        Tensor twoLogits = Tensor.ones(3, 2);
        Tensor zeros = Tensor.zeros(3);
        Tensor bad = Tensor.of(0, 2, 1);
        return Stream.of(
                row(
                        "topK: k 3 needs outputs [n, c] of at least so many classes, not [3, 2]",
                        Metric.topK(3),
                        twoLogits,
                        zeros),
                row(
                        "topK: k 1 needs outputs [n, c] of at least so many classes, not [3]",
                        Metric.topK(1),
                        zeros,
                        zeros),
                row(
                        "f1: example 1 of the batch has class 2; the model's output [3, 2] has only 2 classes",
                        Metric.f1(Averaging.MACRO),
                        twoLogits,
                        bad),
                row("recall: the target of example 1 of the batch is 2.0, not 0 or 1", Metric.recall(1), zeros, bad),
                row("recall: class 2 is not one of the model's 2 classes", Metric.recall(2), zeros, zeros),
                row(
                        "auc: the model's output [3, 3] is not [n], [n, 1] or [n, 2], logits of two classes",
                        Metric.auc(),
                        Tensor.ones(3, 3),
                        zeros),
                row("RocCurve: all 3 examples have class 0; both classes are needed", Metric.auc(), zeros, zeros),
                row(
                        "RocCurve: example 0 has the score NaN and the class 0; a number, and 0 or 1, are needed",
                        Metric.auc(),
                        Tensor.of(Double.NaN, 0, 0),
                        zeros),
                row("PrecisionRecallCurve: none of 3 examples has class 1", Metric.averagePrecision(), zeros, zeros),
                row(
                        "averagePrecision: the target [3, 2] is not [n] or [n, 1], class 0 or 1 for each example",
                        Metric.averagePrecision(),
                        zeros,
                        twoLogits),
                row("logLoss: target 1 of the batch is 2.0, not a class from 0 to 1", Metric.logLoss(), twoLogits, bad),
                row(
                        "perplexity: the model's output [3, 2] and the target [3, 2] are not logits [n, .., c] and classes [n, ..]",
                        Metric.perplexity(),
                        twoLogits,
                        twoLogits),
                row("r2: the model's output [3] and the target [3, 1] differ", Metric.r2(), zeros, Tensor.ones(3, 1)));
    }

    private static Arguments row(String message, Metric metric, Tensor output, Tensor target) {
        return Arguments.of(message, metric, output, target);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_does_not_fit_is_refused(String message, Metric metric, Tensor output, Tensor target) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> value(metric, output, target, 3))
                        .getMessage());
    }

    @Test
    void settings_that_are_out_of_range_are_refused() {
        assertEquals(
                "topK: k 0 must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> Metric.topK(0))
                        .getMessage());
        assertEquals(
                "f1: class -1 must be at least 0",
                assertThrows(IllegalArgumentException.class, () -> Metric.f1(-1))
                        .getMessage());
    }

    @Test
    void a_batch_with_another_number_of_classes_is_refused() {
        Metric.Accumulator f1 = Metric.f1(0).start();
        f1.add(Tensor.ones(1, 3), Batch.of(Tensor.ones(1, 1), Tensor.zeros(1)));
        assertEquals(
                "f1: the model's output [1, 2] has 2 classes, that of a batch before had 3",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> f1.add(Tensor.ones(1, 2), Batch.of(Tensor.ones(1, 1), Tensor.zeros(1))))
                        .getMessage());
    }

    // ---- values by hand

    @Test
    void a_quotient_of_zeros_is_zero_and_an_absent_class_does_not_count_in_a_macro_mean() {
        // actual 0 0 1, predicted 0 0 0: class 1 is never predicted, class 2 never occurs
        ConfusionMatrix m = ConfusionMatrix.of(new int[] {0, 0, 1}, new int[] {0, 0, 0}, 3);
        assertEquals(0, m.precision(1));
        assertEquals(0, m.recall(2));
        assertEquals(0, m.f1(2));
        assertEquals(2.0 / 3, m.precision(0), 1e-15);
        assertEquals(1.0 / 3, m.precision(Averaging.MACRO), 1e-15);
        assertEquals(0.5, m.recall(Averaging.MACRO), 1e-15);
        assertEquals(0.4, m.f1(Averaging.MACRO), 1e-15); // (2 * 2/3 / (5/3) + 0) / 2
        assertEquals(2.0 / 3, m.accuracy(), 1e-15);
        assertEquals(4.0 / 9, m.precision(Averaging.WEIGHTED), 1e-15);
    }

    @Test
    void r2_of_equal_targets_is_one_if_the_outputs_are_exact_and_zero_otherwise() {
        Tensor y = Tensor.of(0.1, 0.1, 0.1);
        assertEquals(1, value(Metric.r2(), y, y, 2));
        assertEquals(0, value(Metric.r2(), Tensor.of(0.1, 0.2, 0.1), y, 1));
        assertEquals(1, value(Metric.r2(), Tensor.ones(1), Tensor.ones(1), 1));
    }

    @Test
    void r2_of_targets_far_from_zero_keeps_its_digits() {
        Tensor y = Tensor.of(1e9 + 1, 1e9 + 2, 1e9 + 3);
        assertEquals(1 - 1 / 2.0, value(Metric.r2(), Tensor.of(1e9 + 1, 1e9 + 2, 1e9 + 4), y, 1), 1e-12);
    }

    @Test
    void large_logits_give_a_finite_loss() {
        assertEquals(2000, value(Metric.logLoss(), Tensor.of(new double[][] {{1000, -1000}}), Tensor.ones(1), 1));
        assertEquals(1000, value(Metric.logLoss(), Tensor.ones(1).mul(1000), Tensor.zeros(1), 1));
    }

    /** scores 0.8 (1), 0.4 (0), 0.4 (1), 0.1 (0): one tie. */
    @Test
    void curves_by_hand() {
        double[] scores = {0.1, 0.4, 0.4, 0.8};
        int[] classes = {0, 0, 1, 1};
        RocCurve roc = RocCurve.of(scores, classes);
        assertEquals(List.of(Double.POSITIVE_INFINITY, 0.8, 0.4, 0.1), roc.thresholds());
        assertEquals(List.of(0.0, 0.0, 0.5, 1.0), roc.falsePositiveRates());
        assertEquals(List.of(0.0, 0.5, 1.0, 1.0), roc.truePositiveRates());
        assertEquals(0.875, roc.auc());
        PrecisionRecallCurve curve = PrecisionRecallCurve.of(scores, classes);
        assertEquals(List.of(0.8, 0.4, 0.1), curve.thresholds());
        assertEquals(List.of(1.0, 2.0 / 3, 0.5), curve.precisions());
        assertEquals(List.of(0.5, 1.0, 1.0), curve.recalls());
        assertEquals(0.5 + 0.5 * 2 / 3, curve.averagePrecision(), 1e-15);
        Dataset logits = Dataset.of(Tensor.of(scores), classes);
        assertEquals(roc, RocCurve.of(x -> x, logits));
        assertEquals(curve, PrecisionRecallCurve.of(x -> x, logits));
    }
}
