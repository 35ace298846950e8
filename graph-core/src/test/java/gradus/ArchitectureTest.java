package gradus;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house rules on the house itself. */
class ArchitectureTest {
    private static final int MOST_LINES = 400;
    private static final Path ROOT = Path.of(System.getProperty("gradus.root"));

    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("gradus");

    @Test
    void array_knows_no_graph_and_core_knows_nothing_above_it() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("gradus.array..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("gradus.graph..", "gradus.ops..", "gradus.nn..")
                .check(core);
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("gradus.graph..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("gradus.ops..", "gradus.nn..")
                .check(core);
    }

    @Test
    void packages_form_no_cycle() {
        slices().matching("gradus.(*)..").should().beFreeOfCycles().check(core);
    }

    @Test
    void no_file_but_a_generated_one_has_more_than_400_lines() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<String> sources = files.filter(p -> p.toString().endsWith(".java"))
                    .filter(p -> !p.toString().contains("/target/"))
                    .map(ArchitectureTest::measured)
                    .toList();
            assertTrue(sources.size() > 50, "only " + sources.size() + " files were found under " + ROOT);
            List<String> tooLong = sources.stream().filter(s -> !s.isEmpty()).toList();
            assertEquals(List.of(), tooLong);
        }
    }

    /** Returns a complaint, or nothing if the file is short enough or says that it is generated. */
    private static String measured(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            boolean made = lines.stream().anyMatch(l -> l.startsWith("// Made from"));
            return lines.size() <= MOST_LINES || made ? "" : ROOT.relativize(file) + ": " + lines.size() + " lines";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
