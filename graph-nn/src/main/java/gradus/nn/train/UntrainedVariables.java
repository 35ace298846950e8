package gradus.nn.train;

import gradus.graph.Gradients;
import gradus.graph.Node;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Refuses a variable that gradients reach step after step, but that the optimizer does not have: a parameter that was not
 * declared, wherever it is kept. A variable that is created in each step, as the input of a gradient penalty, is no
 * parameter, so one is refused only when a second step reaches it.
 */
final class UntrainedVariables {
    private final Set<Node> trained; // nodes are equal only to themselves
    private Set<Node> before = Set.of();

    UntrainedVariables(Collection<Node> trained) {
        this.trained = Set.copyOf(trained);
    }

    /** Takes the gradients of the next step. */
    void check(Gradients gradients) {
        Set<Node> reached = new HashSet<>(gradients.variables());
        reached.removeAll(trained);
        for (Node n : reached) {
            if (before.contains(n)) {
                throw new IllegalStateException("Trainer: the gradients reach the variable " + n.label()
                        + ", which the optimizer does not have, so it would never be trained; declare it in a model,"
                        + " with parameter(..) or layer(..), or freeze it");
            }
        }
        before = reached;
    }
}
