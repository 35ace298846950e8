package gradus.nn.train;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.data.Batch;
import java.util.Arrays;

/** The negative logarithms of the probabilities that logits give to the targets. */
final class Likelihood {
    private Likelihood() {}

    /**
     * Returns {@code -log p} of each target: of logits {@code [n, .., c]} and classes {@code [n, ..]}, or of logits {@code [n]} or
     * {@code [n, 1]} of class 1 against class 0.
     */
    static double[] of(String metric, Tensor output, Batch batch) {
        Shape shape = output.shape();
        if (Labels.isBinary(shape)) {
            double[] logits = Labels.binaryScores(metric, output, batch);
            int[] classes = Labels.binaryTargets(metric, batch);
            for (int i = 0; i < logits.length; i++) {
                double z = classes[i] == 1 ? -logits[i] : logits[i]; // log(1 + e^z), without overflow
                logits[i] = Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
            }
            return logits;
        }
        int[] dims = shape.dims();
        Tensor y = batch.y();
        if (dims.length < 2 || !Shape.of(Arrays.copyOf(dims, dims.length - 1)).equals(y.shape())) {
            throw new IllegalArgumentException(metric + ": the model's output " + shape + " and the target " + y.shape()
                    + " are not logits [n, .., c] and classes [n, ..]");
        }
        int c = dims[dims.length - 1];
        double[] classes = y.toDoubleArray();
        double[] logs = output.to(DType.FLOAT64).logSoftmax(-1).toDoubleArray();
        double[] losses = new double[classes.length];
        for (int i = 0; i < losses.length; i++) {
            int k = (int) classes[i];
            if (k != classes[i] || k < 0 || k >= c) {
                throw new IllegalArgumentException(metric + ": target " + i + " of the batch is " + classes[i]
                        + ", not a class from 0 to " + (c - 1));
            }
            losses[i] = -logs[i * c + k];
        }
        return losses;
    }
}
