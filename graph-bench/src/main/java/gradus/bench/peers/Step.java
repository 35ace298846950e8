package gradus.bench.peers;

/** A task prepared by one contender. */
public interface Step {
    /** Runs the task once and returns an object that depends on the result, so that the compiler removes nothing. */
    Object run();

    /** Returns some numbers of the last result, which must agree among contenders. */
    double[] result();
}
