package gradus.nn.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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
    void a_short_training_prints_and_writes_everything() {
        assertEquals(0, DigitsDemo.run("--samples", "300", "--epochs", "2", "--out", directory.toString()));
        String text = printed.toString(StandardCharsets.UTF_8);
        for (String part : new String[] {
            "180 digits for training, 60 for validation, 60 for testing",
            "epoch   train loss",
            "test accuracy",
            "actual\\predicted",
            ", predicted ",
            "gradient check: OK"
        }) {
            assertTrue(text.contains(part), part + " is missing in\n" + text);
        }
        for (String file : new String[] {"digits-loss.png", "digits-loss.svg", "digits-accuracy.png"}) {
            assertTrue(Files.exists(directory.resolve(file)), file);
        }
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
