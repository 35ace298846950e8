package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.Objective.Point;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Minimisation of smooth functions by their exact derivatives: {@link #lbfgs} needs gradients alone and suits many unknowns, {@link
 * #newtonCg} uses products with the second derivatives, {@link #leastSquares} the Jacobian of residuals. The functions are written
 * with nodes; nothing else has to be given. A trial point at which the function throws an {@link OperandMismatch} or an {@link
 * ArithmeticException}, as a negative standard deviation or a matrix that is not positive definite, counts as infinitely high.
 *
 * <p>Each returns a {@link Result} that says whether it converged and why it stopped. {@link Result#requireConverged} turns a failure
 * into an error. FLOAT32 functions are minimised in FLOAT32, and need larger tolerances.
 */
public final class Minimize {
    private static final int CG_ITERATIONS = 200;
    /** What a value is rounded by, relative to its size, and what a step must promise more than. */
    private static final double ROUNDING = 16 * Math.ulp(1.0);

    private Minimize() {}

    /** Why a minimisation stopped. */
    public enum Status {
        /** The gradient is as small as was asked for, or a step can lower the value by less than its rounding error. */
        CONVERGED,
        /** No step lowers the value any more, though the gradient promises more than its rounding error: it may be wrong, or at a kink. */
        STALLED,
        /** The largest number of steps was made. */
        MAX_ITERATIONS,
        /** The value falls without end: below -1e100, or along a line for as long as was tried. */
        UNBOUNDED
    }

    /**
     * What a minimisation found.
     *
     * @param x the unknowns with the smallest value
     * @param value the value there; of {@link #leastSquares} half the sum of squares
     * @param iterations the number of steps
     * @param evaluations the number of evaluations of the function
     * @param gradient the largest size of an element of the gradient at x
     */
    public record Result(Status status, Tensor x, double value, int iterations, int evaluations, double gradient) {
        /**
         * Returns x.
         *
         * @throws IllegalStateException if the minimisation did not converge; it says why
         */
        public Tensor requireConverged() {
            if (status != Status.CONVERGED) {
                throw new IllegalStateException("Minimize: " + status + " after " + iterations + " steps and "
                        + evaluations + " evaluations: the value is " + value + ", the largest element of the gradient "
                        + gradient);
            }
            return x;
        }
    }

    /** Returns {@link #lbfgs(UnaryOperator, Tensor, MinimizeOptions)} with the default options. */
    public static Result lbfgs(UnaryOperator<Node> f, Tensor start) {
        return lbfgs(f, start, MinimizeOptions.DEFAULT);
    }

    /**
     * Minimises a function by L-BFGS: the step is minus the gradient times an inverse of the second derivatives that is estimated from
     * the last steps, and its length satisfies the strong Wolfe conditions. Nocedal and Wright 2006, algorithm 7.5; SciPy's {@code
     * minimize} with {@code L-BFGS-B}.
     *
     * @param f a function of one node with one element as value
     * @param start the unknowns to begin with, of any shape
     * @throws ArithmeticException if the value or the gradient at the start is not finite
     */
    public static Result lbfgs(UnaryOperator<Node> f, Tensor start, MinimizeOptions options) {
        Objective objective = objective("lbfgs", f, start, options);
        return descend(objective, options, new Lbfgs(options.memory()));
    }

    /** What differs between the methods: the direction of a step, from a point. */
    private interface Direction {
        double[] from(Point p);

        /** Returns the length to begin a search with. */
        default double firstStep(Point p) {
            return 1;
        }

        /** Learns from a step. */
        default void made(Point from, Point to) {}

        /** Forgets what was learnt, if anything was, and returns whether that was so. */
        default boolean forget() {
            return false;
        }
    }

    /** The direction of L-BFGS, which remembers the last steps, with the changes of the gradient. */
    private static final class Lbfgs implements Direction {
        private final int memory;
        private final Deque<double[][]> steps = new ArrayDeque<>();

        Lbfgs(int memory) {
            this.memory = memory;
        }

        @Override
        public double[] from(Point p) {
            return twoLoops(steps, p.gradient());
        }

        @Override
        public double firstStep(Point p) {
            return steps.isEmpty() ? 1 / Vectors.norm(p.gradient()) : 1;
        }

        @Override
        public void made(Point from, Point to) {
            double[] s = difference(to.x(), from.x());
            double[] y = difference(to.gradient(), from.gradient());
            if (Vectors.dot(s, y) > 1e-16 * Vectors.norm(s) * Vectors.norm(y)) {
                steps.addLast(new double[][] {s, y});
            }
            if (steps.size() > memory) {
                steps.removeFirst();
            }
        }

        @Override
        public boolean forget() {
            boolean any = !steps.isEmpty();
            steps.clear();
            return any;
        }
    }

    /** Returns minus the estimated inverse of the second derivatives times the gradient. */
    private static double[] twoLoops(Deque<double[][]> steps, double... gradient) {
        double[] q = negated(gradient);
        double[] alpha = new double[steps.size()];
        int i = steps.size();
        for (Iterator<double[][]> k = steps.descendingIterator(); k.hasNext(); ) {
            double[][] pair = k.next();
            alpha[--i] = Vectors.dot(pair[0], q) / Vectors.dot(pair[0], pair[1]);
            Vectors.add(q, -alpha[i], pair[1]);
        }
        if (!steps.isEmpty()) {
            double[][] last = steps.getLast();
            double scale = Vectors.dot(last[0], last[1]) / Vectors.dot(last[1], last[1]);
            Arrays.setAll(q, j -> q[j] * scale);
        }
        for (double[][] pair : steps) {
            double beta = Vectors.dot(pair[1], q) / Vectors.dot(pair[0], pair[1]);
            Vectors.add(q, alpha[i++] - beta, pair[0]);
        }
        return q;
    }

    /** Returns {@link #newtonCg(UnaryOperator, Tensor, MinimizeOptions)} with the default options. */
    public static Result newtonCg(UnaryOperator<Node> f, Tensor start) {
        return newtonCg(f, start, MinimizeOptions.DEFAULT);
    }

    /**
     * Minimises a function by Newton's method: conjugate gradients solve {@code H p = -g} from products of the second derivatives H with
     * vectors, until the residual is small enough or the curvature is negative. Few steps, each of several backward passes. Nocedal and
     * Wright 2006, algorithm 7.1; SciPy's {@code minimize} with {@code Newton-CG}.
     *
     * @param f a function of one node with one element as value
     * @param start the unknowns to begin with, of any shape
     * @throws ArithmeticException if the value or the gradient at the start is not finite
     */
    public static Result newtonCg(UnaryOperator<Node> f, Tensor start, MinimizeOptions options) {
        Objective objective = objective("newtonCg", f, start, options);
        return descend(objective, options, p -> conjugateGradients(objective, p));
    }

    private static double[] conjugateGradients(Objective f, Point p) {
        double size = Vectors.norm(p.gradient());
        double enough = Math.min(0.5, Math.sqrt(size)) * size;
        double[] z = new double[p.x().length];
        double[] r = p.gradient().clone();
        double[] d = negated(r);
        double rr = Vectors.dot(r, r);
        for (int k = 0; k < CG_ITERATIONS && Math.sqrt(rr) > enough; k++) {
            double[] hd = f.hessianTimes(p, d);
            double curvature = Vectors.dot(d, hd);
            if (!(curvature > 0)) {
                return k == 0 ? d : z;
            }
            double step = rr / curvature;
            Vectors.add(z, step, d);
            Vectors.add(r, step, hd);
            double next = Vectors.dot(r, r);
            double beta = next / rr;
            rr = next;
            for (int i = 0; i < d.length; i++) {
                d[i] = -r[i] + beta * d[i];
            }
        }
        return z;
    }

    /** Takes steps to lower points until one has a small gradient. */
    private static Result descend(Objective f, MinimizeOptions options, Direction direction) {
        Point p = f.start();
        double enough = options.gradientTolerance() * Math.min(1, p.slope());
        for (int k = 0; k < options.maxIterations(); k++) {
            if (p.slope() <= enough) {
                return result(Status.CONVERGED, f, p, k);
            }
            double[] d = direction.from(p);
            double promised = -p.along(d);
            Point next = promised > 0 ? WolfeSearch.search(f, p, direction.firstStep(p), d) : null;
            if (next == null && direction.forget()) { // the estimate may be bad: begin again
                next = WolfeSearch.search(f, p, direction.firstStep(p), direction.from(p));
            }
            if (next == null) {
                boolean isRounding = promised >= 0 && promised <= ROUNDING * Math.abs(p.value());
                return result(isRounding ? Status.CONVERGED : Status.STALLED, f, p, k);
            }
            if (WolfeSearch.isUnbounded(next)) {
                return result(Status.UNBOUNDED, f, next, k + 1);
            }
            direction.made(p, next);
            boolean still = isStill(options.stepTolerance(), next.x(), p.x()) && next.value() >= p.value();
            p = next;
            if (still && p.slope() > enough) {
                return result(
                        promised <= ROUNDING * Math.abs(p.value()) ? Status.CONVERGED : Status.STALLED, f, p, k + 1);
            }
        }
        return result(p.slope() <= enough ? Status.CONVERGED : Status.MAX_ITERATIONS, f, p, options.maxIterations());
    }

    private static Result result(Status status, Objective f, Point p, int iterations) {
        return new Result(status, f.tensor(p.x()), p.value(), iterations, f.evaluations(), p.slope());
    }

    /** Returns {@link #leastSquares(UnaryOperator, Tensor, MinimizeOptions)} with the default options. */
    public static Result leastSquares(UnaryOperator<Node> residuals, Tensor start) {
        return leastSquares(residuals, start, MinimizeOptions.DEFAULT);
    }

    /**
     * Minimises half the sum of squares of residuals by the method of Levenberg and Marquardt: a step p minimises {@code |r + J p|^2 + mu
     * |D p|^2}, where D holds the largest norms of the Jacobian's columns so far and mu falls with each step that succeeds. Marquardt 1963;
     * Nielsen 1999 for mu; SciPy's {@code least_squares} with {@code lm}.
     *
     * @param residuals a function of one node, with values of any shape
     * @param start the unknowns to begin with, of any shape
     * @throws ArithmeticException if a residual or a derivative at the start is not finite
     * @throws OperandMismatch if there are fewer residuals than unknowns
     */
    public static Result leastSquares(UnaryOperator<Node> residuals, Tensor start, MinimizeOptions options) {
        String name = "leastSquares";
        Objects.requireNonNull(residuals, "leastSquares: residuals is null");
        Objects.requireNonNull(start, "leastSquares: start is null");
        Objects.requireNonNull(options, "leastSquares: options is null");
        return new LevenbergMarquardt(name, residuals, start, options).run();
    }

    private static Objective objective(String name, UnaryOperator<Node> f, Tensor start, MinimizeOptions options) {
        Objects.requireNonNull(f, () -> name + ": f is null");
        Objects.requireNonNull(start, () -> name + ": start is null");
        Objects.requireNonNull(options, () -> name + ": options is null");
        return new Objective(name, f, start);
    }

    /** Returns whether no element changed by more than a fraction of the largest element. */
    private static boolean isStill(double tolerance, double[] to, double... from) {
        double change = 0;
        double size = 0;
        for (int i = 0; i < to.length; i++) {
            change = Math.max(change, Math.abs(to[i] - from[i]));
            size = Math.max(size, Math.abs(to[i]));
        }
        return change <= tolerance * size;
    }

    private static double[] negated(double... v) {
        return Arrays.stream(v).map(x -> -x).toArray();
    }

    private static double[] difference(double[] a, double... b) {
        double[] d = a.clone();
        Vectors.add(d, -1, b);
        return d;
    }
}
