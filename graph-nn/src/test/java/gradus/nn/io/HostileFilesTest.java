package gradus.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that are made to exhaust a reader, and maps that must not become a file. */
class HostileFilesTest {
    @TempDir
    private Path folder;

    private Path npy(String shape, int elements) throws IOException {
        byte[] header = ("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer b = ByteBuffer.allocate(10 + header.length + 8 * elements).order(ByteOrder.LITTLE_ENDIAN);
        b.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        return Files.write(
                folder.resolve("a.npy"),
                b.putShort((short) header.length).put(header).array());
    }

    @Test
    void a_shape_of_thousands_of_axes_is_refused() throws IOException {
        Path file = npy("(" + "1, ".repeat(19_000) + ")", 1);
        String found =
                assertThrows(IOException.class, () -> NumPy.loadArray(file)).getMessage();
        assertTrue(found.startsWith(file + " has an impossible shape (1, 1, 1, "), found);
        assertTrue(found.length() < 300, found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(,)", "(1,,)", "(1 1)", "(1L1,)", "(99999999999,)", "(L,)", "(-1,)"})
    void a_shape_that_is_no_tuple_of_sizes_is_refused(String shape) throws IOException {
        Path file = npy(shape, 1);
        String found =
                assertThrows(IOException.class, () -> NumPy.loadArray(file)).getMessage();
        assertTrue(found.startsWith(file.toString()), found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(1,)", "(1)", "( 1L , 1, )", "()", "(1, 1)"})
    void sizes_are_read_with_white_space_and_the_l_of_python_2(String shape) throws IOException {
        assertEquals(1, NumPy.loadArray(npy(shape, 1)).size());
    }

    @Test
    void a_safetensors_shape_of_many_numbers_is_refused() throws IOException {
        byte[] header = ("{\"a\":{\"dtype\":\"F64\",\"shape\":[" + "1,".repeat(100_000) + "1],\"data_offsets\":[0,8]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer b = ByteBuffer.allocate(16 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        Path file = Files.write(
                folder.resolve("a.safetensors"),
                b.putLong(header.length).put(header).array());
        assertEquals(
                file + ": there are more than 64 numbers for shape of a",
                assertThrows(IOException.class, () -> SafeTensors.read(file)).getMessage());
    }

    private static void isNull(String what, Executable act) {
        assertEquals(
                what + " is null", assertThrows(NullPointerException.class, act).getMessage());
    }

    @Test
    void nulls_in_maps_are_named_before_a_file_is_made() {
        Path file = folder.resolve("b.safetensors");
        Map<String, Tensor> one = Map.of("a", Tensor.of(1));
        isNull("SafeTensors.write: a", () -> SafeTensors.write(file, Collections.singletonMap("a", null), Map.of()));
        isNull(
                "SafeTensors.write: a name",
                () -> SafeTensors.write(file, Collections.singletonMap(null, Tensor.of(1)), Map.of()));
        isNull(
                "SafeTensors.write: metadata k",
                () -> SafeTensors.write(file, one, Collections.singletonMap("k", null)));
        isNull(
                "SafeTensors.write: a name of metadata",
                () -> SafeTensors.write(file, one, Collections.singletonMap(null, "v")));
        assertFalse(Files.exists(file));
    }
}
