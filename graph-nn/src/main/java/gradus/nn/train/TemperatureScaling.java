package gradus.nn.train;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Buffer;
import gradus.nn.Layer;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import java.util.Objects;

/**
 * A classifier whose logits are divided by one number, {@code y = f(x) / T}, so that its probabilities are as high as it is right: Guo et al.,
 * On Calibration of Modern Neural Networks, 2017. As T is positive, the order of the logits of an example, and with it the predicted class
 * and the accuracy, stay. {@link Calibration} measures the effect.
 *
 * <pre>{@code
 * TemperatureScaling scaled = TemperatureScaling.fit(model, validation);
 * Calibration.of(scaled, test).expectedCalibrationError()
 * }</pre>
 *
 * <p>It is a model with the inner layer {@code model} and the buffer {@code temperature}, and is saved and loaded as such.
 */
public final class TemperatureScaling extends Model {
    private static final int STEPS = 200;

    private final Layer model;
    private final Buffer temperature;

    /** Creates it with the temperature 1, which changes nothing, to be fitted or loaded from a file. */
    public TemperatureScaling(Layer model) {
        Objects.requireNonNull(model, "TemperatureScaling: model is null");
        this.model = layer("model", model);
        DType dtype = Evaluation.dtype(model);
        temperature = buffer("temperature", Tensor.full(Shape.of(1), 1, dtype == null ? DType.FLOAT64 : dtype));
    }

    /**
     * Returns a model with the temperature that gives the lowest cross entropy of a validation set, which the model was not trained on. The cross
     * entropy is convex in 1/T; its minimum is found by Newton's method within a bracket.
     *
     * @param model with outputs {@code [n, c]}, logits of classes, or {@code [n]} or {@code [n, 1]}, logits of class 1
     * @throws IllegalArgumentException if the outputs or the targets have other shapes, or an output is not finite
     * @throws IllegalStateException if no temperature is the best: all examples are classified correctly, so that smaller ones are always better, or
     *     the logits of the right classes are no larger than the others on average, so that larger ones are
     */
    public static TemperatureScaling fit(Layer model, Dataset validation) {
        Objects.requireNonNull(model, "TemperatureScaling.fit: model is null");
        Objects.requireNonNull(validation, "TemperatureScaling.fit: validation is null");
        TemperatureScaling scaled = new TemperatureScaling(model);
        Logits logits = Logits.of("TemperatureScaling", Trainer.predict(model, validation), validation.all());
        scaled.temperature.set(Tensor.full(
                Shape.of(1), 1 / best(logits), scaled.temperature.value().dtype()));
        return scaled;
    }

    /** Returns the factor of the logits with the lowest cross entropy, where its derivative is zero. */
    private static double best(Logits logits) {
        if (logits.areAllCorrect()) {
            throw new IllegalStateException(
                    "TemperatureScaling: all " + logits.size()
                            + " examples are classified correctly, so that no temperature is the best; more examples are needed");
        }
        if (logits.slope(0)[0] >= 0) {
            throw new IllegalStateException("TemperatureScaling: the logits of the right classes of " + logits.size()
                    + " examples are no larger than the others on average, so that no temperature is the best");
        }
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double factor = 1;
        for (int i = 0; i < STEPS; i++) {
            double[] slope = logits.slope(factor);
            if (slope[0] == 0) {
                return factor;
            }
            if (slope[0] < 0) {
                low = factor;
            } else {
                high = factor;
            }
            double next = factor - slope[0] / slope[1];
            if (!(next > low && next < high)) {
                next = Double.isInfinite(high) ? 2 * low : low + (high - low) / 2;
            }
            if (Math.abs(next - factor) <= 1e-14 * factor) {
                return next;
            }
            factor = next;
        }
        return factor;
    }

    /** Returns the temperature: above 1 where the model was too sure, below 1 where it was not sure enough. */
    public double temperature() {
        return temperature.value().item();
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Objects.requireNonNull(x, "TemperatureScaling.forward: x is null");
        Objects.requireNonNull(pass, "TemperatureScaling.forward: pass is null");
        return pass.report(this, "model", x, model.forward(x, pass)).div(temperature());
    }

    /**
     * The logits of examples, and their classes.
     *
     * @param values {@code [n, classes]}
     */
    record Logits(int classes, double[] values, int[] actual) {
        /** Returns those of outputs {@code [n, c]}, or {@code [n]} or {@code [n, 1]}, for which class 0 has the logit 0. */
        static Logits of(String what, Tensor output, Batch batch) {
            if (!Finite.isFinite(output)) {
                throw new IllegalArgumentException(what + ": an output of the model is not finite");
            }
            Labels labels = Labels.of(what, output, batch);
            double[] z = output.toDoubleArray();
            if (!Labels.isBinary(output.shape())) {
                return new Logits(labels.classes(), z, labels.actual());
            }
            double[] both = new double[2 * z.length];
            for (int i = 0; i < z.length; i++) {
                both[2 * i + 1] = z[i];
            }
            return new Logits(2, both, labels.actual());
        }

        int size() {
            return actual.length;
        }

        double logit(int example, int c) {
            return values[example * classes + c];
        }

        /** Returns the largest logit of an example. */
        double largest(int example) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                largest = Math.max(largest, logit(example, c));
            }
            return largest;
        }

        /** Returns the probabilities of an example by the softmax of its logits, multiplied by a factor. */
        double[] probabilities(int example, double factor) {
            double[] p = new double[classes];
            double largest = largest(example);
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                p[c] = StrictMath.exp(factor * (logit(example, c) - largest));
                sum += p[c];
            }
            for (int c = 0; c < classes; c++) {
                p[c] /= sum;
            }
            return p;
        }

        boolean areAllCorrect() {
            for (int i = 0; i < size(); i++) {
                if (logit(i, actual[i]) < largest(i)) {
                    return false;
                }
            }
            return true;
        }

        /**
         * Returns the first and second derivative of the cross entropy with respect to the factor: the means of {@code sum p z - z_y} and of the
         * variance of z by p.
         */
        double[] slope(double factor) {
            double first = 0;
            double second = 0;
            for (int i = 0; i < size(); i++) {
                double[] p = probabilities(i, factor);
                double origin = logit(i, actual[i]);
                double mean = 0;
                double square = 0;
                for (int c = 0; c < classes; c++) {
                    double z = logit(i, c) - origin;
                    mean += p[c] * z;
                    square += p[c] * z * z;
                }
                first += mean / size();
                second += (square - mean * mean) / size();
            }
            return new double[] {first, second};
        }
    }
}
