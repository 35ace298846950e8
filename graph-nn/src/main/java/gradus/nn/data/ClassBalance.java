package gradus.nn.data;

import gradus.array.RandomStream;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.Objects;

/** Counts the examples of each class, and makes up for classes that are rare: by weights of a loss, or by repeated examples. */
public final class ClassBalance {
    private ClassBalance() {}

    /**
     * Returns the number of examples of each class, from 0 to the largest that there is.
     *
     * @throws IllegalArgumentException if a target is not a class
     */
    public static int[] counts(Dataset examples) {
        Objects.requireNonNull(examples, "counts: examples is null");
        return Arrays.stream(Splits.byClass("counts", examples))
                .mapToInt(indices -> indices.length)
                .toArray();
    }

    /**
     * Returns the weight of each class for a loss, [c]: {@code n / (c count)}, so that each class weighs the same in all. scikit-learn's {@code balanced}.
     *
     * @throws IllegalArgumentException if a target is not a class, or a class below the largest has no example, which the message names
     */
    public static Tensor weights(Dataset examples) {
        Objects.requireNonNull(examples, "weights: examples is null");
        int[][] byClass = complete("weights", examples);
        double n = examples.size();
        return Tensor.of(Arrays.stream(byClass)
                .mapToDouble(indices -> n / (byClass.length * (double) indices.length))
                .toArray());
    }

    /**
     * Returns a view with as many examples of each class as the largest has: all of them, and then random ones of the class again, each before any is
     * taken a third time; in random order. Oversample the training part after a split, or the same example is in two parts.
     *
     * @throws IllegalArgumentException if a target is not a class, or a class below the largest has no example, which the message names
     */
    public static Dataset oversampled(Dataset examples, long seed) {
        Objects.requireNonNull(examples, "oversampled: examples is null");
        int[][] byClass = complete("oversampled", examples);
        int most =
                Arrays.stream(byClass).mapToInt(indices -> indices.length).max().orElseThrow();
        RandomStream random = RandomStream.of(seed, "oversampled");
        int[] all = new int[Math.multiplyExact(byClass.length, most)];
        for (int c = 0; c < byClass.length; c++) {
            for (int at = 0; at < most; at += byClass[c].length) {
                int[] again = Splits.shuffled(random, byClass[c]);
                System.arraycopy(again, 0, all, c * most + at, Math.min(again.length, most - at));
            }
        }
        return examples.subset(Splits.shuffled(random, all));
    }

    private static int[][] complete(String op, Dataset examples) {
        int[][] byClass = Splits.byClass(op, examples);
        for (int c = 0; c < byClass.length; c++) {
            if (byClass[c].length == 0) {
                throw new IllegalArgumentException(op + ": class " + c + " of " + byClass.length + " has no example");
            }
        }
        return byClass;
    }
}
