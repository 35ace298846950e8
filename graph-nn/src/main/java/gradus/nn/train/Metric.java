package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.data.Batch;
import java.util.Objects;
import java.util.function.ToDoubleBiFunction;

/** A metric of a set of examples, accumulated batch by batch; it is reported, not minimised. */
@FunctionalInterface
public interface Metric {
    /** Returns an accumulator for one pass over a set of examples. */
    Accumulator start();

    /** The metric of the examples seen so far. */
    interface Accumulator {
        /** Takes in the model's output for a batch. */
        void add(Tensor output, Batch batch);

        /** Returns the metric over all batches taken in. */
        double value();
    }

    /** Returns the mean over all examples, given the mean over a batch. */
    static Metric mean(ToDoubleBiFunction<Tensor, Batch> ofBatch) {
        Objects.requireNonNull(ofBatch, "Metric.mean: ofBatch is null");
        return () -> new Accumulator() {
            private double sum;
            private long count;

            @Override
            public void add(Tensor output, Batch batch) {
                sum += ofBatch.applyAsDouble(output, batch) * batch.size();
                count += batch.size();
            }

            @Override
            public double value() {
                return sum / count;
            }
        };
    }

    /** Returns the share of examples whose class is the index of the largest of their outputs {@code [n, c]}, 0 to 1. */
    static Metric accuracy() {
        return () -> new Accumulator() {
            private long correct;
            private long count;

            @Override
            public void add(Tensor output, Batch batch) {
                int[] predicted = Evaluation.classes(output, batch);
                int[] actual = batch.classes();
                for (int i = 0; i < actual.length; i++) {
                    correct += predicted[i] == actual[i] ? 1 : 0;
                }
                count += actual.length;
            }

            @Override
            public double value() {
                return (double) correct / count;
            }
        };
    }
}
