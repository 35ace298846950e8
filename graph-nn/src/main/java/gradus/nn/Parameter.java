package gradus.nn;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.init.Fans;
import gradus.nn.init.Initializer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A variable of a model, and how its first value is drawn. Every parameter of a process has a random stream of its own until
 * {@link Model#initialize} draws it by seed and path: so no two layers start with the same weights.
 */
final class Parameter {
    private static final AtomicLong CREATED = new AtomicLong();

    private final Shape shape;
    private final Fans fans;
    private final Initializer initializer;
    private final Node node;

    /** Creates a parameter; the fans are null if only the shape tells them. */
    Parameter(String name, Shape shape, Fans fans, Initializer initializer) {
        this.shape = shape;
        this.fans = fans;
        this.initializer = initializer;
        this.node = Node.variable(draw(RandomStream.of(0, "parameter " + CREATED.getAndIncrement())))
                .named(name);
    }

    Node node() {
        return node;
    }

    Shape shape() {
        return shape;
    }

    Fans fans() {
        return fans;
    }

    void initialize(RandomStream random) {
        node.assign(draw(random).to(node.dtype()));
    }

    void to(DType dtype) {
        if (node.dtype() != dtype) {
            node.assign(node.value().to(dtype));
        }
    }

    private Tensor draw(RandomStream random) {
        Tensor t = fans == null ? initializer.draw(shape, random) : initializer.draw(shape, fans, random);
        if (t == null || t.dtype() != DType.FLOAT64 || !t.shape().equals(shape)) {
            throw new IllegalArgumentException("initializer: it returned "
                    + (t == null ? "null" : t.dtype() + " " + t.shape()) + ", not FLOAT64 " + shape);
        }
        return t;
    }
}
