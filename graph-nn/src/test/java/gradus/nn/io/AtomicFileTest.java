package gradus.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.nn.data.Batch;
import gradus.nn.data.RecordFile;
import gradus.nn.view.Curves;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
    @TempDir
    private Path directory;

    /** Writes a file of the kind that a class of the library writes. */
    private interface Writer {
        void write(Path file) throws IOException;
    }

    static Stream<Writer> writers() {
        return Stream.of(
                file -> SafeTensors.write(file, Map.of("a", Tensor.of(1)), Map.of()),
                file -> NumPy.save(file, Map.of("a", Tensor.of(1))),
                file -> NumPy.save(file, Tensor.of(1)),
                file -> RecordFile.write(file, Stream.of(Batch.of(Tensor.ones(2, 3), Tensor.ones(2)))),
                file -> Curves.svg(file, "title", "loss", Map.of("a", List.of(1.0))),
                file -> Curves.png(file, "title", "loss", Map.of("a", List.of(1.0))));
    }

    private static String refused(Writer writer, Path file) {
        String message =
                assertThrows(IOException.class, () -> writer.write(file)).getMessage();
        assertTrue(message.contains(file.toString()), message);
        return message;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("writers")
    @DisabledOnOs(OS.WINDOWS)
    void a_symbolic_link_stays_and_its_target_is_replaced(Writer writer) throws IOException {
        Path target = Files.writeString(
                Files.createDirectory(directory.resolve("far")).resolve("target"), "old");
        Path inner = Files.createSymbolicLink(directory.resolve("inner"), Path.of("far/target"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), inner);
        writer.write(link);
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(inner) && Files.size(target) > 3);
        assertEquals(List.of("far", "inner", "link"), names());
        Files.delete(target);
        writer.write(link);
        assertTrue(Files.isSymbolicLink(link) && Files.size(target) > 3);
    }

    @ParameterizedTest
    @MethodSource("writers")
    @DisabledOnOs(OS.WINDOWS)
    void what_is_no_writable_regular_file_is_refused(Writer writer) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertEquals(pipe + " is no regular file, but a pipe or a device", refused(writer, pipe));
        Path folder = Files.createDirectory(directory.resolve("folder"));
        assertEquals(folder + " is a directory, not a file to write", refused(writer, folder));
        Path link = Files.createSymbolicLink(directory.resolve("link"), folder);
        assertEquals(link + " is a directory, not a file to write", refused(writer, link));
        Path circle = Files.createSymbolicLink(directory.resolve("circle"), Path.of("circle"));
        assertTrue(refused(writer, circle).contains("leads to no file"));
        Path readOnly = Files.writeString(directory.resolve("readOnly"), "old");
        Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r--r--r--"));
        assertEquals(readOnly + ": the file is read-only", refused(writer, readOnly));
        assertEquals("old", Files.readString(readOnly));
        assertEquals(List.of("circle", "folder", "link", "pipe", "readOnly"), names());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void the_permissions_of_the_old_file_are_kept() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        AtomicFile.write(file, new byte[1]);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void what_a_killed_writer_has_left_is_used_again() throws IOException {
        Path file = directory.resolve("file");
        Files.writeString(directory.resolve(".file.tmp"), "the start of a longer file");
        AtomicFile.write(file, "new".getBytes(StandardCharsets.UTF_8));
        assertEquals("new", Files.readString(file));
        assertEquals(List.of("file"), names());
    }

    @Test
    void a_full_disk_leaves_the_old_file_and_the_error_names_the_file() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        AtomicFile.Content fills = out -> {
            out.write(new byte[100_000]);
            throw new IOException("No space left on device");
        };
        assertEquals(
                file + " cannot be written: No space left on device", refused(f -> AtomicFile.write(f, fills), file));
        assertEquals("old", Files.readString(file));
        AtomicFile.Content wrong = out -> {
            out.write(1);
            throw new IllegalStateException("wrong");
        };
        assertThrows(IllegalStateException.class, () -> AtomicFile.write(file, wrong));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("file"), names());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_temporary_file_that_is_none_is_refused() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "other");
        Files.createSymbolicLink(directory.resolve(".file.tmp"), other);
        assertTrue(refused(f -> AtomicFile.write(f, new byte[1]), directory.resolve("file"))
                .contains("is no regular file"));
        assertEquals("other", Files.readString(other));
    }

    @Test
    void threads_that_write_one_file_write_one_after_the_other() throws Exception {
        Path file = directory.resolve("file");
        List<Thread> threads = Stream.of("a", "b", "c", "d")
                .map(text -> new Thread(() -> {
                    for (int i = 0; i < 20; i++) {
                        try {
                            AtomicFile.write(file, out -> writeSlowly(out, text));
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread t : threads) {
            t.join();
        }
        assertEquals(1, Files.readString(file).chars().distinct().count());
        assertEquals(1000, Files.size(file));
        assertEquals(List.of("file"), names());
    }

    private static void writeSlowly(OutputStream out, String text) throws IOException {
        for (int i = 0; i < 1000; i++) {
            out.write(text.charAt(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "ISO-8859-1"})
    void a_header_that_is_not_utf_8_is_refused_with_the_name_of_the_file(String charset) throws IOException {
        byte[] json = "{\"__metadata__\":{\"ä\":\"v\"}}".getBytes(Charset.forName(charset));
        byte[] bytes = new byte[8 + json.length];
        bytes[0] = (byte) json.length;
        System.arraycopy(json, 0, bytes, 8, json.length);
        Path file = Files.write(directory.resolve("file"), bytes);
        String message = refused(SafeTensors::read, file);
        assertTrue(message.contains("the header is not"), message);
    }
}
