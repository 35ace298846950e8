package gradus.bench.peers;

/** A library that is measured; it lives in a process of its own. */
public interface Peer {
    /** Returns name and version, as the page shows them. */
    String version();

    /** Sets how many threads the library may use. */
    void threads(int n);

    /**
     * Returns a way to do a task.
     *
     * @param rate the learning rate where the task is training
     * @throws UnsupportedOperationException if the library has no such thing
     */
    Step step(Task task, double rate);
}
