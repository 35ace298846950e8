package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Special functions against identities and high-precision values, where comparison with PyTorch is not precise enough. */
class SpecialTest {
    private static final MathContext DIGITS = new MathContext(400);

    @Property(tries = 5000)
    void inverse_functions_invert_their_functions(@ForAll @DoubleRange(min = -300, max = 300) double x) {
        // Math.sinh and Math.tanh are exact to 2.5 ulp
        assertEquals(x, Special.asinh(Math.sinh(x)), 1e-15 * Math.abs(x));
        assertEquals(Math.abs(x), Special.acosh(Math.cosh(x)), Math.abs(x) < 1e-3 ? 1e-3 : 1e-9);
        double y = x / 301;
        assertEquals(y, Math.tanh(Special.atanh(y)), 1e-15 * Math.abs(y));
    }

    @Property(tries = 5000)
    void erfinv_inverts_erf_and_erfc(@ForAll @DoubleRange(min = -0.9, max = 0.9) double x) {
        assertEquals(x, Erf.value(Special.erfinv(x)), 4 * Math.ulp(x));
        double near = Math.pow(10, -1 - 14 * Math.abs(x)); // a tail probability
        double tail = 1 - (1 - near); // exact
        double y = Special.erfinv(1 - tail);
        assertEquals(tail, Erfc.value(y), 1e-14 * tail * (1 + y * y));
        assertEquals(-y, Special.erfinv(tail - 1));
    }

    @Property(tries = 5000)
    void a_remainder_has_the_sign_of_the_divisor_and_is_smaller(
            @ForAll @DoubleRange(min = -1e3, max = 1e3) double a, @ForAll @DoubleRange(min = -1, max = 1) double b) {
        double r = Special.remainder(a, b);
        assertTrue(
                b == 0 ? Double.isNaN(r) : r == 0 || (Math.signum(r) == Math.signum(b) && Math.abs(r) <= Math.abs(b)));
        double q = Special.floorDivide(a, b);
        assertTrue(b == 0 || q == Math.rint(q));
        assertEquals(a, b == 0 ? a : Math.fma(q, b, r), 1e-13 * Math.abs(a));
    }

    @Test
    void bounds_that_are_nan_or_not_in_order_are_refused() {
        Node x = Node.constant(1);
        assertRefused("clampMin: the bound is NaN", () -> x.clampMin(Double.NaN));
        assertRefused("clampMax: the bound is NaN", () -> x.clampMax(Double.NaN));
        assertRefused("hardtanh: low 2.0 is not less than high 2.0", () -> x.hardtanh(2, 2));
        assertRefused("hardtanh: low NaN is not less than high 1.0", () -> x.hardtanh(Double.NaN, 1));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void functions_are_nan_outside_their_domain() {
        for (double x : new double[] {-2, -1e9, -1e17, -1e200, Double.NEGATIVE_INFINITY, 0.999}) {
            assertTrue(Double.isNaN(Special.acosh(x)), x + " has an acosh");
        }
        assertTrue(Double.isNaN(Special.atanh(1.5)) && Double.isNaN(Special.log2(-1)));
        assertEquals(Double.NEGATIVE_INFINITY, Special.polygamma(0, 1e-310));
        assertEquals(0, Special.log2(1));
        assertEquals(-1074, Special.log2(Double.MIN_VALUE));
    }

    /** {@code polygamma(n, x + 1) = polygamma(n, x) + (-1)^n n! / x^(n + 1)}, Abramowitz and Stegun 6.4.6. */
    @Property(tries = 5000)
    void polygamma_satisfies_its_recurrence(
            @ForAll @IntRange(max = 6) int n, @ForAll @DoubleRange(min = -9, max = 40) double at) {
        double x = Math.abs(at - Math.rint(at)) < 1e-3 ? at + 0.01 : at;
        double step = (n % 2 == 0 ? 1 : -1) * Math.exp(Special.lgamma(n + 1.0)) / Math.pow(x, n + 1);
        double left = Special.polygamma(n, x + 1);
        double right = Special.polygamma(n, x);
        assertEquals(left, right + step, 1e-12 * (Math.abs(right) + Math.abs(step) + 1));
    }

    @Test
    void an_order_of_polygamma_beyond_100_is_refused_before_anything_is_computed() {
        for (int n : new int[] {-1, 101, 100_000}) {
            String message = assertThrows(IllegalArgumentException.class, () -> Node.constant(2)
                            .polygamma(n))
                    .getMessage();
            assertEquals("polygamma: order " + n + " is not from 0 to 100", message);
        }
        Node x = Node.variable(10.0);
        Node y = x.polygamma(100);
        double next = Special.polygamma(101, 10);
        assertEquals(next, y.backward().of(x).item(), 1e-12 * next);
    }

    /** x Phi(x) and its derivative Phi(x) + x phi(x), with Phi by its power series in 400 digits. */
    @Test
    void gelu_and_its_derivative_are_exact_to_a_few_ulp() {
        for (double x = -37; x < 8; x += 0.37) {
            BigDecimal exact = new BigDecimal(x);
            BigDecimal phi = normalPdf(exact);
            BigDecimal cdf = normalCdf(exact, phi);
            Node v = Node.variable(x);
            Node y = v.gelu();
            double expected = exact.multiply(cdf).doubleValue();
            assertEquals(expected, y.item(), 6 * Math.ulp(expected), "gelu of " + x);
            double slope = exact.multiply(phi).add(cdf).doubleValue();
            double terms = cdf.doubleValue() + Math.abs(x) * phi.doubleValue();
            assertEquals(slope, y.backward().of(v).item(), 6 * Math.ulp(terms), "derivative of gelu at " + x);
        }
    }

    /** Returns e^(-x^2 / 2) / sqrt(2 pi). */
    private static BigDecimal normalPdf(BigDecimal x) {
        BigDecimal half = x.multiply(x).divide(BigDecimal.valueOf(2), DIGITS);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = term;
        for (int k = 1; k < 4000 && term.signum() != 0; k++) {
            term = term.multiply(half, DIGITS).divide(BigDecimal.valueOf(k), DIGITS);
            sum = sum.add(term, DIGITS);
            term = term.compareTo(sum.scaleByPowerOfTen(-400)) < 0 ? BigDecimal.ZERO : term;
        }
        BigDecimal root = pi().multiply(BigDecimal.valueOf(2)).sqrt(DIGITS);
        return BigDecimal.ONE.divide(sum.multiply(root, DIGITS), DIGITS);
    }

    /** Returns 1/2 + phi(x) (x + x^3 / 3 + x^5 / (3 5) + ..), Abramowitz and Stegun 26.2.11. */
    private static BigDecimal normalCdf(BigDecimal x, BigDecimal phi) {
        BigDecimal square = x.multiply(x, DIGITS);
        BigDecimal term = x;
        BigDecimal sum = x;
        for (int k = 3; term.abs().compareTo(BigDecimal.ONE.scaleByPowerOfTen(-400)) > 0; k += 2) {
            term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf(k), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return phi.multiply(sum, DIGITS).add(BigDecimal.valueOf(0.5), DIGITS);
    }

    /** By Machin's formula, 16 atan(1/5) - 4 atan(1/239). */
    private static BigDecimal pi() {
        return atanOfReciprocal(5)
                .multiply(BigDecimal.valueOf(16))
                .subtract(atanOfReciprocal(239).multiply(BigDecimal.valueOf(4)), DIGITS);
    }

    private static BigDecimal atanOfReciprocal(int n) {
        BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(n), DIGITS);
        BigDecimal sum = BigDecimal.ZERO;
        for (int k = 1; power.compareTo(BigDecimal.ONE.scaleByPowerOfTen(-400)) > 0; k += 2) {
            BigDecimal term = power.divide(BigDecimal.valueOf(k), DIGITS);
            sum = k % 4 == 1 ? sum.add(term, DIGITS) : sum.subtract(term, DIGITS);
            power = power.divide(BigDecimal.valueOf((long) n * n), DIGITS);
        }
        return sum;
    }

    /** The compositions of simpler ops are the oracle of the fused ones, for values and two orders of gradients. */
    @Property(tries = 200)
    void fused_activations_are_their_compositions(@ForAll @DoubleRange(min = -6, max = 6) double at) {
        Node x = Node.variable(at, -at, at / 6);
        Node seed = Node.constant(0.7, -1.3, 2);
        Node tanh = x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI)).tanh();
        assertSameDerivatives(x.mul(x.mul(-Math.sqrt(0.5)).erfc()).div(2), x.gelu(), x, seed);
        assertSameDerivatives(x.mul(tanh.add(1)).div(2), x.geluTanh(), x, seed);
        assertSameDerivatives(x.mul(x.sigmoid()), x.silu(), x, seed);
    }

    private static void assertSameDerivatives(Node composed, Node fused, Node x, Node seed) {
        Node want = composed;
        Node got = fused;
        for (int order = 0; order < 3; order++) {
            double off = want.value().sub(got.value()).abs().max().item();
            assertEquals(0, off, 1e-13, "order " + order + " at " + x.value());
            want = want.backwardGraph(seed).of(x);
            got = got.backwardGraph(seed).of(x);
        }
    }

    @Test
    void gelu_does_not_overflow_and_its_approximation_does_not_cancel() {
        Node large = Node.variable(1e308);
        assertEquals(1e308, large.gelu().item());
        assertEquals(1e308, large.geluTanh().item());
        assertEquals(1, large.gelu().backward().of(large).item());
        assertEquals(1, large.geluTanh().backward().of(large).item());
        double x = -6;
        double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        double expected = x * Math.exp(2 * u) / (1 + Math.exp(2 * u));
        assertEquals(expected, Node.constant(x).geluTanh().item(), 1e-13 * -expected);
    }

    @Test
    void derivatives_of_gelu_are_finite_at_the_largest_numbers_for_any_gradient() {
        for (UnaryOperator<Node> f : List.<UnaryOperator<Node>>of(Node::gelu, Node::geluTanh, Node::silu)) {
            for (DType dtype : DType.values()) {
                double most = dtype == DType.FLOAT64 ? 1e308 : 1e38;
                Node x = Node.variable(Tensor.of(-most, -1e3, 1e3, most).to(dtype));
                Tensor seed = Tensor.of(3, 4, 5, 1.5).to(dtype);
                Tensor expected = Tensor.of(0, 0, 5, 1.5).to(dtype);
                assertEquals(
                        expected.to(dtype),
                        f.apply(x).backward(seed).of(x).value().add(0));
                Node gx = f.apply(x).backwardGraph(Node.constant(seed)).of(x);
                assertEquals(expected, gx.value().add(0));
                for (int order = 2; order < 5; order++) {
                    gx = gx.backwardGraph(Node.constant(seed)).of(x);
                    assertEquals(Tensor.zeros(x.shape(), dtype), gx.value().abs(), "order " + order);
                }
            }
        }
    }

    @Test
    void the_gradient_of_a_zeroth_power_is_zero_also_at_the_smallest_numbers() {
        for (double x : new double[] {0, -0.0, Double.MIN_VALUE, 1e-310, -1e-310, 1, Double.NaN}) {
            Node a = Node.variable(x);
            assertEquals(0, a.pow(0).backward().of(a).item(), "at " + x);
        }
        Node a = Node.variable(2.0);
        Node b = Node.variable(0.0);
        Node slope = a.pow(b).backwardGraph().of(a);
        assertEquals(0.5, slope.backward().of(b).item(), 1e-15); // b a^(b-1), differentiated by b
    }

    @Test
    void the_gradient_of_hardtanh_at_nan_is_nan() {
        Node x = Node.variable(Double.NaN, 0.5, 1, -3);
        Tensor gx = x.hardtanh().sum().backward().of(x).value();
        assertEquals(Tensor.of(Double.NaN, 1, 0, 0), gx);
    }

    @Test
    void derivatives_of_inverse_functions_do_not_cancel_near_one() {
        for (int k = 3; k < 53; k++) {
            double x = 1 - Math.scalb(1.0, -k);
            BigDecimal exact = new BigDecimal(x);
            double square = BigDecimal.ONE.subtract(exact.multiply(exact)).doubleValue(); // 1 - x^2, rounded once
            Node v = Node.variable(x);
            double root = 1 / Math.sqrt(square);
            assertEquals(root, v.asin().backward().of(v).item(), 4 * Math.ulp(root), "asin at " + x);
            assertEquals(-root, v.acos().backward().of(v).item(), 4 * Math.ulp(root), "acos at " + x);
            double slope = 1 / square;
            assertEquals(slope, v.atanh().backward().of(v).item(), 4 * Math.ulp(slope), "atanh at " + x);
        }
    }

    @Test
    void gradients_of_atan2_and_hypot_neither_overflow_nor_underflow() {
        for (double size : new double[] {1e-200, 1e-23, 1, 1e19, 1e160}) {
            Node a = Node.variable(size);
            assertEquals(
                    0.5 / size, a.atan2(Node.constant(size)).backward().of(a).item(), 1e-12 / size);
        }
        Node f = Node.variable(Tensor.of(1e-23, 2e19).to(DType.FLOAT32));
        Tensor g = f.atan2(f.detach()).sum().backward().of(f).value().to(DType.FLOAT64);
        assertEquals(0.5, g.get(0) * 1e-23, 1e-6);
        assertEquals(0.5, g.get(1) * 2e19, 1e-6);
    }
}
