package gradus.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Embedding;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.ops.Losses;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Averages of weights and of gradients. PyTorch's numbers are written by optimizer_steps.py. */
class AveragesTest {
    private static final Map<String, double[]> PYTORCH = OptimizerCases.lines("optimizer_steps.txt");

    /** The model of the script. */
    private static Linear line() {
        Linear line = new Linear(2, 3);
        Map<String, Tensor> state = OptimizerCases.values(OptimizerCases.parameters(DType.FLOAT64));
        line.load(state);
        return line;
    }

    @Test
    void an_exponential_average_is_that_of_pytorch() {
        Linear line = line();
        Optimizer sgd = new Sgd(line.parameters(), 0.1);
        Ema ema = new Ema(line, 0.9);
        double[] found = OptimizerCases.recorded(new int[] {1, 2, 3, 5, 10, 25, 50}, step -> {
            OptimizerCases.step(sgd, step);
            ema.update();
            return ema.use(() -> OptimizerCases.numbers(line.state()));
        });
        assertArrayEquals(PYTORCH.get("ema"), found, 1e-12);
        assertEquals(50, ema.updates());
        double[] last = Arrays.copyOfRange(PYTORCH.get("sgd"), 54, 63);
        assertArrayEquals(last, OptimizerCases.numbers(line.state()), 1e-12, "the model has its own weights again");
    }

    @Test
    void stochastic_weight_averaging_is_that_of_pytorch() {
        Linear line = line();
        Optimizer sgd = new Sgd(line.parameters(), 0.1);
        Swa swa = new Swa(line);
        double[] found = OptimizerCases.recorded(new int[] {20, 35, 50}, step -> {
            OptimizerCases.step(sgd, step);
            if (step >= 20) {
                swa.update();
            }
            return step < 20 ? new double[0] : swa.use(() -> OptimizerCases.numbers(line.state()));
        });
        assertArrayEquals(PYTORCH.get("swa"), found, 1e-12);
    }

    private static Sequential normalized() {
        Sequential model = Sequential.of(new Linear(2, 4), new BatchNorm(4), Node::tanh, new Linear(4, 2));
        model.to(DType.FLOAT32);
        model.initialize(3);
        return model;
    }

    private static void train(Sequential model, Dataset data, double rate, int steps, Runnable after) {
        Optimizer sgd = new Sgd(model.parameters(), rate);
        Node x = Node.constant(data.x().to(DType.FLOAT32));
        for (int step = 0; step < steps; step++) {
            Node logits = model.forward(x, Pass.training(1, step));
            sgd.step(Losses.softmaxCrossEntropy(logits, data.classes()).backward());
            after.run();
        }
    }

    @Test
    void running_statistics_are_averaged_and_constants_stay() {
        Sequential model = normalized();
        model.freeze("0");
        Dataset moons = Synthetic.moons(60, 0.1, 1);
        Swa swa = new Swa(model);
        Map<String, Tensor> sums = new LinkedHashMap<>();
        train(model, moons, 0.1, 4, () -> {
            swa.update();
            model.state().forEach((path, t) -> sums.merge(path, t, Tensor::add));
        });
        swa.assign();
        model.state().forEach((path, t) -> {
            Tensor gap = sums.get(path).div(4).sub(t).abs();
            assertTrue(gap.max().item() < 1e-6, path + gap);
        });
        assertEquals(normalized().state().get("0.weight"), model.state().get("0.weight"), "frozen");
        assertEquals(DType.FLOAT32, model.dtype());
    }

    @Test
    void statistics_follow_averaged_weights_in_training_passes() {
        Sequential model = normalized();
        Dataset moons = Synthetic.moons(64, 0.1, 1);
        Swa swa = new Swa(model);
        train(model, moons, 0.5, 10, swa::update);
        swa.assign();
        Tensor x = moons.x().to(DType.FLOAT32);
        for (int i = 0; i < 50; i++) {
            model.forward(Node.constant(x), Pass.training(1, i));
        }
        Tensor h = ((Model) model.layers().get("0")).predict(x);
        Tensor gap = h.mean(0).sub(model.state().get("1.runningMean")).abs();
        assertTrue(gap.max().item() < 0.01, gap::toString);
    }

    @Test
    void a_model_has_its_own_weights_again_after_an_exception() {
        Linear line = line();
        Ema ema = new Ema(line, 0.5);
        ema.update();
        Map<String, Tensor> first = line.state();
        OptimizerCases.step(new Sgd(line.parameters(), 0.1), 1);
        Map<String, Tensor> own = line.state();
        assertThrows(
                ArithmeticException.class,
                () -> ema.use(() -> {
                    assertEquals(first, line.state());
                    throw new ArithmeticException();
                }));
        assertEquals(own, line.state());
        ema.assign();
        assertEquals(first, line.state());
        OptimizerCases.step(new Sgd(line.parameters(), 0.1), 1); // must not write into the average
        ema.assign();
        assertEquals(first, line.state());
    }

    @Test
    void a_state_that_is_loaded_midway_goes_on_with_the_same_bytes() {
        for (boolean swa : new boolean[] {true, false}) {
            Linear line = line();
            Optimizer sgd = new Sgd(line.parameters(), 0.1);
            AveragedWeights whole = swa ? new Swa(line) : new Ema(line, 0.9);
            AveragedWeights stopped = swa ? new Swa(line) : new Ema(line, 0.9);
            for (int step = 1; step <= 10; step++) {
                if (step == 1 || step == 5) {
                    AveragedWeights next = swa ? new Swa(line) : new Ema(line, 0.9);
                    next.load(stopped.state());
                    stopped = next;
                }
                OptimizerCases.step(sgd, step);
                whole.update();
                stopped.update();
            }
            assertEquals(whole.state(), stopped.state());
            assertEquals((swa ? "Swa" : "Ema") + "[10 updates]", whole.toString());
        }
    }

    @Test
    void what_does_not_fit_is_refused_and_changes_nothing() {
        Linear line = line();
        Ema ema = new Ema(line, 0.9);
        String none = assertThrows(IllegalStateException.class, ema::assign).getMessage();
        assertEquals("Ema: there is no average yet; call update() after a step", none);
        assertThrows(IllegalStateException.class, () -> ema.use(() -> 1));
        ema.update();
        Map<String, Tensor> before = ema.state();
        Ema other = new Ema(new Linear(3, 3), 0.9);
        other.update();
        assertEquals(
                "Ema: the state has weight [3, 3], the model's is [2, 3]; is it that of another model?",
                refused(ema, other.state()));
        Map<String, Tensor> wrong = ema.state();
        wrong.put("average.more", Tensor.ones(1));
        assertTrue(refused(ema, wrong).startsWith("Ema: the state has [updates, average.weight"));
        wrong.remove("average.more");
        wrong.remove("average.bias");
        assertTrue(refused(ema, wrong).startsWith("Ema: the state has no bias, the model's is [3]"));
        assertTrue(refused(ema, Map.of()).contains("no number of updates"));
        assertEquals(before, ema.state());
        for (double decay : new double[] {-0.1, 1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new Ema(line, decay));
        }
    }

    private static String refused(AveragedWeights average, Map<String, Tensor> state) {
        return assertThrows(IllegalArgumentException.class, () -> average.load(state))
                .getMessage();
    }

    // ---- gradients of several batches

    @Property(tries = 30)
    void batches_of_any_sizes_give_the_step_of_one_batch(
            @ForAll @IntRange(min = 1, max = 5) int first, @ForAll @IntRange(min = 1, max = 5) int second) {
        int n = first + second;
        Tensor x = Tensor.uniform(Shape.of(n, 2), -1, 1, RandomStream.of(n, "x"));
        int[] classes = new int[n];
        Arrays.setAll(classes, i -> (i * i) % 3);
        Linear line = line();
        Accumulator batches = new Accumulator();
        batches.add(gradients(line, x.slice(0, 0, first), Arrays.copyOfRange(classes, 0, first)), first);
        batches.add(gradients(line, x.slice(0, first, n), Arrays.copyOfRange(classes, first, n)), second);
        assertEquals(2, batches.count());
        Map<String, Tensor> mean = batches.takeMean().of(line.parameters());
        gradients(line, x, classes).of(line.parameters()).forEach((path, g) -> {
            Tensor gap = g.sub(mean.get(path)).abs();
            assertTrue(gap.max().item() < 1e-15, path + gap);
        });
        assertEquals(0, batches.count());
    }

    private static Gradients gradients(Linear line, Tensor x, int... classes) {
        return Losses.softmaxCrossEntropy(line.forward(Node.constant(x)), classes)
                .backward();
    }

    @Test
    void rows_stay_rows_and_a_parameter_that_one_batch_does_not_reach_counts_as_zero() {
        Embedding table = new Embedding(6, 2);
        Node bias = Node.variable(1.0);
        Node weight = table.parameters().get("weight");
        Accumulator batches = new Accumulator();
        batches.add(table.forward(Node.constant(1.0, 4.0)).sum().backward());
        batches.add(table.forward(Node.constant(4.0)).sum().add(bias).backward());
        Gradients mean = batches.takeMean();
        assertNotNull(mean.rowSparse(weight));
        assertEquals(
                Tensor.of(new double[][] {{0.5, 0.5}, {1, 1}}),
                mean.rowSparse(weight).rows());
        assertEquals(0.5, mean.of(bias).item());
    }

    @Test
    void there_must_be_gradients_with_positive_weights() {
        Accumulator batches = new Accumulator();
        assertEquals(
                "Accumulator: there are no gradients; add some before their mean is taken",
                assertThrows(IllegalStateException.class, batches::takeMean).getMessage());
        Gradients g = Node.variable(1.0).square().backward();
        for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> batches.add(g, weight));
        }
        assertEquals(0, batches.count());
    }
}
