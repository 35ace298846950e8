package gradus.bench.peers;

/** One contender's way of doing a task once, everything it needs made beforehand. */
public interface Step {
    /** Does the work; whatever is returned is consumed. */
    Object run();

    /** Returns some numbers of what the last run came to, which all contenders must agree about. */
    double[] result();
}
