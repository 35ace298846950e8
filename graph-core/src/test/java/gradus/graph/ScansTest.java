package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Cumulative functions, medians and quantiles against their definitions. */
class ScansTest {
    private static Tensor random(long seed, Shape s) {
        return Tensor.uniform(s, -3, 3, RandomStream.of(seed, "scan"));
    }

    /** Whole numbers, many of them equal. */
    private static Tensor ties(long seed, int n) {
        return random(seed, Shape.of(n)).map(v -> Math.rint(v) + 0.0); // no -0
    }

    @Property(tries = 300)
    void logCumSumExp_is_the_logSumExp_of_each_prefix(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 30) int n,
            @ForAll @IntRange(min = 1, max = 4) int scale) {
        Node x = Node.variable(random(seed, Shape.of(n, 2)).mul(Math.pow(10, scale)));
        Node y = x.logCumSumExp(0);
        Node[] prefixes = new Node[n];
        Arrays.setAll(prefixes, i -> x.slice(0, 0, i + 1).logSumExp(0));
        Node expected = Node.stack(0, prefixes);
        Tensor gap = expected.value().sub(y.value()).abs();
        assertTrue(gap.max().item() <= 1e-15 * expected.value().abs().max().item() + 1e-15, gap::toString);
        Tensor gy = random(seed + 1, y.shape());
        Tensor gx = y.backward(gy).of(x).value();
        Tensor sum = expected.backward(gy).of(x).value();
        // a weight e^(x - y) has the rounding error of y, absolute, as relative error
        double rounding = Math.ulp(x.value().abs().max().item());
        double bound = 2 * rounding * gy.abs().sum().item() + 1e-13;
        assertTrue(sum.sub(gx).abs().max().item() < bound, () -> sum + " and " + gx);
    }

    @Test
    void logCumSumExp_keeps_small_terms_and_starts_with_minus_infinity() {
        double inf = Double.POSITIVE_INFINITY;
        Node y = Node.constant(-inf, -inf, 0, -40, 1000, -inf).logCumSumExp(0);
        assertEquals(Tensor.of(-inf, -inf, 0, Math.exp(-40), 1000, 1000), y.value());
        assertEquals(
                Tensor.of(new float[] {0, (float) Math.log(2)}),
                Node.constant(new float[] {0, 0}).logCumSumExp(0).value());
    }

    @Test
    void a_scan_of_many_rows_is_that_of_each() {
        Tensor x = random(1, Shape.of(300, 200));
        Tensor f = random(2, x.shape()).div(4);
        for (DType type : DType.values()) {
            Tensor rows = x.to(type);
            Tensor y = rows.linearRecurrence(f.to(type), 1, false);
            for (int i : new int[] {0, 150, 299}) {
                Tensor row = rows.slice(0, i, i + 1);
                assertEquals(row.logCumSumExp(1), rows.logCumSumExp(1).slice(0, i, i + 1));
                assertEquals(row.cumargmax(1), rows.cumargmax(1).slice(0, i, i + 1));
                assertEquals(row.linearRecurrence(f.to(type).slice(0, i, i + 1), 1, false), y.slice(0, i, i + 1));
            }
        }
    }

    @Property(tries = 300)
    void cummax_is_the_last_maximum_of_each_prefix(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int n) {
        Tensor x = ties(seed, n);
        ValuesAndIndices largest = Node.constant(x).cummax(0);
        ValuesAndIndices smallest = Node.constant(x.neg()).cummin(0);
        for (int i = 0; i < n; i++) {
            double max = x.slice(0, 0, i + 1).max().item();
            int at = i;
            while (x.get(at) != max) {
                at--;
            }
            assertEquals(max, largest.values().value().get(i));
            assertEquals(at, largest.indices().get(i));
        }
        assertEquals(largest.indices(), smallest.indices());
    }

    @Property(tries = 300)
    void a_median_is_the_lower_middle_element_and_a_quantile_interpolates(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int n) {
        Tensor x = ties(seed, n);
        double[] sorted = x.toDoubleArray();
        Arrays.sort(sorted);
        ValuesAndIndices median = Node.constant(x).median(0);
        assertEquals(sorted[(n - 1) / 2], median.values().item());
        assertEquals(median.values().item(), x.get((int) median.indices().item()));
        assertEquals(
                (sorted[(n - 1) / 2] + sorted[n / 2]) / 2,
                Node.constant(x).quantile(0.5).item());
        for (int k = 0; k < n; k++) {
            double q = n == 1 ? 0.7 : k / (n - 1.0);
            assertEquals(sorted[k], Node.constant(x).quantile(q).item(), 1e-14);
        }
    }

    @Test
    void bad_arguments_are_refused_with_sizes() {
        Node x = Node.constant(Tensor.ones(3, 0)).named("x");
        assertMessage("median: x [3, 0]: there is no element along axis -1", () -> x.median(-1));
        assertMessage("quantile: x [3, 0]: there is no element", () -> x.quantile(0.5));
        assertMessage("argmax: x [3, 0]: there is no element", x::argmax);
        assertMessage("argmin: x [3, 0]: there is no element", x::argmin);
        assertMessage("topK: x [3, 0]: there are 3 elements along axis 0, not 4", () -> x.topK(0, 4, false));
        assertMessage("cummax: x [3, 0]: axis 2 is out of range: axes run from -2 to 1", () -> x.cummax(2));
        assertMessage("quantile: q = 1.5 is not from 0 to 1", () -> x.quantile(1.5, 0));
        assertMessage("quantile: q = NaN is not from 0 to 1", () -> x.quantile(Double.NaN, 0));
        assertMessage(
                "linearRecurrence: [2] x [3]: the factors must have the shape and number type",
                () -> Tensor.ones(2).linearRecurrence(Tensor.ones(3), 0, true));
    }

    private static void assertMessage(String message, Executable call) {
        RuntimeException e = assertThrows(RuntimeException.class, call);
        assertTrue(e instanceof OperandMismatch || e instanceof IllegalArgumentException);
        assertEquals(message, e.getMessage());
    }
}
