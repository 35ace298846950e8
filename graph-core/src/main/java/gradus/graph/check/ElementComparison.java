package gradus.graph.check;

import gradus.graph.check.DerivativeTable.Mismatch;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * The comparison of derivatives by single elements. Those that a central difference does not confirm are classified, the
 * largest gap first, until one is found to be wrong.
 *
 * <p>A derivative that {@link MismatchClassifier} calls wrong is reported as such only if {@link MixedDifference} finds no
 * kink, the rule does not vary by the gap between neighbouring points, and the {@link TaylorRemainder} does not fall with
 * slope 2.
 */
final class ElementComparison {
    private static final int REMAINDERS = 8;

    // multiples of a step that no period divides
    private static final double[] UNEVEN = {1, 1.37, 1.83, 2.19, 2.77, 3.71, 4.61, 5.93};

    private final ComparisonContext c;
    private final FlatFunction f;
    private final DerivativeTable t;
    private final String method;
    private final Set<Integer> kinks;
    private final Map<Integer, NumericDerivative> derivatives = new HashMap<>();
    private int remainders;

    private ElementComparison(ComparisonContext c, DerivativeTable t, String method, Set<Integer> kinks) {
        this.c = c;
        this.f = c.f;
        this.t = t;
        this.method = method;
        this.kinks = kinks;
    }

    /**
     * Compares the derivatives by some elements under each cotangent.
     *
     * @param kinks gets the elements near which the function has a kink
     */
    static Report compare(ComparisonContext c, Cotangents u, int[] columns, String method, Set<Integer> kinks) {
        return new ElementComparison(c, DerivativeTable.of(c, u, columns), method, kinks).report();
    }

    private Report report() {
        Verdict verdict = Verdict.OK;
        Mismatch at = null;
        for (Mismatch m : t.mismatches()) {
            Verdict v = classify(m);
            if (v == Verdict.WRONG) {
                return new MismatchReport(c, t, m, method).wrong();
            }
            if (v == Verdict.KINK) {
                kinks.add(m.column());
            }
            if (rank(v) > rank(verdict)) {
                verdict = v;
                at = m;
            }
        }
        return at == null ? c.report(Verdict.OK, method, "") : new MismatchReport(c, t, at, method).undecided(verdict);
    }

    private static int rank(Verdict v) {
        return switch (v) {
            case KINK, NOT_FINITE -> 2;
            case TOO_NOISY -> 1;
            default -> 0;
        };
    }

    /** Classifies a derivative, and replaces the numeric one by the estimate that this is based on. */
    private Verdict classify(Mismatch m) {
        NumericDerivative by =
                derivatives.computeIfAbsent(m.column(), j -> NumericDerivative.byElement(f, t.u(), c.y, j));
        MismatchClassifier.Classified classified =
                new MismatchClassifier(f, t.u(), c.y, by).classify(m.row(), t.rule(m), t.allowed(m));
        t.refine(m, classified.best());
        return classified.verdict() == Verdict.WRONG && Double.isFinite(t.rule(m))
                ? confirmWrong(m, by)
                : classified.verdict();
    }

    /**
     * Returns whether the rule's derivative varies by some amount over a few of the finest steps, on one side of the point at
     * least. The function then varies on a scale that no difference resolves, if the rule is right. A jump of the rule at
     * the point does not count.
     */
    private boolean variesBetweenNeighbours(Mismatch m, double[] u, double finest, double amount) {
        return range(m, u, finest) >= amount || range(m, u, -finest) >= amount;
    }

    /** Returns how much the rule's derivative varies between a few points on one side; 0 if it is not a number there. */
    private double range(Mismatch m, double[] u, double step) {
        int j = m.column();
        DoubleSummaryStatistics derivatives = DoubleStream.of(UNEVEN)
                .map(k -> f.vjpAt(f.replaced(j, f.near(f.x[j] + k * step)), u)[j])
                .summaryStatistics();
        double range = derivatives.getMax() - derivatives.getMin();
        return Double.isFinite(range) ? range : 0;
    }

    /** Returns WRONG, or why a derivative that differs from the numeric one may be right. */
    private Verdict confirmWrong(Mismatch m, NumericDerivative by) {
        double gap = Math.abs(t.rule(m) - t.numeric(m).value());
        double[] u = t.u().row(m.row());
        if (new MixedDifference(f, u, c.y, m.column()).hasKink(gap, () -> c.signed(f.x.length))) {
            return Verdict.KINK;
        }
        if (variesBetweenNeighbours(m, u, by.finest(), gap / 2)) {
            return Verdict.TOO_NOISY;
        }
        boolean contradicted = remainders++ >= REMAINDERS
                || TaylorRemainder.byElement(f, c.y, u, m.column(), t.rule()[m.row()])
                        .isRight();
        return contradicted ? Verdict.TOO_NOISY : Verdict.WRONG;
    }
}
