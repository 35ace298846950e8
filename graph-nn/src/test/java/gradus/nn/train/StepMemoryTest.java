package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.ops.Losses;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
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
