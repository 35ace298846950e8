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
        this.drawn = value(RandomStream.of(0, name));
        this.node = Node.variable(drawn).named(name);
    }

    /** Returns the variable; it is the same one for the life of the parameter. */
    public Node node() {
        return node;
    }

    /** Draws the value anew, in the present number type, as one asks for who gives a seed. */
    void draw(RandomStream random) {
        node.assign(value(random).to(node.dtype()));
        drawn = null;
    }

    /** Draws the value by the place in a model, from seed 0, unless somebody has written to it. */
    void place(String path) {
        if (isFresh()) {
            drawn = value(RandomStream.of(0, path)).to(node.dtype());
            node.assign(drawn);
        }
        node.named(path);
    }

    private Tensor value(RandomStream random) {
        Tensor t = initializer.draw(shape, random);
        if (t.dtype() != DType.FLOAT64 || !t.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "initialiser: it drew " + t.dtype() + " " + t.shape() + ", not FLOAT64 " + shape);
        }
        return t;
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
