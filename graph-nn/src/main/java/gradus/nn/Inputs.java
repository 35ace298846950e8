package gradus.nn;

import gradus.graph.Node;

/** Checks the arguments of layers. */
final class Inputs {
    private Inputs() {}

    /** Refuses an input or a pass that is null. */
    static void require(String layer, Node x, Pass pass) {
        if (x == null || pass == null) {
            throw new IllegalArgumentException(layer + ": forward: the " + (x == null ? "input" : "pass") + " is null");
        }
    }
}
