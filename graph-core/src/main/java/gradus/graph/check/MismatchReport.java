package gradus.graph.check;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.check.DerivativeTable.Mismatch;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Derivatives;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientCheck.Worst;
import gradus.graph.check.GradientSettings.Tolerance;
import gradus.graph.check.NumericDerivative.Estimate;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** The report of a derivative that does not agree: which one, why it may be wrong, and all derivatives by its input. */
final class MismatchReport {
    private static final int SMALL = 6;

    private final ComparisonContext c;
    private final FlatFunction f;
    private final DerivativeTable t;
    private final Mismatch m;
    private final String method;
    private final int input;

    MismatchReport(ComparisonContext c, DerivativeTable t, Mismatch m, String method) {
        this.c = c;
        this.f = c.f;
        this.t = t;
        this.m = m;
        this.method = method;
        this.input = f.inputs.tensorOf(m.column());
    }

    /** Returns the report that the derivative is wrong. */
    Report wrong() {
        int[] rows = rowsOfOutput();
        double[][] rule = IntStream.of(rows).mapToObj(r -> t.rule()[r]).toArray(double[][]::new);
        double[][] numeric = IntStream.of(rows).mapToObj(this::refined).toArray(double[][]::new);
        GradientCause.Finding why =
                new GradientCause(f, input, t.columns(), t.u(), rule, numeric, c.tolerance).find(c.random);
        double slope = remainder().slope();
        return c.report(Verdict.WRONG, why.cause(), worst(), why.detail(), method, slope, derivatives());
    }

    /** Returns the report that the derivative cannot be compared, for a reason that is a verdict. */
    Report undecided(Verdict verdict) {
        String detail =
                switch (verdict) {
                    case NOT_FINITE -> leavingDomain();
                    case TOO_NOISY ->
                        remainder().isRight()
                                ? "the differences do not confirm the rule, but the Taylor remainder says right"
                                : "";
                    default -> "";
                };
        return c.report(verdict, Cause.NONE, worst(), detail, method, Double.NaN, null);
    }

    private TaylorRemainder.Convergence remainder() {
        return TaylorRemainder.byElement(f, c.y, t.u().row(m.row()), m.column(), t.rule()[m.row()]);
    }

    private String leavingDomain() {
        double x = f.x[m.column()];
        return String.format(
                Locale.ROOT,
                "a step of %.2g from %s = %s leaves the domain",
                f.step(x),
                f.inputs.element(m.column()),
                x);
    }

    private Worst worst() {
        int output = t.u().output(m.row());
        String of = output < 0
                ? "a signed linear combination of outputs"
                : f.outputs().element(output);
        double a = t.rule(m);
        Estimate numeric = t.numeric(m);
        double b = numeric.value();
        double relative = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
        int[] index = f.inputs.index(m.column());
        double allowed = t.allowed(m).of(a, b);
        return new Worst(input, f.inputs.name(input), index, output, a, b, relative, numeric.step(), allowed, of);
    }

    // ---- all derivatives of the output

    /** Returns the rows that differentiate the same output tensor: others may be right. */
    private int[] rowsOfOutput() {
        IntStream all = IntStream.range(0, t.u().count());
        if (t.u().output(m.row()) < 0) {
            return all.toArray();
        }
        int output = f.outputs().tensorOf(m.row());
        return all.filter(r -> f.outputs().tensorOf(r) == output).toArray();
    }

    /** Returns a row of numeric derivatives, with better estimates for this input's elements where rounding requires them. */
    private double[] refined(int row) {
        double[] numeric = new double[f.x.length];
        Arrays.fill(numeric, Double.NaN);
        for (int j : t.columns()) {
            Estimate e = t.numeric()[row][j];
            numeric[j] = f.inputs.tensorOf(j) == input
                    ? refined(NumericDerivative.byElement(f, t.u(), c.y, j), row, e, t.rule()[row][j], t.allowed()[row])
                    : e.value();
        }
        return numeric;
    }

    private static double refined(NumericDerivative by, int row, Estimate known, double rule, Tolerance allowed) {
        if (known.confirms(rule, allowed)) {
            return known.value();
        }
        double gap = Math.abs(known.value() - rule) + allowed.of(rule, rule);
        Estimate best = NumericDerivative.best(by.estimates(row, gap));
        return best.isKnown() ? best.value() : known.value();
    }

    // ---- all derivatives by the input

    /** Returns all derivatives by a small input: of each output, else of a signed linear combination of them. */
    private Derivatives derivatives() {
        Shape s = f.inputs.shape(input);
        int outputs = c.y.length;
        if (1 < outputs && outputs <= SMALL && s.size() <= SMALL) {
            Shape jacobian = Shape.of(outputs, s.size());
            return derivatives("Jacobian (rows: elements of the output)", jacobian, Cotangents.units(outputs));
        }
        if (s.rank() == 0 || s.rank() > 2 || Arrays.stream(s.dims()).max().orElse(0) > SMALL) {
            return null;
        }
        String of = "gradient of " + (outputs == 1 ? "the output" : "a signed linear combination of outputs");
        double[] u = outputs == 1 ? new double[] {1} : c.signed(outputs);
        return derivatives(of, s, Cotangents.mixed(u));
    }

    private Derivatives derivatives(String of, Shape shape, Cotangents u) {
        int from = f.inputs.offset(input);
        int n = f.inputs.shape(input).size();
        double[] rule = new double[u.count() * n];
        double[] numeric = new double[rule.length];
        for (int r = 0; r < u.count(); r++) {
            System.arraycopy(f.vjp(u.row(r)), from, rule, r * n, n);
        }
        Tolerance allowed = c.allowed(t.u(), t.rule());
        for (int j = 0; j < n; j++) {
            NumericDerivative by = NumericDerivative.byElement(f, u, c.y, from + j);
            for (int r = 0; r < u.count(); r++) {
                numeric[r * n + j] = refined(by, r, by.central(r), rule[r * n + j], allowed);
            }
        }
        return new Derivatives(of, Tensor.of(shape, rule), Tensor.of(shape, numeric));
    }
}
