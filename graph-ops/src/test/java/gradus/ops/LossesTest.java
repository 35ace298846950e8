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
import gradus.graph.Node;
import java.util.List;
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
        return Stream.of(
                bad(
                        () -> Losses.softmaxCrossEntropy(z, 0),
                        "softmaxCrossEntropy: [2, 2]: 1 classes need logits [1, c]"),
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
                bad(() -> Losses.softmaxCrossEntropy(constant(Tensor.zeros(2, 0)), Tensor.zeros(2, 0)), "empty batch"),
                bad(() -> Losses.meanSquaredError(z, constant(1, 2)), "meanSquaredError: [2, 2] x [2]"),
                bad(() -> Losses.binaryCrossEntropyWithLogits(z, constant(1, 2)), "must have the same shape"));
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
