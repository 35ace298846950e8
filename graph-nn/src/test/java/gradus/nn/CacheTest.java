package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.RecurrentOptions;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sequences that are computed piece by piece give what whole sequences give. */
class CacheTest {
    private static final int TOKENS = 7;
    private static final int LENGTH = 9;

    /** A small language model; one that forgets hands its embedding of positions no pass. */
    private static final class Gpt extends Model {
        private final Embedding token = layer("token", new Embedding(TOKENS, 8));
        private final PositionalEmbedding position = layer("position", new PositionalEmbedding(LENGTH, 8));
        private final TransformerLayer first = layer("first", new TransformerLayer(8, 2, 16).causal());
        private final TransformerLayer second = layer(
                "second", new TransformerLayer(8, 4, 16).causal().preNorm().activation(Node::gelu));
        private final TiedLinear head = layer("head", new TiedLinear(token));
        private final boolean forgets;

        Gpt(boolean forgets) {
            this.forgets = forgets;
        }

        @Override
        public Node forward(Node x, Pass pass) {
            Node y = token.forward(x);
            y = forgets ? position.forward(y) : position.forward(y, pass);
            return head.forward(second.forward(first.forward(y, pass), pass));
        }
    }

    /** Attends to a sequence of its own, which it has as a whole. */
    private static final class Reader extends Model {
        private final MultiHeadAttention self = layer("self", new MultiHeadAttention(4, 2).causal());
        private final MultiHeadAttention cross = layer("cross", new MultiHeadAttention(4, 2));
        private final Tensor memory = random(2, 3, 4);

        @Override
        public Node forward(Node x, Pass pass) {
            Node m = Node.constant(memory.to(x.dtype()));
            return cross.attend(self.forward(x, pass), m, m, pass);
        }
    }

    private static Tensor random(int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(1, "x"));
    }

    private static Tensor tokens(int n, int t) {
        return Tensor.uniform(Shape.of(n, t), 0, TOKENS, RandomStream.of(3, "tokens"))
                .map(Math::floor);
    }

    static Stream<Arguments> models() {
        Tensor x = random(2, LENGTH, 4);
        TransformerLayer shared = new TransformerLayer(4, 2, 6).causal();
        return Stream.of(
                row("positions", () -> new PositionalEmbedding(LENGTH, 4), x),
                row("sinusoidal", () -> PositionalEmbedding.sinusoidal(LENGTH, 4), x),
                row("rotary", () -> PositionalEmbedding.rotary(LENGTH, 4), x),
                row("rnn", () -> new Rnn(4, 3), x),
                row("gru", () -> new Gru(4, 3).layers(2), x),
                row("lstm", () -> new Lstm(4, 3).layers(3).dropout(0.2), x),
                row("attention", () -> new MultiHeadAttention(4, 2).causal(), x),
                row(
                        "rotary attention",
                        () -> new MultiHeadAttention(4, 2).causal().rotary().withoutBias(),
                        x),
                row("transformer", () -> new TransformerLayer(4, 2, 6).causal(), x),
                row(
                        "pre-norm",
                        () -> new TransformerLayer(4, 2, 6).causal().rotary().preNorm(),
                        x),
                row("shared layer", () -> Sequential.of(shared, shared), x),
                row("cross-attention", Reader::new, x),
                row("gpt", () -> new Gpt(false), tokens(2, LENGTH)),
                row(
                        "lstm of tokens",
                        () -> Sequential.of(new Embedding(TOKENS, 4), new Lstm(4, 5), new Linear(5, TOKENS)),
                        tokens(2, LENGTH)));
    }

    private static Arguments row(String name, Supplier<Model> model, Tensor x) {
        return Arguments.of(name, model.get(), x);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void pieces_give_what_the_whole_sequence_gives(String name, Model model, Tensor x) {
        model.initialize(4);
        requireEqualPieces(model, x, 1e-14);
        if (!model.state().isEmpty()) {
            model.to(DType.FLOAT32);
            requireEqualPieces(model, name.contains("token") || name.equals("gpt") ? x : x.to(DType.FLOAT32), 1e-5);
        }
    }

    private static void requireEqualPieces(Model model, Tensor x, double tolerance) {
        Tensor whole = model.predict(x);
        int t = x.shape().dim(1);
        for (int[] cuts : new int[][] {{0, t}, {0, 1, 2, 3, 4, 5, 6, 7, 8, t}, {0, 4, 5, t}}) {
            Cache cache = new Cache();
            for (int i = 1; i < cuts.length; i++) {
                Tensor y = cache.forward(model, x.slice(1, cuts[i - 1], cuts[i]));
                Tensor expected = whole.slice(1, cuts[i - 1], cuts[i]);
                assertEquals(expected.shape(), y.shape());
                double error = expected.sub(y).abs().max().item();
                assertTrue(error < tolerance, "position " + cuts[i - 1] + ": error " + error);
            }
        }
        assertEquals(whole, model.predict(x), "a call without the cache is not changed by it");
    }

    @Test
    void generated_tokens_are_those_of_whole_sequences() {
        Gpt gpt = new Gpt(false);
        gpt.initialize(11);
        Tensor prompt = tokens(3, 2);
        Node plain = Node.constant(prompt);
        Node cached = Node.constant(prompt);
        Cache cache = new Cache();
        Tensor next = prompt;
        while (plain.shape().dim(1) < LENGTH) {
            plain = Node.concat(1, plain, Node.constant(last(gpt.predict(plain.value()))));
            next = last(cache.forward(gpt, next));
            cached = Node.concat(1, cached, Node.constant(next));
        }
        assertEquals(plain.value(), cached.value());
    }

    /** Returns the most likely token behind the last position. */
    private static Tensor last(Tensor logits) {
        int t = logits.shape().dim(1);
        Tensor token = logits.slice(1, t - 1, t).argmax(-1);
        return token.to(DType.FLOAT64);
    }

    @Test
    void a_mask_also_covers_the_positions_of_the_cache() {
        MultiHeadAttention attention = new MultiHeadAttention(4, 2).causal();
        Tensor x = random(2, 5, 4);
        Tensor mask = Tensor.of(new double[][] {{0, 1, 1, 1, 1}, {1, 1, 1, 1, 1}}); // padding at the start
        Cache cache = new Cache();
        Tensor first = attention
                .forward(Node.constant(x.slice(1, 0, 3)), mask.slice(1, 0, 3), Pass.evaluation(cache))
                .value();
        Tensor rest = attention
                .forward(Node.constant(x.slice(1, 3, 5)), mask, Pass.evaluation(cache))
                .value();
        Tensor whole =
                attention.forward(Node.constant(x), mask, Pass.evaluation()).value();
        Tensor error = whole.sub(Node.concat(1, Node.constant(first), Node.constant(rest))
                        .value())
                .abs();
        assertTrue(error.max().item() < 1e-15, error::toString);
    }

    // ---- refusals

    @Test
    void what_depends_on_later_positions_is_refused_with_the_reason() {
        Tensor x = random(2, 3, 4);
        refused(
                "MultiHeadAttention[4, 2]: attention that is not causal also depends on later positions, so it cannot continue sequences"
                        + " with a cache; see causal()",
                () -> new Cache().forward(new MultiHeadAttention(4, 2), x));
        refused(
                "0.attention MultiHeadAttention[4, 2] with dropout 0.1: attention that is not causal also depends on later positions, so it"
                        + " cannot continue sequences with a cache; see causal()",
                () -> new Cache().forward(Sequential.of(new TransformerLayer(4, 2, 6)), x));
        refused(
                "Gru[4, 3] bidirectional: a bidirectional network takes sequences from their end as well, so it cannot continue them with a"
                        + " cache",
                () -> new Cache().forward(new Gru(4, 3).bidirectional(), x));
        Node n = Node.constant(x);
        refused(
                "MultiHeadAttention[4, 2]: attend takes all keys and values at once, and cannot continue them with a cache; call forward(x,"
                        + " pass)",
                () -> new MultiHeadAttention(4, 2).attend(n, n, n, Pass.evaluation(new Cache())));
        refused("Rnn[4, 3]: it has an initial state and a cache, which holds its state", () -> new Rnn(4, 3)
                .run(n, Node.constant(Tensor.ones(1, 2, 3)), RecurrentOptions.DEFAULT, Pass.evaluation(new Cache())));
    }

    private static void refused(String expected, Executable call) {
        assertEquals(expected, assertThrows(IllegalStateException.class, call).getMessage());
    }

    @Test
    void a_layer_that_is_called_without_the_pass_is_refused_and_may_be_trained() {
        Gpt gpt = new Gpt(true);
        Tensor x = tokens(2, 4);
        Node y = gpt.forward(Node.constant(x), Pass.training(1, 1));
        assertEquals(
                gpt.state().keySet(),
                y.square().sum().backward().of(gpt.parameters()).keySet());
        refused(
                "position PositionalEmbedding[9, 8]: it keeps what it needs for the next call in a cache, but was called without the pass;"
                        + " call forward(x, pass)",
                () -> new Cache().forward(gpt, x));
    }

    @Test
    void a_call_that_fails_leaves_the_cache_as_it_was() {
        Gpt gpt = new Gpt(false);
        Tensor x = tokens(2, LENGTH);
        Cache cache = new Cache();
        cache.forward(gpt, x.slice(1, 0, 6));
        String tooLong = assertThrows(IllegalArgumentException.class, () -> cache.forward(gpt, x.slice(1, 0, 4)))
                .getMessage();
        assertEquals(
                "PositionalEmbedding: [2, 4, 8]: 4 positions behind the 6 of the cache are more than its 9", tooLong);
        String others = assertThrows(IllegalArgumentException.class, () -> cache.forward(gpt, tokens(3, 1)))
                .getMessage();
        assertEquals("MultiHeadAttention: [3, 1, 8]: the cache holds 2 sequences", others);
        String lstm = assertThrows(IllegalArgumentException.class, () -> {
                    Cache of = new Cache();
                    Lstm layer = new Lstm(4, 3);
                    of.forward(layer, random(2, 3, 4));
                    of.forward(layer, random(1, 3, 4));
                })
                .getMessage();
        assertEquals("Lstm: [1, 3, 4]: the cache holds 2 sequences", lstm);
        Tensor rest = cache.forward(gpt, x.slice(1, 6, LENGTH));
        assertTrue(gpt.predict(x).slice(1, 6, LENGTH).sub(rest).abs().max().item() < 1e-14);
        Cache refused = new Cache();
        assertThrows(IllegalArgumentException.class, () -> refused.forward(gpt, tokens(1, LENGTH + 1)));
        assertEquals("Cache[]", refused.toString());
        assertThrows(IllegalArgumentException.class, () -> cache.forward(new Gpt(false), x));
        assertNotEquals("Cache[]", cache.toString());
    }

    @Test
    void a_layer_that_is_called_twice_in_a_pass_is_refused_unless_each_has_a_name() {
        TransformerLayer block = new TransformerLayer(4, 2, 8).causal();
        Model twice = new Model() {
            private final TransformerLayer inner = layer("inner", block);

            @Override
            public Node forward(Node x, Pass pass) {
                return inner.forward(inner.forward(x, pass), pass);
            }
        };
        Tensor x = random(2, 3, 4);
        String message = assertThrows(IllegalStateException.class, () -> new Cache().forward(twice, x))
                .getMessage();
        assertEquals(
                "Cache: inner.attention is called twice with the same pass, and would continue from its first use; call it with"
                        + " pass.in(\"first\") and pass.in(\"second\")",
                message);
        TransformerLayer other = new TransformerLayer(4, 2, 8).causal();
        Model named = new Model() {
            private final TransformerLayer inner = layer("inner", other);

            @Override
            public Node forward(Node x, Pass pass) {
                return inner.forward(inner.forward(x, pass.in("first")), pass.in("second"));
            }
        };
        Cache cache = new Cache();
        cache.forward(named, x.slice(1, 0, 2));
        Tensor last = cache.forward(named, x.slice(1, 2, 3));
        assertTrue(named.predict(x).slice(1, 2, 3).sub(last).abs().max().item() < 1e-14);
    }

    @Test
    void a_layer_of_a_user_that_keeps_something_is_refused_without_the_pass() {
        Model counter = new Model() {
            @Override
            public Node forward(Node x, Pass pass) {
                if (pass.hasCache()) {
                    pass.keep(path(), Tensor.of(1.0));
                }
                return x;
            }

            @Override
            protected boolean usesCache() {
                return true;
            }
        };
        Model outer = new Model() {
            private final Model inner = layer("inner", counter);

            @Override
            public Node forward(Node x, Pass pass) {
                return inner.forward(x);
            }
        };
        assertEquals(Tensor.ones(1, 2), outer.predict(Tensor.ones(1, 2)));
        assertThrows(IllegalStateException.class, () -> new Cache().forward(outer, Tensor.ones(1, 2)));
    }
}
