package gradus.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The documentation of an op, read from the comment above its method: what it computes, and its counterpart in PyTorch.
 *
 * @param text the first paragraph, in Markdown
 * @param counterpart PyTorch's name in Markdown, or that of another source, or empty
 */
record OpDoc(String text, String counterpart) {
    private static final Path ROOT = Path.of(System.getProperty("gradus.root"));
    private static final Map<Class<?>, String> SOURCES = new ConcurrentHashMap<>();

    private static final Pattern METHOD = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:@\\w+\\s+)*(?:public |default |static )*[\\w.<>]+ (\\w+)\\(([^)]*)\\)",
            Pattern.DOTALL);

    /** A sentence, or its end, that names the counterpart. */
    private static final Pattern COUNTERPART =
            Pattern.compile("(?:(?<none>No counterpart in PyTorch)|(?<source>PyTorch|NumPy|SciPy|JAX)'s "
                    + "(?<names>`[^`]*`(?:(?:,| and|, and| or) `[^`]*`)*))(?:`[^`]*`|[^.`]|\\.(?=\\S))*\\.(?=\\s|$)");

    /** Returns what the first overload in the source file that describes the op says, and the counterpart that any names. */
    static OpDoc of(List<Method> overloads) {
        Set<String> signatures =
                overloads.stream().map(m -> m.getName() + " " + types(m)).collect(Collectors.toSet());
        List<OpDoc> all = overloads.stream()
                .map(Method::getDeclaringClass)
                .distinct()
                .sorted(Comparator.comparing(Class::getName))
                .flatMap(c -> METHOD.matcher(SOURCES.computeIfAbsent(c, OpDoc::source))
                        .results())
                .filter(m -> signatures.contains(m.group(2) + " " + types(m.group(3))))
                .map(m -> parse(m.group(1)))
                .toList();
        String own = "`" + overloads.get(0).getName() + "`";
        String text = all.stream()
                .map(OpDoc::text)
                .filter(t -> !t.startsWith(own)) // an overload that refers to another
                .findFirst()
                .orElse("");
        return new OpDoc(
                text,
                all.stream()
                        .map(OpDoc::counterpart)
                        .filter(c -> !c.isEmpty())
                        .findFirst()
                        .orElse(""));
    }

    private static String types(Method m) {
        return Arrays.stream(m.getParameterTypes()).map(Class::getSimpleName).collect(Collectors.joining(","));
    }

    /** Returns the simple names of the types of declared parameters. */
    private static String types(String parameters) {
        return parameters.isBlank()
                ? ""
                : Arrays.stream(parameters.replaceAll("<[^>]*>", "").split(",", -1))
                        .map(p -> p.strip()
                                .replaceAll("\\s+\\w+$", "")
                                .replace("...", "[]")
                                .replaceAll(".*\\.", ""))
                        .collect(Collectors.joining(","));
    }

    private static OpDoc parse(String comment) {
        String body = comment.replaceAll("\\n\\s*\\* ?", "\n").strip();
        String first = body.split("\\n\\s*\\n?<p>|\\n@|\\n\\s*<ul>", -1)[0];
        String text = first.replaceAll("\\s+", " ")
                .replaceAll("\\{@code ((?:[^{}]|\\{[^{}]*})*)}", "`$1`")
                .replaceAll("\\{@link(?:plain)? (?:[\\w.]*#)?([\\w.]+)(?:\\([^)]*\\))?(?: [^}]*)?}", "`$1`")
                .strip();
        String counterpart = "";
        Matcher named = COUNTERPART.matcher(text);
        if (named.find()) {
            counterpart = named.group("none") != null
                    ? "none"
                    : named.group("source").equals("PyTorch")
                            ? named.group("names")
                            : named.group("source") + " " + named.group("names");
            String before = text.substring(0, named.start()).strip();
            if (before.endsWith(".")) { // the sentence says nothing else
                text = (before + " " + text.substring(named.end()).strip()).strip();
            }
        }
        return new OpDoc(
                text.replaceFirst("^Returns ", "").replaceFirst(":$", ".").replace("|", "\\|"), counterpart);
    }

    private static String source(Class<?> c) {
        String file = c.getName().replace('.', '/') + ".java";
        return Stream.of("graph-core", "graph-ops")
                .map(module -> ROOT.resolve(module).resolve("src/main/java").resolve(file))
                .filter(Files::exists)
                .map(OpDoc::read)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no source of " + c));
    }

    private static String read(Path p) {
        try {
            return Files.readString(p);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
