package gradus.nn.demo;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Java agent that lets JShell show the Javadoc of Gradus when Tab is pressed:
 *
 * <pre>{@code
 * jshell -J-javaagent:gradus.jar --class-path gradus.jar
 * }</pre>
 *
 * <p>JShell of JDK 17 and 25 reads documentation from the JDK's {@code src.zip} only, not from sources in, beside or after a jar of
 * the class path. The agent adds {@code gradus-sources.jar}, from the directory of {@code gradus.jar}, to the places that JShell
 * reads: it sets {@code availableSourcesOverride} of {@code jdk.jshell.SourceCodeAnalysisImpl}, a private field that JShell's
 * own tests set. Where that field is missing the agent prints one line and changes nothing.
 */
public final class JShellAgent {
    private JShellAgent() {}

    /** Runs before JShell's own main method, in the same process. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        Optional<Module> jshell = ModuleLayer.boot().findModule("jdk.jshell");
        if (jshell.isEmpty()) {
            return;
        }
        try {
            Path jar = Path.of(JShellAgent.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            List<Path> sources = sourcesOfTheJdk();
            sources.add(jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", "-sources.jar")));
            instrumentation.redefineModule(
                    jshell.get(),
                    Set.of(),
                    Map.of(),
                    Map.of("jdk.jshell", Set.of(JShellAgent.class.getModule())),
                    Set.of(),
                    Map.of());
            Field override = Class.forName(jshell.get(), "jdk.jshell.SourceCodeAnalysisImpl")
                    .getDeclaredField("availableSourcesOverride");
            override.setAccessible(true);
            override.set(null, sources);
        } catch (ReflectiveOperationException | IOException | URISyntaxException | RuntimeException e) {
            System.err.println("JShell shows no Javadoc of Gradus: " + e);
        }
    }

    /** Returns what JShell reads by default: the folders of {@code src.zip}, one for each module; empty if there is no such file. */
    private static List<Path> sourcesOfTheJdk() throws IOException {
        List<Path> modules = new ArrayList<>();
        Path zip = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (Files.isReadable(zip)) {
            // stays open as long as the process: JShell reads from it at each press of Tab
            Path top = FileSystems.newFileSystem(zip, Map.of()).getPath("/");
            try (Stream<Path> entries = Files.list(top)) {
                entries.filter(Files::isDirectory).forEach(modules::add);
            }
        }
        return modules;
    }
}
