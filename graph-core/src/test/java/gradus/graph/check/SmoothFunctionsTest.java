package gradus.graph.check;

import static gradus.graph.Op.unary;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Smooth functions at inputs of size 1e-6 to 1e4, in both number types. A right rule is never WRONG, and OK where the number
 * type permits it; a wrong one is never OK where its error is above the tolerance.
 */
class SmoothFunctionsTest {
    private static final int SEEDS = 4;
    private static final Op FIVE_PERCENT = unary("same", x -> x, (c, gy) -> gy.mul(1.05));

    /** Builds the function for inputs of some size. */
    private interface Family {
        Node apply(Node x, Node y, double size);
    }

    /** A function that is smooth at positive inputs of some size. */
    private record Case(String name, double size, Family family) {
        Node right(Node... in) {
            return family.apply(in[0], in[1], size);
        }

        /** The same with a rule that is wrong by five percent. */
        Node wrong(Node... in) {
            return right(Node.of(FIVE_PERCENT, in[0]), Node.of(FIVE_PERCENT, in[1]));
        }

        Tensor[] point(int seed) {
            RandomStream random = RandomStream.of(seed, name);
            return Stream.generate(() -> Tensor.uniform(Shape.of(2, 3), size / 8, 2 * size, random))
                    .limit(2)
                    .toArray(Tensor[]::new);
        }

        @Override
        public String toString() {
            return name + " at " + size;
        }
    }

    static Stream<Case> cases() {
        return DoubleStream.of(1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4)
                .boxed()
                .flatMap(size -> Stream.of(
                        new Case("sum of squares", size, (x, y, s) -> x.square().sum()),
                        new Case("sin", size, (x, y, s) -> x.sin()),
                        new Case("tanh", size, (x, y, s) -> x.tanh()),
                        new Case("product", size, (x, y, s) -> x.mul(y)),
                        new Case("quotient", size, (x, y, s) -> x.div(y)),
                        new Case("matrix product", size, (x, y, s) -> x.matmul(y, false, true)),
                        new Case("plus one", size, (x, y, s) -> x.add(1)),
                        new Case("log", size, (x, y, s) -> x.log()),
                        new Case("root", size, (x, y, s) -> x.sqrt()),
                        new Case("norm", size, (x, y, s) -> x.square().sum().sqrt()),
                        new Case("hypotenuse", size, (x, y, s) -> x.square()
                                .add(y.square())
                                .sqrt()),
                        new Case(
                                "normalized",
                                size,
                                (x, y, s) -> x.div(x.square().mean().sqrt())),
                        new Case("scaled sin", size, (x, y, s) -> x.mul(1 / s).sin()),
                        new Case("fast sin", size, (x, y, s) -> x.mul(10 / s).sin()),
                        new Case("slow sin", size, (x, y, s) -> x.mul(0.01 / s).sin()),
                        new Case("scaled exp", size, (x, y, s) -> x.div(s).exp()),
                        new Case("scaled softmax", size, (x, y, s) -> x.div(s).softmax(-1)),
                        new Case("scaled logSumExp", size, (x, y, s) -> x.div(s).logSumExp()),
                        new Case("sin and its scale", size, (x, y, s) -> x.div(s)
                                .sin()
                                .mul(y)),
                        new Case("sin of many turns", size, (x, y, s) -> x.mul(1e4 / s)
                                .sin()),
                        new Case("unresolved sin", size, (x, y, s) -> x.mul(1e10 / s)
                                .sin())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_right_rule_is_never_wrong_and_is_ok_where_the_number_type_permits(Case c) {
        for (int seed = 0; seed < SEEDS; seed++) {
            GradientCheck check = GradientCheck.of(c::right).at(c.point(seed)).seed(seed);
            requireRight(check.run(), c, seed);
            requireRight(check.float32().run(), c, seed);
        }
    }

    private static void requireRight(Report report, Case c, int seed) {
        assertNotEquals(Verdict.WRONG, report.verdict(), report::toString);
        if (isResolved(c, report.dtype(), seed)) {
            assertEquals(Verdict.OK, report.verdict(), report::toString);
        }
    }

    /** So that the test before this one does not pass for want of cases. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void many_cases_are_resolved(DType dtype) {
        double share = dtype == DType.FLOAT64 ? 0.9 : 0.4;
        long resolved = cases().filter(c -> isResolved(c, dtype, 0)).count();
        assertTrue(resolved > share * cases().count(), resolved + " of " + cases().count());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_wrong_rule_is_not_ok_where_its_error_is_above_the_tolerance(Case c) {
        for (int seed = 0; seed < SEEDS; seed++) {
            GradientCheck check = GradientCheck.of(c::wrong).at(c.point(seed)).seed(seed);
            double largest = largestDerivative(c, seed);
            if (largest > 1e-4) {
                assertNotEquals(Verdict.OK, check.run().verdict());
            }
            if (largest > 0.02) {
                assertNotEquals(Verdict.OK, check.float32().run().verdict());
            }
        }
    }

    /**
     * Returns whether a difference over a step that is small compared with the scale on which the function varies has a
     * rounding error below the tolerance. The rounding error of an argument counts like one of the value.
     */
    private static boolean isResolved(Case c, DType dtype, int seed) {
        Tensor[] at = c.point(seed);
        double[] y = value(c, at).value().toDoubleArray();
        double size = Math.sqrt(Arrays.stream(y).map(v -> v * v).sum());
        double g = largestDerivative(c, seed);
        boolean isDouble = dtype == DType.FLOAT64;
        double ulp = isDouble ? 0x1p-52 : 0x1p-23;
        double tolerance = isDouble ? Math.max(1e-7, 1e-5 * g) : 5e-4 * Math.max(1, g);
        double smallest = Stream.of(at)
                .flatMapToDouble(t -> Arrays.stream(t.toDoubleArray()))
                .min()
                .orElseThrow();
        double turns = c.name.contains("sin") && g > 0 ? g : 0; // the derivative of sin(k x) is at most k
        double h = 0.02 * Math.min(smallest, turns == 0 ? smallest : 1 / turns);
        return 8 * ulp * (size + g * smallest) / h < tolerance;
    }

    /** Returns the largest element of the Jacobian, in double precision. */
    private static double largestDerivative(Case c, int seed) {
        Node[] in = Stream.of(c.point(seed)).map(Node::variable).toArray(Node[]::new);
        Node y = c.right(in);
        return IntStream.range(0, y.shape().size())
                .mapToObj(r -> unit(y.shape(), r))
                .flatMap(u -> Stream.of(Derivatives.gradients(y, Node.constant(u), false, in)))
                .flatMapToDouble(g -> Arrays.stream(g.value().toDoubleArray()))
                .map(Math::abs)
                .max()
                .orElseThrow();
    }

    private static Tensor unit(Shape shape, int r) {
        double[] u = new double[shape.size()];
        u[r] = 1;
        return Tensor.of(shape, u);
    }

    private static Node value(Case c, Tensor... at) {
        return c.right(Stream.of(at).map(Node::variable).toArray(Node[]::new));
    }
}
