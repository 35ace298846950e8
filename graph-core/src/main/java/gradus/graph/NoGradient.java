package gradus.graph;

import java.util.function.Supplier;

/**
 * A block of code in which ops record no graph: what they return are constants, although variables were used. It saves
 * the memory of the graph where only values are wanted, as in evaluation:
 *
 * <pre>{@code Node y = NoGradient.run(() -> model.forward(x));}</pre>
 *
 * <p>A block belongs to the thread that opened it; other threads are not affected. Blocks may be nested. Graphs that were
 * recorded outside can be differentiated inside, but their gradients cannot be recorded: {@code backwardGraph} throws.
 * The functions of {@link Derivatives} differentiate the function that they are given inside a block as well; their
 * results are constants. PyTorch's {@code no_grad}.
 */
public final class NoGradient implements AutoCloseable {
    /** The number of blocks that are open in this thread. */
    private static final ThreadLocal<Integer> OPEN = ThreadLocal.withInitial(() -> 0);

    private final Thread owner = Thread.currentThread();
    private boolean closed;

    private NoGradient() {}

    /** Returns what a computation returns; no graph is recorded in it. */
    public static <R> R run(Supplier<R> computation) {
        NoGradient block = open();
        try {
            return computation.get();
        } finally {
            block.close();
        }
    }

    /** Executes an action in which no graph is recorded. */
    public static void execute(Runnable action) {
        NoGradient block = open();
        try {
            action.run();
        } finally {
            block.close();
        }
    }

    /** Opens a block, which ends with {@link #close}: for try-with-resources, or a session. */
    public static NoGradient open() {
        OPEN.set(OPEN.get() + 1);
        OpenScopes.open();
        return new NoGradient();
    }

    /**
     * Closes the block; closing it again does nothing.
     *
     * @throws IllegalStateException in another thread than the one that opened it
     */
    @Override
    public void close() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("NoGradient: the block was opened by " + owner.getName()
                    + " and cannot be closed by " + Thread.currentThread().getName());
        }
        if (!closed) {
            closed = true;
            set(OPEN.get() - 1);
            OpenScopes.close();
        }
    }

    /** Returns whether the current thread is in such a block. */
    public static boolean isOpen() {
        return OpenScopes.any() && OPEN.get() > 0;
    }

    /** Returns what a computation returns; a graph is recorded in it, also inside a block. */
    static <R> R suspended(Supplier<R> computation) {
        if (!isOpen()) {
            return computation.get();
        }
        int open = OPEN.get();
        OPEN.remove();
        try {
            return computation.get();
        } finally {
            set(open);
        }
    }

    private static void set(int open) {
        if (open == 0) {
            OPEN.remove();
        } else {
            OPEN.set(open);
        }
    }
}
