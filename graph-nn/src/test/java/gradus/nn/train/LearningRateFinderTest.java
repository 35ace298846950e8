package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Dropout;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.init.Initializers;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.nn.train.LearningRateFinder.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The range test against gradient descent by hand, and its rules. */
class LearningRateFinderTest {
    private static final Dataset MOONS = Synthetic.moons(400, 0.1, 1);

    private static Sequential net() {
        Sequential net =
                Sequential.of(new Linear(2, 16), new BatchNorm(16), Node::tanh, new Dropout(0.1), new Linear(16, 2));
        net.initialize(1);
        return net;
    }

    /** One number w, whose loss is w^2. */
    private static final class Square extends Model {
        private final Node w = parameter("w", Shape.of(1), Initializers.constant(4));

        @Override
        public Node forward(Node x, Pass pass) {
            return w.square();
        }
    }

    @Test
    void rates_grow_exponentially_and_losses_are_those_of_gradient_descent() {
        Square model = new Square();
        Result result = LearningRateFinder.of(model, (y, b) -> y.sum(), new Sgd(model.parameters(), 1))
                .range(1e-3, 1e2)
                .batches(11)
                .smoothing(0.5)
                .run(Dataset.of(Tensor.ones(4, 1), 0, 0, 0, 0));
        double w = 4;
        double m = 0;
        double lowest = Double.MAX_VALUE;
        int steps = 0;
        for (int i = 0; i < 11; i++) {
            m = 0.5 * m + 0.5 * w * w;
            double smoothed = m / (1 - Math.pow(0.5, i + 1));
            if (smoothed > 4 * lowest) {
                break;
            }
            lowest = Math.min(lowest, smoothed);
            double rate = 1e-3 * Math.pow(10, i / 2.0);
            assertEquals(rate, result.rates().get(i), 1e-12 * rate);
            assertEquals(w * w, result.losses().get(i), 1e-9 * w * w);
            assertEquals(smoothed, result.smoothed().get(i), 1e-9 * smoothed);
            w -= rate * 2 * w;
            steps++;
        }
        assertTrue(result.diverged());
        assertEquals(steps, result.rates().size());
        assertTrue(steps > 5 && steps < 11, "" + steps);
        assertEquals(4, model.state().get("w").item());
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void model_and_optimizer_are_as_they_were(DType dtype) {
        Sequential net = net();
        net.to(dtype);
        Optimizer adam = new Adam(net.parameters(), 0.01);
        Trainer.classifier(net).optimizer(adam).epochs(1).fit(MOONS);
        Map<String, Tensor> state = Map.copyOf(net.state());
        Map<String, Tensor> optimizer = adam.state();
        Result result =
                LearningRateFinder.of(net, Loss.crossEntropy(), adam).seed(3).run(MOONS);
        assertEquals(state, net.state());
        assertEquals(optimizer, adam.state());
        assertEquals(0.01, adam.learningRate());
        assertEquals(
                result,
                LearningRateFinder.of(net, Loss.crossEntropy(), adam).seed(3).run(MOONS));
        Loss fails = (y, b) -> {
            throw new IllegalStateException("no loss");
        };
        assertThrows(IllegalStateException.class, () -> LearningRateFinder.of(net, fails, adam)
                .run(MOONS));
        assertEquals(state, net.state());
    }

    @Test
    void the_suggestion_lies_between_rates_that_are_too_small_and_too_large() {
        Sequential net = Sequential.of(new Linear(2, 16), Node::tanh, new Linear(16, 2));
        net.initialize(1);
        Result result = LearningRateFinder.of(net, Loss.crossEntropy(), new Adam(net.parameters()))
                .range(1e-6, 100)
                .run(MOONS);
        double rate = result.suggestion();
        assertTrue(rate < result.lowest() && result.rates().contains(rate), result::toString);
        double[] losses = new double[3];
        double[] rates = {rate / 1000, rate, 100};
        for (int i = 0; i < 3; i++) {
            net.initialize(1);
            losses[i] = Trainer.classifier(net)
                    .optimizer(new Adam(net.parameters(), rates[i]))
                    .epochs(3)
                    .fit(MOONS)
                    .epochs()
                    .get(2)
                    .trainLoss();
        }
        assertTrue(losses[1] < losses[0] && losses[1] < losses[2], losses[0] + " " + losses[1] + " " + losses[2]);
        assertTrue(result.toString().contains("suggestion: "), result::toString);
    }

    @Test
    void the_suggestion_is_the_steepest_fall_of_the_smoothed_loss_by_the_logarithm_of_the_rate() {
        List<Double> rates = List.of(1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0);
        Result result = new Result(rates, List.of(1., 1., 1., 1., 1., 1.), List.of(2., 1.9, 1.5, 0.9, 0.8, 3.), true);
        assertEquals(1e-2, result.suggestion());
        assertEquals(1.0, result.lowest());
        Result rising = new Result(List.of(1e-3, 1e-2, 1e-1), List.of(1., 2., 3.), List.of(1., 2., 3.), true);
        assertEquals(
                "LearningRateFinder: the smoothed loss does not fall in 3 steps, after which it diverged; try lower rates",
                assertThrows(IllegalStateException.class, rising::suggestion).getMessage());
        assertTrue(rising.toString().contains("no suggestion"));
    }

    @Test
    void a_loss_that_is_not_finite_ends_the_test() {
        Sequential net = net();
        int[] calls = {0};
        Loss loss = (y, b) ->
                calls[0]++ < 5 ? Loss.crossEntropy().of(y, b) : y.sum().mul(Double.NaN);
        Result result =
                LearningRateFinder.of(net, loss, new Sgd(net.parameters(), 1)).run(MOONS);
        assertEquals(5, result.losses().size());
        assertTrue(result.diverged());
        assertFalse(result.losses().contains(Double.NaN));
    }

    @Test
    void settings_are_refused_by_name() {
        Sequential net = net();
        LearningRateFinder f = LearningRateFinder.of(net, Loss.crossEntropy(), new Sgd(net.parameters(), 1));
        assertEquals(
                "LearningRateFinder: the rates from 0.1 to 0.1 are not an interval of positive numbers",
                assertThrows(IllegalArgumentException.class, () -> f.range(0.1, 0.1))
                        .getMessage());
        assertEquals(
                "LearningRateFinder: the number of batches 2 must be at least 3",
                assertThrows(IllegalArgumentException.class, () -> f.batches(2)).getMessage());
        assertEquals(
                "LearningRateFinder: the batch size 0 must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> f.batchSize(0))
                        .getMessage());
        assertEquals(
                "LearningRateFinder: the smoothing 1.0 must be at least 0 and below 1",
                assertThrows(IllegalArgumentException.class, () -> f.smoothing(1))
                        .getMessage());
    }
}
