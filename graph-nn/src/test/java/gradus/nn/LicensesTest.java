package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LicensesTest {
    /** Libraries that tests alone use, by the start of their file names. */
    private static final Pattern TEST_LIBRARY = Pattern.compile(
            "(onnxruntime|junit|jqwik|archunit|slf4j|opentest4j|apiguardian|jspecify|surefire|common-|org\\.jacoco|graph-).*");

    @Test
    void every_library_in_the_runnable_jar_has_its_license_listed() throws IOException {
        Set<String> used = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).getFileName().toString())
                .filter(name -> name.endsWith(".jar"))
                .filter(name -> !TEST_LIBRARY.matcher(name).matches())
                .map(name -> name.replaceFirst("-\\d.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Path list = Path.of(System.getProperty("gradus.root"), "graph-nn/src/licenses/THIRD-PARTY");
        Set<String> listed = Files.readAllLines(list).stream()
                .filter(line -> line.contains("  "))
                .map(line -> line.split(" ", -1)[0])
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(used, listed);
    }
}
