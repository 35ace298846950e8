package gradus.nn.train;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Metrics of classes. */
final class ClassMetrics {
    private ClassMetrics() {}

    static IllegalStateException noExamples(String metric) {
        return new IllegalStateException(metric + ": there are no examples");
    }

    /** Accumulates a function of the mean of some numbers. */
    abstract static class Mean implements Metric.Accumulator {
        private final String metric;
        private final DoubleUnaryOperator function;
        private double sum;
        private long count;

        Mean(String metric, DoubleUnaryOperator function) {
            this.metric = metric;
            this.function = function;
        }

        final void add(double ofSome, int some) {
            sum += ofSome;
            count += some;
        }

        @Override
        public final double value() {
            if (count == 0) {
                throw noExamples(metric);
            }
            return function.applyAsDouble(sum / count);
        }

        @Override
        public final double[] state() {
            return new double[] {sum, count};
        }

        @Override
        public final void restore(double... state) {
            requireState(metric, state.length == 2);
            sum = state[0];
            count = (long) state[1];
        }
    }

    static void requireState(String metric, boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException(metric + ": the numbers are not a state of this metric");
        }
    }

    /** Returns a function of the mean of the numbers of all examples. */
    static Metric ofMean(String metric, BiFunction<Tensor, Batch, double[]> numbers, DoubleUnaryOperator function) {
        return () -> new Mean(metric, function) {
            @Override
            public void add(Tensor output, Batch batch) {
                double[] values = numbers.apply(output, batch);
                for (double v : values) {
                    add(v, 1);
                }
            }
        };
    }

    static double[] isCorrect(int[] predicted, int[] actual) {
        double[] correct = new double[actual.length];
        for (int i = 0; i < correct.length; i++) {
            correct[i] = predicted[i] == actual[i] ? 1 : 0;
        }
        return correct;
    }

    static double[] isBinaryCorrect(Tensor output, Batch batch) {
        if (!Labels.isBinary(output.shape())) {
            throw new IllegalArgumentException("binaryAccuracy: the model's output " + output.shape()
                    + " is not [n] or [n, 1], one logit for each example");
        }
        Labels labels = Labels.of("binaryAccuracy", output, batch);
        return isCorrect(labels.predicted(), labels.actual());
    }

    /** Returns for each example whether its class has one of the k largest outputs; of equal ones the first is the larger. */
    static double[] isInTop(int k, Tensor output, Batch batch) {
        Labels labels = Labels.of("topK", output, batch);
        int c = labels.classes();
        if (Labels.isBinary(output.shape()) || k > c) {
            throw new IllegalArgumentException(
                    "topK: k " + k + " needs outputs [n, c] of at least so many classes, not " + output.shape());
        }
        double[] values = output.toDoubleArray();
        double[] inTop = new double[batch.size()];
        for (int i = 0; i < inTop.length; i++) {
            int actual = labels.actual()[i];
            double own = values[i * c + actual];
            int before = 0;
            for (int j = 0; j < c; j++) {
                double other = values[i * c + j];
                if (!(other < own || (other == own && j >= actual))) {
                    before++;
                }
            }
            inTop[i] = before < k ? 1 : 0;
        }
        return inTop;
    }

    /** Returns a metric of the confusion matrix of all examples. */
    static Metric ofMatrix(String metric, ToDoubleFunction<ConfusionMatrix> value) {
        return () -> new Metric.Accumulator() {
            private ConfusionMatrix matrix;

            @Override
            public void add(Tensor output, Batch batch) {
                Labels labels = Labels.of(metric, output, batch);
                if (matrix == null) {
                    matrix = new ConfusionMatrix(labels.classes());
                } else if (matrix.classes() != labels.classes()) {
                    throw new IllegalArgumentException(metric + ": the model's output " + output.shape() + " has "
                            + labels.classes() + " classes, that of a batch before had " + matrix.classes());
                }
                matrix.add(labels.actual(), labels.predicted(), 0);
            }

            @Override
            public double value() {
                if (matrix == null) {
                    throw noExamples(metric);
                }
                return value.applyAsDouble(matrix);
            }

            @Override
            public double[] state() {
                return matrix == null ? new double[0] : matrix.state();
            }

            @Override
            public void restore(double... state) {
                requireState(metric, Math.sqrt(state.length) == Math.rint(Math.sqrt(state.length)));
                matrix = state.length == 0 ? null : ConfusionMatrix.ofState(state);
            }
        };
    }

    /** Returns a metric of one class. */
    static Metric ofClass(String metric, int c, BiFunction<ConfusionMatrix, Integer, Double> value) {
        if (c < 0) {
            throw new IllegalArgumentException(metric + ": class " + c + " must be at least 0");
        }
        return ofMatrix(metric, m -> {
            if (c >= m.classes()) {
                throw new IllegalArgumentException(
                        metric + ": class " + c + " is not one of the model's " + m.classes() + " classes");
            }
            return value.apply(m, c);
        });
    }

    /** Returns a metric of the scores and classes of all examples. */
    static Metric ofScores(String metric, BiFunction<double[], int[], Double> value) {
        return () -> new Metric.Accumulator() {
            private final List<double[]> scores = new ArrayList<>();
            private final List<int[]> classes = new ArrayList<>();

            @Override
            public void add(Tensor output, Batch batch) {
                double[] s = Labels.binaryScores(metric, output, batch);
                classes.add(Labels.binaryTargets(metric, batch));
                scores.add(s);
            }

            @Override
            public double value() {
                if (scores.isEmpty()) {
                    throw noExamples(metric);
                }
                return value.apply(
                        scores.stream().flatMapToDouble(Arrays::stream).toArray(),
                        classes.stream().flatMapToInt(Arrays::stream).toArray());
            }

            @Override
            public double[] state() {
                return DoubleStream.concat(
                                scores.stream().flatMapToDouble(Arrays::stream),
                                classes.stream().flatMapToInt(Arrays::stream).asDoubleStream())
                        .toArray();
            }

            @Override
            public void restore(double... state) {
                int n = state.length / 2;
                requireState(metric, 2 * n == state.length);
                scores.add(Arrays.copyOf(state, n));
                classes.add(
                        Arrays.stream(state, n, 2 * n).mapToInt(c -> (int) c).toArray());
            }
        };
    }

    /** Returns a metric of the probabilities {@code [n, c]} and classes of all examples. */
    static Metric ofProbabilities(String metric, BiFunction<Tensor, int[], Double> value) {
        return () -> new Metric.Accumulator() {
            private final List<Node> probabilities = new ArrayList<>();
            private final List<int[]> classes = new ArrayList<>();

            @Override
            public void add(Tensor output, Batch batch) {
                Labels labels = Labels.of(metric, output, batch);
                if (Labels.isBinary(output.shape())) {
                    throw new IllegalArgumentException(metric + ": the model's output " + output.shape()
                            + " is not [n, c], logits of two classes or more");
                }
                probabilities.add(Node.constant(output.to(DType.FLOAT64).softmax(1)));
                classes.add(labels.actual());
            }

            @Override
            public double value() {
                if (classes.isEmpty()) {
                    throw noExamples(metric);
                }
                return value.apply(
                        Node.concat(0, probabilities.toArray(Node[]::new)).value(),
                        classes.stream().flatMapToInt(Arrays::stream).toArray());
            }
        };
    }

    /** Gives the scores and classes of all examples of a data set. */
    static void evaluate(String what, Layer model, Dataset examples, BiConsumer<double[], int[]> use) {
        Metric.Accumulator all = ofScores(what, (scores, classes) -> {
                    use.accept(scores, classes);
                    return 0.0;
                })
                .start();
        Evaluation.of(model, examples, (output, batch, from) -> all.add(output.value(), batch));
        all.value();
    }
}
