package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.ops.Recurrent;
import gradus.ops.RecurrentOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Recurrent layers beyond the comparison with PyTorch: states, lengths, dropout, settings. */
class RecurrentLayersTest {
    private static final Tensor X = Tensor.uniform(Shape.of(3, 6, 2), -1, 1, RandomStream.of(1, "x"));
    private static final Pass EVALUATION = Pass.evaluation();

    @Test
    void layers_and_directions_are_composed_of_the_op() {
        Lstm lstm = new Lstm(2, 4).layers(2).bidirectional();
        Map<String, Tensor> p = lstm.state();
        Node y = Node.constant(X);
        for (int layer = 0; layer < 2; layer++) {
            Node[] directions = new Node[2];
            for (int d = 0; d < 2; d++) {
                String end = layer + (d == 1 ? "Reverse" : "");
                directions[d] = Recurrent.lstm(
                                y,
                                Node.constant(p.get("inputWeight" + end)),
                                Node.constant(p.get("hiddenWeight" + end)),
                                Node.constant(p.get("bias" + end)),
                                RecurrentOptions.DEFAULT.reverse(d == 1))
                        .outputs();
            }
            y = Node.concat(-1, directions);
        }
        assertEquals(y.value(), lstm.predict(X));
    }

    @Test
    void the_order_of_settings_makes_no_difference() {
        Gru one = new Gru(2, 3).layers(3).bidirectional().dropout(0.5);
        Gru two = new Gru(2, 3).dropout(0.5).bidirectional().layers(3);
        one.initialize(1);
        two.initialize(1);
        assertEquals(one.state(), two.state());
        assertEquals(one.predict(X), two.predict(X));
        assertEquals("Gru[2, 3] of 3 layers bidirectional with Dropout[0.5]", one.toString());
        assertEquals("Rnn[2, 3] with relu", new Rnn(2, 3).relu().toString());
    }

    @Test
    void parameters_are_drawn_between_the_bounds_of_pytorch() {
        Lstm lstm = new Lstm(50, 16).layers(2);
        lstm.state().forEach((path, t) -> {
            double largest = t.abs().max().item();
            assertTrue(largest <= 0.25 && largest > 0.2, path + ": " + largest);
        });
    }

    @Test
    void the_last_state_continues_a_sequence() {
        Lstm lstm = new Lstm(2, 3).layers(2);
        Lstm.Output whole = lstm.run(Node.constant(X), RecurrentOptions.DEFAULT, EVALUATION);
        Lstm.Output first = lstm.run(Node.constant(X.slice(1, 0, 4)), RecurrentOptions.DEFAULT, EVALUATION);
        Lstm.Output rest =
                lstm.run(Node.constant(X.slice(1, 4, 6)), first.h(), first.c(), RecurrentOptions.DEFAULT, EVALUATION);
        assertNear(whole.outputs().value().slice(1, 4, 6), rest.outputs().value());
        assertNear(whole.h().value(), rest.h().value());
        assertNear(whole.c().value(), rest.c().value());
        assertNear(
                whole.outputs().value().slice(1, 5, 6).reshape(3, 3),
                whole.h().select(0, 1).value());
        Rnn rnn = new Rnn(2, 3);
        Rnn.Output h = rnn.run(Node.constant(X.slice(1, 0, 4)), RecurrentOptions.DEFAULT, EVALUATION);
        assertNear(
                rnn.predict(X).slice(1, 4, 6),
                rnn.run(Node.constant(X.slice(1, 4, 6)), h.h(), RecurrentOptions.DEFAULT, EVALUATION)
                        .outputs()
                        .value());
    }

    @Test
    void what_is_behind_the_end_of_a_sequence_has_no_effect() {
        Gru gru = new Gru(2, 3).layers(2).bidirectional();
        RecurrentOptions lengths = RecurrentOptions.DEFAULT.lengths(6, 2, 4);
        Gru.Output y = gru.run(Node.constant(X), lengths, EVALUATION);
        Tensor other = X.add(Tensor.of(new double[][] {{0, 0, 0, 0, 0, 0}, {0, 0, 9, 9, 9, 9}, {0, 0, 0, 0, 9, 9}})
                .reshape(3, 6, 1));
        Gru.Output z = gru.run(Node.constant(other), lengths, EVALUATION);
        assertEquals(y.outputs().value(), z.outputs().value());
        assertEquals(y.h().value(), z.h().value());
        assertEquals(Tensor.zeros(1, 4, 6), y.outputs().value().rows(1).slice(1, 2, 6));
        Gru.Output alone = gru.run(Node.constant(X.rows(1).slice(1, 0, 2)), RecurrentOptions.DEFAULT, EVALUATION);
        assertNear(alone.h().value(), y.h().value().slice(1, 1, 2));
    }

    @Test
    void dropout_is_between_the_layers_and_differs_for_each_of_them() {
        Pass pass = Pass.training(1, 1);
        Node x = Node.constant(X);
        Rnn one = new Rnn(2, 3).dropout(0.5);
        assertEquals(one.predict(X), one.forward(x, pass).value(), "there is nothing between the layers of one");
        // each layer copies its input, so an output is what the masks of both places make of 1 / 4
        int n = 4000;
        Rnn copy = new Rnn(1, 1).layers(3).relu().dropout(0.5);
        copy.parameters().forEach((path, p) -> p.assign(p.value().mul(0).add(path.startsWith("inputWeight") ? 1 : 0)));
        Tensor quarters = Tensor.ones(n, 1, 1).div(4);
        Tensor y = copy.forward(Node.constant(quarters), pass).value();
        assertEquals(n / 4.0, y.sum().item(), 4 * Math.sqrt(n * 3 / 16.0), "a quarter is kept by both");
        assertNotEquals(
                y, copy.forward(Node.constant(quarters), Pass.training(1, 2)).value());
        assertEquals(0.25, copy.predict(quarters).min().item());
    }

    @Test
    void an_lstm_learns_to_remember_the_first_element() {
        Model model = Sequential.of(new Lstm(1, 8), v -> v.select(1, -1), new Linear(8, 1));
        model.initialize(2);
        Tensor x = Tensor.uniform(Shape.of(64, 6, 1), -1, 1, RandomStream.of(2, "x"));
        Node target = Node.constant(x.slice(1, 0, 1).reshape(64, 1));
        Optimizer adam = new Adam(model.parameters(), 0.02);
        double loss = 1;
        for (int step = 0; step < 150; step++) {
            Node l = model.forward(Node.constant(x), Pass.training(1, step))
                    .sub(target)
                    .square()
                    .mean();
            adam.step(l.backward());
            loss = l.item();
        }
        assertTrue(loss < 0.03, "mean squared error " + loss + ", of the mean 0.33");
    }

    @Test
    void bad_input_is_refused_by_name() {
        Lstm lstm = new Lstm(2, 3);
        Node x = Node.constant(X);
        Node h = Node.constant(Tensor.zeros(1, 3, 3));
        refused("Lstm: sizes 2 and 0 must be at least 1", () -> new Lstm(2, 0));
        refused("Gru.layers: 0 must be at least 1", () -> new Gru(2, 3).layers(0));
        refused("Dropout: probability 1.5 must be from 0 to 1", () -> new Gru(2, 3).dropout(1.5));
        refused("Rnn: [3, 6, 2]: it takes sequences [n, t, 3]", () -> new Rnn(3, 3).forward(x));
        refused("Lstm: [3, 2]: it takes sequences [n, t, 2]", () -> lstm.forward(Node.constant(Tensor.ones(3, 2))));
        refused(
                "Lstm: [3, 6, 2] x [1, 2, 3]: an initial state must be [layers, n, hidden], [1, 3, 3]",
                () -> lstm.run(x, h, Node.constant(Tensor.zeros(1, 2, 3)), RecurrentOptions.DEFAULT, EVALUATION));
        refused(
                "Lstm.run: options.reverse is not supported; bidirectional() adds the reverse direction",
                () -> lstm.run(x, RecurrentOptions.DEFAULT.reverse(true), EVALUATION));
        assertTrue(refused(() -> lstm.run(x, RecurrentOptions.DEFAULT.lengths(3, 7, 1), EVALUATION))
                .contains("length 7 of sequence 1 must be from 0 to 6"));
        lstm.state();
        for (Executable setting :
                List.<Executable>of(() -> lstm.layers(2), () -> lstm.dropout(0.1), lstm::bidirectional)) {
            String message = assertThrows(IllegalStateException.class, setting).getMessage();
            assertTrue(message.contains("settings come first"), message);
        }
        assertEquals(3, lstm.state().size(), "nothing was changed");
    }

    private static void refused(String expected, Executable call) {
        assertEquals(expected, refused(call));
    }

    private static String refused(Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }

    private static void assertNear(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        double error = expected.sub(actual).abs().max().item();
        assertTrue(error < 1e-15, "error " + error);
    }
}
