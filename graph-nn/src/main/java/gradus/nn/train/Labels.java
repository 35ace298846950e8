package gradus.nn.train;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.data.Batch;

/**
 * The predicted and actual classes of a batch.
 *
 * @param classes how many classes there are
 */
record Labels(int classes, int[] predicted, int[] actual) {
    /**
     * Returns those of outputs {@code [n, c]}, logits of classes, or {@code [n]} or {@code [n, 1]}, logits of class 1 against class 0.
     *
     * @throws IllegalArgumentException if output and targets have no such shapes, or a target is not below c
     */
    static Labels of(String metric, Tensor output, Batch batch) {
        if (isBinary(output.shape())) {
            double[] logits = binaryScores(metric, output, batch);
            int[] predicted = new int[logits.length];
            for (int i = 0; i < logits.length; i++) {
                predicted[i] = logits[i] > 0 ? 1 : 0;
            }
            return new Labels(2, predicted, binaryTargets(metric, batch));
        }
        int[] predicted = Evaluation.classes(output, batch);
        int[] actual = batch.classes();
        int classes = output.shape().dim(1);
        requireBelow(metric, classes, output.shape(), actual);
        return new Labels(classes, predicted, actual);
    }

    static void requireBelow(String metric, int classes, Shape output, int... actual) {
        for (int i = 0; i < actual.length; i++) {
            if (actual[i] >= classes) {
                throw new IllegalArgumentException(metric + ": example " + i + " of the batch has class " + actual[i]
                        + "; the model's output " + output + " has only " + classes + " classes");
            }
        }
    }

    /** Returns whether an output has one logit for each example. */
    static boolean isBinary(Shape output) {
        return output.rank() == 1 || (output.rank() == 2 && output.dim(1) == 1);
    }

    /** Returns a score of each example, the larger the more likely class 1: the logit, or the difference of two logits. */
    static double[] binaryScores(String metric, Tensor output, Batch batch) {
        Shape shape = output.shape();
        boolean hasTwo = shape.rank() == 2 && shape.dim(1) == 2;
        if (!hasTwo && !isBinary(shape)) {
            throw new IllegalArgumentException(
                    metric + ": the model's output " + shape + " is not [n], [n, 1] or [n, 2], logits of two classes");
        }
        if (shape.dim(0) != batch.size()) {
            throw new IllegalArgumentException(metric + ": the model's output " + shape
                    + " has not one row for each of " + batch.size() + " examples");
        }
        double[] values = output.toDoubleArray();
        double[] scores = new double[batch.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = hasTwo ? values[2 * i + 1] - values[2 * i] : values[i];
        }
        return scores;
    }

    /** Returns targets {@code [n]} or {@code [n, 1]} of zeros and ones. */
    static int[] binaryTargets(String metric, Batch batch) {
        Tensor y = batch.y();
        if (!isBinary(y.shape())) {
            throw new IllegalArgumentException(
                    metric + ": the target " + y.shape() + " is not [n] or [n, 1], class 0 or 1 for each example");
        }
        double[] values = y.toDoubleArray();
        int[] classes = new int[values.length];
        for (int i = 0; i < classes.length; i++) {
            if (values[i] != 0 && values[i] != 1) {
                throw new IllegalArgumentException(
                        metric + ": the target of example " + i + " of the batch is " + values[i] + ", not 0 or 1");
            }
            classes[i] = (int) values[i];
        }
        return classes;
    }
}
