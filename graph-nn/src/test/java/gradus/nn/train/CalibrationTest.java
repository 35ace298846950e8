package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.io.ModelFile;
import gradus.nn.optim.Adam;
import gradus.nn.train.Calibration.Bin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The temperature against a search over temperatures, and the calibration error against its definition. */
class CalibrationTest {
    private static double logLoss(Layer model, Dataset data) {
        Metric.Accumulator loss = Metric.logLoss().start();
        loss.add(Trainer.predict(model, data), data.all());
        return loss.value();
    }

    /** Returns logits as inputs, for the model {@code x -> x}, and classes drawn from the softmax of the logits divided by t. */
    private static Dataset drawn(int n, int c, double t, long seed) {
        RandomStream random = RandomStream.of(seed, "calibration");
        Tensor logits = Tensor.normal(Shape.of(n, c), 0, 3, random);
        double[] p = logits.div(t).softmax(1).toDoubleArray();
        int[] classes = new int[n];
        for (int i = 0; i < n; i++) {
            double u = random.nextDouble();
            while (classes[i] < c - 1 && u >= p[i * c + classes[i]]) {
                u -= p[i * c + classes[i]++];
            }
        }
        return Dataset.of(logits, classes);
    }

    @Property(tries = 30)
    void no_other_temperature_is_better_and_the_classes_stay(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 5) int c,
            @ForAll @DoubleRange(min = 0.3, max = 4) double t) {
        Dataset data = drawn(200, c, t, seed);
        Layer model = x -> x;
        TemperatureScaling scaled = TemperatureScaling.fit(model, data);
        double best = logLoss(scaled, data);
        for (double factor : new double[] {0.5, 0.9, 0.999, 1.001, 1.1, 2, 1 / scaled.temperature()}) {
            double other = factor * scaled.temperature();
            assertTrue(best <= logLoss(x -> x.div(other), data) + 1e-14, factor + " times " + scaled.temperature());
        }
        assertArrayEquals(Trainer.predictedClasses(model, data), Trainer.predictedClasses(scaled, data));
    }

    @Test
    void the_temperature_of_the_data_is_found_and_the_calibration_error_falls() {
        Dataset data = drawn(20_000, 3, 2, 1);
        Layer model = x -> x;
        TemperatureScaling scaled = TemperatureScaling.fit(model, data);
        assertEquals(2, scaled.temperature(), 0.06);
        double before = Calibration.of(model, data).expectedCalibrationError();
        double after = Calibration.of(scaled, data).expectedCalibrationError();
        assertTrue(before > 0.1 && after < 0.02, before + " and " + after);
        assertEquals(1, TemperatureScaling.fit(scaled, data).temperature(), 1e-9);
    }

    @Test
    void one_logit_is_two_of_which_the_first_is_zero() {
        Dataset one = drawn(300, 2, 1.5, 4);
        Tensor z = one.x().slice(1, 1, 2).sub(one.x().slice(1, 0, 1));
        Dataset binary = Dataset.of(z, one.classes());
        double expected = TemperatureScaling.fit(x -> x, one).temperature();
        assertEquals(expected, TemperatureScaling.fit(x -> x, binary).temperature(), 1e-12);
        Layer flat = x -> x.reshape(x.shape().dim(0));
        assertEquals(expected, TemperatureScaling.fit(flat, binary).temperature(), 1e-12);
        Calibration a = Calibration.of(x -> x, one, 10);
        Calibration b = Calibration.of(x -> x, binary, 10);
        assertEquals(a.expectedCalibrationError(), b.expectedCalibrationError(), 1e-12);
    }

    @Test
    void it_is_saved_and_loaded_with_its_model(@TempDir Path dir) throws IOException {
        List<Dataset> moons = Synthetic.moons(600, 0.3, 1).split(1, 0.5, 0.5);
        Sequential net = Sequential.of(new Linear(2, 16), Node::tanh, new Linear(16, 2));
        net.to(DType.FLOAT32);
        net.initialize(1);
        Trainer.classifier(net)
                .optimizer(new Adam(net.parameters(), 0.05))
                .epochs(20)
                .fit(moons.get(0));
        TemperatureScaling scaled = TemperatureScaling.fit(net, moons.get(1));
        assertEquals(Trainer.accuracy(net, moons.get(1)), Trainer.accuracy(scaled, moons.get(1)));
        assertTrue(logLoss(scaled, moons.get(1)) <= logLoss(net, moons.get(1)));
        ModelFile.save(scaled, dir.resolve("scaled.safetensors"));
        Sequential other = Sequential.of(new Linear(2, 16), Node::tanh, new Linear(16, 2));
        other.to(DType.FLOAT32);
        TemperatureScaling copy = new TemperatureScaling(other);
        ModelFile.load(copy, dir.resolve("scaled.safetensors"));
        assertEquals(Trainer.predict(scaled, moons.get(1)), Trainer.predict(copy, moons.get(1)));
        assertEquals(DType.FLOAT32, Trainer.predict(copy, moons.get(1)).dtype());
    }

    @Test
    void bins_count_examples_by_confidence() {
        // probabilities 0.9, 0.8, 0.75 of class 0, and 0.4 of class 0, so 0.6 of class 1
        double[] p = {0.9, 0.8, 0.75, 0.4};
        Tensor logits = Tensor.of(
                Shape.of(4, 1),
                java.util.Arrays.stream(p).map(v -> Math.log((1 - v) / v)).toArray());
        Calibration c = Calibration.of(x -> x, Dataset.of(logits, 0, 1, 0, 0), 4);
        assertEquals(4, c.bins().size());
        Bin third = c.bins().get(2); // above 0.5, up to 0.75
        Bin fourth = c.bins().get(3);
        assertEquals(4, c.count());
        assertEquals(0, c.bins().get(0).count());
        assertTrue(Double.isNaN(c.bins().get(1).accuracy()));
        assertEquals(4, third.count() + fourth.count());
        double error = Math.abs(third.accuracy() - third.confidence()) * third.count() / 4
                + Math.abs(fourth.accuracy() - fourth.confidence()) * fourth.count() / 4;
        assertEquals(error, c.expectedCalibrationError(), 1e-15);
        assertEquals(
                Math.max(
                        Math.abs(third.accuracy() - third.confidence()),
                        Math.abs(fourth.accuracy() - fourth.confidence())),
                c.maximumCalibrationError());
        // in one bin: mean confidence (0.9 + 0.8 + 0.75 + 0.6) / 4, accuracy 2 / 4
        assertEquals(
                0.7625 - 0.5,
                Calibration.of(x -> x, Dataset.of(logits, 0, 1, 0, 0), 1).expectedCalibrationError(),
                1e-12);
        // a confidence of exactly 0.5 is in the bin up to 0.5
        assertEquals(
                1,
                Calibration.of(x -> x, Dataset.of(Tensor.zeros(1, 2), 0), 2)
                        .bins()
                        .get(0)
                        .count());
        assertTrue(c.toString().contains("expected calibration error"), c::toString);
    }

    @Test
    void what_has_no_best_temperature_is_refused() {
        Tensor logits = Tensor.of(new double[][] {{2, 0}, {0, 3}});
        assertEquals(
                "TemperatureScaling: all 2 examples are classified correctly, so that no temperature is the best; more examples are needed",
                assertThrows(
                                IllegalStateException.class,
                                () -> TemperatureScaling.fit(x -> x, Dataset.of(logits, 0, 1)))
                        .getMessage());
        assertEquals(
                "TemperatureScaling: the logits of the right classes of 2 examples are no larger than the others on average, so that no temperature is the best",
                assertThrows(
                                IllegalStateException.class,
                                () -> TemperatureScaling.fit(x -> x, Dataset.of(logits, 1, 0)))
                        .getMessage());
        assertEquals(
                "TemperatureScaling: an output of the model is not finite",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TemperatureScaling.fit(x -> x.div(0), Dataset.of(logits, 1, 0)))
                        .getMessage());
        assertEquals(
                "Calibration: the number of bins 0 must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> Calibration.of(x -> x, Dataset.of(logits, 1, 0), 0))
                        .getMessage());
    }
}
