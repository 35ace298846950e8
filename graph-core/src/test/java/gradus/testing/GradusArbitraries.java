package gradus.testing;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Arbitraries of shapes, tensors and number types, for jqwik's properties.
 *
 * <p>Sizes are small: 0, 1 and primes. A failing sample shrinks to fewer axes, then to smaller sizes, then to
 * numbers of fewer digits.
 *
 * <p>The edge cases are those of shapes: a scalar, a single element, no element. Values have no edge cases, and do not shrink
 * to equal numbers or to zero: functions have kinks at ties and at zero, and a wrong rule would be reported as a kink. To
 * test kinks, pass such tensors explicitly.
 *
 * <p>{@code @ForAll Shape}, {@code @ForAll Tensor} and {@code @ForAll Pair} are these methods without arguments.
 */
public final class GradusArbitraries {
    private static final int MOST_AXES = 4;
    private static final double LOW = -2;
    private static final double HIGH = 2;

    private GradusArbitraries() {}

    /** Returns shapes of rank 0 to 4. */
    public static Arbitrary<Shape> shapes() {
        return shapes(0, MOST_AXES);
    }

    /**
     * Returns shapes of these ranks, both included.
     *
     * @throws IllegalArgumentException if the ranks are negative or in no order
     */
    public static Arbitrary<Shape> shapes(int minRank, int maxRank) {
        if (minRank < 0 || maxRank < minRank) {
            throw new IllegalArgumentException("shapes: no rank lies between " + minRank + " and " + maxRank);
        }
        return sizes().list()
                .ofMinSize(minRank)
                .ofMaxSize(maxRank)
                .map(d -> Shape.of(d.stream().mapToInt(Integer::intValue).toArray()));
    }

    /** Samples shrink to the first ones; the first and the last are edge cases. */
    private static Arbitrary<Integer> sizes() {
        return Arbitraries.frequency(
                Tuple.of(4, 1), Tuple.of(4, 2), Tuple.of(3, 3), Tuple.of(2, 5), Tuple.of(1, 7), Tuple.of(1, 0));
    }

    /**
     * Returns lists of n shapes that broadcast against each other: any of them may lack leading axes or have ones where
     * others are larger. They shrink to equal shapes.
     *
     * @throws IllegalArgumentException if n is negative
     */
    public static Arbitrary<List<Shape>> broadcastable(int n) {
        var ones =
                Arbitraries.integers().between(0, (1 << MOST_AXES) - 1).list().ofSize(n);
        var missing = Arbitraries.integers().between(0, MOST_AXES).list().ofSize(n);
        return Combinators.combine(shapes(), ones, missing).as((whole, one, less) -> IntStream.range(0, n)
                .mapToObj(i -> reduced(whole, one.get(i), less.get(i)))
                .toList());
    }

    /** Returns a shape without its first axes, and with size 1 along those whose bit is set, counted from the end. */
    private static Shape reduced(Shape s, int ones, int missing) {
        int[] d = new int[Math.max(0, s.rank() - missing)];
        for (int i = 1; i <= d.length; i++) {
            d[d.length - i] = ((ones >> (i - 1)) & 1) == 1 ? 1 : s.dim(-i);
        }
        return Shape.of(d);
    }

    /** Returns FLOAT64 tensors of {@link #shapes()}, with values from -2 to 2. */
    public static Arbitrary<Tensor> tensors() {
        return tensors(shapes(), LOW, HIGH);
    }

    /**
     * Returns FLOAT64 tensors of such shapes, with values between the bounds; {@code .map(t -> t.to(FLOAT32))} has them
     * in the other number type.
     *
     * @throws IllegalArgumentException if the bounds are not finite or in no order
     */
    public static Arbitrary<Tensor> tensors(Arbitrary<Shape> shapes, double low, double high) {
        Objects.requireNonNull(shapes, "tensors: shapes is null");
        requireRange("tensors", low, high);
        return new TensorsArbitrary(shapes.map(List::of), low, high).map(t -> t.get(0));
    }

    /**
     * Returns FLOAT64 tensors of one shape, with values between the bounds.
     *
     * @throws IllegalArgumentException if the bounds are not finite or in no order
     */
    public static Arbitrary<Tensor> tensors(Shape shape, double low, double high) {
        return tensors(Arbitraries.just(shape), low, high);
    }

    /** Returns pairs of tensors that broadcast against each other, with values from -2 to 2. */
    public static Arbitrary<Pair> pairs() {
        return pairs(LOW, HIGH);
    }

    /**
     * Returns pairs of FLOAT64 tensors that broadcast against each other, with values between the bounds.
     *
     * @throws IllegalArgumentException if the bounds are not finite or in no order
     */
    public static Arbitrary<Pair> pairs(double low, double high) {
        return operands(2, low, high).map(t -> new Pair(t.get(0), t.get(1)));
    }

    /**
     * Returns lists of n FLOAT64 tensors that broadcast against each other, with values between the bounds.
     *
     * @throws IllegalArgumentException if n is negative, or the bounds are not finite or in no order
     */
    public static Arbitrary<List<Tensor>> operands(int n, double low, double high) {
        requireRange("operands", low, high);
        return new TensorsArbitrary(broadcastable(n), low, high);
    }

    private static void requireRange(String what, double low, double high) {
        if (!(low <= high && Double.isFinite(high - low))) {
            throw new IllegalArgumentException(what + ": the bounds " + low + " and " + high + " make no range");
        }
    }

    /** Returns the number types; they shrink to FLOAT64. */
    public static Arbitrary<DType> dtypes() {
        return Arbitraries.of(DType.class);
    }
}
