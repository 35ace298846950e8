package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every public method and constructor, with null for each of its arguments in turn. */
class NullTest {
    private static final List<Class<?>> TYPES = List.of(
            Tensor64.class,
            Tensor32.class,
            Shape.class,
            RandomStream.class,
            RowSparse.class,
            WindowOptions.class,
            WindowOptions.Axis.class,
            Convolve.class,
            Normalize.class,
            Normalize.Moments.class,
            Normalize.Normalized.class,
            Normalize.Gradients.class,
            PairwiseDistances.class,
            Pool.class,
            PoolWindows.class,
            Pool.Maxima.class,
            Pool.Positions.class);
    /** The methods for which null has a meaning. */
    private static final Set<String> ALLOWED = Set.of(
            "equals(o)",
            "forward(bias)",
            "rows(gamma)",
            "rows(beta)",
            "rowsGradient(gamma)",
            "channels(gamma)",
            "channels(beta)",
            "channelsGradient(gamma)",
            "gradus.array.Normalize$Gradients(gamma)",
            "gradus.array.Normalize$Gradients(beta)");

    private static final Tensor X = Tensor.ones(2, 2);
    private static final Tensor IMAGE = Tensor.ones(1, 1, 3, 3);
    private static final Pool.Maxima MAXIMA = Pool.max("maxPool", IMAGE, PoolWindows.of(WindowOptions.DEFAULT, 2, 2));
    private static final Normalize.Moments MOMENTS = new Normalize.Moments(X, X, X);
    /** An argument of each type; those after the null one are never read. */
    private static final Map<Class<?>, Object> ARGUMENTS = Map.ofEntries(
            Map.entry(Tensor.class, X),
            Map.entry(Shape.class, X.shape()),
            Map.entry(DType.class, DType.FLOAT64),
            Map.entry(RandomStream.class, RandomStream.of(1, "x")),
            Map.entry(RowSparse.class, RowSparse.of(X.shape(), Ints.of(0), Tensor.ones(1, 2))),
            Map.entry(WindowOptions.class, WindowOptions.DEFAULT),
            Map.entry(WindowOptions.Axis.class, WindowOptions.Axis.DEFAULT),
            Map.entry(PoolWindows.class, PoolWindows.adaptive(2, 2)),
            Map.entry(Pool.Positions.class, MAXIMA.positions()),
            Map.entry(Pool.Maxima.class, MAXIMA),
            Map.entry(Normalize.Moments.class, MOMENTS),
            Map.entry(Normalize.Normalized.class, new Normalize.Normalized(X, MOMENTS)),
            Map.entry(Normalize.Gradients.class, new Normalize.Gradients(X, null, null)),
            Map.entry(Ints.class, Ints.of(0)),
            Map.entry(String.class, "op"),
            Map.entry(Object.class, new double[] {1}),
            Map.entry(UnaryFunction.class, UnaryFunction.NEG),
            Map.entry(BinaryFunction.class, BinaryFunction.ADD),
            Map.entry(UnaryOperator.class, UnaryOperator.identity()),
            Map.entry(DoubleUnaryOperator.class, (DoubleUnaryOperator) x -> x),
            Map.entry(DoubleBinaryOperator.class, (DoubleBinaryOperator) (a, b) -> a),
            Map.entry(DMatrixRMaj.class, new DMatrixRMaj(1, 1)),
            Map.entry(FMatrixRMaj.class, new FMatrixRMaj(1, 1)),
            Map.entry(SimpleMatrix.class, new SimpleMatrix(1, 1)),
            Map.entry(boolean.class, true),
            Map.entry(int.class, 0),
            Map.entry(long.class, 0L),
            Map.entry(double.class, 1.0));

    @TestFactory
    Stream<DynamicTest> a_null_argument_is_refused_by_its_name() {
        List<DynamicTest> all = TYPES.stream().flatMap(NullTest::tests).toList();
        assertTrue(all.size() > 100, "only " + all.size() + " arguments were found");
        return all.stream();
    }

    private static Stream<DynamicTest> tests(Class<?> type) {
        Stream<Executable> all = Stream.concat(
                Arrays.stream(type.getMethods())
                        .filter(m -> m.getDeclaringClass().getName().startsWith("gradus.") && !m.isBridge()),
                Arrays.stream(type.getConstructors()));
        return all.flatMap(e -> IntStream.range(0, e.getParameterCount())
                .filter(i -> !e.getParameterTypes()[i].isPrimitive())
                .filter(i -> !ALLOWED.contains(e.getName() + "(" + e.getParameters()[i].getName() + ")"))
                .mapToObj(i -> DynamicTest.dynamicTest(
                        type.getSimpleName() + ": " + e.toGenericString() + ", " + e.getParameters()[i].getName(),
                        () -> verify(type, e, i))));
    }

    private static void verify(Class<?> type, Executable e, int position) {
        Parameter[] parameters = e.getParameters();
        Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == position ? null : argument(parameters[i].getType());
        }
        InvocationTargetException thrown = assertThrows(InvocationTargetException.class, () -> {
            if (e instanceof Constructor<?> c) {
                c.newInstance(arguments);
            } else {
                Method m = (Method) e;
                m.setAccessible(true);
                m.invoke(Modifier.isStatic(m.getModifiers()) ? null : receiver(type), arguments);
            }
        });
        String message = String.valueOf(thrown.getCause().getMessage());
        assertTrue(message.matches("\\S+: " + parameters[position].getName() + " is null"), message);
    }

    private static Object argument(Class<?> type) {
        return type.isArray() ? Array.newInstance(type.getComponentType(), 0) : ARGUMENTS.get(type);
    }

    private static Object receiver(Class<?> type) {
        return type == Tensor64.class ? X : type == Tensor32.class ? X.to(DType.FLOAT32) : ARGUMENTS.get(type);
    }

    @Test
    void a_null_element_is_refused_by_its_position() {
        NullPointerException e = assertThrows(NullPointerException.class, () -> Tensor.concat(0, X, null));
        assertEquals("concat: parts[1] is null", e.getMessage());
    }
}
