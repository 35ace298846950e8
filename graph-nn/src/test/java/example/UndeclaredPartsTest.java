package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.nn.train.History;
import gradus.nn.train.Trainer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Parameters that a user forgot to declare, where no search of fields finds them. */
class UndeclaredPartsTest {
    private static final Dataset LINE =
            Dataset.of(Tensor.range(0, 8).reshape(8, 1), Tensor.range(1, 9).reshape(8, 1));
    private static final Linear STATIC = new Linear(1, 1);

    private record Blocks(Linear first, Linear second) {}

    /** Holds its layers in a record. */
    private static final class InRecord extends Model {
        private final Linear declared = layer("declared", new Linear(1, 1));
        private final Blocks blocks = new Blocks(new Linear(1, 1), new Linear(1, 1));

        @Override
        public Node forward(Node x, Pass pass) {
            return declared.forward(blocks.second().forward(blocks.first().forward(x)));
        }
    }

    /** Holds its layers in lists of lists. */
    private static final class InLists extends Model {
        private final Linear declared = layer("declared", new Linear(1, 1));
        private final List<List<Linear>> nested = List.of(List.of(new Linear(1, 1)));

        @Override
        public Node forward(Node x, Pass pass) {
            return declared.forward(nested.get(0).get(0).forward(x));
        }
    }

    static Stream<Arguments> hidden() {
        Optional<Linear> optional = Optional.of(new Linear(1, 1));
        return Stream.of(
                Arguments.of("a record", new InRecord()),
                Arguments.of("nested lists", new InLists()),
                Arguments.of("a static field", Sequential.of(new Linear(1, 1), x -> STATIC.forward(x))),
                Arguments.of("an optional", Sequential.of(new Linear(1, 1), x -> optional.orElseThrow()
                        .forward(x))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hidden")
    void a_parameter_that_nobody_trains_is_an_error_of_the_trainer(String where, Model model) {
        Trainer trainer = Trainer.regressor(model)
                .optimizer(new Sgd(model.parameters(), 0.001))
                .epochs(2);
        String found = assertThrows(IllegalStateException.class, () -> trainer.fit(LINE))
                .getMessage();
        assertTrue(found.contains("the gradients reach the variable") && found.contains("[1"), found);
    }

    @Test
    void a_frozen_layer_may_stand_anywhere() {
        Linear frozen = new Linear(1, 1);
        frozen.freeze();
        List<List<Linear>> nested = List.of(List.of(frozen));
        Model model = Sequential.of(new Linear(1, 1), x -> nested.get(0).get(0).forward(x));
        History h = Trainer.regressor(model)
                .optimizer(new Sgd(model.parameters(), 0.001))
                .epochs(3)
                .fit(LINE);
        assertEquals(3, h.epochs().size());
    }

    @Test
    void a_parameter_of_the_loss_that_the_optimizer_has_is_trained() {
        Node scale = Node.variable(1.0);
        Model model = Sequential.of(new Linear(1, 1));
        Map<String, Node> all = new HashMap<>(model.parameters());
        all.put("scale", scale);
        Optimizer sgd = new Sgd(all, 0.001);
        Trainer.of(
                        model,
                        (y, b) ->
                                y.sub(Node.constant(b.y())).mul(scale).square().mean())
                .optimizer(sgd)
                .epochs(3)
                .fit(LINE);
        assertTrue(scale.item() != 1.0);
    }

    /** WGAN-GP's penalty (Gulrajani et al. 2017) differentiates by an input, a variable that each step creates. */
    @Test
    void a_variable_that_each_step_creates_is_no_parameter() {
        Model model = Sequential.of(new Linear(1, 4), Node::tanh, new Linear(4, 1));
        History h = Trainer.of(model, (y, b) -> {
                    Node x = Node.variable(b.x());
                    Node out = model.forward(x);
                    Node slope = Derivatives.gradients(
                            out, Node.constant(Tensor.ones(out.shape(), out.dtype())), true, x)[0];
                    return y.sub(Node.constant(b.y()))
                            .square()
                            .mean()
                            .add(slope.square().mean());
                })
                .optimizer(new Sgd(model.parameters(), 0.001))
                .batchSize(4)
                .epochs(2)
                .fit(LINE);
        assertEquals(2, h.epochs().size());
    }
}
