package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the Java blocks of a page in one JShell session, and compares what follows {@code // ->} with what a line gives. */
class DocsTest {
    private static final Path ROOT = Path.of(System.getProperty("gradus.root"));
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\n(.*?)^```");
    private static final Pattern QUOTE = Pattern.compile("(?ms)^```java (\\w+\\.java)\n(.*?)^```");
    private static final Pattern CLAIM = Pattern.compile("//\\s*->\\s*(.*?)\\s*$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)");
    /** A class in code font, such as {@code Op.Saving} or {@code gradus.array.LoopRatios}; constants have no lower-case letter. */
    private static final Pattern CLASS = Pattern.compile("`(?:[a-z]+\\.)*([A-Z]\\w*[a-z]\\w*)(?:[`(]|\\.\\w)");

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private int claims;

    /** The snippets run in this process and would print into the output of the build. */
    @BeforeEach
    void silence() {
        PrintStream none = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        System.setOut(none);
        System.setErr(none);
    }

    @AfterEach
    void restoreOutput() {
        System.setOut(out);
        System.setErr(err);
    }

    @ParameterizedTest
    @CsvSource({
        "README.md, 0, 3",
        "docs/guide.md, 35, 16",
        "docs/calculus.md, 16, 7",
        "docs/checking.md, 3, 6",
        "docs/add-an-op.md, 3, 2",
        "docs/how-it-works.md, 2, 3",
        "docs/learning-rates.md, 15, 4",
        "docs/library.md, 22, 11",
        "docs/networks.md, 2, 2",
        "docs/training.md, 28, 13",
        "docs/files.md, 2, 1",
        "docs/search.md, 9, 7",
        "docs/data.md, 5, 4",
        "docs/pictures.md, 3, 5",
        "docs/data.md, 12, 8",
        "docs/files.md, 2, 2",
        "docs/graphs.md, 8, 4"
    })
    void every_java_block_of_a_page_runs_and_gives_what_it_says(String page, int leastClaims, int leastBlocks)
            throws IOException {
        int blocks = 0;
        try (JShell shell = shell()) {
            String start = Files.readString(ROOT.resolve("docs/jshell/gradus.jsh"));
            run(shell, start.replaceFirst("^/env .*\n", ""), "gradus.jsh"); // a command of the tool, no Java
            Matcher m = BLOCK.matcher(Files.readString(ROOT.resolve(page)));
            while (m.find()) {
                run(shell, m.group(1), page);
                blocks++;
            }
        }
        assertTrue(
                blocks >= leastBlocks && claims >= leastClaims, blocks + " blocks, " + claims + " claims in " + page);
    }

    @Test
    void a_wrong_claim_and_a_line_that_does_not_compile_are_noticed() {
        try (JShell shell = shell()) {
            run(shell, "1 + 1 // -> 2", "right");
            assertTrue(fails(shell, "1 + 1 // -> 3"));
            assertTrue(fails(shell, "int x = \"no\";"));
            assertTrue(fails(shell, "Integer.parseInt(\"no\")"));
        }
    }

    @Test
    void the_pages_of_networks_name_every_public_class() throws IOException {
        StringBuilder page = new StringBuilder();
        for (String name : List.of("networks", "data", "training", "search", "files", "pictures")) {
            page.append(Files.readString(ROOT.resolve("docs/" + name + ".md")));
        }
        List<String> missing = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("gradus.nn").stream()
                        .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC) && !c.isNestedClass())
                        .filter(c -> !c.getPackageName().equals("gradus.nn.demo"))
                        .map(JavaClass::getSimpleName)
                        .filter(name -> page.indexOf("`" + name + "`") < 0
                                && page.indexOf("`" + name + "(") < 0
                                && page.indexOf("`" + name + ".") < 0)
                        .sorted()
                        .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void every_relative_link_of_a_page_leads_to_a_file() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!link.group(1).contains(":") && !Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(page.getFileName() + ": " + link.group(1));
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/architecture.md", "docs/how-it-works.md"})
    void every_class_that_a_page_names_exists(String page) throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(ROOT)) {
            classes = files.map(p -> p.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        List<String> unknown = CLASS.matcher(Files.readString(ROOT.resolve(page)))
                .results()
                .map(m -> m.group(1))
                .filter(name -> !classes.contains(name))
                .distinct()
                .toList();
        assertEquals(List.of(), unknown);
    }

    /** A block {@code ```java File.java} is quoted from that file. */
    @Test
    void every_quoted_block_stands_in_its_file() throws IOException {
        int quotes = 0;
        for (Path page : pages()) {
            Matcher quote = QUOTE.matcher(Files.readString(page));
            for (; quote.find(); quotes++) {
                String text = quote.group(2).replaceAll("\\s+", " ").strip();
                String source = Files.readString(find(quote.group(1))).replaceAll("\\s+", " ");
                assertTrue(source.contains(text), page.getFileName() + " quotes what is not in " + quote.group(1));
            }
        }
        assertTrue(quotes >= 2, quotes + " quotes");
    }

    private static Path find(String file) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(p -> p.endsWith(file)).findFirst().orElseThrow();
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
                    .filter(p -> p.toString().endsWith(".md"))
                    .toList();
        }
    }

    private boolean fails(JShell shell, String code) {
        try {
            run(shell, code, "wrong");
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static JShell shell() {
        JShell shell = JShell.builder().executionEngine("local").build();
        // in a forked test run the class path itself may be one jar that only points to the others
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Arrays.stream(classes.split(File.pathSeparator, -1)).forEach(shell::addToClasspath);
        return shell;
    }

    /** Evaluates code line by line, as JShell does: a statement ends with the first line at which it is complete. */
    private void run(JShell shell, String code, String where) {
        String typed = "";
        for (String line : code.lines().toList()) {
            typed += line + "\n";
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(typed);
            while (next.completeness().isComplete()) {
                check(shell.eval(next.source()), typed, where);
                typed = next.remaining();
                next = shell.sourceCodeAnalysis().analyzeCompletion(typed);
            }
        }
        String rest = typed;
        assertEquals(
                Completeness.EMPTY,
                shell.sourceCodeAnalysis().analyzeCompletion(rest).completeness(),
                where + rest);
    }

    private void check(List<SnippetEvent> events, String text, String where) {
        for (SnippetEvent e : events) {
            boolean fine = e.status() == Snippet.Status.VALID || e.status() == Snippet.Status.OVERWRITTEN;
            assertTrue(
                    fine, () -> where + ": " + e.status() + ": " + e.snippet().source());
            if (e.exception() != null) {
                throw new AssertionError(where + ": " + e.snippet().source(), e.exception());
            }
        }
        Matcher claim = CLAIM.matcher(text.strip());
        if (claim.find()) {
            claims++;
            assertEquals(claim.group(1), events.get(0).value(), () -> where + ": " + text);
        }
    }
}
