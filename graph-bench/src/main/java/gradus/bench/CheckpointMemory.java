package gradus.bench;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The memory that a chain of equal blocks takes while it is differentiated: without {@code checkpoint}, with one per block,
 * and with nested ones, in units of one value between two blocks. The heap is measured after a garbage collection, at the
 * start and in the middle of the backward pass, where it is largest; the parameter and its gradient are not counted.
 *
 * <p>Run it with {@code java -cp graph-bench/target/bench.jar gradus.bench.CheckpointMemory}.
 */
public final class CheckpointMemory {
    private static final int ELEMENTS = 1 << 17;
    private static final int STEPS = 10;
    private static final int GROUP = 8;
    private static final int[] LENGTHS = {8, 16, 32, 64};

    private static long peak;

    private CheckpointMemory() {}

    public static void main(String[] args) {
        System.out.printf("values of %d doubles, blocks of %d ops each that keep one value%n", ELEMENTS, 2 * STEPS);
        System.out.printf("%8s %12s %12s %12s%n", "blocks", "plain", "checkpoint", "nested");
        for (int n : LENGTHS) {
            double plain = held(n, CheckpointMemory::block);
            double kept = held(n, Derivatives.checkpoint(CheckpointMemory::block));
            double nested = held(n / GROUP, Derivatives.checkpoint(CheckpointMemory::group));
            System.out.printf(Locale.ROOT, "%8d %12.1f %12.1f %12.1f%n", n, plain, kept, nested);
        }
    }

    /** A chain of checkpoints, to be nested in another. */
    private static Node group(Node x) {
        Node y = x;
        for (int i = 0; i < GROUP; i++) {
            y = y.apply(Derivatives.checkpoint(CheckpointMemory::block));
        }
        return y;
    }

    private static Node block(Node x) {
        Node y = x;
        for (int i = 0; i < STEPS; i++) {
            y = y.mul(0.9).sin();
            y = i == STEPS / 2 ? y.observeGradient(g -> measure()) : y;
        }
        return y;
    }

    private static double held(int n, UnaryOperator<Node> block) {
        Node x = Node.variable(Tensor.uniform(Shape.of(ELEMENTS), -1, 1, RandomStream.of(1, "x")));
        peak = 0;
        measure();
        long before = peak;
        Node y = x;
        for (int i = 0; i < n; i++) {
            y = block.apply(y);
        }
        Node loss = y.sum().observeGradient(g -> measure());
        loss.backward();
        return (peak - before) / (8.0 * ELEMENTS);
    }

    private static void measure() {
        Runtime r = Runtime.getRuntime();
        System.gc();
        peak = Math.max(peak, r.totalMemory() - r.freeMemory());
    }
}
