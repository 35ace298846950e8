package gradus.ops;

import gradus.array.Ints;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.function.BinaryOperator;

/**
 * An explicit Runge-Kutta method: {@code k[i] = f(t + c[i] h, y + h sum over j < i of a[i][j] k[j])}, and the next y is {@code y +
 * h sum of b[i] k[i]}. In both methods here the next y is also the point of a last stage, so its slope is the first of the next step.
 *
 * @param a a row per stage after the first; the last is b
 * @param error the weights of the estimated error of a step, or empty
 */
record RungeKutta(double[][] a, double[] error) {
    /** The classical method of order 4. */
    static final RungeKutta CLASSICAL = new RungeKutta(
            new double[][] {{0.5}, {0, 0.5}, {0, 0, 1}, {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}}, new double[0]);

    /** The method of order 5 with an estimate of order 4: Dormand and Prince 1980. */
    static final RungeKutta DORMAND_PRINCE = new RungeKutta(
            new double[][] {
                {1.0 / 5},
                {3.0 / 40, 9.0 / 40},
                {44.0 / 45, -56.0 / 15, 32.0 / 9},
                {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
                {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
                {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}
            },
            new double[] {71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40});

    private static final double SAFETY = 0.9;
    private static final double SMALLEST_FACTOR = 0.2;
    private static final double LARGEST_FACTOR = 5;

    /** The solution after a step: y, its slope, and the estimated error. */
    private record Step(Node y, Node slope, Node error) {}

    /** Returns y at t1 in steps of equal size. */
    static Node fixed(BinaryOperator<Node> f, Node y0, Node t0, Node t1, int steps) {
        Node span = t1.sub(t0);
        Node y = y0;
        Node slope = f.apply(t0, y0);
        for (int i = 0; i < steps; i++) {
            Node t = t0.add(span.mul((double) i / steps));
            Node end = i + 1 == steps ? t1 : t0.add(span.mul((i + 1.0) / steps));
            Step step = CLASSICAL.step(f, y, slope, t, end, span.div(steps));
            y = step.y;
            slope = step.slope;
            requireFinite(y, t0.item() + (i + 1.0) / steps * span.item());
        }
        return y;
    }

    private static void requireFinite(Node y, double t) {
        for (double v : y.value().toDoubleArray()) {
            if (!Double.isFinite(v)) {
                throw new ArithmeticException("Ode: at t = " + t + " an element of y is " + v
                        + "; f is not defined there, the solution has a singularity, or the steps are too large");
            }
        }
    }

    /**
     * Returns y at t1 in steps whose size is adapted to the estimated error. The sizes are fractions of t1 - t0 that count as
     * constants.
     *
     * @param parts the sizes of the parts of y, of each of which the error is limited
     */
    static Node adaptive(BinaryOperator<Node> f, Node y0, Node t0, Node t1, OdeOptions options, Ints parts) {
        Node span = t1.sub(t0);
        double length = span.item();
        Node y = y0;
        Node slope = f.apply(t0, y0);
        double done = 0;
        double h = firstStep(f, y0, slope, t0, span, options, parts);
        for (int k = 0; done < 1; k++) {
            boolean last = done + h * (1 + 1e-9) >= 1;
            h = last ? 1 - done : h;
            Node end = last ? t1 : t0.add(span.mul(done + h));
            Step step = DORMAND_PRINCE.step(f, y, slope, t0.add(span.mul(done)), end, span.mul(h));
            double error = norm(step.error.value(), y.value(), step.y.value(), options, parts);
            if (error <= 1) {
                y = step.y;
                slope = step.slope;
                done = last ? 1 : done + h;
            }
            // an error that is NaN, as outside of the domain of f, asks for a smaller step
            double factor = error > 0 ? SAFETY * Math.pow(error, -0.2) : error == 0 ? LARGEST_FACTOR : SMALLEST_FACTOR;
            h *= Math.max(SMALLEST_FACTOR, Math.min(LARGEST_FACTOR, factor));
            double t = t0.item() + done * length;
            if (done < 1 && h * Math.abs(length) < 16 * Math.ulp(Math.max(Math.abs(t), h * Math.abs(length)))) {
                throw new ArithmeticException("Ode: at t = " + t + " the step size " + h * length
                        + " is too small; the solution has a singularity there, or the tolerance cannot be reached");
            }
            if (done < 1 && k + 1 >= options.maxSteps()) {
                throw new ArithmeticException("Ode: " + options.maxSteps() + " steps reach t = " + t + " of "
                        + t1.item() + ", with a step size of " + h * length
                        + " in the end; the equation may be stiff, or the tolerance too small");
            }
        }
        return y;
    }

    private Step step(BinaryOperator<Node> f, Node y, Node slope, Node t, Node end, Node h) {
        Node[] k = new Node[a.length + 1];
        k[0] = slope;
        Node next = y;
        for (int i = 0; i < a.length; i++) {
            double c = 0;
            for (double weight : a[i]) {
                c += weight;
            }
            next = y.add(sum(k, a[i]).mul(h));
            boolean atEnd = Math.abs(c - 1) < 1e-9; // where a rounding error must not lead beyond t1
            k[i + 1] = f.apply(atEnd ? end : t.add(h.mul(c)), next);
        }
        return new Step(
                next,
                k[a.length],
                error.length == 0 ? null : sum(k, error).detach().mul(h.detach()));
    }

    private static Node sum(Node[] k, double... weights) {
        Node sum = null;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != 0) {
                Node term = k[i].mul(weights[i]);
                sum = sum == null ? term : sum.add(term);
            }
        }
        return sum;
    }

    /** Returns the largest root mean square of the elements of a part of e, each relative to its tolerance. */
    private static double norm(Tensor e, Tensor y, Tensor next, OdeOptions options, Ints parts) {
        double[] error = e.toDoubleArray();
        double[] from = y.toDoubleArray();
        double[] to = next.toDoubleArray();
        double largest = 0;
        int i = 0;
        for (int p = 0; p < parts.size(); p++) {
            double sum = 0;
            for (int end = i + parts.get(p); i < end; i++) {
                double size = Math.max(Math.abs(from[i]), Math.abs(to[i]));
                double relative = error[i] / (options.absoluteTolerance() + options.relativeTolerance() * size);
                sum += error[i] == 0 ? 0 : relative * relative;
            }
            largest = Math.max(largest, Math.sqrt(sum / Math.max(1, parts.get(p)))); // NaN if one is
        }
        return largest;
    }

    /** Returns a first step, as a fraction of the span: Hairer, Norsett and Wanner 1993, II.4. */
    private static double firstStep(
            BinaryOperator<Node> f, Node y0, Node slope, Node t0, Node span, OdeOptions options, Ints parts) {
        double length = Math.abs(span.item());
        if (length == 0) {
            return 1;
        }
        Tensor y = y0.value();
        double d0 = norm(y, y, y, options, parts);
        double d1 = norm(slope.value(), y, y, options, parts);
        if (!Double.isFinite(d1)) {
            throw new ArithmeticException(
                    "Ode: f(t, y) has an element that is NaN or infinite at the start, t = " + t0.item());
        }
        double h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 * length : 0.01 * d0 / d1;
        h0 = Math.min(h0, length);
        Node sign = span.detach().div(length);
        Node next = f.apply(
                t0.detach().add(sign.mul(h0)), y0.detach().add(slope.detach().mul(sign.mul(h0))));
        double d2 = norm(next.value().sub(slope.value()), y, y, options, parts) / h0;
        double largest = Math.max(d1, d2);
        double h1 = largest <= 1e-15 ? Math.max(1e-6 * length, h0 * 1e-3) : Math.pow(0.01 / largest, 0.2);
        double h = Math.min(100 * h0, h1) / length;
        return h > 0 ? Math.min(1, h) : 1e-6; // NaN if f is not finite after the trial step
    }
}
