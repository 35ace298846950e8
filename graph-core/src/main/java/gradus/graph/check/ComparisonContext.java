package gradus.graph.check;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Derivatives;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientCheck.Worst;
import gradus.graph.check.GradientSettings.Tolerance;
import java.util.Arrays;

/** What the parts of one comparison share: the function and its value at the point, tolerances, and random numbers. */
final class ComparisonContext {
    private final int order;

    final FlatFunction f;

    /** The function's value at its point. */
    final double[] y;

    final Tolerance tolerance;
    final RandomStream random;
    final Coverage coverage;

    ComparisonContext(FlatFunction f, GradientSettings settings, int order) {
        this.f = f;
        this.y = f.at(f.x);
        this.tolerance = settings.tolerances();
        this.order = order;
        this.random = RandomStream.of(settings.seed(), "gradient check, order " + order);
        this.coverage = new Coverage(f.inputs);
    }

    /** Returns random numbers of both signs, exact in the function's number type. */
    double[] signed(int n) {
        double[] v = new double[n];
        Arrays.setAll(v, i -> f.near(random.nextGaussian()));
        return v;
    }

    /**
     * Returns the tolerances for some gradients. In single precision their elements are no more exact than the terms they
     * are summed from: these are taken to be as large as the largest element, and as many as the cotangent is long.
     */
    Tolerance allowed(Cotangents u, double[]... gradients) {
        if (f.dtype == DType.FLOAT64) {
            return tolerance;
        }
        double max = Arrays.stream(gradients)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .filter(Double::isFinite)
                .reduce(1, Math::max);
        return new Tolerance(tolerance.absolute() * max * u.norm(), tolerance.relative());
    }

    Report report(Verdict verdict, String method, String detail) {
        return report(verdict, Cause.NONE, null, detail, method, Double.NaN, null);
    }

    Report report(
            Verdict verdict,
            Cause cause,
            Worst worst,
            String detail,
            String method,
            double slope,
            Derivatives derivatives) {
        return new Report(
                verdict,
                cause,
                order,
                worst,
                coverage.count(),
                detail,
                method,
                f.dtype,
                slope,
                derivatives,
                tolerance.relative());
    }
}
