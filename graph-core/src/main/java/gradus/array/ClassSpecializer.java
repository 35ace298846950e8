package gradus.array;

import java.io.IOException;
import java.io.InputStream;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;

/**
 * Copies of a loop's class, one for each function that it runs.
 *
 * <p>A loop written once that takes its function as an argument, {@code y[i] = f.of(x[i])}, is compiled once for all
 * functions: after the third the call is megamorphic, made for every element, and every vector is boxed; that costs a
 * factor of 10 to 100. So each function gets a copy of the class with that function as a constant, as hidden classes
 * allow (JEP 371), which the compiler inlines into the loop.
 */
final class ClassSpecializer {
    private ClassSpecializer() {}

    /** Returns an instance of a new copy of a class without arguments, whose {@link #function} is the given one. */
    static <T> T of(Class<? extends T> loop, Class<T> type, Object function) {
        try (InputStream in = loop.getResourceAsStream(loop.getSimpleName() + ".class")) {
            Class<?> copy = MethodHandles.lookup()
                    .defineHiddenClassWithClassData(in.readAllBytes(), function, true)
                    .lookupClass();
            return type.cast(copy.getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException | IOException e) {
            throw new LinkageError("loops: " + loop.getName() + " cannot be copied", e);
        }
    }

    /** Returns the function that the class of this lookup is a copy for; null in the original. */
    static <F> F function(MethodHandles.Lookup own, Class<F> type) {
        try {
            return MethodHandles.classData(own, ConstantDescs.DEFAULT_NAME, type);
        } catch (IllegalAccessException e) {
            throw new LinkageError("loops: " + own + " has no function", e);
        }
    }
}
