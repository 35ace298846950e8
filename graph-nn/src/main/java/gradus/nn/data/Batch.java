package gradus.nn.data;

import gradus.array.DType;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Some examples, as tensors whose first axis counts them.
 *
 * @param inputs what the model is given; often one, {@code x [n, ..]}
 * @param targets what it is to predict; often one, {@code y}: classes [n] or values [n, ..]; empty where nothing is known
 */
public record Batch(List<Tensor> inputs, List<Tensor> targets) {
    /** Up to here, FLOAT32 has all whole numbers. */
    private static final int EXACT_IN_FLOAT32 = 1 << 24;

    /** Checks that there is an input, and that all tensors have as many examples, at least one. */
    public Batch {
        inputs = copy("inputs", inputs);
        targets = copy("targets", targets);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("Batch: there are no inputs");
        }
        int n = count(inputs.get(0));
        for (Tensor t : concat(inputs, targets)) {
            if (count(t) != n) {
                throw new IllegalArgumentException("Batch: " + inputs.get(0).shape() + " and " + t.shape()
                        + " differ in their number of examples, the first axis");
            }
        }
        if (n == 0) {
            throw new IllegalArgumentException("Batch: there are no examples");
        }
    }

    private static List<Tensor> copy(String what, List<Tensor> tensors) {
        Objects.requireNonNull(tensors, () -> "Batch: " + what + " is null");
        for (int i = 0; i < tensors.size(); i++) {
            int at = i;
            Objects.requireNonNull(tensors.get(i), () -> "Batch: " + what + "[" + at + "] is null");
        }
        return List.copyOf(tensors);
    }

    /** Returns a batch of one input and one target. */
    public static Batch of(Tensor x, Tensor y) {
        Objects.requireNonNull(x, "Batch: x is null");
        Objects.requireNonNull(y, "Batch: y is null");
        return new Batch(List.of(x), List.of(y));
    }

    /** Returns the number of examples. */
    public int size() {
        return count(inputs.get(0));
    }

    /** Returns the input, the first if there are several. */
    public Tensor x() {
        return inputs.get(0);
    }

    /**
     * Returns the target, the first if there are several.
     *
     * @throws IllegalStateException if there is none
     */
    public Tensor y() {
        if (targets.isEmpty()) {
            throw new IllegalStateException("Batch: these examples have no targets");
        }
        return targets.get(0);
    }

    /**
     * Returns the target as class indices.
     *
     * @throws IllegalArgumentException if it is not one whole number from 0 up for each example
     */
    public int[] classes() {
        return classes(y());
    }

    /** Returns a target as class indices. */
    static int[] classes(Tensor y) {
        if (y.shape().rank() != 1) {
            throw new IllegalArgumentException("classes: one number for each example is needed, not " + y.shape());
        }
        double[] values = y.toDoubleArray();
        int[] classes = new int[values.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (int) values[i];
            if (classes[i] != values[i] || classes[i] < 0) {
                throw new IllegalArgumentException("classes: the target of example " + i + " is " + values[i]
                        + "; a class is a whole number from 0 up");
            }
        }
        return classes;
    }

    /**
     * Returns this batch in a number type. A tensor of ints of which one is above 2^24, too large for FLOAT32, stays in
     * FLOAT64: rounded, it would be another index.
     */
    public Batch to(DType dtype) {
        Objects.requireNonNull(dtype, "Batch.to: dtype is null");
        return new Batch(
                inputs.stream().map(t -> converted(t, dtype)).toList(),
                targets.stream().map(t -> converted(t, dtype)).toList());
    }

    private static Tensor converted(Tensor t, DType dtype) {
        boolean mayRound = dtype == DType.FLOAT32
                && t.size() > 0
                && Math.max(t.max().item(), -t.min().item()) > EXACT_IN_FLOAT32;
        return mayRound && Arrays.stream(t.toDoubleArray()).allMatch(v -> v == (int) v) ? t : t.to(dtype);
    }

    private static int count(Tensor t) {
        return t.shape().rank() == 0 ? 0 : t.shape().dim(0);
    }

    private static List<Tensor> concat(List<Tensor> a, List<Tensor> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }

    @Override
    public String toString() {
        return "Batch of " + size() + " examples: inputs "
                + inputs.stream().map(Tensor::shape).toList() + ", targets "
                + targets.stream().map(Tensor::shape).toList();
    }
}
