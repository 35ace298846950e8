package gradus.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Sequential;
import gradus.testing.GradusArbitraries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFileTest {
    @TempDir
    private Path directory;

    private static Sequential model(int hidden) {
        return Sequential.of(new Linear(3, hidden), Node::relu, new Linear(hidden, 2));
    }

    @Test
    void a_loaded_model_has_the_saved_bits_in_either_number_type() throws IOException {
        for (DType dtype : DType.values()) {
            Sequential saved = model(4);
            saved.to(dtype);
            saved.initialize(5);
            Path file = directory.resolve(dtype + ".safetensors");
            ModelFile.save(saved, file);
            Sequential loaded = model(4);
            loaded.to(dtype);
            ModelFile.load(loaded, file);
            saved.parameters()
                    .forEach((path, p) -> assertEquals(
                            p.value(), loaded.parameters().get(path).value()));
        }
    }

    @Test
    void the_bytes_are_as_the_format_has_them() throws IOException {
        Path file = directory.resolve("layout");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", Tensor.of(new float[] {1.5f}));
        tensors.put("a", Tensor.of(new double[][] {{2, 3}}));
        SafeTensors.write(file, tensors, Map.of("k", "v"));
        ByteBuffer b = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) b.getLong();
        assertEquals(0, length % 8);
        byte[] header = new byte[length];
        b.get(header);
        assertEquals(
                "{\"__metadata__\":{\"k\":\"v\"},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"a\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[4,20]}}",
                new String(header, StandardCharsets.UTF_8).strip());
        assertEquals(1.5f, b.getFloat());
        assertEquals(2, b.getDouble());
        assertEquals(3, b.getDouble());
        assertEquals(0, b.remaining());
    }

    @Provide
    Arbitrary<Map<String, Tensor>> named() {
        Arbitrary<Tensor> tensors = Combinators.combine(
                        GradusArbitraries.tensors(GradusArbitraries.shapes(0, 3), -1e3, 1e3),
                        GradusArbitraries.dtypes())
                .as(Tensor::to);
        return Arbitraries.maps(
                        Arbitraries.strings().ofMaxLength(8).filter(s -> !s.equals("__metadata__") && wellFormed(s)),
                        tensors)
                .ofMaxSize(5);
    }

    private static boolean wellFormed(String s) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(s);
    }

    @Property(tries = 50)
    void whatever_is_written_is_read_again(@ForAll("named") Map<String, Tensor> tensors) throws IOException {
        Path file = Files.createTempFile("any", ".safetensors");
        try {
            SafeTensors.write(file, tensors, Map.of());
            assertEquals(tensors, SafeTensors.read(file).tensors());
        } finally {
            Files.delete(file);
        }
    }

    static Stream<Arguments> damaged() {
        String good = "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}";
        return Stream.of(
                Arguments.of("no header", bytes(0, "", 0), "only 8 bytes"),
                Arguments.of("header longer than the file", bytes(1000, good, 8), "its header claims 1000 bytes"),
                Arguments.of("header of 2^63", bytes(Long.MIN_VALUE, good, 8), "claims 9223372036854775808 bytes"),
                Arguments.of("no JSON", bytes(-1, "hello, there", 0), "not valid JSON"),
                Arguments.of("an array", bytes(-1, "[1, 2, 3]", 0), "should have an object"),
                Arguments.of("a number", bytes(-1, "{\"a\":1}", 0), "should have an object for a"),
                Arguments.of("a number as metadata", bytes(-1, "{\"__metadata__\":{\"k\":1}}", 0), "a string for k"),
                Arguments.of("a name twice", bytes(-1, "{\"a\":{},\"a\":{}}", 0), "a needs dtype"),
                Arguments.of("metadata twice", bytes(-1, "{\"__metadata__\":{},\"__metadata__\":{}}", 0), "Duplicate"),
                Arguments.of("cut short", bytes(-1, good, 7), "its tensors take 8 bytes, 7 are there"),
                Arguments.of("too long", bytes(-1, good, 9), "its tensors take 8 bytes, 9 are there"),
                Arguments.of("a gap", bytes(-1, good.replace("[0,8]", "[8,16]"), 16), "lies at bytes 8 to 16"),
                Arguments.of("too few bytes", bytes(-1, good.replace("[0,8]", "[0,4]"), 4), "but should at 0 to 8"),
                Arguments.of("reversed", bytes(-1, good.replace("[0,8]", "[8,0]"), 8), "lies at bytes 8 to 0"),
                Arguments.of(
                        "an unknown type",
                        bytes(-1, good.replace("F64", "C64"), 8),
                        "a is C64; supported are [F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL]"),
                Arguments.of("a negative size", bytes(-1, good.replace("[1]", "[-1]"), 8), "impossible shape [-1]"),
                Arguments.of("a huge size", bytes(-1, good.replace("[1]", "[99999999999]"), 8), "impossible shape"),
                Arguments.of("a huge number", bytes(-1, good.replace("[1]", "[99999999999999999999]"), 8), "JSON"),
                Arguments.of("no offsets", bytes(-1, "{\"a\":{\"dtype\":\"F64\",\"shape\":[1]}}", 8), "a needs dtype"),
                Arguments.of("words after", bytes(-1, good + " x", 8), "not valid JSON"),
                Arguments.of(
                        "an extra key", bytes(-1, good.replace("\"shape\"", "\"x\":1,\"shape\""), 8), "unknown key x"));
    }

    static Stream<Arguments> storedTypes() {
        return Stream.of(
                stored(
                        "F16",
                        2,
                        DType.FLOAT32,
                        new long[] {0x3c00, 0xc000, 0x3555, 0x0001, 0x83ff, 0x7bff},
                        1,
                        -2,
                        0.333251953125,
                        Math.scalb(1.0, -24),
                        -Math.scalb(1023.0, -24),
                        65504),
                stored(
                        "F16",
                        2,
                        DType.FLOAT32,
                        new long[] {0x7c00, 0xfc00, 0x7e00, 0x8000},
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN,
                        -0.0),
                stored(
                        "BF16",
                        2,
                        DType.FLOAT32,
                        new long[] {0x3f80, 0xc000, 0x3eab, 0xff80},
                        1,
                        -2,
                        0.333984375,
                        Double.NEGATIVE_INFINITY),
                stored("I64", 8, DType.FLOAT64, new long[] {1, -3, 1L << 53}, 1, -3, 9007199254740992.0),
                stored("I32", 4, DType.FLOAT64, new long[] {7, -8}, 7, -8),
                stored("I16", 2, DType.FLOAT64, new long[] {7, -8}, 7, -8),
                stored("I8", 1, DType.FLOAT64, new long[] {127, -128}, 127, -128),
                stored("U8", 1, DType.FLOAT64, new long[] {0, 255}, 0, 255),
                stored("BOOL", 1, DType.FLOAT64, new long[] {0, 1}, 0, 1));
    }

    private static Arguments stored(String type, int size, DType dtype, long[] bits, double... values) {
        ByteBuffer data = ByteBuffer.allocate(size * bits.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long b : bits) {
            data.put(
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(b)
                            .array(),
                    0,
                    size);
        }
        return Arguments.of(type, dtype, data.array(), values);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("storedTypes")
    void other_number_types_are_read_exactly(String type, DType dtype, byte[] data, double... values)
            throws IOException {
        Tensor t = SafeTensors.read(file(type, values.length, data)).tensors().get("a");
        assertEquals(Tensor.of(values).to(dtype), t);
    }

    @Test
    void a_whole_number_that_has_no_double_is_refused() throws IOException {
        Path file = file("I64", 1, new byte[] {1, 0, 0, 0, 0, 0, 0x20, 0});
        String message =
                assertThrows(IOException.class, () -> SafeTensors.read(file)).getMessage();
        assertEquals(file + ": a: the I64 9007199254740993 is beyond 2^53 and has no exact double", message);
    }

    private Path file(String type, int elements, byte[] data) throws IOException {
        String header = "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[" + elements + "],\"data_offsets\":[0,"
                + data.length + "]}}";
        byte[] start = bytes(-1, header, data.length);
        System.arraycopy(data, 0, start, start.length - data.length, data.length);
        return Files.write(directory.resolve("stored"), start);
    }

    private static byte[] bytes(long claim, String header, int data) {
        byte[] h = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + h.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(claim == -1 ? h.length : claim)
                .put(h)
                .array();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void a_damaged_file_is_named_with_what_is_wrong(String what, byte[] bytes, String message) throws IOException {
        Path file = Files.write(directory.resolve("damaged"), bytes);
        String found =
                assertThrows(IOException.class, () -> SafeTensors.read(file)).getMessage();
        assertTrue(found.contains(file.toString()) && found.contains(message), found);
    }

    @Test
    void the_smallest_file_is_an_empty_object() throws IOException {
        SafeTensors.Contents none = SafeTensors.read(Files.write(directory.resolve("smallest"), bytes(2, "{}", 0)));
        assertEquals(Map.of(), none.tensors());
        assertEquals(Map.of(), none.metadata());
    }

    @Test
    void nothing_is_changed_unless_everything_fits() throws IOException {
        Path file = directory.resolve("model");
        ModelFile.save(model(4), file);
        refuse(model(5), file, "0.weight is FLOAT64 [3, 4], the model's is FLOAT64 [3, 5]");
        Sequential single = model(4);
        single.to(DType.FLOAT32);
        refuse(single, file, "0.weight is FLOAT64 [3, 4], the model's is FLOAT32 [3, 4]");
        refuse(Sequential.of(new Linear(3, 4)), file, "2.bias is unknown to the model; 2.weight is unknown");
        refuse(Sequential.of(model(4)), file, "0.0.bias is missing; 0.0.weight is missing");
        refuse(model(4), directory.resolve("absent"), "absent: no such file");
        assertThrows(IOException.class, () -> ModelFile.save(model(4), Path.of("/")));
        assertThrows(
                IllegalArgumentException.class,
                () -> SafeTensors.write(file, Map.of("__metadata__", Tensor.ones(1)), Map.of()));
        refuse(model(4), directory, "a directory");
        assertThrows(IOException.class, () -> ModelFile.save(model(4), directory));
        byte[] whole = Files.readAllBytes(file);
        assertThrows(IOException.class, () -> ModelFile.save(model(4), directory.resolve("no/directory/here")));
        assertEquals(List.of(file.getFileName()), names());
        assertTrue(java.util.Arrays.equals(whole, Files.readAllBytes(file)));
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::getFileName).toList();
        }
    }

    private static void refuse(Model model, Path file, String message) {
        Map<String, Tensor> before = values(model);
        String found = assertThrows(IOException.class, () -> ModelFile.load(model, file))
                .getMessage();
        assertTrue(found.contains(message), found);
        assertEquals(before, values(model));
    }

    private static Map<String, Tensor> values(Model model) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        model.parameters().forEach((path, p) -> values.put(path, p.value()));
        return values;
    }
}
