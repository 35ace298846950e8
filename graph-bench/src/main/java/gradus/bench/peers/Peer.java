package gradus.bench.peers;

/** The adapter of a library that is measured, in a process of its own. */
public interface Peer {
    /** Returns the name and the version that the page shows. */
    String version();

    /** Sets the number of threads that the library may use. */
    void threads(int n);

    /**
     * Prepares a task.
     *
     * @param rate the learning rate where the task is training
     * @throws UnsupportedOperationException if the library does not support it
     */
    Step step(Task task, double rate);
}
