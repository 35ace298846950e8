package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.graph.Node;
import gradus.graph.OpCase;
import java.util.List;
import java.util.function.Function;

/** The test cases of {@link Recurrent}: all results of a network, side by side. */
final class RecurrentCases {
    private static final RecurrentOptions LENGTHS = RecurrentOptions.DEFAULT.lengths(2, 0, 3);

    static final List<OpCase> ALL = List.of(
            lstm("", RecurrentOptions.DEFAULT, 2, 3, 2, 2),
            lstm(" of one step", RecurrentOptions.DEFAULT, 1, 1, 3, 1),
            lstm(" of lengths", LENGTHS, 3, 3, 1, 2),
            lstm(" of lengths, reversed", LENGTHS.reverse(true), 3, 3, 2, 1),
            row(
                    "lstm from 0",
                    in -> flat(Recurrent.lstm(in[0], in[1], in[2], in[3])),
                    Shape.of(2, 2, 1),
                    Shape.of(1, 8),
                    Shape.of(2, 8),
                    Shape.of(8)),
            row(
                    "lstm whose states are one node",
                    in -> flat(Recurrent.lstm(in[0], in[1], in[2], in[3], in[4], in[4], RecurrentOptions.DEFAULT)),
                    Shape.of(2, 2, 1),
                    Shape.of(1, 8),
                    Shape.of(2, 8),
                    Shape.of(8),
                    Shape.of(2, 2)),
            row(
                    "lstm, c alone",
                    in -> Recurrent.lstm(in[0], in[1], in[2], in[3]).c(),
                    Shape.of(2, 3, 1),
                    Shape.of(1, 4),
                    Shape.of(1, 4),
                    Shape.of(4)),
            gru("", RecurrentOptions.DEFAULT, 2, 3, 2, 2),
            gru(" of lengths", LENGTHS, 3, 3, 2, 1),
            gru(" of lengths, reversed", LENGTHS.reverse(true), 3, 3, 1, 2),
            row(
                    "gru from 0, reversed",
                    in -> flat(
                            Recurrent.gru(in[0], in[1], in[2], in[3], in[4], RecurrentOptions.DEFAULT.reverse(true))),
                    Shape.of(1, 3, 2),
                    Shape.of(2, 3),
                    Shape.of(1, 3),
                    Shape.of(3),
                    Shape.of(3)),
            rnn("", Recurrent.Activation.TANH, RecurrentOptions.DEFAULT, 2, 3, 2, 2),
            rnn(" of lengths, reversed", Recurrent.Activation.TANH, LENGTHS.reverse(true), 3, 3, 2, 2),
            rnn(" with relu", Recurrent.Activation.RELU, RecurrentOptions.DEFAULT, 2, 2, 2, 2),
            row(
                    "rnn of no sequence",
                    in -> flat(Recurrent.rnn(in[0], in[1], in[2], in[3])),
                    Shape.of(0, 3, 2),
                    Shape.of(2, 2),
                    Shape.of(2, 2),
                    Shape.of(2)));

    private RecurrentCases() {}

    private static OpCase lstm(String how, RecurrentOptions options, int n, int t, int in, int h) {
        Function<Node[], Node> f = x -> flat(Recurrent.lstm(x[0], x[1], x[2], x[3], x[4], x[5], options));
        Shape state = Shape.of(n, h);
        return row(
                "lstm" + (how.isEmpty() ? " from states" : how),
                f,
                Shape.of(n, t, in),
                Shape.of(in, 4 * h),
                Shape.of(h, 4 * h),
                Shape.of(4 * h),
                state,
                state);
    }

    private static OpCase gru(String how, RecurrentOptions options, int n, int t, int in, int h) {
        Function<Node[], Node> f = x -> flat(Recurrent.gru(x[0], x[1], x[2], x[3], x[4], x[5], options));
        Shape bias = Shape.of(3 * h);
        return row(
                "gru" + (how.isEmpty() ? " from a state" : how),
                f,
                Shape.of(n, t, in),
                Shape.of(in, 3 * h),
                Shape.of(h, 3 * h),
                bias,
                bias,
                Shape.of(n, h));
    }

    private static OpCase rnn(
            String how, Recurrent.Activation activation, RecurrentOptions options, int n, int t, int in, int h) {
        Function<Node[], Node> f = x -> flat(Recurrent.rnn(x[0], x[1], x[2], x[3], x[4], activation, options));
        return row(
                "rnn" + (how.isEmpty() ? " from a state" : how),
                f,
                Shape.of(n, t, in),
                Shape.of(in, h),
                Shape.of(h, h),
                Shape.of(h),
                Shape.of(n, h));
    }

    private static Node flat(Recurrent.LstmOutput y) {
        return Node.concat(0, y.outputs().flatten(), y.h().flatten(), y.c().flatten());
    }

    private static Node flat(Recurrent.Output y) {
        return Node.concat(0, y.outputs().flatten(), y.h().flatten());
    }
}
