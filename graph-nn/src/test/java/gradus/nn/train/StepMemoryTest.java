package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.nn.zoo.Gpt;
import gradus.nn.zoo.LeNet5;
import gradus.nn.zoo.ResNet;
import gradus.nn.zoo.TextClassifier;
import gradus.ops.Losses;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Earlier steps leave no object reachable, or long training would run out of memory. */
class StepMemoryTest {
    private static final int STEPS = 20;
    private static final Map<String, Function<Sequential, Optimizer>> OPTIMIZERS = Map.of(
            "sgd", m -> new Sgd(m.parameters(), 0.1),
            "momentum", m -> new Sgd(m.parameters(), 0.1, 0.9),
            "adam", m -> new Adam(m.parameters(), 0.1));

    private final List<WeakReference<Object>> seen = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "adam"})
    void a_training_step_leaves_no_node_value_or_gradient_behind(String name) {
        Sequential model = Sequential.of(new Linear(4, 8), this::see, Node::relu, this::see, new Linear(8, 3));
        Optimizer optimizer = OPTIMIZERS.get(name).apply(model);
        Node x = Node.constant(Tensor.uniform(Shape.of(5, 4), -1, 1, RandomStream.of(1, "x")));
        for (int i = 0; i < STEPS; i++) {
            step(model, optimizer, x);
        }
        assertTrue(seen.size() >= 10 * STEPS, "seen: " + seen.size());
        for (int tries = 0; tries < 10 && left() > 0; tries++) {
            System.gc();
        }
        long left = left();
        step(model, optimizer, x); // so that they live until here
        assertEquals(0, left, "of " + seen.size());
    }

    static Stream<Arguments> networks() {
        Node image = Node.constant(Tensor.ones(2, 1, 28, 28));
        Node photo = Node.constant(Tensor.ones(2, 3, 8, 8));
        Node tokens = Node.constant(Tensor.ones(2, 6));
        return Stream.of(
                Arguments.of("LeNet5", new LeNet5(), image),
                Arguments.of("ResNet", ResNet.cifar(20), photo),
                Arguments.of("TextClassifier", new TextClassifier(5, 4, 4, 3), tokens),
                Arguments.of("Gpt", new Gpt(5, 6, 8, 2, 2), tokens));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void a_training_pass_of_a_network_leaves_nothing_behind(String name, Model network, Node x) {
        Optimizer optimizer = new Adam(network.parameters());
        for (int i = 0; i < STEPS; i++) {
            step(network, optimizer, x, i);
        }
        assertTrue(seen.size() > 6 * STEPS, "seen: " + seen.size());
        for (int tries = 0; tries < 10 && left() > 0; tries++) {
            System.gc();
        }
        long left = left();
        step(network, optimizer, x, STEPS);
        assertEquals(0, left, "of " + seen.size());
    }

    private void step(Model network, Optimizer optimizer, Node x, int number) {
        Node loss =
                see(see(network.forward(x, Pass.training(1, number))).square().mean());
        Gradients g = loss.backward();
        network.parameters().values().forEach(p -> see(g.of(p)));
        seen.add(new WeakReference<>(g));
        optimizer.step(g);
    }

    /** A method of its own, so that no frame on the stack holds what it made. */
    private void step(Sequential model, Optimizer optimizer, Node x) {
        Node loss = see(Losses.softmaxCrossEntropy(see(model.forward(x)), 0, 1, 2, 0, 1));
        Gradients g = loss.backward();
        model.parameters().values().forEach(p -> see(g.of(p)));
        seen.add(new WeakReference<>(g));
        optimizer.step(g);
    }

    private Node see(Node y) {
        seen.add(new WeakReference<>(y));
        seen.add(new WeakReference<>(y.value()));
        return y;
    }

    private long left() {
        return seen.stream().filter(r -> r.get() != null).count();
    }
}
