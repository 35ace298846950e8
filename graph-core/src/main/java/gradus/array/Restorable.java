package gradus.array;

/**
 * Something whose state changes as it is used, and can be put back: a stream of random numbers, running statistics. For
 * an array it is {@code () -> { double[] was = a.clone(); return () -> System.arraycopy(was, 0, a, 0, was.length); }}.
 */
@FunctionalInterface
public interface Restorable {
    /** Returns what puts the present state back, as often as it is run. */
    Runnable snapshot();
}
