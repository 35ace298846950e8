package gradus.ops;

import gradus.graph.Node;
import gradus.graph.OpTable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Generates {@link Ops}: a static method for every method of Node's families and every op of this module. */
final class Facade {
    /** The classes of this package whose static functions are ops. */
    static final List<Class<?>> TOPICS = List.of(
            Attention.class,
            BinarySearch.class,
            Convolution.class,
            Distances.class,
            Distributions.class,
            Einsum.class,
            Embeddings.class,
            Fourier.class,
            LinearAlgebra.class,
            Losses.class,
            MarginLosses.class,
            Normalization.class,
            Padding.class,
            Pooling.class,
            Positions.class,
            Recurrent.class,
            SequenceLosses.class,
            TensorProducts.class,
            Unfolding.class,
            Unpooling.class,
            Upsampling.class);

    private Facade() {}

    static String source() {
        List<Method> all = new ArrayList<>();
        for (Class<?> family : Node.class.getInterfaces()) {
            methods(family, false).forEach(all::add);
        }
        methods(Node.class, true)
                .filter(m -> !List.of("of", "variable", "constant").contains(m.getName()))
                .forEach(all::add);
        for (Class<?> topic : TOPICS) {
            methods(topic, true).forEach(all::add);
        }
        return """
                package gradus.ops;

                %s
                /** All ops as static methods: {@code relu(add(a, b))} instead of {@code a.add(b).relu()}. */
                // Generated from Node's families and this package by Facade; OpsTest rewrites it.
                public final class Ops {
                    private Ops() {}
                """
                        .formatted(imports(all))
                + all.stream().map(Facade::twin).collect(Collectors.joining())
                + "}\n";
    }

    private static String imports(List<Method> all) {
        return all.stream()
                .flatMap(m -> Stream.concat(Stream.of(m.getReturnType()), Arrays.stream(m.getParameterTypes())))
                .filter(c -> !c.isPrimitive() && !c.isArray() && c.getDeclaringClass() == null)
                .filter(c -> !List.of("java.lang", "gradus.ops").contains(c.getPackageName()))
                .map(c -> "import " + c.getName() + ";\n")
                .distinct()
                .sorted()
                .collect(Collectors.joining());
    }

    private static Stream<Method> methods(Class<?> owner, boolean statics) {
        return Arrays.stream(owner.getDeclaredMethods())
                .filter(m -> OpTable.isOp(m))
                .filter(m -> Modifier.isStatic(m.getModifiers()) == statics && !m.isSynthetic())
                .sorted(Comparator.comparing(Method::getName)
                        .thenComparing(m -> Arrays.toString(m.getParameterTypes())));
    }

    private static String twin(Method m) {
        Class<?> owner = m.getDeclaringClass().isInterface() ? Node.class : m.getDeclaringClass();
        boolean statics = Modifier.isStatic(m.getModifiers());
        List<String> declared = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        if (!statics) {
            declared.add("Node x");
        }
        for (Parameter p : m.getParameters()) {
            String type = name(p.getParameterizedType());
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
                        name(m.getGenericReturnType()),
                        OpTable.name(m),
                        String.join(", ", declared),
                        target,
                        m.getName(),
                        String.join(", ", passed));
    }

    /** Returns a type as it is written in Java, such as {@code List<Node>}. */
    private static String name(Type type) {
        return type.getTypeName().replaceAll("\\w+\\.", "").replace('$', '.');
    }
}
