package gradus.graph.check;

import gradus.array.DType;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Derivatives;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientCheck.Worst;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Formats the result of a check as a few aligned lines for a terminal. */
final class GradientReport {
    private static final String INDENT = " ".repeat(12);
    private static final int WIDE = 120;

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
        if (r.derivatives() != null) {
            derivatives(r.derivatives());
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
                + (r.method().isEmpty() ? "" : ": ") + r.method();
    }

    private void worst(Worst w) {
        line("worst", place(w) + ", derivative of " + w.outputName());
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
        String right = "the gradient is right" + precision();
        if (Double.isNaN(r.slope())) {
            return r.verdict() == Verdict.OK && r.comparisons() > 0
                    ? "the remainder is all rounding error: " + right
                    : "";
        }
        String falls = String.format(Locale.ROOT, "the remainder falls with slope %.2f: ", r.slope());
        if (!TaylorRemainder.isWrong(r.slope())) {
            return falls + (r.verdict() == Verdict.OK ? right : "it is wrong by very little");
        }
        return falls
                + (r.verdict() == Verdict.OK ? "a kink, or an error below the tolerance" : "the gradient is wrong");
    }

    /** Returns the precision to which a gradient in single precision is tested. */
    private String precision() {
        return r.dtype() == DType.FLOAT64
                ? ""
                : String.format(Locale.ROOT, " to %s percent", (float) (100 * r.relativeTolerance()));
    }

    // ---- all derivatives by an input

    /** Prints rule, numeric and difference: side by side where there is room for it, else below one another. */
    private void derivatives(Derivatives s) {
        double[] a = s.rule().toDoubleArray();
        double[] b = s.numeric().toDoubleArray();
        int columns = s.rule().shape().dim(-1);
        double[] gap = new double[a.length];
        Arrays.setAll(gap, i -> gap(a[i], b[i]));
        int digits = digits(a, b, gap);
        String[][] blocks = {
            rows("rule", a, columns, digits),
            rows("numeric", b, columns, digits),
            rows("difference", gap, columns, digits)
        };
        String[] of = s.title().split(" ", 2);
        line(of[0], of[1] + " by " + r.worst().name());
        if (3 * blocks[0][1].length() <= WIDE) {
            for (int i = 0; i < blocks[0].length; i++) {
                lines.add((INDENT + blocks[0][i] + "   " + blocks[1][i] + "   " + blocks[2][i]).stripTrailing());
            }
        } else {
            Arrays.stream(blocks).flatMap(Arrays::stream).forEach(row -> lines.add((INDENT + row).stripTrailing()));
        }
    }

    /** Returns the difference; 0 where it is no more than was tolerated. */
    private double gap(double a, double b) {
        return Math.abs(a - b) <= r.relativeTolerance() * Math.max(0.01, Math.max(Math.abs(a), Math.abs(b)))
                ? 0
                : a - b;
    }

    /** Returns how many digits tell the rule from the number wherever they differ. */
    private static int digits(double[] a, double[] b, double... gap) {
        return IntStream.of(4, 6, 8)
                .filter(d -> IntStream.range(0, a.length)
                        .allMatch(i -> gap[i] == 0 || !cell(a[i], d).equals(cell(b[i], d))))
                .findFirst()
                .orElse(10);
    }

    private static String cell(double v, int digits) {
        return String.format(Locale.ROOT, "%" + (digits + 7) + "." + digits + "g", v);
    }

    private static String[] rows(String head, double[] values, int columns, int digits) {
        String[] rows = new String[1 + values.length / columns];
        rows[0] = String.format("%-" + columns * (digits + 7) + "s", head);
        for (int i = 1; i < rows.length; i++) {
            int from = (i - 1) * columns;
            rows[i] = IntStream.range(from, from + columns)
                    .mapToObj(k ->
                            values[k] == 0 ? String.format("%" + (digits + 7) + "s", "0") : cell(values[k], digits))
                    .collect(Collectors.joining());
        }
        return rows;
    }

    /** Returns an element with its two derivatives in one line. */
    static String line(Worst w) {
        return String.format(
                Locale.ROOT,
                "%s, derivative of %s: rule %.10g, numeric %.10g",
                place(w),
                w.outputName(),
                w.rule(),
                w.numeric());
    }

    private static String place(Worst w) {
        return w.name() + (w.index().length == 0 ? "" : " at " + Arrays.toString(w.index()));
    }

    private String advice() {
        return switch (r.verdict()) {
            case OK -> "";
            case KINK -> "the function has a kink or a jump here; check it at a point away from it";
            case TOO_NOISY ->
                "rounding error is too large for a verdict; check at smaller values, or at a better conditioned point";
            case NOT_FINITE ->
                r.worst() == null
                        ? "nothing can be compared here; check where the function is finite"
                        : "the function is finite here, but not a step away: check further inside its domain";
            case NO_INFLUENCE -> "nothing was tested: compute the output from the nodes that are checked";
            case NONDETERMINISTIC ->
                "name state that is meant to change with restoring(..); else look for state kept between calls";
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
            case ZERO_GRADIENT ->
                "the gradient of this input is zero: does the rule return zeros, or is the input detached?";
            case SIGN_FLIPPED -> "the sign is wrong: negate what the rule returns";
            case FACTOR -> "a constant factor is wrong";
            case TRANSPOSED -> "the gradient is transposed: exchange the operands of the rule's product, or its flags";
            case JACOBIAN_TRANSPOSED ->
                "the Jacobian is transposed: the rule must multiply gy by the transposed Jacobian: exchange rows and"
                        + " columns, or sum from the other end";
            case UPSTREAM_IGNORED -> "the rule does not use gy: multiply by the gradient of the output";
            case NOT_LINEAR ->
                "the rule is not linear in gy: twice as much, or the opposite, must give twice as much, or"
                        + " the opposite";
            case BROADCAST_NOT_SUMMED ->
                "the gradient is not summed over the broadcast axes of this input: return it"
                        + " in the output's shape and leave the sum to backward";
            case MISSING_TERM ->
                "the gradient is right in part, and zero elsewhere: a term of a sum or an element is missing";
            case INPUTS_SWAPPED ->
                "this is the gradient of another input: the rules are not in the order of the inputs";
            case SHIFTED -> "the values are right, but shifted or reversed along an axis";
            case WRONG_FOR_ONE_SIGN ->
                "the rule is right for inputs of one sign and wrong for the other: look at its branches";
            case RULE_NOT_FINITE ->
                "the rule gives NaN or infinity where the derivative is finite: mask what is not selected"
                        + " with maskedBy";
            case NONE, UNKNOWN -> "no common mistake fits; the formula of the rule is not the derivative";
        };
    }
}
