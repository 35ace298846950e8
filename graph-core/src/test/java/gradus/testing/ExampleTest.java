package gradus.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example project is not a module of Gradus; this test compares its versions, and those in docs/checking.md. */
class ExampleTest {
    private static final Path ROOT = Path.of(System.getProperty("gradus.root"));
    private static final Pattern VERSION = Pattern.compile("<([a-z.]+\\.version)>([^<]+)</\\1>");

    private static Map<String, String> versions(String pom) {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher m = VERSION.matcher(pom);
        while (m.find()) {
            found.put(m.group(1), m.group(2));
        }
        return found;
    }

    private static String group(String pattern, String text) {
        Matcher m = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        assertTrue(m.find(), pattern);
        return m.group(1);
    }

    @Test
    void the_example_and_its_page_have_the_versions_of_gradus() throws IOException {
        String parent = Files.readString(ROOT.resolve("pom.xml"));
        String example = Files.readString(ROOT.resolve("docs/example/pom.xml"));
        String page = Files.readString(ROOT.resolve("docs/checking.md"));
        Map<String, String> ours = versions(parent);
        ours.put("gradus.version", group("<artifactId>gradus</artifactId>\\s*<version>(.*?)</version>", parent));
        Map<String, String> theirs = versions(example);
        assertTrue(theirs.size() >= 6, theirs::toString);
        theirs.forEach((name, version) -> {
            assertEquals(ours.get(name), version, name);
        });
        String spelledOut = example.replace("${gradus.version}", ours.get("gradus.version"));
        String dependency = group("```xml\n(.*?)```", page);
        assertTrue(squeezed(spelledOut).contains(squeezed(dependency)), dependency);
        assertTrue(page.contains("\"io.gradus:graph-core:" + ours.get("gradus.version") + ":testing\""));
        assertTrue(page.contains("net.jqwik:jqwik:" + ours.get("jqwik.version")));
    }

    private static String squeezed(String xml) {
        return xml.replaceAll("\\s+", "");
    }
}
