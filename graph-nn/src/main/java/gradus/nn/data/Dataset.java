package gradus.nn.data;

import gradus.array.RandomStream;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Examples by index. {@link #of(Tensor, Tensor)} has them in memory; a data set of your own implements {@link #size} and
 * {@link #at}, and may read or compute examples when they are asked for.
 */
public interface Dataset {
    /** Returns the number of examples, at least 1. */
    int size();

    /** Returns the examples at these indices, 0 to {@code size - 1}, in this order; the same index gives the same example. */
    Batch at(int... indices);

    /**
     * Returns examples in memory: inputs {@code x [n, ..]} and targets {@code y}, classes [n] or values [n, ..].
     *
     * @throws IllegalArgumentException if there are no examples, or x and y differ in their number
     */
    static Dataset of(Tensor x, Tensor y) {
        Objects.requireNonNull(x, "Dataset: x is null");
        Objects.requireNonNull(y, "Dataset: y is null");
        return of(List.of(x), List.of(y));
    }

    /**
     * Returns examples of classes, numbered from 0, in memory.
     *
     * @throws IllegalArgumentException if there are no examples, a class is negative, or x and classes differ in number
     */
    static Dataset of(Tensor x, int... classes) {
        Objects.requireNonNull(x, "Dataset: x is null");
        Objects.requireNonNull(classes, "Dataset: classes is null");
        Dataset d = of(x, Tensor.of(Arrays.stream(classes).asDoubleStream().toArray()));
        d.classes(); // refuses negative ones
        return d;
    }

    /**
     * Returns examples in memory with several inputs and targets, whose first axis counts the examples.
     *
     * @throws IllegalArgumentException if there are no examples, or two tensors differ in their number
     */
    static Dataset of(List<Tensor> inputs, List<Tensor> targets) {
        return new TensorDataset(new Batch(inputs, targets));
    }

    /**
     * Returns the examples from {@code from} (included) to {@code to} (excluded).
     *
     * @throws IllegalArgumentException if there are no such examples
     */
    default Batch batch(int from, int to) {
        if (from < 0 || to > size() || from >= to) {
            throw new IllegalArgumentException(
                    "batch: from " + from + " to " + to + " is not a range of " + size() + " examples");
        }
        return at(IntStream.range(from, to).toArray());
    }

    /** Returns whether all examples are in memory, so that looking at each of them costs little; false by default. */
    default boolean isInMemory() {
        return false;
    }

    /** Returns all examples at once. */
    default Batch all() {
        return batch(0, size());
    }

    /** Returns the first input of all examples, [n, ..]. */
    default Tensor x() {
        return all().x();
    }

    /** Returns the first target of all examples: classes [n] or values [n, ..]. */
    default Tensor y() {
        return all().y();
    }

    /**
     * Returns the classes of all examples.
     *
     * @throws IllegalArgumentException if the target is not one whole number from 0 up for each example
     */
    default int[] classes() {
        return Batch.classes(y());
    }

    /**
     * Returns a view of the examples at these indices, in this order.
     *
     * @throws IllegalArgumentException if there are none, or one is out of range
     */
    default Dataset subset(int... indices) {
        Objects.requireNonNull(indices, "subset: indices is null");
        return new Subset(this, indices.clone());
    }

    /** Returns a view of the examples in random order; the same seed gives the same order. */
    default Dataset shuffled(long seed) {
        return subset(RandomStream.of(seed, "shuffle").permutation(size()));
    }

    /**
     * Returns random disjoint parts of the given fractions of this set; the same seed gives the same parts. Fractions
     * that sum to 1 leave nothing over.
     *
     * @throws IllegalArgumentException if a fraction is not positive, they sum to more than 1, or a part has no example
     */
    default List<Dataset> split(long seed, double... fractions) {
        Objects.requireNonNull(fractions, "split: fractions is null");
        double sum = 0;
        for (double f : fractions) {
            if (!(f > 0)) {
                throw new IllegalArgumentException("split: fraction " + f + " must be positive");
            }
            sum += f;
        }
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException(
                    "split: fractions " + Arrays.toString(fractions) + " sum to more than 1");
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
            parts.add(subset(Arrays.copyOfRange(order, from, to)));
            from = to;
        }
        return parts;
    }
}
