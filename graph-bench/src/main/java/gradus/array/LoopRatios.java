package gradus.array;

import gradus.bench.Stretch;
import gradus.bench.peers.Ratio;
import java.util.Arrays;
import java.util.Map;

/**
 * How many times faster each SIMD loop is than the plain one that it stands for, on arrays that a cache holds:
 *
 * <pre>java --add-modules jdk.incubator.vector -cp graph-bench/target/bench.jar gradus.array.LoopRatios [name ..]</pre>
 *
 * <p>A line for each loop and number type: the {@link Ratio} of turns that follow each other, and the median of each. It lies in the package of the loops, which nobody else sees.
 */
public final class LoopRatios {
    private static final int TURNS = 15;
    /** Milliseconds of a turn, and of warming up at most. */
    private static final double TURN = 1;

    private static final int LIMIT = 5000;

    private LoopRatios() {}

    public static void main(String[] names) {
        if (!Loops.SIMD) {
            throw new IllegalStateException("start it with --add-modules jdk.incubator.vector");
        }
        Workers.use(1);
        System.out.printf("%-45s %-20s %8s %8s%n", "loop", "ratio", "plain", "SIMD");
        race(
                " F32",
                new LoopTable32(new PlainLoops32(), new PlainMatmul32(), new PlainConv32()).loops(),
                new LoopTable32(Loops.F32, Loops.MATMUL32, Loops.CONV32).loops(),
                names);
        race(
                " F64",
                new LoopTable64(new PlainLoops64(), new PlainMatmul64(), new PlainConv64()).loops(),
                new LoopTable64(Loops.F64, Loops.MATMUL64, Loops.CONV64).loops(),
                names);
    }

    private static void race(String type, Map<String, Runnable> plain, Map<String, Runnable> simd, String... names) {
        plain.forEach((name, slow) -> {
            if (names.length == 0 || Arrays.stream(names).anyMatch((name + type)::contains)) {
                race(name + type, slow, simd.get(name));
            }
        });
    }

    private static void race(String name, Runnable plain, Runnable simd) {
        Stretch.warmUp(plain, LIMIT);
        Stretch.warmUp(simd, LIMIT);
        double[] slow = new double[TURNS];
        double[] fast = new double[TURNS];
        for (int i = 0; i < TURNS; i++) {
            slow[i] = Stretch.of(plain, TURN) * 1e6;
            fast[i] = Stretch.of(simd, TURN) * 1e6;
        }
        System.out.printf(
                "%-45s %-20s %8s %8s%n",
                name, Ratio.of(slow, fast, 1), Ratio.time(Ratio.median(slow)), Ratio.time(Ratio.median(fast)));
    }
}
