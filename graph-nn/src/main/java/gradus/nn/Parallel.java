package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Layers side by side on the same input, their outputs combined; named 0, 1, 2 and so on: {@code Parallel.concat(1, new
 * Conv2d(8, 4, 1), new Conv2d(8, 4, 3).padding(1))} as in an Inception module. No counterpart in PyTorch, where it is
 * written in {@code forward}.
 */
public final class Parallel extends Composite {
    /** How outputs are combined. */
    private enum Way {
        SUM,
        MEAN,
        CONCAT
    }

    private final List<Layer> layers;
    private final Way way;
    private final int axis;

    private Parallel(Way way, int axis, String method, Layer... layers) {
        this.layers = Sequential.checked(method, layers);
        if (layers.length == 0) {
            throw new IllegalArgumentException(method + ": there must be at least one layer");
        }
        this.way = way;
        this.axis = axis;
        for (int i = 0; i < layers.length; i++) {
            layer(Integer.toString(i), layers[i]);
        }
    }

    /** Returns {@code y = f0(x) + f1(x) + ..}, outputs of one shape. */
    public static Parallel sum(Layer... layers) {
        return new Parallel(Way.SUM, 0, "Parallel.sum", layers);
    }

    /** Returns the mean of the outputs, which have one shape. */
    public static Parallel mean(Layer... layers) {
        return new Parallel(Way.MEAN, 0, "Parallel.mean", layers);
    }

    /**
     * Returns the outputs one after the other along an axis, negative ones counted from the end; they agree along all
     * others.
     */
    public static Parallel concat(int axis, Layer... layers) {
        return new Parallel(Way.CONCAT, axis, "Parallel.concat", layers);
    }

    @Override
    Node combine(Node x, Inner inner) {
        Node[] y = new Node[layers.size()];
        for (int i = 0; i < y.length; i++) {
            y[i] = inner.apply(Integer.toString(i), layers.get(i), x);
        }
        if (way == Way.CONCAT) {
            return Node.concat(axis, y);
        }
        Node sum = y[0];
        for (int i = 1; i < y.length; i++) {
            if (!y[i].shape().equals(y[0].shape())) {
                throw new OperandMismatch(
                        "Parallel", "outputs 0 and " + i + " must have one shape", y[0].label(), y[i].label());
            }
            sum = sum.add(y[i]);
        }
        return way == Way.SUM ? sum : sum.div(y.length);
    }

    @Override
    public String toString() {
        if (way == null) {
            return "Parallel"; // an error of the constructor
        }
        String name = way == Way.SUM ? ".sum" : way == Way.MEAN ? ".mean" : ".concat";
        String along = way == Way.CONCAT ? "axis " + axis + ", " : "";
        return layers.stream()
                .map(Sequential::text)
                .collect(Collectors.joining(", ", "Parallel" + name + "[" + along, "]"));
    }
}
