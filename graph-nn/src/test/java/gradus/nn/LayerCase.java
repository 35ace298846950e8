package gradus.nn;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.function.Supplier;

/**
 * A row of the table of layers: what {@link LayerContractTest} and {@link PyTorchLayersTest} do for each of them.
 *
 * @param name what the row is called, and its file of values from PyTorch, if there is one
 * @param layer makes the layer
 * @param x an input
 * @param output the shape of the output
 * @param paths of the layer's parameters and buffers
 * @param forward how it is called
 * @param differentiable whether the input has a gradient; indices have none
 */
record LayerCase(
        String name,
        Supplier<? extends Layer> layer,
        Tensor x,
        Shape output,
        List<String> paths,
        Forward forward,
        boolean differentiable) {
    /** Calls a layer; those of several inputs take them from one. */
    interface Forward {
        Node forward(Layer layer, Node x, Pass pass);
    }

    static LayerCase of(String name, Supplier<? extends Layer> layer, Tensor x, Shape output, String... paths) {
        return new LayerCase(name, layer, x, output, List.of(paths), Layer::forward, true);
    }

    /** Returns this row for an input of indices. */
    LayerCase ofIndices() {
        return new LayerCase(name, layer, x, output, paths, forward, false);
    }

    /** Returns this row with another way to call the layer. */
    LayerCase calledBy(Forward newForward) {
        return new LayerCase(name, layer, x, output, paths, newForward, differentiable);
    }

    /** Returns the layer as a model, with the paths of the layer itself if it is one. */
    Model model() {
        Layer l = layer.get();
        return l instanceof Model m ? m : Sequential.of(l);
    }

    Node forward(Model model, Node x, Pass pass) {
        return forward.forward(model, x, pass);
    }

    static Tensor random(int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(1, "input"));
    }

    @Override
    public String toString() {
        return name;
    }
}
