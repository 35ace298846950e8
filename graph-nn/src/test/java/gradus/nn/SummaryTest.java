package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializers;
import gradus.ops.Attention;
import gradus.ops.Recurrent;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers of a summary, each computed by hand. */
class SummaryTest {
    private static List<String> rows(String summary) {
        return summary.lines().map(r -> r.strip().replaceAll(" {2,}", " | ")).toList();
    }

    /** A recurrent network over [n, t, in] with the gates of its kind. */
    private static final class Network extends Model {
        private final Node w;
        private final Node u;
        private final Node b;
        private final BiFunction<Node, Network, Node> op;

        Network(int in, int hidden, int gates, BiFunction<Node, Network, Node> op) {
            w = parameter("w", Shape.of(in, gates * hidden), Initializers.constant(0));
            u = parameter("u", Shape.of(hidden, gates * hidden), Initializers.constant(0));
            b = parameter("b", Shape.of(gates * hidden), Initializers.constant(0));
            this.op = op;
        }

        @Override
        public Node forward(Node x, Pass pass) {
            return op.apply(x.permute(1, 0, 2), this);
        }

        @Override
        public String toString() {
            return "Network";
        }
    }

    static Stream<Arguments> multiplyAdds() {
        Linear tied = new Linear(3, 4);
        Layer attention = x -> Attention.scaledDotProductAttention(x, x, x.slice(-1, 0, 2));
        return Stream.of(
                row(new Linear(3, 4), Shape.of(3), 12),
                row(new Linear(3, 4), Shape.of(5, 3), 5 * 12),
                row(Linear.transposeOf(tied), Shape.of(7, 4), 7 * 12),
                row(new Conv1d(2, 3, 4), Shape.of(2, 10), 7 * 3 * 2 * 4),
                row(new Conv2d(4, 6, 3).groups(2).padding(1), Shape.of(4, 5, 7), 5 * 7 * 6 * 2 * 9),
                row(new Conv3d(1, 2, 2).stride(2), Shape.of(1, 4, 4, 6), 2 * 2 * 3 * 2 * 8),
                row(new ConvTranspose1d(2, 3, 4).stride(2), Shape.of(2, 10), 10 * 2 * 3 * 4),
                row(new ConvTranspose2d(4, 6, 2).groups(2).stride(2), Shape.of(4, 5, 7), 5 * 7 * 4 * 3 * 4),
                row(new ConvTranspose3d(1, 2, 2), Shape.of(1, 2, 3, 4), 24 * 2 * 8),
                row(new Maxout(3, 2, 4), Shape.of(3), 3 * 2 * 4),
                row(
                        new Network(3, 5, 4, (x, n) -> {
                            Recurrent.LstmOutput y = Recurrent.lstm(x, n.w, n.u, n.b);
                            return y.outputs().select(0, 6).add(y.h()).add(y.c()); // all outputs of one op
                        }),
                        Shape.of(7, 3),
                        7 * 4 * 5 * (3 + 5)),
                row(
                        new Network(3, 5, 3, (x, n) -> Recurrent.gru(x, n.w, n.u, n.b, n.b)
                                .outputs()),
                        Shape.of(7, 3),
                        7 * 3 * 5 * (3 + 5)),
                row(
                        new Network(3, 5, 1, (x, n) -> Recurrent.rnn(x, n.w, n.u, n.b)
                                .outputs()),
                        Shape.of(7, 3),
                        7 * 5 * (3 + 5)),
                row(Sequential.of(attention), Shape.of(6, 4), 6 * 6 * (4 + 2)),
                row(new Residual(new Linear(3, 3)), Shape.of(3), 9),
                row(Sequential.of(new BatchNorm(3), Node::relu, new Flatten()), Shape.of(3, 2), 0));
    }

    private static Arguments row(Model model, Shape example, long expected) {
        return Arguments.of(model, example, String.format(Locale.ROOT, "%,d", expected));
    }

    @ParameterizedTest
    @MethodSource("multiplyAdds")
    void multiply_adds_are_those_computed_by_hand(Model model, Shape example, String expected) {
        String total = rows(model.summary(example))
                .get((int) model.summary(example).lines().count() - 1);
        assertEquals(expected, total.replaceFirst(".* ", ""));
    }

    @Test
    void without_a_shape_there_are_paths_and_parameters() {
        Model model = Sequential.of(
                new Conv2d(1, 4, 3), Node::relu, new Residual(Sequential.of(new Conv2d(4, 4, 1), new BatchNorm(4))));
        assertEquals(
                List.of(
                        "layer | type | output | parameters | multiply-adds",
                        "0 | Conv2d[4, 1, 3, 3] | 40",
                        "1 | function | 0",
                        "2.layer.0 | Conv2d[4, 4, 1, 1] | 20",
                        "2.layer.1 | BatchNorm[4] | 8",
                        "2 | Residual | 0",
                        "total | 68"),
                rows(model.summary()));
    }

    @Test
    void layers_of_layers_show_the_output_of_each() {
        Model model = Sequential.of(
                Parallel.concat(1, new Conv2d(1, 2, 1), new Conv2d(1, 3, 3).same()),
                new Residual(Sequential.of(new Conv2d(5, 5, 1), Node::relu)));
        assertEquals(
                List.of(
                        "0.0 | Conv2d[2, 1, 1, 1] | [n, 2, 4, 4] | 4 | 32",
                        "0.1 | Conv2d[3, 1, 3, 3] padding same | [n, 3, 4, 4] | 30 | 432",
                        "0 | Parallel | [n, 5, 4, 4] | 0 | 0",
                        "1.layer.0 | Conv2d[5, 5, 1, 1] | [n, 5, 4, 4] | 30 | 400",
                        "1.layer.1 | function | [n, 5, 4, 4] | 0 | 0",
                        "1 | Residual | [n, 5, 4, 4] | 0 | 0",
                        "total | 64 | 864"),
                rows(model.summary(Shape.of(1, 4, 4))).subList(1, 8));
    }

    /** A model of a user's own, which hands the pass on. */
    private static final class Own extends Model {
        private final Sequential layers = layer("layers", Sequential.of(new Linear(3, 4), Node::relu));
        private final Linear last = layer("last", new Linear(4, 2));

        @Override
        public Node forward(Node x, Pass pass) {
            return last.forward(layers.forward(x, pass), pass);
        }
    }

    /** A function that stands in several places is one object, and each place has its own output. */
    @Test
    void what_is_inside_another_model_is_in_parentheses() {
        assertEquals(
                List.of(
                        "Own | [n, 2] | 26 | 20",
                        "layers.0 | Linear[3, 4] | [n, 4] | (16) | (12)",
                        "layers.1 | function | [n, 4] | (0) | (0)",
                        "last | Linear[4, 2] | (10)",
                        "total | 26 | 20"),
                rows(new Own().summary(Shape.of(3))).subList(1, 6));
        Layer same = Node::relu;
        List<String> rows = rows(
                Sequential.of(new Linear(3, 4), same, new Linear(4, 2), same).summary(Shape.of(3)));
        assertEquals("1 | function | [n, 4] | 0 | 0", rows.get(2));
        assertEquals("3 | function | [n, 2] | 0 | 0", rows.get(4));
    }

    /** Two inputs of different shapes. */
    private static final class Pair extends Model {
        private final Linear first = layer("first", new Linear(3, 4));
        private final Bilinear both = layer("both", new Bilinear(4, 5, 2));

        Node forward(Node a, Node b) {
            return both.forward(first.forward(a), b);
        }

        @Override
        public Node forward(Node x, Pass pass) {
            throw new UnsupportedOperationException("two inputs");
        }
    }

    @Test
    void a_model_of_several_inputs_is_called_by_a_function() {
        Pair pair = new Pair();
        // 3 x 4 products, and one for each weight of the bilinear map
        assertEquals(
                List.of(
                        "layer | type | output | parameters | multiply-adds",
                        "Pair | [n, 2] | 58 | 52",
                        "first | Linear[3, 4] | (16)",
                        "both | Bilinear[2, 4, 5] | (42)",
                        "total | 58 | 52"),
                rows(pair.summary(x -> pair.forward(x[0], x[1]), Shape.of(3), Shape.of(5))));
        assertEquals(
                "summary: examples[1] is null",
                assertThrows(NullPointerException.class, () -> pair.summary(x -> x[0], Shape.of(1), null))
                        .getMessage());
    }

    @Test
    void frozen_parameters_count_and_stay_frozen() {
        Model model = Sequential.of(new Embedding(10, 4), new Linear(4, 2));
        String before = model.summary(Shape.of(6));
        model.freeze();
        assertEquals(before, model.summary(Shape.of(6)));
        assertEquals(List.of(), List.copyOf(model.parameters().keySet()));
        assertEquals("total | 50 | 48", rows(before).get(3));
    }

    @Test
    void a_shared_weight_counts_once() {
        Linear encoder = new Linear(3, 2);
        Model tied = Sequential.of(encoder, Linear.transposeOf(encoder));
        List<String> rows = rows(tied.summary(Shape.of(3)));
        assertEquals("0 | Linear[3, 2] | [n, 2] | 8 | 6", rows.get(1));
        assertEquals("1 | Linear[3, 2] transposed | [n, 3] | 3 | 6", rows.get(2));
        assertEquals("total | 11 | 12", rows.get(3));
        assertEquals(4, tied.summary().lines().count());
    }
}
