package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MarginLossesTest {
    private static final TripletMarginOptions TRIPLET = TripletMarginOptions.DEFAULT.reduction(Reduction.NONE);

    @Test
    void values_computed_by_hand() {
        Node t = constant(1, -1, -1);
        assertEquals(
                Tensor.of(3, 0.5, 0),
                MarginLosses.hingeEmbedding(constant(3, 0.5, 2), t, 1, Reduction.NONE)
                        .value());
        assertEquals(
                Tensor.of(0, 3.5, 0.5),
                MarginLosses.marginRanking(constant(2, 3, 1), constant(1, 0, 1), t, 0.5, Reduction.NONE)
                        .value());
        Node x = constant(new double[][] {{1, 2, 4}, {5, 0, 4.5}});
        // row 0, class 1: 0 and 3; row 1, class 0: 0 and 0.5
        assertEquals((3 + 0.5) / 3 / 2, MarginLosses.multiMargin(x, 1, 0).item(), 1e-15);
        assertEquals(
                (9 + 0.25) / 3,
                MarginLosses.multiMargin(x, constant(1, 0), 2, 1, Reduction.SUM).item(),
                1e-15);
        Node a = constant(new double[][] {{1, 0}, {1, 0}, {2, 0}});
        Node b = constant(new double[][] {{1, 1}, {1, 1}, {-3, 0}});
        double cos = 1 / Math.sqrt(2);
        Tensor angles =
                MarginLosses.cosineEmbedding(a, b, t, 0.5, Reduction.NONE).value();
        assertEquals(1 - cos, angles.get(0), 1e-11);
        assertEquals(cos - 0.5, angles.get(1), 1e-11);
        assertEquals(0, angles.get(2));
        Node far = constant(new double[][] {{4, 4}, {1, 0.5}, {2, 0}});
        // the distances of b are 1, 1 and 5, those of far 5, 0.5 and 0
        Tensor triplet = MarginLosses.tripletMargin(a, b, far, TRIPLET).value();
        assertEquals(0, triplet.get(0));
        assertEquals(1.5, triplet.get(1), 1e-5);
        assertEquals(6, triplet.get(2), 1e-5);
    }

    @Test
    void swapped_the_negative_is_as_near_as_it_is_to_the_positive() {
        Node anchor = constant(0, 0);
        Node positive = constant(2, 0);
        Node negative = constant(3.5, 0);
        assertEquals(0, MarginLosses.tripletMargin(anchor, positive, negative).item());
        assertEquals(
                1.5,
                MarginLosses.tripletMargin(anchor, positive, negative, TRIPLET.swap(true))
                        .item(),
                1e-5);
    }

    @Property
    void soft_margin_is_binary_cross_entropy_with_other_labels(@ForAll long seed) {
        Node x = variable(Tensor.uniform(Shape.of(2, 3), -50, 50, RandomStream.of(seed, "scores")));
        Node t = constant(new double[][] {{1, -1, -1}, {1, 1, -1}});
        Node soft = MarginLosses.softMargin(x, t);
        Node binary = Losses.binaryCrossEntropyWithLogits(x, t.gt(0));
        assertEquals(binary.item(), soft.item(), 1e-15 * binary.item());
        Tensor gap = soft.backward()
                .of(x)
                .value()
                .sub(binary.backward().of(x).value())
                .abs();
        assertTrue(gap.max().item() < 1e-15, gap::toString);
        assertEquals(
                binary.item(), MarginLosses.multilabelSoftMargin(x, t.gt(0)).item(), 1e-14 * binary.item());
    }

    @Test
    void beyond_the_margin_the_gradient_is_zero_and_at_equal_scores_it_is_not() {
        Node x = variable(3, 1);
        Node slope = MarginLosses.marginRanking(x, constant(1, 1), constant(1, 1), 0, Reduction.SUM)
                .backward()
                .of(x);
        assertEquals(Tensor.of(0, -1.0), slope.value().add(0));
    }

    static Stream<Arguments> bad() {
        Node x = constant(new double[][] {{1, 2}, {3, 4}});
        Node t = constant(1, -1);
        return Stream.of(
                bad(
                        () -> MarginLosses.hingeEmbedding(x, x),
                        "hingeEmbedding: [2, 2]: a label is 2.0; labels must be 1 or -1"),
                bad(() -> MarginLosses.hingeEmbedding(x, t), "hingeEmbedding: [2, 2] x [2]: prediction and target"),
                bad(() -> MarginLosses.softMargin(t, constant(0, 1)), "softMargin: [2]: a label is 0.0"),
                bad(
                        () -> MarginLosses.marginRanking(t, t, constant(1.0)),
                        "marginRanking: [2] x [2] x []: x1, x2 and t must have the same shape"),
                bad(
                        () -> MarginLosses.marginRanking(t, t, t, Double.NaN, Reduction.SUM),
                        "marginRanking: margin NaN must be finite"),
                bad(() -> MarginLosses.multiMargin(x, 0, 2), "multiMargin: [2, 2]: class 2 at [1] is out of range"),
                bad(() -> MarginLosses.multiMargin(x, 0), "multiMargin: [2, 2]: 1 classes need as many rows"),
                bad(() -> MarginLosses.multiMargin(x, x), "must have one element for each row, [2]"),
                bad(() -> MarginLosses.multiMargin(x, t, 3, 1, Reduction.SUM), "multiMargin: p 3 must be 1 or 2"),
                bad(
                        () -> MarginLosses.multilabelSoftMargin(constant(1.0), constant(1.0)),
                        "multilabelSoftMargin: []: it takes rows, [.., n] with n from 1 up"),
                bad(
                        () -> MarginLosses.cosineEmbedding(x, x, constant(1.0)),
                        "cosineEmbedding: [2, 2] x []: the target must have one element for each row, [2]"),
                bad(() -> MarginLosses.tripletMargin(x, x, t), "tripletMargin: [2, 2] x [2, 2] x [2]: "),
                bad(() -> TRIPLET.p(0.5), "TripletMarginOptions: p 0.5 must be at least 1"),
                bad(() -> TRIPLET.margin(1 / 0.0), "TripletMarginOptions: margin Infinity must be finite"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_does_not_fit_is_named(Executable what, String message) {
        String found = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }

    @Test
    void cosine_embedding_of_long_vectors_does_not_overflow() {
        Node x = Node.constant(
                Tensor.of(new double[][] {{1e15, 0}, {1e15, 1e15}}).to(DType.FLOAT32));
        Node y = Node.constant(
                Tensor.of(new double[][] {{1e15, 0}, {-1e15, 1e15}}).to(DType.FLOAT32));
        Node labels = Node.constant(Tensor.of(1, 1).to(DType.FLOAT32));
        Tensor losses =
                MarginLosses.cosineEmbedding(x, y, labels, 0, Reduction.NONE).value();
        assertEquals(0, losses.get(0), 2e-7);
        assertEquals(1, losses.get(1), 2e-7);
    }
}
