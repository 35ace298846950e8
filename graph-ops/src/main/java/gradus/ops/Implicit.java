package gradus.ops;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Closure;
import gradus.graph.Derivatives;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Solutions of equations as nodes: of {@code x = f(x)} and of {@code g(x) = 0}. The function may use any other nodes, such as
 * parameters, and the solution has gradients with respect to them, of any order.
 *
 * <p>The gradient is that of the implicit function theorem, not of the iterations: if {@code g(x, p) = 0}, then
 * {@code gp = (dg/dp)^T w}, where w solves {@code (dg/dx)^T w = -gx}. Only the solution is kept, however many iterations it took.
 * The linear system is solved by GMRES from vector-Jacobian products, so no Jacobian is stored. The equation of w is itself an
 * implicit one, so that gradients can be differentiated again. Blondel et al. 2022, "Efficient and modular implicit differentiation".
 *
 * <p>The function must have the shape and number type of its argument, and be differentiable at the solution. The start
 * has no gradient, as the solution does not depend on it.
 */
public final class Implicit {
    private static final int FIXED_POINT_ITERATIONS = 10_000;
    private static final int NEWTON_ITERATIONS = 100;
    /** The shortest part of a Newton step that is tried. */
    private static final double SHORTEST = 1e-12;
    /** By how many tolerances a step may change x if rounding errors keep g from falling. */
    private static final double ROUNDING = 1000;

    private Implicit() {}

    /**
     * The solution of {@code g(x) = 0}. Its inputs are what g captures.
     *
     * @param solution found before, without a graph
     */
    private record Solution(String name, Closure g, Tensor solution) implements Op {
        @Override
        public Tensor forward(Tensor... captured) {
            return solution;
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node x = c.y();
            UnaryOperator<Node> product = w -> {
                Node gx = g.gradients(c, w, x)[0];
                return gx == null ? w.mul(0) : gx;
            };
            Node w = linear(name + ": the gradient", product, gy.neg());
            Node[] all = g.gradients(c, w, x);
            return Arrays.copyOfRange(all, 1, all.length);
        }
    }

    /**
     * Returns the solution of a linear system that is given by its product with the unknown. The system is solved for a right side whose
     * largest element is 1.
     */
    private static Node linear(String what, UnaryOperator<Node> product, Node right) {
        Tensor b = right.value();
        double size = largest(b);
        if (!Double.isFinite(size)) {
            return Node.constant(
                    Tensor.full(b.shape(), Double.NaN, b.dtype())); // as any rule gives for such a gradient
        }
        double scale = size == 0 ? 1 : size;
        double[] w = Gmres.solve(
                what,
                v -> NoGradient.run(() -> product.apply(Node.constant(tensor(v, b))))
                        .value()
                        .toDoubleArray(),
                Arrays.stream(b.toDoubleArray()).map(v -> v / scale).toArray(),
                10 * accuracy(b.dtype()));
        Tensor solution = tensor(Arrays.stream(w).map(v -> v * scale).toArray(), b);
        Closure residual = Closure.of(what, v -> product.apply(v[0]).sub(right), solution);
        return Node.of(new Solution(what, residual, solution), residual.captured());
    }

    /**
     * Returns x with {@code x = f(x)}, of the start's shape, by iterating f until no element changes by more than 1e-12, or
     * 1e-6 in FLOAT32, times the larger of 1 and the largest element.
     *
     * @param f a contraction near the solution; it may use other nodes
     * @param start where the iteration starts
     * @throws ArithmeticException if 10,000 iterations do not suffice, or an element becomes NaN or infinite
     * @throws OperandMismatch if f has another shape than its argument
     */
    public static Node fixedPoint(UnaryOperator<Node> f, Node start) {
        Objects.requireNonNull(start, "fixedPoint: start is null");
        return fixedPoint(f, start, accuracy(start.dtype()), FIXED_POINT_ITERATIONS);
    }

    /**
     * Returns x with {@code x = f(x)}, of the start's shape.
     *
     * @param tolerance the largest change of an element, relative to the larger of 1 and the largest element
     * @param maxIterations the largest number of calls of f
     * @throws ArithmeticException if it does not converge
     * @throws OperandMismatch if f has another shape than its argument
     */
    public static Node fixedPoint(UnaryOperator<Node> f, Node start, double tolerance, int maxIterations) {
        String name = "fixedPoint";
        requireArguments(name, f, start, tolerance, maxIterations);
        UnaryOperator<Node> g = x -> sameShape(name, f.apply(x), x).sub(x);
        Tensor x = start.value();
        double size = Double.NaN;
        double before = Double.NaN;
        for (int i = 1; i <= maxIterations; i++) {
            Tensor step = value(g, x);
            x = x.add(step);
            before = size;
            size = largest(step);
            if (!Double.isFinite(size)) {
                throw new ArithmeticException(
                        name + ": an element became NaN or infinite in iteration " + i + "; f is no contraction there");
            }
            if (size <= tolerance * Math.max(1, largest(x))) {
                return solution(name, g, x);
            }
        }
        throw new ArithmeticException(name + ": no convergence after " + maxIterations + " iterations: x changes by "
                + size
                + ", " + size / before + " times the change before; if that is not below 1, f is no contraction, and"
                + " Implicit.root(x -> f(x).sub(x), start) may help");
    }

    /**
     * Returns x with {@code g(x) = 0}, of the start's shape, by Newton's method, until no element changes by more than 1e-12,
     * or 1e-6 in FLOAT32, times the larger of 1 and the largest element.
     *
     * @param g a function with as many results as unknowns, of the same shape; it may use other nodes
     * @param start where the iteration starts
     * @throws ArithmeticException if 100 steps do not suffice, or the Jacobian is singular
     * @throws OperandMismatch if g has another shape than its argument
     */
    public static Node root(UnaryOperator<Node> g, Node start) {
        Objects.requireNonNull(start, "root: start is null");
        return root(g, start, accuracy(start.dtype()), NEWTON_ITERATIONS);
    }

    /**
     * Returns x with {@code g(x) = 0}, of the start's shape, by Newton's method. A step is halved until {@code |g|} falls; the linear
     * system of each is solved by GMRES from Jacobian-vector products.
     *
     * @param tolerance the largest change of an element in the last step, relative to the larger of 1 and the largest element
     * @param maxIterations the largest number of steps
     * @throws ArithmeticException if it does not converge, or the Jacobian is singular
     * @throws OperandMismatch if g has another shape than its argument
     */
    public static Node root(UnaryOperator<Node> g, Node start, double tolerance, int maxIterations) {
        String name = "root";
        requireArguments(name, g, start, tolerance, maxIterations);
        UnaryOperator<Node> checked = x -> sameShape(name, g.apply(x), x);
        Tensor x = start.value();
        Tensor y = value(checked, x);
        if (!Double.isFinite(largest(y))) {
            throw new ArithmeticException(name + ": g has an element that is NaN or infinite at the start");
        }
        double change = Double.NaN;
        for (int i = 0; i < maxIterations && largest(y) > 0; i++) {
            Tensor direction = newtonStep(name + ": step " + (i + 1), checked, x, y);
            change = largest(direction) / Math.max(1, largest(x));
            double size = Vectors.norm(y.toDoubleArray());
            double length = 1;
            Tensor next = x.add(direction);
            Tensor nextY = value(checked, next);
            while (!(Vectors.norm(nextY.toDoubleArray()) < size) && length > SHORTEST && change > tolerance) {
                length /= 2;
                next = x.add(direction.mul(length));
                nextY = value(checked, next);
            }
            boolean lower = Vectors.norm(nextY.toDoubleArray()) < size;
            x = lower ? next : x;
            y = lower ? nextY : y;
            if (change <= (lower ? tolerance : ROUNDING * tolerance)) {
                return solution(name, checked, x);
            }
            if (!lower) {
                break;
            }
        }
        if (largest(y) > 0) {
            throw new ArithmeticException(name + ": no convergence within " + maxIterations
                    + " steps: the largest element of g is " + largest(y) + ", and the last step was " + change
                    + " of the size of x; start nearer to the solution");
        }
        return solution(name, checked, x);
    }

    /** Returns the step to the root of the linear approximation of g. */
    private static Tensor newtonStep(String what, UnaryOperator<Node> g, Tensor x, Tensor y) {
        double[] step = Gmres.solve(
                what + ": the Jacobian of g may be singular at x; another start may help",
                v -> Derivatives.jvp(g, x, tensor(v, x)).toDoubleArray(),
                y.neg().toDoubleArray(),
                x.dtype() == DType.FLOAT32 ? 1e-4 : 1e-10);
        return tensor(step, x);
    }

    private static Tensor value(UnaryOperator<Node> f, Tensor x) {
        return NoGradient.run(() -> f.apply(Node.constant(x))).value();
    }

    /** Returns a solution as a node. What g captures is found at the solution, where the gradient is taken. */
    private static Node solution(String name, UnaryOperator<Node> g, Tensor x) {
        Closure closure = Closure.of(name, v -> g.apply(v[0]), x);
        return Node.of(new Solution(name, closure, x), closure.captured());
    }

    private static void requireArguments(
            String name, UnaryOperator<Node> f, Node start, double tolerance, int maxIterations) {
        Objects.requireNonNull(f, () -> name + ": the function is null");
        Objects.requireNonNull(start, () -> name + ": start is null");
        if (!(tolerance > 0) || maxIterations < 1) {
            throw new IllegalArgumentException(
                    name + ": tolerance " + tolerance + " and maxIterations " + maxIterations + " must be above 0");
        }
    }

    private static Node sameShape(String name, Node y, Node x) {
        if (y != null && (!y.shape().equals(x.shape()) || y.dtype() != x.dtype())) {
            throw new OperandMismatch(
                    name,
                    "the function must have the shape and number type of its argument",
                    x.label() + " " + x.dtype(),
                    y.label() + " " + y.dtype());
        }
        return Objects.requireNonNull(y, () -> name + ": the function returned null");
    }

    private static Tensor tensor(double[] v, Tensor like) {
        return Tensor.of(like.shape(), v).to(like.dtype());
    }

    /** Returns the largest size of an element. */
    private static double largest(Tensor x) {
        return x.size() == 0 ? 0 : x.abs().max().item();
    }

    private static double accuracy(DType dtype) {
        return dtype == DType.FLOAT32 ? 1e-6 : 1e-12;
    }
}
