package gradus.graph;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.GradientCheck.Cause;
import gradus.graph.GradientCheck.Report;
import gradus.graph.GradientCheck.Sides;
import gradus.graph.GradientCheck.Verdict;
import gradus.graph.GradientCheck.Worst;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** Writes what a check found as a few aligned lines for a terminal. */
final class GradientReport {
    private final StringJoiner lines = new StringJoiner(System.lineSeparator());
    private final Report r;

    private GradientReport(Report r) {
        this.r = r;
    }

    static String text(Report r) {
        return new GradientReport(r).text();
    }

    private String text() {
        lines.add("gradient check: " + r.verdict() + (r.cause() == Cause.NONE ? "" : " (" + r.cause() + ")"));
        line(r.cause() == Cause.NONE ? "advice" : "cause", advice());
        line("detail", r.detail());
        line("compared", compared());
        if (r.worst() != null) {
            worst(r.worst());
        }
        line("Taylor", taylor());
        if (r.sides() != null) {
            sides(r.sides());
        }
        return lines.toString();
    }

    private void line(String head, String text) {
        if (!text.isEmpty()) {
            lines.add(String.format("  %-9s %s", head, text));
        }
    }

    private String compared() {
        String type = r.dtype() == DType.FLOAT64 ? "FLOAT64" : "FLOAT32, with differences in double precision";
        return r.comparisons() + " derivatives, order " + r.order() + ", " + type
                + (r.how().isEmpty() ? "" : ": ") + r.how();
    }

    private void worst(Worst w) {
        String in = w.name() + (w.index().length == 0 ? "" : " at " + Arrays.toString(w.index()));
        line("worst", in + ", derivative of " + w.of());
        lines.add(String.format(
                Locale.ROOT,
                "            rule %.10g, numeric %.10g%n            relative error %.3g, tolerated difference %.3g, step %.3g",
                w.rule(),
                w.numeric(),
                w.relativeError(),
                w.tolerance(),
                w.step()));
    }

    private String taylor() {
        if (Double.isNaN(r.slope())) {
            return r.verdict() == Verdict.OK && r.comparisons() > 0
                    ? "the remainder is all rounding: the gradient is right"
                    : "";
        }
        String falls = String.format(Locale.ROOT, "the remainder falls with slope %.2f: ", r.slope());
        if (!TaylorRemainder.condemns(r.slope())) {
            return falls + (r.verdict() == Verdict.OK ? "the gradient is right" : "it is wrong by very little");
        }
        return falls
                + (r.verdict() == Verdict.OK ? "a kink, or an error below the tolerance" : "the gradient is wrong");
    }

    private void sides(Sides s) {
        String[] a = rows(s.rule());
        String[] b = rows(s.numeric());
        int width = Math.max(4, Arrays.stream(a).mapToInt(String::length).max().orElse(0));
        String of = s.mixed() ? "a signed mixture of outputs" : "the output";
        line("gradient", "of " + of + " by " + r.worst().name());
        String format = "            %-" + width + "s   %s";
        lines.add(String.format(format, "rule", "numeric"));
        IntStream.range(0, a.length).forEach(i -> lines.add(String.format(format, a[i], b[i])));
    }

    private static String[] rows(Tensor t) {
        double[] values = t.toDoubleArray();
        int columns = t.shape().dim(-1);
        String[] rows = new String[columns == 0 ? 0 : values.length / columns];
        for (int i = 0; i < rows.length; i++) {
            StringBuilder row = new StringBuilder();
            for (int j = 0; j < columns; j++) {
                row.append(String.format(Locale.ROOT, "%11.4g", values[i * columns + j]));
            }
            rows[i] = row.toString();
        }
        return rows;
    }

    private String advice() {
        return switch (r.verdict()) {
            case OK -> "";
            case KINK -> "the function has a kink or a jump here; check it at a point away from it";
            case TOO_NOISY -> "rounding hides the answer; check nearer to 0, or at a better conditioned point";
            case NOT_FINITE -> "nothing can be compared here; check where the function is finite";
            case NONDETERMINISTIC ->
                "say what changes with restoring(..), if it is meant to; else look for state kept" + " between calls";
            case WRONG ->
                cause()
                        + (r.order() > 1
                                ? "; at order " + r.order() + " a rule must be written in nodes, of"
                                        + " c.x(i) and c.y() undetached"
                                : "");
        };
    }

    private String cause() {
        return switch (r.cause()) {
            case NOTHING_PASSED_BACK ->
                "nothing comes back to this input: does the rule return zeros, or is there a" + " detach() on the way?";
            case SIGN_FLIPPED -> "the sign is wrong: negate what the rule returns";
            case FACTOR -> "a constant factor is wrong";
            case TRANSPOSED -> "the gradient is transposed: exchange the operands of the rule's product, or its flags";
            case UPSTREAM_IGNORED -> "the rule does not use gy: multiply by the gradient of the output";
            case NOT_LINEAR ->
                "the rule is not linear in gy: twice as much, or the opposite, must give twice as much, or"
                        + " the opposite";
            case BROADCAST_NOT_SUMMED ->
                "the gradient is not summed over what this input was repeated along: return it"
                        + " in the output's shape and leave the sum to backward";
            case PART_MISSING -> "what comes back is right, but some of it is missing: a term of a sum, or an element";
            case EXCHANGED -> "this is the gradient of another input: the rules' order is not the inputs'";
            case SHIFTED -> "the values are right, but shifted or reversed along an axis";
            case ONE_SIDED -> "the rule is right for inputs of one sign and wrong for the other: look at its branches";
            case NOT_A_NUMBER ->
                "the rule gives NaN or infinity where the derivative is finite: mask what is not taken"
                        + " with onlyWhere";
            case NONE, UNKNOWN -> "no usual mistake fits; the formula of the rule is not the derivative";
        };
    }
}
