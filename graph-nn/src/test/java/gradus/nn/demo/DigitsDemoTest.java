package gradus.nn.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DigitsDemoTest {
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @BeforeEach
    void captureOutput() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreOutput() {
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void a_short_training_prints_and_writes_everything() throws IOException {
        assertEquals(0, DigitsDemo.run("--samples", "300", "--epochs", "2", "--out", directory.toString()));
        String text = printed.toString(StandardCharsets.UTF_8);
        for (String part : new String[] {
            "180 digits for training, 60 for validation, 60 for testing",
            "test accuracy",
            "actual\\predicted",
            ", predicted ",
            "gradient check: OK"
        }) {
            assertTrue(text.contains(part), part + " is missing in\n" + text);
        }
        assertTrue(text.stripTrailing().endsWith("are in " + directory.resolve("digits.png")), text);
        assertTrue(errors.toString(StandardCharsets.UTF_8).contains("epoch 2/2  loss "));
        BufferedImage picture = ImageIO.read(directory.resolve("digits.png").toFile());
        assertTrue(picture.getWidth() > 800 && picture.getHeight() > 600, picture.toString());
        assertArrayEquals(new String[] {"digits.png"}, directory.toFile().list());
    }

    @Test
    void an_interruption_stops_after_the_batch_and_draws_nothing() {
        Thread.currentThread().interrupt();
        assertEquals(130, DigitsDemo.run("--samples", "300", "--epochs", "2", "--out", directory.toString()));
        assertFalse(Thread.interrupted());
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.endsWith("stopped after the batch; 0 epochs are complete" + System.lineSeparator()), text);
        assertArrayEquals(new String[0], directory.toFile().list());
    }

    @Test
    void output_that_cannot_be_written_is_exit_code_2() {
        System.setOut(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        }));
        assertEquals(2, DigitsDemo.run("--help"));
        assertEquals(
                "gradus: standard output cannot be written (--help shows the options)",
                errors.toString(StandardCharsets.UTF_8).strip());
    }

    @Test
    void a_full_disk_is_exit_code_2_and_names_the_file() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        Path link = Files.createSymbolicLink(directory.resolve("digits.png"), full);
        assertEquals(2, DigitsDemo.run("--samples", "100", "--epochs", "1", "--out", directory.toString()));
        Files.delete(link); // JUnit warns of one that leads out of the directory
        String text = errors.toString(StandardCharsets.UTF_8);
        String last =
                text.lines().filter(l -> l.startsWith("gradus: ")).findFirst().orElse(text);
        assertTrue(last.contains(directory.resolve("digits.png").toString()), text);
    }

    @Test
    void files_that_are_no_digits_are_one_line_and_exit_code_2() throws IOException {
        byte[] images = idx(new int[] {20, 28, 28}, 1);
        byte[] labels = idx(new int[] {20}, 3);
        files("truncated", Arrays.copyOf(images, 1000), labels, "t10k-images-idx3-ubyte is truncated");
        files("small", idx(new int[] {20, 8, 8}, 1), labels, "images have 64 pixels, not 28 x 28");
        files("labels", images, idx(new int[] {20}, 11), "label 11 is not between 0 and 9");
        files("fewer", images, idx(new int[] {19}, 3), "labels [19] do not match images [20, 28, 28]");
        Files.write(directory.resolve("train-images-idx3-ubyte"), images); // the test images are of another size
        Files.write(directory.resolve("train-labels-idx1-ubyte"), labels);
        files("test", idx(new int[] {20, 8, 8}, 1), labels, "images have 64 pixels, not 28 x 28");
    }

    private void files(String what, byte[] images, byte[] labels, String message) throws IOException {
        Files.write(directory.resolve("t10k-images-idx3-ubyte"), images);
        Files.write(directory.resolve("t10k-labels-idx1-ubyte"), labels);
        errors.reset();
        assertEquals(2, DigitsDemo.run("--data", directory.toString(), "--out", directory.toString()), what);
        String text = errors.toString(StandardCharsets.UTF_8);
        assertTrue(text.lines().count() == 1 && text.contains(message), text);
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    private static byte[] idx(int[] sizes, int value) {
        int n = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + n);
        bytes.put((byte) 0).put((byte) 0).put((byte) 8).put((byte) sizes.length);
        Arrays.stream(sizes).forEach(bytes::putInt);
        while (bytes.hasRemaining()) {
            bytes.put((byte) value);
        }
        return bytes.array();
    }

    @Test
    void help_explains_every_option() {
        assertEquals(0, DigitsDemo.run("--help"));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("--data=DIR") && text.contains("--seed=N") && text.contains("Exit codes"), text);
        assertFalse(errors.toString(StandardCharsets.UTF_8).contains("gradus"));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("/no/such: no such directory", new String[] {"--data", "/no/such"}),
                Arguments.of("/no/such: no such directory", new String[] {"--out", "/no/such"}),
                Arguments.of("'--epochs': 'many' is not an int", new String[] {"--epochs", "many"}),
                Arguments.of("--epochs 0 must be at least 1", new String[] {"--epochs", "0"}),
                Arguments.of("--batch 0 must be from 1 to 12", new String[] {"--samples", "20", "--batch", "0"}),
                Arguments.of("--batch 13 must be from 1 to 12", new String[] {"--samples", "20", "--batch", "13"}),
                Arguments.of("--samples 0 must be at least 10", new String[] {"--samples", "0"}),
                Arguments.of("--samples -5 must be at least 10", new String[] {"--samples", "-5"}),
                Arguments.of(
                        "--samples 20 cannot be combined with --data", new String[] {"--samples", "20", "--data", "x"}),
                Arguments.of("Unknown option: '--speed'", new String[] {"--speed"}),
                Arguments.of("Unmatched argument at index 0: 'train'", new String[] {"train"}),
                Arguments.of("Missing required parameter", new String[] {"--data"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void an_error_is_one_line_and_exit_code_2(String message, String... args) {
        assertEquals(2, DigitsDemo.run(args));
        String text = errors.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.lines().count(), text);
        assertTrue(text.contains(message), text);
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }
}
