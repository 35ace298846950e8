package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfc;
import org.junit.jupiter.api.Test;

/**
 * The error function, the normal distribution, and the activation functions that are made of it or of the sigmoid, against erfc.txt: values to
 * 22 digits, written by erfc.py.
 */
class ErrorFunctionTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    /** The columns of erfc.txt behind x that are values, and the columns of derivatives. */
    private static final List<UnaryFunction> VALUES = List.of(
            UnaryFunction.ERF,
            UnaryFunction.ERFC,
            UnaryFunction.NORMAL_CDF,
            UnaryFunction.GELU,
            UnaryFunction.GELU_TANH,
            UnaryFunction.SILU);

    private static final List<BinaryFunction> GRADIENTS =
            List.of(BinaryFunction.GELU_GRADIENT, BinaryFunction.GELU_TANH_GRADIENT, BinaryFunction.SILU_GRADIENT);

    @Test
    void values_are_within_their_documented_ulp_in_both_types() throws IOException {
        for (String line : lines()) {
            String[] columns = line.split(" ", -1);
            double x = Double.parseDouble(columns[0]);
            for (int k = 0; k < VALUES.size(); k++) {
                UnaryFunction f = VALUES.get(k);
                BigDecimal want = new BigDecimal(columns[1 + k]);
                requireWithin(stated(f, x), want, of(f, x), Math.ulp(want.doubleValue()), f + " of " + x);
                if ((float) x == x) {
                    float ulp = Math.ulp(want.floatValue());
                    requireWithin(stated(f, x), want, of(f, (float) x), ulp, f + " of the float " + x);
                }
            }
        }
    }

    private static double stated(UnaryFunction f, double x) {
        return switch (f) {
            case ERF, SILU -> 3;
            case GELU_TANH -> 3 + 2 * sigmoidArgument(x);
            case NORMAL_CDF, GELU -> Math.abs(x) < 4 ? 5 : 8;
            default -> 8;
        };
    }

    /** In ulp of the sum of the absolute values of the terms, which cancel where the slope is 0. */
    @Test
    void slopes_are_within_their_documented_ulp_in_both_types() throws IOException {
        for (String line : lines()) {
            String[] columns = line.split(" ", -1);
            double x = Double.parseDouble(columns[0]);
            for (int k = 0; k < GRADIENTS.size(); k++) {
                BinaryFunction f = GRADIENTS.get(k);
                BigDecimal want = new BigDecimal(columns[1 + VALUES.size() + k]);
                BigDecimal value = new BigDecimal(columns[4 + k]); // x g(x), where the derivative is g(x) + x g'(x)
                BigDecimal g = x == 0 ? want : value.divide(new BigDecimal(x), MathContext.DECIMAL128);
                BigDecimal terms = g.add(want.subtract(g).abs());
                double stated = f == BinaryFunction.GELU_TANH_GRADIENT ? 4 + 2 * sigmoidArgument(x) : 4;
                requireWithin(stated, want, of(f, x), Math.ulp(terms.doubleValue()), f + " at " + x);
                if ((float) x == x) {
                    requireWithin(
                            stated, want, of(f, (float) x), Math.ulp(terms.floatValue()), f + " at the float " + x);
                }
            }
        }
    }

    /** Returns |v| of {@code geluTanh(x) = x sigmoid(v)}, whose rounding error the exponential amplifies. */
    private static double sigmoidArgument(double x) {
        return Math.abs(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x));
    }

    /** Boost's erfc, with erfc' for the rounding error of the argument of the normal distribution, is another algorithm. */
    @Test
    void random_values_are_those_of_another_algorithm() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            double x = i % 2 == 0 ? random.nextGaussian() : random.nextDouble() * 70 - 35;
            requireNear(Erf.value(x), of(UnaryFunction.ERF, x), 4, "erf of " + x);
            requireNear(Erfc.value(x), of(UnaryFunction.ERFC, x), 9, "erfc of " + x);
            double cdf = normalCdf(x);
            requireNear(cdf, of(UnaryFunction.NORMAL_CDF, x), 9, "cdf of " + x);
            requireNear(x * cdf, of(UnaryFunction.GELU, x), 9, "gelu of " + x);
        }
    }

    private static double normalCdf(double x) {
        double half = Math.sqrt(0.5);
        double z = -x * half;
        double y = 0.5 * Erfc.value(z);
        double error = Math.fma(-x, half, -z) + x * 4.833646656726457e-17; // what sqrt(1/2) is less than half
        return z > 1.5 ? y - error * Math.exp(-z * z) / Math.sqrt(Math.PI) : y;
    }

    @Test
    void limits_signs_of_zero_and_nan_are_exact() {
        assertAt(UnaryFunction.ERF, -1, 1, 0.0);
        assertAt(UnaryFunction.ERFC, 2, 0.0, 1);
        assertAt(UnaryFunction.NORMAL_CDF, 0.0, 1, 0.5);
        assertAt(UnaryFunction.GELU, -0.0, INF, 0.0);
        assertAt(UnaryFunction.GELU_TANH, -0.0, INF, 0.0);
        assertAt(UnaryFunction.SILU, -0.0, INF, 0.0);
        for (UnaryFunction f : VALUES) {
            boolean odd = f != UnaryFunction.ERFC && f != UnaryFunction.NORMAL_CDF;
            assertEquals(odd ? -0.0 : of(f, 0.0), of(f, -0.0), f + " of -0");
            assertEquals(odd ? -0.0 : of(f, 0.0), of(f, -0f), f + " of the float -0");
        }
        for (BinaryFunction f : GRADIENTS) {
            for (double sign : new double[] {-1, 1}) {
                assertEquals(sign > 0 ? 1 : 0, Math.abs(of(f, sign * INF)), f + " at infinity");
                assertEquals(sign > 0 ? 1 : 0, Math.abs(of(f, sign * Double.MAX_VALUE)), f + " at the largest number");
                assertEquals(sign > 0 ? 1 : 0, Math.abs(of(f, (float) (sign * INF))), f + " at infinity, of floats");
                assertEquals(0.5, of(f, sign * 0.0), f + " at 0");
            }
            assertEquals(Double.NaN, of(f, Double.NaN), f + " at NaN");
        }
    }

    private static void assertAt(UnaryFunction f, double low, double high, double zero) {
        assertEquals(low, of(f, -INF), f + " of -infinity");
        assertEquals(low, of(f, -Double.MAX_VALUE), f + " of the least number");
        assertEquals(low, of(f, -Float.MAX_VALUE), f + " of the least float");
        assertEquals(high, of(f, INF), f + " of infinity");
        assertEquals(high, of(f, Float.POSITIVE_INFINITY), f + " of infinity as a float");
        assertEquals(zero, of(f, 0.0), f + " of 0");
        assertEquals(Double.NaN, of(f, Double.NaN), f + " of NaN");
        assertEquals(Double.NaN, of(f, Float.NaN), f + " of NaN as a float");
    }

    private static void requireNear(double want, double got, double ulps, String what) {
        assertEquals(want, got, ulps * Math.ulp(want), what);
    }

    private static void requireWithin(double stated, BigDecimal want, double got, double ulp, String what) {
        double off = ulps(want, got, ulp);
        assertTrue(off <= stated, what + " is " + got + ", off by " + off + " ulp");
    }

    private static double ulps(BigDecimal want, double got, double ulp) {
        return want.subtract(new BigDecimal(got))
                .abs()
                .divide(new BigDecimal(ulp), MathContext.DECIMAL64)
                .doubleValue();
    }

    private static List<String> lines() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                ErrorFunctionTest.class.getResourceAsStream("erfc.txt"), StandardCharsets.UTF_8))) {
            return in.lines().toList();
        }
    }

    private static double of(UnaryFunction f, double x) {
        double[] y = {x};
        Loops.F64.map(f).run(1, y, 0, y, 0);
        return y[0];
    }

    private static double of(UnaryFunction f, float x) {
        float[] y = {x};
        Loops.F32.map(f).run(1, y, 0, y, 0);
        return y[0];
    }

    private static double of(BinaryFunction f, double x) {
        double[] y = {x};
        Loops.F64.zip(f).run(1, new double[] {1}, 0, 1, y, 0, 1, y, 0);
        return y[0];
    }

    private static double of(BinaryFunction f, float x) {
        float[] y = {x};
        Loops.F32.zip(f).run(1, new float[] {1}, 0, 1, y, 0, 1, y, 0);
        return y[0];
    }
}
