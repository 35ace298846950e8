package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.io.Onnx;
import gradus.nn.io.OnnxModel;
import gradus.nn.zoo.Autoencoder;
import gradus.nn.zoo.LeNet5;
import gradus.nn.zoo.Mlp;
import gradus.nn.zoo.Perceptron;
import gradus.nn.zoo.ResNet;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Onnx} exports, run by ONNX Runtime, which knows nothing of Gradus. */
class OnnxTest {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    @TempDir
    private Path directory;

    private static Tensor run(Path file, Tensor x) throws OrtException {
        long[] dims = Arrays.stream(x.shape().dims()).asLongStream().toArray();
        try (OrtSession session = ENVIRONMENT.createSession(file.toString());
                OnnxTensor in = OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(x.toFloatArray()), dims);
                OrtSession.Result result = session.run(Map.of("x", in))) {
            OnnxTensor y = (OnnxTensor) result.get("y").orElseThrow();
            float[] values = new float[y.getFloatBuffer().remaining()];
            y.getFloatBuffer().get(values);
            double[] all = new double[values.length];
            Arrays.setAll(all, i -> values[i]);
            int[] sizes = Arrays.stream(y.getInfo().getShape())
                    .mapToInt(Math::toIntExact)
                    .toArray();
            return Tensor.of(Shape.of(sizes), all).to(DType.FLOAT32);
        }
    }

    private static void assertClose(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        double[] a = expected.toDoubleArray();
        double[] b = actual.toDoubleArray();
        for (int i = 0; i < a.length; i++) {
            assertEquals(a[i], b[i], tolerance * Math.max(1, Math.abs(a[i])), "element " + i);
        }
    }

    /**
     * Exports a model, compares what ONNX Runtime computes, imports the file, and compares what that computes, its file, and the file of a model
     * around it, whose operators are derived from its graph.
     */
    private void compare(Model model, Tensor x) throws IOException, OrtException {
        Path file = directory.resolve("model.onnx");
        Path again = directory.resolve("again.onnx");
        int[] dims = x.shape().dims();
        Shape example = Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
        Onnx.export(model, example, file);
        Tensor y = model.predict(x);
        assertClose(y, run(file, x), 1e-5);

        OnnxModel imported = Onnx.load(file);
        assertEquals(example, imported.example());
        assertClose(y, imported.predict(x), 1e-6);
        Onnx.export(imported, example, again);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
        Onnx.export(Sequential.of(imported), example, again);
        assertClose(y, run(again, x), 1e-5);
    }

    /** The layers that ONNX has no operator for, or none that this export writes. */
    private static final String REFUSED =
            "adaptive-.*|embedding-padding|(rnn|gru|lstm|multi-head-attention|transformer-layer).*";

    static Stream<LayerCase> layers() {
        return LayerCases.all().filter(c -> !c.name().startsWith("bilinear")); // it takes two inputs
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void a_layer_computes_the_same_in_onnx_runtime_or_is_refused_by_name(LayerCase c) throws Exception {
        Model model = c.model();
        model.initialize(3);
        model.to(DType.FLOAT32);
        Tensor x = c.x().to(DType.FLOAT32);
        String refusal = null;
        try {
            compare(model, x);
        } catch (IllegalArgumentException e) {
            refusal = e.getMessage();
        }
        assertEquals(c.name().matches(REFUSED), refusal != null, refusal);
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(new Mlp(6, 8, 3), Shape.of(6)),
                Arguments.of(new LeNet5(), Shape.of(1, 28, 28)),
                Arguments.of(LeNet5.classic(), Shape.of(1, 28, 28)),
                Arguments.of(ResNet.cifar(8), Shape.of(3, 16, 16)),
                Arguments.of(new Autoencoder(6, 4, 2), Shape.of(6)),
                Arguments.of(new Perceptron(5), Shape.of(5)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_model_of_the_zoo_computes_the_same_in_onnx_runtime(Model model, Shape example) throws Exception {
        model.initialize(1);
        model.to(DType.FLOAT32);
        int[] dims = new int[example.rank() + 1];
        dims[0] = 4;
        System.arraycopy(example.dims(), 0, dims, 1, example.rank());
        compare(
                model,
                Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(2, "x")).to(DType.FLOAT32));
    }

    static Stream<Arguments> functions() {
        return Stream.of(
                Arguments.of("gelu", (Layer) Node::gelu),
                Arguments.of("geluTanh", (Layer) Node::geluTanh),
                Arguments.of("silu", (Layer) Node::silu),
                Arguments.of("elu", (Layer) Node::elu),
                Arguments.of("selu", (Layer) Node::selu),
                Arguments.of("celu", (Layer) x -> x.celu(2)),
                Arguments.of("leakyRelu", (Layer) Node::leakyRelu),
                Arguments.of("hardSwish", (Layer) Node::hardSwish),
                Arguments.of("mish", (Layer) Node::mish),
                Arguments.of("sigmoid", (Layer) Node::sigmoid),
                Arguments.of("softsign", (Layer) Node::softsign),
                Arguments.of(
                        "abs, sqrt, exp, log", (Layer) x -> x.abs().sqrt().exp().log()),
                Arguments.of("sin, cos, erf", (Layer) x -> x.sin().cos().erf()),
                Arguments.of("pow, div, neg", (Layer)
                        x -> x.square().add(1).pow(1.5).rsqrt().neg().div(x.add(3))),
                Arguments.of("softmax", (Layer) x -> x.softmax(1)),
                Arguments.of("logSoftmax", (Layer) x -> x.logSoftmax(-1)),
                Arguments.of("mean", (Layer) x -> x.mean(1)),
                Arguments.of("mean of the batch", (Layer) x -> x.meanKeepDims(0)),
                Arguments.of("sum, max, min", (Layer)
                        x -> x.sumKeepDims(1).add(x.maxKeepDims(-1)).sub(x.minKeepDims(2))),
                Arguments.of("transpose", (Layer) x -> x.transpose(1, 2)),
                Arguments.of("permute, flip", (Layer) x -> x.permute(0, 2, 1).flip(1)),
                Arguments.of("concat, slice, pad", (Layer) x -> Node.concat(1, x.slice(1, 1, 3), x.pad(1, 1, 0))),
                Arguments.of("where", (Layer) x -> x.where(x.gt(0), x.mul(2).clamp(-1, 1))),
                Arguments.of("matmul of the batch", (Layer) x -> x.matmul(x, false, true)),
                Arguments.of("repeat", (Layer) x -> x.repeat(1, 2, 1)),
                Arguments.of("identity", (Layer) x -> x));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void a_function_computes_the_same_in_onnx_runtime(String name, Layer f) throws Exception {
        Model model = Sequential.of(new Linear(4, 4), f);
        model.initialize(1);
        model.to(DType.FLOAT32);
        compare(
                model,
                Tensor.uniform(Shape.of(5, 3, 4), -2, 2, RandomStream.of(2, "x"))
                        .to(DType.FLOAT32));
    }

    @Test
    void the_same_model_gives_the_same_bytes() throws Exception {
        Model model = new LeNet5();
        Path file = directory.resolve("a.onnx");
        Onnx.export(model, Shape.of(1, 28, 28), file);
        byte[] bytes = Files.readAllBytes(file);
        Onnx.export(model, Shape.of(1, 28, 28), file);
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    private void refuse(String message, Model model, Shape example) {
        Path file = directory.resolve("no.onnx");
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> Onnx.export(model, example, file))
                        .getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void what_onnx_has_not_is_refused_by_name_before_there_is_a_file() {
        refuse(
                "Onnx.export: digamma cannot be expressed in ONNX (opset 17)",
                Sequential.of(new Linear(4, 4), Node::digamma),
                Shape.of(4));
        refuse(
                "Onnx.export: a constant [2, 4] cannot be expressed in ONNX: a constant depends on the input or on the size of"
                        + " the batch",
                Sequential.of(x -> x.mul(Node.constant(x.value()))),
                Shape.of(4));
        refuse(
                "Onnx.export: lstm cannot be expressed in ONNX (opset 17)",
                Sequential.of(new Lstm(2, 3)),
                Shape.of(4, 2));
        refuse(
                "Onnx.export: flip [2, 4] cannot be expressed in ONNX: it mixes examples",
                Sequential.of(x -> x.flip(0)),
                Shape.of(4));
        refuse(
                "Onnx.export: the input has no effect on the output, or no graph is recorded",
                Sequential.of(x -> Node.constant(1)),
                Shape.of(4));
    }
}
