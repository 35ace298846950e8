package gradus.nn.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.Pass;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.nn.train.Trainer;
import gradus.ops.Distribution;
import gradus.ops.Distributions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of linear layers learn. */
class DenseModelsTest {
    private static final Tensor GATE_INPUTS = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});

    private static int errors(String truth) {
        double[] t = truth.chars().mapToDouble(c -> c - '0').toArray();
        Perceptron p = new Perceptron(2);
        Optimizer sgd = new Sgd(p.parameters(), 1);
        for (int step = 0; step < 100; step++) {
            sgd.step(p.loss(Node.constant(GATE_INPUTS), Node.constant(Tensor.of(t)))
                    .backward());
        }
        Tensor y = p.classes(GATE_INPUTS);
        int wrong = 0;
        for (int i = 0; i < t.length; i++) {
            wrong += y.get(i) == t[i] ? 0 : 1;
        }
        return wrong;
    }

    @ParameterizedTest
    @CsvSource({"AND, 0001", "OR, 0111", "NAND, 1110", "NOR, 1000"})
    void a_perceptron_learns_a_gate(String gate, String truth) {
        assertEquals(0, errors(truth), gate);
    }

    @Test
    void a_perceptron_cannot_learn_xor() {
        assertTrue(errors("0110") > 0);
    }

    /** With w = 0 all scores are 0, so y = 0, and the rule is w += mean(t x), here of (1, 1) alone. */
    @Test
    void a_step_of_gradient_descent_is_the_perceptron_rule() {
        Perceptron p = new Perceptron(2);
        Node t = Node.constant(0, 0, 0, 1);
        new Sgd(p.parameters(), 0.1).step(p.loss(Node.constant(GATE_INPUTS), t).backward());
        assertEquals(Tensor.of(0.025, 0.025), p.state().get("weight"));
        assertEquals(0.025, p.state().get("bias").item());
    }

    @Test
    void a_multilayer_perceptron_separates_two_moons() {
        Mlp model = new Mlp(2, 32, 32, 2);
        model.initialize(1);
        Dataset moons = Synthetic.moons(400, 0.1, 1);
        Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 0.01))
                .batchSize(40)
                .epochs(40)
                .fit(moons);
        double accuracy = Trainer.accuracy(model, Synthetic.moons(400, 0.1, 2));
        assertTrue(accuracy >= 0.99, () -> "accuracy " + accuracy);
    }

    /** Eight smooth functions of two numbers: a code of two is enough, one of a linear map is not. */
    private static Tensor surface(int n, long seed) {
        Tensor code = Tensor.uniform(Shape.of(n, 2), -1, 1, RandomStream.of(seed, "code"));
        double[][] x = new double[n][];
        for (int i = 0; i < n; i++) {
            double a = code.get(i, 0);
            double b = code.get(i, 1);
            x[i] = new double[] {a, b, a * b, a * a, b * b, Math.sin(2 * a), Math.cos(2 * b), a + b * b};
        }
        return Tensor.of(x);
    }

    @Test
    void an_autoencoder_reconstructs_a_surface_from_a_short_code() {
        Autoencoder model = new Autoencoder(8, 32, 2);
        model.initialize(3);
        Optimizer adam = new Adam(model.parameters(), 0.01);
        Node x = Node.constant(surface(500, 1));
        for (int step = 0; step < 800; step++) {
            adam.step(model.forward(x).sub(x).square().mean().backward());
        }
        Node test = Node.constant(surface(500, 2));
        assertEquals(Shape.of(500, 2), model.encode(test).shape());
        assertEquals(
                model.forward(test).value(), model.decode(model.encode(test)).value());
        double error = model.forward(test).sub(test).square().mean().item();
        double variance = test.sub(test.meanKeepDims(0)).square().mean().item();
        assertTrue(error < 0.05 * variance, () -> "of the variance remains " + error / variance);
    }

    /** Images of 4 x 4 with one row or one column of ones. */
    private static Tensor bars() {
        double[][] images = new double[8][16];
        for (int k = 0; k < 4; k++) {
            for (int i = 0; i < 4; i++) {
                images[k][4 * k + i] = 1;
                images[4 + k][4 * i + k] = 1;
            }
        }
        return Tensor.of(images);
    }

    @Test
    void a_variational_autoencoder_generates_what_it_has_seen() {
        VariationalAutoencoder model = new VariationalAutoencoder(16, 64, 4);
        model.initialize(5);
        Optimizer adam = new Adam(model.parameters(), 0.005);
        Node x = Node.constant(bars());
        double first = model.loss(x, Pass.evaluation()).item();
        for (int step = 0; step < 2000; step++) {
            adam.step(model.loss(x, Pass.training(1, step)).backward());
        }
        double last = model.loss(x, Pass.evaluation()).item();
        assertTrue(last < 0.6 * first, () -> first + " -> " + last);
        Tensor images = model.generate(200, RandomStream.of(1, "codes"));
        int good = 0;
        for (int i = 0; i < 200; i++) {
            Node image = Node.constant(images.slice(0, i, i + 1));
            double distance = x.sub(image).abs().sum(1).min().item();
            good += distance < 2 ? 1 : 0;
        }
        int count = good;
        assertTrue(count >= 120, () -> count + " of 200 are like an image that was seen");
        assertNotEquals(images.slice(0, 0, 1), images.slice(0, 1, 2));
        assertEquals(images, model.generate(200, RandomStream.of(1, "codes")));
    }

    @Test
    void the_loss_of_a_variational_autoencoder_is_reconstruction_plus_divergence() {
        VariationalAutoencoder model = new VariationalAutoencoder(3, 4, 2);
        model.initialize(1);
        Node x = Node.constant(new double[][] {{0, 0.5, 1}, {1, 0.25, 0}});
        VariationalAutoencoder.Code code = model.encode(x);
        Node p = model.forward(x).sigmoid();
        Node entropy = x.mul(p.log()).add(x.rsub(1).mul(p.rsub(1).log())).sum().neg();
        Distribution normal =
                Distributions.normal(code.mean(), code.logVar().div(2).exp());
        Distribution standard = Distributions.normal(Node.constant(0.0), Node.constant(1.0));
        Node expected =
                entropy.add(Distributions.klDivergence(normal, standard).sum()).div(2);
        assertEquals(expected.item(), model.loss(x, Pass.evaluation()).item(), 1e-12);
        GradientCheck.of(model.parameters(), () -> model.loss(x, Pass.training(1, 2)))
                .verify();
    }

    @Test
    void sizes_that_make_no_model_are_refused() {
        for (Runnable bad : List.<Runnable>of(
                () -> new Perceptron(0),
                () -> new Mlp(3),
                () -> new Mlp(3, 0),
                () -> new Autoencoder(3),
                () -> new VariationalAutoencoder(3, 2),
                () -> new VariationalAutoencoder(3, 2, 1).generate(0, RandomStream.of(1, "a")),
                () -> new Perceptron(2).forward(Node.constant(1.0)),
                () -> new Perceptron(2).loss(Node.constant(GATE_INPUTS), Node.constant(1.0)))) {
            assertThrows(IllegalArgumentException.class, bad::run);
        }
    }
}
