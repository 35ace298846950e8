package gradus.nn;

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
}
