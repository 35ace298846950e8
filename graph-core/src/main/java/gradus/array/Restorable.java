package gradus.array;

/**
 * State that changes when it is used, and can be restored: a random stream, running statistics. For an array it is
 * {@code () -> { double[] was = a.clone(); return () -> System.arraycopy(was, 0, a, 0, was.length); }}.
 */
@FunctionalInterface
public interface Restorable {
    /** Returns an action that restores the present state each time it is run. */
    Runnable snapshot();
}
