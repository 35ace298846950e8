package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** GraalVM's metadata has all classes that are looked up by name or copied from their bytes, as the sources say. */
class NativeImageTest {
    private static final String DIRECTORY = "/META-INF/native-image/io.gradus/graph-core/";
    private static final String SOURCES = "gradus/array";
    private static final Pattern MADE = Pattern.compile("made\\(\\s*\"(\\w+)\"");
    private static final Pattern COPIED = Pattern.compile("ClassSpecializer\\.of\\(\\s*(\\w+)\\.class");

    private static String metadata(String name) throws IOException {
        try (InputStream in = Loops.class.getResourceAsStream(DIRECTORY + name)) {
            assertNotNull(in, name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> all = new TreeSet<>();
        Matcher m = pattern.matcher(text);
        while (m.find()) {
            all.add(m.group(1));
        }
        return all;
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String root : List.of("main", "simd", "generated")) {
            try (Stream<Path> files = Files.list(Path.of("src", root, "java").resolve(SOURCES))) {
                for (Path file : files.sorted().toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }

    @Test
    void every_class_that_is_looked_up_or_copied_is_in_the_metadata_and_no_other() throws Exception {
        String sources = sources();
        Set<String> copied = found(COPIED, sources);
        Set<String> expected = found(MADE, sources);
        assertTrue(expected.size() >= 16 && copied.size() >= 8, expected + " " + copied);
        assertEquals(copied, found(Pattern.compile("gradus/array/(\\w+)\\.class"), metadata("resource-config.json")));
        expected.addAll(copied);
        String reflection = metadata("reflect-config.json");
        assertEquals(
                expected,
                found(
                        Pattern.compile(
                                "\\{\"name\": \"gradus\\.array\\.(\\w+)\", \"methods\": \\[\\{\"name\": \"<init>\""),
                        reflection));
        expected.removeIf(name -> !Loops.SIMD && name.startsWith("Simd")); // these cannot be loaded
        for (String name : expected) {
            Class<?> type = Class.forName("gradus.array." + name, false, Loops.class.getClassLoader());
            assertEquals(0, type.getDeclaredConstructor().getParameterCount());
        }
        assertTrue(reflection.contains("{\"name\": \"gradus.graph.Node\", \"fields\": [{\"name\": \"arrayState\"}]}"));
    }
}
