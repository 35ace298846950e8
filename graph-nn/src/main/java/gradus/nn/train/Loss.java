package gradus.nn.train;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.ops.CrossEntropyOptions;
import gradus.ops.Losses;
import gradus.ops.Reduction;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;

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

    /**
     * Returns what the loss of a batch counts in the mean of several, as with {@link Trainer#accumulate} and {@link Trainer#dataParallel}: the number of
     * examples by default, which is right for a mean over examples. A mean that ignores some targets, or weighs them, counts the sum of their
     * weights, and 0 where all are ignored: the loss of such a piece is not computed. A loss that is no mean of terms, as one
     * that compares the examples of a batch with each other, is another loss for pieces of a batch.
     */
    default double weight(Batch batch) {
        return batch.size();
    }

    /**
     * Returns this loss with another {@link #weight}.
     *
     * @param ofBatch returns a finite number of at least 0
     */
    default Loss weighedBy(ToDoubleFunction<Batch> ofBatch) {
        Objects.requireNonNull(ofBatch, "Loss.weighedBy: ofBatch is null");
        Loss loss = this;
        return new Loss() {
            @Override
            public Node of(Node output, Batch batch) {
                return loss.of(output, batch);
            }

            @Override
            public void check(Tensor output, Dataset examples) {
                loss.check(output, examples);
            }

            @Override
            public double weight(Batch batch) {
                return ofBatch.applyAsDouble(batch);
            }
        };
    }

    /**
     * Returns softmax cross entropy of logits {@code [n, .., c]} and class indices {@code [n, ..]}, with class weights, an ignored class or label
     * smoothing, as {@link Losses#softmaxCrossEntropy(Node, Node, CrossEntropyOptions)}. Its {@link #weight} is what its mean is divided by: the sum of
     * the class weights of all targets that are not ignored.
     *
     * @throws IllegalArgumentException if the reduction is not the mean
     */
    static Loss crossEntropy(CrossEntropyOptions options) {
        Objects.requireNonNull(options, "Loss.crossEntropy: options is null");
        if (options.reduction() != Reduction.MEAN) {
            throw new IllegalArgumentException("Loss.crossEntropy: the reduction " + options.reduction()
                    + " must be MEAN, one number for a batch");
        }
        Loss loss = (output, batch) -> Losses.softmaxCrossEntropy(output, Node.constant(batch.y()), options);
        return loss.weighedBy(batch -> {
            double sum = 0;
            for (double k : batch.y().toDoubleArray()) {
                boolean ignored = options.ignoreIndex().isPresent()
                        && k == options.ignoreIndex().getAsInt();
                boolean known = options.weight() != null
                        && k >= 0
                        && k < options.weight().size()
                        && k == (int) k;
                sum += ignored
                        ? 0
                        : known ? options.weight().get((int) k) : 1; // an unknown class is refused by the loss
            }
            return sum;
        });
    }

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
