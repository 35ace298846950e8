package gradus.graph;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds every op method of a module by reflection, makes the test cases of those that need no explicit row, and reports ops without
 * a case.
 */
public final class OpTable {
    static final List<Shape> ALONE =
            List.of(Shape.of(), Shape.of(3), Shape.of(2, 3), Shape.of(2, 1, 3), Shape.of(0, 2));
    private static final List<List<Shape>> PAIRS = List.of(
            List.of(Shape.of(), Shape.of()),
            List.of(Shape.of(2, 3), Shape.of(2, 3)),
            List.of(Shape.of(2, 3), Shape.of(3)),
            List.of(Shape.of(), Shape.of(2, 2)),
            List.of(Shape.of(2, 1), Shape.of(1, 3)),
            List.of(Shape.of(2, 1, 2), Shape.of(3, 1)));
    private static final Set<Class<?>> THIRD_ORDER =
            Set.of(Arithmetic.class, Elementary.class, Trigonometry.class, Activations.class);

    private OpTable() {}

    /** Returns the op methods of Node, by name: those of its families, and concat and stack. */
    public static Map<String, List<Method>> ofNode() {
        Stream<Method> families = Arrays.stream(Node.class.getInterfaces())
                .filter(c -> c != Differentiable.class)
                .flatMap(c -> Arrays.stream(c.getDeclaredMethods()));
        return byName(families.filter(m -> !m.isSynthetic()));
    }

    /** Returns the ops of a library package, by name: the public static methods that return nodes. */
    public static Map<String, List<Method>> ofPackage(String name, Class<?> without) {
        Stream<Method> all = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(name).stream()
                        .map(c -> (Class<?>) c.reflect())
                        .filter(c -> c != without)
                        .flatMap(c -> Arrays.stream(c.getDeclaredMethods()));
        return byName(all.filter(m -> Modifier.isStatic(m.getModifiers())));
    }

    private static Map<String, List<Method>> byName(Stream<Method> methods) {
        return methods.filter(OpTable::isOp)
                .collect(Collectors.groupingBy(OpTable::name, TreeMap::new, Collectors.toList()));
    }

    /** Returns whether a method is an op: a public one that returns a node, or several, and takes no function of the user's. */
    public static boolean isOp(Method m) {
        Class<?> result = m.getReturnType();
        boolean several = result.isRecord()
                && Arrays.stream(result.getRecordComponents()).anyMatch(c -> c.getType() == Node.class);
        boolean takesFunction = Arrays.stream(m.getParameterTypes())
                .anyMatch(t -> t.getPackageName().equals("java.util.function"));
        return Modifier.isPublic(m.getModifiers())
                && !takesFunction
                && (result == Node.class || result == List.class || several);
    }

    /** Returns the name of an op: that of its method, or of its class if the method is called {@code of}. */
    public static String name(Method m) {
        String owner = m.getDeclaringClass().getSimpleName();
        boolean single = m.getName().equals("of") && m.getDeclaringClass() != Node.class;
        return single ? owner.substring(0, 1).toLowerCase(Locale.ROOT) + owner.substring(1) : m.getName();
    }

    /** Returns the cases of all of Node's ops: the rows, and generated ones for the others. */
    public static List<OpCase> cases(List<OpCase> rows) {
        List<OpCase> cases = new ArrayList<>(rows);
        Set<String> explicit = rows.stream().map(OpCase::op).collect(Collectors.toSet());
        Map<String, Formula> formulas = formulas();
        ofNode().forEach((name, methods) -> {
            Formula formula = formulas.get(name);
            if (formula != null) {
                cases.addAll(of(formula, methods.get(0).getDeclaringClass()));
            } else if (!explicit.contains(name)) {
                methods.stream().filter(m -> m.getParameterCount() == 0).forEach(m -> cases.addAll(of(m)));
            }
        });
        return cases;
    }

    /** Returns every {@link Formula} constant that a family declares, by its name. */
    private static Map<String, Formula> formulas() {
        return Arrays.stream(Node.class.getInterfaces())
                .flatMap(c -> Arrays.stream(c.getDeclaredFields()))
                .filter(f -> f.getType() == Formula.class)
                .map(OpTable::read)
                .collect(Collectors.toMap(Formula::name, f -> f));
    }

    private static Formula read(Field f) {
        try {
            return (Formula) f.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError("the constant of an op is not accessible: " + f, e);
        }
    }

    private static List<OpCase> of(Formula op, Class<?> family) {
        List<List<Shape>> shapes =
                op.arity() == 1 ? ALONE.stream().map(List::of).toList() : PAIRS;
        int order = THIRD_ORDER.contains(family) ? 3 : 2;
        return shapes.stream()
                .map(s -> new OpCase(op.name(), op.smoothOn(), order, in -> Node.of(op, in), s))
                .toList();
    }

    private static List<OpCase> of(Method m) {
        int order = THIRD_ORDER.contains(m.getDeclaringClass()) ? 3 : 2;
        return ALONE.stream()
                .map(s ->
                        new OpCase(m.getName(), new double[] {0.1, 2}, order, in -> (Node) call(m, in[0]), List.of(s)))
                .toList();
    }

    private static Object call(Method m, Node x, Object... arguments) {
        try {
            return m.invoke(x, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(m + " failed", e);
        }
    }

    /** Returns the ops that have no case, and those that broadcast but have no case that does. */
    public static Set<String> uncovered(Map<String, List<Method>> ops, List<OpCase> cases) {
        Set<String> missing = new TreeSet<>();
        ops.forEach((name, methods) -> {
            List<OpCase> own = cases.stream().filter(c -> c.op().equals(name)).toList();
            if (own.stream().noneMatch(c -> c.order() >= 2)) {
                missing.add(name);
            }
            if (methods.stream().anyMatch(OpTable::broadcasts) && own.stream().noneMatch(OpCase::broadcasts)) {
                missing.add(name + ", broadcast");
            }
        });
        return missing;
    }

    /** Returns whether a method that takes only nodes accepts different shapes. */
    public static boolean broadcasts(Method m) {
        boolean onlyNodes = Arrays.stream(m.getParameterTypes()).allMatch(t -> t == Node.class);
        int operands = m.getParameterCount() + (Modifier.isStatic(m.getModifiers()) ? 0 : 1);
        if (!onlyNodes || operands < 2) {
            return false;
        }
        Object[] in = new Object[operands];
        Arrays.setAll(in, i -> Node.constant(Tensor.ones(i == 0 ? new int[] {2, 3} : new int[] {3})));
        try {
            Object y = Modifier.isStatic(m.getModifiers())
                    ? m.invoke(null, in)
                    : m.invoke(in[0], Arrays.copyOfRange(in, 1, operands));
            return Objects.nonNull(y);
        } catch (ReflectiveOperationException e) {
            return false; // it throws
        }
    }
}
