package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NormalizationTest {
    private static Tensor random(long seed, Shape s) {
        return Tensor.uniform(s, -2, 2, RandomStream.of(seed, "x"));
    }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        Tensor gap = expected.sub(actual).abs();
        double largest = gap.size() == 0 ? 0 : gap.max().item();
        double size = gap.size() == 0 ? 1 : Math.max(1, expected.abs().max().item());
        assertTrue(largest <= tolerance * size, () -> largest + " off: " + expected + " and " + actual);
    }

    // ---- the fused ops are their definition, composed of other ops

    private static Node composed(Node x, Node gamma, Node beta, boolean centered, double epsilon, int... axes) {
        Node d = centered ? x.sub(x.meanKeepDims(axes)) : x;
        return d.mul(d.square().meanKeepDims(axes).add(epsilon).rsqrt())
                .mul(gamma)
                .add(beta);
    }

    private static Node composedBatch(Node x, Node gamma, Node beta, double epsilon) {
        int[] over = IntStream.range(0, x.shape().rank()).filter(i -> i != 1).toArray();
        Shape column = x.shape().collapse(over);
        return composed(x, gamma.reshape(column), beta.reshape(column), true, epsilon, over);
    }

    /** Compares values and first derivatives, and second and third ones along random directions. */
    private static void assertSame(
            Function<Node[], Node> fused,
            Function<Node[], Node> composed,
            long seed,
            double tolerance,
            Shape... shapes) {
        Node[] in = Arrays.stream(shapes)
                .map(s -> variable(random(seed + s.rank(), s)))
                .toArray(Node[]::new);
        Node f = fused.apply(in);
        Node c = composed.apply(in);
        for (int order = 0; order <= 3; order++) {
            assertNear(c.value(), f.value(), tolerance);
            if (f.shape().size() == 0) {
                return;
            }
            Node weights = constant(random(seed + 7 + order, f.shape()));
            Node[] gf = Derivatives.gradients(f, weights, true, in);
            Node[] gc = Derivatives.gradients(c, weights, true, in);
            f = constant(0.0);
            c = f;
            for (int i = 0; i < in.length; i++) {
                assertNear(gc[i].value(), gf[i].value(), tolerance);
                Node direction = constant(random(seed + 11L * i + order, shapes[i]));
                f = f.add(gf[i].mul(direction).sum());
                c = c.add(gc[i].mul(direction).sum());
            }
        }
    }

    @Property(tries = 60)
    void layer_and_rms_norm_are_their_definition_up_to_the_third_derivative(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int m, @ForAll @IntRange(min = 1, max = 70) int n) {
        Shape row = Shape.of(n);
        assertSame(
                in -> Normalization.layerNorm(in[0], in[1], in[2], 0.5),
                in -> composed(in[0], in[1], in[2], true, 0.5, -1),
                seed,
                1e-12,
                Shape.of(m, n),
                row,
                row);
        assertSame(
                in -> Normalization.rmsNorm(in[0], in[1], 0.5),
                in -> composed(in[0], in[1], constant(0.0), false, 0.5, -1),
                seed,
                1e-12,
                Shape.of(m, n),
                row);
        assertSame(
                in -> Normalization.layerNorm(in[0], Shape.of(m, n), 0.5),
                in -> composed(in[0], constant(1.0), constant(0.0), true, 0.5, -2, -1),
                seed,
                1e-12,
                Shape.of(2, m, n));
    }

    @Property(tries = 60)
    void batch_norm_is_its_definition_up_to_the_third_derivative(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 40) int c,
            @ForAll @IntRange(min = 1, max = 20) int s) {
        Shape parameter = Shape.of(c);
        for (Shape x : new Shape[] {Shape.of(n, c), Shape.of(2, c, s), Shape.of(2, c, 2, s)}) {
            assertSame(
                    in -> Normalization.batchNorm(in[0], in[1], in[2], 0.5).values(),
                    in -> composedBatch(in[0], in[1], in[2], 0.5),
                    seed,
                    1e-12,
                    x,
                    parameter,
                    parameter);
        }
    }

    @Property(tries = 30)
    void the_gradients_of_values_mean_and_variance_add_up(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 20) int n, @ForAll @IntRange(min = 1, max = 20) int c) {
        Function<BatchNormalized, Node> sum = y -> y.values().mul(y.mean()).add(y.var());
        assertSame(
                in -> sum.apply(Normalization.batchNorm(in[0], 0.5)),
                in -> sum.apply(new BatchNormalized(
                        composedBatch(in[0], constant(Tensor.ones(c)), constant(Tensor.zeros(c)), 0.5),
                        in[0].mean(0),
                        in[0].populationVar(0))),
                seed,
                1e-12,
                Shape.of(n, c));
    }

    @Property(tries = 30)
    void group_and_instance_norm_are_their_definition(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int groups,
            @ForAll @IntRange(min = 1, max = 3) int size,
            @ForAll @IntRange(min = 2, max = 9) int s) {
        int c = groups * size;
        Shape parameter = Shape.of(c);
        assertSame(
                in -> Normalization.groupNorm(in[0], groups, in[1], in[2], 0.5),
                in -> composed(
                                in[0].reshape(2, groups, size, s),
                                in[1].reshape(groups, size, 1),
                                in[2].reshape(groups, size, 1),
                                true,
                                0.5,
                                2,
                                3)
                        .reshape(2, c, s),
                seed,
                1e-12,
                Shape.of(2, c, s),
                parameter,
                parameter);
        assertSame(
                in -> Normalization.instanceNorm(in[0], in[1], in[2], 0.5),
                in -> composed(in[0], in[1].reshape(c, 1), in[2].reshape(c, 1), true, 0.5, 2),
                seed,
                1e-12,
                Shape.of(2, c, s),
                parameter,
                parameter);
    }

    // ---- sizes at which sums are divided into blocks and work among threads

    @ParameterizedTest
    @CsvSource({"700, 100", "20, 5000", "1, 70000", "300, 1"})
    void many_and_long_rows_are_as_exact_as_short_ones(int m, int n) {
        Shape row = Shape.of(n);
        Tensor x = random(1, Shape.of(m, n));
        Tensor gamma = random(2, row);
        Tensor gy = random(3, x.shape());
        for (DType type : DType.values()) {
            Node[] in = {variable(x.to(type)), variable(gamma.to(type)), variable(gamma.to(type))};
            Node[] exact = {
                variable(x.to(type).to(DType.FLOAT64)), variable(gamma.to(type).to(DType.FLOAT64))
            };
            Node y = Normalization.layerNorm(in[0], in[1], in[2], 0.5);
            Node e = composed(exact[0], exact[1], exact[1], true, 0.5, -1);
            double tolerance = type == DType.FLOAT64 ? 1e-12 : 4e-6;
            assertNear(e.value(), y.value().to(DType.FLOAT64), tolerance);
            Node[] g = Derivatives.gradients(y, constant(gy.to(type)), false, in);
            Node[] ge = Derivatives.gradients(e, constant(gy.to(type).to(DType.FLOAT64)), false, exact);
            assertNear(ge[0].value(), g[0].value().to(DType.FLOAT64), tolerance);
            assertNear(ge[1].value(), g[1].add(g[2]).value().to(DType.FLOAT64), tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({"700, 100, 1", "20, 50, 90", "2, 3, 20000", "3000, 33, 1"})
    void many_and_long_channels_are_as_exact_as_short_ones(int n, int c, int s) {
        Tensor x = random(1, s == 1 ? Shape.of(n, c) : Shape.of(n, c, s));
        Tensor gamma = random(2, Shape.of(c));
        Tensor gy = random(3, x.shape());
        for (DType type : DType.values()) {
            Node[] in = {variable(x.to(type)), variable(gamma.to(type)), variable(gamma.to(type))};
            Node[] exact = {
                variable(x.to(type).to(DType.FLOAT64)), variable(gamma.to(type).to(DType.FLOAT64))
            };
            Node y = Normalization.batchNorm(in[0], in[1], in[2], 0.5).values();
            Node e = composedBatch(exact[0], exact[1], exact[1], 0.5);
            double tolerance = type == DType.FLOAT64 ? 1e-12 : 4e-6;
            assertNear(e.value(), y.value().to(DType.FLOAT64), tolerance);
            Node[] g = Derivatives.gradients(y, constant(gy.to(type)), false, in);
            Node[] ge = Derivatives.gradients(e, constant(gy.to(type).to(DType.FLOAT64)), false, exact);
            assertNear(ge[0].value(), g[0].value().to(DType.FLOAT64), tolerance);
            assertNear(ge[1].value(), g[1].add(g[2]).value().to(DType.FLOAT64), tolerance);
        }
    }

    @ParameterizedTest
    @EnumSource
    void results_do_not_depend_on_the_number_of_threads(DType type) {
        int threads = Workers.count();
        try {
            Workers.use(1);
            Tensor[] one = results(type);
            Workers.use(3);
            Tensor[] three = results(type);
            for (int i = 0; i < one.length; i++) {
                assertEquals(one[i], three[i], "result " + i);
            }
        } finally {
            Workers.use(threads);
        }
    }

    private static Tensor[] results(DType type) {
        Node rows = variable(random(1, Shape.of(700, 130)).to(type));
        Node planes = variable(random(2, Shape.of(7, 130, 90)).to(type));
        Node gamma = variable(random(3, Shape.of(130)).to(type));
        Node[] outputs = {
            Normalization.layerNorm(rows, gamma, gamma),
            Normalization.batchNorm(rows, gamma, gamma, 0.1).values(),
            Normalization.batchNorm(planes, gamma, gamma, 0.1).values()
        };
        return Arrays.stream(outputs)
                .flatMap(y -> {
                    Node[] g = Derivatives.gradients(
                            y, constant(random(4, y.shape()).to(type)), false, rows, planes, gamma);
                    return Stream.of(y.value(), g[0].value(), g[1].value(), g[2].value());
                })
                .toArray(Tensor[]::new);
    }

    // ---- known results

    @Test
    void rows_have_mean_0_and_variance_1_and_their_gradients_are_orthogonal_to_both() {
        Node x = variable(random(1, Shape.of(5, 9)));
        Node y = Normalization.layerNorm(x, Shape.of(9), 0);
        assertNear(Tensor.zeros(5), y.mean(1).value(), 1e-15);
        assertNear(Tensor.ones(5), y.populationVar(1).value(), 1e-14);
        Node gx = y.backward(random(2, x.shape())).of(x);
        assertNear(Tensor.zeros(5), gx.sum(1).value(), 1e-14);
        assertNear(Tensor.zeros(5), gx.mul(y).sum(1).value(), 1e-14);
    }

    @ParameterizedTest
    @EnumSource
    void a_large_offset_that_the_elements_represent_changes_nothing(DType type) {
        double offset = type == DType.FLOAT64 ? 0x1p40 : 0x1p18;
        Tensor x = random(1, Shape.of(6, 50)).mul(16).map(Math::rint);
        Tensor gy = random(2, x.shape()).to(type);
        Node small = variable(x.to(type));
        Node large = variable(x.add(offset).to(type));
        double tolerance = type == DType.FLOAT64 ? 1e-14 : 1e-6;
        for (Function<Node, Node> f : Stream.<Function<Node, Node>>of(
                        v -> Normalization.layerNorm(v, Shape.of(50), 1e-5),
                        v -> Normalization.batchNorm(v, 1e-5).values(),
                        v -> Normalization.batchNorm(v.reshape(2, 3, 50), 1e-5)
                                .values()
                                .reshape(6, 50))
                .toList()) {
            Node y = f.apply(small);
            Node z = f.apply(large);
            assertNear(y.value(), z.value(), tolerance);
            assertNear(
                    y.backward(gy).of(small).value(), z.backward(gy).of(large).value(), tolerance);
        }
    }

    @ParameterizedTest
    @EnumSource
    void equal_elements_give_beta_and_a_finite_gradient(DType type) {
        Node x = variable(Tensor.full(Shape.of(4, 3), 0.1, type));
        Node beta = constant(Tensor.of(1, 2, 3).to(type));
        Node gamma = constant(Tensor.of(5, 6, 7).to(type));
        for (Node y : new Node[] {
            Normalization.layerNorm(x, gamma, beta),
            Normalization.batchNorm(x, gamma, beta, 1e-5).values()
        }) {
            assertEquals(beta.expandTo(x.shape()).value(), y.value());
            assertTrue(
                    y.square().sum().backward().of(x).isFinite().all().value().item() == 1);
        }
    }

    @Test
    void a_row_or_channel_that_is_not_finite_has_no_effect_where_no_gradient_arrives() {
        double inf = Double.POSITIVE_INFINITY;
        Tensor x = Tensor.of(new double[][] {{1, 2, inf}, {3, 5, 4}, {Double.NaN, 0, 1}});
        Tensor mask = Tensor.of(new double[][] {{0, 0, 0}, {1, 1, 1}, {0, 0, 0}});
        Node gamma = variable(1.0, 2, 3);
        Node beta = variable(1.0, 1, 1);
        for (boolean rows : new boolean[] {true, false}) {
            Tensor in = rows ? x : x.transpose();
            Node v = variable(in);
            Node y = rows
                    ? Normalization.layerNorm(v, gamma, beta)
                    : Normalization.batchNorm(v, gamma, beta, 1e-5).values();
            Node only = variable(rows ? x.slice(0, 1, 2) : x.transpose().slice(1, 1, 2));
            Node part = rows ? gamma : gamma.slice(0, 1, 2);
            Node alone = rows
                    ? Normalization.layerNorm(only, gamma, beta)
                    : Normalization.batchNorm(only, part, beta.slice(0, 1, 2), 1e-5)
                            .values();
            Node masked = y.maskedBy(constant(rows ? mask : mask.transpose())).square();
            Node[] g = Derivatives.gradients(masked.sum(), constant(1.0), false, v, gamma, beta);
            Node[] expected = Derivatives.gradients(alone.square().sum(), constant(1.0), false, only, gamma, beta);
            assertEquals(
                    rows
                            ? expected[0].value().pad(0, 1, 1)
                            : expected[0].value().pad(1, 1, 1),
                    g[0].value());
            assertEquals(expected[1].value(), g[1].value());
            assertEquals(expected[2].value(), g[2].value());
        }
    }

    @Test
    void batch_norm_by_the_statistics_of_the_batch_is_that_of_training() {
        Node x = constant(random(1, Shape.of(4, 3, 2)));
        Node gamma = constant(1.0, 2, 3);
        Node beta = constant(0.5, 1, 0);
        BatchNormalized y = Normalization.batchNorm(x, gamma, beta, 0.1);
        assertNear(
                y.values().value(),
                Normalization.batchNorm(x, gamma, beta, y.mean(), y.var(), 0.1).value(),
                1e-15);
        assertNear(x.mean(0, 2).value(), y.mean().value(), 1e-15);
        assertNear(x.populationVar(0, 2).value(), y.var().value(), 1e-15);
    }

    @Test
    void weight_norm_gives_rows_the_norms_g_and_gradients_orthogonal_to_them() {
        Node v = variable(random(1, Shape.of(3, 2, 4)));
        Node g = variable(2.0, 0.5, -1);
        Node w = Normalization.weightNorm(v, g, 0);
        assertNear(Tensor.of(2.0, 0.5, 1), w.norm(1, 2).value(), 1e-15);
        Node gv = w.backward(random(2, v.shape())).of(v);
        assertNear(Tensor.zeros(3), gv.mul(v).sum(1, 2).value(), 1e-15);
    }

    @Test
    void local_response_norm_divides_by_the_sum_over_the_channels_around() {
        Tensor x = Tensor.of(Shape.of(1, 4, 1), 1, 2, 3, 4);
        Tensor sums = Tensor.of(Shape.of(1, 4, 1), 1 + 4, 1 + 4 + 9, 4 + 9 + 16, 9 + 16);
        assertNear(
                x.div(sums.mul(0.5).add(2)),
                Normalization.localResponseNorm(constant(x), 3, 1.5, 1, 2).value(),
                1e-15);
    }

    // ---- what does not fit

    static Stream<Arguments> bad() {
        Node x = constant(Tensor.ones(4, 6));
        Node c = constant(Tensor.ones(6));
        Node four = constant(Tensor.ones(4));
        Node single = constant(Tensor.ones(6).to(DType.FLOAT32));
        Node one = constant(Tensor.ones(1, 6));
        return Stream.of(
                bad(
                        "layerNorm: [4, 6]: the last sizes of x must be those of a row, [4]",
                        () -> Normalization.layerNorm(x, Shape.of(4), 1)),
                bad(
                        "layerNorm: [4, 6]: the last sizes of x must be those of a row, []",
                        () -> Normalization.layerNorm(x, Shape.SCALAR, 1)),
                bad(
                        "layerNorm: [6] x [4, 6] x [4, 6]: the last sizes of x must be those of gamma, [4, 6]",
                        () -> Normalization.layerNorm(c, x, x)),
                bad(
                        "layerNorm: [4, 6] x [6] x [4]: gamma and beta must be [6]",
                        () -> Normalization.layerNorm(x, c, four)),
                bad("layerNorm: ", () -> Normalization.layerNorm(x, single, single)),
                bad("layerNorm: epsilon -1.0 must be at least 0", () -> Normalization.layerNorm(x, c, c, -1)),
                bad("layerNorm: epsilon NaN must", () -> Normalization.layerNorm(x, c, c, Double.NaN)),
                bad(
                        "rmsNorm: [4, 6]: the last sizes of x must be those of a row, [4]",
                        () -> Normalization.rmsNorm(x, Shape.of(4), 1)),
                bad(
                        "rmsNorm: [4, 6] x [4]: the last sizes of x must be those of gamma, [4]",
                        () -> Normalization.rmsNorm(x, four, 1)),
                bad("batchNorm: [6]: it takes [n, c, ..]", () -> Normalization.batchNorm(c, 1)),
                bad(
                        "batchNorm: [1, 6]: it takes at least 2 elements for each channel",
                        () -> Normalization.batchNorm(one, c, c, 1)),
                bad(
                        "batchNorm: [4, 6] x [4] x [6]: gamma and beta must be [6]",
                        () -> Normalization.batchNorm(x, four, c, 1)),
                bad(
                        "batchNorm: [4, 6] x [4] x [6]: mean and var must be [6]",
                        () -> Normalization.batchNorm(x, c, c, four, c, 1)),
                bad(
                        "groupNorm: [4, 6]: 6 channels are not divisible by 4 groups",
                        () -> Normalization.groupNorm(x, 4, 1)),
                bad(
                        "groupNorm: [4, 6]: the number of groups 0 must be at least 1",
                        () -> Normalization.groupNorm(x, 0, c, c, 1)),
                bad(
                        "groupNorm: [4, 6] x [6] x [4]: gamma and beta must be [6]",
                        () -> Normalization.groupNorm(x, 2, c, four, 1)),
                bad(
                        "batchNorm: [6]: var at [5] is -0.5; it must be 0 or more",
                        () -> Normalization.batchNorm(x, c, c, c, constant(1, 0, 1, 1, 1, -0.5), 1)),
                bad(
                        "groupNorm: [4, 6]: it takes at least 2 elements for each group of each sample",
                        () -> Normalization.groupNorm(x, 6, 1)),
                bad("instanceNorm: [4, 6]: it takes [n, c, s, ..]", () -> Normalization.instanceNorm(x, 1)),
                bad(
                        "instanceNorm: [4, 6, 1]: it takes at least 2 elements for each channel of each sample",
                        () -> Normalization.instanceNorm(x.reshape(4, 6, 1), 1)),
                bad(
                        "localResponseNorm: [4, 6]: it takes [n, c, s, ..]",
                        () -> Normalization.localResponseNorm(x, 2, 1, 1, 1)),
                bad(
                        "localResponseNorm: [4, 2, 3]: size 0 must be at least 1",
                        () -> Normalization.localResponseNorm(x.reshape(4, 2, 3), 0, 1, 1, 1)),
                bad("weightNorm: [4, 6] x [6]: g must be [4], as axis 0 of v", () -> Normalization.weightNorm(x, c, 0)),
                bad("weightNorm: ", () -> Normalization.weightNorm(x, c, 2)));
    }

    private static Arguments bad(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_does_not_fit_is_named(String message, Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e instanceof OperandMismatch || message.contains("epsilon"), e.toString());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
