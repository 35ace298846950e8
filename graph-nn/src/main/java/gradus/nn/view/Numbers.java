package gradus.nn.view;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Collection;

/** Numbers as users have them. */
final class Numbers {
    private Numbers() {}

    /**
     * Returns the numbers of a list, an array, a tensor or a node with one axis.
     *
     * @param what names them in errors, as {@code plot: curve "loss"}
     */
    static double[] vector(String what, Object values) {
        Tensor t = values instanceof Node n ? n.value() : values instanceof Tensor tensor ? tensor : null;
        if (t != null) {
            Shape s = t.shape();
            if (s.rank() > 2 || (s.rank() == 2 && s.dim(1) != 1)) {
                throw new IllegalArgumentException(what + ": a tensor " + s + " has more than one axis");
            }
        }
        return all(what, values);
    }

    /** Returns the numbers of a list, an array, or a tensor or a node of any shape. */
    static double[] all(String what, Object values) {
        double[] numbers;
        if (values instanceof Node n) {
            numbers = n.value().toDoubleArray();
        } else if (values instanceof Tensor t) {
            numbers = t.toDoubleArray();
        } else if (values instanceof double[] d) {
            numbers = d.clone();
        } else if (values instanceof float[] f) {
            numbers = new double[f.length];
            Arrays.setAll(numbers, i -> f[i]);
        } else if (values instanceof int[] n) {
            numbers = Arrays.stream(n).asDoubleStream().toArray();
        } else if (values instanceof long[] n) {
            numbers = Arrays.stream(n).asDoubleStream().toArray();
        } else if (values instanceof Object[] a) {
            numbers = list(what, Arrays.asList(a));
        } else if (values instanceof Collection<?> c) {
            numbers = list(what, c);
        } else {
            throw new IllegalArgumentException(what + ": " + values.getClass().getSimpleName()
                    + " is none of: list of numbers, array of numbers, tensor, node");
        }
        return numbers;
    }

    private static double[] list(String what, Collection<?> values) {
        double[] numbers = new double[values.size()];
        int i = 0;
        for (Object v : values) {
            if (!(v instanceof Number n)) {
                throw new IllegalArgumentException(what + ": element " + i + ", " + v + ", is not a number");
            }
            numbers[i++] = n.doubleValue();
        }
        return numbers;
    }

    /** Returns the numbers that are finite; refuses when there are none. */
    static double[] finite(String what, double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException(what + " is empty");
        }
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (finite.length == 0) {
            throw new IllegalArgumentException(what + ": none of " + values.length + " numbers is finite");
        }
        return finite;
    }
}
