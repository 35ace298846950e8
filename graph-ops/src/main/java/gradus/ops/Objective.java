package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A function to be minimised, of a vector: it counts its evaluations. */
final class Objective {
    private final String name;
    private final UnaryOperator<Node> f;
    private final Tensor start;
    private int evaluations;

    Objective(String name, UnaryOperator<Node> f, Tensor start) {
        this.name = name;
        this.f = f;
        this.start = start;
    }

    /** A point with the value and the gradient there. */
    record Point(double[] x, double value, double[] gradient) {
        boolean isFinite() {
            boolean finite = Double.isFinite(value);
            for (double g : gradient) {
                finite &= Double.isFinite(g);
            }
            return finite;
        }

        /** Returns the largest size of an element of the gradient. */
        double slope() {
            return Vectors.largest(gradient);
        }

        /** Returns the derivative along a direction. */
        double along(double... direction) {
            return Vectors.dot(gradient, direction);
        }
    }

    /**
     * Returns the start.
     *
     * @throws IllegalArgumentException if f has not one element there, or does not depend on x
     * @throws ArithmeticException if the value or gradient there is not finite
     */
    Point start() {
        requireDependent(name, f, start, true);
        Point p = point(start.toDoubleArray());
        if (!p.isFinite()) {
            throw new ArithmeticException(name + ": at the start the value is " + p.value
                    + ", and the largest element of the gradient " + p.slope() + ": both must be finite");
        }
        return p;
    }

    /**
     * Checks that a function of an unknown has a value that depends on it.
     *
     * @param one whether the value must have one element
     */
    static void requireDependent(String name, UnaryOperator<Node> f, Tensor start, boolean one) {
        Node[] y = new Node[1];
        boolean[] depends = new boolean[1];
        // called for the graph of f alone, which it records in a NoGradient block too
        Derivatives.vjp(
                x -> {
                    y[0] = f.apply(x);
                    if (y[0] == null) {
                        throw new IllegalStateException(name + ": the function returned null");
                    }
                    if (one && y[0].shape().size() != 1) {
                        throw new IllegalArgumentException(name + ": the function gives " + y[0].label()
                                + ", not one element: reduce it first, with sum() or mean()");
                    }
                    depends[0] = y[0].isTracked() && isBehind(y[0], x);
                    return x;
                },
                start,
                start);
        if (!depends[0]) {
            throw new IllegalArgumentException(name + ": the value " + y[0].label()
                    + " does not depend on x; is it computed from x.value(), or from a detached node?");
        }
    }

    private static boolean isBehind(Node y, Node x) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(List.of(y));
        while (!open.isEmpty()) {
            Node n = open.pop();
            if (n == x) {
                return true;
            }
            if (n.isTracked() && n.depth() > x.depth() && seen.add(n)) {
                open.addAll(n.inputs());
            }
        }
        return false;
    }

    /** Returns a trial point. Where f refuses its arguments or does not converge, the value counts as infinite. */
    private Point at(double... x) {
        try {
            return point(x);
        } catch (OperandMismatch | ArithmeticException e) {
            double[] gradient = new double[x.length];
            Arrays.fill(gradient, Double.NaN);
            return new Point(x, Double.POSITIVE_INFINITY, gradient);
        }
    }

    private Point point(double... x) {
        evaluations++;
        Derivatives.ValueAndGrad both = Derivatives.valueAndGrad(f, tensor(x));
        return new Point(x, both.value().item(), both.gradient().toDoubleArray());
    }

    /** Returns the point at a step along a direction. */
    Point at(Point from, double step, double... direction) {
        double[] x = from.x.clone();
        for (int i = 0; i < x.length; i++) {
            x[i] += step * direction[i];
        }
        return at(x);
    }

    /** Returns the product of the second derivatives at a point and a vector. */
    double[] hessianTimes(Point p, double... v) {
        return Derivatives.hvp(f, tensor(p.x), tensor(v)).toDoubleArray();
    }

    int evaluations() {
        return evaluations;
    }

    Tensor tensor(double... x) {
        return Tensor.of(start.shape(), x).to(start.dtype());
    }
}
