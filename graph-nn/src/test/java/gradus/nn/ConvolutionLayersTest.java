package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.nn.init.Fans;
import gradus.nn.init.He;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.ops.PaddingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions and transposed convolutions: results computed by hand, settings, initial values, refusals. */
class ConvolutionLayersTest {
    private static final Node SIGNAL = Node.constant(Tensor.of(Shape.of(1, 1, 4), 1, 2, 3, 4));

    private static Model with(Model layer, double bias, double... weight) {
        Map<String, Node> p = layer.parameters();
        p.get("weight").assign(Tensor.of(p.get("weight").shape(), weight));
        if (p.containsKey("bias")) {
            p.get("bias")
                    .assign(Tensor.full(
                            p.get("bias").shape(), bias, p.get("bias").dtype()));
        }
        return layer;
    }

    private static List<Double> values(Node y) {
        return java.util.Arrays.stream(y.value().toDoubleArray()).boxed().toList();
    }

    static Stream<Arguments> signals() {
        return Stream.of(
                Arguments.of(with(new Conv1d(1, 1, 2), 0.5, 1, 2), List.of(5.5, 8.5, 11.5)),
                Arguments.of(with(new Conv1d(1, 1, 2).withoutBias(), 0, 1, 2), List.of(5.0, 8.0, 11.0)),
                Arguments.of(with(new Conv1d(1, 1, 2).stride(2), 0.5, 1, 2), List.of(5.5, 11.5)),
                Arguments.of(with(new Conv1d(1, 1, 2).dilation(2), 0, 1, 2), List.of(7.0, 10.0)),
                Arguments.of(with(new Conv1d(1, 1, 2).padding(1), 0, 1, 2), List.of(2.0, 5.0, 8.0, 11.0, 4.0)),
                Arguments.of(with(new Conv1d(1, 1, 2).same(), 0, 1, 2), List.of(5.0, 8.0, 11.0, 4.0)),
                Arguments.of(with(new Conv1d(1, 1, 3).same().stride(2), 0, 1, 1, 1), List.of(6.0, 7.0)),
                Arguments.of(
                        with(new Conv1d(1, 1, 3).padding(1).paddingMode(PaddingMode.CIRCULAR), 0, 1, 1, 1),
                        List.of(7.0, 6.0, 9.0, 8.0)),
                Arguments.of(
                        with(new Conv1d(1, 1, 3).same().paddingMode(PaddingMode.REFLECT), 0, 1, 1, 1),
                        List.of(5.0, 6.0, 9.0, 10.0)),
                Arguments.of(
                        with(new Conv1d(1, 1, 2).same().paddingMode(PaddingMode.REPLICATE), 0, 1, 2),
                        List.of(5.0, 8.0, 11.0, 12.0)),
                Arguments.of(
                        with(new ConvTranspose1d(1, 1, 2).stride(2), 0.5, 1, 10),
                        List.of(1.5, 10.5, 2.5, 20.5, 3.5, 30.5, 4.5, 40.5)),
                Arguments.of(
                        with(
                                new ConvTranspose1d(1, 1, 2)
                                        .stride(2)
                                        .outputPadding(1)
                                        .withoutBias(),
                                0,
                                1,
                                10),
                        List.of(1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0, 0.0)),
                Arguments.of(with(new ConvTranspose1d(1, 1, 2).padding(1), 0, 1, 10), List.of(12.0, 23.0, 34.0)),
                Arguments.of(
                        with(new ConvTranspose1d(1, 1, 2, WindowOptions.DEFAULT.dilation(2)), 0, 1, 10),
                        List.of(1.0, 2.0, 13.0, 24.0, 30.0, 40.0)));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void results_are_those_computed_by_hand(Model layer, List<Double> expected) {
        assertEquals(expected, values(layer.forward(SIGNAL)));
    }

    @Test
    void kernels_and_options_are_given_for_each_axis() {
        Node image = Node.constant(Tensor.ones(1, 1, 4, 6));
        Conv2d tall = new Conv2d(1, 2, 3, 1, WindowOptions.DEFAULT.stride(1, 2));
        assertEquals(Shape.of(2, 1, 3, 1), tall.parameters().get("weight").shape());
        assertEquals(Shape.of(1, 2, 2, 3), tall.forward(image).shape());
        Conv2d set = new Conv2d(1, 2, 3).stride(1, 2).padding(0, 1, 2, 3).dilation(1, 2);
        assertEquals(
                Shape.of(1, 2, 3, 4),
                set.forward(image).shape(),
                "4 + 1 - 3 + 1 rows, (6 + 5 - 4 - 1) / 2 + 1 columns");
        Node volume = Node.constant(Tensor.ones(2, 1, 3, 4, 5));
        Model sum = with(new Conv3d(1, 1, 1, 2, 3, WindowOptions.DEFAULT), 0, 1, 1, 1, 1, 1, 1);
        assertEquals(
                Tensor.full(Shape.of(2, 1, 3, 3, 3), 6, sum.dtype()),
                sum.forward(volume).value());
        assertEquals(
                Shape.of(2, 3, 7, 7, 11),
                new ConvTranspose3d(1, 3, 3)
                        .stride(3, 2, 2)
                        .padding(1, 1, 0)
                        .forward(volume)
                        .shape());
        assertEquals(
                Shape.of(1, 1, 5, 13),
                new ConvTranspose2d(1, 1, 2, 3, WindowOptions.DEFAULT.stride(1, 2))
                        .outputPadding(0, 0)
                        .forward(image)
                        .shape());
    }

    /** With weights of one, each output is the sum of the channels of its group. */
    @Test
    void groups_divide_the_channels() {
        Node x = Node.constant(Tensor.of(Shape.of(1, 4, 1), 1, 2, 3, 4));
        Conv1d conv = new Conv1d(4, 2, 1).groups(2);
        assertEquals(Shape.of(2, 2, 1), conv.parameters().get("weight").shape());
        assertEquals(List.of(3.0, 7.0), values(with(conv, 0, 1, 1, 1, 1).forward(x)));
        ConvTranspose1d transposed = new ConvTranspose1d(4, 6, 1).groups(2);
        assertEquals(Shape.of(4, 3, 1), transposed.parameters().get("weight").shape());
        Model sum = with(transposed, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertEquals(List.of(3.0, 3.0, 3.0, 7.0, 7.0, 7.0), values(sum.forward(x)));
        assertEquals(
                Shape.of(4, 1, 3, 3),
                new Conv2d(4, 4, 3, WindowOptions.DEFAULT.groups(4))
                        .parameters()
                        .get("weight")
                        .shape());
    }

    static Stream<Arguments> bounds() {
        return Stream.of(
                Arguments.of(48, new Conv2d(3, 50, 4)),
                Arguments.of(18, new Conv2d(4, 60, 3).groups(2)),
                Arguments.of(27, new Conv3d(1, 80, 3)),
                Arguments.of(20, new Conv1d(4, 80, 5)),
                Arguments.of(54, new ConvTranspose2d(90, 6, 3)),
                Arguments.of(27, new ConvTranspose2d(90, 6, 3).groups(2)),
                Arguments.of(24, new ConvTranspose3d(70, 3, 2)));
    }

    /** PyTorch's fan-in is the second axis of the weight times the kernel, in transposed convolutions too. */
    @ParameterizedTest
    @MethodSource("bounds")
    void weights_and_bias_start_between_the_bounds_of_pytorch(int fanIn, Model layer) {
        double bound = 1 / Math.sqrt(fanIn);
        double largest = layer.parameters().get("weight").value().abs().max().item();
        assertTrue(largest <= bound && largest > 0.97 * bound, layer::toString);
        assertTrue(layer.parameters().get("bias").value().abs().max().item() <= bound, layer::toString);
    }

    @Test
    void initializers_get_the_inputs_of_an_output_and_the_outputs_of_an_input() {
        List<Fans> seen = new ArrayList<>();
        Initializer watching = new Initializer() {
            @Override
            public Tensor draw(Shape shape, RandomStream random) {
                return Tensor.zeros(shape);
            }

            @Override
            public Tensor draw(Shape shape, Fans fans, RandomStream random) {
                seen.add(fans);
                return Tensor.zeros(shape);
            }
        };
        new Conv2d(4, 6, 3).weightInitializer(watching);
        new ConvTranspose2d(4, 6, 3).weightInitializer(watching);
        new Conv2d(4, 6, 3).weightInitializer(watching).groups(2);
        assertEquals(List.of(new Fans(36, 54), new Fans(36, 54), new Fans(36, 54), new Fans(18, 27)), seen);
        Conv1d layer =
                new Conv1d(1, 2, 3).biasInitializer(Initializers.constant(7)).groups(1);
        assertEquals(Tensor.of(7.0, 7.0), layer.parameters().get("bias").value());
        layer.parameters().get("bias").assign(Tensor.zeros(2));
        layer.initialize(1);
        assertEquals(Tensor.of(7.0, 7.0), layer.parameters().get("bias").value());
        Conv2d he = new Conv2d(8, 64, 3).weightInitializer(He.normal());
        double std = Math.sqrt(he.parameters().get("weight").square().mean().item());
        assertEquals(Math.sqrt(2 / 72.0), std, 0.05 * std);
    }

    @Test
    void settings_return_the_layer_and_come_first() {
        Conv2d layer = new Conv2d(1, 1, 3);
        assertSame(layer, layer.stride(2).padding(1).withoutBias());
        Sequential.of(layer);
        List<Executable> late = List.of(
                () -> layer.stride(1),
                () -> layer.padding(0),
                () -> layer.same(),
                () -> layer.dilation(1),
                () -> layer.groups(1),
                () -> layer.paddingMode(PaddingMode.ZEROS),
                () -> layer.withoutBias(),
                () -> layer.weightInitializer(He.normal()));
        for (Executable e : late) {
            String found = assertThrows(IllegalStateException.class, e).getMessage();
            assertTrue(found.contains("settings come first"), found);
        }
        assertEquals("Conv2d[1, 1, 3, 3] stride 2, padding 1 without bias", layer.toString());
        ConvTranspose1d used = new ConvTranspose1d(1, 1, 2);
        used.parameters();
        assertThrows(IllegalStateException.class, () -> used.outputPadding(1));
        assertEquals(
                "there is no bias",
                assertThrows(
                                IllegalStateException.class,
                                () -> new Conv1d(1, 1, 1).withoutBias().biasInitializer(He.normal()))
                        .getMessage()
                        .replaceFirst(".*: ", ""));
    }

    static Stream<Arguments> refused() {
        Node image = Node.constant(Tensor.zeros(1, 3, 4, 4));
        return Stream.of(
                refused("Conv1d: channels 0 and 1 and kernel 1 must be at least 1", () -> new Conv1d(0, 1, 1)),
                refused("Conv2d: channels 1 and 0 and kernel 3 x 3 must be at least 1", () -> new Conv2d(1, 0, 3)),
                refused(
                        "Conv3d: channels 1 and 1 and kernel 1 x 0 x 1 must be at least 1",
                        () -> new Conv3d(1, 1, 1, 0, 1, WindowOptions.DEFAULT)),
                refused("Conv2d: 2 groups do not divide channels 3 and 4", () -> new Conv2d(3, 4, 1).groups(2)),
                refused(
                        "ConvTranspose2d: 2 groups do not divide channels 4 and 3",
                        () -> new ConvTranspose2d(4, 3, 1, WindowOptions.DEFAULT.groups(2))),
                refused("Conv1d: the options are those of 2 axes, the layer has 1", () -> new Conv1d(1, 1, 1)
                        .stride(1, 2)),
                refused(
                        "Conv2d: a convolution has no ceilMode",
                        () -> new Conv2d(1, 1, 1, WindowOptions.DEFAULT.ceilMode(true))),
                refused("WindowOptions: stride 0 must be at least 1", () -> new Conv2d(1, 1, 1).stride(0)),
                refused(
                        "ConvTranspose2d.outputPadding: there are 3 numbers for 2 axes",
                        () -> new ConvTranspose2d(1, 1, 1).outputPadding(1, 1, 1)),
                refused("ConvTranspose1d.outputPadding: -1 must be at least 0", () -> new ConvTranspose1d(1, 1, 1)
                        .outputPadding(-1)),
                refused(
                        "Conv2d: [1, 3, 4, 4] x weight [1, 2, 1, 1]: it takes images [n, 2, h, w]",
                        () -> new Conv2d(2, 1, 1).forward(image)),
                refused("Conv1d: [1, 3, 4, 4] x weight [1, 3, 1]: it takes signals [n, 3, l]", () -> new Conv1d(3, 1, 1)
                        .forward(image)),
                refused(
                        "ConvTranspose3d: [1, 3, 4, 4] x weight [3, 1, 1, 1, 1]: it takes volumes [n, 3, d, h, w]",
                        () -> new ConvTranspose3d(3, 1, 1).forward(image)));
    }

    private static Arguments refused(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void bad_input_is_refused_by_name(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void layers_show_what_is_not_the_default() {
        assertEquals(
                List.of(
                        "Conv1d[2, 1, 3] dilation 2 padding mode reflect",
                        "Conv3d[1, 1, 2, 2, 2] stride 2",
                        "ConvTranspose2d[1, 1, 3, 3] stride 2 output padding 1"),
                List.of(
                        new Conv1d(1, 2, 3)
                                .dilation(2)
                                .paddingMode(PaddingMode.REFLECT)
                                .toString(),
                        new Conv3d(1, 1, 2).stride(2).toString(),
                        new ConvTranspose2d(1, 1, 3).stride(2).outputPadding(1).toString()));
    }
}
