package gradus.array;

import gradus.bench.Timing;
import gradus.bench.peers.Ratio;
import java.util.Arrays;
import java.util.Map;

/**
 * How many times faster each SIMD loop is than the plain one that it replaces, on arrays that fit into a cache:
 *
 * <pre>java --add-modules jdk.incubator.vector -cp graph-bench/target/bench.jar gradus.array.LoopRatios [name ..]</pre>
 *
 * <p>Prints a line for each loop and number type: the {@link Ratio} over rounds, and the median time of each. It is in the
 * package of the loops because they are package-private.
 */
public final class LoopRatios {
    private static final int ROUNDS = 15;
    /** Milliseconds per measurement. */
    private static final double MILLIS = 1;
    /** The maximum of the warm-up, in milliseconds. */
    private static final int WARM_UP_LIMIT = 5000;

    private LoopRatios() {}

    public static void main(String[] names) {
        if (!Loops.SIMD) {
            throw new IllegalStateException("start it with --add-modules jdk.incubator.vector");
        }
        Workers.use(1);
        System.out.printf("%-45s %-20s %8s %8s%n", "loop", "ratio", "plain", "SIMD");
        compare(
                " F32",
                new LoopTable32(new PlainLoops32(), new PlainMatmul32(), new PlainConv32()).loops(),
                new LoopTable32(Loops.F32, Loops.MATMUL32, Loops.CONV32).loops(),
                names);
        compare(
                " F64",
                new LoopTable64(new PlainLoops64(), new PlainMatmul64(), new PlainConv64()).loops(),
                new LoopTable64(Loops.F64, Loops.MATMUL64, Loops.CONV64).loops(),
                names);
    }

    private static void compare(String type, Map<String, Runnable> plain, Map<String, Runnable> simd, String... names) {
        plain.forEach((name, slow) -> {
            if (names.length == 0 || Arrays.stream(names).anyMatch((name + type)::contains)) {
                compare(name + type, slow, simd.get(name));
            }
        });
    }

    private static void compare(String name, Runnable plain, Runnable simd) {
        Timing.warmUp(plain, WARM_UP_LIMIT);
        Timing.warmUp(simd, WARM_UP_LIMIT);
        double[] slow = new double[ROUNDS];
        double[] fast = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            slow[i] = Timing.millisPerRun(plain, MILLIS) * 1e6;
            fast[i] = Timing.millisPerRun(simd, MILLIS) * 1e6;
        }
        System.out.printf(
                "%-45s %-20s %8s %8s%n",
                name, Ratio.of(slow, fast, 1), Ratio.time(Ratio.median(slow)), Ratio.time(Ratio.median(fast)));
    }
}
