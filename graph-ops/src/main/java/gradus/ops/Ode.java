package gradus.ops;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Closure;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;

/**
 * Initial value problems {@code dy/dt = f(t, y), y(t0) = y0} as nodes. The solution has gradients with respect to y0, to the times
 * and to any other nodes that f uses, such as parameters.
 *
 * <p>Two ways lead to the gradient. By default it is that of the computed steps, exact for the solution that was computed, and of any
 * order; every step stays in the graph. With {@link OdeOptions#adjoint} no step is kept: the adjoint {@code a = dL/dy} satisfies
 * {@code da/dt = -(df/dy)^T a}, is solved from t1 back to t0 together with y, and the gradient of the parameters is the integral of
 * {@code (df/dp)^T a}. That is an initial value problem again, so it can be differentiated again.
 *
 * <p>The methods are for equations that are not stiff.
 */
public final class Ode {
    private Ode() {}

    /**
     * Returns y(t1), of y0's shape, by Dormand and Prince's method.
     *
     * @param f the slope {@code f(t, y)}, of y's shape, for a scalar t; it may use other nodes
     * @param y0 the value at t0
     * @param t1 the end, which may be before t0
     * @param tolerance the largest estimated error of a step, both absolute and relative to each element
     * @throws ArithmeticException if the step size becomes too small, or 10,000 steps do not suffice
     * @throws OperandMismatch if f has another shape than y
     */
    public static Node solve(BinaryOperator<Node> f, Node y0, double t0, double t1, double tolerance) {
        Objects.requireNonNull(y0, "Ode.solve: y0 is null");
        Node from = Node.constant(Tensor.scalar(t0, y0.dtype()));
        Node to = Node.constant(Tensor.scalar(t1, y0.dtype()));
        return solve(f, y0, from, to, OdeOptions.DEFAULT.tolerance(tolerance));
    }

    /**
     * Returns y(t1), of y0's shape.
     *
     * @param f the slope {@code f(t, y)}, of y's shape, for a scalar t; it may use other nodes
     * @param y0 the value at t0
     * @param t0 the start, a scalar, which gets a gradient if it is tracked
     * @param t1 the end, a scalar, which may be before t0, and gets a gradient if it is tracked
     * @throws ArithmeticException if the step size becomes too small, or the largest number of steps does not suffice
     * @throws OperandMismatch if f has another shape than y, or a time is no scalar
     */
    public static Node solve(BinaryOperator<Node> f, Node y0, Node t0, Node t1, OdeOptions options) {
        Objects.requireNonNull(f, "Ode.solve: f is null");
        Objects.requireNonNull(y0, "Ode.solve: y0 is null");
        requireTime("t0", t0, y0);
        requireTime("t1", t1, y0);
        Objects.requireNonNull(options, "Ode.solve: options is null");
        return solve(
                (t, y) -> sameShape(f.apply(t, y), y),
                y0,
                t0,
                t1,
                options,
                Ints.of(y0.shape().size()));
    }

    /** Returns y(t1), given the sizes of the parts of y of each of which the error is limited. */
    private static Node solve(BinaryOperator<Node> f, Node y0, Node t0, Node t1, OdeOptions options, Ints parts) {
        if (!options.isAdjoint()) {
            return steps(f, y0, t0, t1, options, parts);
        }
        Closure closure = Closure.of("Ode.solve", x -> f.apply(x[0], x[1]), t0.value(), y0.value());
        List<Node> inputs = new ArrayList<>(List.of(y0, t0, t1));
        inputs.addAll(Arrays.asList(closure.captured()));
        return Node.of(new Adjoint(closure, options, parts), inputs.toArray(Node[]::new));
    }

    /**
     * Returns y at several times, one after the other: {@code [k]} times, y0 {@code [..]} -> {@code [k, ..]}. The first is y0
     * itself.
     *
     * @param f the slope {@code f(t, y)}, of y's shape, for a scalar t; it may use other nodes
     * @param y0 the value at the first of the times
     * @param times ascending or descending
     * @throws ArithmeticException if the step size becomes too small, or the largest number of steps does not suffice
     * @throws OperandMismatch if f has another shape than y, or the times are no vector, or empty
     */
    public static Node trajectory(BinaryOperator<Node> f, Node y0, Node times, OdeOptions options) {
        Objects.requireNonNull(times, "Ode.trajectory: times is null");
        if (times.shape().rank() != 1 || times.shape().dim(0) == 0) {
            throw new OperandMismatch("Ode.trajectory", "the times must be a vector [k], not empty", times.label());
        }
        Node[] y = new Node[times.shape().dim(0)];
        y[0] = Objects.requireNonNull(y0, "Ode.trajectory: y0 is null");
        for (int i = 1; i < y.length; i++) {
            y[i] = solve(f, y[i - 1], times.select(0, i - 1), times.select(0, i), options);
        }
        return Node.stack(0, y);
    }

    /** Returns y(t1) by steps that are recorded if an operand is tracked. */
    private static Node steps(BinaryOperator<Node> f, Node y0, Node t0, Node t1, OdeOptions options, Ints parts) {
        return options.rk4Steps() > 0
                ? RungeKutta.fixed(f, y0, t0, t1, options.rk4Steps())
                : RungeKutta.adaptive(f, y0, t0, t1, options, parts);
    }

    /** The solution at t1 whose rule solves the adjoint equation. Its inputs are y0, t0, t1 and what f captures. */
    private record Adjoint(Closure closure, OdeOptions options, Ints parts) implements Op {
        @Override
        public String name() {
            return "ode";
        }

        @Override
        public Tensor forward(Tensor... x) {
            BinaryOperator<Node> values = (t, y) -> Node.constant(closure.value(t.value(), y.value()));
            return steps(values, Node.constant(x[0]), Node.constant(x[1]), Node.constant(x[2]), options, parts)
                    .value();
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node t0 = c.x(1);
            Node t1 = c.x(2);
            Shape s = gy.shape();
            Node[] captured = closure.captured();
            List<Shape> shapes = new ArrayList<>(List.of(s, s)); // y, its adjoint, and the gradients of what f captures
            Arrays.stream(captured).map(Node::shape).forEach(shapes::add);
            Node[] end = new Node[shapes.size()];
            Arrays.setAll(end, i -> i == 0 ? c.y() : i == 1 ? gy : zeros(shapes.get(i), gy));
            BinaryOperator<Node> slope = (t, all) -> {
                Node[] state = split(all, shapes);
                Node[] g = closure.gradients(c, state[1].neg(), t, state[0]);
                g[0] = closure.apply(c, t, state[0]);
                for (int i = 1; i < g.length; i++) {
                    g[i] = g[i] == null ? zeros(shapes.get(i), gy) : g[i];
                }
                return join(g);
            };
            Ints sizes = Ints.of(shapes.stream().mapToInt(Shape::size).toArray());
            Node[] start = split(solve(slope, join(end), t1, t0, options, sizes), shapes);
            Node[] gx = new Node[3 + captured.length];
            gx[0] = start[1];
            gx[1] = c.needs(1)
                    ? closure.apply(c, t0, c.x(0)).mul(start[1]).sum().neg()
                    : null;
            gx[2] = c.needs(2) ? closure.apply(c, t1, c.y()).mul(gy).sum() : null;
            System.arraycopy(start, 2, gx, 3, captured.length);
            return gx;
        }
    }

    private static Node zeros(Shape shape, Node like) {
        return Node.constant(Tensor.zeros(shape, like.dtype()));
    }

    private static Node join(Node... parts) {
        return Node.concat(0, Arrays.stream(parts).map(Node::flatten).toArray(Node[]::new));
    }

    private static Node[] split(Node all, List<Shape> shapes) {
        Node[] parts = new Node[shapes.size()];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            Shape s = shapes.get(i);
            parts[i] = all.slice(0, at, at + s.size()).reshape(s);
            at += s.size();
        }
        return parts;
    }

    private static void requireTime(String what, Node t, Node y0) {
        Objects.requireNonNull(t, () -> "Ode.solve: " + what + " is null");
        if (t.shape().rank() != 0 || t.dtype() != y0.dtype()) {
            throw new OperandMismatch(
                    "Ode.solve",
                    what + " must be a scalar of the number type of y0, " + y0.dtype(),
                    t.label() + " " + t.dtype());
        }
        if (!Double.isFinite(t.item())) {
            throw new IllegalArgumentException("Ode.solve: " + what + " is " + t.item());
        }
    }

    private static Node sameShape(Node slope, Node y) {
        if (slope == null) {
            throw new IllegalStateException("Ode.solve: f returned null");
        }
        if (!slope.shape().equals(y.shape()) || slope.dtype() != y.dtype()) {
            throw new OperandMismatch(
                    "Ode.solve",
                    "f must have the shape and number type of y",
                    "y " + y.label() + " " + y.dtype(),
                    "f(t, y) " + slope.label() + " " + slope.dtype());
        }
        return slope;
    }
}
