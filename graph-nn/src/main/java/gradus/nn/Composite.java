package gradus.nn;

import gradus.graph.Node;

/**
 * A model that consists of its layers, and hands the pass on to each by its name: each has random draws of its own, and
 * its own place in a cache, also one that is there twice.
 */
abstract class Composite extends Model {
    /** Applies one of the layers. */
    interface Inner {
        Node apply(String name, Layer layer, Node x);
    }

    /** Returns the output, for which the layers are applied by the argument. */
    abstract Node combine(Node x, Inner inner);

    @Override
    public final Node forward(Node x, Pass pass) {
        Inputs.require(getClass().getSimpleName(), x, pass);
        Inner inner = (name, layer, in) -> pass.report(this, name, in, layer.forward(in, pass.in(name)));
        return pass.isTraining() ? Pass.duringTraining(() -> combine(x, inner)) : combine(x, inner);
    }
}
