package gradus.nn;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.init.Initializer;

/** A variable of a layer, and how its first value is drawn. */
public final class Parameter {
    private final Shape shape;
    private final Initializer initializer;
    private final Node node;
    private Tensor drawn;

    /** Returns a FLOAT64 parameter of the given shape, drawn from the stream of its name and seed 0. */
    public Parameter(String name, Shape shape, Initializer initializer) {
        this.shape = shape;
        this.initializer = initializer;
        this.drawn = initializer.draw(shape, RandomStream.of(0, name));
        this.node = Node.variable(drawn).named(name);
    }

    /** Returns the variable; it is the same one for the life of the parameter. */
    public Node node() {
        return node;
    }

    /** Draws the value anew, in the present number type. */
    void draw(RandomStream random) {
        drawn = initializer.draw(shape, random).to(node.dtype());
        node.assign(drawn);
    }

    void to(DType dtype) {
        if (node.dtype() != dtype) {
            boolean fresh = isFresh();
            Tensor converted = node.value().to(dtype);
            drawn = fresh ? converted : drawn;
            node.assign(converted);
        }
    }

    /** Returns whether the value is still as it was drawn: neither trained, loaded nor assigned. */
    @SuppressWarnings("ReferenceEquality") // the very tensor: an equal one may have been assigned
    boolean isFresh() {
        return node.value() == drawn;
    }
}
