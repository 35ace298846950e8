package gradus.nn.zoo;

import gradus.graph.Node;
import gradus.nn.AvgPool2d;
import gradus.nn.Conv2d;
import gradus.nn.Flatten;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.MaxPool2d;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;

/**
 * LeNet-5 (LeCun et al. 1998), a convolutional network for images of 28 x 28: {@code [n, 1, 28, 28] -> [n, 10]}.
 *
 * <pre>{@code
 * conv 5x5, 6 channels, padding 2   [n,  6, 28, 28]
 * pool 2x2                          [n,  6, 14, 14]
 * conv 5x5, 16 channels             [n, 16, 10, 10]
 * pool 2x2                          [n, 16,  5,  5]
 * linear 120, 84, 10
 * }</pre>
 *
 * <p>By default with relu and max pooling, as it is used today; {@link #classic} has tanh and average pooling, as in the paper. The paper connects
 * only some pairs of channels in the second convolution; here all are connected.
 */
public final class LeNet5 extends Model {
    private final Sequential layers;

    /** Returns a network for 10 classes, with relu and max pooling. */
    public LeNet5() {
        this(Node::relu, new MaxPool2d(2));
    }

    /** Returns a network with tanh and average pooling. */
    public static LeNet5 classic() {
        return new LeNet5(Node::tanh, new AvgPool2d(2));
    }

    private LeNet5(Layer activation, Layer pool) {
        layers = layer(
                "layers",
                Sequential.of(
                        new Conv2d(1, 6, 5).padding(2),
                        activation,
                        pool,
                        new Conv2d(6, 16, 5),
                        activation,
                        pool,
                        new Flatten(),
                        new Linear(16 * 5 * 5, 120),
                        activation,
                        new Linear(120, 84),
                        activation,
                        new Linear(84, 10)));
    }

    @Override
    public Node forward(Node x, Pass pass) {
        return layers.forward(x, pass);
    }
}
