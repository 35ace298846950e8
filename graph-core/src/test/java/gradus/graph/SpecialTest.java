package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Special functions by what is known of them, where PyTorch's answers are too coarse or too few. */
class SpecialTest {
    @Property(tries = 5000)
    void inverse_functions_undo_their_functions(@ForAll @DoubleRange(min = -300, max = 300) double x) {
        // Math.sinh and Math.tanh are right to 2.5 ulp only, and so is what undoes them
        assertEquals(x, Special.asinh(Math.sinh(x)), 1e-15 * Math.abs(x));
        assertEquals(Math.abs(x), Special.acosh(Math.cosh(x)), Math.abs(x) < 1e-3 ? 1e-3 : 1e-9);
        double y = x / 301;
        assertEquals(y, Math.tanh(Special.atanh(y)), 1e-15 * Math.abs(y));
    }

    @Test
    void outside_their_domain_they_are_not_a_number() {
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
    void polygamma_has_its_recurrence(
            @ForAll @IntRange(max = 6) int n, @ForAll @DoubleRange(min = -9, max = 40) double at) {
        double x = Math.abs(at - Math.rint(at)) < 1e-3 ? at + 0.01 : at;
        double step = (n % 2 == 0 ? 1 : -1) * Math.exp(Special.lgamma(n + 1.0)) / Math.pow(x, n + 1);
        double left = Special.polygamma(n, x + 1);
        double right = Special.polygamma(n, x);
        assertEquals(left, right + step, 1e-12 * (Math.abs(right) + Math.abs(step) + 1));
    }

    @Test
    void gradients_of_angles_and_lengths_neither_overflow_nor_vanish() {
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
