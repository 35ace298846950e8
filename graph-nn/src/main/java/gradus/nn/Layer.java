package gradus.nn;

import gradus.graph.Node;
import java.util.Objects;

/**
 * A function of a node; any {@code UnaryOperator} of nodes is one, as {@code Node::relu}. A layer with parameters, state or
 * inner layers is a {@link Model}.
 */
@FunctionalInterface
public interface Layer {
    /** Returns the output for an input, evaluating: nothing is drawn and no state changes. */
    Node forward(Node x);

    /**
     * Returns the output for an input in a pass of evaluation or training. By default the pass makes no difference.
     *
     * @throws IllegalStateException if this is a training pass, and {@link #forward(Node)} hides a model that needs it,
     *     such as {@link Dropout} inside a lambda
     */
    default Node forward(Node x, Pass pass) {
        Objects.requireNonNull(pass, "forward: pass is null");
        return pass.isTraining() ? Pass.duringTraining(() -> forward(x)) : forward(x);
    }
}
