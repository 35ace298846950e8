package gradus.graph.check;

import static gradus.graph.Op.binary;
import static gradus.graph.Op.elementwise;
import static gradus.graph.Op.unary;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker rejects wrong rules of every kind, and accepts right ones. */
class WrongRulesTest {
    private static final Tensor SQUARE = Tensor.of(new double[][] {{0.3, -1.2}, {0.7, 1.9}});
    private static final Tensor ROWS = Tensor.of(new double[][] {{0.3, -1.2, 0.4}, {0.7, 1.9, -0.6}});
    private static final Tensor BIAS = Tensor.of(0.1, 0.2, 0.3);

    /** Rules that are wrong at almost every point of any matrix. */
    static Stream<Arguments> wrongEverywhere() {
        return Stream.of(
                wrong("one part in a thousand", Cause.FACTOR, unary("tanh", x -> x.map(Math::tanh), (c, gy) -> gy.mul(
                                c.y().square().neg().add(1))
                        .mul(1.001))),
                wrong("sign flipped", Cause.SIGN_FLIPPED, elementwise("sin", Math::sin, (c, gy) -> gy.mul(c.x(0).cos())
                        .neg())),
                wrong("twice too large", Cause.FACTOR, elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y())
                        .mul(2))),
                wrong(
                        "upstream gradient ignored",
                        Cause.UPSTREAM_IGNORED,
                        elementwise("square", x -> x * x, (c, gy) -> c.x(0).mul(2))),
                wrong("zero", Cause.ZERO_GRADIENT, elementwise("exp", Math::exp, Op.ZERO)),
                wrong("no gradient at all", Cause.ZERO_GRADIENT, elementwise("exp", Math::exp, Op.NONE)),
                wrong(
                        "softmax whose backward is zero",
                        Cause.ZERO_GRADIENT,
                        unary("softmax", x -> x.softmax(1), Op.ZERO)),
                wrong(
                        "softmax as if it were elementwise",
                        Cause.MISSING_TERM,
                        unary("softmax", x -> x.softmax(1), (c, gy) -> gy.mul(c.y())
                                .mul(c.y().neg().add(1)))),
                wrong(
                        "size of the upstream gradient",
                        Cause.NOT_LINEAR,
                        elementwise("exp", Math::exp, (c, gy) -> gy.abs().mul(c.y()))),
                wrong(
                        "square of the upstream gradient",
                        Cause.NOT_LINEAR,
                        elementwise("exp", Math::exp, (c, gy) -> gy.square().mul(c.y()))),
                wrong(
                        "infinite",
                        Cause.RULE_NOT_FINITE,
                        elementwise("square", x -> x * x, (c, gy) -> gy.mul(Double.POSITIVE_INFINITY))),
                wrong("NaN", Cause.RULE_NOT_FINITE, elementwise("exp", Math::exp, (c, gy) -> gy.mul(Double.NaN))),
                wrong(
                        "mean without its factor",
                        Cause.FACTOR,
                        unary("mean", x -> x.mean(), (c, gy) -> gy.expandTo(c.x(0).shape()))),
                wrong("shifted by one along an axis", Cause.SHIFTED, elementwise("sin", Math::sin, (c, gy) -> gy.mul(
                                c.x(0).cos())
                        .slice(1, 0, -1)
                        .pad(1, 1, 0))),
                wrong(
                        "reversed along an axis",
                        Cause.SHIFTED,
                        elementwise("sin", Math::sin, (c, gy) -> reversed(gy.mul(c.x(0).cos())))),
                wrong(
                        "wrong sign of the branch below zero",
                        Cause.WRONG_FOR_ONE_SIGN,
                        elementwise(
                                "elu",
                                x -> x > 0 ? x : Math.expm1(x),
                                (c, gy) -> gy.mul(c.x(0).gt(0).sub(c.x(0).exp().mul(c.x(0).lt(0)))))),
                wrong(
                        "relu whose gradient passes below zero",
                        Cause.WRONG_FOR_ONE_SIGN,
                        elementwise("relu", x -> Math.max(x, 0), (c, gy) -> gy)),
                wrong(
                        "square forgotten",
                        Cause.UNKNOWN,
                        elementwise(
                                "tanh",
                                Math::tanh,
                                (c, gy) -> gy.mul(c.y().neg().add(1)))),
                wrong(
                        "one term of a product rule",
                        Cause.UNKNOWN,
                        elementwise("xexp", x -> x * Math.exp(x), (c, gy) -> gy.mul(c.x(0).exp()))));
    }

    /** Rules that are wrong at these points. */
    static Stream<Arguments> wrongHere() {
        return Stream.of(
                wrong(
                        "transposed product",
                        Cause.TRANSPOSED,
                        binary(
                                "matmul",
                                Tensor::matmul,
                                (c, gy) -> gy.matmul(c.x(1), false, true).transpose(),
                                (c, gy) -> c.x(0).matmul(gy, true, false)),
                        SQUARE,
                        SQUARE.add(1)),
                wrong(
                        "product without its transpose flag",
                        Cause.JACOBIAN_TRANSPOSED,
                        binary("matmul", Tensor::matmul, (c, gy) -> gy.matmul(c.x(1)), (c, gy) -> c.x(0).matmul(
                                        gy, true, false)),
                        SQUARE,
                        SQUARE.add(1)),
                wrong(
                        "sum repeated along the wrong axis",
                        Cause.TRANSPOSED,
                        unary("sum", x -> x.sum(0), (c, gy) -> gy.reshape(2, 1).expandTo(Shape.of(2, 2))),
                        SQUARE),
                wrong(
                        "broadcast axis not summed",
                        Cause.BROADCAST_NOT_SUMMED,
                        binary("add", Tensor::add, (c, gy) -> gy, (c, gy) -> gy.slice(0, 0, 1)
                                .reshape(3)),
                        ROWS,
                        BIAS),
                wrong(
                        "mean instead of sum over the broadcast axis",
                        Cause.FACTOR,
                        binary("add", Tensor::add, (c, gy) -> gy, (c, gy) -> gy.mean(0)),
                        ROWS,
                        BIAS),
                wrong(
                        "minus forgotten on one side",
                        Cause.SIGN_FLIPPED,
                        binary("sub", Tensor::sub, (c, gy) -> gy, (c, gy) -> gy),
                        ROWS,
                        BIAS),
                wrong(
                        "operands exchanged",
                        Cause.INPUTS_SWAPPED,
                        binary("mul", Tensor::mul, (c, gy) -> gy.mul(c.x(0)), (c, gy) -> gy.mul(c.x(1))),
                        ROWS,
                        ROWS.add(1)),
                wrong(
                        "half as much again, and 0 at the first element",
                        Cause.FACTOR,
                        elementwise("square", x -> x * x, (c, gy) -> gy.mul(c.x(0).mul(3))),
                        Tensor.of(0, 1, 2)),
                wrong(
                        "one part in a thousand of one element",
                        Cause.UNKNOWN,
                        elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y())
                                .mul(c.x(0).eq(0.7).mul(1e-3).add(1))),
                        ROWS),
                wrong(
                        "running sum from the same end",
                        Cause.JACOBIAN_TRANSPOSED,
                        unary("cumsum", x -> x.cumsum(0, false), (c, gy) -> gy.cumsum(0)),
                        BIAS),
                wrong(
                        "one entry lost",
                        Cause.MISSING_TERM,
                        binary(
                                "matmul",
                                Tensor::matmul,
                                (c, gy) -> gy.matmul(c.x(1), false, true)
                                        .mul(Node.constant(new double[][] {{0, 1}, {1, 1}})
                                                .to(gy.dtype())),
                                (c, gy) -> c.x(0).matmul(gy, true, false)),
                        SQUARE,
                        SQUARE.add(1)));
    }

    private static Node reversed(Node x) {
        int n = x.shape().dim(1);
        Node[] columns = new Node[n];
        for (int i = 0; i < n; i++) {
            columns[i] = x.slice(1, n - 1 - i, n - i);
        }
        return Node.concat(1, columns);
    }

    private static Arguments wrong(String label, Cause cause, Op op, Tensor... at) {
        return Arguments.of(label, cause, op, at.length == 0 ? new Tensor[] {ROWS} : at);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"wrongEverywhere", "wrongHere"})
    void a_wrong_rule_is_rejected_and_its_cause_named(String label, Cause cause, Op op, Tensor[] at) {
        Report report = GradientCheck.of(op).at(at).run();
        assertEquals(Verdict.WRONG, report.verdict(), report::toString);
        assertEquals(cause, report.cause(), report::toString);
        assertTrue(report.slope() < 1.1 || cause == Cause.RULE_NOT_FINITE, report::toString);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongEverywhere")
    void a_wrong_rule_is_rejected_where_only_directions_are_compared(String label, Cause cause, Op op) {
        Report report =
                GradientCheck.of(op).smoothOn(-1, 1).draw(Shape.of(2, 200)).run();
        assertEquals(Verdict.WRONG, report.verdict(), report::toString);
    }

    static Stream<Arguments> wrongUnderOffsets() {
        return Stream.concat(wrongEverywhere(), wrongHere())
                .flatMap(a -> Stream.of(1e3, -1e4, 1e5, 5e5, -1e6, 1e7, 1e8, 1e9)
                        .map(offset -> Arguments.of(a.get()[0], offset, a.get()[2], a.get()[3])));
    }

    /** The larger the value, the larger the rounding error of a difference: it may hide an error, but must not confirm a rule. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("wrongUnderOffsets")
    void a_wrong_rule_under_a_large_offset_is_never_ok(String label, double offset, Op op, Tensor[] at) {
        GradientCheck check = GradientCheck.of(in -> Node.of(op, in).add(offset));
        Report report = check.at(at).run();
        assertTrue(isRejected(report), report::toString);
        assertTrue(Math.abs(offset) > 1e6 || report.verdict() == Verdict.WRONG, report::toString);
        if (!label.startsWith("one part in a thousand")) { // that is below the tolerance of single precision
            Report inFloat = check.float32().at(at).run();
            assertTrue(isRejected(inFloat), inFloat::toString);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"wrongEverywhere", "wrongHere"})
    void a_wrong_rule_is_rejected_in_single_precision(String label, Cause cause, Op op, Tensor[] at) {
        if (!label.startsWith("one part in a thousand")) {
            Report report = GradientCheck.of(op).float32().at(at).run();
            assertEquals(Verdict.WRONG, report.verdict(), report::toString);
        }
    }

    @Property(tries = 100, generation = GenerationMode.RANDOMIZED)
    void a_wrong_rule_under_a_large_offset_is_rejected_for_any_seed(@ForAll long seed) {
        Op percent = elementwise(
                "tanh", Math::tanh, (c, gy) -> gy.mul(c.y().square().neg().add(1))
                        .mul(1.03));
        Op twice = elementwise("sin", Math::sin, (c, gy) -> gy.mul(c.x(0).cos()).mul(2));
        for (GradientCheck check : new GradientCheck[] {
            GradientCheck.of(in -> Node.of(percent, in).add(5e5)),
            GradientCheck.of(in -> Node.of(twice, in).add(1e7))
        }) {
            Report report =
                    check.smoothOn(-1.5, 1.5).draw(Shape.of(2)).seed(seed).run();
            assertTrue(isRejected(report), report::toString);
            Report inFloat = check.smoothOn(-1.5, 1.5)
                    .draw(Shape.of(2))
                    .seed(seed)
                    .float32()
                    .run();
            assertTrue(isRejected(inFloat), inFloat::toString);
        }
    }

    private static boolean isRejected(Report report) {
        return report.verdict() == Verdict.WRONG || report.verdict() == Verdict.TOO_NOISY;
    }

    @Test
    void a_zero_gradient_of_a_function_below_its_rounding_error_is_not_ok() {
        Op zero = elementwise("sin", Math::sin, Op.ZERO);
        Report report = GradientCheck.of(in -> Node.of(zero, in[0]).add(1e10).sub(1e10))
                .at(BIAS)
                .run();
        assertTrue(isRejected(report), report::toString);
    }

    @Test
    void a_rule_right_to_first_order_and_wrong_at_second_is_detected() {
        Op cube = elementwise(
                "cube",
                x -> x * x * x,
                (c, gy) -> gy.mul(c.x(0).detach().square().mul(3)));
        GradientCheck check = GradientCheck.of(cube).at(ROWS);
        assertEquals(Verdict.OK, check.run().verdict());
        Report second = check.order(2).run();
        assertEquals(Verdict.WRONG, second.verdict());
        assertEquals(Cause.ZERO_GRADIENT, second.cause());
        assertEquals(2, second.order());
        assertTrue(second.toString().contains("derivative of the gradient of input 0 at "), second::toString);
        GradientCheck.of(in -> in[0].pow(3)).at(ROWS).order(3).verify();
    }

    @Test
    void a_rule_wrong_only_at_ties_is_a_kink_there_and_right_elsewhere() {
        Op maximum = elementwise(
                "maximum",
                Math::max,
                (c, gy) -> gy.mul(c.x(0).lt(c.x(1)).neg().add(1)),
                (c, gy) -> gy.mul(c.x(1).lt(c.x(0)).neg().add(1)));
        GradientCheck check = GradientCheck.of(maximum);
        assertEquals(Verdict.KINK, check.at(ROWS, ROWS).run().verdict());
        check.at(ROWS, ROWS.neg()).verify();
    }

    /** An op that keeps state between calls, which is not allowed. */
    private static final class Remembering implements Op {
        private Tensor last;

        @Override
        public String name() {
            return "exp";
        }

        @Override
        public Tensor forward(Tensor... x) {
            last = x[0].exp();
            return last;
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.mul(Node.constant(last))};
        }
    }

    @Test
    void state_kept_between_calls_is_nondeterminism() {
        AtomicInteger calls = new AtomicInteger();
        Op counting = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(1 + calls.getAndIncrement() % 2));
        Report counted = GradientCheck.of(counting).at(BIAS).run();
        assertEquals(Verdict.NONDETERMINISTIC, counted.verdict(), counted::toString);
        assertTrue(counted.detail().startsWith("the gradient of input 0 at [0] is "), counted::detail);
        Report remembered = GradientCheck.of(new Remembering()).at(BIAS).run();
        assertEquals(Verdict.NONDETERMINISTIC, remembered.verdict(), remembered::toString);
        assertTrue(remembered.detail().endsWith("an op keeps state between calls"), remembered::detail);
    }

    @Test
    void a_factor_that_is_a_size_is_named_as_one() {
        Op mean = unary("mean", x -> x.mean(), (c, gy) -> gy.expandTo(c.x(0).shape()));
        Report report = GradientCheck.of(mean).at(ROWS).run();
        assertTrue(report.detail().contains("6 times the right gradient; 6 is a size"), report::detail);
    }

    /** Random compositions of smooth ops are never rejected. */
    @Property(tries = 1000)
    void right_rules_pass(@ForAll long seed) {
        GradientCheck.of(in -> composed(in, seed)).at(ROWS, BIAS).seed(seed).verify();
    }

    /** However an op is composed with others, its wrong rule is not reported as a kink. */
    @Property(tries = 500)
    void a_wrong_rule_within_a_composition_is_wrong(@ForAll long seed) {
        Op wrong = elementwise("sin", Math::sin, (c, gy) -> gy.mul(c.x(0).cos()).mul(1.001));
        Report report = GradientCheck.of(in -> composed(new Node[] {Node.of(wrong, in[0]), in[1]}, seed))
                .at(ROWS, BIAS)
                .seed(seed)
                .run();
        assertEquals(Verdict.WRONG, report.verdict(), report::toString);
    }

    @Property(tries = 300)
    void right_rules_pass_in_single_precision(@ForAll long seed) {
        GradientCheck.of(in -> composed(in, seed))
                .float32()
                .at(ROWS, BIAS)
                .seed(seed)
                .verify();
    }

    /**
     * Random compositions at random scales of inputs and offsets of outputs are never called wrong. The number of tries is
     * {@code -Dgradus.tries}, by default 1,000, half of them in each number type.
     */
    @Test
    void right_rules_are_not_wrong_at_any_scale_and_offset() {
        int tries = Integer.getInteger("gradus.tries", 1000);
        int ok = 0;
        for (int seed = 0; seed < tries; seed++) {
            RandomStream random = RandomStream.of(seed, "scales");
            double scale = Math.pow(10, random.nextDouble(-6, 6));
            double offset = random.nextInt(2) == 0 ? 0 : Math.pow(10, random.nextDouble(-3, 9));
            int program = seed / 2;
            GradientCheck check = GradientCheck.of(
                            in -> composed(new Node[] {in[0].div(scale), in[1].div(scale)}, program)
                                    .add(offset))
                    .seed(seed);
            Report report = (seed % 2 == 0 ? check : check.float32())
                    .at(ROWS.mul(scale), BIAS.mul(scale))
                    .run();
            String at = "seed " + seed + ", scale " + scale + ", offset " + offset + ": ";
            assertNotEquals(Verdict.WRONG, report.verdict(), () -> at + report);
            ok += report.verdict() == Verdict.OK ? 1 : 0;
        }
        assertTrue(ok > 0.7 * tries, ok + " of " + tries + " are OK");
    }

    private static Node composed(Node[] in, long seed) {
        RandomStream random = RandomStream.of(seed, "program");
        Node y = in[0].mul(in[1]);
        for (int i = 0; i < 4; i++) {
            y = switch (random.nextInt(8)) {
                case 0 -> y.tanh();
                case 1 -> y.add(in[1]).sin();
                case 2 -> y.softmax(-1).mul(in[0]);
                case 3 -> y.sigmoid().div(y.square().add(1));
                case 4 -> y.matmul(in[0], true, false).mean(0);
                case 5 -> y.sub(y.logSumExp());
                case 6 -> y.expandTo(in[0].shape()).mul(in[0].exp());
                default -> y.softplus().sqrt();
            };
            y = y.shape().rank() == 2 && y.shape().dim(0) == 2 ? y : y.expandTo(in[0].shape());
        }
        return y;
    }

    /** Rounding makes the default difference exactly 0, as the rule is; a wider step shows the derivative. */
    @Test
    void a_dropped_term_beside_a_large_one_under_an_offset_is_not_ok() {
        Op dropped = Op.elementwise("dropped", v -> 1e-4 * Math.tanh(v), (c, gy) -> gy.mul(0));
        GradientCheck.Report r = GradientCheck.of(
                        in -> in[0].mul(1e6).add(Node.of(dropped, in[1])).add(1e9))
                .at(Tensor.of(0.5), Tensor.of(0.5))
                .run();
        assertNotEquals(GradientCheck.Verdict.OK, r.verdict(), r::toString);
        GradientCheck.Report one = GradientCheck.of(in -> in[0].slice(0, 0, 1)
                        .mul(1e6)
                        .add(Node.of(dropped, in[0].slice(0, 1, 2)))
                        .add(1e9))
                .at(Tensor.of(0.5, 0.5))
                .run();
        assertNotEquals(GradientCheck.Verdict.OK, one.verdict(), one::toString);
    }

    @Test
    void an_infinite_rule_is_wrong_in_directions_and_single_precision_too() {
        Op square = elementwise("square", x -> x * x, (c, gy) -> gy.mul(Double.NEGATIVE_INFINITY));
        GradientCheck check = GradientCheck.of(in -> Node.of(square, in[0]));
        Tensor many = Tensor.uniform(Shape.of(20_000), 1, 2, RandomStream.of(1, "x"));
        assertEquals(Verdict.WRONG, check.at(many).run().verdict());
        assertEquals(Verdict.WRONG, check.float32().at(SQUARE).run().verdict());
        GradientCheck sum = GradientCheck.of(in -> Node.of(square, in[0]).sum());
        assertEquals(Verdict.WRONG, sum.at(SQUARE).run().verdict());
    }
}
