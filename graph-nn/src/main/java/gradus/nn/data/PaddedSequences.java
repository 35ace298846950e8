package gradus.nn.data;

import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Sequences of tokens of different lengths, padded at the end. A batch has two inputs, the tokens {@code [n, t]} with t the length of its longest sequence, and
 * the lengths {@code [n]}, and as target the class of each sequence, if there are classes.
 */
public final class PaddedSequences implements Dataset {
    private final List<int[]> sequences;
    private final int padding;
    private final int[] classes;

    private PaddedSequences(List<int[]> sequences, int padding, int... classes) {
        this.sequences = sequences;
        this.padding = padding;
        this.classes = classes;
    }

    /**
     * Returns sequences with the class of each, or without classes.
     *
     * @param padding the token that is set after the end, from 0 up
     * @param classes one for each sequence, or none
     * @throws IllegalArgumentException if there is no sequence, one is empty, a token or class is negative, or there are not as many classes as
     *     sequences
     */
    public static PaddedSequences of(List<int[]> sequences, int padding, int... classes) {
        Objects.requireNonNull(sequences, "PaddedSequences: sequences is null");
        Objects.requireNonNull(classes, "PaddedSequences: classes is null");
        if (sequences.isEmpty()) {
            throw new IllegalArgumentException("PaddedSequences: there are no sequences");
        }
        if (padding < 0) {
            throw new IllegalArgumentException("PaddedSequences: the padding " + padding + " is negative");
        }
        if (classes.length != 0 && classes.length != sequences.size()) {
            throw new IllegalArgumentException(
                    "PaddedSequences: there are " + sequences.size() + " sequences and " + classes.length + " classes");
        }
        for (int i = 0; i < sequences.size(); i++) {
            int at = i;
            int[] s = Objects.requireNonNull(sequences.get(i), () -> "PaddedSequences: sequences[" + at + "] is null");
            if (s.length == 0) {
                throw new IllegalArgumentException("PaddedSequences: sequence " + i + " is empty");
            }
            int least = Arrays.stream(s).min().getAsInt();
            if (least < 0) {
                throw new IllegalArgumentException("PaddedSequences: sequence " + i + " has the token " + least);
            }
        }
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] < 0) {
                throw new IllegalArgumentException("PaddedSequences: sequence " + i + " has the class " + classes[i]);
            }
        }
        return new PaddedSequences(sequences.stream().map(int[]::clone).toList(), padding, classes.clone());
    }

    @Override
    public int size() {
        return sequences.size();
    }

    @Override
    public Batch at(int... indices) {
        Objects.requireNonNull(indices, "at: indices is null");
        int longest = 0;
        for (int i : indices) {
            if (i < 0 || i >= size()) {
                throw new IllegalArgumentException("at: index " + i + " is out of range 0 to " + (size() - 1));
            }
            longest = Math.max(longest, sequences.get(i).length);
        }
        double[] tokens = new double[Shape.of(indices.length, longest).size()];
        Arrays.fill(tokens, padding);
        double[] lengths = new double[indices.length];
        for (int row = 0; row < indices.length; row++) {
            int[] s = sequences.get(indices[row]);
            lengths[row] = s.length;
            for (int t = 0; t < s.length; t++) {
                tokens[row * longest + t] = s[t];
            }
        }
        Tensor x = Tensor.of(Shape.of(indices.length, longest), tokens);
        double[] targets = Arrays.stream(indices)
                .mapToDouble(i -> classes.length == 0 ? 0 : classes[i])
                .toArray();
        return new Batch(
                List.of(x, Tensor.of(Shape.of(lengths.length), lengths)),
                classes.length == 0 ? List.of() : List.of(Tensor.of(Shape.of(targets.length), targets)));
    }

    /** Returns the classes, without padding all sequences to the longest. */
    @Override
    public Tensor y() {
        if (classes.length == 0) {
            return Dataset.super.y(); // refuses it
        }
        return Tensor.of(
                Shape.of(classes.length),
                Arrays.stream(classes).asDoubleStream().toArray());
    }

    /** Returns a view with the shortest first, equals in their order: batches in this order have little padding. For evaluation, as a trainer shuffles. */
    public Dataset byLength() {
        return subset(IntStream.range(0, size())
                .boxed()
                .sorted(Comparator.comparing(i -> sequences.get(i).length))
                .mapToInt(i -> i)
                .toArray());
    }

    @Override
    public String toString() {
        return "PaddedSequences of " + size() + " sequences";
    }
}
