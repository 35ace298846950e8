package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.init.Initializers;
import gradus.nn.optim.Adam;
import gradus.ops.Losses;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConvolutionalTest {
    private static Sequential digits() {
        return Sequential.of(
                new Conv2d(1, 30, 5),
                Node::relu,
                new MaxPool2d(2),
                new Flatten(),
                new Linear(4320, 100),
                Node::relu,
                new Linear(100, 10));
    }

    @Test
    void the_network_of_the_book_has_its_shapes_and_prints_its_layers() {
        Sequential model = digits();
        assertEquals(
                Shape.of(2, 10),
                model.forward(Node.constant(Tensor.zeros(2, 1, 28, 28))).shape());
        assertEquals(Shape.of(30, 1, 5, 5), model.parameters().get("0.weight").shape());
        assertEquals(
                "Sequential[Conv2d[30, 1, 5, 5], function, MaxPool2d[2], Flatten, Linear[4320, 100], function, Linear[100, 10]]",
                model.toString());
    }

    @Test
    void gradients_of_a_small_network_agree_with_finite_differences() {
        Sequential model = Sequential.of(
                new Conv2d(2, 3, 2, WindowOptions.DEFAULT.padding(1)),
                Node::tanh,
                new MaxPool2d(2),
                new Conv2d(3, 2, 2),
                new AvgPool2d(2, 1, 1),
                new Flatten());
        model.initialize(1);
        Node x = Node.constant(Tensor.uniform(Shape.of(2, 2, 5, 5), -1, 1, RandomStream.of(1, "x")));
        GradientCheck.of(model.parameters(), () -> model.forward(x)).verify();
    }

    @Test
    void a_few_steps_learn_a_few_images_in_single_precision() {
        Sequential model =
                Sequential.of(new Conv2d(1, 4, 3), Node::relu, new MaxPool2d(2), new Flatten(), new Linear(36, 3));
        model.to(DType.FLOAT32);
        model.initialize(1);
        Node x = Node.constant(Tensor.uniform(Shape.of(6, 1, 8, 8), 0, 1, RandomStream.of(1, "x"))
                .to(DType.FLOAT32));
        Adam adam = new Adam(model.parameters(), 0.01);
        double first =
                Losses.softmaxCrossEntropy(model.forward(x), 0, 1, 2, 0, 1, 2).item();
        for (int i = 0; i < 60; i++) {
            adam.step(Losses.softmaxCrossEntropy(model.forward(x), 0, 1, 2, 0, 1, 2)
                    .backward());
        }
        double last =
                Losses.softmaxCrossEntropy(model.forward(x), 0, 1, 2, 0, 1, 2).item();
        assertTrue(last < first / 10, first + " to " + last);
    }

    @Test
    void weights_and_bias_start_between_the_bounds_of_their_fan_in() {
        Conv2d layer = new Conv2d(3, 50, 4);
        for (Node p : layer.parameters().values()) {
            double largest = p.value().abs().max().item();
            assertTrue(largest <= 1 / Math.sqrt(48) && largest > 0.8 / Math.sqrt(48), p.label());
        }
        Conv2d flat = new Conv2d(1, 1, 2).weightInitializer(Initializers.constant(1));
        assertEquals(Tensor.ones(1, 1, 2, 2), flat.parameters().get("weight").value());
    }

    @Test
    void an_input_of_another_shape_is_refused_with_layer_and_shapes() {
        String channels = message(() -> digits().forward(Node.constant(Tensor.zeros(2, 3, 28, 28))));
        assertEquals("Conv2d: [2, 3, 28, 28] x 0.weight [30, 1, 5, 5]: it takes images [n, 1, h, w]", channels);
        String small = message(() -> digits().forward(Node.constant(Tensor.zeros(2, 1, 4, 28))));
        assertTrue(small.contains("0.weight") && small.contains("covers 5 x 5, more than the padded 4 x 28"), small);
        assertTrue(message(() -> new Conv2d(1, 0, 3)).contains("channels 1 and 0 and kernel 3"));
        assertTrue(message(() -> new MaxPool2d(2, 0, 0)).contains("MaxPool2d: size 2 and stride 0"));
        assertTrue(message(() -> new AvgPool2d(2, 2, 2)).contains("AvgPool2d"));
        assertTrue(message(() -> new Flatten().forward(Node.constant(1.0))).contains("Flatten: []"));
    }

    private static String message(org.junit.jupiter.api.function.Executable what) {
        return assertThrows(IllegalArgumentException.class, what).getMessage();
    }

    @Test
    void layers_print_the_options_that_are_not_the_default() {
        assertEquals(
                List.of("Conv2d[2, 1, 3, 3] stride 2, padding 1", "MaxPool2d[3] stride 2, padding 1", "AvgPool2d[2]"),
                List.of(
                        new Conv2d(1, 2, 3, WindowOptions.DEFAULT.stride(2).padding(1)).toString(),
                        new MaxPool2d(3, 2, 1).toString(),
                        new AvgPool2d(2).toString()));
    }
}
