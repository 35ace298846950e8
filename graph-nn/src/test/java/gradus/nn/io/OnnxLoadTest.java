package gradus.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Conv2d;
import gradus.nn.Flatten;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files for {@link Onnx#load} that Gradus does not write: those of other programs, and damaged and hostile ones. */
class OnnxLoadTest {
    @TempDir
    private Path directory;

    // ---- files, field by field of onnx.proto

    private static Protobuf.Writer writer() {
        return new Protobuf.Writer();
    }

    private static Protobuf.Writer tensor(String name, int type, long... dims) {
        Protobuf.Writer t = writer();
        for (long d : dims) {
            t.number(1, d);
        }
        return t.number(2, type).text(8, name);
    }

    private static byte[] floats(double... values) {
        ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(v -> b.putFloat((float) v));
        return b.array();
    }

    private static byte[] doubles(double... values) {
        ByteBuffer b = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(b::putDouble);
        return b.array();
    }

    private static Protobuf.Writer node(String type, String inputs, String output, Protobuf.Writer... attributes) {
        Protobuf.Writer n = writer();
        for (String name : inputs.split(" ", -1)) {
            n.text(1, name.equals("-") ? "" : name);
        }
        n.text(2, output).text(3, "the_" + type).text(4, type);
        for (Protobuf.Writer a : attributes) {
            n.message(5, a);
        }
        return n;
    }

    private static Protobuf.Writer attribute(String name, long value) {
        return writer().text(1, name).number(3, value).number(20, 2);
    }

    private static Protobuf.Writer value(String name, int type, long... dims) {
        Protobuf.Writer shape = writer();
        for (long d : dims) {
            shape.message(1, d < 0 ? writer().text(2, "batch_size") : writer().number(1, d));
        }
        Protobuf.Writer tensor = writer().number(1, type).message(2, shape);
        return writer().text(1, name).message(2, writer().message(1, tensor));
    }

    /** Returns a graph from input {@code in [n, 3]} to output {@code out}. */
    private static Protobuf.Writer graph() {
        return writer().message(11, value("in", OnnxGraph.FLOAT, -1, 3))
                .message(12, value("out", OnnxGraph.FLOAT, -1, 2));
    }

    private static byte[] model(Protobuf.Writer graph, long opset) {
        return writer().number(1, 7)
                .text(2, "another program")
                .message(8, writer().number(2, opset))
                .message(7, graph)
                .toByteArray();
    }

    private OnnxModel load(byte... bytes) throws IOException {
        return Onnx.load(Files.write(directory.resolve("model.onnx"), bytes));
    }

    private OnnxModel load(Protobuf.Writer graph) throws IOException {
        return load(model(graph, 17));
    }

    private static Node x() {
        return Node.constant(Tensor.of(new float[][] {{1, 2, 3}, {-1, 0, 2}}));
    }

    private static void assertValues(Node y, double... expected) {
        assertArrayEquals(expected, y.value().toDoubleArray(), 1e-6);
    }

    // ---- files of other programs

    @Test
    void defaults_are_those_of_onnx_and_values_may_be_typed_or_raw() throws Exception {
        OnnxModel m = load(graph().message(1, node("Gemm", "in w b", "g"))
                .message(1, node("LeakyRelu", "g", "out"))
                .message(5, tensor("w", 1, 3, 2).bytes(4, floats(1, 0, 0, 1, 1, -2))) // packed float_data
                .message(5, tensor("b", 1, 2).real(4, 0.5f).real(4, -0.5f)) // not packed
                .message(11, value("w", 1, 3, 2))); // an initializer may be an input, too
        assertEquals(Set.of("w", "b"), m.parameters().keySet());
        assertEquals(DType.FLOAT32, m.dtype());
        assertValues(m.forward(x()), 4.5, -0.045, 1.5, -0.045);
    }

    @Test
    void shapes_may_be_int32_or_int64_data_of_either_form() throws Exception {
        byte[] packed = {1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}; // 1, -1
        for (Protobuf.Writer shape : List.of(
                tensor("s", OnnxGraph.INT64, 2).bytes(7, packed),
                tensor("s", OnnxGraph.INT64, 2).number(7, 1).number(7, -1),
                tensor("s", OnnxGraph.INT32, 2).number(5, 1).number(5, -1),
                tensor("s", OnnxGraph.INT32, 2).bytes(9, new byte[] {1, 0, 0, 0, -1, -1, -1, -1}))) {
            OnnxModel m =
                    load(graph().message(1, node("Reshape", "in s", "out")).message(5, shape));
            assertEquals(Shape.of(1, 6), m.forward(x()).shape());
        }
    }

    @Test
    void constant_nodes_and_missing_optional_inputs() throws Exception {
        Protobuf.Writer bound = writer().text(1, "value")
                .message(5, tensor("", 1).bytes(9, floats(1.5)))
                .number(20, 4);
        OnnxModel m = load(
                graph().message(1, writer().text(2, "c").text(4, "Constant").message(5, bound))
                        .message(1, node("Clip", "in - c", "d"))
                        .message(1, node("Softmax", "d", "e")) // along the last axis
                        .message(1, node("ReduceSum", "e", "out"))); // all axes, kept
        assertEquals(Set.of(), m.state().keySet());
        Node y = m.forward(x());
        assertEquals(Shape.of(1, 1), y.shape());
        assertValues(y, 2);
    }

    @Test
    void a_file_of_float64_is_a_model_of_float64() throws Exception {
        OnnxModel m = load(writer().message(11, value("in", OnnxGraph.DOUBLE, -1, 3))
                .message(12, value("out", OnnxGraph.DOUBLE, -1, 1))
                .message(1, node("MatMul", "in w", "out"))
                .message(5, tensor("w", OnnxGraph.DOUBLE, 3, 1).bytes(10, doubles(0.1, 0.2, 0.3))));
        assertEquals(DType.FLOAT64, m.dtype());
        assertEquals(
                1.4,
                m.forward(Node.constant(Tensor.of(new double[][] {{1, 2, 3}}))).item(),
                1e-15);
    }

    @Test
    void statistics_are_buffers_and_names_that_are_no_paths_are_kept() throws Exception {
        OnnxModel m = load(graph().message(1, node("BatchNormalization", "in a.b a..b s.mean s.var", "n"))
                .message(1, node("Mul", "n a", "out"))
                .message(5, tensor("a.b", 1, 3).bytes(9, floats(1, 2, 3)))
                .message(5, tensor("a..b", 1, 3).bytes(9, floats(0, 0, 1)))
                .message(5, tensor("s.mean", 1, 3).bytes(9, floats(0, 1, 2)))
                .message(5, tensor("s.var", 1, 3).bytes(9, floats(1, 1, 4)))
                .message(5, tensor("a", 1, 1).bytes(9, floats(2))));
        assertEquals(Set.of("a/b", "a//b", "a"), m.parameters().keySet());
        assertEquals(Set.of("s.mean", "s.var"), m.buffers().keySet());
        double k = 2 / Math.sqrt(1 + 1e-5);
        double l = 2 / Math.sqrt(4 + 1e-5);
        assertValues(m.forward(x()), k, 2 * k, 2 + 3 * l, -k, -2 * k, 2);
        Path again = directory.resolve("again.onnx");
        Onnx.export(m, Shape.of(3), again);
        assertValues(Onnx.load(again).forward(x()), k, 2 * k, 2 + 3 * l, -k, -2 * k, 2);
    }

    private static Protobuf.Writer attribute(String name, String value) {
        return writer().text(1, name).text(4, value).number(20, 3);
    }

    private static Protobuf.Writer random(String name, int... dims) {
        Tensor t =
                Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(3, name)).to(DType.FLOAT32);
        return tensor(name, 1, Arrays.stream(dims).asLongStream().toArray()).bytes(9, t.toLittleEndian());
    }

    /** Networks of both directions, from a state, of 3 steps of 4 sequences, compared with ONNX Runtime. */
    @ParameterizedTest
    @CsvSource({
        "LSTM, 4, bidirectional, 2, 0",
        "LSTM, 4, reverse, 1, 1",
        "LSTM, 4, forward, 1, 2",
        "GRU, 3, bidirectional, 2, 1",
        "RNN, 1, bidirectional, 2, 1",
        "RNN, 1, reverse, 1, 0"
    })
    void recurrent_networks_of_all_directions(String type, int gates, String direction, int directions, int output)
            throws Exception {
        int h = 5;
        Protobuf.Writer node = writer();
        for (String name : List.of("x", "w", "r", "b", "", "h0")) {
            node.text(1, name);
        }
        for (int i = 0; i < (gates == 4 ? 3 : 2); i++) {
            node.text(2, i == output ? "y" : "other" + i);
        }
        node.text(3, "network")
                .text(4, type)
                .message(5, attribute("direction", direction))
                .message(5, attribute("hidden_size", h));
        if (gates == 3) {
            node.message(5, attribute("linear_before_reset", 1));
        }
        long[] dims = output == 0 ? new long[] {3, directions, 4, h} : new long[] {directions, 4, h};
        byte[] bytes = model(
                writer().text(2, "recurrent")
                        .message(1, node)
                        .message(5, random("w", directions, gates * h, 2))
                        .message(5, random("r", directions, gates * h, h))
                        .message(5, random("b", directions, 2 * gates * h))
                        .message(5, random("h0", directions, 4, h))
                        .message(11, value("x", 1, 3, 4, 2))
                        .message(12, value("y", 1, dims)),
                17);
        Tensor x = Tensor.uniform(Shape.of(3, 4, 2), -1, 1, RandomStream.of(3, "x"))
                .to(DType.FLOAT32);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(bytes);
                OnnxTensor in =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.toFloatArray()), new long[] {3, 4, 2});
                OrtSession.Result result = session.run(Map.of("x", in))) {
            FloatBuffer expected = ((OnnxTensor) result.get("y").orElseThrow()).getFloatBuffer();
            float[] all = new float[expected.remaining()];
            expected.get(all);
            assertArrayEquals(all, load(bytes).predict(x).toFloatArray(), 1e-6f);
        }
    }

    // ---- what an imported model is

    private static Sequential network() {
        Sequential model =
                Sequential.of(new Conv2d(1, 2, 3), new BatchNorm(2), Node::relu, new Flatten(), new Linear(8, 3));
        model.to(DType.FLOAT32);
        model.initialize(1);
        for (int i = 0; i < 3; i++) {
            Tensor x = Tensor.uniform(Shape.of(5, 1, 4, 4), -1, 2, RandomStream.of(i, "x"));
            model.forward(Node.constant(x.to(DType.FLOAT32)), Pass.training(1, i)); // statistics other than 0 and 1
        }
        return model;
    }

    private OnnxModel imported(Model model, Path file) throws IOException {
        Onnx.export(model, Shape.of(1, 4, 4), file);
        return Onnx.load(file);
    }

    @Test
    void an_imported_model_has_the_gradients_of_the_original_and_is_trained_saved_and_exported() throws Exception {
        Sequential original = network();
        OnnxModel m = imported(original, directory.resolve("a.onnx"));
        Node x = Node.constant(Tensor.uniform(Shape.of(5, 1, 4, 4), -1, 1, RandomStream.of(1, "x"))
                .to(DType.FLOAT32));
        Gradients expected =
                original.forward(x, Pass.evaluation()).square().mean().backward();
        Gradients actual = m.forward(x).square().mean().backward();
        assertEquals(original.state(), m.state());
        for (String path : original.parameters().keySet()) {
            assertArrayEquals(
                    expected.of(original.parameters().get(path)).value().toDoubleArray(),
                    actual.of(m.parameters().get(path)).value().toDoubleArray(),
                    1e-6,
                    path);
        }

        Node weight = m.parameters().get("4.weight");
        weight.assign(weight.value().sub(actual.of(weight).value()));
        Tensor trained = m.predict(x.value());
        OnnxModel copy = imported(m, directory.resolve("b.onnx"));
        assertEquals(trained, copy.predict(x.value()));
        ModelFile.save(m, directory.resolve("m.safetensors"));
        copy.initialize(7);
        m.initialize(7); // puts back the values of its file
        assertEquals(
                original.predict(x.value()).toString(), m.predict(x.value()).toString());
        ModelFile.load(m, directory.resolve("m.safetensors"));
        assertEquals(trained, m.predict(x.value()));
    }

    @Test
    void an_imported_model_may_get_another_number_type() throws Exception {
        Sequential original = network();
        OnnxModel m = imported(original, directory.resolve("a.onnx"));
        Tensor x = Tensor.uniform(Shape.of(5, 1, 4, 4), -1, 1, RandomStream.of(1, "x"));
        m.to(DType.FLOAT64);
        original.to(DType.FLOAT64);
        assertArrayEquals(original.predict(x).toDoubleArray(), m.predict(x).toDoubleArray(), 1e-6);
        assertEquals(DType.FLOAT64, imported(m, directory.resolve("b.onnx")).dtype());
    }

    @Test
    void an_input_of_another_shape_and_an_operator_that_cannot_compute_are_refused() throws Exception {
        OnnxModel m = load(graph().message(1, node("MatMul", "in w", "out")).message(5, weight(4, 2)));
        assertEquals(
                "OnnxModel: node the_MatMul (MatMul): matmul: [2, 3] x w [4, 2]: inner sizes 3 and 4 differ",
                message(() -> m.forward(x())));
        assertEquals(
                "OnnxModel: FLOAT64 [1, 3]: it takes FLOAT32 [n, 3]",
                message(() -> m.forward(Node.constant(Tensor.ones(1, 3)))));
    }

    private static String message(org.junit.jupiter.api.function.Executable e) {
        return assertThrows(IllegalArgumentException.class, e).getMessage();
    }

    private static Protobuf.Writer weight(int rows, int columns) {
        return tensor("w", 1, rows, columns).bytes(9, new byte[4 * rows * columns]);
    }

    // ---- hostile files

    private static Arguments refused(String message, Protobuf.Writer graph) {
        return Arguments.of(message, model(graph, 17));
    }

    private static Protobuf.Writer gemm(Protobuf.Writer... attributes) {
        return graph().message(1, node("Gemm", "in w", "out", attributes)).message(5, weight(3, 2));
    }

    static Stream<Arguments> hostile() {
        Protobuf.Writer huge = tensor("w", 1, 1 << 30, 1).bytes(9, new byte[8]);
        Protobuf.Writer overflowing = tensor("w", 1, 1L << 40, 1L << 40).bytes(9, new byte[8]);
        Protobuf.Writer external = tensor("w", 1, 3, 2)
                .message(13, writer().text(1, "location").text(2, "../../secret"))
                .number(14, 1);
        return Stream.of(
                Arguments.of("it is not an ONNX model: it has no graph", new byte[0]),
                Arguments.of(
                        "field 7 has length 1000, but only 0 bytes follow", new byte[] {7 << 3 | 2, (byte) 0xe8, 7}),
                Arguments.of(
                        "field 7 has length 18446744073709551615, but only 0 bytes follow",
                        new byte[] {7 << 3 | 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}),
                Arguments.of(
                        "a number has more than 10 bytes", new byte[] {8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}),
                Arguments.of("field 1 has wire type 3", new byte[] {1 << 3 | 3}),
                Arguments.of(
                        "field 7 has wire type 0, not 2", writer().number(7, 1).toByteArray()),
                Arguments.of("it has opset 12; opsets 13 to 17 are supported", model(gemm(), 12)),
                Arguments.of("it has opset 18; opsets 13 to 17 are supported", model(gemm(), 18)),
                Arguments.of(
                        "it is not an ONNX model: it has no opset",
                        writer().message(7, gemm()).toByteArray()),
                refused(
                        "it has 2 inputs and 1 outputs; one of each is supported",
                        gemm().message(11, value("in2", 1, -1))),
                refused(
                        "input in has element type 7; float and double (1 and 11) are supported",
                        writer().message(11, value("in", 7, -1)).message(12, value("in", 7, -1))),
                refused(
                        "tensor w [1073741824, 1] needs 4294967296 bytes of values, but has 8",
                        graph().message(5, huge)),
                refused(
                        "tensor w has an impossible shape [1099511627776, 1099511627776]",
                        graph().message(5, overflowing)),
                refused("tensor w has an impossible shape [-1]", graph().message(5, tensor("w", 1, -1))),
                refused("tensor w is stored in another file, which is not supported", graph().message(5, external)),
                refused(
                        "tensor w has element type 10; float, int32, int64 and double (1, 6, 7 and 11) are supported",
                        graph().message(5, tensor("w", 10, 1).bytes(9, new byte[2]))),
                refused("there are two initializers w", gemm().message(5, weight(3, 2))),
                refused(
                        "initializer w is FLOAT64, input in is FLOAT32; one number type is supported",
                        graph().message(1, node("MatMul", "in w", "out"))
                                .message(5, tensor("w", 11, 3, 1).bytes(9, doubles(1, 2, 3)))),
                refused("it has a sparse initializer, which is not supported", gemm().message(15, writer())),
                refused(
                        "node the_Gemm (Gemm) has attribute gamma; supported are [alpha, beta, transA, transB]",
                        gemm(attribute("gamma", 1))),
                refused(
                        "node the_Gemm (Gemm): attribute alpha is of another type than Float",
                        gemm(attribute("alpha", 1))),
                refused(
                        "node the_Gemm (Gemm) has two attributes transA",
                        gemm(attribute("transA", 1), attribute("transA", 0))),
                refused(
                        "node the_Gemm (Gemm): attribute body has type 5; float, int, string, tensor, ints and strings (1, 2,"
                                + " 3, 4, 7 and 8) are supported",
                        gemm(writer().text(1, "body").message(6, writer()).number(20, 5))),
                refused(
                        "node the_Concat (Concat) has no attribute axis",
                        graph().message(1, node("Concat", "in", "out"))),
                refused(
                        "node the_Gemm (Gemm) has 1 inputs; it takes 2 to 3",
                        graph().message(1, node("Gemm", "in", "out"))),
                refused(
                        "node the_Relu (Relu) takes missing, which is no input, no initializer and no output of a node"
                                + " before it",
                        graph().message(1, node("Relu", "missing", "out"))),
                refused(
                        "node the_Add (Add) takes b, which is no input, no initializer and no output of a node before it",
                        graph().message(1, node("Add", "in b", "a")).message(1, node("Relu", "a", "b"))),
                refused("node the_Relu (Relu): there are two values in", graph().message(1, node("Relu", "in", "in"))),
                refused(
                        "node the_Reshape (Reshape): input in has numbers, not integers",
                        graph().message(1, node("Reshape", "in in", "out"))),
                refused(
                        "node the_Cast (Cast): attribute to is 10; float, int32, int64, bool and double (1, 6, 7, 9 and 11)"
                                + " are supported",
                        graph().message(1, node("Cast", "in", "out", attribute("to", 10)))),
                refused(
                        "output out is not computed, or is no tensor of numbers",
                        graph().message(1, node("Relu", "in", "y"))),
                refused(
                        "node out is Gelu of com.microsoft, which is not supported",
                        graph().message(
                                        1,
                                        writer().text(1, "in")
                                                .text(2, "out")
                                                .text(4, "Gelu")
                                                .text(7, "com.microsoft"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void a_hostile_file_is_refused_by_name(String message, byte... bytes) {
        IOException e = assertThrows(IOException.class, () -> load(bytes));
        assertEquals(directory.resolve("model.onnx") + ": " + message, e.getMessage());
    }

    @Test
    void an_unknown_operator_is_refused_with_those_that_are_supported() {
        IOException e =
                assertThrows(IOException.class, () -> load(graph().message(1, node("NonMaxSuppression", "in", "out"))));
        assertEquals(
                directory.resolve("model.onnx")
                        + ": node the_NonMaxSuppression is of the operator NonMaxSuppression, which is"
                        + " not supported; supported are " + String.join(", ", OnnxOperators.ALL.keySet()),
                e.getMessage());
    }

    @Test
    void a_missing_file_is_named() {
        Path file = directory.resolve("none.onnx");
        assertEquals(
                file + ": no such file",
                assertThrows(NoSuchFileException.class, () -> Onnx.load(file)).getMessage());
    }

    /** What happens is an error with a message, or a model that computes or says why it cannot; nothing else is thrown. */
    private void loadAndRun(byte... bytes) {
        try {
            OnnxModel m = OnnxModel.of(OnnxReader.read(bytes));
            m.predict(Tensor.ones(2, 1, 4, 4).to(DType.FLOAT32));
        } catch (IOException | IllegalArgumentException e) {
            assertEquals(String.class, e.getMessage().getClass());
        }
    }

    @Test
    void truncated_files_and_files_with_a_wrong_byte_never_fail_otherwise() throws Exception {
        Path file = directory.resolve("a.onnx");
        Onnx.export(network(), Shape.of(1, 4, 4), file);
        byte[] bytes = Files.readAllBytes(file);
        for (int n = 0; n < bytes.length; n++) {
            byte[] part = Arrays.copyOf(bytes, n);
            assertThrows(IOException.class, () -> OnnxReader.read(part));
        }
        Consumer<byte[]> check = this::loadAndRun;
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) (1 << bit);
                check.accept(changed);
            }
        }
    }
}
