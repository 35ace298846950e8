package gradus.graph;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.GradientCheck.Cause;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * Guesses what a wrong rule got wrong, from the pattern of its derivatives of one input beside the numeric ones.
 *
 * @param columns which elements were compared
 * @param u the cotangents, a row each
 * @param rule the rule's derivatives, a row for each cotangent
 * @param numeric the numeric ones; NaN for elements that were not compared
 * @param excess by how many times the tolerance two derivatives differ
 */
record GradientCause(
        FlatFunction f,
        int input,
        int[] columns,
        double[][] u,
        double[][] rule,
        double[][] numeric,
        DoubleBinaryOperator excess) {

    Cause find(RandomStream random) {
        int from = f.offset(input);
        int to = from + f.shape(input).size();
        int[] own = Arrays.stream(columns).filter(j -> j >= from && j < to).toArray();
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
        if (aa == 0) {
            return Cause.NOTHING_PASSED_BACK;
        }
        if (ignoresUpstream(from, to, random)) {
            return Cause.UPSTREAM_IGNORED;
        }
        if (aa * nn > 0 && Math.abs(an * an / (aa * nn) - 1) < 1e-6) {
            return Math.abs(an / nn + 1) < 1e-4 ? Cause.SIGN_FLIPPED : Cause.FACTOR;
        }
        Shape s = f.shape(input);
        boolean whole = own.length == s.size();
        if (whole && s.rank() == 2 && s.dim(0) == s.dim(1) && transposed(from, s.dim(0))) {
            return Cause.TRANSPOSED;
        }
        Shape out = f.outputShape();
        boolean broadcast = !s.equals(out) && s.expandsTo(out);
        return broadcast && partial(own) ? Cause.BROADCAST_NOT_SUMMED : Cause.UNKNOWN;
    }

    private boolean ignoresUpstream(int from, int to, RandomStream random) {
        double[] once = new double[u[0].length];
        Arrays.setAll(once, i -> random.nextGaussian());
        double[] a = f.pull(once);
        double[] b = f.pull(Arrays.stream(once).map(v -> 2 * v).toArray());
        boolean something = false;
        for (int j = from; j < to; j++) {
            something |= a[j] != 0;
            if (a[j] != b[j]) {
                return false;
            }
        }
        return something;
    }

    private boolean transposed(int from, int side) {
        for (int r = 0; r < rule.length; r++) {
            for (int i = 0; i < side * side; i++) {
                int other = i % side * side + i / side;
                if (excess.applyAsDouble(rule[r][from + i], numeric[r][from + other]) > 1) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns whether every derivative is right or missing altogether, as when only part of a sum was taken. */
    private boolean partial(int... own) {
        for (int r = 0; r < rule.length; r++) {
            for (int j : own) {
                if (rule[r][j] != 0 && excess.applyAsDouble(rule[r][j], numeric[r][j]) > 1) {
                    return false;
                }
            }
        }
        return true;
    }
}
