package gradus.ops;

import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
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
            double largest = 0;
            for (double g : gradient) {
                largest = Math.max(largest, Math.abs(g));
            }
            return largest;
        }

        /** Returns the derivative along a direction. */
        double along(double... direction) {
            return Gmres.dot(gradient, direction);
        }
    }

    /**
     * Returns the start.
     *
     * @throws ArithmeticException if the value or gradient there is not finite
     */
    Point start() {
        Point p = at(start.toDoubleArray());
        if (!p.isFinite()) {
            throw new ArithmeticException(name + ": at the start the value is " + p.value
                    + ", and the largest element of the gradient " + p.slope() + ": both must be finite");
        }
        return p;
    }

    Point at(double... x) {
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
