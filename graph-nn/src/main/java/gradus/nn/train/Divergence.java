package gradus.nn.train;

import gradus.graph.AnomalyDetection;
import gradus.graph.Node;
import gradus.nn.Pass;
import gradus.nn.data.Batch;

/** Finds where a loss or a gradient that is not finite comes from. */
final class Divergence {
    private Divergence() {}

    /**
     * Returns the end of a message: the example that is not finite, or else the op whose result or gradient was the first that is
     * not, with its operands and the line that called it. The batch is computed again under {@link AnomalyDetection}, which
     * may move buffers.
     */
    static String of(Trainer trainer, Batch batch, int[] indices, Pass pass) {
        String example = Finite.find(batch, i -> indices[i]);
        if (!example.isEmpty()) {
            return "; " + example;
        }
        try {
            AnomalyDetection.during(() -> {
                Node output = Pass.duringTraining(() -> trainer.forward.of(batch, pass));
                return trainer.loss.of(output, batch).backward();
            });
            return "";
        } catch (ArithmeticException e) {
            return "; its origin: " + e.getMessage();
        } catch (RuntimeException e) {
            return ""; // the first computation gave no such exception: its message would be of another matter
        }
    }
}
