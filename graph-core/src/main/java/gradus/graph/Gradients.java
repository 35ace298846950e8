package gradus.graph;

import gradus.array.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The gradients of one scalar with respect to the variables it was computed from, and to the nodes on the way that were
 * told to {@link Node#retainGradient}. A result like any other: nothing to reset, nothing shared with another run.
 */
public final class Gradients {
    private final GradientAccumulator kept;
    private final boolean ofAll;

    Gradients(GradientAccumulator kept, Node... wanted) {
        this.kept = kept;
        this.ofAll = wanted.length == 0;
    }

    /**
     * Returns the gradient of a variable, of its shape, zeros if the scalar does not depend on it; or of a computed node
     * that was told to retain it.
     *
     * @throws IllegalArgumentException if the node is a constant, which has no gradient, or computed and was not retained
     *     before, or not reached
     */
    public Node of(Node x) {
        Node g = kept.of(x);
        if (g == null && ofAll && !x.isVariable()) {
            throw new IllegalArgumentException("gradient of " + x.label() + ": it is "
                    + (x.isTracked()
                            ? "computed by " + x.op().name()
                                    + ", and was not kept; call retainGradient() on it before backward"
                                    + " (what is inside a checkpoint, or not reached, is never kept)"
                            : x.isFrozen()
                                    ? "frozen, and has none; call unfreeze() on it before the graph is built"
                                    : "a constant, which has none; make it with Node.variable"));
        }
        return g == null ? Node.constant(Tensor.zeros(x.shape(), x.dtype())) : g;
    }

    /**
     * Returns the gradients of variables by path, as {@code model.parameters()} has them, in the map's order; without those
     * that the scalar does not depend on.
     *
     * @throws IllegalStateException if it depends on none of them
     */
    public Map<String, Tensor> of(Map<String, Node> variables) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        variables.forEach((path, x) -> {
            if (reached(x)) {
                found.put(path, of(x).value());
            }
        });
        if (found.isEmpty()) {
            throw new IllegalStateException("gradients: they reach none of " + variables.keySet());
        }
        return found;
    }

    /** Says what there are gradients of. */
    @Override
    public String toString() {
        return IntStream.range(0, kept.size())
                .mapToObj(i -> kept.node(i).label())
                .collect(Collectors.joining(", ", "gradients of ", ""));
    }

    /** Returns whether the scalar depends on the node in a way that has a gradient, and that was kept. */
    public boolean reached(Node x) {
        return kept.of(x) != null;
    }
}
