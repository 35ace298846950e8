package gradus.nn;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A variable of a model, and how its first value is drawn. Every parameter of a process has a random stream of its own until
 * {@link Model#initialize} draws it by seed and path: so no two layers start with the same weights.
 */
final class Parameter {
    private static final AtomicLong CREATED = new AtomicLong();

    private final Shape shape;
    private final Initializer initializer;
    private final Node node;

    Parameter(String name, Shape shape, Initializer initializer) {
        this.shape = shape;
        this.initializer = initializer;
        this.node = Node.variable(draw(RandomStream.of(0, "parameter " + CREATED.getAndIncrement())))
                .named(name);
    }

    Node node() {
        return node;
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
        Tensor t = initializer.draw(shape, random);
        if (t == null || t.dtype() != DType.FLOAT64 || !t.shape().equals(shape)) {
            throw new IllegalArgumentException("initializer: it returned "
                    + (t == null ? "null" : t.dtype() + " " + t.shape()) + ", not FLOAT64 " + shape);
        }
        return t;
    }
}
