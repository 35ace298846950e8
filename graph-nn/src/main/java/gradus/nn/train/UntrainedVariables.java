package gradus.nn.train;

import gradus.graph.Gradients;
import gradus.graph.Node;
import java.util.Collection;
import java.util.Set;

/**
 * Refuses a variable that the gradients of two steps reach, but that the optimizer does not have: a parameter that was not
 * declared, wherever it is kept. A variable that is created in each step, as the input of a gradient penalty, is no
 * parameter, so one is refused only when a second step reaches it.
 */
final class UntrainedVariables {
    private final Set<Node> trained; // nodes are equal only to themselves
    private final Set<Node> before;

    /** Takes the variables that are trained, and the others that steps have reached, a weak set that is added to. */
    UntrainedVariables(Collection<Node> trained, Set<Node> before) {
        this.trained = Set.copyOf(trained);
        this.before = before;
    }

    /** Takes the gradients of the next step. */
    void check(Gradients gradients) {
        for (Node n : gradients.variables()) {
            if (!trained.contains(n) && !before.add(n)) {
                throw new IllegalStateException("Trainer: the gradients reach the variable " + n.label()
                        + ", which the optimizer does not have, so it would never be trained; declare it in a model,"
                        + " with parameter(..) or layer(..), or freeze it");
            }
        }
    }
}
