package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import gradus.array.AttentionOptions;
import gradus.array.BlockAttention;
import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.Workers;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
    private static final AttentionOptions DEFAULT = AttentionOptions.DEFAULT;

    private static Tensor random(long seed, int... dims) {
        return Tensor.uniform(Shape.of(dims), -2, 2, RandomStream.of(seed, "operand"));
    }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        double gap = expected.size() == 0 ? 0 : expected.sub(actual).abs().max().item();
        double size = expected.size() == 0 ? 0 : expected.abs().max().item();
        assertTrue(gap <= tolerance * Math.max(1, size), () -> gap + " off: " + expected + " and " + actual);
    }

    /** Attention composed of other ops, without dropout; what attends is 1 where a query attends to a key. */
    private static Node composed(Node q, Node k, Node v, Node attends) {
        Node scores = q.matmul(k, false, true).div(Math.sqrt(q.shape().dim(-1)));
        return scores.where(attends, Double.NEGATIVE_INFINITY).softmax(-1).matmul(v);
    }

    /** Compares values and all gradients with those of the composition. */
    private static void verify(AttentionOptions options, Tensor attends, double tolerance, Tensor... x) {
        Node[] in = Arrays.stream(x).map(Node::variable).toArray(Node[]::new);
        Node y = Attention.scaledDotProductAttention(in[0], in[1], in[2], options);
        Node z = composed(in[0], in[1], in[2], constant(attends));
        assertNear(z.value(), y.value(), tolerance);
        Node gy = constant(random(5, y.shape().dims()).to(y.dtype()));
        Node[] expected = Derivatives.gradients(z, gy, false, in);
        Node[] actual = Derivatives.gradients(y, gy, false, in);
        Node[] graph = Derivatives.gradients(y, gy, true, in);
        for (int i = 0; i < in.length; i++) {
            assertNear(
                    expected[i].value(),
                    actual[i].value(),
                    tolerance * y.shape().dim(-2));
            assertNear(
                    expected[i].value(), graph[i].value(), tolerance * y.shape().dim(-2));
        }
    }

    /** Returns 1 where a query may attend to a key that is not after it. */
    private static Tensor lower(int n, int m, int offset) {
        double[] y = new double[n * m];
        for (int i = 0; i < n; i++) {
            Arrays.fill(y, i * m, i * m + Math.min(m, i + offset + 1), 1);
        }
        return Tensor.of(Shape.of(n, m), y);
    }

    @Property(tries = 60)
    void values_and_gradients_are_those_of_the_composition_for_any_sizes(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 400) int n,
            @ForAll @IntRange(min = 1, max = 600) int m,
            @ForAll @IntRange(min = 1, max = 9) int d,
            @ForAll @IntRange(min = 1, max = 9) int e,
            @ForAll boolean causal) {
        Tensor attends = causal ? lower(n, m, 1) : Tensor.ones(n, m);
        verify(
                DEFAULT.causal(causal).offset(1),
                attends,
                1e-13,
                random(seed, 2, n, d),
                random(seed + 1, 2, m, d),
                random(seed + 2, 2, m, e));
    }

    @Property(tries = 40)
    void a_mask_of_any_broadcast_shape_is_that_of_the_composition(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 30) int n,
            @ForAll @IntRange(min = 1, max = 300) int m,
            @ForAll @IntRange(min = 0, max = 15) int repeated) {
        int[] dims = {2, 3, n, m};
        for (int axis = 0; axis < 4; axis++) {
            dims[axis] = (repeated >> axis & 1) == 1 ? 1 : dims[axis];
        }
        Tensor mask = random(seed + 3, dims).map(x -> x > 0 ? 1 : 0);
        verify(
                DEFAULT.mask(mask),
                mask.expandTo(Shape.of(2, 3, n, m)),
                1e-13,
                random(seed, 2, 3, n, 4),
                random(seed + 1, 2, 3, m, 4),
                random(seed + 2, 2, 3, m, 5));
    }

    @Test
    void large_scores_do_not_overflow_whichever_block_they_are_in() {
        Tensor k = random(1, 700, 2);
        for (double scale : new double[] {1e4, -1e4}) {
            Tensor q = random(2, 300, 2).mul(scale);
            verify(DEFAULT, Tensor.ones(300, 700), 1e-12, q, k, random(3, 700, 3));
        }
    }

    @Test
    void single_precision_is_as_exact_as_the_composition() {
        Tensor q = random(1, 2, 300, 16);
        Tensor k = random(2, 2, 500, 16);
        Tensor v = random(3, 2, 500, 8);
        Node exact = Attention.scaledDotProductAttention(constant(q), constant(k), constant(v));
        Node y = Attention.scaledDotProductAttention(
                constant(q.to(DType.FLOAT32)), constant(k.to(DType.FLOAT32)), constant(v.to(DType.FLOAT32)));
        assertNear(exact.value(), y.value().to(DType.FLOAT64), 1e-5);
        verify(
                DEFAULT,
                Tensor.ones(300, 500).to(DType.FLOAT32),
                1e-5,
                q.to(DType.FLOAT32),
                k.to(DType.FLOAT32),
                v.to(DType.FLOAT32));
    }

    @Test
    void equal_keys_give_the_mean_of_the_values() {
        Tensor k = Tensor.ones(6, 3);
        Tensor v = random(1, 6, 2);
        Node y = Attention.scaledDotProductAttention(constant(random(2, 4, 3)), constant(k), constant(v));
        assertNear(v.mean(0).expandTo(Shape.of(4, 2)), y.value(), 1e-15);
    }

    @Test
    void one_large_score_selects_a_value() {
        Tensor keys = Tensor.eye(5);
        Tensor v = random(1, 5, 3);
        Node y =
                Attention.scaledDotProductAttention(constant(keys.rows(3, 0, 3).mul(1e4)), constant(keys), constant(v));
        assertEquals(v.rows(3, 0, 3), y.value());
    }

    @Test
    void a_causal_output_does_not_depend_on_later_inputs() {
        Tensor x = random(1, 6, 2);
        for (int i = 0; i < 6; i++) {
            Tensor changed = Tensor.concat(0, x.slice(0, 0, i + 1), random(2, 5 - i, 2));
            Tensor a = causalSelf(x).slice(0, 0, i + 1);
            assertEquals(a, causalSelf(changed).slice(0, 0, i + 1));
        }
        Node leaf = variable(x);
        Node y = Attention.scaledDotProductAttention(leaf, leaf, leaf, DEFAULT.causal(true));
        Tensor g = y.select(0, 2).sum().backward().of(leaf).value();
        assertEquals(Tensor.zeros(3, 2), g.slice(0, 3, 6));
    }

    private static Tensor causalSelf(Tensor x) {
        Node n = constant(x);
        return Attention.scaledDotProductAttention(n, n, n, DEFAULT.causal(true))
                .value();
    }

    @Test
    void queries_behind_a_cache_are_the_last_ones_of_the_whole_sequence() {
        Tensor x = random(1, 7, 2);
        Node last = Attention.scaledDotProductAttention(
                constant(x.slice(0, 5, 7)),
                constant(x),
                constant(x),
                DEFAULT.causal(true).offset(5));
        assertNear(causalSelf(x).slice(0, 5, 7), last.value(), 1e-15);
    }

    @Test
    void a_row_of_masked_keys_is_zero_and_so_are_its_gradients_of_both_orders() {
        Tensor mask = Tensor.of(new double[][] {{0, 0, 0}, {1, 0, 1}});
        BinaryOperator<Node> squares = (q, x) -> Attention.scaledDotProductAttention(q, x, x, DEFAULT.mask(mask))
                .square()
                .sum();
        Node q = variable(random(1, 2, 2));
        Node x = variable(random(2, 3, 2));
        Node y = Attention.scaledDotProductAttention(q, x, x, DEFAULT.mask(mask));
        assertEquals(Tensor.zeros(2), y.value().slice(0, 0, 1).reshape(2));
        assertEquals(
                Tensor.zeros(1, 2), squares.apply(q, x).backward().of(q).value().slice(0, 0, 1));
        Node g = Derivatives.grad(n -> squares.apply(n, x)).apply(q);
        assertEquals(
                Tensor.zeros(1, 2), g.square().sum().backward().of(q).value().slice(0, 0, 1));
        assertEquals(Tensor.zeros(1, 2), y.sum().backward().of(x).value().slice(0, 1, 2)); // masked for both queries
    }

    @Test
    void dropout_is_that_of_the_composition_with_the_same_weights_dropped() {
        AttentionOptions options = DEFAULT.dropout(0.3, RandomStream.of(7, "dropout"));
        Node[] in = {variable(random(1, 2, 200, 3)), variable(random(2, 2, 300, 3)), variable(random(3, 2, 300, 2))};
        Tensor kept = BlockAttention.kept(Shape.of(2, 200, 300), options);
        Node weights = in[0].matmul(in[1], false, true).div(Math.sqrt(3)).softmax(-1);
        Node z = weights.mul(constant(kept)).matmul(in[2]);
        Node y = Attention.scaledDotProductAttention(in[0], in[1], in[2], options);
        assertNear(z.value(), y.value(), 1e-13);
        Node gy = constant(random(5, 2, 200, 2));
        Node[] expected = Derivatives.gradients(z, gy, false, in);
        Node[] actual = Derivatives.gradients(y, gy, false, in);
        for (int i = 0; i < 3; i++) {
            assertNear(expected[i].value(), actual[i].value(), 1e-11);
        }
    }

    @Test
    void dropout_keeps_the_given_share_of_weights_and_their_mean() {
        AttentionOptions options = DEFAULT.dropout(0.3, RandomStream.of(7, "dropout"));
        Tensor kept = BlockAttention.kept(Shape.of(500, 400), options);
        assertEquals(0.3, kept.map(x -> x == 0 ? 1 : 0).mean().item(), 0.005);
        assertEquals(1, kept.mean().item(), 0.01);
        assertEquals(1 / 0.7, kept.max().item(), 1e-15);
        assertEquals(DEFAULT.dropout(0.3, RandomStream.of(7, "dropout")), options);
        assertTrue(options.seed()
                != DEFAULT.dropout(0.3, RandomStream.of(8, "dropout")).seed());
        Node x = constant(random(1, 4, 2));
        assertEquals(
                Tensor.zeros(4, 2),
                Attention.scaledDotProductAttention(x, x, x, DEFAULT.dropout(1, RandomStream.of(1, "all")))
                        .value());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void any_number_of_threads_gives_the_same_bytes(int threads) {
        int before = Workers.count();
        Tensor q = random(1, 3, 300, 32);
        Tensor k = random(2, 3, 600, 32);
        try {
            Workers.use(1);
            Tensor[] one = all(q, k);
            Workers.use(threads);
            Tensor[] many = all(q, k);
            for (int i = 0; i < one.length; i++) {
                assertEquals(one[i], many[i]);
            }
        } finally {
            Workers.use(before);
        }
    }

    private static Tensor[] all(Tensor q, Tensor k) {
        Node[] in = {variable(q), variable(k)};
        Node y = Attention.scaledDotProductAttention(in[0], in[1], in[1]);
        Node[] g = Derivatives.gradients(y, constant(q), false, in);
        return new Tensor[] {y.value(), g[0].value(), g[1].value()};
    }

    @Test
    void no_array_of_all_weights_is_allocated() {
        int n = 4096;
        Node[] in = {variable(random(1, n, 4)), variable(random(2, n, 4)), variable(random(3, n, 4))};
        Node gy = constant(random(4, n, 4));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10 && least >= 4L * n * n; i++) { // before loops are compiled, vectors are objects
            long before = threads.getCurrentThreadAllocatedBytes();
            Node y = Attention.scaledDotProductAttention(in[0], in[1], in[2]);
            Derivatives.gradients(y, gy, false, in);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        long allocated = least;
        assertTrue(allocated < 4L * n * n, allocated + " bytes, the weights would be " + 8L * n * n);
    }

    static Stream<Arguments> bad() {
        Node x = constant(Tensor.ones(2, 3, 4));
        Node one = constant(1.0);
        Tensor mask = Tensor.ones(2, 5);
        return Stream.of(
                bad("[2,3,4] x [] x [2,3,4]: it takes queries [.., n, d]", () -> attention(x, one, x)),
                bad("queries and keys of sizes 4 and 2 must have one size", () -> attention(x, ones(2, 3, 2), x)),
                bad("queries and keys of sizes 0 and 0", () -> attention(ones(3, 0), ones(3, 0), x)),
                bad("5 keys need as many values, not 3", () -> attention(x, ones(2, 5, 4), x)),
                bad(
                        "[2,3,4] x [3,3,4] x [2,3,4]: sizes 3 and 2 (axis -3) differ and neither is 1",
                        () -> attention(x, ones(3, 3, 4), x)),
                bad(
                        "[2,1,3,4] x [3,2,3,4] x [3,3,4]: sizes 2 and 3 (axis -3) differ",
                        () -> attention(ones(2, 1, 3, 4), ones(3, 2, 3, 4), ones(3, 3, 4))),
                bad(
                        "FLOAT32",
                        () -> attention(x, x, constant(Tensor.ones(2, 3, 4).to(DType.FLOAT32)))),
                bad(
                        "the mask [2,5] must broadcast to [2,3,3]",
                        () -> Attention.scaledDotProductAttention(x, x, x, DEFAULT.mask(mask))));
    }

    private static Node ones(int... dims) {
        return constant(Tensor.ones(dims));
    }

    private static Node attention(Node q, Node k, Node v) {
        return Attention.scaledDotProductAttention(q, k, v);
    }

    private static Arguments bad(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_does_not_fit_is_named(String message, Executable call) {
        OperandMismatch e = assertThrows(OperandMismatch.class, call);
        String found = e.getMessage().replace(", ", ",");
        assertTrue(found.contains(message.replace(", ", ",")), e.getMessage());
        assertTrue(found.startsWith("scaledDotProductAttention: "), e.getMessage());
    }

    static Stream<Arguments> badOptions() {
        RandomStream random = RandomStream.of(1, "dropout");
        return Stream.of(
                bad("offset -1 must be at least 0", () -> DEFAULT.offset(-1)),
                bad("scale Infinity must be finite", () -> DEFAULT.scale(Double.POSITIVE_INFINITY)),
                bad("scale is NaN", () -> DEFAULT.scale(Double.NaN)),
                bad("dropout probability 1.5 must be from 0 to 1", () -> DEFAULT.dropout(1.5, random)),
                bad("dropout probability NaN must be from 0 to 1", () -> DEFAULT.dropout(Double.NaN, random)),
                bad(
                        "the mask [2] must hold 1, attended, and 0, not attended, not 0.5",
                        () -> DEFAULT.mask(Tensor.of(1, 0.5))));
    }

    @ParameterizedTest
    @MethodSource("badOptions")
    void options_out_of_range_are_named(String message, Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertEquals("AttentionOptions: " + message, e.getMessage());
    }
}
