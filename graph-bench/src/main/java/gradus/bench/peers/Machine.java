package gradus.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The processor, the operating system, the JDKs and the Python of this machine. */
final class Machine {
    private Machine() {}

    /** Returns processor, cores and system in a line. */
    static String text() {
        return cpu("model name") + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name") + " "
                + System.getProperty("os.version").replaceAll("-.*", "");
    }

    /**
     * Returns the first of two usual commands whose Python has PyTorch, or else python3, which will report that it is
     * missing.
     */
    static String python() {
        for (String python : new String[] {"python3", "/usr/bin/python3"}) {
            try {
                Process p = new ProcessBuilder(python, "-c", "import torch")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (p.waitFor() == 0) {
                    return python;
                }
            } catch (IOException e) {
                // no such program
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return "python3";
    }

    static boolean has(String feature) {
        return (" " + cpu("flags") + " ").contains(" " + feature + " ");
    }

    /** Returns a field of /proc/cpuinfo for the first processor, or the architecture where there is no such file. */
    private static String cpu(String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(l -> l.startsWith(field))
                    .map(l -> l.substring(l.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /**
     * Returns the homes, by version, of this JDK, and of JDK 17 and 25 given by JAVA_HOME_17 and JAVA_HOME_25 or
     * installed beside it.
     */
    static Map<Integer, Path> jdks() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        Map<Integer, Path> found = new TreeMap<>();
        found.put(Runtime.version().feature(), home);
        for (int version : new int[] {17, 25}) {
            String named = System.getenv("JAVA_HOME_" + version);
            if (named != null && release(Path.of(named)) == version) {
                found.putIfAbsent(version, Path.of(named));
            }
        }
        try (Stream<Path> beside = Files.list(home.getParent())) {
            for (Path p : (Iterable<Path>) beside.sorted()::iterator) {
                int version = release(p);
                if (version == 17 || version == 25) {
                    found.putIfAbsent(version, p);
                }
            }
        }
        return found;
    }

    /** Returns the full versions of some JDKs. */
    static List<String> versions(Map<Integer, Path> jdks) throws IOException {
        List<String> versions = new ArrayList<>();
        for (Path home : jdks.values()) {
            versions.add(Files.readAllLines(home.resolve("release")).stream()
                    .filter(l -> l.startsWith("JAVA_VERSION="))
                    .map(l -> l.replaceAll(".*=|\"", ""))
                    .findFirst()
                    .orElse("?"));
        }
        return versions;
    }

    /** Returns the feature release of the JDK in a folder, or 0. */
    private static int release(Path home) throws IOException {
        Path file = home.resolve("release");
        if (!Files.isReadable(file) || !Files.isExecutable(home.resolve("bin/java"))) {
            return 0;
        }
        List<String> lines = Files.readAllLines(file);
        return lines.stream()
                .filter(l -> l.startsWith("JAVA_VERSION="))
                .map(l -> l.replaceAll("[^0-9]*([0-9]+).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }
}
