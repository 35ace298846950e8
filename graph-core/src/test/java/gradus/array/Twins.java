package gradus.array;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the float twin of every file ending in {@code 64.java}. Write them anew, from the project's root, with
 *
 * <pre>{@code
 * java graph-core/src/test/java/gradus/array/Twins.java graph-core/src/main/java/gradus/array graph-bench/src/main/java/gradus/array
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
                .replace("\ninterface ", "\n// Made from its twin ending in 64 by Twins; edit that one.\ninterface ")
                .replace(KEPT, WIDE);
    }

    static List<Path> originals(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(p -> p.toString().endsWith("64.java")).sorted().toList();
        }
    }

    static Path twinPath(Path original) {
        return original.resolveSibling(original.getFileName().toString().replace("64.java", "32.java"));
    }

    public static void main(String[] args) throws IOException {
        for (String folder : args) {
            for (Path p : originals(Path.of(folder))) {
                Files.writeString(twinPath(p), twinOf(Files.readString(p)));
            }
        }
    }
}
