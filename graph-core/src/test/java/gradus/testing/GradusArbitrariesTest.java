package gradus.testing;

import static gradus.testing.GradusArbitraries.broadcastable;
import static gradus.testing.GradusArbitraries.dtypes;
import static gradus.testing.GradusArbitraries.pairs;
import static gradus.testing.GradusArbitraries.shapes;
import static gradus.testing.GradusArbitraries.tensors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;

/** The arbitraries: what they draw, their coverage, and what failing samples shrink to. */
class GradusArbitrariesTest {
    @Provide
    Arbitrary<Tensor> positive() {
        return tensors(shapes(1, 2), 0.25, 0.5);
    }

    @Property
    void parameters_are_provided_by_their_type(
            @ForAll Shape s, @ForAll Tensor t, @ForAll Pair p, @ForAll DType d, @ForAll List<Tensor> many) {
        assertTrue(s.rank() <= 4 && t.shape().rank() <= 4, () -> s + " and " + t.shape());
        assertEquals(DType.FLOAT64, t.dtype());
        assertEquals(p.left().add(p.right()).shape(), p.shape());
        assertEquals(d, t.to(d).dtype());
        many.forEach(x -> assertTrue(Arrays.stream(x.toDoubleArray()).allMatch(v -> -2 <= v && v <= 2)));
    }

    @Property(edgeCases = EdgeCasesMode.MIXIN)
    void tensors_have_the_given_shapes_and_bounds(@ForAll("positive") Tensor t) {
        assertTrue(
                t.shape().rank() == 1 || t.shape().rank() == 2, () -> t.shape().toString());
        assertTrue(Arrays.stream(t.toDoubleArray()).allMatch(v -> 0.25 <= v && v <= 0.5), t::toString);
    }

    @Example
    void sizes_include_0_1_and_odd_numbers_and_every_rank_is_reached() {
        List<Shape> shapes = samples(shapes()).toList();
        assertEquals(Set.of(0, 1, 2, 3, 4), shapes.stream().map(Shape::rank).collect(Collectors.toSet()));
        assertEquals(
                Set.of(0, 1, 2, 3, 5, 7),
                shapes.stream()
                        .flatMapToInt(s -> Arrays.stream(s.dims()))
                        .boxed()
                        .collect(Collectors.toSet()));
        assertTrue(shapes.stream().filter(s -> s.size() > 0).count() > shapes.size() / 2);
        assertEquals(Set.of(DType.values()), samples(dtypes()).collect(Collectors.toSet()));
    }

    /** The ways in which two shapes can broadcast. */
    private enum Kind {
        EQUAL,
        LEFT_LACKS_AXES,
        RIGHT_LACKS_AXES,
        LEFT_HAS_ONE,
        RIGHT_HAS_ONE,
        BOTH_HAVE_ONES,
        SCALAR,
        ZERO_MEETS_ZERO,
        ZERO_MEETS_ONE;

        static EnumSet<Kind> of(Shape a, Shape b) {
            EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
            add(kinds, EQUAL, a.equals(b) && a.size() > 1);
            add(kinds, LEFT_LACKS_AXES, a.rank() < b.rank());
            add(kinds, RIGHT_LACKS_AXES, a.rank() > b.rank());
            add(kinds, SCALAR, a.rank() == 0 || b.rank() == 0);
            boolean left = false;
            boolean right = false;
            for (int i = 1; i <= Math.min(a.rank(), b.rank()); i++) {
                left |= a.dim(-i) == 1 && b.dim(-i) > 1;
                right |= b.dim(-i) == 1 && a.dim(-i) > 1;
                add(kinds, ZERO_MEETS_ZERO, a.dim(-i) == 0 && b.dim(-i) == 0);
                add(kinds, ZERO_MEETS_ONE, a.dim(-i) + b.dim(-i) == 1);
            }
            add(kinds, LEFT_HAS_ONE, left);
            add(kinds, RIGHT_HAS_ONE, right);
            add(kinds, BOTH_HAVE_ONES, left && right);
            return kinds;
        }

        private static void add(EnumSet<Kind> kinds, Kind kind, boolean holds) {
            if (holds) {
                kinds.add(kind);
            }
        }
    }

    @Example
    void pairs_broadcast_in_every_way() {
        EnumSet<Kind> met = EnumSet.noneOf(Kind.class);
        samples(pairs(1, 3)).forEach(p -> {
            assertEquals(p.left().mul(p.right()).shape(), p.shape());
            met.addAll(Kind.of(p.left().shape(), p.right().shape()));
        });
        assertEquals(EnumSet.allOf(Kind.class), met);
    }

    @Property
    void any_number_of_shapes_broadcasts_in_any_order(@ForAll("triples") List<Shape> s) {
        assertEquals(3, s.size());
        Shape left = Shape.broadcast("left", Shape.broadcast("left", s.get(0), s.get(1)), s.get(2));
        assertEquals(left, Shape.broadcast("right", s.get(0), Shape.broadcast("right", s.get(1), s.get(2))));
        s.forEach(one -> assertTrue(one.expandsTo(left)));
    }

    @Provide
    Arbitrary<List<Shape>> triples() {
        return broadcastable(3);
    }

    @Example
    void edge_cases_are_a_scalar_a_single_element_and_no_element() {
        Set<Shape> edges = edges(shapes()).collect(Collectors.toSet());
        assertEquals(Set.of(Shape.of(), Shape.of(1), Shape.of(0)), edges);
        assertEquals(edges, edges(tensors()).map(Tensor::shape).collect(Collectors.toSet()));
        assertTrue(edges(pairs()).anyMatch(p -> p.shape().equals(Shape.of(0))));
    }

    @Example
    void a_failing_shape_shrinks_to_the_smallest_that_fails() {
        assertEquals(Set.of(Shape.of()), shrunk(shapes(), s -> true));
        assertEquals(Set.of(Shape.of(1, 1)), shrunk(shapes(), s -> s.rank() > 1));
        assertEquals(Set.of(Shape.of(2)), shrunk(shapes(), s -> s.size() > 1));
        assertEquals(Set.of(Shape.of(0)), shrunk(shapes(), s -> s.size() == 0));
        assertEquals(Set.of(Shape.of(5)), shrunk(shapes(), s -> Arrays.stream(s.dims())
                .anyMatch(d -> d > 3)));
    }

    @Example
    void a_failing_pair_shrinks_to_the_fewest_and_smallest_axes() {
        assertEquals(Set.of(List.of(Shape.of(), Shape.of())), shrunk(broadcastable(2), s -> true));
        Predicate<List<Shape>> large = s -> s.get(0).size() > 1;
        assertEquals(Set.of(List.of(Shape.of(2), Shape.of(2))), shrunk(broadcastable(2), large));
        for (Pair p : shrunk(pairs(), p -> !p.left().shape().equals(p.right().shape()))) {
            assertTrue(p.shape().rank() == 1 && p.shape().size() <= 2, p::toString);
        }
    }

    @Example
    void a_failing_tensor_shrinks_to_few_elements_of_few_digits() {
        Predicate<Tensor> high =
                t -> t.shape().rank() > 0 && t.size() > 0 && t.max().item() > 1.5;
        assertEquals(Set.of(Tensor.of(new double[] {2})), shrunk(tensors(), high));
        for (Tensor t : shrunk(tensors(), t -> t.size() > 1)) {
            assertEquals(Shape.of(2), t.shape());
            assertTrue(Arrays.stream(t.toDoubleArray()).allMatch(v -> v * 1000 % 1 == 0), t::toString);
        }
    }

    /** Otherwise a wrong rule would shrink to a sample that is reported as a kink. */
    @Example
    void no_tensor_shrinks_to_ties_or_zeros_or_past_its_bounds() {
        for (Tensor t : shrunk(tensors(Shape.of(3, 3), -0.175, 1.25), t -> true)) {
            double[] x = t.toDoubleArray();
            assertEquals(9, Arrays.stream(x).distinct().count(), t::toString);
            assertTrue(Arrays.stream(x).allMatch(v -> v != 0 && -0.175 <= v && v <= 1.25), t::toString);
        }
    }

    @Example
    void ranks_and_bounds_out_of_order_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> shapes(-1, 2));
        assertThrows(IllegalArgumentException.class, () -> shapes(3, 2));
        assertThrows(IllegalArgumentException.class, () -> broadcastable(-1));
        assertThrows(IllegalArgumentException.class, () -> pairs(1, 0));
        assertThrows(IllegalArgumentException.class, () -> tensors(shapes(), Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> tensors(Shape.of(2), Double.NEGATIVE_INFINITY, 1));
    }

    private static <T> Stream<T> samples(Arbitrary<T> a) {
        return a.generator(1000).stream(new Random(1)).limit(2000).map(Shrinkable::value);
    }

    private static <T> Stream<T> edges(Arbitrary<T> a) {
        return a.edgeCases(100).suppliers().stream().map(s -> s.get().value());
    }

    /**
     * Returns what twenty failing samples shrink to, each by taking the first simpler sample that fails as long as
     * there is one.
     */
    private static <T> Set<T> shrunk(Arbitrary<T> a, Predicate<T> fails) {
        return IntStream.range(0, 20)
                .mapToObj(seed -> a.generator(1000).stream(new Random(seed))
                        .limit(10_000)
                        .filter(s -> fails.test(s.value()))
                        .findFirst()
                        .orElseThrow())
                .map(s -> end(s, fails))
                .collect(Collectors.toSet());
    }

    private static <T> T end(Shrinkable<T> failing, Predicate<T> fails) {
        Shrinkable<T> last = failing;
        Optional<Shrinkable<T>> next = Optional.of(failing);
        while (next.isPresent()) {
            Shrinkable<T> from = next.get();
            last = from;
            next = from.shrink()
                    .filter(s -> fails.test(s.value()) && s.compareTo(from) < 0)
                    .findFirst();
        }
        return last.value();
    }
}
