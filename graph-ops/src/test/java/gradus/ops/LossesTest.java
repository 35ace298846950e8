package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LossesTest {
    private static final CrossEntropyOptions ENTROPY = CrossEntropyOptions.DEFAULT;
    private static final BinaryCrossEntropyOptions BINARY = BinaryCrossEntropyOptions.DEFAULT;
    private static final double INF = Double.POSITIVE_INFINITY;

    private static Tensor random(long seed, double low, double high, int... dims) {
        return Tensor.uniform(Shape.of(dims), low, high, RandomStream.of(seed, "losses"));
    }

    /** The examples of chapter 4: the probabilities of ten digits, where 2 is right. */
    @Test
    void the_losses_of_the_book() {
        Node right = constant(0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0);
        Node wrong = constant(0.1, 0.05, 0.1, 0, 0.05, 0.1, 0, 0.6, 0, 0);
        Node t = constant(0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
        // 0.1, 0.05, 0.4, 0.05, 0.1, 0.1 off, then 0.1, 0.05, 0.9, 0.05, 0.1, 0.6
        assertEquals(
                (3 * 0.01 + 2 * 0.0025 + 0.16) / 2,
                Losses.sumSquaredError(right, t).item(),
                1e-16);
        assertEquals(0.0975, Losses.sumSquaredError(right, t).item(), 1e-16);
        assertEquals(
                (2 * 0.01 + 2 * 0.0025 + 0.81 + 0.36) / 2,
                Losses.sumSquaredError(wrong, t).item(),
                1e-15);
        assertEquals(-Math.log(0.6 + 1e-7), Losses.crossEntropyError(right, t).item());
        assertEquals(0.510825457099338, Losses.crossEntropyError(right, 2).item(), 1e-15);
        assertEquals(2.302584092994546, Losses.crossEntropyError(wrong, t).item(), 1e-15);
        Node batch = Node.stack(0, right, wrong);
        double mean = -(Math.log(0.6 + 1e-7) + Math.log(0.1 + 1e-7)) / 2;
        assertEquals(mean, Losses.crossEntropyError(batch, 2, 2).item(), 1e-15);
        assertEquals(mean, Losses.crossEntropyError(batch, constant(2, 2)).item(), 1e-15);
        assertEquals(mean, Losses.crossEntropyError(batch, Node.stack(0, t, t)).item(), 1e-15);
        assertEquals(-Math.log(1e-7), Losses.crossEntropyError(right, 3).item(), 1e-14);
    }

    static Stream<Function<Reduction, Node>> reductions() {
        Node x = constant(random(1, 0.1, 0.9, 3, 2));
        Node t = constant(random(2, 0.1, 0.9, 3, 2));
        Node k = constant(1, 0, 1);
        return Stream.of(
                r -> Losses.softmaxCrossEntropy(x, k, ENTROPY.reduction(r)),
                r -> Losses.softmaxCrossEntropy(x, t, ENTROPY.reduction(r)),
                r -> Losses.nll(x.neg(), k, ENTROPY.ignoreIndex(7).reduction(r)),
                r -> Losses.binaryCrossEntropyWithLogits(x, t, BINARY.reduction(r)),
                r -> Losses.binaryCrossEntropy(
                        x, t, BINARY.weight(Tensor.of(2, 3)).reduction(r)),
                r -> Losses.sigmoidFocal(x, t, 0.3, 1, r),
                r -> Losses.dice(x, t, 0.5, r),
                r -> Losses.infoNce(x, t, 0.5, r),
                r -> Losses.klDiv(x, t, false, r),
                r -> Losses.meanSquaredError(x, t, r),
                r -> Losses.l1(x, t, r),
                r -> Losses.huber(x, t, 0.1, r),
                r -> Losses.smoothL1(x, t, 0.1, r),
                r -> Losses.poissonNll(x, t, true, true, r),
                r -> Losses.gaussianNll(x, t, t, true, r));
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void reductions_are_those_of_the_terms(Function<Reduction, Node> loss) {
        Tensor terms = loss.apply(Reduction.NONE).value();
        assertEquals(3, terms.shape().dim(0));
        assertEquals(terms.mean().item(), loss.apply(Reduction.MEAN).item(), 1e-15);
        assertEquals(terms.sum().item(), loss.apply(Reduction.SUM).item(), 1e-15);
        assertEquals(terms.sum().item() / 3, loss.apply(Reduction.BATCH_MEAN).item(), 1e-15);
    }

    @Property
    void ignored_rows_are_as_if_they_were_not_there(@ForAll long seed) {
        Node z = variable(random(seed, -5, 5, 4, 3));
        CrossEntropyOptions options = ENTROPY.weight(Tensor.of(0.5, 2, 3)).labelSmoothing(0.2);
        Node few = Losses.softmaxCrossEntropy(z.indexSelect(0, 1, 3), constant(2, 0), options);
        Node all = Losses.softmaxCrossEntropy(z, constant(-7, 2, -7, 0), options.ignoreIndex(-7));
        assertEquals(few.item(), all.item(), 1e-15);
        Tensor gap =
                few.backward().of(z).value().sub(all.backward().of(z).value()).abs();
        assertTrue(gap.max().item() < 1e-15, gap::toString);
    }

    @Test
    void an_ignored_row_may_hold_anything() {
        Node z = variable(new double[][] {{Double.NaN, INF}, {0, 0}, {-INF, -INF}});
        Node loss = Losses.softmaxCrossEntropy(
                z, constant(2, 1, 2), ENTROPY.ignoreIndex(2).labelSmoothing(0.5));
        assertEquals(Math.log(2), loss.item(), 1e-15);
        assertEquals(
                Tensor.of(new double[][] {{0, 0}, {0.25, -0.25}, {0, 0}}),
                loss.backward().of(z).value());
        Node none = Losses.nll(z, constant(2, 2, 2), ENTROPY.ignoreIndex(2).reduction(Reduction.SUM));
        assertEquals(0.0, none.item());
    }

    @Property
    void smoothed_classes_are_smoothed_probabilities(@ForAll long seed) {
        Node z = variable(random(seed, -5, 5, 2, 2, 4));
        Node t = Embeddings.oneHot(4, 3, 0, 1, 1).reshape(2, 2, 4);
        Tensor classes = Tensor.of(new double[][] {{3, 0}, {1, 1}});
        CrossEntropyOptions smooth = ENTROPY.labelSmoothing(0.3);
        Node expected = Losses.softmaxCrossEntropy(z, t.mul(0.7).add(0.3 / 4));
        Node byClass = Losses.softmaxCrossEntropy(z, constant(classes), smooth);
        assertEquals(expected.item(), byClass.item(), 1e-14);
        assertEquals(expected.item(), Losses.softmaxCrossEntropy(z, t, smooth).item(), 1e-14);
        Tensor gap = expected.backward()
                .of(z)
                .value()
                .sub(byClass.backward().of(z).value())
                .abs();
        assertTrue(gap.max().item() < 1e-15, gap::toString);
    }

    @Property
    void nll_of_log_softmax_is_softmax_cross_entropy(@ForAll long seed) {
        Node z = constant(random(seed, -9, 9, 3, 4));
        assertEquals(
                Losses.softmaxCrossEntropy(z, 1, 2, 0).item(),
                Losses.nll(z.logSoftmax(-1), 1, 2, 0).item());
    }

    @Test
    void the_mean_with_class_weights_is_weighted() {
        Node logs = constant(new double[][] {{-1, -2}, {-3, -4}});
        // (3 * 1 + 0.5 * 4) / (3 + 0.5)
        assertEquals(
                5 / 3.5,
                Losses.nll(logs, constant(0, 1), ENTROPY.weight(Tensor.of(3, 0.5)))
                        .item(),
                1e-15);
        assertEquals(
                Tensor.of(3.0, 0),
                Losses.nll(
                                constant(new double[][] {{-1, 0}, {0, -INF}}),
                                constant(0, 1),
                                ENTROPY.weight(Tensor.of(3, 0.0)).reduction(Reduction.NONE))
                        .value());
    }

    @Property
    void binary_cross_entropy_of_sigmoid_is_that_of_logits(@ForAll long seed) {
        Node z = variable(random(seed, -9, 9, 2, 3));
        Node t = constant(random(seed + 1, 0, 1, 2, 3));
        BinaryCrossEntropyOptions options =
                BINARY.posWeight(Tensor.of(2, 1, 0.5)).weight(Tensor.of(3.0)).reduction(Reduction.SUM);
        Node expected = Losses.binaryCrossEntropyWithLogits(z, t, options);
        Node actual = Losses.binaryCrossEntropy(z.sigmoid(), t, options);
        assertEquals(expected.item(), actual.item(), 1e-10);
        Tensor gap = expected.backward()
                .of(z)
                .value()
                .sub(actual.backward().of(z).value())
                .abs();
        assertTrue(gap.max().item() < 1e-10, gap::toString);
    }

    @Test
    void logarithms_of_probabilities_are_limited_to_minus_100() {
        Node y = variable(0, 1, 1e-50, 1, 0);
        Node loss = Losses.binaryCrossEntropy(y, constant(1, 0, 1, 1, 0), BINARY.reduction(Reduction.NONE));
        assertEquals(Tensor.of(100, 100, 100, 0, 0), loss.value());
        assertEquals(
                Tensor.of(0, 0, 0, -1, 1), loss.sum().backward().of(y).value().add(0));
    }

    @Test
    void an_infinite_logit_that_is_right_adds_nothing() {
        Node z = variable(-INF, INF, 0);
        Node loss = Losses.binaryCrossEntropyWithLogits(z, constant(0, 1, 1), BINARY.reduction(Reduction.SUM));
        assertEquals(Math.log(2), loss.item(), 1e-16);
        assertEquals(Tensor.of(0, 0, -0.5), loss.backward().of(z).value());
    }

    @Test
    void focal_loss_without_exponent_is_binary_cross_entropy_and_is_exact_at_large_logits() {
        Node z = variable(3, -2, 1e4, -1e4, INF);
        Node t = constant(1, 0.25, 1, 0, 1);
        Node half = Losses.sigmoidFocal(z, t, 0.5, 0, Reduction.NONE);
        assertEquals(
                Losses.binaryCrossEntropyWithLogits(z, t, BINARY.reduction(Reduction.NONE))
                        .value()
                        .div(2),
                half.value());
        Node focal = Losses.sigmoidFocal(variable(50.0), constant(1.0), 1, 2, Reduction.SUM);
        assertEquals(Math.exp(-150), focal.item(), 1e-14 * Math.exp(-150));
        Tensor slope = Losses.sigmoidFocal(z, t).backward().of(z).value();
        assertEquals(Tensor.of(0, 0, 0), slope.slice(0, 2, 5).abs());
    }

    @Test
    void dice_of_equal_and_of_disjoint_sets() {
        Node a = constant(new double[][] {{1, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 0}});
        Node b = constant(new double[][] {{1, 1, 0, 0}, {0, 1, 1, 0}, {0, 0, 0, 0}});
        assertEquals(
                Tensor.of(0, 1 - 1 / 4.0, 0),
                Losses.dice(a, b, 1, Reduction.NONE).value());
    }

    @Test
    void info_nce_of_orthogonal_vectors() {
        Node x = constant(new double[][] {{2, 0}, {0, 5}});
        assertEquals(
                Math.log1p(Math.exp(-2)),
                Losses.infoNce(x, x, 0.5, Reduction.MEAN).item(),
                1e-15);
        assertEquals(Math.log(2), Losses.infoNce(x.mul(0), x).item(), 1e-15);
    }

    @Property
    void the_divergence_of_distributions(@ForAll long seed) {
        Node x = constant(random(seed, -2, 2, 3, 4)).logSoftmax(-1);
        Node p = constant(random(seed + 1, -2, 2, 3, 4)).softmax(-1);
        Node divergence = Losses.klDiv(x, p, false, Reduction.BATCH_MEAN);
        Node entropy = p.mul(p.log()).sum(-1).mean();
        assertEquals(Losses.nll(x, p).item() + entropy.item(), divergence.item(), 1e-14);
        assertEquals(
                divergence.item(),
                Losses.klDiv(x, p.log(), true, Reduction.BATCH_MEAN).item(),
                1e-14);
        assertEquals(divergence.item() / 4, Losses.klDiv(x, p).item(), 1e-14);
        assertEquals(0, Losses.klDiv(p.log(), p).item());
    }

    @Test
    void the_second_derivative_of_huber_is_that_of_its_parts() {
        for (double[] at : new double[][] {{0, 1}, {0.25, 1}, {-0.5, 1}, {0.75, 0}, {-3, 0}}) {
            Node x = variable(at[0]);
            Node y = Losses.huber(x, constant(0.0), 0.6, Reduction.SUM);
            Node slope = Derivatives.gradients(y, constant(1.0), true, x)[0];
            assertEquals(Math.max(-0.6, Math.min(0.6, at[0])), slope.item(), 1e-16);
            assertEquals(at[1], Derivatives.gradients(slope, constant(1.0), true, x)[0].item());
        }
    }

    @Test
    void likelihoods_are_those_of_the_distributions() {
        double density = Math.exp(-0.5 * 1.5 * 1.5 / 4) / Math.sqrt(2 * Math.PI * 4);
        Node normal = Losses.gaussianNll(constant(1.0), constant(2.5), constant(4.0), true, Reduction.SUM);
        assertEquals(-Math.log(density), normal.item(), 1e-15);
        double mass = Math.exp(-3) * Math.pow(3, 20) / 2432902008176640000.0;
        for (boolean log : new boolean[] {true, false}) {
            Node x = constant(log ? Math.log(3) : 3);
            double found = Losses.poissonNll(x, constant(20.0), log, true, Reduction.SUM)
                    .item();
            assertEquals(-Math.log(mass), found, 1.0 / (12 * 20)); // the error of Stirling's formula
        }
    }

    static Stream<Arguments> options() {
        return Stream.of(
                bad(() -> ENTROPY.labelSmoothing(1.5), "CrossEntropyOptions: labelSmoothing 1.5 must be from 0 to 1"),
                bad(() -> ENTROPY.labelSmoothing(Double.NaN), "labelSmoothing NaN"),
                bad(() -> ENTROPY.weight(Tensor.of(1, -1.0)), "the weights [ 1. -1.] must be finite and at least 0"),
                bad(() -> ENTROPY.weight(Tensor.of(1, INF)), "must be finite and at least 0"),
                bad(
                        () -> Losses.huber(constant(1.0), constant(1.0), 0, Reduction.SUM),
                        "huber: delta 0.0 must be more than 0"),
                bad(() -> Losses.huber(constant(1.0), constant(1.0), INF, Reduction.SUM), "huber: delta Infinity"),
                bad(
                        () -> Losses.smoothL1(constant(1.0), constant(1.0), -1, Reduction.SUM),
                        "beta -1.0 must be at least 0"),
                bad(
                        () -> Losses.sigmoidFocal(constant(1.0), constant(1.0), 2, 2, Reduction.SUM),
                        "alpha 2.0 must be from 0 to 1"),
                bad(
                        () -> Losses.sigmoidFocal(constant(1.0), constant(1.0), 1, 0.5, Reduction.SUM),
                        "sigmoidFocal: gamma 0.5 must be 0, or finite and at least 1"),
                bad(
                        () -> Losses.sigmoidFocal(constant(1.0), constant(1.0), 1, INF, Reduction.SUM),
                        "gamma Infinity must be 0, or finite"),
                bad(
                        () -> Losses.infoNce(constant(1.0), constant(1.0), 0, Reduction.SUM),
                        "temperature 0.0 must be more than 0"));
    }

    @ParameterizedTest
    @MethodSource("options")
    void options_out_of_range_are_refused(Executable what, String message) {
        String found = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }

    @Property
    void cross_entropy_matches_its_definition_and_its_gradient_is_softmax_minus_one_hot(@ForAll long seed) {
        RandomStream random = RandomStream.of(seed, "logits");
        Node z = variable(Tensor.uniform(Shape.of(3, 4), -5, 5, random));
        int[] classes = {random.nextInt(4), random.nextInt(4), random.nextInt(4)};
        Node loss = Losses.softmaxCrossEntropy(z, classes);
        Tensor p = z.value().softmax(1);
        double expected = 0;
        for (int i = 0; i < 3; i++) {
            expected -= Math.log(p.get(i, classes[i])) / 3;
        }
        assertEquals(expected, loss.item(), 1e-13);
        Tensor oneHot = Embeddings.oneHot(4, classes).value();
        Tensor gap = loss.backward().of(z).value().sub(p.sub(oneHot).div(3)).abs();
        assertTrue(gap.max().item() < 1e-15, gap::toString);
    }

    @Property
    void class_indices_and_one_hot_targets_give_the_same_cross_entropy_at_any_rank(@ForAll long seed) {
        RandomStream random = RandomStream.of(seed, "logits");
        Node z = variable(Tensor.uniform(Shape.of(2, 3, 4), -5, 5, random));
        int[] k = IntStream.range(0, 6).map(i -> random.nextInt(4)).toArray();
        Tensor classes =
                Tensor.of(Shape.of(2, 3), IntStream.of(k).asDoubleStream().toArray());
        Node probabilities = Embeddings.oneHot(4, k).reshape(2, 3, 4);
        Node expected = Losses.softmaxCrossEntropy(z.reshape(6, 4), k);
        Tensor slope = expected.backward().of(z).value();
        for (Node loss : List.of(
                Losses.softmaxCrossEntropy(z, classes),
                Losses.softmaxCrossEntropy(z, constant(classes)),
                Losses.softmaxCrossEntropy(z, constant(classes.to(DType.FLOAT32))),
                Losses.softmaxCrossEntropy(z, probabilities.value()),
                Losses.softmaxCrossEntropy(z, probabilities))) {
            assertEquals(expected.item(), loss.item(), 1e-14);
            Tensor gap = loss.backward().of(z).value().sub(slope).abs();
            assertTrue(gap.max().item() < 1e-15, gap::toString);
        }
    }

    @Test
    void a_probability_of_zero_adds_nothing_where_the_logit_is_minus_infinity() {
        Node z = variable(new double[][] {{1, Double.NEGATIVE_INFINITY, 1}});
        Node loss = Losses.softmaxCrossEntropy(z, Tensor.of(new double[][] {{0.25, 0, 0.75}}));
        assertEquals(Math.log(2), loss.item(), 1e-15);
        assertEquals(
                Tensor.of(new double[][] {{0.25, 0, -0.25}}),
                loss.backward().of(z).value());
    }

    @Property
    void binary_cross_entropy_matches_its_definition(@ForAll long seed) {
        RandomStream random = RandomStream.of(seed, "logits");
        Tensor z = Tensor.uniform(Shape.of(2, 3), -5, 5, random);
        Tensor t = Tensor.uniform(Shape.of(2, 3), 0, 1, random);
        Tensor p = z.map(v -> 1 / (1 + Math.exp(-v)));
        double expected = -t.mul(p.log())
                        .add(t.neg().add(1).mul(p.neg().add(1).log()))
                        .sum()
                        .item()
                / 6;
        assertEquals(
                expected,
                Losses.binaryCrossEntropyWithLogits(constant(z), constant(t)).item(),
                1e-13);
    }

    @Test
    void losses_are_exact_at_extreme_logits() {
        Node z = variable(new double[][] {{1e4, 0}, {0, 50}});
        assertEquals(Math.exp(-50) / 2, Losses.softmaxCrossEntropy(z, 0, 1).item(), 1e-37);
        assertEquals(5000, Losses.softmaxCrossEntropy(z, 1, 1).item());
        Node one = constant(1.0);
        assertEquals(
                Math.exp(-50),
                Losses.binaryCrossEntropyWithLogits(variable(50.0), one).item(),
                1e-36);
        assertEquals(
                1e4, Losses.binaryCrossEntropyWithLogits(variable(-1e4), one).item());
        Node masked = variable(new double[][] {{1, Double.NEGATIVE_INFINITY, 1}});
        Node loss = Losses.softmaxCrossEntropy(masked, 0);
        assertEquals(Math.log(2), loss.item(), 1e-15);
        assertEquals(0, loss.backward().of(masked).value().get(0, 1));
    }

    @Test
    void the_loss_of_a_perfect_prediction_is_zero_and_not_minus_zero() {
        assertEquals(
                0.0,
                Losses.softmaxCrossEntropy(constant(new double[][] {{1e4, 0}}), 0)
                        .item());
    }

    @Test
    void the_mean_squared_error_of_a_pair_computed_by_hand() {
        assertEquals(
                2.5, Losses.meanSquaredError(constant(1, 2), constant(2, 4)).item());
    }

    static Stream<Arguments> mismatches() {
        Node z = constant(new double[][] {{1, 2}, {3, 4}});
        Node single = constant(Tensor.ones(2, 2).to(DType.FLOAT32));
        String types = "[2, 2] x [2, 2]: the first is FLOAT64, the second FLOAT32; convert one, as with .to(FLOAT64)";
        return Stream.of(
                bad(
                        () -> Losses.softmaxCrossEntropy(z, 0),
                        "softmaxCrossEntropy: [2, 2]: 1 class for 2 rows of logits"),
                bad(() -> Losses.nll(constant(-1, -2), 0, 1), "nll: [2]: 2 classes for 1 row of scores"),
                bad(
                        () -> Losses.softmaxCrossEntropy(constant(1.0), 0),
                        "softmaxCrossEntropy: []: it takes logits [.., c], one row for each class"),
                bad(() -> Losses.binaryCrossEntropyWithLogits(z, single), "binaryCrossEntropyWithLogits: " + types),
                bad(() -> Losses.softmaxCrossEntropy(z, single), "softmaxCrossEntropy: " + types),
                bad(() -> Losses.meanSquaredError(z, single), "meanSquaredError: " + types),
                bad(() -> Losses.infoNce(z, single), "infoNce: " + types),
                bad(() -> Losses.gaussianNll(z, z, single), "gaussianNll: " + types),
                bad(() -> MarginLosses.tripletMargin(z, z, single), "tripletMargin: " + types),
                bad(() -> MarginLosses.marginRanking(z, z, single), "marginRanking: " + types),
                bad(
                        () -> Losses.infoNce(z, constant(1, 2)),
                        "infoNce: [2, 2] x [2]: queries and keys must have the same shape, [n, d]"),
                bad(
                        () -> MarginLosses.tripletMargin(z, z, constant(1, 2)),
                        "tripletMargin: [2, 2] x [2, 2] x [2]: anchor, positive and negative must have the same shape, [.., d]"),
                bad(() -> Losses.softmaxCrossEntropy(z, 0, 2), "class 2 at [1] is out of range: they run from 0 to 1"),
                bad(
                        () -> Losses.softmaxCrossEntropy(z, -1, 0),
                        "class -1 at [0] is out of range: they run from 0 to 1"),
                bad(() -> Losses.softmaxCrossEntropy(constant(Tensor.zeros(0, 3))), "empty batch"),
                bad(
                        () -> Losses.softmaxCrossEntropy(z, Tensor.ones(2, 1)),
                        "softmaxCrossEntropy: [2, 2] x [2, 1]: the target must have the logits' shape (probabilities) or"
                                + " that without the last axis (classes)"),
                bad(() -> Losses.softmaxCrossEntropy(constant(1.0), Tensor.of(1.0)), "the target must have"),
                bad(() -> Losses.softmaxCrossEntropy(z, Tensor.of(0, 2.0)), "class 2 at [1] is out of range"),
                bad(() -> Losses.softmaxCrossEntropy(z, Tensor.of(0, 0.5)), "0.5 at position 1 is not an int"),
                bad(() -> Losses.softmaxCrossEntropy(constant(Tensor.zeros(2, 0)), Tensor.zeros(2, 0)), "no classes"),
                bad(
                        () -> Losses.softmaxCrossEntropy(z, constant(-1, -1), ENTROPY.ignoreIndex(-1)),
                        "all rows are ignored"),
                bad(
                        () -> Losses.softmaxCrossEntropy(z, constant(1, 1), ENTROPY.weight(Tensor.of(1, 0.0))),
                        "the mean is undefined: all rows are ignored, or weigh 0"),
                bad(
                        () -> Losses.softmaxCrossEntropy(z, constant(1, 1), ENTROPY.weight(Tensor.of(1, 2, 3.0))),
                        "softmaxCrossEntropy: [2, 2]: weights [3] do not fit 2 classes"),
                bad(
                        () -> Losses.softmaxCrossEntropy(z, z.div(4), ENTROPY.ignoreIndex(0)),
                        "ignoreIndex needs class indices"),
                bad(
                        () -> Losses.nll(z.neg(), constant(-100, 2), ENTROPY.ignoreIndex(-100)),
                        "nll: [2, 2]: class 2 at [1]"),
                bad(
                        () -> Losses.l1(constant(Tensor.zeros(0)), constant(Tensor.zeros(0))),
                        "l1: [0]: the mean over an empty"),
                bad(() -> Losses.binaryCrossEntropy(z, z), "probability at [0, 1] is 2.0; it must be from 0 to 1"),
                bad(
                        () -> Losses.binaryCrossEntropyWithLogits(z, z.div(4), BINARY.posWeight(Tensor.ones(3))),
                        "posWeight [3] cannot be broadcast to the terms"),
                bad(
                        () -> Losses.binaryCrossEntropyWithLogits(z, z.div(4), BINARY.weight(Tensor.ones(2, 2, 2))),
                        "weight [2, 2, 2] cannot be broadcast to the terms"),
                bad(
                        () -> Losses.gaussianNll(z, z, constant(1, 2)),
                        "gaussianNll: [2, 2] x [2]: the variance must have"),
                bad(() -> Losses.gaussianNll(z, z, z.neg()), "gaussianNll: [2, 2]: a variance is -4.0"),
                bad(() -> Losses.crossEntropyError(z.div(4), 0, 2), "class 2 at [1] is out of range"),
                bad(() -> Losses.dice(constant(1.0), constant(1.0)), "dice: []: it takes [n, ..]"),
                bad(
                        () -> Losses.infoNce(constant(1, 2), constant(1, 2)),
                        "infoNce: [2] x [2]: it takes matrices [n, d]"),
                bad(() -> Losses.klDiv(z, constant(1, 2)), "klDiv: [2, 2] x [2]: prediction and target must have"),
                bad(() -> Losses.meanSquaredError(z, constant(1, 2)), "meanSquaredError: [2, 2] x [2]"),
                bad(() -> Losses.binaryCrossEntropyWithLogits(z, constant(1, 2)), "must have the same shape"));
    }

    static Stream<Arguments> targets() {
        Node z = constant(new double[][] {{0.5, Double.NaN}, {1, 0}});
        Node high = constant(new double[][] {{0.5, 1}, {2, 0}});
        Node low = variable(new double[][] {{0.5, 1}, {0, -0.25}});
        Node logs = constant(new double[][] {{-1, -2}, {0, 0.5}});
        String notLogs = "[2, 2]: element at [1, 1] is 0.5; these are not log-probabilities: take logSoftmax first";
        return Stream.of(
                bad(
                        () -> Losses.sigmoidFocal(z, high),
                        "sigmoidFocal: [2, 2]: target at [1, 0] is 2.0; it must be from 0 to 1"),
                bad(
                        () -> Losses.sigmoidFocal(z, low),
                        "sigmoidFocal: [2, 2]: target at [1, 1] is -0.25; it must be from 0 to 1"),
                bad(
                        () -> Losses.binaryCrossEntropyWithLogits(z, high),
                        "binaryCrossEntropyWithLogits: [2, 2]: target at [1, 0] is 2.0; it must be from 0 to 1"),
                bad(
                        () -> Losses.binaryCrossEntropy(z, low),
                        "binaryCrossEntropy: [2, 2]: target at [1, 1] is -0.25; it must be from 0 to 1"),
                bad(
                        () -> MarginLosses.multilabelSoftMargin(z, high),
                        "multilabelSoftMargin: [2, 2]: target at [1, 0] is 2.0; it must be from 0 to 1"),
                bad(() -> Losses.dice(z, low), "dice: [2, 2]: target at [1, 1] is -0.25; it must be from 0 to 1"),
                bad(() -> Losses.dice(high, z), "dice: [2, 2]: probability at [1, 0] is 2.0; it must be from 0 to 1"),
                bad(
                        () -> Losses.poissonNll(z, low),
                        "poissonNll: [2, 2]: count at [1, 1] is -0.25; it must be at least 0"),
                bad(
                        () -> Losses.poissonNll(low, high, false, false, Reduction.SUM),
                        "poissonNll: [2, 2]: rate at [1, 1] is -0.25; it must be at least 0"),
                bad(
                        () -> Losses.klDiv(z, constant(new double[][] {{Double.NaN, -1}, {0, 1}})),
                        "klDiv: [2, 2]: target at [0, 1] is -1.0; it must be at least 0"),
                bad(() -> Losses.klDiv(z, low), "klDiv: [2, 2]: target at [1, 1] is -0.25; it must be at least 0"),
                bad(
                        () -> Losses.softmaxCrossEntropy(z, high),
                        "softmaxCrossEntropy: [2, 2]: target at [1, 0] is 2.0; it must be from 0 to 1"),
                bad(
                        () -> Losses.nll(logs.minimum(0), low),
                        "nll: [2, 2]: target at [1, 1] is -0.25; it must be from 0 to 1"),
                bad(
                        () -> Losses.crossEntropyError(high, 0, 1),
                        "crossEntropyError: [2, 2]: probability at [1, 0] is 2.0; it must be from 0 to 1"),
                bad(
                        () -> Losses.crossEntropyError(z, low),
                        "crossEntropyError: [2, 2]: target at [1, 1] is -0.25; it must be from 0 to 1"),
                bad(() -> Losses.nll(logs, 0, 0), "nll: " + notLogs),
                bad(() -> Losses.nll(logs, z), "nll: " + notLogs),
                bad(() -> Losses.nll(logs, constant(7, 1), ENTROPY.ignoreIndex(7)), "nll: " + notLogs));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void values_out_of_range_are_refused_with_their_position(Executable what, String message) {
        assertEquals(message, assertThrows(OperandMismatch.class, what).getMessage());
    }

    @Test
    void rounding_errors_of_targets_and_log_probabilities_are_legal() {
        Node t = constant(-1e-8, 1 + 1e-7);
        Losses.binaryCrossEntropyWithLogits(constant(1, 2), t);
        Losses.softmaxCrossEntropy(constant(1, 2), t);
        assertEquals(
                -1e-7, Losses.nll(constant(new double[][] {{1e-7, -20}}), 0).item());
        assertEquals(
                1,
                Losses.poissonNll(constant(1.0), constant(0.0), false, false, Reduction.SUM)
                        .item());
        Node ignored = constant(new double[][] {{5, 6}, {-1, -2}});
        assertEquals(
                1, Losses.nll(ignored, constant(7, 0), ENTROPY.ignoreIndex(7)).item());
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void operands_of_wrong_shape_are_refused_with_sizes(Executable what, String message) {
        String found = assertThrows(OperandMismatch.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }
}
