package gradus.nn;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.graph.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A function of a node, with or without parameters; any {@code UnaryOperator} of nodes is one, as {@code Node::relu}.
 *
 * <p>A layer with parameters of its own overrides {@link #own}; one that is made of others overrides {@link #layers}.
 * Everything else follows: {@code parameters} gives each a path such as {@code 0.weight}, and {@code seed} draws each
 * from the random stream of that path.
 */
@FunctionalInterface
public interface Layer {
    /** Returns the output for an input. */
    Node forward(Node x);

    /** Returns the layers inside, by name: in the order of a LinkedHashMap, else of the names. */
    default Map<String, Layer> layers() {
        return Map.of();
    }

    /** Returns this layer's own parameters, by name, without those of the layers inside; ordered likewise. */
    default Map<String, Parameter> own() {
        return Map.of();
    }

    /** Returns all parameters, this layer's and those inside, by path in the order of the layers; each only once. */
    default Map<String, Node> parameters() {
        Map<String, Node> nodes = new LinkedHashMap<>();
        Paths.of(this).forEach((path, p) -> nodes.put(path, p.node()));
        return nodes;
    }

    /** Converts all parameters to a number type. */
    default void to(DType dtype) {
        Paths.of(this).values().forEach(p -> p.to(dtype));
    }

    /** Draws all parameters anew; the same seed gives the same values, bit for bit, everywhere. */
    default void seed(long seed) {
        Paths.of(this).forEach((path, p) -> p.draw(RandomStream.of(seed, path)));
    }
}
