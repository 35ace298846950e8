package gradus.graph;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Calls op methods with null for each argument that is an object, and finds those whose error does not say so. */
public final class NullArguments {
    private static final Map<Class<?>, Object> VALID = Map.of(
            Node.class,
            Node.variable(Tensor.ones(2, 2)),
            Tensor.class,
            Tensor.ones(2, 2),
            Shape.class,
            Shape.of(2, 2),
            DType.class,
            DType.FLOAT64,
            int.class,
            1,
            double.class,
            1.0,
            boolean.class,
            false,
            int[].class,
            new int[] {0, 1},
            Node[].class,
            new Node[] {Node.variable(Tensor.ones(2, 2)), Node.variable(Tensor.ones(2, 2))});

    private NullArguments() {}

    /**
     * Returns the calls that do not throw an exception whose message starts with the method's name and says that something is
     * null, each with what it does instead.
     */
    public static Map<String, String> unnamed(Collection<List<Method>> methods) {
        Map<String, String> wrong = new TreeMap<>();
        methods.stream().flatMap(List::stream).forEach(m -> {
            Class<?>[] types = m.getParameterTypes();
            for (int i = 0; i < types.length; i++) {
                if (!types[i].isPrimitive() && types[i] != int[].class) {
                    String message = message(m, i);
                    if (!message.matches(OpTable.name(m) + ": .* is null")) {
                        wrong.put(OpTable.name(m) + Arrays.toString(types) + ", argument " + i, message);
                    }
                }
            }
        });
        return wrong;
    }

    /** Returns the message of a call's exception, whose i-th argument, or the last element of it, is null. */
    private static String message(Method m, int i) {
        Object[] arguments =
                Arrays.stream(m.getParameterTypes()).map(VALID::get).toArray();
        if (arguments[i] instanceof Object[] several) {
            Object[] copy = several.clone();
            Array.set(copy, copy.length - 1, null);
            arguments[i] = copy;
        } else {
            arguments[i] = null;
        }
        try {
            m.invoke(Modifier.isStatic(m.getModifiers()) ? null : VALID.get(Node.class), arguments);
            return "no exception";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause().getMessage());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
