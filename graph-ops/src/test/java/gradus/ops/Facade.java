package gradus.ops;

import gradus.graph.Node;
import gradus.graph.Ranked;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the text of {@link Ops}: a static function for every method of Node's families and every op of this module. */
final class Facade {
    private static final Set<Class<?>> RESULTS = Set.of(Node.class, List.class, Ranked.class);
    private static final List<Class<?>> TOPICS = List.of(Indexing.class, Losses.class);

    private Facade() {}

    static String source() {
        StringBuilder out = new StringBuilder(
                """
                package gradus.ops;

                import gradus.array.DType;
                import gradus.array.Shape;
                import gradus.array.Tensor;
                import gradus.graph.Node;
                import gradus.graph.Ranked;
                import java.util.List;

                /** All ops as static functions, for those who like {@code relu(add(a, b))} better than a chain. */
                // Made from Node's families and this package by Facade; OpsTest writes it anew.
                public final class Ops {
                    private Ops() {}
                """);
        for (Class<?> family : Node.class.getInterfaces()) {
            methods(family, false).forEach(m -> out.append(twin(Node.class, m)));
        }
        methods(Node.class, true)
                .filter(m -> !List.of("of", "variable", "constant").contains(m.getName()))
                .forEach(m -> out.append(twin(Node.class, m)));
        for (Class<?> topic : TOPICS) {
            methods(topic, true).forEach(m -> out.append(twin(topic, m)));
        }
        return out.append("}\n").toString();
    }

    private static Stream<Method> methods(Class<?> owner, boolean statics) {
        return Arrays.stream(owner.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()) && RESULTS.contains(m.getReturnType()))
                .filter(m -> Modifier.isStatic(m.getModifiers()) == statics && !m.isSynthetic())
                .sorted(Comparator.comparing(Method::getName)
                        .thenComparing(m -> Arrays.toString(m.getParameterTypes())));
    }

    private static String twin(Class<?> owner, Method m) {
        boolean statics = Modifier.isStatic(m.getModifiers());
        List<String> declared = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        if (!statics) {
            declared.add("Node x");
        }
        for (Parameter p : m.getParameters()) {
            String type = p.getType().getSimpleName();
            declared.add((p.isVarArgs() ? type.replace("[]", "...") : type) + " " + p.getName());
            passed.add(p.getName());
        }
        String types = Arrays.stream(m.getParameterTypes())
                .map(Class::getSimpleName)
                .map(t -> m.isVarArgs() ? t.replace("[]", "...") : t)
                .collect(Collectors.joining(", "));
        String target = statics ? owner.getSimpleName() : "x";
        return """

                    /** See {@link %s#%s(%s)}. */
                    public static %s %s(%s) {
                        return %s.%s(%s);
                    }
                """
                .formatted(
                        owner.getSimpleName(),
                        m.getName(),
                        types,
                        m.getReturnType() == List.class
                                ? "List<Node>"
                                : m.getReturnType().getSimpleName(),
                        m.getName(),
                        String.join(", ", declared),
                        target,
                        m.getName(),
                        String.join(", ", passed));
    }
}
