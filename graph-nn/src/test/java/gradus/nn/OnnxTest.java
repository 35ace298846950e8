package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.io.Onnx;
import gradus.nn.io.OnnxModel;
import gradus.nn.zoo.Autoencoder;
import gradus.nn.zoo.Gpt;
import gradus.nn.zoo.LeNet5;
import gradus.nn.zoo.Mlp;
import gradus.nn.zoo.Perceptron;
import gradus.nn.zoo.ResNet;
import gradus.nn.zoo.TextClassifier;
import java.io.IOException;
import java.nio.DoubleBuffer;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Onnx} exports, run by ONNX Runtime, which knows nothing of Gradus. */
class OnnxTest {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    @TempDir
    private Path directory;

    private static Tensor run(Path file, Tensor x) throws OrtException {
        long[] dims = Arrays.stream(x.shape().dims()).asLongStream().toArray();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = ENVIRONMENT.createSession(file.toString(), optimized(options, x.dtype()));
                OnnxTensor in = x.dtype() == DType.FLOAT32
                        ? OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(x.toFloatArray()), dims)
                        : OnnxTensor.createTensor(ENVIRONMENT, DoubleBuffer.wrap(x.toDoubleArray()), dims);
                OrtSession.Result result = session.run(Map.of("x", in))) {
            OnnxTensor y = (OnnxTensor) result.get("y").orElseThrow();
            byte[] values = new byte[y.getByteBuffer().remaining()];
            y.getByteBuffer().get(values);
            int[] sizes = Arrays.stream(y.getInfo().getShape())
                    .mapToInt(Math::toIntExact)
                    .toArray();
            return Tensor.ofLittleEndian(Shape.of(sizes), x.dtype(), values);
        }
    }

    /** The runtime's optimizer makes operators that it has not for FLOAT64. */
    private static OrtSession.SessionOptions optimized(OrtSession.SessionOptions options, DType dtype)
            throws OrtException {
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // errors are exceptions too
        options.setOptimizationLevel(
                dtype == DType.FLOAT64
                        ? OrtSession.SessionOptions.OptLevel.NO_OPT
                        : OrtSession.SessionOptions.OptLevel.ALL_OPT);
        return options;
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
        double tolerance = x.dtype() == DType.FLOAT32 ? 1e-5 : 1e-12;
        assertRuns(y, file, x, tolerance);

        OnnxModel imported = Onnx.load(file);
        assertEquals(example, imported.example());
        assertClose(y, imported.predict(x), tolerance / 10);
        Onnx.export(imported, example, again);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
        Onnx.export(Sequential.of(imported), example, again);
        assertRuns(y, again, x, tolerance);
    }

    /** The operators that ONNX has for FLOAT64, but not ONNX Runtime 1.22. */
    private static final String NO_KERNEL = "Conv|ConvTranspose|AveragePool|Erf|Cos|Softplus|Softsign|RNN";

    private static void assertRuns(Tensor expected, Path file, Tensor x, double tolerance) throws OrtException {
        Tensor y;
        try {
            y = run(file, x);
        } catch (OrtException e) {
            if (x.dtype() == DType.FLOAT64
                    && e.getMessage()
                            .matches("(?s).*(Could not find an implementation for (" + NO_KERNEL
                                    + ")\\(|(GRU|LSTM) operator does not support double).*")) {
                return;
            }
            throw e;
        }
        assertClose(expected, y, tolerance);
    }

    /** The layers that ONNX has no operator for, or none that this export writes. */
    private static final String REFUSED = "adaptive-.*|embedding-padding|ensemble-probabilities";

    static Stream<Arguments> layers() {
        return LayerCases.all()
                .filter(c -> !c.name().startsWith("bilinear")) // it takes two inputs
                .flatMap(c -> types(c));
    }

    /** Returns arguments for both number types; what has no parameters is exported as FLOAT32. */
    private static Stream<Arguments> types(Object... arguments) {
        return Stream.of(DType.FLOAT32, DType.FLOAT64).map(dtype -> {
            Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = dtype;
            return Arguments.of(all);
        });
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("layers")
    void a_layer_computes_the_same_in_onnx_runtime_or_is_refused_by_name(LayerCase c, DType dtype) throws Exception {
        Model model = c.model();
        model.initialize(3);
        model.to(dtype);
        Tensor x = c.x().to(model.dtype() == null ? DType.FLOAT32 : dtype);
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
                        types(new Mlp(6, 8, 3), Shape.of(6)),
                        types(new LeNet5(), Shape.of(1, 28, 28)),
                        types(LeNet5.classic(), Shape.of(1, 28, 28)),
                        types(ResNet.cifar(8), Shape.of(3, 16, 16)),
                        types(new Autoencoder(6, 4, 2), Shape.of(6)),
                        types(new Perceptron(5), Shape.of(5)),
                        types(new Gpt(11, 6, 8, 2, 2), Shape.of(5)),
                        types(new TextClassifier(11, 3, 4, 2), Shape.of(5)))
                .flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_model_of_the_zoo_computes_the_same_in_onnx_runtime(Model model, Shape example, DType dtype)
            throws Exception {
        model.initialize(1);
        model.to(dtype);
        int[] dims = new int[example.rank() + 1];
        dims[0] = 4;
        System.arraycopy(example.dims(), 0, dims, 1, example.rank());
        Tensor x = Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(2, "x"));
        boolean tokens = model instanceof Gpt || model instanceof TextClassifier;
        compare(model, (tokens ? x.map(v -> Math.floor(5.5 * (v + 1))) : x).to(dtype));
    }

    static Stream<Arguments> functions() {
        return Stream.of(
                        types("gelu", (Layer) Node::gelu),
                        types("geluTanh", (Layer) Node::geluTanh),
                        types("silu", (Layer) Node::silu),
                        types("elu", (Layer) Node::elu),
                        types("selu", (Layer) Node::selu),
                        types("celu", (Layer) x -> x.celu(2)),
                        types("leakyRelu", (Layer) Node::leakyRelu),
                        types("hardSwish", (Layer) Node::hardSwish),
                        types("mish", (Layer) Node::mish),
                        types("sigmoid", (Layer) Node::sigmoid),
                        types("softsign", (Layer) Node::softsign),
                        types("abs, sqrt, exp, log", (Layer)
                                x -> x.abs().sqrt().exp().log()),
                        types("sin, cos, erf", (Layer) x -> x.sin().cos().erf()),
                        types("pow, div, neg", (Layer)
                                x -> x.square().add(1).pow(1.5).rsqrt().neg().div(x.add(3))),
                        types("softmax", (Layer) x -> x.softmax(1)),
                        types("logSoftmax", (Layer) x -> x.logSoftmax(-1)),
                        types("mean", (Layer) x -> x.mean(1)),
                        types("mean of the batch", (Layer) x -> x.meanKeepDims(0)),
                        types("sum, max, min", (Layer)
                                x -> x.sumKeepDims(1).add(x.maxKeepDims(-1)).sub(x.minKeepDims(2))),
                        types("transpose", (Layer) x -> x.transpose(1, 2)),
                        types("permute, flip", (Layer) x -> x.permute(0, 2, 1).flip(1)),
                        types("concat, slice, pad", (Layer) x -> Node.concat(1, x.slice(1, 1, 3), x.pad(1, 1, 0))),
                        types("where", (Layer) x -> x.where(x.gt(0), x.mul(2).clamp(-1, 1))),
                        types("matmul of the batch", (Layer) x -> x.matmul(x, false, true)),
                        types("repeat", (Layer) x -> x.repeat(1, 2, 1)),
                        types("identity", (Layer) x -> x))
                .flatMap(s -> s);
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("functions")
    void a_function_computes_the_same_in_onnx_runtime(String name, Layer f, DType dtype) throws Exception {
        Model model = Sequential.of(new Linear(4, 4), f);
        model.initialize(1);
        model.to(dtype);
        compare(
                model,
                Tensor.uniform(Shape.of(5, 3, 4), -2, 2, RandomStream.of(2, "x"))
                        .to(dtype));
    }

    /** Returns attention whose keys have a mask. */
    private static Model masked(Tensor mask) {
        return new Model() {
            private final MultiHeadAttention inner = layer("inner", new MultiHeadAttention(4, 2));

            @Override
            public Node forward(Node x, Pass pass) {
                return inner.forward(x, mask, pass);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void attention_with_a_mask_computes_the_same_in_onnx_runtime(DType dtype) throws Exception {
        Model model = masked(Tensor.of(new double[][] {{1, 0, 1}}));
        model.initialize(1);
        model.to(dtype);
        compare(
                model,
                Tensor.uniform(Shape.of(2, 3, 4), -2, 2, RandomStream.of(2, "x"))
                        .to(dtype));
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
                "Onnx.export: adaptiveAvgPool1d [2, 1, 2] cannot be expressed in ONNX: 2 windows of 5 elements differ in size",
                Sequential.of(new AdaptiveAvgPool1d(2)),
                Shape.of(1, 5));
        refuse(
                "Onnx.export: scaledDotProductAttention [2, 2, 3, 2] cannot be expressed in ONNX: a query attends to no key",
                masked(Tensor.zeros(Shape.of(1, 3), DType.FLOAT64)),
                Shape.of(3, 4));
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
