package gradus.nn.train;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.data.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** Metrics of outputs that are to equal the targets. */
final class RegressionMetrics {
    private RegressionMetrics() {}

    /** Returns output minus target of each element. */
    static double[] differences(String metric, Tensor output, Batch batch) {
        requireSameShape(metric, output, batch);
        double[] d = output.toDoubleArray();
        double[] y = batch.y().toDoubleArray();
        for (int i = 0; i < d.length; i++) {
            d[i] -= y[i];
        }
        return d;
    }

    private static void requireSameShape(String metric, Tensor output, Batch batch) {
        Shape target = batch.y().shape();
        if (!output.shape().equals(target) || target.rank() == 0) {
            throw new IllegalArgumentException(
                    metric + ": the model's output " + output.shape() + " and the target " + target + " differ");
        }
    }

    static double[] absolute(Tensor output, Batch batch) {
        double[] d = differences("meanAbsoluteError", output, batch);
        for (int i = 0; i < d.length; i++) {
            d[i] = Math.abs(d[i]);
        }
        return d;
    }

    static double[] square(Tensor output, Batch batch) {
        double[] d = differences("rootMeanSquaredError", output, batch);
        for (int i = 0; i < d.length; i++) {
            d[i] *= d[i];
        }
        return d;
    }

    /** Accumulates, for each element of an example, the squared errors, and the squared deviations from the mean by Welford's method. */
    static final class R2 implements Metric.Accumulator {
        private Shape shape;
        private long count;
        private double[] errors;
        private double[] means;
        private double[] deviations;

        @Override
        public void add(Tensor output, Batch batch) {
            double[] differences = differences("r2", output, batch);
            Shape one = batch.y().shape().with(0, 1);
            if (shape == null) {
                shape = one;
                errors = new double[one.size()];
                means = new double[one.size()];
                deviations = new double[one.size()];
            } else if (!shape.equals(one)) {
                throw new IllegalArgumentException(
                        "r2: the target of an example is " + one + ", in a batch before it was " + shape);
            }
            double[] y = batch.y().toDoubleArray();
            for (int i = 0; i < batch.size(); i++) {
                count++;
                for (int j = 0; j < errors.length; j++) {
                    int at = i * errors.length + j;
                    errors[j] += differences[at] * differences[at];
                    double delta = y[at] - means[j];
                    means[j] += delta / count;
                    deviations[j] += delta * (y[at] - means[j]);
                }
            }
        }

        /** Returns the count, the rank and shape of an example's target, and the sums by element. */
        @Override
        public double[] state() {
            if (shape == null) {
                return new double[0];
            }
            DoubleStream.Builder all =
                    DoubleStream.builder().add((double) count).add(shape.rank());
            Arrays.stream(shape.dims()).forEach(all::add);
            for (double[] sums : List.of(errors, means, deviations)) {
                Arrays.stream(sums).forEach(all::add);
            }
            return all.build().toArray();
        }

        @Override
        public void restore(double... state) {
            if (state.length == 0) {
                return;
            }
            int start = state.length < 2 ? 0 : 2 + (int) state[1];
            ClassMetrics.requireState("r2", start > 2 && start < state.length);
            Shape one = Shape.of(
                    Arrays.stream(state, 2, start).mapToInt(d -> (int) d).toArray());
            int n = one.size();
            ClassMetrics.requireState("r2", state.length == start + 3L * n);
            count = (long) state[0];
            shape = one;
            errors = Arrays.copyOfRange(state, start, start + n);
            means = Arrays.copyOfRange(state, start + n, start + 2 * n);
            deviations = Arrays.copyOfRange(state, start + 2 * n, start + 3 * n);
        }

        @Override
        public double value() {
            if (count == 0) {
                throw ClassMetrics.noExamples("r2");
            }
            double sum = 0;
            for (int j = 0; j < errors.length; j++) {
                sum += deviations[j] > 0 ? 1 - errors[j] / deviations[j] : errors[j] == 0 ? 1 : 0;
            }
            return sum / errors.length;
        }
    }
}
