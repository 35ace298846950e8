package gradus.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.testing.GradusArbitraries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
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
import org.junit.jupiter.params.provider.ValueSource;

class NumPyTest {
    private static final String GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";

    @TempDir
    private Path directory;

    @Provide
    Arbitrary<Map<String, Tensor>> named() {
        Arbitrary<Tensor> tensors = Combinators.combine(
                        GradusArbitraries.tensors(GradusArbitraries.shapes(0, 3), -1e3, 1e3),
                        GradusArbitraries.dtypes())
                .as(Tensor::to);
        Arbitrary<String> names = Arbitraries.strings()
                .alpha()
                .withChars('.', '_', 'ä', '/')
                .ofMinLength(1)
                .ofMaxLength(8);
        return Arbitraries.maps(names.filter(n -> !n.startsWith("/") && !("/" + n + "/").contains("/../")), tensors)
                .ofMaxSize(5);
    }

    @Property(tries = 50)
    void whatever_is_written_is_read_again(@ForAll("named") Map<String, Tensor> arrays) throws IOException {
        Path file = Files.createTempFile("any", ".npz");
        try {
            NumPy.save(file, arrays);
            assertEquals(
                    List.copyOf(arrays.entrySet()), List.copyOf(NumPy.load(file).entrySet()));
            byte[] bytes = Files.readAllBytes(file);
            NumPy.save(file, arrays);
            assertArrayEquals(bytes, Files.readAllBytes(file));
            for (Tensor t : arrays.values()) {
                NumPy.save(file, t);
                assertEquals(t, NumPy.loadArray(file));
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void the_bytes_are_as_the_format_has_them() throws IOException {
        Path file = directory.resolve("a.npy");
        NumPy.save(file, Tensor.of(new float[] {1, 2}));
        byte[] bytes = Files.readAllBytes(file);
        assertEquals(128 + 8, bytes.length);
        assertEquals(
                "\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
                new String(bytes, 0, 128, StandardCharsets.ISO_8859_1).stripTrailing());
        assertEquals('\n', bytes[127]);
        assertArrayEquals(new byte[] {0, 0, -128, 63, 0, 0, 0, 64}, java.util.Arrays.copyOfRange(bytes, 128, 136));
    }

    private static byte[] npy(int version, String header, int data) {
        byte[] h = header.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(NpyArray.MAGIC);
        out.write(version);
        out.write(0);
        out.write(h.length);
        out.write(h.length >> 8);
        out.writeBytes(version == 1 ? new byte[0] : new byte[2]);
        out.writeBytes(h);
        out.writeBytes(new byte[data]);
        return out.toByteArray();
    }

    static Stream<Arguments> damaged() {
        byte[] huge = npy(2, GOOD, 16);
        huge[11] = 0x7f;
        return Stream.of(
                Arguments.of("empty", new byte[0], "does not begin with"),
                Arguments.of("text", "hello, there".getBytes(StandardCharsets.US_ASCII), "does not begin with"),
                Arguments.of("version 4", npy(4, GOOD, 16), "npy version 4.0; 1.0, 2.0 and 3.0 are supported"),
                Arguments.of("a huge header", huge, "its header claims 2130706"),
                Arguments.of("no header", java.util.Arrays.copyOf(npy(1, GOOD, 0), 9), "is truncated"),
                Arguments.of("a cut header", java.util.Arrays.copyOf(npy(1, GOOD, 0), 30), "is truncated"),
                Arguments.of("no dict", npy(1, "[1]", 16), "not a dict"),
                Arguments.of("an empty dict", npy(1, "{}", 16), "must be a dict of descr"),
                Arguments.of("a call", npy(1, "{'descr': exit(), 'shape': ()}", 16), "must be a dict of descr"),
                Arguments.of("no shape", npy(1, GOOD.replace("'shape': (2,), ", ""), 16), "must be a dict of descr"),
                Arguments.of("no tuple", npy(1, GOOD.replace("(2,)", "True"), 16), "must be a dict of descr"),
                Arguments.of("no order", npy(1, GOOD.replace("False", "'no'"), 16), "must be a dict of descr"),
                Arguments.of("an unknown key", npy(1, GOOD.replace("descr", "desc"), 16), "unknown key desc"),
                Arguments.of(
                        "a key twice", npy(1, GOOD.replace("'shape'", "'descr': '<f8', 'shape'"), 16), "descr twice"),
                Arguments.of("objects", npy(1, GOOD.replace("<f8", "|O"), 16), "has type |O; supported are f2, f4"),
                Arguments.of("complex", npy(1, GOOD.replace("<f8", "<c8"), 16), "has type <c8"),
                Arguments.of("no byte order", npy(1, GOOD.replace("<f8", "|f8"), 16), "has type |f8"),
                Arguments.of("truncated", npy(1, GOOD, 15), "[2] takes 16 bytes, 15 are there"),
                Arguments.of("too long", npy(1, GOOD, 17), "[2] takes 16 bytes, 17 are there"),
                Arguments.of(
                        "a hostile size", npy(1, GOOD.replace("2", "2000000000"), 16), "takes 16000000000 bytes, 16"),
                Arguments.of(
                        "a huge size", npy(1, GOOD.replace("2", "99999999999"), 16), "impossible shape (99999999999,)"),
                Arguments.of(
                        "an overflow",
                        npy(1, GOOD.replace("2", "65536, 65536"), 0),
                        "impossible shape (65536, 65536,)"),
                Arguments.of("a negative size", npy(1, GOOD.replace("2", "-2"), 16), "must be a dict of descr"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void a_damaged_array_is_named_with_what_is_wrong(String what, byte[] bytes, String message) throws IOException {
        Path file = Files.write(directory.resolve("damaged.npy"), bytes);
        refuse(message, () -> NumPy.loadArray(file), file);
        Path archive = zip(false, "a.npy", bytes);
        refuse(message, () -> NumPy.load(archive), archive);
    }

    private Path zip(boolean large, String name, byte[] bytes) throws IOException {
        Path file = directory.resolve("archive.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(bytes);
            for (int i = 0; large && i < 100; i++) {
                zip.write(new byte[1 << 20]);
            }
        }
        return file;
    }

    private static void refuse(String message, org.junit.jupiter.api.function.Executable read, Path file) {
        String found = assertThrows(IOException.class, read).getMessage();
        assertTrue(found.contains(file.toString()) && found.contains(message), found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../a.npy", "a/../../b.npy", "/etc/a.npy", "\\a.npy", "C:a.npy", ".npy", "a.txt", "..\\a.npy"})
    void a_name_that_leads_elsewhere_or_is_no_array_is_refused(String name) throws IOException {
        Path file = zip(false, name, npy(1, GOOD, 16));
        refuse(name + " cannot be the name of an array", () -> NumPy.load(file), file);
    }

    @Test
    void an_archive_that_expands_too_far_is_refused() throws IOException {
        Path file = zip(true, "a.npy", npy(1, GOOD.replace("2", "13107202"), 0));
        refuse("would expand to 104857", () -> NumPy.load(file), file);
    }

    @Test
    void a_changed_or_cut_archive_is_refused() throws IOException {
        Path file = directory.resolve("a.npz");
        NumPy.save(file, Map.of("a", Tensor.of(1, 2, 3)));
        byte[] good = Files.readAllBytes(file);
        byte[] changed = good.clone();
        changed[190] ^= 1;
        Files.write(file, changed);
        refuse("its checksum differs", () -> NumPy.load(file), file);
        for (int n = 0; n < good.length; n++) {
            Files.write(file, java.util.Arrays.copyOf(good, n));
            assertThrows(IOException.class, () -> NumPy.load(file));
        }
    }

    @Test
    void a_file_of_the_other_kind_is_named() throws IOException {
        Path file = directory.resolve("file");
        NumPy.save(file, Tensor.of(1));
        refuse("is one array, not an archive; read it with NumPy.loadArray", () -> NumPy.load(file), file);
        NumPy.save(file, Map.of("a", Tensor.of(1)));
        refuse("is an archive, not one array; read it with NumPy.load", () -> NumPy.loadArray(file), file);
        refuse("no such file", () -> NumPy.load(directory.resolve("absent")), directory.resolve("absent"));
        refuse("a directory", () -> NumPy.loadArray(directory), directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../a", "/a", "a/..", "C:\\a"})
    void a_name_that_is_refused_writes_no_file(String name) {
        Path file = directory.resolve("no.npz");
        String message = assertThrows(
                        IllegalArgumentException.class, () -> NumPy.save(file, Map.of(name, Tensor.of(1))))
                .getMessage();
        assertEquals("NumPy.save: '" + name + "' cannot be the name of an array", message);
        assertFalse(Files.exists(file));
    }

    @Test
    void null_arguments_are_named() {
        Map<String, Tensor> withNull = new LinkedHashMap<>();
        withNull.put("a", null);
        Path file = directory.resolve("x");
        assertEquals(
                "NumPy.save: a is null",
                assertThrows(NullPointerException.class, () -> NumPy.save(file, withNull))
                        .getMessage());
        assertEquals(
                "NumPy.load: file is null",
                assertThrows(NullPointerException.class, () -> NumPy.load(null)).getMessage());
    }
}
