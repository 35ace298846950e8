package gradus.bench;

import gradus.array.Convolve;
import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.Pool;
import gradus.array.PoolWindows;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A convolution, its two gradients, and pooling of its output, in FLOAT32: few channels and large kernels, many channels and
 * small ones, 1 x 1, and depthwise. Kernels of 3 x 3 are multiplied by minimal filtering; {@link #im2colProduct} is the direct product
 * that it replaces.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Convolutions {
    /** Images [n, c, h, w], then weights [out, c / groups, k, k], then padding, stride and groups. */
    @Param({
        "100x1x28x28 30x5 0 1 1",
        "8x64x56x56 64x3 1 1 1",
        "8x256x14x14 256x3 1 1 1",
        "8x256x28x28 128x1 0 1 1",
        "8x64x56x56 64x3 1 1 64",
        "8x128x28x28 128x3 1 2 128"
    })
    public String sizes;

    private WindowOptions options;
    private Tensor x;
    private Tensor w;
    private Tensor b;
    private Tensor gy;
    private Tensor pooled;
    private Pool.Maxima maxima;

    @Setup
    public void draw() {
        int[] d = java.util.Arrays.stream(sizes.split("[x ]", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        options = WindowOptions.DEFAULT.padding(d[6]).stride(d[7]).groups(d[8]);
        x = drawn("x", d[0], d[1], d[2], d[3]);
        w = drawn("w", d[4], d[1] / d[8], d[5], d[5]);
        b = drawn("b", d[4]);
        gy = drawn("gy", convolution().shape().dims());
        maxima = maxPool();
        pooled = maxima.values();
    }

    private static Tensor drawn(String name, int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(1, name)).to(DType.FLOAT32);
    }

    @Benchmark
    public final Tensor convolution() {
        return Convolve.forward("conv", x, w, b, options);
    }

    /** The convolution without its bias as a product with all im2col columns; of the first group alone, if there are several. */
    @Benchmark
    public Tensor im2colProduct() {
        int group = x.shape().dim(1) / options.groups();
        Ints kernel = Ints.of(w.shape().dim(2), w.shape().dim(3));
        Tensor columns = Convolve.im2col("conv", x.slice(1, 0, group), kernel, options.groups(1));
        int out = w.shape().dim(0) / options.groups();
        return w.slice(0, 0, out).reshape(out, columns.shape().dim(1)).matmul(columns);
    }

    @Benchmark
    public Tensor inputGradient() {
        return Convolve.inputGradient("conv", gy, w, x.shape(), options);
    }

    @Benchmark
    public Tensor weightGradient() {
        return Convolve.weightGradient("conv", x, gy, w.shape(), options);
    }

    @Benchmark
    public final Pool.Maxima maxPool() {
        return Pool.max("pool", gy, PoolWindows.of(WindowOptions.DEFAULT.stride(2), 2, 2));
    }

    @Benchmark
    public Tensor maxPoolGradient() {
        return maxima.positions().scatterAdd(pooled);
    }

    @Benchmark
    public Tensor avgPool() {
        return Pool.mean("pool", gy, PoolWindows.of(WindowOptions.DEFAULT.stride(2), 2, 2), true);
    }
}
