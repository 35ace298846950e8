package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.Positions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Attention and transformer layers beyond the comparison with PyTorch: by hand, masks, dropout, refusals. */
class AttentionLayersTest {
    private static final Tensor X = random(2, 5, 4);
    private static final Pass EVALUATION = Pass.evaluation();

    private static Tensor random(int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(1, "x"));
    }

    // ---- attention

    /** Each head of one element is a mean of the values, weighted by the exponentials of query times key. */
    @Test
    void two_heads_of_one_element_by_hand() {
        MultiHeadAttention attention = new MultiHeadAttention(2, 2);
        double[][] input = {{1, 2, 3, 4, 1, -1}, {0.5, -1, 1, 2, 0, 3}}; // queries, keys and values of both heads
        double[][] output = {{1, 2}, {-1, 3}};
        attention.load(Map.of(
                "inputWeight", Tensor.of(input),
                "inputBias", Tensor.of(0, 0.1, 0, 0, 0, 0.2),
                "outputWeight", Tensor.of(output),
                "outputBias", Tensor.of(0.5, -0.5)));
        double[][] x = {{0.3, -0.2}, {1, 0.4}, {-0.7, 0.6}};
        double[][] expected = new double[3][2];
        for (int i = 0; i < 3; i++) {
            double[] heads = new double[2];
            for (int h = 0; h < 2; h++) {
                double query = x[i][0] * input[0][h] + x[i][1] * input[1][h] + (h == 1 ? 0.1 : 0);
                double sum = 0;
                double weights = 0;
                for (double[] other : x) {
                    double key = other[0] * input[0][2 + h] + other[1] * input[1][2 + h];
                    double value = other[0] * input[0][4 + h] + other[1] * input[1][4 + h] + (h == 1 ? 0.2 : 0);
                    sum += Math.exp(query * key) * value;
                    weights += Math.exp(query * key);
                }
                heads[h] = sum / weights;
            }
            expected[i][0] = heads[0] * output[0][0] + heads[1] * output[1][0] + 0.5;
            expected[i][1] = heads[0] * output[0][1] + heads[1] * output[1][1] - 0.5;
        }
        assertNear(
                Tensor.of(expected).reshape(1, 3, 2),
                attention.predict(Tensor.of(x).reshape(1, 3, 2)));
    }

    @Test
    void weights_start_as_in_pytorch() {
        Map<String, Tensor> s = new MultiHeadAttention(64, 4).state();
        double inputBound = Math.sqrt(6 / (4 * 64.0));
        assertEquals(inputBound, s.get("inputWeight").abs().max().item(), 0.01 * inputBound);
        assertEquals(1 / 8.0, s.get("outputWeight").abs().max().item(), 0.001);
        assertEquals(Tensor.zeros(192), s.get("inputBias"));
        assertEquals(Tensor.zeros(64), s.get("outputBias"));
    }

    @Test
    void keys_that_are_masked_have_no_effect() {
        MultiHeadAttention attention = new MultiHeadAttention(4, 2);
        Tensor mask = Tensor.of(new double[][] {{1, 1, 0, 1, 0}, {1, 1, 1, 1, 1}});
        Node x = Node.variable(X);
        Tensor y = attention.forward(x, mask, EVALUATION).value();
        Tensor other = X.add(
                Tensor.of(new double[][] {{0, 0, 7, 0, 7}, {0, 0, 0, 0, 0}}).reshape(2, 5, 1));
        Tensor z = attention.forward(Node.constant(other), mask, EVALUATION).value();
        for (int i : new int[] {0, 1, 3}) {
            assertEquals(y.slice(1, i, i + 1), z.slice(1, i, i + 1));
        }
        Tensor without = Node.constant(X.rows(0)).indexSelect(1, 0, 1, 3).value();
        assertNear(
                attention.predict(without),
                Node.constant(y.rows(0)).indexSelect(1, 0, 1, 3).value());
        assertNear(attention.predict(X).rows(1), y.rows(1));
        assertEquals(y, attention.forward(x, mask.reshape(2, 1, 5), EVALUATION).value(), "the same for each query");
        assertEquals(
                y, attention.forward(x, mask.reshape(2, 1, 1, 5), EVALUATION).value(), "the same for each head");
    }

    @Test
    void a_query_without_keys_gives_the_bias_of_the_output() {
        MultiHeadAttention attention = new MultiHeadAttention(4, 2);
        attention.parameters().get("outputBias").assign(Tensor.of(1.0, 2, 3, 4));
        Node x = Node.variable(X);
        Node y = attention.forward(x, Tensor.of(new double[][] {{0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}}), EVALUATION);
        assertEquals(Tensor.of(1.0, 2, 3, 4), y.value().rows(0).slice(1, 2, 3).reshape(4));
        Tensor gx = y.square().sum().backward().of(x).value();
        assertEquals(Tensor.zeros(1, 5, 4), gx.rows(0));
        assertFalse(gx.hasNaN());
    }

    @Test
    void causal_attention_does_not_see_later_positions_and_is_a_mask() {
        MultiHeadAttention all = new MultiHeadAttention(4, 2);
        MultiHeadAttention causal = new MultiHeadAttention(4, 2).causal();
        causal.load(all.state());
        Tensor triangle = Node.constant(Tensor.ones(1, 5, 5)).tril().value();
        assertEquals(all.forward(Node.constant(X), triangle, EVALUATION).value(), causal.predict(X));
        assertNear(causal.predict(X).slice(1, 0, 3), causal.predict(X.slice(1, 0, 3)));
    }

    @Test
    void attending_to_the_queries_themselves_is_self_attention() {
        for (MultiHeadAttention attention : List.of(
                new MultiHeadAttention(4, 2),
                new MultiHeadAttention(4, 1).withoutBias(),
                new MultiHeadAttention(4, 2).rotary().causal())) {
            Node x = Node.constant(X);
            assertNear(
                    attention.predict(X), attention.attend(x, x, x, EVALUATION).value());
        }
        MultiHeadAttention attention = new MultiHeadAttention(4, 2);
        Node x = Node.constant(X);
        Node keys = Node.constant(random(2, 3, 4));
        Tensor mask = Tensor.of(new double[][] {{1, 1, 0}, {1, 1, 0}});
        Node two = keys.slice(1, 0, 2);
        assertNear(
                attention.attend(x, two, two, EVALUATION).value(),
                attention.attend(x, keys, keys, mask, EVALUATION).value());
    }

    /** The product of rotated queries and keys depends on distances alone, so a shift of all positions changes nothing. */
    @Test
    void rotary_attention_depends_on_distances() {
        MultiHeadAttention rotary = new MultiHeadAttention(4, 2).rotary();
        MultiHeadAttention plain = new MultiHeadAttention(4, 2);
        plain.load(rotary.state());
        assertNotEquals(plain.predict(X), rotary.predict(X));
        Tensor shifted =
                Node.concat(1, Node.constant(random(2, 2, 4)), Node.constant(X)).value();
        Tensor mask = Tensor.of(new double[][] {{0, 0, 1, 1, 1, 1, 1}});
        assertNear(
                rotary.predict(X),
                rotary.forward(Node.constant(shifted), mask, EVALUATION).value().slice(1, 2, 7));
        Node q = Node.constant(X);
        assertNotEquals(Positions.rotary(q).value(), q.value());
    }

    @Test
    void dropout_zeroes_weights_in_training_only() {
        MultiHeadAttention attention = new MultiHeadAttention(1, 1).dropout(0.5);
        attention.load(Map.of(
                "inputWeight", Tensor.of(new double[][] {{0, 0, 1}}),
                "inputBias", Tensor.zeros(3),
                "outputWeight", Tensor.ones(1, 1),
                "outputBias", Tensor.zeros(1)));
        // one key of value 1 for each of 4000 queries: an output is 0 or 2
        Tensor ones = Tensor.ones(4000, 1, 1);
        Tensor y = attention.forward(Node.constant(ones), Pass.training(1, 1)).value();
        assertEquals(4000, y.sum().item(), 4 * Math.sqrt(4000));
        assertEquals(2, y.max().item());
        assertEquals(0, y.min().item());
        assertEquals(
                y, attention.forward(Node.constant(ones), Pass.training(1, 1)).value());
        assertNotEquals(
                y, attention.forward(Node.constant(ones), Pass.training(1, 2)).value());
        assertEquals(ones, attention.predict(ones));
    }

    /** The values alone have a gradient: where there is one position, its weight is 1 whatever query and key are. */
    @Test
    void attention_to_one_position_is_its_value() {
        MultiHeadAttention attention = new MultiHeadAttention(4, 2);
        Map<String, Tensor> p = attention.state();
        Node x = Node.variable(random(3, 1, 4));
        Node y = attention.forward(x);
        Tensor values = x.value().matmul(p.get("inputWeight").slice(1, 8, 12));
        assertNear(values.matmul(p.get("outputWeight")), y.value());
        Tensor g = y.sum().backward().of(attention.parameters()).get("inputWeight");
        assertTrue(g.slice(1, 0, 8).abs().max().item() < 1e-15, g::toString);
        assertTrue(g.slice(1, 8, 12).abs().max().item() > 0.01, g::toString);
    }

    // ---- transformer layers

    @Test
    void a_transformer_layer_is_composed_of_its_parts() {
        for (boolean preNorm : new boolean[] {false, true}) {
            TransformerLayer layer = new TransformerLayer(4, 2, 6).activation(Node::gelu);
            MultiHeadAttention attention = new MultiHeadAttention(4, 2);
            Linear linear1 = new Linear(4, 6);
            Linear linear2 = new Linear(6, 4);
            LayerNorm norm1 = new LayerNorm(4);
            LayerNorm norm2 = new LayerNorm(4);
            attention.load(part(preNorm ? layer.preNorm() : layer, "attention."));
            linear1.load(part(layer, "linear1."));
            linear2.load(part(layer, "linear2."));
            Node x = Node.constant(X);
            Node y = x.add(attention.forward(preNorm ? norm1.forward(x) : x));
            y = preNorm ? y : norm1.forward(y);
            Node z = y.add(linear2.forward(
                    linear1.forward(preNorm ? norm2.forward(y) : y).gelu()));
            assertEquals((preNorm ? z : norm2.forward(z)).value(), layer.predict(X));
        }
    }

    private static Map<String, Tensor> part(Model model, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        model.state().forEach((path, t) -> {
            if (path.startsWith(prefix)) {
                part.put(path.substring(prefix.length()), t);
            }
        });
        return part;
    }

    /**
     * With attention whose output is its bias, 1, a second norm whose output is its beta, 1, and identities as linear layers, the output for
     * input 0 is {@code 2 a + 4 b c} with a, b and c the masks behind attention, the activation function and the second linear layer.
     */
    @Test
    void dropout_draws_other_numbers_at_each_of_its_places() {
        TransformerLayer layer = new TransformerLayer(2, 1, 2).preNorm().dropout(0.5);
        Map<String, Node> p = layer.parameters();
        p.forEach((path, node) -> node.assign(Tensor.zeros(node.shape(), node.dtype())));
        p.get("attention.outputBias").assign(Tensor.ones(2));
        p.get("norm2.beta").assign(Tensor.ones(2));
        Tensor identity = Tensor.of(new double[][] {{1, 0}, {0, 1}});
        p.get("linear1.weight").assign(identity);
        p.get("linear2.weight").assign(identity);
        int n = 8000;
        Node zeros = Node.constant(Tensor.zeros(n / 2, 1, 2));
        Tensor y = layer.forward(zeros, Pass.training(1, 1)).value();
        int[] counts = new int[7];
        for (double v : y.toDoubleArray()) {
            counts[(int) v]++;
        }
        int[] expected = {n * 3 / 8, 0, n * 3 / 8, 0, n / 8, 0, n / 8};
        for (int v = 0; v < 7; v++) {
            assertEquals(expected[v], counts[v], 4 * Math.sqrt(expected[v]), "outputs of " + v);
        }
        assertEquals(Tensor.full(zeros.shape(), 2, y.dtype()), layer.predict(zeros.value()));
    }

    @Test
    void a_part_with_parameters_may_be_the_activation_function() {
        TransformerLayer layer = new TransformerLayer(4, 2, 3).activation(new Linear(3, 3));
        assertTrue(layer.parameters().containsKey("activation.weight"), layer.parameters()::toString);
        assertEquals(X.shape(), layer.predict(X).shape());
        assertEquals(
                new TransformerLayer(4, 2, 3).state().size() + 2, layer.state().size());
    }

    @Test
    void padding_of_a_transformer_layer_has_no_effect() {
        TransformerLayer layer = new TransformerLayer(4, 2, 6);
        Tensor mask = Tensor.of(new double[][] {{1, 1, 1, 0, 0}, {1, 1, 1, 1, 1}});
        Tensor y = layer.forward(Node.constant(X), mask, EVALUATION).value();
        assertNear(layer.predict(X.rows(0).slice(1, 0, 3)), y.rows(0).slice(1, 0, 3));
        assertNear(layer.predict(X).rows(1), y.rows(1));
    }

    // ---- refusals

    @Test
    void bad_input_is_refused_by_name() {
        MultiHeadAttention attention = new MultiHeadAttention(4, 2);
        Node x = Node.constant(X);
        refused(
                "MultiHeadAttention: dim 4 and heads 3 must be at least 1, and dim a multiple of heads",
                () -> new MultiHeadAttention(4, 3));
        refused(
                "MultiHeadAttention: dim 4 and heads 0 must be at least 1, and dim a multiple of heads",
                () -> new TransformerLayer(4, 0, 5));
        refused("TransformerLayer: hidden 0 must be at least 1", () -> new TransformerLayer(4, 2, 0));
        refused(
                "MultiHeadAttention.rotary: heads of 3 elements cannot be rotated in pairs; dim / heads must be even",
                () -> new TransformerLayer(6, 2, 5).rotary());
        refused("MultiHeadAttention: dropout probability -0.1 must be from 0 to 1", () -> new MultiHeadAttention(4, 2)
                .dropout(-0.1));
        refused("Dropout: probability NaN must be from 0 to 1", () -> new TransformerLayer(4, 2, 5)
                .dropout(Double.NaN));
        refused(
                "MultiHeadAttention: [2, 5, 3]: it takes sequences [n, t, 4]",
                () -> attention.forward(Node.constant(random(2, 5, 3))));
        refused("MultiHeadAttention: [5, 4]: it takes sequences [n, t, 4]", () -> new TransformerLayer(4, 2, 5)
                .forward(Node.constant(random(5, 4))));
        refused(
                "MultiHeadAttention: [2, 5, 4] x [2, 3, 4] x [2, 2, 4]: it takes queries [n, t, 4], and keys and values [n, m, 4]",
                () -> attention.attend(x, Node.constant(random(2, 3, 4)), Node.constant(random(2, 2, 4)), EVALUATION));
        refused(
                "MultiHeadAttention: [2, 5, 4] x mask [5, 5]: the mask must be [n, m], [2, 5], or [n, t, m], [2, 5, 5], or [n, heads, t, m], [2, 2, 5, 5]",
                () -> attention.forward(x, Tensor.ones(5, 5), EVALUATION));
        refused(
                "AttentionOptions: the mask [2, 1, 1, 5] must hold 1, attended, and 0, not attended, not -1.0",
                () -> attention.forward(x, Tensor.ones(2, 5).neg(), EVALUATION));
        TransformerLayer used = new TransformerLayer(4, 2, 5);
        used.state();
        for (Executable setting : List.<Executable>of(
                used::causal, used::rotary, used::preNorm, () -> used.dropout(0), () -> used.activation(Node::tanh))) {
            String message = assertThrows(IllegalStateException.class, setting).getMessage();
            assertTrue(message.contains("settings come first"), message);
        }
    }

    private static void refused(String expected, Executable call) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void assertNear(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        double error = expected.sub(actual).abs().max().item();
        assertTrue(error < 1e-14, "error " + error);
    }
}
