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
 * <p>A smaller tensor contains a contiguous chunk of the values of the larger one, and several chunks are tried, so that a
 * failure caused by a single element is kept. Numbers are rounded to one, two or three significant digits all at once, then
 * individually to one. Candidates outside the bounds, or with new ties, are skipped, and rounding to significant digits never
 * gives zero: at ties and zeros functions have kinks, and a wrong rule would be reported as a kink.
 *
 * @param shapes one per tensor
 * @param x the values of all tensors, one after the other
 */
record ShrinkableTensors(Shrinkable<List<Shape>> shapes, double[] x, double low, double high)
        implements Shrinkable<List<Tensor>> {
    // taking one axis away divides a size by no more than this, so that some chunk contains any one element
    private static final int CHUNKS = 8;

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
                shapes.shrink().flatMap(this::smaller),
                simpler().map(y -> new ShrinkableTensors(shapes, y, low, high)));
    }

    private Stream<Shrinkable<List<Tensor>>> smaller(Shrinkable<List<Shape>> to) {
        return IntStream.range(0, chunks(to.value()))
                .mapToObj(k -> new ShrinkableTensors(to, chunk(to.value(), k), low, high));
    }

    /** Returns how many chunks of the new sizes cover the present values of each tensor, up to a limit. */
    private int chunks(List<Shape> to) {
        int most = 1;
        for (int i = 0; i < to.size(); i++) {
            int size = Math.max(1, to.get(i).size());
            most = Math.max(most, (shapes.value().get(i).size() + size - 1) / size);
        }
        return Math.min(most, CHUNKS);
    }

    /** Returns the values of the k-th chunk of each tensor; where a tensor grows, as one of size 0 does, new ones. */
    private double[] chunk(List<Shape> to, int k) {
        double[] y = draw(total(to), low, high, RandomStream.of(0, "fresh values"));
        int from = 0;
        int at = 0;
        for (int i = 0; i < to.size(); i++) {
            int had = shapes.value().get(i).size();
            int size = to.get(i).size();
            for (int j = 0; j < Math.min(size, had); j++) {
                y[at + j] = x[from + (k * size + j) % had];
            }
            from += had;
            at += size;
        }
        return y;
    }

    private Stream<double[]> simpler() {
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
