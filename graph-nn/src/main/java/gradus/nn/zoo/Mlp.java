package gradus.nn.zoo;

import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A multilayer perceptron: linear layers with an activation function between them, {@code [.., sizes[0]] -> [.., sizes[last]]}. Its layers are
 * named 0, 1, 2 and so on.
 */
public final class Mlp extends Model {
    private final Layer activation;
    private final List<Linear> layers = new ArrayList<>();

    /** Returns a network with relu: {@code new Mlp(784, 100, 10)} has one hidden layer of 100 units. */
    public Mlp(int... sizes) {
        this(Node::relu, sizes);
    }

    /** Returns a network with another activation function: {@code new Mlp(Node::tanh, 2, 16, 1)}. */
    public Mlp(Layer activation, int... sizes) {
        Objects.requireNonNull(activation, "Mlp: activation is null");
        Objects.requireNonNull(sizes, "Mlp: sizes is null");
        if (sizes.length < 2) {
            throw new IllegalArgumentException("Mlp: it takes at least the numbers of inputs and outputs");
        }
        this.activation = layer("activation", activation);
        for (int i = 0; i + 1 < sizes.length; i++) {
            layers.add(layer(Integer.toString(i), new Linear(sizes[i], sizes[i + 1])));
        }
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Node y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = layers.get(i).forward(i == 0 ? y : activation.forward(y, pass.in(Integer.toString(i))), pass);
        }
        return y;
    }
}
