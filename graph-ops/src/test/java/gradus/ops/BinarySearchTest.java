package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.ops.DistancesTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BinarySearchTest {
    private static Node wholeNumbers(long seed, int... dims) {
        return constant(Tensor.uniform(Shape.of(dims), -3, 3, RandomStream.of(seed, "values"))
                .map(Math::rint));
    }

    @Property(tries = 300)
    void a_position_counts_the_smaller_elements(
            @ForAll long seed,
            @ForAll @IntRange(max = 9) int n,
            @ForAll @IntRange(max = 4) int m,
            @ForAll boolean right,
            @ForAll DType type) {
        Node sorted = wholeNumbers(seed, 3, n).sort(1).values().to(type);
        Node values = wholeNumbers(seed + 1, 3, m).to(type);
        Node smaller = right
                ? sorted.unsqueeze(1).le(values.unsqueeze(2))
                : sorted.unsqueeze(1).lt(values.unsqueeze(2));
        assertEquals(
                smaller.sum(2).value(),
                BinarySearch.searchSorted(sorted, values, right).value());
        Node first = sorted.select(0, 0);
        Node ofFirst = right
                ? first.le(values.unsqueeze(2)).sum(2)
                : first.lt(values.unsqueeze(2)).sum(2);
        assertEquals(
                ofFirst.value(), BinarySearch.searchSorted(first, values, right).value());
        assertEquals(
                ofFirst.value(), BinarySearch.bucketize(values, first, right).value());
    }

    @Test
    void nan_comes_after_every_number() {
        Node sorted = constant(1, Double.POSITIVE_INFINITY, Double.NaN, Double.NaN);
        Node values = constant(1, 5, Double.POSITIVE_INFINITY, Double.NaN);
        assertEquals(
                Tensor.of(0, 1, 1, 2), BinarySearch.searchSorted(sorted, values).value());
        assertEquals(
                Tensor.of(1, 1, 2, 4),
                BinarySearch.bucketize(values, sorted, true).value());
        assertMessage(
                "bucketize: [3]: 2.0 after NaN at position 2 is not in ascending order",
                () -> BinarySearch.bucketize(values, constant(1, Double.NaN, 2)));
    }

    @Test
    void bad_arguments_are_refused_with_sizes() {
        Node sorted = constant(Tensor.of(new double[][] {{1, 2, 3}, {0, 5, 4}})).named("s");
        Node x = constant(Tensor.ones(3, 2)).named("x");
        String shapes = "it takes [n] and any shape, or [.., n] and [.., m] with the same leading axes";
        assertMessage("searchSorted: s [2, 3] x x [3, 2]: " + shapes, () -> BinarySearch.searchSorted(sorted, x));
        assertMessage("searchSorted: [] x x [3, 2]: " + shapes, () -> BinarySearch.searchSorted(constant(1), x));
        assertMessage(
                "searchSorted: s [2, 3]: 4.0 after 5.0 at position 2 is not in ascending order",
                () -> BinarySearch.searchSorted(sorted, constant(Tensor.ones(2, 1))));
        assertMessage(
                "bucketize: x [3, 2] x s [2, 3]: the boundaries must be a vector",
                () -> BinarySearch.bucketize(x, sorted));
        assertMessage(
                "bucketize: [2] x x [3, 2]: one is FLOAT64, the other FLOAT32; convert one, as with .to(FLOAT64)",
                () -> BinarySearch.bucketize(x.to(DType.FLOAT32).named("x"), constant(1, 2)));
    }
}
