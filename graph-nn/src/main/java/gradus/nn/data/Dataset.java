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

    /** Returns whether inputs are transformed whenever they are asked for, so that looking at all of them costs that; false by default. */
    default boolean hasTransformedInputs() {
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
     * that sum to 1 leave nothing over. {@link Splits} has parts that keep classes in proportion or groups together.
     *
     * @throws IllegalArgumentException if a fraction is not positive, they sum to more than 1, or a part has no example
     */
    default List<Dataset> split(long seed, double... fractions) {
        Objects.requireNonNull(fractions, "split: fractions is null");
        Splits.requireFractions("split", fractions);
        int[] order = RandomStream.of(seed, "split").permutation(size());
        List<Dataset> parts = new ArrayList<>();
        int[] ends = Splits.ends(size(), fractions);
        for (int p = 0, from = 0; p < ends.length; from = ends[p++]) {
            if (ends[p] == from) {
                throw new IllegalArgumentException(
                        "split: a fraction " + fractions[p] + " of " + size() + " examples is none");
            }
            parts.add(subset(Arrays.copyOfRange(order, from, ends[p])));
        }
        return parts;
    }

    /**
     * Returns a view whose first input is transformed, example by example. The random draws of an example depend on the seed, its index
     * and the epoch, see {@link #forEpoch}: training sees other draws in every epoch, and outside of training they are those of epoch 0.
     */
    default Dataset transformed(Transform transform, long seed) {
        Objects.requireNonNull(transform, "transformed: transform is null");
        return new TransformedDataset(this, transform, null, seed, 0);
    }

    /** Returns a view whose first target is transformed, example by example, as by {@link Transforms#oneHot}. */
    default Dataset transformedTargets(Transform transform) {
        Objects.requireNonNull(transform, "transformedTargets: transform is null");
        return new TransformedDataset(this, null, transform, 0, 0);
    }

    /**
     * Returns the examples as they are in one epoch of training: a trainer calls this before each epoch and takes the batches of the epoch from the
     * result. By default the examples are the same in every epoch. A view passes the call on to the set that it views.
     *
     * @param epoch the number of the epoch, from 1 up
     * @param order the indices that will be asked for, in this order
     */
    default Dataset forEpoch(int epoch, int... order) {
        Objects.requireNonNull(order, "forEpoch: order is null");
        return this;
    }
}
