package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.Workers;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecurrentTest {
    private enum Net {
        RNN(1),
        RELU(1),
        GRU(3),
        LSTM(4);

        private final int gates;

        Net(int gates) {
            this.gates = gates;
        }

        /** Returns x, w, u, b, for a GRU d, and the states. */
        Node[] inputs(long seed, int n, int t, int in, int h, DType dtype) {
            Shape bias = Shape.of(gates * h);
            Shape state = Shape.of(n, h);
            Shape[] shapes = {
                Shape.of(n, t, in),
                Shape.of(in, gates * h),
                Shape.of(h, gates * h),
                bias,
                this == GRU ? bias : state,
                state
            };
            RandomStream random = RandomStream.of(seed, name());
            return Arrays.stream(shapes)
                    .limit(gates == 1 ? 5 : 6)
                    .map(s -> Node.variable(Tensor.uniform(s, -1, 1, random).to(dtype)))
                    .toArray(Node[]::new);
        }

        /** Returns the outputs and the last states. */
        Node[] apply(RecurrentOptions options, Node... x) {
            return switch (this) {
                case LSTM -> {
                    Recurrent.LstmOutput y = Recurrent.lstm(x[0], x[1], x[2], x[3], x[4], x[5], options);
                    yield new Node[] {y.outputs(), y.h(), y.c()};
                }
                case GRU -> {
                    Recurrent.Output y = Recurrent.gru(x[0], x[1], x[2], x[3], x[4], x[5], options);
                    yield new Node[] {y.outputs(), y.h()};
                }
                case RNN, RELU -> {
                    Recurrent.Activation f = this == RNN ? Recurrent.Activation.TANH : Recurrent.Activation.RELU;
                    Recurrent.Output y = Recurrent.rnn(x[0], x[1], x[2], x[3], x[4], f, options);
                    yield new Node[] {y.outputs(), y.h()};
                }
            };
        }

        /** Computes one sequence of rows [1, in] step by step, from its states; returns the outputs and the last states. */
        Node[] byHand(Node[] steps, Node... x) {
            int h = x[2].shape().dim(0);
            Node state = x[gates == 4 ? 4 : x.length - 1];
            Node cell = x[x.length - 1];
            Node[] outputs = new Node[steps.length];
            for (int s = 0; s < steps.length; s++) {
                Node[] z = new Node[gates];
                for (int g = 0; g < gates; g++) {
                    Node w = x[1].slice(1, g * h, (g + 1) * h);
                    Node u = x[2].slice(1, g * h, (g + 1) * h);
                    Node b = x[3].slice(0, g * h, (g + 1) * h);
                    Node recurrent = state.matmul(u);
                    if (this == GRU) {
                        recurrent = recurrent.add(x[4].slice(0, g * h, (g + 1) * h));
                    }
                    z[g] = g < 2 || gates != 3
                            ? steps[s].matmul(w).add(b).add(recurrent)
                            : steps[s].matmul(w).add(b).add(z[0].sigmoid().mul(recurrent));
                }
                switch (this) {
                    case RNN -> state = z[0].tanh();
                    case RELU -> state = z[0].relu();
                    case GRU -> {
                        Node update = z[1].sigmoid();
                        state = update.mul(state).add(update.rsub(1).mul(z[2].tanh()));
                    }
                    case LSTM -> {
                        cell = z[1].sigmoid().mul(cell).add(z[0].sigmoid().mul(z[2].tanh()));
                        state = z[3].sigmoid().mul(cell.tanh());
                    }
                }
                outputs[s] = state;
            }
            return new Node[] {outputs.length == 0 ? null : Node.concat(0, outputs), state, gates == 4 ? cell : null};
        }

        /** Computes each sequence by itself. */
        Node[] byHand(int[] lengths, boolean reverse, Node... x) {
            int n = x[0].shape().dim(0);
            int t = x[0].shape().dim(1);
            Node[][] all = new Node[gates == 4 ? 3 : 2][n];
            for (int i = 0; i < n; i++) {
                int row = i;
                int length = lengths[i];
                Node[] steps = IntStream.range(0, length)
                        .mapToObj(s -> x[0].select(0, row)
                                .slice(0, reverse ? length - 1 - s : s, reverse ? length - s : s + 1))
                        .toArray(Node[]::new);
                Node[] own = x.clone();
                for (int k = gates == 4 ? 4 : x.length - 1; k < x.length; k++) {
                    own[k] = x[k].slice(0, i, i + 1);
                }
                Node[] y = byHand(steps, own);
                Node padding =
                        constant(Tensor.zeros(Shape.of(t - length, x[2].shape().dim(0)), x[0].dtype()));
                Node ordered = y[0] == null ? null : reverse ? y[0].flip(0) : y[0];
                all[0][i] = ordered == null ? padding : Node.concat(0, ordered, padding);
                all[1][i] = y[1];
                if (gates == 4) {
                    all[2][i] = y[2];
                }
            }
            all[0] = new Node[] {Node.stack(0, all[0])};
            return Arrays.stream(all).map(p -> Node.concat(0, p)).toArray(Node[]::new);
        }
    }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        double gap = expected.size() == 0 ? 0 : expected.sub(actual).abs().max().item();
        double size = expected.size() == 0 ? 0 : expected.abs().max().item();
        assertTrue(gap <= tolerance * Math.max(1, size), () -> gap + " off: " + expected + " and " + actual);
    }

    private static Node flat(Node... y) {
        return Node.concat(0, Arrays.stream(y).map(Node::flatten).toArray(Node[]::new));
    }

    private static Node cotangent(Node y) {
        return constant(Tensor.uniform(y.shape(), -1, 1, RandomStream.of(3, "cotangent"))
                .to(y.dtype()));
    }

    private static void verify(Net net, RecurrentOptions options, int[] lengths, double tolerance, Node... x) {
        Node[] y = net.apply(options, x);
        Node[] z = net.byHand(lengths, options.reverse(), x);
        for (int i = 0; i < y.length; i++) {
            assertNear(z[i].value(), y[i].value(), tolerance);
        }
        Node gy = cotangent(flat(z));
        Node[] expected = Derivatives.gradients(flat(z), gy, false, x);
        Node[] actual = Derivatives.gradients(flat(y), gy, false, x);
        Node[] graph = Derivatives.gradients(flat(y), gy, true, x);
        for (int i = 0; i < x.length; i++) {
            assertNear(expected[i].value(), actual[i].value(), 30 * tolerance);
            assertNear(expected[i].value(), graph[i].value(), 30 * tolerance);
        }
    }

    @Property(tries = 120)
    void all_results_and_gradients_are_those_of_the_network_unrolled_by_hand(
            @ForAll long seed,
            @ForAll Net net,
            @ForAll @IntRange(min = 1, max = 19) int n,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll @IntRange(min = 1, max = 5) int in,
            @ForAll @IntRange(min = 1, max = 5) int h,
            @ForAll boolean reverse,
            @ForAll boolean padded) {
        RandomStream random = RandomStream.of(seed, "lengths");
        int[] lengths = new int[n];
        Arrays.setAll(lengths, i -> padded ? random.nextInt(t + 1) : t);
        RecurrentOptions options = RecurrentOptions.DEFAULT.reverse(reverse);
        verify(
                net,
                padded ? options.lengths(lengths) : options,
                lengths,
                1e-13,
                net.inputs(seed, n, t, in, h, DType.FLOAT64));
    }

    @ParameterizedTest
    @EnumSource
    void single_precision_and_sizes_that_vectors_do_not_divide(Net net) {
        int[] lengths = IntStream.range(0, 21).map(i -> i % 5).toArray();
        verify(
                net,
                RecurrentOptions.DEFAULT.lengths(lengths),
                lengths,
                2e-5,
                net.inputs(1, 21, 4, 9, 37, DType.FLOAT32));
    }

    @ParameterizedTest
    @EnumSource
    void steps_behind_the_end_have_no_effect_whatever_they_hold(Net net) {
        Node[] x = net.inputs(1, 3, 4, 2, 3, DType.FLOAT64);
        RecurrentOptions options = RecurrentOptions.DEFAULT.lengths(4, 2, 0).reverse(true);
        Node[] y = net.apply(options, x);
        Node[] g = Derivatives.gradients(flat(y), cotangent(flat(y)), false, x);
        double[] values = x[0].value().toDoubleArray();
        Arrays.fill(values, 12, 16, Double.NaN);
        Arrays.fill(values, 16, 24, Double.POSITIVE_INFINITY);
        Node[] changed = x.clone();
        changed[0] = Node.variable(Tensor.of(Shape.of(3, 4, 2), values));
        Node[] z = net.apply(options, changed);
        Node[] gz = Derivatives.gradients(flat(z), cotangent(flat(z)), false, changed);
        Node[] graph = Derivatives.gradients(flat(z), cotangent(flat(z)), true, changed);
        for (int i = 0; i < y.length; i++) {
            assertEquals(y[i].value(), z[i].value());
        }
        for (int i = 0; i < x.length; i++) {
            assertEquals(g[i].value(), gz[i].value());
            assertNear(g[i].value(), graph[i].value(), 1e-13);
        }
        assertEquals(
                Tensor.zeros(2, 2), gz[0].value().slice(0, 1, 2).reshape(4, 2).slice(0, 2, 4));
        assertEquals(
                Tensor.zeros(2, 3), y[0].value().slice(0, 1, 2).reshape(4, 3).slice(0, 2, 4));
        assertEquals(
                x[x.length - 1].value().slice(0, 2, 3), y[y.length - 1].value().slice(0, 2, 3));
    }

    @ParameterizedTest
    @EnumSource
    void an_output_does_not_depend_on_later_inputs(Net net) {
        Node[] x = net.inputs(1, 2, 6, 2, 3, DType.FLOAT64);
        Node y = net.apply(RecurrentOptions.DEFAULT, x)[0];
        Tensor g = Derivatives.gradients(y.select(1, 3), cotangent(y.select(1, 3)), false, x)[0].value();
        assertEquals(Tensor.zeros(2, 2, 2), g.slice(1, 4, 6));
        assertTrue(g.slice(1, 0, 1).abs().min().item() > 0);
    }

    @ParameterizedTest
    @EnumSource
    void any_number_of_threads_gives_the_same_bytes(Net net) {
        int before = Workers.count();
        Node[] x = net.inputs(1, 37, 9, 16, 48, DType.FLOAT32);
        Function<Integer, Tensor> all = threads -> {
            Workers.use(threads);
            Node y = flat(net.apply(RecurrentOptions.DEFAULT, x));
            Node[] g = Derivatives.gradients(y, cotangent(y), false, x);
            return Node.concat(0, y, flat(g)).value();
        };
        try {
            Tensor one = all.apply(1);
            for (int threads : new int[] {2, 3, 5}) {
                assertEquals(one, all.apply(threads));
            }
        } finally {
            Workers.use(before);
        }
    }

    @Test
    void an_lstm_whose_forget_gate_is_open_and_input_gate_closed_keeps_its_cell() {
        Node x = constant(Tensor.ones(1, 50, 1));
        Node w = constant(Tensor.zeros(1, 4));
        Node b = constant(Tensor.of(-800, 800, 0, 800)); // i, f, g, o
        Recurrent.LstmOutput y = Recurrent.lstm(
                x,
                w,
                w,
                b,
                constant(Tensor.zeros(1, 1)),
                constant(Tensor.full(Shape.of(1, 1), 0.7, DType.FLOAT64)),
                RecurrentOptions.DEFAULT);
        assertEquals(0.7, y.c().item());
        assertEquals(Math.tanh(0.7), y.h().item(), 1e-15);
    }

    @Test
    void a_gru_whose_update_gate_is_open_keeps_its_state() {
        Node x = constant(Tensor.ones(1, 50, 1));
        Node w = constant(Tensor.ones(1, 3));
        Node b = constant(Tensor.of(0, 800, 0)); // r, z, c
        Node h = constant(Tensor.full(Shape.of(1, 1), 0.7, DType.FLOAT64));
        assertEquals(
                0.7,
                Recurrent.gru(x, w, w, b, b, h, RecurrentOptions.DEFAULT).h().item());
    }

    static Stream<Arguments> bad() {
        Node x = ones(2, 5, 3);
        Node w = ones(3, 16);
        Node u = ones(4, 16);
        Node b = ones(16);
        Node h = ones(2, 4);
        RecurrentOptions options = RecurrentOptions.DEFAULT;
        return Stream.of(
                bad(
                        "lstm: x [5, 3] x w [3, 16] x u [4, 16] x b [16]: ",
                        "x must be [n, t, in] with t from 1 up",
                        () -> Recurrent.lstm(ones(5, 3), w, u, b)),
                bad("lstm: x [2, 0, 3]", "with t from 1 up", () -> Recurrent.lstm(ones(2, 0, 3), w, u, b)),
                bad(
                        "lstm: ",
                        "w must be [3, 16], not [16, 3]; PyTorch's weights are the transposes",
                        () -> Recurrent.lstm(x, ones(16, 3), u, b)),
                bad("lstm: ", "u must be [h, 4 h], not [4, 12]", () -> Recurrent.lstm(x, w, ones(4, 12), b)),
                bad(
                        "lstm: x [2, 5, 4] x w [12, 4] x u [12, 3] x b [12]: ",
                        "u must be [h, 4 h], not [12, 3]; PyTorch's weights are the transposes",
                        () -> Recurrent.lstm(ones(2, 5, 4), ones(12, 4), ones(12, 3), ones(12))),
                bad(
                        "rnn: x [2, 5, 3] x w [4, 3] x u [4, 4] x b [4]: ",
                        "w must be [3, 4], not [4, 3]; PyTorch's weights are the transposes",
                        () -> Recurrent.rnn(x, ones(4, 3), ones(4, 4), ones(4))),
                bad("lstm: ", "b must be [16]", () -> Recurrent.lstm(x, w, u, ones(1, 16))),
                bad("lstm: ", "c must be [2, 4]", () -> Recurrent.lstm(x, w, u, b, h, ones(4), options)),
                bad("gru: ", "w must be [3, 12]", () -> Recurrent.gru(x, w, ones(4, 12), b, b)),
                bad("gru: ", "d must be [3]", () -> Recurrent.gru(x, ones(3, 3), ones(1, 3), ones(3), ones(1))),
                bad(
                        "rnn: ",
                        "h must be [2, 4]",
                        () -> Recurrent.rnn(
                                x, ones(3, 4), ones(4, 4), ones(4), ones(3, 4), Recurrent.Activation.TANH, options)),
                bad(
                        "rnn: ",
                        "FLOAT32",
                        () -> Recurrent.rnn(
                                x,
                                ones(3, 4),
                                ones(4, 4),
                                constant(Tensor.ones(4).to(DType.FLOAT32)))),
                bad("lstm: ", "3 lengths for 2 sequences", () -> Recurrent.lstm(x, w, u, b, options.lengths(1, 2, 3))),
                bad(
                        "lstm: ",
                        "length 6 of sequence 1 must be from 0 to 5",
                        () -> Recurrent.lstm(x, w, u, b, options.lengths(1, 6))));
    }

    @Test
    void a_negative_length_is_refused_where_it_is_given() {
        assertEquals(
                "RecurrentOptions: length -1 of sequence 1 must be at least 0",
                assertThrows(IllegalArgumentException.class, () -> RecurrentOptions.DEFAULT.lengths(2, -1))
                        .getMessage());
    }

    private static Node ones(int... dims) {
        return constant(Tensor.ones(Shape.of(dims)));
    }

    private static Arguments bad(String start, String why, Executable call) {
        return Arguments.of(start, why, call);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_does_not_fit_is_named(String start, String why, Executable call) {
        OperandMismatch e = assertThrows(OperandMismatch.class, call);
        assertTrue(e.getMessage().startsWith(start) && e.getMessage().contains(why), e.getMessage());
    }
}
