package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.PairwiseDistances;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DistancesTest {
    private static Tensor random(long seed, int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(seed, "vectors"));
    }

    @Property(tries = 100)
    void each_distance_is_the_norm_of_the_difference(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int n,
            @ForAll @IntRange(min = 1, max = 5) int d,
            @ForAll @IntRange(max = 4) int p) {
        Node a = constant(random(seed, n, d));
        Node b = constant(random(seed + 1, 3, d));
        Node y = Distances.cdist(a, b, p);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 3; j++) {
                double expected = a.select(0, i).sub(b.select(0, j)).pNorm(p).item();
                assertEquals(expected, y.value().get(i, j), 1e-15 * d);
            }
        }
        assertEquals(y.value(), Distances.cdist(b, a, p).transpose().value());
    }

    @Property(tries = 100)
    void euclidean_distances_and_their_gradients_are_those_of_the_differences(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int n, @ForAll @IntRange(min = 1, max = 5) int d) {
        Node a = Node.variable(random(seed, 2, n, d).add(1e3));
        Node b = Node.variable(random(seed + 1, 4, d).add(1e3));
        Node y = Distances.cdist(a, b);
        Node expected = a.unsqueeze(-2).sub(b.unsqueeze(-3)).norm(-1);
        assertTrue(y.sub(expected).abs().max().item() < 1e-14);
        Tensor gy = random(seed + 2, 2, n, 4);
        for (Node x : new Node[] {a, b}) {
            Tensor gap =
                    y.backward(gy).of(x).value().sub(expected.backward(gy).of(x).value());
            assertTrue(gap.abs().max().item() < 1e-12, gap::toString);
        }
    }

    @Test
    void distances_of_many_vectors_are_those_of_a_few() {
        for (DType type : DType.values()) {
            Node a = constant(random(1, 500, 7).to(type));
            Node b = constant(random(2, 300, 7).to(type));
            Node y = Distances.cdist(a, b);
            assertEquals(
                    Distances.cdist(a.slice(0, 490, 500), b).value(),
                    y.slice(0, 490, 500).value());
            assertEquals(
                    Distances.cdist(a, b.slice(0, 290, 300)).value(),
                    y.slice(1, 290, 300).value());
            Tensor w = random(3, 500, 300).to(type);
            Tensor all = PairwiseDistances.weightedDifferences("test", w, a.value(), b.value());
            Tensor last = PairwiseDistances.weightedDifferences(
                    "test", w.slice(0, 490, 500), a.value().slice(0, 490, 500), b.value());
            assertEquals(last, all.slice(0, 490, 500));
        }
    }

    /** By {@code |a|^2 + |b|^2 - 2 a b} all digits would be lost. */
    @Test
    void distances_of_near_vectors_are_exact_and_a_distance_of_0_has_gradient_0() {
        Node a = Node.variable(new double[][] {{1e8, 1}, {3, 4}});
        Node b = Node.variable(new double[][] {{1e8, 1 + 0x1p-30}, {3, 4}});
        Node y = Distances.cdist(a, b);
        assertEquals(0x1p-30, y.value().get(0, 0));
        assertEquals(0, y.value().get(1, 1));
        Tensor seed = Tensor.of(new double[][] {{1, 0}, {0, 1}});
        assertEquals(
                Tensor.of(new double[][] {{0, -1}, {0, 0}}),
                y.backward(seed).of(a).value().add(0));
    }

    @Property(tries = 100)
    void the_cosine_is_one_of_a_vector_and_itself_and_does_not_depend_on_lengths(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int d) {
        Node a = constant(random(seed, 4, d));
        Node b = constant(random(seed + 1, 4, d));
        assertNear(1, Distances.cosineSimilarity(a, a.mul(1e-3), 1));
        assertNear(-1, Distances.cosineSimilarity(a, a.mul(-1e150), 1));
        Node gap = Distances.cosineSimilarity(a, b, 1).sub(Distances.cosineSimilarity(a.mul(1e3), b.mul(1e-2), -1));
        assertNear(0, gap);
        assertNear(
                0,
                Distances.cosineSimilarity(a, b, 1)
                        .sub(Distances.normalize(a, 1)
                                .mul(Distances.normalize(b, 1))
                                .sum(1)));
    }

    private static void assertNear(double expected, Node y) {
        assertTrue(y.sub(expected).abs().max().item() < 1e-14, () -> expected + " and " + y);
    }

    @Property(tries = 100)
    void a_normalized_vector_has_norm_one_and_a_zero_vector_stays_zero(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int d, @ForAll @IntRange(min = 1, max = 4) int p) {
        Node x = constant(random(seed, 3, d));
        assertNear(1, Distances.normalize(x, p, 1).pNorm(p, 1));
        Node zero = Node.variable(Tensor.zeros(2, d));
        Node y = Distances.normalize(zero, p, 1);
        assertEquals(Tensor.zeros(2, d), y.value());
        assertEquals(1e12, y.sum().backward().of(zero).value().max().item());
    }

    @Test
    void bad_arguments_are_refused_with_sizes() {
        Node a = constant(Tensor.ones(2, 3)).named("a");
        Node b = constant(Tensor.ones(4, 2)).named("b");
        assertMessage("cdist: a [2, 3] x b [4, 2]: it takes [.., n, d] and [.., m, d]", () -> Distances.cdist(a, b));
        assertMessage(
                "cdist: [] x b [4, 2]: it takes [.., n, d] and [.., m, d]", () -> Distances.cdist(constant(1), b));
        assertMessage(
                "cdist: [2, 4, 2] x [3, 4, 2]: sizes 2 and 3 (axis -3) differ and neither is 1",
                () -> Distances.cdist(constant(Tensor.ones(2, 4, 2)), constant(Tensor.ones(3, 4, 2))));
        assertMessage("cdist: p = -1.0 is not 0 or more", () -> Distances.cdist(a, a, -1));
        assertMessage("cdist: p = NaN is not 0 or more", () -> Distances.cdist(a, a, Double.NaN));
        assertMessage("normalize: p = NaN is not 0 or more", () -> Distances.normalize(a, Double.NaN, 0));
        assertMessage(
                "normalize: a [2, 3]: axis 2 is out of range: axes run from -2 to 1", () -> Distances.normalize(a, 2));
        assertMessage(
                "cosineSimilarity: a [2, 3] x b [4, 2]: sizes 3 and 2 (axis -1) differ and neither is 1",
                () -> Distances.cosineSimilarity(a, b, 0));
        assertMessage(
                "cosineSimilarity: a [2, 3] x a [2, 3]: axis 2 is out of range: axes run from -2 to 1",
                () -> Distances.cosineSimilarity(a, a, 2));
        assertThrows(IllegalArgumentException.class, () -> Distances.cdist(a, a.to(DType.FLOAT32)));
    }

    static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
