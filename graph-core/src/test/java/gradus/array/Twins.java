package gradus.array;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Generates the FLOAT32 twin of every file ending in {@code 64.java}: from {@code src/main} and {@code src/simd} into
 * {@code src/generated} of the same module. Regenerate them, from the project's root, with
 *
 * <pre>{@code
 * java graph-core/src/test/java/gradus/array/Twins.java graph-core graph-bench
 * }</pre>
 *
 * <p>The rules, in order:
 *
 * <ol>
 *   <li>a type marked wide, {@code /*wide*}{@code / double}, stays double: an accumulator, or a scalar of the API
 *   <li>{@code double} becomes {@code float}
 *   <li>{@code DoubleVector} becomes {@code FloatVector}, {@code <Double>} becomes {@code <Float>}
 *   <li>{@code 64} at the end of a name becomes {@code 32}
 * </ol>
 */
final class Twins {
    private static final String WIDE = "/*wide*/ double";
    private static final String KEPT = "\u0000wide\u0000";

    private Twins() {}

    static String twinOf(String source) {
        return source.replace(WIDE, KEPT)
                .replaceAll("\\bdouble\\b", "float")
                .replaceAll("\\bdoubles\\b", "floats")
                .replaceAll("\\bDoubleVector\\b", "FloatVector")
                .replaceAll("\\bDouble>", "Float>")
                .replaceAll("(?<=[A-Za-z])64\\b", "32")
                .replace(
                        "\nfinal class ", "\n// Made from its twin ending in 64 by Twins; edit that one.\nfinal class ")
                .replace(
                        "\nabstract class ",
                        "\n// Made from its twin ending in 64 by Twins; edit that one.\nabstract class ")
                .replace("\ninterface ", "\n// Made from its twin ending in 64 by Twins; edit that one.\ninterface ")
                .replace(KEPT, WIDE);
    }

    /** Returns the sources of a module that have a twin. */
    static List<Path> originals(Path module) throws IOException {
        List<Path> originals = new ArrayList<>();
        for (String root : List.of("main", "simd")) {
            Path folder = module.resolve("src/" + root + "/java/gradus/array");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(p -> p.toString().endsWith("64.java")).sorted().forEach(originals::add);
                }
            }
        }
        return originals;
    }

    /** Returns where the twin of a module's source is. */
    static Path twinPath(Path module, Path original) {
        String twin = original.getFileName().toString().replace("64.java", "32.java");
        return module.resolve("src/generated/java/gradus/array").resolve(twin);
    }

    public static void main(String[] args) throws IOException {
        for (String module : args) {
            Path m = Path.of(module);
            for (Path p : originals(m)) {
                Files.writeString(twinPath(m, p), twinOf(Files.readString(p)));
            }
        }
    }
}
