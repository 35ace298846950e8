package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.Buffer;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.nn.optim.Optimizer;
import gradus.nn.train.Callback;
import gradus.nn.train.History;
import gradus.nn.train.Loss;
import gradus.nn.train.Metric;
import gradus.nn.train.Trainer;
import gradus.ops.Losses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts as users write them, outside Gradus's packages, against the public API alone. */
class OwnPartsTest {
    /** An LSTM cell (Hochreiter and Schmidhuber 1997): the gates input, forget, cell and output from {@code [x, h]}. */
    private static final class LstmCell extends Model {
        private final int hidden;
        private final Linear gates;

        LstmCell(int in, int hidden) {
            this.hidden = hidden;
            gates = layer("gates", new Linear(in + hidden, 4 * hidden));
        }

        /** Returns the next hidden and cell state. */
        Node[] step(Node x, Node h, Node c) {
            List<Node> z = gates.forward(Node.concat(1, x, h)).split(1, hidden, hidden, hidden, hidden);
            Node cell = z.get(1)
                    .sigmoid()
                    .mul(c)
                    .add(z.get(0).sigmoid().mul(z.get(2).tanh()));
            return new Node[] {z.get(3).sigmoid().mul(cell.tanh()), cell};
        }

        /** Returns the last hidden state of a sequence, {@code [n, t, in] -> [n, hidden]}. */
        @Override
        public Node forward(Node x, Pass pass) {
            Tensor zeros = Tensor.zeros(Shape.of(x.shape().dim(0), hidden), x.dtype());
            Node[] state = {Node.constant(zeros), Node.constant(zeros)};
            for (Node xt : x.unbind(1)) {
                state = step(xt, state[0], state[1]);
            }
            return state[0];
        }
    }

    /** Adds normal noise in training, and keeps the mean of its inputs. */
    private static final class Noise extends Model {
        private final Buffer seen = buffer("seen", Tensor.of(0.0));

        @Override
        public Node forward(Node x, Pass pass) {
            if (!pass.isTraining()) {
                return x;
            }
            seen.set(Tensor.scalar(x.value().mean().item(), seen.value().dtype()));
            return x.add(Node.constant(
                    Tensor.normal(x.shape(), 0, 0.1, pass.random(path())).to(x.dtype())));
        }
    }

    /** RMSprop in PyTorch's form: {@code v = a v + (1 - a) g^2; p -= lr g / (sqrt(v) + eps)}. */
    private static final class OwnRmsProp extends Optimizer {
        OwnRmsProp(Map<String, Node> parameters, double learningRate) {
            super(parameters, learningRate);
        }

        @Override
        protected Tensor update(Tensor p, Tensor g, State s) {
            Tensor v = s.tensor("square").mul(0.99).add(g.mul(g).mul(0.01));
            s.set("square", v);
            return p.sub(g.div(v.sqrt().add(1e-8)).mul(s.learningRate()));
        }
    }

    /** Sequences of signs: is their sum positive? Computed when it is asked for. */
    private record Signs(int size) implements Dataset {
        private static final int LENGTH = 5;

        @Override
        public Batch at(int... indices) {
            double[] x = new double[indices.length * LENGTH];
            double[] y = new double[indices.length];
            for (int i = 0; i < indices.length; i++) {
                RandomStream random = RandomStream.of(1, "example " + indices[i]);
                double sum = 0;
                for (int t = 0; t < LENGTH; t++) {
                    x[i * LENGTH + t] = random.nextInt(2) * 2 - 1;
                    sum += x[i * LENGTH + t];
                }
                y[i] = sum > 0 ? 1 : 0;
            }
            return Batch.of(Tensor.of(Shape.of(indices.length, LENGTH, 1), x), Tensor.of(y));
        }
    }

    private static final Loss WEIGHTED = (output, batch) ->
            Losses.softmaxCrossEntropy(output, batch.classes()).mul(2);

    /** The share of class 1 among the predictions; it needs all of them, not a mean of means. */
    private static final Metric POSITIVES = () -> new Metric.Accumulator() {
        private double positive;
        private double all;

        @Override
        public void add(Tensor output, Batch batch) {
            positive += output.argmax(1).sum().item();
            all += batch.size();
        }

        @Override
        public double value() {
            return positive / all;
        }
    };

    private static Sequential network() {
        Sequential model = Sequential.of(new LstmCell(1, 8), new Noise(), new Linear(8, 2));
        model.to(DType.FLOAT32);
        model.initialize(3);
        return model;
    }

    private static Trainer trainer(Sequential model, int epochs, Callback callback) {
        return Trainer.of(model, WEIGHTED)
                .metric("accuracy", Metric.accuracy())
                .metric("positives", POSITIVES)
                .optimizer(new OwnRmsProp(model.parameters(), 0.01))
                .validation(new Signs(50))
                .epochs(epochs)
                .batchSize(20)
                .callback(callback);
    }

    @Test
    void they_train_together() {
        List<Integer> epochs = new ArrayList<>();
        Sequential model = network();
        History h = trainer(model, 12, p -> epochs.add(p.epoch().number())).fit(new Signs(200));
        assertTrue(h.best().validationAccuracy() > 0.95, h::toString);
        double share = h.epochs().get(11).validationMetrics().get("positives");
        int[] predicted = Trainer.predictedClasses(model, new Signs(50));
        assertEquals(java.util.Arrays.stream(predicted).sum() / 50.0, share, 1e-15);
        assertEquals(12, epochs.size());
    }

    @Test
    void they_resume(@TempDir Path directory) {
        Sequential whole = network();
        trainer(whole, 3, p -> {}).fit(new Signs(60));
        Path file = directory.resolve("own");
        trainer(network(), 1, p -> {}).checkpoint(file).fit(new Signs(60));
        assertTrue(Files.exists(file));
        Sequential resumed = network();
        trainer(resumed, 3, p -> {}).checkpoint(file).fit(new Signs(60));
        assertEquals(whole.state(), resumed.state());
    }

    @Test
    void an_lstm_cell_of_ones_own_has_right_gradients_and_its_formula() {
        LstmCell cell = new LstmCell(2, 3);
        Node x = Node.constant(Tensor.uniform(Shape.of(2, 4, 2), -1, 1, RandomStream.of(1, "x")));
        GradientCheck.of(cell.parameters(), () -> cell.forward(x)).verify();
        GradientCheck.of(in -> cell.step(in[0], in[1], in[2])[0])
                .draw(Shape.of(2, 2), Shape.of(2, 3), Shape.of(2, 3))
                .order(2)
                .verify();
        cell.parameters().forEach((path, p) -> p.assign(Tensor.zeros(p.shape(), p.dtype())));
        Node one = Node.constant(new double[][] {{1, 1}});
        Node c = Node.constant(new double[][] {{2, 2, 2}});
        Node[] next = cell.step(one, c, c); // all gates 1/2, the candidate 0
        assertEquals(1, next[1].value().get(0, 0), 1e-15);
        assertEquals(0.5 * Math.tanh(1), next[0].value().get(0, 0), 1e-15);
    }

    @Test
    void an_initializer_of_ones_own_is_a_function() {
        Initializer identity = (shape, random) -> Tensor.eye(shape.dim(0), DType.FLOAT64);
        Linear layer = new Linear(3, 3, identity);
        assertEquals(Tensor.eye(3, DType.FLOAT64), layer.state().get("weight"));
        assertEquals(
                0.0,
                Initializers.constant(0)
                        .draw(Shape.of(1), RandomStream.of(0, "x"))
                        .item());
    }
}
