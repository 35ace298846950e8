package gradus.nn.train;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.ops.Losses;
import java.util.function.BinaryOperator;

/** What training minimises: one number for the outputs of a batch, a mean over its examples. */
@FunctionalInterface
public interface Loss {
    /** Returns the mean loss of the outputs, a node of one element. */
    Node of(Node output, Batch batch);

    /**
     * Refuses targets that no output fits, before training changes anything; by default nothing is refused. It is called
     * for data that is in memory.
     *
     * @param output the model's output for one example, [1, ..]
     * @throws IllegalArgumentException if an example's target does not fit
     */
    default void check(Tensor output, Dataset examples) {}

    /** Returns softmax cross entropy of logits {@code [n, c]} and classes [n]. */
    static Loss crossEntropy() {
        return new Loss() {
            @Override
            public Node of(Node output, Batch batch) {
                return Losses.softmaxCrossEntropy(output, batch.classes());
            }

            @Override
            public void check(Tensor output, Dataset examples) {
                int[] classes = examples.classes();
                for (int i = 0; i < classes.length; i++) {
                    if (output.shape().rank() != 2
                            || classes[i] >= output.shape().dim(1)) {
                        throw new IllegalArgumentException("cross entropy: example " + i + " has class " + classes[i]
                                + "; the model's output for one example is " + output.shape());
                    }
                }
            }
        };
    }

    /** Returns the mean squared error of outputs and targets of one shape. */
    static Loss meanSquaredError() {
        return ofOneShape("mean squared error", Losses::meanSquaredError);
    }

    /** Returns the mean absolute error of outputs and targets of one shape. */
    static Loss l1() {
        return ofOneShape("l1", Losses::l1);
    }

    /** Returns the mean Huber loss, with delta 1, of outputs and targets of one shape. */
    static Loss huber() {
        return ofOneShape("huber", Losses::huber);
    }

    /** Returns the mean binary cross entropy of logits and targets 0 to 1 of one shape. */
    static Loss binaryCrossEntropyWithLogits() {
        return ofOneShape("binary cross entropy", Losses::binaryCrossEntropyWithLogits);
    }

    private static Loss ofOneShape(String name, BinaryOperator<Node> loss) {
        return new Loss() {
            @Override
            public Node of(Node output, Batch batch) {
                return loss.apply(output, Node.constant(batch.y()));
            }

            @Override
            public void check(Tensor output, Dataset examples) {
                Shape one = examples.batch(0, 1).y().shape();
                if (!output.shape().equals(one)) {
                    throw new IllegalArgumentException(
                            name + ": the model's output for one example is " + output.shape() + ", its target " + one);
                }
            }
        };
    }
}
