package gradus.array;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** The loops over double arrays that {@link LoopRatios} compares, by name, in one implementation. */
final class LoopTable64 {
    private static final int N = 4096;
    /** The shapes of products: m, k and n. */
    private static final int[][] SHAPES = {
        {256, 256, 256}, {100, 784, 50}, {784, 100, 50}, {100, 100, 100}, {100, 16, 16}, {1, 784, 100}, {784, 784, 1}
    };

    private final Map<String, Runnable> loops = new LinkedHashMap<>();
    private final double[] x = numbers(N, "x");
    private final double[] y = numbers(N, "y");
    private final double[] positive = new double[N];
    private final double[] z = new double[N];
    /** The sum of what the loops return, so that the compiler removes none of them. */
    private double sink;

    LoopTable64(Loops64 own, Matmul64 matmul, ConvLoops64 conv) {
        for (UnaryFunction f : UnaryFunction.values()) {
            double[] from = f.name().matches("SQRT|RSQRT|LOG|LOG1P") ? positive : x;
            loops.put(f.name(), () -> own.map(f).run(N, from, 0, z, 0));
        }
        double[] mask = new double[N];
        for (int i = 0; i < N; i++) {
            positive[i] = Math.abs(x[i]) + 0.1F;
            mask[i] = y[i] > 0 ? 1 : 0;
        }
        for (BinaryFunction f : BinaryFunction.values()) {
            double[] b = f == BinaryFunction.MASKED_BY ? mask : y;
            loops.put(f.name() + ", pairs", () -> own.zip(f).run(N, x, 0, 1, b, 0, 1, z, 0));
            loops.put(f.name() + ", by one", () -> own.zip(f).run(N, x, 0, 1, b, 0, 0, z, 0));
        }
        for (PartialFunction f : PartialFunction.values()) {
            double[] b = f == PartialFunction.EXP_OF_DIFFERENCE ? positive : y;
            loops.put(f.name() + ", pairs", () -> own.zip(f).run(N, x, 0, 1, b, 0, 1, z, 0));
        }
        loops.put("choose", () -> own.choose(0, N, mask, 1, x, 1, y, 1, z));
        loops.put("notMask", () -> sink += own.notMask(N, mask, 0));
        loops.put("hasNaN", () -> sink += own.hasNaN(N, x, 0) ? 1 : 0);
        loops.put("sum", () -> sink += (double) own.sum(N, x, 0));
        loops.put("max", () -> sink += own.max(N, x, 0));
        loops.put("min", () -> sink += own.min(N, x, 0));
        for (int[] s : SHAPES) {
            products(matmul, s[0], s[1], s[2]);
        }
        double[] a = numbers(1 << 15, "a");
        double[] b = numbers(1 << 15, "b");
        double[] sums = new double[1 << 15];
        int[] starts = IntStream.range(0, 576).toArray();
        loops.put("convolution", () -> conv.add(30, 64, 25, a, 0, 25, 1, b, 0, 64, sums, 0, 64));
        loops.put("convolution, col2im", () -> conv.addTo(starts, 28, a, 0, 28, b, 0));
        int[] rows = IntStream.range(0, 25).map(t -> t * 576).toArray();
        loops.put("convolution, implicit", () -> conv.addShifted(16, 512, 25, a, 0, 1, 16, b, 0, rows, sums, 0, 512));
        loops.put("convolution, dots", () -> conv.dots(30, 576, a, 0, 576, b, 0, rows, sums));
    }

    private void products(Matmul64 matmul, int m, int k, int n) {
        double[] a = numbers(m * k, "a");
        double[] b = numbers(k * n, "b");
        double[] c = new double[m * n];
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                loops.put(
                        "product " + m + "x" + k + "x" + n + (ta ? ", A transposed" : "")
                                + (tb ? ", B transposed" : ""),
                        () -> matmul.product(m, n, k, a, 0, ta, b, 0, tb, c, 0));
            }
        }
    }

    Map<String, Runnable> loops() {
        return loops;
    }

    private static double[] numbers(int n, String name) {
        RandomStream random = RandomStream.of(1, name);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = (double) (2 * random.nextDouble() - 1);
        }
        return x;
    }
}
