package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdxTest {
    private static final byte[] SMALL = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 3, 4, (byte) 255};

    @TempDir
    private Path directory;

    private Path file(String name, byte... bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private static byte[] zipped(byte... bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void bytes_are_read_unsigned_scaled_and_gzipped_or_not() throws IOException {
        Tensor expected = Tensor.of(new double[][] {{0, 1, 2}, {3, 4, 255}});
        assertEquals(expected, Idx.read(file("plain", SMALL), 1, DType.FLOAT64));
        assertEquals(expected, Idx.read(file("zipped", zipped(SMALL)), 1, DType.FLOAT64));
        Tensor half = Idx.read(file("plain", SMALL), 255, DType.FLOAT32);
        assertEquals(expected.div(255).to(DType.FLOAT32), half);
    }

    @Test
    void gzip_data_of_several_members_is_read_as_one() throws IOException {
        byte[] members = joined(zipped(Arrays.copyOf(SMALL, 9)), zipped(Arrays.copyOfRange(SMALL, 9, SMALL.length)));
        assertEquals(
                Idx.read(file("plain", SMALL), 1, DType.FLOAT64), Idx.read(file("two", members), 1, DType.FLOAT64));
        Path rubbish = file("two", joined(members, new byte[] {1, 2, 3}));
        String found = assertThrows(IOException.class, () -> Idx.read(rubbish, 1, DType.FLOAT64))
                .getMessage();
        assertTrue(found.contains("there are 3 bytes after its gzip data"), found);
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    @Test
    void a_unit_that_is_not_positive_is_refused() throws IOException {
        Path f = file("plain", SMALL);
        for (double unit : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals(
                    "Idx.read: unit " + unit + " must be a positive number",
                    assertThrows(IllegalArgumentException.class, () -> Idx.read(f, unit, DType.FLOAT64))
                            .getMessage());
        }
    }

    static Stream<Arguments> damaged() throws IOException {
        byte[] cut = Arrays.copyOf(SMALL, SMALL.length - 1);
        byte[] zip = zipped(SMALL);
        byte[] huge = SMALL.clone();
        Arrays.fill(huge, 4, 8, (byte) 0x7f);
        byte[] claims = SMALL.clone();
        claims[5] = 0x40;
        byte[] negative = SMALL.clone();
        negative[4] = (byte) 0x80;
        byte[] rubbish = Arrays.copyOf(zip, zip.length + 5);
        byte[] huger = Arrays.copyOf(SMALL, 12);
        Arrays.fill(huger, 4, 12, (byte) 0);
        huger[5] = huger[9] = 0;
        huger[6] = huger[10] = (byte) 0xb5; // 46336 x 46336, just below 2^31
        byte[] floats = SMALL.clone();
        floats[2] = 0x0d;
        return Stream.of(
                Arguments.of("cut short", cut, "truncated: its [2, 3] bytes take 6 bytes, 5 are there"),
                Arguments.of("longer", Arrays.copyOf(SMALL, 19), "more than the 6 bytes of [2, 3]"),
                Arguments.of("empty", new byte[0], "truncated: its magic number take 4 bytes, 0 are there"),
                Arguments.of(
                        "foreign", "P5 28 28 255".getBytes(java.nio.charset.StandardCharsets.UTF_8), "not an IDX file"),
                Arguments.of("no sizes", Arrays.copyOf(SMALL, 7), "its sizes take 8 bytes, 3 are there"),
                Arguments.of("floats", floats, "IDX type 0xd is not supported"),
                Arguments.of("claims too much for memory", huge, "impossible sizes"),
                Arguments.of("claims more than there is", claims, "truncated"),
                Arguments.of("negative size", negative, "impossible sizes"),
                Arguments.of(
                        "gzip cut short", Arrays.copyOf(zip, zip.length - 12), "truncated or its gzip data is damaged"),
                Arguments.of("bytes after gzip", rubbish, "there are 5 bytes after its gzip data"),
                Arguments.of("gzip that declares more than the heap", zipped(huger), "MB; the heap has"),
                Arguments.of("gzip header only", Arrays.copyOf(zip, 5), "gzipped-header"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void a_damaged_file_is_named_with_what_is_wrong(String what, byte[] bytes, String message) throws IOException {
        Path f = file("gzipped-header", bytes);
        String found = assertThrows(IOException.class, () -> Idx.read(f, 1, DType.FLOAT64))
                .getMessage();
        assertTrue(found.contains(f.toString()) && found.contains(message), found);
    }

    @Test
    void a_directory_that_is_missing_or_lacks_a_file_or_holds_a_wrong_pair_is_named() throws IOException {
        Path none = directory.resolve("none");
        assertTrue(message(none).contains("none: no such directory"), message(none));
        assertTrue(message(directory).contains("t10k-images-idx3-ubyte: no such file"), message(directory));
        byte[] images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8, 7, 6};
        file("t10k-images-idx3-ubyte", images);
        file(
                "t10k-labels-idx1-ubyte",
                (byte) 0,
                (byte) 0,
                (byte) 8,
                (byte) 1,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 1,
                (byte) 4);
        assertTrue(message(directory).contains("labels [1] do not match images [2, 1, 2]"), message(directory));
        byte[] labels = {0, 0, 8, 1, 0, 0, 0, 2, 4, 10};
        file("t10k-labels-idx1-ubyte", labels);
        assertTrue(message(directory).contains("label 10 is not between 0 and 9"), message(directory));
        labels[9] = 1;
        file("t10k-labels-idx1-ubyte", labels);
        assertArrayEquals(new int[] {4, 1}, Mnist.test(directory, DType.FLOAT64).classes());
        assertEquals(Shape.of(2, 2), Mnist.test(directory, DType.FLOAT64).x().shape());
        file("t10k-images-idx3-ubyte", SMALL);
        assertTrue(message(directory).contains("images have 3 axes, not [2, 3]"), message(directory));
    }

    private static String message(Path directory) {
        return assertThrows(IOException.class, () -> Mnist.test(directory, DType.FLOAT64))
                .getMessage();
    }

    @Test
    void the_real_digits_are_what_they_are_known_to_be() throws IOException {
        Path real = Path.of(System.getProperty("gradus.root"), "../shared/data/mnist");
        Assumptions.assumeTrue(Files.isDirectory(real), "SKIPPED: no real digits in " + real);
        Dataset digits = Mnist.test(real, DType.FLOAT32);
        assertEquals(Shape.of(10_000, 784), digits.x().shape());
        assertArrayEquals(new int[] {7, 2, 1, 0, 4}, Arrays.copyOf(digits.classes(), 5));
        assertEquals(1, digits.x().max().item());
    }
}
