package gradus.nn.train;

import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import java.util.Locale;
import java.util.Objects;

/** Counts of examples by their actual class, the rows, and their predicted class, the columns. */
public final class ConfusionMatrix {
    private final int[][] counts;

    private ConfusionMatrix(int[][] counts) {
        this.counts = counts;
    }

    /**
     * Returns the counts over a set of examples.
     *
     * @param classes the number of classes
     * @throws IllegalArgumentException if an actual or predicted class is not below that number
     */
    public static ConfusionMatrix of(Layer model, Dataset examples, int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("ConfusionMatrix: " + classes + " classes; at least 1 is needed");
        }
        Objects.requireNonNull(model, "ConfusionMatrix: model is null");
        Objects.requireNonNull(examples, "ConfusionMatrix: examples is null");
        int[][] counts = new int[classes][classes];
        Evaluation.of(model, examples, (output, batch, from) -> {
            int[] predicted = Evaluation.classes(output.value(), batch);
            int[] actual = batch.classes();
            for (int i = 0; i < predicted.length; i++) {
                if (Math.max(predicted[i], actual[i]) >= classes) {
                    throw new IllegalArgumentException("ConfusionMatrix: example " + (from + i) + " is of class "
                            + actual[i] + ", predicted " + predicted[i] + "; there are only " + classes + " classes");
                }
                counts[actual[i]][predicted[i]]++;
            }
        });
        return new ConfusionMatrix(counts);
    }

    /** Returns the number of examples of one class that were predicted to be of another. */
    public int count(int actual, int predicted) {
        return counts[actual][predicted];
    }

    /** Returns the share of a class's examples that were predicted correctly, 0 to 1; NaN if there were none. */
    public double recall(int actual) {
        double all = 0;
        for (int c : counts[actual]) {
            all += c;
        }
        return counts[actual][actual] / all;
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
            double recall = 100 * recall(i);
            out.append(Double.isNaN(recall) ? "       -\n" : String.format(Locale.ROOT, "%8.1f%%\n", recall));
        }
        return out.toString();
    }
}
