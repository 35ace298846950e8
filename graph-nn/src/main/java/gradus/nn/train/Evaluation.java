package gradus.nn.train;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import java.util.ArrayList;
import java.util.List;

/** Computes the outputs of a model for all examples of a data set, batch by batch, without recording a graph. */
final class Evaluation {
    /** The largest batch where no size was set: this many examples, or elements of their inputs. */
    private static final int EXAMPLES = 256;

    private static final int ELEMENTS = 1 << 20;

    /** Takes the output for a batch. */
    @FunctionalInterface
    interface Visitor {
        /** Takes the output for a batch, whose first example has the index {@code from}. */
        void visit(Node output, Batch batch, int from);
    }

    private Evaluation() {}

    /** Computes the outputs of a layer, in batches of a size that fits the examples. */
    static void of(Layer model, Dataset examples, Visitor visitor) {
        of(
                (batch, pass) -> model.forward(Node.constant(batch.x()), pass),
                dtype(model),
                examples,
                size(examples),
                visitor);
    }

    /** Computes the outputs of a function in batches of the given size, converted to a number type if it is not null. */
    static void of(Forward forward, DType dtype, Dataset examples, int batchSize, Visitor visitor) {
        int n = examples.size();
        for (int from = 0; from < n; from += batchSize) {
            int start = from;
            Batch batch = converted(examples.batch(start, Math.min(start + batchSize, n)), dtype);
            NoGradient.execute(() -> visitor.visit(forward.of(batch, Pass.evaluation()), batch, start));
        }
    }

    /** Returns the outputs of a layer for all examples, along the first axis. */
    static Tensor outputs(Layer model, Dataset examples) {
        List<Node> outputs = new ArrayList<>();
        int size = size(examples);
        for (int from = 0; from < examples.size(); from += size) {
            int to = Math.min(from + size, examples.size());
            try {
                Batch batch = converted(examples.batch(from, to), dtype(model));
                Node y = NoGradient.run(() -> model.forward(Node.constant(batch.x()), Pass.evaluation()));
                if (y.shape().rank() == 0 || y.shape().dim(0) != to - from) {
                    throw new IllegalArgumentException("the model's output " + y.shape()
                            + " has not one row for each of " + (to - from) + " examples");
                }
                outputs.add(Node.constant(y.value()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "Trainer.predict: examples " + from + " to " + (to - 1) + ": " + e.getMessage(), e);
            }
        }
        return outputs.size() == 1
                ? outputs.get(0).value()
                : Node.concat(0, outputs.toArray(Node[]::new)).value();
    }

    /** Computes training passes for all examples, without steps. */
    static void train(Layer model, Dataset examples, int batchSize) {
        int number = 0;
        int size;
        for (int from = 0; from < examples.size(); from += size) {
            size = Trainer.nextBatch(examples.size() - from, batchSize);
            Batch batch = converted(examples.batch(from, from + size), dtype(model));
            Pass pass = Pass.training(0, number++);
            NoGradient.execute(() -> Pass.duringTraining(() -> model.forward(Node.constant(batch.x()), pass)));
        }
    }

    /** Returns how many examples are evaluated at once where no size was set. */
    private static int size(Dataset examples) {
        int elements =
                examples.batch(0, 1).inputs().stream().mapToInt(Tensor::size).sum();
        return Math.max(1, Math.min(EXAMPLES, ELEMENTS / Math.max(1, elements)));
    }

    /** Returns the number type of a model; null for a function, or a model without parameters. */
    static DType dtype(Layer model) {
        return model instanceof Model m ? m.dtype() : null;
    }

    static Batch converted(Batch batch, DType dtype) {
        return dtype == null ? batch : batch.to(dtype);
    }

    /** Returns the index of the largest of each row of the outputs {@code [n, c]} for a batch of n examples. */
    static int[] classes(Tensor output, Batch batch) {
        if (output.shape().rank() != 2 || output.shape().dim(1) < 2) {
            throw new IllegalArgumentException(
                    "the model's output " + output.shape() + " is not [n, c], logits of two classes or more");
        }
        if (output.shape().dim(0) != batch.size()) {
            throw new IllegalArgumentException("the model's output " + output.shape() + " has not one row for each of "
                    + batch.size() + " examples");
        }
        return output.argmax(1).toIntArray();
    }
}
