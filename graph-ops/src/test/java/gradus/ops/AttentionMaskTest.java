package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.AttentionOptions;
import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NaN and infinity in what attention does not attend to. */
class AttentionMaskTest {
    private static Tensor random(long seed, int... dims) {
        return Tensor.uniform(Shape.of(dims), -2, 2, RandomStream.of(seed, "operand"));
    }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        double gap = expected.sub(actual).abs().max().item();
        assertTrue(gap <= tolerance, () -> gap + " off: " + expected + " and " + actual);
    }

    /** Returns x with NaN and infinities in some rows: of a matrix, or of all matrices of a batch. */
    private static Tensor spoiled(Tensor x, int from, int to) {
        double[] bad = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        int n = x.shape().dim(-2);
        int d = x.shape().dim(-1);
        double[] y = x.toDoubleArray();
        for (int i = 0; i < y.length; i++) {
            int row = i / d % n;
            y[i] = row >= from && row < to ? bad[i % bad.length] : y[i];
        }
        return Tensor.of(x.shape(), y).to(x.dtype());
    }

    /** Returns the result and the gradients of all operands, those of a graph that can be differentiated, too. */
    private static Tensor[] all(AttentionOptions options, Tensor gy, Tensor... x) {
        Node[] in = Arrays.stream(x).map(Node::variable).toArray(Node[]::new);
        Node y = Attention.scaledDotProductAttention(in[0], in[1], in[2], options);
        Node[] g = Derivatives.gradients(y, constant(gy), false, in);
        Node[] graph = Derivatives.gradients(y, constant(gy), true, in);
        return Stream.concat(Stream.of(y), Stream.concat(Arrays.stream(g), Arrays.stream(graph)))
                .map(Node::value)
                .toArray(Tensor[]::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 300})
    void nan_and_infinity_behind_a_padding_mask_have_no_effect(int m) {
        for (DType type : DType.values()) {
            Tensor mask = Tensor.zeros(1, m).map(v -> 1).slice(1, 0, m - 3);
            AttentionOptions options = AttentionOptions.DEFAULT.mask(Tensor.concat(1, mask, Tensor.zeros(1, 3)));
            Tensor q = random(1, 2, 5, 4).to(type);
            Tensor k = random(2, 2, m, 4).to(type);
            Tensor v = random(3, 2, m, 3).to(type);
            Tensor gy = random(4, 2, 5, 3).to(type);
            Tensor[] clean = all(options, gy, q, k, v);
            Tensor[] actual = all(options, gy, q, spoiled(k, m - 3, m), spoiled(v, m - 3, m));
            for (int i = 0; i < clean.length; i++) {
                assertNear(clean[i], actual[i], type == DType.FLOAT64 ? 1e-13 : 1e-5);
            }
            for (int i : new int[] {2, 3, 5, 6}) {
                Tensor hidden = actual[i].slice(1, m - 3, m);
                assertEquals(Tensor.zeros(hidden.shape().dims()).to(type), hidden);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 300})
    void nan_and_infinity_at_later_positions_have_no_effect_on_causal_attention(int n) {
        for (DType type : DType.values()) {
            int end = n - 2;
            Tensor[] x = {random(1, 2, n, 4), random(2, 2, n, 4), random(3, 2, n, 3)};
            Tensor gy = Tensor.concat(1, random(4, 2, end, 3), Tensor.zeros(2, 2, 3));
            Tensor[] bad =
                    Arrays.stream(x).map(t -> spoiled(t, end, n).to(type)).toArray(Tensor[]::new);
            Tensor[] clean = Arrays.stream(x).map(t -> t.to(type)).toArray(Tensor[]::new);
            Tensor[] expected = all(AttentionOptions.DEFAULT.causal(true), gy.to(type), clean);
            Tensor[] actual = all(AttentionOptions.DEFAULT.causal(true), gy.to(type), bad);
            for (int i = 0; i < expected.length; i++) {
                int rows = i == 0 ? end : n; // the gradients of the later positions are 0
                assertNear(
                        expected[i].slice(1, 0, rows),
                        actual[i].slice(1, 0, rows),
                        type == DType.FLOAT64 ? 1e-13 : 1e-5);
            }
            Tensor later = actual[0].slice(1, end, n).map(v -> Double.isNaN(v) ? 1 : 0);
            assertEquals(Tensor.ones(later.shape().dims()).to(type), later);
        }
    }

    @Test
    void nan_reaches_what_depends_on_it() {
        AttentionOptions options = AttentionOptions.DEFAULT.mask(Tensor.of(new double[][] {{1, 1, 0}, {1, 0, 1}}));
        Tensor q = random(1, 2, 2);
        Tensor k = random(2, 3, 2);
        Tensor v = random(3, 3, 2);
        Tensor gy = random(4, 2, 2);
        Tensor[] y = all(options, gy, q, spoiled(k, 1, 2), v); // query 0 attends to key 1, and to key 0
        Tensor[] z = all(options, gy, q, k, spoiled(v, 1, 2));
        Tensor[] w = all(options, gy, spoiled(q, 0, 1), k, v);
        String[] expected = {"10", "10", "110", "110", "10", "110", "110"};
        for (int i = 0; i < y.length; i++) {
            assertEquals(expected[i], nans(y[i]));
            assertEquals(expected[i], nans(w[i]));
            boolean ofValues = i == 3 || i == 6; // they do not depend on the values
            assertEquals(ofValues ? "000" : expected[i], nans(z[i]));
        }
    }

    /** Returns for each row whether there is NaN or infinity. */
    private static String nans(Tensor x) {
        String all = "";
        for (int i = 0; i < x.shape().dim(0); i++) {
            all += Double.isFinite(x.slice(0, i, i + 1).sum().item()) ? "0" : "1";
        }
        return all;
    }
}
