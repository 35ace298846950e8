package gradus.nn;

import gradus.graph.Node;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds parts of a layer that were not declared: instance fields, or variables captured by a lambda, that hold a variable, or
 * a model that has parameters (frozen or not) or buffers or depends on the pass, directly or in an array, collection or map.
 * They would be missing from training, from files, or from what is known of the pass, and random draws would have no path of
 * their own. It names the field before anything is trained or saved. What it does not find, parts in static
 * fields, as JShell makes of its variables, in records or in nested collections, a {@code Trainer} finds by its gradients.
 */
final class Undeclared {
    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return fields(type);
        }
    };

    private Undeclared() {}

    /** Refuses a model that has such a part, itself or in a layer inside; what the outermost model declares is declared. */
    static void check(Model model, Model outermost) {
        Set<Object> declared = Collections.newSetFromMap(new IdentityHashMap<>());
        declared.add(outermost);
        outermost.walk((path, part) -> declared.add(part instanceof Parameter p ? p.node() : part));
        check(model, "", declared);
        model.walk((path, part) -> {
            if (part instanceof Layer inner) {
                check(inner, path + ": ", declared);
            }
        });
    }

    private static void check(Layer layer, String where, Set<Object> declared) {
        for (Field f : FIELDS.get(layer.getClass())) {
            values(read(f, layer)).filter(v -> isUndeclared(v, declared)).forEach(v -> {
                throw new IllegalStateException(where + describe(layer, f, v));
            });
        }
    }

    /** Returns whether a value is a variable that is not declared, or a model that is not and has something to declare. */
    private static boolean isUndeclared(Object value, Set<Object> declared) {
        if (!(value instanceof Model m)) {
            return value instanceof Node n && n.isVariable() && !declared.contains(n);
        }
        List<Object> needed = new ArrayList<>();
        if (drawsItself(m)) {
            needed.add(m);
        }
        m.walk((path, part) -> {
            if (part instanceof Parameter p) {
                needed.add(p.node());
            } else if (part instanceof Buffer || (part instanceof Model inner && drawsItself(inner))) {
                needed.add(part);
            }
        });
        return !declared.containsAll(needed);
    }

    /** Returns whether a model depends on the pass, and not only because a layer inside does. */
    private static boolean drawsItself(Model model) {
        return model.dependsOnPass()
                && model.layers().values().stream().noneMatch(l -> l instanceof Model m && m.dependsOnPass());
    }

    private static String describe(Layer layer, Field f, Object value) {
        String what = value instanceof Model m ? "the model " + m : "the variable " + ((Node) value).label();
        return layer instanceof Model m
                ? m + " holds " + what + " in the field " + f.getName() + " without declaring it; write " + f.getName()
                        + (value instanceof Model ? " = layer(" : " = parameter(") + "\"" + f.getName() + "\", ..)"
                : "a layer that is not a Model uses " + what
                        + ", which would not be trained, saved or given a path; make it a Model that declares it";
    }

    private static Stream<?> values(Object value) {
        if (value instanceof Collection<?> c) {
            return c.stream();
        }
        if (value instanceof Map<?, ?> m) {
            return m.values().stream();
        }
        return value instanceof Object[] a ? Arrays.stream(a) : Stream.ofNullable(value);
    }

    private static Object read(Field f, Layer layer) {
        try {
            return f.get(layer);
        } catch (IllegalAccessException e) {
            throw new LinkageError(f + " cannot be read", e);
        }
    }

    /** Returns the fields that can be read; those of a module that is not open to this one cannot, and are left out. */
    private static List<Field> fields(Class<?> type) {
        List<Field> found = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Model.class && c != Object.class; c = c.getSuperclass()) {
            for (Field f : c.getDeclaredFields()) {
                boolean holds = !f.getType().isPrimitive() && !Modifier.isStatic(f.getModifiers());
                if (holds && isAccessible(f)) {
                    found.add(f);
                }
            }
        }
        return List.copyOf(found);
    }

    private static boolean isAccessible(Field f) {
        try {
            f.setAccessible(true);
            return true;
        } catch (InaccessibleObjectException e) {
            return false;
        }
    }
}
