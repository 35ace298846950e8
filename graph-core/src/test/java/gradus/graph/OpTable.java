package gradus.graph;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import gradus.array.Shape;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds every op of a package by reflection, and makes the gradient cases of those that need no row by hand. */
public final class OpTable {
    private static final List<Shape> ALONE =
            List.of(Shape.of(), Shape.of(3), Shape.of(2, 3), Shape.of(2, 1, 3), Shape.of(0, 2));
    private static final List<List<Shape>> PAIRS = List.of(
            List.of(Shape.of(), Shape.of()),
            List.of(Shape.of(2, 3), Shape.of(2, 3)),
            List.of(Shape.of(2, 3), Shape.of(3)),
            List.of(Shape.of(), Shape.of(2, 2)),
            List.of(Shape.of(2, 1), Shape.of(1, 3)),
            List.of(Shape.of(2, 1, 2), Shape.of(3, 1)));

    private OpTable() {}

    /** Returns every constant in the package's main classes that is an op by formula, by its name there. */
    public static Map<String, Formula> formulas(String packageName) {
        Map<String, Formula> found = new LinkedHashMap<>();
        for (JavaClass c : classes(packageName)) {
            for (Field f : c.reflect().getDeclaredFields()) {
                if (f.getType() == Formula.class && Modifier.isStatic(f.getModifiers())) {
                    found.put(c.getSimpleName() + "." + f.getName(), read(f));
                }
            }
        }
        return found;
    }

    private static Formula read(Field f) {
        try {
            return (Formula) f.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError("an op is hidden from its test: " + f, e);
        }
    }

    /** Returns the names of every class in the package that is an op with parameters. */
    public static Set<String> records(String packageName) {
        return classes(packageName).stream()
                .filter(c -> c.isAssignableTo(Op.class) && !c.isInterface() && !c.isAssignableTo(Formula.class))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<JavaClass> classes(String packageName) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(packageName).stream()
                        .sorted((a, b) -> a.getName().compareTo(b.getName()))
                        .toList();
    }

    /** Returns the cases of an op by formula: every shape, or pair of shapes that broadcasts. */
    public static List<OpCase> cases(String name, Formula op) {
        List<OpCase> cases = new ArrayList<>();
        List<List<Shape>> shapes =
                op.arity() == 1 ? ALONE.stream().map(List::of).toList() : PAIRS;
        for (List<Shape> s : shapes) {
            cases.add(new OpCase(Formula.class, name, op.smoothOn(), 2, in -> Node.of(op, in), s));
        }
        return cases;
    }
}
