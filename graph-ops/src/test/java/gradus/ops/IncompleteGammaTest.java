package gradus.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.graph.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.gamma.RegularizedGamma;
import org.junit.jupiter.api.Test;

/** The quantile of the gamma distribution and its derivatives, against values of 40 digits that gamma.py computed. */
class IncompleteGammaTest {
    private static final List<Row> ROWS = Row.all();

    /** A line of gamma.txt: d has the derivatives of orders 1 to 3. */
    private record Row(double a, double u, double y, double... d) {
        static List<Row> all() {
            try (InputStream in = IncompleteGammaTest.class.getResourceAsStream("gamma.txt")) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return text.lines()
                        .map(line -> Arrays.stream(line.split(" ", -1))
                                .mapToDouble(Double::parseDouble)
                                .toArray())
                        .map(v -> new Row(v[0], v[1], v[2], v[3], v[4], v[5]))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void quantiles_agree_with_forty_digits() {
        assertEquals(99, ROWS.size());
        for (Row r : ROWS) {
            double y = IncompleteGamma.logQuantile(r.a, r.u);
            assertEquals(r.y, y, 1e-15 * Math.max(1, Math.abs(r.y)), "a " + r.a + ", u " + r.u);
        }
    }

    @Test
    void derivatives_agree_with_forty_digits() {
        double[] tolerances = {1e-13, 1e-11, 1e-9};
        for (Row r : ROWS) {
            double[] polygamma = new double[3];
            Arrays.setAll(polygamma, i -> Node.constant(r.a).polygamma(i).item());
            for (int k = 1; k <= 3; k++) {
                double d = IncompleteGamma.shapeDerivative(k, r.a, r.y, polygamma);
                double exact = r.d[k - 1];
                assertEquals(exact, d, tolerances[k - 1] * Math.abs(exact), "D" + k + " for a " + r.a + ", u " + r.u);
            }
        }
    }

    @Test
    void the_quantile_inverts_the_cdf() {
        for (double a : new double[] {0.05, 0.4, 1, 2.5, 30, 1e4, 1e7}) {
            for (double u : new double[] {1e-12, 1e-5, 0.2, 0.5, 0.8, 1 - 1e-5, 1 - 1e-12}) {
                double x = Math.exp(IncompleteGamma.logQuantile(a, u));
                double tail = u <= 0.5 ? RegularizedGamma.P.value(a, x) : RegularizedGamma.Q.value(a, x);
                double expected = u <= 0.5 ? u : 1 - u;
                double conditioning = 1 + 30 * Math.sqrt(a) + a * 1e-3;
                assertEquals(expected, tail, 1e-14 * conditioning * expected, "a " + a + ", u " + u);
            }
        }
    }

    @Test
    void the_approximation_for_large_a_is_near_the_root_and_its_derivative_near_that_of_a_normal_draw() {
        double u = 0.9;
        double z = 1.2815515655446004;
        double exact = IncompleteGamma.logQuantile(1e8, u);
        assertEquals(exact, IncompleteGamma.logQuantile(Math.nextUp(1e8), u), 1e-11);
        double a = 1e12;
        double y = IncompleteGamma.logQuantile(a, u);
        assertEquals(z, a * Math.expm1(y - Math.log(a)) / Math.sqrt(a), 1e-5);
        double d = IncompleteGamma.shapeDerivative(
                1, a, y, Node.constant(a).digamma().item());
        double dx = 1 + z / (2 * Math.sqrt(a)); // of x = a + z sqrt a
        double roundingOfY = Math.ulp(y) * Math.sqrt(a); // in standard deviations, 1e-6
        assertEquals(dx / (a + z * Math.sqrt(a)), -d, roundingOfY / a);
    }

    @Test
    void the_derivative_is_continuous_where_its_formula_changes() {
        for (double a : new double[] {0.3, 0.999999, 1, 4}) {
            double psi = Node.constant(a).digamma().item();
            for (double y : new double[] {psi, Math.log(0.05)}) {
                double below = IncompleteGamma.shapeDerivative(1, a, y - 1e-9, psi);
                double above = IncompleteGamma.shapeDerivative(1, a, y + 1e-9, psi);
                assertTrue(Math.abs(below - above) < 1e-7 * Math.abs(below), a + ": " + below + " and " + above);
            }
        }
    }
}
