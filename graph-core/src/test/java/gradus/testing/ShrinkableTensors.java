package gradus.testing;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/**
 * Tensors that shrink to smaller shapes, then to numbers of fewer digits.
 *
 * <p>A smaller tensor contains a contiguous slice of the values of the larger one. Several slices are tried, so that one of
 * them contains an element that causes the failure. Values are rounded to one, two or three significant digits all at once,
 * then one by one to a single digit. Candidates outside the bounds, or with new ties, are skipped, and rounding to significant
 * digits never gives zero: functions may have kinks at ties and zeros, where a wrong rule would be reported as a kink.
 *
 * @param shapes one per tensor
 * @param x the values of all tensors, one after the other
 */
record ShrinkableTensors(Shrinkable<List<Shape>> shapes, double[] x, double low, double high)
        implements Shrinkable<List<Tensor>> {
    // removing an axis divides a size by no more than this, so that some slice contains any one element
    private static final int SLICES = 8;

    static ShrinkableTensors drawn(Shrinkable<List<Shape>> shapes, double low, double high, long seed) {
        double[] x = draw(total(shapes.value()), low, high, RandomStream.of(seed, "values"));
        return new ShrinkableTensors(shapes, x, low, high);
    }

    private static double[] draw(int n, double low, double high, RandomStream random) {
        return Tensor.uniform(Shape.of(n), low, high, random).toDoubleArray();
    }

    private static int total(List<Shape> shapes) {
        return shapes.stream().mapToInt(Shape::size).sum();
    }

    @Override
    public List<Tensor> value() {
        List<Tensor> tensors = new ArrayList<>();
        int from = 0;
        for (Shape s : shapes.value()) {
            tensors.add(Tensor.of(s, Arrays.copyOfRange(x, from, from + s.size())));
            from += s.size();
        }
        return List.copyOf(tensors);
    }

    @Override
    public ShrinkingDistance distance() {
        return shapes.distance().append(ShrinkingDistance.of(digits(x)));
    }

    @Override
    public Stream<Shrinkable<List<Tensor>>> shrink() {
        return Stream.concat(
                shapes.shrink().flatMap(this::ofSmallerShapes),
                roundedValues().map(y -> new ShrinkableTensors(shapes, y, low, high)));
    }

    private Stream<Shrinkable<List<Tensor>>> ofSmallerShapes(Shrinkable<List<Shape>> to) {
        return IntStream.range(0, slices(to.value()))
                .mapToObj(k -> new ShrinkableTensors(to, slice(to.value(), k), low, high));
    }

    /** Returns how many slices of the new sizes cover the present values of each tensor, up to a limit. */
    private int slices(List<Shape> to) {
        int most = 1;
        for (int i = 0; i < to.size(); i++) {
            int size = Math.max(1, to.get(i).size());
            most = Math.max(most, (shapes.value().get(i).size() + size - 1) / size);
        }
        return Math.min(most, SLICES);
    }

    /** Returns the k-th slice of the values of each tensor; where a tensor grows, as one of size 0 does, new ones. */
    private double[] slice(List<Shape> to, int k) {
        double[] y = draw(total(to), low, high, RandomStream.of(0, "new values"));
        int from = 0;
        int at = 0;
        for (int i = 0; i < to.size(); i++) {
            int oldSize = shapes.value().get(i).size();
            int newSize = to.get(i).size();
            for (int j = 0; j < Math.min(newSize, oldSize); j++) {
                y[at + j] = x[from + (k * newSize + j) % oldSize];
            }
            from += oldSize;
            at += newSize;
        }
        return y;
    }

    private Stream<double[]> roundedValues() {
        Stream<double[]> together = IntStream.rangeClosed(1, 3)
                .mapToObj(
                        digits -> Arrays.stream(x).map(v -> rounded(v, digits)).toArray());
        Stream<double[]> alone = IntStream.range(0, x.length).mapToObj(i -> {
            double[] y = x.clone();
            y[i] = rounded(x[i], 1);
            return y;
        });
        long digits = digits(x);
        long distinct = distinct(x);
        return Stream.concat(together, alone).filter(y -> digits(y) < digits && distinct(y) == distinct && inBounds(y));
    }

    private boolean inBounds(double... y) {
        return Arrays.stream(y).allMatch(v -> low <= v && v <= high);
    }

    private static double rounded(double v, int digits) {
        return new BigDecimal(v).round(new MathContext(digits)).doubleValue();
    }

    private static long digits(double... x) {
        return Arrays.stream(x)
                .mapToLong(v -> BigDecimal.valueOf(v).stripTrailingZeros().precision())
                .sum();
    }

    private static long distinct(double... x) {
        return Arrays.stream(x).distinct().count();
    }
}
