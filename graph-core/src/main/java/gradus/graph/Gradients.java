package gradus.graph;

import gradus.array.RowSparse;
import gradus.array.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The gradients of a scalar with respect to the variables it was computed from, and to the computed nodes that
 * {@link Node#retainGradient} was called on. A result, not a state: there is nothing to reset, and runs share nothing.
 */
public final class Gradients {
    private final GradientAccumulator kept;
    private final boolean ofAll;

    /** Returns the gradients in an accumulator, of all variables and retained nodes, or of those that were asked for. */
    Gradients(GradientAccumulator kept, boolean ofAll) {
        this.kept = kept;
        this.ofAll = ofAll;
    }

    /**
     * Returns the gradient with respect to a variable, of its shape, zeros if the scalar does not depend on it; or to a
     * computed node that retains its gradient.
     *
     * @throws IllegalArgumentException if the node is a constant, which has no gradient, or computed and was not retained
     *     before, or not reached
     */
    public Node of(Node x) {
        Node g = kept.of(Objects.requireNonNull(x, "Gradients: x is null"));
        if (g == null) {
            requireGradient(x);
            return Node.constant(Tensor.zeros(x.shape(), x.dtype()));
        }
        return g;
    }

    /**
     * Returns the gradient with respect to a variable of which only rows were used, such as a table of embeddings, without
     * its zeros; null if the gradient has no such form, as where an op used the whole variable, or if none arrived.
     * {@link #of(Node)} returns the same gradient with all its zeros.
     */
    public RowSparse rowSparse(Node x) {
        Node g = kept.of(Objects.requireNonNull(x, "Gradients: x is null"));
        return g == null ? null : g.rowSparse();
    }

    /**
     * Returns these gradients with an elementwise function of each, as constants. The function must give 0 for 0: of a
     * row-sparse gradient, it is computed of the rows alone.
     *
     * @throws IllegalArgumentException if the function changes a shape or number type
     */
    public Gradients map(UnaryOperator<Tensor> f) {
        Objects.requireNonNull(f, "Gradients.map: f is null");
        GradientAccumulator mapped = new GradientAccumulator();
        for (int i = 0; i < kept.size(); i++) {
            Node g = kept.gradient(i);
            RowSparse rows = g.rowSparse();
            Node y = rows == null ? Node.constant(f.apply(g.value())) : Node.constant(rows.map(f));
            if (!y.shape().equals(g.shape()) || y.dtype() != g.dtype()) {
                throw new IllegalArgumentException("Gradients.map: the function of " + g.dtype() + " " + g.shape()
                        + " gave " + y.dtype() + " " + y.shape());
            }
            mapped.append(kept.node(i), y);
        }
        return new Gradients(mapped, ofAll);
    }

    /**
     * Returns the sums of these gradients and of others, as of the losses of two batches, as constants. A node that only one of them
     * has keeps that gradient; the sum of two row-sparse gradients is row-sparse.
     */
    public Gradients add(Gradients others) {
        Objects.requireNonNull(others, "Gradients.add: others is null");
        GradientAccumulator sum = new GradientAccumulator();
        for (Gradients g : List.of(this, others)) {
            for (int i = 0; i < g.kept.size(); i++) {
                Node gx = g.kept.gradient(i);
                RowSparse rows = gx.rowSparse();
                sum.add(g.kept.node(i), rows == null ? Node.constant(gx.value()) : Node.constant(rows), false);
            }
        }
        return new Gradients(sum, ofAll && others.ofAll);
    }

    /** Refuses a node that was not reached and is no variable, so that zeros would be wrong. */
    private void requireGradient(Node x) {
        if (ofAll && !x.isVariable()) {
            throw new IllegalArgumentException("gradient of " + x.label() + ": it is "
                    + (x.isTracked()
                            ? "computed by " + x.op().name()
                                    + ", and was not kept; call retainGradient() on it before backward"
                                    + " (what is inside a checkpoint, or not reached, is never kept)"
                            : x.isFrozen()
                                    ? "frozen, and has none; call unfreeze() on it before the graph is built"
                                    : "a constant, which has none; make it with Node.variable"));
        }
    }

    /**
     * Returns the gradients with respect to variables by path, as {@code model.parameters()} has them, in the same order:
     * what optimizers, clipping and averaging work on. A row-sparse gradient is given with its zeros. A variable that the
     * scalar does not depend on, or that is frozen, has
     * no entry: no gradient is not a zero gradient, and an optimizer leaves such a variable as it is.
     *
     * @throws IllegalArgumentException if a node is a constant, or computed and not retained
     * @throws IllegalStateException if none of the variables was reached, as those of another model; it names the paths
     */
    public Map<String, Tensor> of(Map<String, Node> variables) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        variables.forEach((path, x) -> {
            Objects.requireNonNull(x, () -> "Gradients: " + path + " is null");
            if (reached(x)) {
                found.put(path, of(x).value());
            } else if (!x.isFrozen()) {
                requireGradient(x);
            }
        });
        if (found.isEmpty() && !variables.isEmpty()) {
            throw new IllegalStateException("gradient: the scalar depends on none of " + variables.keySet()
                    + "; is it the loss of another model, or are all of them frozen?");
        }
        return Collections.unmodifiableMap(found);
    }

    /** Returns the labels of the nodes that there are gradients of. */
    @Override
    public String toString() {
        return IntStream.range(0, kept.size())
                .mapToObj(i -> kept.node(i).label())
                .collect(Collectors.joining(", ", "gradients of ", ""));
    }

    /** Returns the variables that a gradient arrived at, each once; a zero gradient is one. */
    public List<Node> variables() {
        return IntStream.range(0, kept.size())
                .mapToObj(kept::node)
                .filter(Node::isVariable)
                .toList();
    }

    /** Returns whether a gradient with respect to the node arrived, and was kept; a zero gradient is one. */
    public boolean reached(Node x) {
        return kept.of(Objects.requireNonNull(x, "Gradients: x is null")) != null;
    }
}
