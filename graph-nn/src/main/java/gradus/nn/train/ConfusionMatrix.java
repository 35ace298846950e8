package gradus.nn.train;

import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/**
 * Counts of examples by their actual class, the rows, and their predicted class, the columns.
 *
 * <p>Precision, recall and F1 of a class are those of scikit-learn, also where one is a quotient of zeros: it is 0, as with
 * {@code zero_division=0}.
 */
public final class ConfusionMatrix {
    private final int[][] counts;

    /** A matrix of zeros, which is added to. */
    ConfusionMatrix(int classes) {
        counts = new int[classes][classes];
    }

    /** Returns the matrix of the counts row by row, a square number of them. */
    static ConfusionMatrix ofState(double... counts) {
        ConfusionMatrix matrix = new ConfusionMatrix((int) Math.round(Math.sqrt(counts.length)));
        for (int i = 0; i < counts.length; i++) {
            matrix.counts[i / matrix.classes()][i % matrix.classes()] = (int) counts[i];
        }
        return matrix;
    }

    /** Returns the counts row by row. */
    double[] state() {
        return Arrays.stream(counts)
                .flatMapToInt(Arrays::stream)
                .asDoubleStream()
                .toArray();
    }

    /**
     * Returns the counts over a set of examples.
     *
     * @param classes the number of classes
     * @throws IllegalArgumentException if an actual or predicted class is not below that number
     */
    public static ConfusionMatrix of(Layer model, Dataset examples, int classes) {
        ConfusionMatrix matrix = new ConfusionMatrix(checked(classes));
        Objects.requireNonNull(model, "ConfusionMatrix: model is null");
        Objects.requireNonNull(examples, "ConfusionMatrix: examples is null");
        Evaluation.of(model, examples, (output, batch, from) -> {
            int[] predicted = Evaluation.classes(output.value(), batch);
            matrix.add(batch.classes(), predicted, from);
        });
        return matrix;
    }

    /**
     * Returns the counts of examples whose actual and predicted classes are known.
     *
     * @param classes the number of classes
     * @throws IllegalArgumentException if the arrays differ in length, or a class is negative or not below that number
     */
    public static ConfusionMatrix of(int[] actual, int[] predicted, int classes) {
        ConfusionMatrix matrix = new ConfusionMatrix(checked(classes));
        Objects.requireNonNull(actual, "ConfusionMatrix: actual is null");
        Objects.requireNonNull(predicted, "ConfusionMatrix: predicted is null");
        if (actual.length != predicted.length) {
            throw new IllegalArgumentException("ConfusionMatrix: " + actual.length + " actual and " + predicted.length
                    + " predicted classes differ in number");
        }
        matrix.add(actual, predicted, 0);
        return matrix;
    }

    private static int checked(int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("ConfusionMatrix: " + classes + " classes; at least 1 is needed");
        }
        return classes;
    }

    /** Adds examples, of which the first has the index {@code from}. */
    void add(int[] actual, int[] predicted, int from) {
        for (int i = 0; i < predicted.length; i++) {
            if (Math.max(predicted[i], actual[i]) >= counts.length || Math.min(predicted[i], actual[i]) < 0) {
                throw new IllegalArgumentException("ConfusionMatrix: example " + (from + i) + " is of class "
                        + actual[i] + ", predicted " + predicted[i] + "; there are only " + counts.length + " classes");
            }
            counts[actual[i]][predicted[i]]++;
        }
    }

    // ---- counts

    /** Returns the number of classes. */
    public int classes() {
        return counts.length;
    }

    /** Returns the number of examples of one class that were predicted to be of another. */
    public int count(int actual, int predicted) {
        return counts[actual][predicted];
    }

    /** Returns a copy of all counts, by actual class, the rows, and predicted class, as {@code Pictures.confusion} takes them. */
    public int[][] counts() {
        return Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
    }

    /** Returns the number of examples of a class. */
    public long support(int actual) {
        long sum = 0;
        for (int c : counts[actual]) {
            sum += c;
        }
        return sum;
    }

    private long predictions(int predicted) {
        long sum = 0;
        for (int[] row : counts) {
            sum += row[predicted];
        }
        return sum;
    }

    private long total() {
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += support(i);
        }
        return sum;
    }

    // ---- shares

    /**
     * Returns the share of examples that were predicted correctly, 0 to 1.
     *
     * @throws IllegalStateException if there are no examples
     */
    public double accuracy() {
        return average(Averaging.MICRO, this::recall);
    }

    /** Returns the share of a class's examples that were predicted correctly, 0 to 1; 0 if there were none. */
    public double recall(int actual) {
        return quotient(counts[actual][actual], support(actual));
    }

    /** Returns the share of the examples predicted to be of a class that are of it, 0 to 1; 0 if there were none. */
    public double precision(int predicted) {
        return quotient(counts[predicted][predicted], predictions(predicted));
    }

    /**
     * Returns the harmonic mean of precision and recall of a class, {@code 2 P R / (P + R)}, 0 to 1; 0 if the class has no examples and
     * none were predicted.
     */
    public double f1(int c) {
        return quotient(2.0 * counts[c][c], support(c) + predictions(c));
    }

    private static double quotient(double a, long b) {
        return b == 0 ? 0 : a / b;
    }

    /**
     * Returns the recall of all classes as one number.
     *
     * @throws IllegalStateException if there are no examples
     */
    public double recall(Averaging averaging) {
        return average(Objects.requireNonNull(averaging, "recall: averaging is null"), this::recall);
    }

    /**
     * Returns the precision of all classes as one number.
     *
     * @throws IllegalStateException if there are no examples
     */
    public double precision(Averaging averaging) {
        return average(Objects.requireNonNull(averaging, "precision: averaging is null"), this::precision);
    }

    /**
     * Returns the F1 of all classes as one number; {@code MACRO} is the mean of the classes' F1, not the F1 of mean precision and recall.
     *
     * @throws IllegalStateException if there are no examples
     */
    public double f1(Averaging averaging) {
        return average(Objects.requireNonNull(averaging, "f1: averaging is null"), this::f1);
    }

    private double average(Averaging averaging, IntToDoubleFunction ofClass) {
        long all = total();
        if (all == 0) {
            throw new IllegalStateException("ConfusionMatrix: there are no examples");
        }
        double sum = 0;
        double weights = 0;
        for (int c = 0; c < counts.length; c++) {
            if (averaging == Averaging.MICRO) {
                sum += counts[c][c];
                weights = all;
            } else {
                boolean occurs = support(c) + predictions(c) > 0;
                double weight = averaging == Averaging.WEIGHTED ? support(c) : occurs ? 1 : 0;
                sum += weight * ofClass.applyAsDouble(c);
                weights += weight;
            }
        }
        return sum / weights;
    }

    /** Returns a table: a row for each actual class, a column for each predicted one, and the row's recall. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("actual\\predicted");
        for (int j = 0; j < counts.length; j++) {
            out.append(String.format(Locale.ROOT, "%6d", j));
        }
        out.append("   recall\n");
        for (int i = 0; i < counts.length; i++) {
            out.append(String.format(Locale.ROOT, "%16d", i));
            for (int j = 0; j < counts.length; j++) {
                out.append(counts[i][j] == 0 ? "     ." : String.format(Locale.ROOT, "%6d", counts[i][j]));
            }
            out.append(support(i) == 0 ? "       -\n" : String.format(Locale.ROOT, "%8.1f%%\n", 100 * recall(i)));
        }
        return out.toString();
    }
}
