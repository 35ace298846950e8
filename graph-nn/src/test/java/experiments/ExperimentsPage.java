package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The page docs/experiments.md: the command of each program, and the block after it with what the program prints. Run it with the names
 * of programs to write their blocks and pictures again.
 */
final class ExperimentsPage {
    private static final Path DOCS = Path.of(System.getProperty("gradus.root")).resolve("docs");
    private static final Path PAGE = DOCS.resolve("experiments.md");
    private static final String COMMAND =
            "    java --add-modules jdk.incubator.vector -cp graph-nn/target/gradus.jar docs/experiments/";
    /** A number, its decimals, and a sign or a comma behind it. */
    private static final Pattern NUMBER = Pattern.compile("(-?\\d+(?:\\.(\\d+))?(?:e[-+]?\\d+)?)(%?[,;.]?)");

    private static final Map<String, Long> MOST_BYTES = Map.of("svg", 60_000L, "png", 150_000L);

    private ExperimentsPage() {}

    /** Checks that a program prints what the page says, and that the pictures it writes are on the page and in the folder docs/experiments. */
    static void check(Class<?> program) throws IOException, ReflectiveOperationException {
        String name = program.getSimpleName();
        Path folder = Files.createTempDirectory(name);
        String printed = run(program, "--out", folder.toString());
        String page = Files.readString(PAGE);
        assertAgree(block(page, name).group(2), printed, name);
        List<Path> pictures = list(folder);
        assertTrue(!pictures.isEmpty(), name + " writes no picture");
        for (Path picture : pictures) {
            String file = picture.getFileName().toString();
            assertTrue(page.contains("(experiments/" + file + ")"), file + " is not on the page");
            assertTrue(Files.exists(DOCS.resolve("experiments/" + file)), file + " is not in docs/experiments");
            assertTrue(
                    Files.size(picture) < MOST_BYTES.get(file.substring(file.lastIndexOf('.') + 1)),
                    file + " has " + Files.size(picture) + " bytes");
        }
    }

    /**
     * Requires the same words, and numbers that are near: sums have another order on a processor with shorter vectors, and a training amplifies the
     * rounding. Percentages may differ by 10 points, numbers with an exponent by a factor of 10, others by a quarter or 3 units of the last digit.
     */
    private static void assertAgree(String expected, String actual, String name) {
        String[] a = expected.strip().split("\\s+", -1);
        String[] b = actual.strip().split("\\s+", -1);
        boolean agree = a.length == b.length;
        for (int i = 0; i < a.length && agree; i++) {
            agree = a[i].equals(b[i]) || isNear(a[i], b[i]);
        }
        if (!agree) {
            assertEquals(expected, actual, name);
        }
    }

    private static boolean isNear(String a, String b) {
        Matcher x = NUMBER.matcher(a);
        Matcher y = NUMBER.matcher(b);
        if (!x.matches() || !y.matches() || !x.group(3).equals(y.group(3))) {
            return false;
        }
        double v = Double.parseDouble(x.group(1));
        double w = Double.parseDouble(y.group(1));
        double size = Math.max(Math.abs(v), Math.abs(w));
        if (x.group(3).startsWith("%")) {
            return Math.abs(v - w) <= 10;
        }
        if (x.group(1).contains("e") || y.group(1).contains("e")) {
            return Math.abs(v - w) <= 0.9 * size;
        }
        String decimals = x.group(2) == null ? "" : x.group(2);
        return Math.abs(v - w) <= Math.max(size / 4, 3 * Math.pow(10, -decimals.length()));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Runs the main method of a program and returns what it prints. */
    static String run(Class<?> program, String... args) throws ReflectiveOperationException {
        Method main = program.getMethod("main", String[].class);
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            main.invoke(null, (Object) args);
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    /** Returns the block after the command of a program: its fences, and its text as group 2. */
    private static Matcher block(String page, String name) {
        Matcher block = Pattern.compile(
                        "(?s)(" + Pattern.quote(COMMAND + name + ".java") + "\n\n```text\n)(.*?)(```\n)")
                .matcher(page);
        assertTrue(block.find(), "docs/experiments.md has no command and ```text block of " + name);
        return block;
    }

    public static void main(String[] names) throws IOException, ReflectiveOperationException {
        for (String name : names) {
            String printed = run(
                    Class.forName("experiments." + name),
                    "--out",
                    DOCS.resolve("experiments").toString());
            String page = Files.readString(PAGE);
            Matcher block = block(page, name);
            Files.writeString(PAGE, page.substring(0, block.start(2)) + printed + page.substring(block.end(2)));
        }
    }
}
