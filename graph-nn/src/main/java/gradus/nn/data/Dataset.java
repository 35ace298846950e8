package gradus.nn.data;

import gradus.array.RandomStream;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Examples: inputs {@code x [n, ..]} and what is to be learnt of them, {@code y}, either class numbers [n] or targets
 * [n, ..]. Immutable; never empty.
 */
public final class Dataset {
    private final Tensor x;
    private final Tensor y;

    private Dataset(Tensor x, Tensor y) {
        this.x = x;
        this.y = y;
    }

    /**
     * Returns examples of targets.
     *
     * @throws IllegalArgumentException if there is none, or x and y differ in their number
     */
    public static Dataset of(Tensor x, Tensor y) {
        int n = x.shape().rank() == 0 ? 0 : x.shape().dim(0);
        int m = y.shape().rank() == 0 ? 0 : y.shape().dim(0);
        if (n != m) {
            throw new IllegalArgumentException("Dataset: " + n + " inputs, but " + m + " targets");
        }
        if (n == 0) {
            throw new IllegalArgumentException("Dataset: there are no examples: x " + x.shape() + ", y " + y.shape());
        }
        return new Dataset(x, y);
    }

    /**
     * Returns examples of classes, numbered from 0.
     *
     * @throws IllegalArgumentException if there is none, a class is negative, or x and classes differ in their number
     */
    public static Dataset of(Tensor x, int... classes) {
        requireClasses(classes);
        return of(x, Tensor.of(Arrays.stream(classes).asDoubleStream().toArray()));
    }

    /** Returns the inputs, [n, ..]. */
    public Tensor x() {
        return x;
    }

    /** Returns the targets, [n, ..], or the class numbers, [n]. */
    public Tensor y() {
        return y;
    }

    /**
     * Returns the class numbers.
     *
     * @throws IllegalArgumentException if the targets are no whole numbers from 0 up, one for each example
     */
    public int[] classes() {
        if (y.shape().rank() != 1) {
            throw new IllegalArgumentException("classes: one number for each example is needed, not " + y.shape());
        }
        int[] classes = y.toIntArray();
        requireClasses(classes);
        return classes;
    }

    /** Returns the number of examples. */
    public int size() {
        return x.shape().dim(0);
    }

    /**
     * Returns the examples from {@code from} (included) to {@code to} (excluded).
     *
     * @throws IllegalArgumentException if there are no such examples
     */
    public Dataset batch(int from, int to) {
        if (from < 0 || to > size() || from >= to) {
            throw new IllegalArgumentException(
                    "batch: from " + from + " to " + to + " is no part of " + size() + " examples");
        }
        return new Dataset(x.slice(0, from, to), y.slice(0, from, to));
    }

    /** Returns the examples at these places, in this order. */
    public Dataset at(int... places) {
        return of(x.rows(places), y.rows(places));
    }

    /** Returns the examples in random order; the same seed gives the same order. */
    public Dataset shuffled(long seed) {
        return at(RandomStream.of(seed, "shuffle").permutation(size()));
    }

    /**
     * Returns random disjoint parts of the given fractions of this set; the same seed gives the same parts. Fractions
     * that sum to 1 leave nothing over.
     *
     * @throws IllegalArgumentException if a fraction is not positive, they sum to more than 1, or a part has no example
     */
    public List<Dataset> split(long seed, double... fractions) {
        double sum = 0;
        for (double f : fractions) {
            if (!(f > 0)) {
                throw new IllegalArgumentException("split: fraction " + f + " must be positive");
            }
            sum += f;
        }
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException("split: fractions sum to " + sum + ", more than 1");
        }
        int[] order = RandomStream.of(seed, "split").permutation(size());
        List<Dataset> parts = new ArrayList<>();
        double upTo = 0;
        int from = 0;
        for (double f : fractions) {
            upTo += f;
            int to = (int) Math.round(upTo * size());
            if (to == from) {
                throw new IllegalArgumentException("split: a fraction " + f + " of " + size() + " examples is none");
            }
            parts.add(at(Arrays.copyOfRange(order, from, to)));
            from = to;
        }
        return parts;
    }

    private static void requireClasses(int... classes) {
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] < 0) {
                throw new IllegalArgumentException(
                        "Dataset: class " + classes[i] + " of example " + i + " is negative");
            }
        }
    }

    @Override
    public String toString() {
        return "Dataset of " + size() + " examples, x " + x.shape() + ", y " + y.shape();
    }
}
