package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.io.ModelFile;
import gradus.nn.optim.Adam;
import gradus.nn.train.Metric;
import gradus.nn.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The averages against their formulas, and an ensemble wherever a model is. */
class EnsembleTest {
    private static final Tensor X = Tensor.uniform(Shape.of(7, 4), -2, 2, RandomStream.of(1, "x"));

    private static Linear member(int out, long seed) {
        Linear m = new Linear(4, out);
        m.initialize(seed);
        return m;
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void outputs_and_probabilities_are_averaged(DType dtype) {
        Linear[] members = {member(3, 1), member(3, 2), member(3, 3)};
        List.of(members).forEach(m -> m.to(dtype));
        Tensor x = X.to(dtype);
        double tolerance = dtype == DType.FLOAT64 ? 1e-14 : 1e-6;
        Tensor outputs = Ensemble.ofOutputs(members).predict(x);
        Tensor probabilities = Ensemble.ofProbabilities(members).predict(x).softmax(1);
        for (int i = 0; i < 7; i++) {
            for (int c = 0; c < 3; c++) {
                double y = 0;
                double p = 0;
                for (Linear m : members) {
                    y += m.predict(x).get(i, c) / 3;
                    p += m.predict(x).softmax(1).get(i, c) / 3;
                }
                assertEquals(y, outputs.get(i, c), tolerance);
                assertEquals(p, probabilities.get(i, c), tolerance);
            }
        }
        assertEquals(dtype, outputs.dtype());
    }

    @Test
    void a_logit_of_one_class_is_averaged_by_its_sigmoid() {
        Linear a = member(1, 1);
        Linear b = member(1, 2);
        for (Ensemble e : List.of(
                Ensemble.ofProbabilities(a, b),
                Ensemble.ofProbabilities(
                        x -> a.forward(x).reshape(7), x -> b.forward(x).reshape(7)))) {
            double[] y = e.predict(X).toDoubleArray();
            for (int i = 0; i < 7; i++) {
                double p =
                        (sigmoid(a.predict(X).get(i, 0)) + sigmoid(b.predict(X).get(i, 0))) / 2;
                assertEquals(Math.log(p / (1 - p)), y[i], 1e-13);
            }
        }
        Tensor far = Ensemble.ofProbabilities(
                        x -> x.mul(0).add(900), x -> x.mul(0).add(-900))
                .predict(Tensor.ones(2, 1));
        assertEquals(0, far.get(0, 0), 1e-12, "no overflow");
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    @Test
    void gradients_are_right() {
        Linear a = member(3, 1);
        Linear b = member(3, 2);
        Ensemble e = Ensemble.ofProbabilities(a, b);
        GradientCheck.of(e.parameters(), () -> e.forward(Node.constant(X))).verify();
        Linear c = member(1, 1);
        Ensemble binary = Ensemble.ofProbabilities(c, member(1, 4));
        GradientCheck.of(binary.parameters(), () -> binary.forward(Node.constant(X)))
                .verify();
    }

    @Test
    void it_is_evaluated_saved_and_loaded_as_a_model(@TempDir Path dir) throws IOException {
        Dataset moons = Synthetic.moons(300, 0.2, 1);
        Sequential[] nets = new Sequential[3];
        for (int i = 0; i < 3; i++) {
            nets[i] = Sequential.of(new Linear(2, 8), new BatchNorm(8), Node::tanh, new Dropout(0.1), new Linear(8, 2));
            nets[i].initialize(i);
            Trainer.classifier(nets[i])
                    .optimizer(new Adam(nets[i].parameters(), 0.02))
                    .epochs(5)
                    .seed(i)
                    .fit(moons);
        }
        Ensemble all = Ensemble.ofProbabilities(nets);
        double accuracy = Trainer.accuracy(all, moons);
        assertTrue(accuracy > 0.8, "" + accuracy);
        Metric.Accumulator loss = Metric.logLoss().start();
        loss.add(Trainer.predict(all, moons), moons.all());
        double mean = 0;
        for (Sequential n : nets) {
            Metric.Accumulator one = Metric.logLoss().start();
            one.add(Trainer.predict(n, moons), moons.all());
            mean += one.value() / 3;
        }
        assertTrue(loss.value() <= mean, "the logarithm is concave: " + loss.value() + " and " + mean);
        ModelFile.save(all, dir.resolve("ensemble.safetensors"));
        Sequential[] others = new Sequential[3];
        for (int i = 0; i < 3; i++) {
            others[i] =
                    Sequential.of(new Linear(2, 8), new BatchNorm(8), Node::tanh, new Dropout(0.1), new Linear(8, 2));
        }
        Ensemble copy = Ensemble.ofProbabilities(others);
        ModelFile.load(copy, dir.resolve("ensemble.safetensors"));
        assertEquals(Trainer.predict(all, moons), Trainer.predict(copy, moons));
        assertTrue(all.state().containsKey("2.4.weight"));
        assertTrue(all.summary(Shape.of(2)).contains("Ensemble"), all.summary(Shape.of(2)));
    }

    @Test
    void members_that_do_not_fit_are_refused() {
        assertEquals(
                "Ensemble: [7, 3] x [7, 2]: the outputs of members 0 and 1 must have one shape",
                assertThrows(IllegalArgumentException.class, () -> Ensemble.ofOutputs(member(3, 1), member(2, 1))
                                .predict(X))
                        .getMessage());
        assertEquals(
                "Ensemble: the outputs of members 0 and 1 must have one number type, not FLOAT64 and FLOAT32",
                assertThrows(IllegalArgumentException.class, () -> Ensemble.ofOutputs(
                                        y -> y, y -> Node.constant(y.value().to(DType.FLOAT32)))
                                .predict(X))
                        .getMessage());
        assertEquals(
                "Ensemble.ofProbabilities: there must be at least one member",
                assertThrows(IllegalArgumentException.class, Ensemble::ofProbabilities)
                        .getMessage());
        assertEquals(
                "Ensemble.ofOutputs[Linear[4, 3], function]",
                Ensemble.ofOutputs(member(3, 1), y -> y).toString());
    }
}
