package gradus.graph.check;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientSettings.Tolerance;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Infers the likely mistake in a wrong rule from its derivatives by one input and the numeric ones. The first pattern that
 * fits is reported, so specific patterns are tested before general ones.
 *
 * @param columns which elements were compared
 * @param u the cotangents
 * @param rule the rule's derivatives, a row for each cotangent that concerns the output
 * @param numeric the numeric ones; NaN for elements that were not compared
 */
record GradientCause(
        FlatFunction f,
        int input,
        int[] columns,
        Cotangents u,
        double[][] rule,
        double[][] numeric,
        Tolerance tolerance) {

    /** A cause and a note about it. */
    record Finding(Cause cause, String detail) {
        static Finding of(Cause cause) {
            return new Finding(cause, "");
        }
    }

    Finding find(RandomStream random) {
        int[] own = Arrays.stream(columns)
                .filter(j -> f.inputs.tensorOf(j) == input)
                .toArray();
        if (any(own, (r, j) -> !Double.isFinite(rule[r][j]))) {
            return Finding.of(Cause.RULE_NOT_FINITE);
        }
        if (!any(own, (r, j) -> rule[r][j] != 0)) {
            return Finding.of(Cause.ZERO_GRADIENT);
        }
        Cause upstream = upstream(random);
        if (upstream != Cause.NONE) {
            return Finding.of(upstream);
        }
        Finding parallel = parallel(own);
        return parallel.cause() != Cause.NONE ? parallel : Finding.of(pattern(own));
    }

    // ---- what the rule does with the gradient of the output, which it must be linear in

    private Cause upstream(RandomStream random) {
        double[] once = new double[u.row(0).length];
        Arrays.setAll(once, i -> f.near(random.nextGaussian()));
        double[] a = f.vjp(once);
        double[] twice = f.vjp(scaled(once, 2));
        double[] opposite = f.vjp(scaled(once, -1));
        int[] own = f.inputs.elements(input).toArray();
        if (any(own, (r, j) -> a[j] != 0) && all(own, j -> a[j] == twice[j])) {
            return Cause.UPSTREAM_IGNORED;
        }
        boolean linear = all(own, j -> agrees(2 * a[j], twice[j]) && agrees(-a[j], opposite[j]));
        return linear ? Cause.NONE : Cause.NOT_LINEAR;
    }

    private static double[] scaled(double[] v, double factor) {
        return Arrays.stream(v).map(e -> factor * e).toArray();
    }

    // ---- a constant multiple of the right gradient

    private Finding parallel(int... own) {
        double aa = 0; // the sums of products of rule and numeric, to see whether one is a multiple of the other
        double an = 0;
        double nn = 0;
        for (int r = 0; r < rule.length; r++) {
            for (int j : own) {
                aa += rule[r][j] * rule[r][j];
                an += rule[r][j] * numeric[r][j];
                nn += numeric[r][j] * numeric[r][j];
            }
        }
        double near = Math.max(1e-10, tolerance.relative() * tolerance.relative());
        boolean same = Math.abs(an / nn - 1) <= tolerance.relative(); // only a small element of it is wrong
        if (same || !(aa * nn > 0 && Math.abs(an * an / (aa * nn) - 1) < near)) {
            return Finding.of(Cause.NONE);
        }
        double factor = an / nn;
        double close = Math.max(1e-4, tolerance.relative());
        if (Math.abs(factor + 1) < close) {
            return Finding.of(Cause.SIGN_FLIPPED);
        }
        String times = "the rule gives "
                + new BigDecimal(factor)
                        .round(new MathContext(5))
                        .stripTrailingZeros()
                        .toPlainString()
                + " times the right gradient";
        return new Finding(Cause.FACTOR, times + asCount(factor, close));
    }

    /** Recognises a factor that is a size beyond 2, or one over it, as where a mean was taken for a sum. */
    private String asCount(double factor, double close) {
        double count = factor < 1 ? 1 / factor : factor;
        Shape s = f.inputs.shape(input);
        IntStream sizes = IntStream.concat(
                IntStream.of(s.size(), u.row(0).length),
                IntStream.concat(
                        Arrays.stream(s.dims()),
                        f.outputs().shapes().stream().flatMapToInt(o -> Arrays.stream(o.dims()))));
        return sizes.filter(k -> k > 2 && Math.abs(count - k) < close * k)
                .mapToObj(k -> "; " + k + " is a size here: was a mean taken for a sum, or the other way round?")
                .findFirst()
                .orElse("");
    }

    // ---- patterns

    private Cause pattern(int... own) {
        Shape s = f.inputs.shape(input);
        int from = f.inputs.offset(input);
        boolean whole = own.length == s.size();
        if (whole && s.rank() == 2 && s.dim(0) == s.dim(1) && s.dim(0) > 1) {
            int n = s.dim(0);
            if (permuted(own, j -> from + (j - from) % n * n + (j - from) / n)) {
                return Cause.TRANSPOSED;
            }
        }
        if (whole && swapped(own)) {
            return Cause.INPUTS_SWAPPED;
        }
        if (whole && jacobianTransposed(own)) {
            return Cause.JACOBIAN_TRANSPOSED;
        }
        if (!any(own, (r, j) -> rule[r][j] != 0 && !agrees(rule[r][j], numeric[r][j]))) {
            boolean broadcast = f.outputs().shapes().stream().anyMatch(o -> !s.equals(o) && s.expandsTo(o));
            return broadcast ? Cause.BROADCAST_NOT_SUMMED : Cause.MISSING_TERM;
        }
        for (int axis = 0; whole && axis < s.rank(); axis++) {
            if (shiftedOrReversed(axis, own)) {
                return Cause.SHIFTED;
            }
        }
        return wrongForOneSign(own) ? Cause.WRONG_FOR_ONE_SIGN : Cause.UNKNOWN;
    }

    /** Returns whether the rule gives each element the derivative of another one. */
    private boolean permuted(int[] own, IntUnaryOperator other) {
        return !any(own, (r, j) -> !agrees(rule[r][j], numeric[r][other.applyAsInt(j)]));
    }

    /** Returns whether the rule gives the derivative by another input of the same shape. */
    private boolean swapped(int... own) {
        Shape s = f.inputs.shape(input);
        for (int i = 0; i < f.inputs.count(); i++) {
            int distance = f.inputs.offset(i) - f.inputs.offset(input);
            if (i != input && f.inputs.shape(i).equals(s) && permuted(own, j -> j + distance)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the rule's Jacobian, if it was compared in full, is the transpose of the numeric one. */
    private boolean jacobianTransposed(int... own) {
        boolean full = u.output(0) >= 0 && rule.length == own.length && own.length > 1;
        return full && !any(own, (r, j) -> !agrees(rule[r][j], numeric[j - own[0]][own[r]]));
    }

    /** Returns whether the gradient is reversed along an axis, or shifted by one place, whatever stands at its edge. */
    private boolean shiftedOrReversed(int axis, int... own) {
        Shape s = f.inputs.shape(input);
        int n = s.dim(axis);
        if (n < 2) {
            return false;
        }
        int from = f.inputs.offset(input);
        int stride = 1;
        for (int a = axis + 1; a < s.rank(); a++) {
            stride *= s.dim(a);
        }
        int step = stride;
        IntUnaryOperator place = j -> (j - from) / step % n;
        if (permuted(own, j -> j + (n - 1 - 2 * place.applyAsInt(j)) * step)) {
            return true;
        }
        int[] later = Arrays.stream(own).filter(j -> place.applyAsInt(j) > 0).toArray();
        int[] earlier =
                Arrays.stream(own).filter(j -> place.applyAsInt(j) < n - 1).toArray();
        return n > 2 && (permuted(later, j -> j - step) || permuted(earlier, j -> j + step));
    }

    /** Returns whether the rule is wrong at every element of one sign and right at every one of the other. */
    private boolean wrongForOneSign(int... own) {
        IntPredicate wrong = j -> any(new int[] {j}, (r, k) -> !agrees(rule[r][k], numeric[r][k]));
        int[] low = Arrays.stream(own).filter(j -> f.x[j] < 0).toArray();
        int[] high = Arrays.stream(own).filter(j -> f.x[j] > 0).toArray();
        boolean lowOnly = all(low, wrong) && all(high, wrong.negate());
        boolean highOnly = all(high, wrong) && all(low, wrong.negate());
        return low.length > 1 && high.length > 1 && (lowOnly || highOnly);
    }

    // ---- quantifiers

    private boolean agrees(double a, double b) {
        return tolerance.excess(a, b) <= 1;
    }

    /** A condition on a row and a column. */
    @FunctionalInterface
    private interface Condition {
        boolean test(int row, int column);
    }

    private boolean any(int[] own, Condition condition) {
        for (int r = 0; r < rule.length; r++) {
            for (int j : own) {
                if (condition.test(r, j)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean all(int[] own, IntPredicate condition) {
        return Arrays.stream(own).allMatch(condition);
    }
}
