package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;
import java.util.Objects;

/** Checks the arguments of layers. */
final class Inputs {
    private Inputs() {}

    /** Refuses an input that is null. */
    static void require(String layer, Node x) {
        Objects.requireNonNull(x, () -> layer + ".forward: x is null");
    }

    /** Refuses an input or a pass that is null. */
    static void require(String layer, Node x, Pass pass) {
        require(layer, x);
        Objects.requireNonNull(pass, () -> layer + ".forward: pass is null");
    }

    /** Refuses an input of other sequences than those of a cache, by their number. */
    static void requireSequences(String layer, Node x, int kept) {
        if (x.shape().dim(0) != kept) {
            throw new OperandMismatch(layer, "the cache holds " + kept + " sequences", x.label());
        }
    }
}
