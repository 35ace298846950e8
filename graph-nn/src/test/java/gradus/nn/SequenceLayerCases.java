package gradus.nn;

import static gradus.nn.LayerCase.random;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.RecurrentOptions;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The rows of {@link LayerCases} whose layers take sequences. */
final class SequenceLayerCases {
    private static final RecurrentOptions LENGTHS = RecurrentOptions.DEFAULT.lengths(4, 1, 3);
    private static final String[] ATTENTION = {"inputWeight", "inputBias", "outputWeight", "outputBias"};
    private static final String[] TRANSFORMER = {
        "attention.inputWeight",
        "attention.inputBias",
        "attention.outputWeight",
        "attention.outputBias",
        "linear1.weight",
        "linear1.bias",
        "linear2.weight",
        "linear2.bias",
        "norm1.gamma",
        "norm1.beta",
        "norm2.gamma",
        "norm2.beta"
    };
    /** The last position of the second sequence is padding. */
    private static final Tensor PADDING = Tensor.of(new double[][] {{1, 1, 1}, {1, 1, 0}});

    private SequenceLayerCases() {}

    static Stream<LayerCase> all() {
        return Stream.of(embeddings(), recurrent(), recurrentCalls(), attention(), transformers())
                .flatMap(s -> s);
    }

    private static Stream<LayerCase> embeddings() {
        return Stream.of(
                // an index of padding has no gradient, which is not its derivative: this input has none, that of the
                // file has
                LayerCase.of(
                                "embedding-padding",
                                () -> new Embedding(5, 2).paddingIndex(2),
                                Tensor.of(new double[][] {{0, 4, 1}, {1, 1, 3}}),
                                Shape.of(2, 3, 2),
                                "weight")
                        .ofIndices(),
                LayerCase.of(
                        "tied-linear",
                        () -> new TiedLinear(new Embedding(5, 3)),
                        random(2, 4, 3),
                        Shape.of(2, 4, 5),
                        "table.weight"),
                LayerCase.of(
                        "positional-embedding",
                        () -> new PositionalEmbedding(6, 3),
                        random(2, 4, 3),
                        Shape.of(2, 4, 3),
                        "weight"),
                LayerCase.of(
                        "positional-embedding-sinusoidal",
                        () -> PositionalEmbedding.sinusoidal(6, 4),
                        random(2, 5, 4),
                        Shape.of(2, 5, 4)),
                LayerCase.of(
                        "positional-embedding-rotary",
                        () -> PositionalEmbedding.rotary(6, 4),
                        random(2, 5, 4),
                        Shape.of(2, 5, 4)),
                LayerCase.of(
                        "layer-norm-of-sequences",
                        () -> new LayerNorm(2, 3),
                        random(4, 2, 3),
                        Shape.of(4, 2, 3),
                        "gamma",
                        "beta"));
    }

    private static Stream<LayerCase> recurrent() {
        return Stream.of(
                sequences("rnn", () -> new Rnn(2, 3), 3, "inputWeight0", "hiddenWeight0", "bias0"),
                sequences("rnn-relu", () -> new Rnn(2, 3).relu(), 3, "inputWeight0", "hiddenWeight0", "bias0"),
                sequences("gru", () -> new Gru(2, 3), 3, "inputWeight0", "hiddenWeight0", "inputBias0", "hiddenBias0"),
                sequences(
                        "gru-layers",
                        () -> new Gru(2, 3).layers(2),
                        3,
                        "inputWeight0",
                        "hiddenWeight0",
                        "inputBias0",
                        "hiddenBias0",
                        "inputWeight1",
                        "hiddenWeight1",
                        "inputBias1",
                        "hiddenBias1"),
                sequences("lstm", () -> new Lstm(2, 3), 3, "inputWeight0", "hiddenWeight0", "bias0"),
                sequences("lstm-bidirectional", () -> new Lstm(2, 3).bidirectional(), 6, ofDirections(1)),
                sequences("lstm-layers", () -> new Lstm(2, 3).bidirectional().layers(2), 6, ofDirections(2)),
                sequences(
                        "lstm-dropout",
                        () -> new Lstm(2, 3).layers(2).dropout(0.3),
                        3,
                        "inputWeight0",
                        "hiddenWeight0",
                        "bias0",
                        "inputWeight1",
                        "hiddenWeight1",
                        "bias1"));
    }

    private static LayerCase sequences(String name, Supplier<Layer> layer, int width, String... paths) {
        return LayerCase.of(name, layer, random(3, 4, 2), Shape.of(3, 4, width), paths);
    }

    /** Returns the paths of layers of two directions, that of an RNN or LSTM. */
    private static String[] ofDirections(int layers) {
        String[] paths = new String[6 * layers];
        for (int i = 0; i < paths.length; i++) {
            String name = new String[] {"inputWeight", "hiddenWeight", "bias"}[i % 3];
            paths[i] = name + i / 6 + (i / 3 % 2 == 1 ? "Reverse" : "");
        }
        return paths;
    }

    /** Layers with lengths and an initial state, which is taken from the input; their last states are part of the output. */
    private static Stream<LayerCase> recurrentCalls() {
        return Stream.of(
                LayerCase.of(
                                "lstm-lengths",
                                () -> new Lstm(2, 2).layers(2).bidirectional(),
                                random(3, 4, 2),
                                Shape.of(3 * 4 * 4 + 2 * 4 * 3 * 2),
                                ofDirections(2))
                        .calledBy((layer, x, pass) -> {
                            Node h = x.permute(1, 0, 2);
                            Lstm.Output y = ((Lstm) layer).run(x, h, h.tanh(), LENGTHS, pass);
                            return flattened(y.outputs(), y.h(), y.c());
                        }),
                LayerCase.of(
                                "gru-lengths",
                                () -> new Gru(2, 2).bidirectional(),
                                random(3, 4, 2),
                                Shape.of(3 * 4 * 4 + 2 * 3 * 2),
                                "inputWeight0",
                                "hiddenWeight0",
                                "inputBias0",
                                "hiddenBias0",
                                "inputWeight0Reverse",
                                "hiddenWeight0Reverse",
                                "inputBias0Reverse",
                                "hiddenBias0Reverse")
                        .calledBy((layer, x, pass) -> {
                            Node h = x.permute(1, 0, 2).slice(0, 0, 2);
                            Gru.Output y = ((Gru) layer).run(x, h, LENGTHS, pass);
                            return flattened(y.outputs(), y.h());
                        }),
                LayerCase.of(
                                "rnn-lengths",
                                () -> new Rnn(2, 2).layers(2),
                                random(3, 4, 2),
                                Shape.of(3 * 4 * 2 + 2 * 3 * 2),
                                "inputWeight0",
                                "hiddenWeight0",
                                "bias0",
                                "inputWeight1",
                                "hiddenWeight1",
                                "bias1")
                        .calledBy((layer, x, pass) -> {
                            Rnn.Output y = ((Rnn) layer).run(x, LENGTHS, pass);
                            return flattened(y.outputs(), y.h());
                        }));
    }

    private static Node flattened(Node... parts) {
        return Node.concat(0, Stream.of(parts).map(Node::flatten).toArray(Node[]::new));
    }

    private static Stream<LayerCase> attention() {
        return Stream.of(
                attention("multi-head-attention", () -> new MultiHeadAttention(4, 2), ATTENTION),
                attention("multi-head-attention-causal", () -> new MultiHeadAttention(4, 2).causal(), ATTENTION),
                attention(
                        "multi-head-attention-without-bias",
                        () -> new MultiHeadAttention(4, 4).withoutBias(),
                        "inputWeight",
                        "outputWeight"),
                attention("multi-head-attention-rotary", () -> new MultiHeadAttention(4, 2).rotary(), ATTENTION),
                attention("multi-head-attention-dropout", () -> new MultiHeadAttention(4, 2).dropout(0.3), ATTENTION),
                attention("multi-head-attention-padding", () -> new MultiHeadAttention(4, 2), ATTENTION)
                        .calledBy((layer, x, pass) -> ((MultiHeadAttention) layer).forward(x, PADDING, pass)),
                attention("multi-head-attention-cross", () -> new MultiHeadAttention(4, 2), ATTENTION)
                        .calledBy((layer, x, pass) -> ((MultiHeadAttention) layer)
                                .attend(x, x.tanh().slice(1, 0, 2), x.square().slice(1, 1, 3), pass)));
    }

    private static LayerCase attention(String name, Supplier<Layer> layer, String... paths) {
        return LayerCase.of(name, layer, random(2, 3, 4), Shape.of(2, 3, 4), paths);
    }

    private static Stream<LayerCase> transformers() {
        return Stream.of(
                attention("transformer-layer", () -> new TransformerLayer(4, 2, 5).dropout(0), TRANSFORMER),
                attention("transformer-layer-dropout", () -> new TransformerLayer(4, 2, 5), TRANSFORMER),
                attention(
                        "transformer-layer-pre-norm",
                        () -> new TransformerLayer(4, 2, 5)
                                .dropout(0)
                                .preNorm()
                                .causal()
                                .activation(Node::gelu),
                        TRANSFORMER),
                attention(
                        "transformer-layer-rotary",
                        () -> new TransformerLayer(4, 2, 5)
                                .rotary()
                                .causal()
                                .preNorm()
                                .activation(Node::silu),
                        TRANSFORMER),
                attention("transformer-layer-padding", () -> new TransformerLayer(4, 1, 5).dropout(0), TRANSFORMER)
                        .calledBy((layer, x, pass) -> ((TransformerLayer) layer).forward(x, PADDING, pass)));
    }
}
