package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
    @TempDir
    private Path directory;

    private static Dataset examples() {
        Tensor x = Tensor.uniform(Shape.of(10, 2, 3), -1, 1, RandomStream.of(1, "x"));
        return Dataset.of(List.of(x.to(DType.FLOAT32), Tensor.range(0, 10)), List.of(Tensor.range(20, 30), x.mul(2)));
    }

    @Test
    void a_stream_of_batches_becomes_a_data_set() throws IOException {
        Dataset d = examples();
        Path file = directory.resolve("examples");
        assertEquals(10, RecordFile.write(file, Stream.of(d.batch(0, 3), d.batch(3, 4), d.batch(4, 10))));
        try (RecordFile r = RecordFile.open(file)) {
            assertEquals(10, r.size());
            assertEquals(d.all(), r.all());
            assertEquals(d.at(7, 0, 7), r.at(7, 0, 7));
            assertEquals(d.y(), r.y());
            assertArrayEquals(d.classes(), r.classes());
            assertEquals(
                    d.split(1, 0.5, 0.5).get(1).all(),
                    r.split(1, 0.5, 0.5).get(1).all());
            assertFalse(r.isInMemory());
        }
        assertArrayEquals(new String[] {"examples"}, directory.toFile().list());
    }

    @Test
    void one_batch_at_a_time_is_in_memory() throws IOException {
        Path file = directory.resolve("many");
        Stream<Batch> numbers = IntStream.range(0, 1000)
                .mapToObj(i -> Batch.of(Tensor.full(Shape.of(1, 1), i, DType.FLOAT64), Tensor.of(new double[] {i})));
        assertEquals(1000, RecordFile.write(file, numbers));
        try (RecordFile r = RecordFile.open(file)) {
            assertArrayEquals(new int[] {999, 3}, r.at(999, 3).classes());
        }
        assertEquals(8 + 2 + 2 + 4 + 2 + 8 + 1000 * 16, Files.size(file));
    }

    @Test
    void a_failed_stream_leaves_the_old_file_and_no_other() throws IOException {
        Path file = Files.writeString(directory.resolve("old"), "old");
        Batch first = examples().batch(0, 2);
        Stream<Batch> failing = Stream.of(1, 2).map(i -> {
            if (i == 2) {
                throw new IllegalStateException("no more");
            }
            return first;
        });
        assertThrows(IllegalStateException.class, () -> RecordFile.write(file, failing));
        assertEquals("old", Files.readString(file));
        assertArrayEquals(new String[] {"old"}, directory.toFile().list());
    }

    @Test
    void batches_that_differ_and_empty_streams_are_refused() {
        Path file = directory.resolve("none");
        Batch a = Batch.of(Tensor.zeros(2, 3), Tensor.zeros(2));
        Batch b = Batch.of(Tensor.zeros(2, 4), Tensor.zeros(2));
        String found = assertThrows(IllegalArgumentException.class, () -> RecordFile.write(file, Stream.of(a, b)))
                .getMessage();
        assertTrue(found.contains("[2, 4]") && found.contains("does not fit the examples before it"), found);
        assertThrows(IllegalArgumentException.class, () -> RecordFile.write(file, Stream.of(a, a.to(DType.FLOAT32))));
        assertEquals(
                "RecordFile.write: there are no examples",
                assertThrows(IllegalArgumentException.class, () -> RecordFile.write(file, Stream.of()))
                        .getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void a_truncated_or_foreign_file_is_refused_at_every_length() throws IOException {
        Path file = directory.resolve("examples");
        RecordFile.write(file, Stream.of(examples().batch(0, 2)));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            String found =
                    assertThrows(IOException.class, () -> RecordFile.open(file)).getMessage();
            assertTrue(found.startsWith(file.toString()), found);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertTrue(refusal(file).contains("do not fill"), refusal(file));
        for (int at = 0; at < 34; at++) { // each byte of the header
            byte[] changed = whole.clone();
            changed[at] ^= (byte) 0x80;
            Files.write(file, changed);
            assertTrue(refusal(file).startsWith(file.toString()), refusal(file));
        }
        Files.writeString(file, "no records here");
        assertEquals(file + " is not a file of records: it does not start with GRADUSR2", refusal(file));
        assertEquals(directory.resolve("none") + ": no such file", refusal(directory.resolve("none")));
    }

    private static String refusal(Path file) {
        return assertThrows(IOException.class, () -> RecordFile.open(file)).getMessage();
    }

    @Test
    void a_closed_file_and_an_index_out_of_range_are_named() throws IOException {
        Path file = directory.resolve("examples");
        RecordFile.write(file, Stream.of(examples().all()));
        RecordFile r = RecordFile.open(file);
        assertEquals(
                "at: index 10 is out of range 0 to 9",
                assertThrows(IllegalArgumentException.class, () -> r.at(10)).getMessage());
        r.close();
        String found = assertThrows(UncheckedIOException.class, () -> r.at(0)).getMessage();
        assertTrue(found.startsWith(file + " cannot be read"), found);
    }
}
