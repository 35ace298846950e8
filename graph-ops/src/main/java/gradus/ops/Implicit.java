package gradus.ops;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Closure;
import gradus.graph.Derivatives;
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
    private static final int HALVINGS = 40;

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

    /** Returns the solution of a linear system that is given by its product with the unknown. */
    private static Node linear(String what, UnaryOperator<Node> product, Node right) {
        Tensor b = right.value();
        Closure residual = Closure.of(what, v -> product.apply(v[0]).sub(right), b);
        double[] zero = residual.value(Tensor.zeros(b.shape(), b.dtype())).toDoubleArray(); // -right
        double[] w = Gmres.solve(
                what,
                v -> {
                    double[] y = residual.value(tensor(v, b)).toDoubleArray();
                    for (int i = 0; i < y.length; i++) {
                        y[i] -= zero[i];
                    }
                    return y;
                },
                b.toDoubleArray(),
                10 * accuracy(b.dtype()));
        return Node.of(new Solution(what, residual, tensor(w, b)), residual.captured());
    }

    /**
     * Returns x with {@code x = f(x)}, of the start's shape, by iterating f until no element changes by more than 1e-12, or
     * 1e-6 in FLOAT32, times the larger of 1 and its size.
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
     * @param tolerance the largest change of an element, relative to the larger of 1 and its size
     * @param maxIterations the largest number of calls of f
     * @throws ArithmeticException if it does not converge
     * @throws OperandMismatch if f has another shape than its argument
     */
    public static Node fixedPoint(UnaryOperator<Node> f, Node start, double tolerance, int maxIterations) {
        String name = "fixedPoint";
        requireArguments(name, f, start, tolerance, maxIterations);
        Closure g = Closure.of(name, x -> difference(name, f.apply(x[0]), x[0]), start.value());
        Tensor x = start.value();
        double size = Double.NaN;
        double before = Double.NaN;
        for (int i = 1; i <= maxIterations; i++) {
            Tensor step = g.value(x);
            x = x.add(step);
            before = size;
            size = largest(step);
            if (largest(step, x) <= tolerance) {
                return solution(name, g, x);
            }
            if (!Double.isFinite(size)) {
                throw new ArithmeticException(
                        name + ": an element became NaN or infinite in iteration " + i + "; f is no contraction there");
            }
        }
        throw new ArithmeticException(name + ": no convergence after " + maxIterations + " iterations: x changes by "
                + size
                + ", " + size / before + " times the change before; if that is not below 1, f is no contraction, and"
                + " Implicit.root(x -> f(x).sub(x), start) may help");
    }

    /**
     * Returns x with {@code g(x) = 0}, of the start's shape, by Newton's method, until no element of g exceeds 1e-12, or 1e-6 in
     * FLOAT32, times the larger of 1 and the largest element of {@code g(start)}.
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
     * @param tolerance the largest element of g at the solution, relative to the larger of 1 and the largest at the start
     * @param maxIterations the largest number of steps
     * @throws ArithmeticException if it does not converge, or the Jacobian is singular
     * @throws OperandMismatch if g has another shape than its argument
     */
    public static Node root(UnaryOperator<Node> g, Node start, double tolerance, int maxIterations) {
        String name = "root";
        requireArguments(name, g, start, tolerance, maxIterations);
        UnaryOperator<Node> checked = x -> sameShape(name, g.apply(x), x);
        Closure closure = Closure.of(name, x -> checked.apply(x[0]), start.value());
        Tensor x = start.value();
        Tensor y = closure.value(x);
        if (!Double.isFinite(largest(y))) {
            throw new ArithmeticException(name + ": g has an element that is NaN or infinite at the start");
        }
        double enough = tolerance * Math.max(1, largest(y));
        for (int i = 0; i < maxIterations && !(largest(y) <= enough); i++) {
            Tensor here = x;
            double[] step = Gmres.solve(
                    name + ": step " + (i + 1) + ": the Jacobian of g may be singular at x; another start may help",
                    v -> Derivatives.jvp(checked, here, tensor(v, here)).toDoubleArray(),
                    y.neg().toDoubleArray(),
                    1e-10);
            Tensor direction = tensor(step, x);
            double size = Gmres.norm(y.toDoubleArray());
            double length = 1;
            Tensor next = closure.value(x.add(direction));
            for (int k = 0; k < HALVINGS && !(Gmres.norm(next.toDoubleArray()) < size); k++) {
                length /= 2;
                next = closure.value(x.add(direction.mul(length)));
            }
            if (!(Gmres.norm(next.toDoubleArray()) < size)) {
                break;
            }
            x = x.add(direction.mul(length));
            y = next;
        }
        if (!(largest(y) <= enough)) {
            throw new ArithmeticException(name + ": no convergence within " + maxIterations
                    + " steps: the largest element of g is " + largest(y) + ", more than " + enough
                    + "; start nearer to the solution");
        }
        return solution(name, closure, x);
    }

    private static Node solution(String name, Closure g, Tensor x) {
        return Node.of(new Solution(name, g, x), g.captured());
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

    private static Node difference(String name, Node y, Node x) {
        return sameShape(name, y, x).sub(x);
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

    /** Returns the largest size of an element of a step, relative to the larger of 1 and the element it leads to. */
    private static double largest(Tensor step, Tensor x) {
        double[] d = step.toDoubleArray();
        double[] to = x.toDoubleArray();
        double largest = 0;
        for (int i = 0; i < d.length; i++) {
            double relative = Math.abs(d[i]) / Math.max(1, Math.abs(to[i]));
            largest = relative > largest || Double.isNaN(relative) ? relative : largest;
        }
        return largest;
    }

    private static double accuracy(DType dtype) {
        return dtype == DType.FLOAT32 ? 1e-6 : 1e-12;
    }
}
