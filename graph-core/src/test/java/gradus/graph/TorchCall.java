package gradus.graph;

import gradus.array.Shape;
import gradus.array.Tensor;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A chain of calls written as in Java, such as {@code topK(-1, 2).values}, and evaluated by reflection. Its receiver is in0
 * unless a method is static. An argument is a node (in1), the tensor of a node (t1), an int, a double, a boolean, a constant of
 * an enum, an array (<1 2>), a shape ([2,3]), options ({stride 2; padding 1}) or the result of a static function ({normal in0
 * in1}); its type selects the overload.
 */
final class TorchCall {
    /** A call and its arguments, or a component's name, or a position in a list. */
    private static final Pattern STEP =
            Pattern.compile("\\.?(?<name>\\w+)(?<call>\\((?<arguments>[^()]*)\\))?|\\[(?<position>\\d+)]");

    private static final Pattern DOUBLE = Pattern.compile("-?(inf|\\d+\\.\\d+)");

    private final String text;
    private final List<Class<?>> topics;

    /**
     * Reads a call.
     *
     * @param topics the classes whose static functions it may use besides Node's methods
     */
    TorchCall(String text, List<Class<?>> topics) {
        this.text = text;
        this.topics = topics;
    }

    /** Returns the result of the call, a node or a tensor. */
    Object run(Node... in) {
        Object y = in[0];
        Matcher m = STEP.matcher(text);
        for (int at = 0; at < text.length(); at = m.end()) {
            requireStep(m, at);
            if (m.group("position") != null) {
                y = ((List<?>) y).get(Integer.parseInt(m.group("position")));
            } else if (m.group("call") == null) {
                y = invoke(component(y, m.group("name")), y);
            } else {
                Method method = method(y.getClass(), m.group("name"), words(m.group("arguments")), in);
                y = invoke(method, y, bound(method, words(m.group("arguments")), in));
            }
        }
        return y;
    }

    /** Returns the methods that the call uses. */
    List<Method> methods(Node... in) {
        List<Method> used = new ArrayList<>();
        Class<?> receiver = Node.class;
        Matcher m = STEP.matcher(text);
        for (int at = 0; at < text.length(); at = m.end()) {
            requireStep(m, at);
            if (m.group("call") != null) {
                used.add(method(receiver, m.group("name"), words(m.group("arguments")), in));
                receiver = used.get(used.size() - 1).getReturnType();
            } else {
                receiver = Node.class; // a component or an element of a list
            }
        }
        return used;
    }

    private void requireStep(Matcher m, int at) {
        if (!m.find(at) || m.start() != at) {
            throw new IllegalStateException("no call at " + at + " of " + text);
        }
    }

    /** Returns the arguments, which are separated by a comma and a space; a shape has no space. */
    private static List<String> words(String arguments) {
        return arguments.isEmpty() ? List.of() : List.of(arguments.split(", ", -1));
    }

    /** Returns the only method that takes these arguments. */
    private Method method(Class<?> receiver, String name, List<String> words, Node... in) {
        List<Method> fitting = fitting(receiver, name, words, in);
        if (fitting.size() != 1) {
            throw new UnsupportedOperationException(text + ": " + fitting.size() + " methods take " + words);
        }
        return fitting.get(0);
    }

    /** Returns the methods that take these arguments, static ones too if the receiver is a node; those without varargs go first. */
    private List<Method> fitting(Class<?> receiver, String name, List<String> words, Node... in) {
        Stream<Method> statics = topics.stream()
                .filter(c -> receiver == Node.class)
                .flatMap(c -> Arrays.stream(c.getMethods()))
                .filter(m -> Modifier.isStatic(m.getModifiers()));
        List<Method> fitting = Stream.concat(Arrays.stream(receiver.getMethods()), statics)
                .filter(m -> OpTable.name(m).equals(name) && !m.isBridge() && bound(m, words, in) != null)
                .toList();
        List<Method> exact = fitting.stream().filter(m -> !m.isVarArgs()).toList();
        return exact.isEmpty() ? fitting : exact;
    }

    /** Returns the arguments converted to the parameter types, or null if the method does not take them. */
    private Object[] bound(Method m, List<String> words, Node... in) {
        Class<?>[] types = m.getParameterTypes();
        int fixed = m.isVarArgs() ? types.length - 1 : types.length;
        if (words.size() < fixed || (words.size() > fixed && !m.isVarArgs())) {
            return null;
        }
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < fixed; i++) {
            arguments[i] = argument(types[i], words.get(i), in);
        }
        if (m.isVarArgs()) {
            Class<?> type = types[fixed].getComponentType();
            arguments[fixed] = Array.newInstance(type, words.size() - fixed);
            for (int i = fixed; i < words.size(); i++) {
                Object argument = argument(type, words.get(i), in);
                if (argument == null) {
                    return null;
                }
                Array.set(arguments[fixed], i - fixed, argument);
            }
        }
        return Arrays.asList(arguments).contains(null) ? null : arguments;
    }

    /** Returns the argument that is written as a word, or null if the word is of another type. */
    private Object argument(Class<?> type, String word, Node... in) {
        if (type == Node.class) {
            return word.startsWith("in") ? in[Integer.parseInt(word.substring(2))] : null;
        }
        if (type == Tensor.class) {
            return word.matches("t\\d") ? in[Integer.parseInt(word.substring(1))].value() : null;
        }
        if (type == int.class) {
            return word.matches("-?\\d+") ? Integer.valueOf(word) : null;
        }
        if (type == double.class) {
            return DOUBLE.matcher(word).matches() ? TorchCase.number(word) : null;
        }
        if (type == boolean.class) {
            return word.matches("true|false") ? Boolean.valueOf(word) : null;
        }
        if (type == String.class) {
            return word.startsWith("\"") ? word.substring(1, word.length() - 1) : null;
        }
        if (type == int[].class || type == double[].class) {
            return word.startsWith("<") ? numbers(type, word) : null;
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(c -> c.toString().equals(word))
                    .findFirst()
                    .orElse(null);
        }
        if (type == Shape.class) {
            return word.startsWith("[") ? TorchCase.shape(word) : null;
        }
        return word.startsWith("{") ? options(type, word, in) : null;
    }

    /** Returns the array of a word such as {@code <1 2 3>}. */
    private static Object numbers(Class<?> type, String word) {
        double[] values = Arrays.stream(word.substring(1, word.length() - 1).split(" ", -1))
                .filter(s -> !s.isEmpty())
                .mapToDouble(TorchCase::number)
                .toArray();
        return type == double[].class
                ? values
                : Arrays.stream(values).mapToInt(v -> (int) v).toArray();
    }

    /** Returns the options of a word such as {stride 2; padding 0 1; same}: calls of the methods of DEFAULT of a type. */
    private Object options(Class<?> type, String word, Node... in) {
        try {
            Object options = type.getField("DEFAULT").get(null);
            for (String call : word.substring(1, word.length() - 1).split("; ", -1)) {
                List<String> words = Arrays.asList(call.split(" ", -1));
                List<String> values = words.subList(1, words.size());
                List<Method> fitting = Arrays.stream(type.getMethods())
                        .filter(m -> m.getName().equals(words.get(0)) && bound(m, values, in) != null)
                        .toList();
                if (fitting.size() != 1) {
                    throw new UnsupportedOperationException(
                            type.getSimpleName() + ": " + fitting.size() + " methods take " + call);
                }
                options = invoke(fitting.get(0), options, bound(fitting.get(0), values, in));
            }
            return options;
        } catch (NoSuchFieldException e) {
            return result(type, word, in);
        } catch (IllegalAccessException e) {
            return null;
        }
    }

    /** Returns the result of the static function of a word such as {normal in0 in1}, or null if it is of another type. */
    private Object result(Class<?> type, String word, Node... in) {
        List<String> words = Arrays.asList(word.substring(1, word.length() - 1).split(" ", -1));
        List<String> values = words.subList(1, words.size());
        List<Method> fitting = fitting(Node.class, words.get(0), values, in);
        return fitting.size() == 1 && type.isAssignableFrom(fitting.get(0).getReturnType())
                ? invoke(fitting.get(0), null, bound(fitting.get(0), values, in))
                : null;
    }

    private static Method component(Object y, String name) {
        try {
            return y.getClass().getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("no component " + name, e);
        }
    }

    private static Object invoke(Method m, Object receiver, Object... arguments) {
        try {
            return m.invoke(Modifier.isStatic(m.getModifiers()) ? null : receiver, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
