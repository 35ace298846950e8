package gradus.nn.train;

import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import java.util.Locale;

/** How often each class, a row, was read as each, a column. */
public final class ConfusionMatrix {
    private final int[][] counts;

    private ConfusionMatrix(int[][] counts) {
        this.counts = counts;
    }

    /**
     * Returns the count over a set of examples.
     *
     * @param classes how many classes there are
     * @throws IllegalArgumentException if an example has, or was given, one that is not among them
     */
    public static ConfusionMatrix of(Layer model, Dataset examples, int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("ConfusionMatrix: " + classes + " classes; at least 1 is needed");
        }
        int[][] counts = new int[classes][classes];
        int[] read = Trainer.predict(model, examples);
        int[] right = examples.classes();
        for (int i = 0; i < read.length; i++) {
            if (Math.max(read[i], right[i]) >= classes) {
                throw new IllegalArgumentException("ConfusionMatrix: example " + i + " is of class " + right[i]
                        + ", read as " + read[i] + "; there are only " + classes + " classes");
            }
            counts[right[i]][read[i]]++;
        }
        return new ConfusionMatrix(counts);
    }

    /** Returns how often a class was read as another. */
    public int count(int right, int read) {
        return counts[right][read];
    }

    /** Returns the share of a class's examples that were read as it, 0 to 1; NaN if there were none. */
    public double recall(int right) {
        double all = 0;
        for (int c : counts[right]) {
            all += c;
        }
        return counts[right][right] / all;
    }

    /** Returns a table: a row for each class, a column for what it was read as, and the row's recall. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("is\\read");
        for (int j = 0; j < counts.length; j++) {
            out.append(String.format(Locale.ROOT, "%6d", j));
        }
        out.append("   recall\n");
        for (int i = 0; i < counts.length; i++) {
            out.append(String.format(Locale.ROOT, "%7d", i));
            for (int j = 0; j < counts.length; j++) {
                out.append(counts[i][j] == 0 ? "     ." : String.format(Locale.ROOT, "%6d", counts[i][j]));
            }
            double recall = 100 * recall(i);
            out.append(Double.isNaN(recall) ? "       -\n" : String.format(Locale.ROOT, "%8.1f%%\n", recall));
        }
        return out.toString();
    }
}
