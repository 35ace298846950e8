package gradus.bench;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.ops.Normalization;
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

/** Layer, RMS and batch normalisation, forward and backward. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Normalizations {
    /** The shape of x: rows for layer and RMS normalisation, else channels are axis 1. */
    @Param({"8192 256", "512 1024", "32 64", "128 256", "32 64 28 28"})
    public String shape;

    /** The number type. */
    @Param({"FLOAT32", "FLOAT64"})
    public DType dtype;

    private Node x;
    private Node rowGamma;
    private Node rowBeta;
    private Node channelGamma;
    private Node channelBeta;
    private Tensor gy;

    @Setup
    public void draw() {
        String[] words = shape.split(" ", -1);
        int[] sizes = new int[words.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Integer.parseInt(words[i]);
        }
        Shape s = Shape.of(sizes);
        x = variable("x", s);
        rowGamma = variable("row gamma", Shape.of(s.dim(-1)));
        rowBeta = variable("row beta", Shape.of(s.dim(-1)));
        channelGamma = variable("channel gamma", Shape.of(s.dim(1)));
        channelBeta = variable("channel beta", Shape.of(s.dim(1)));
        gy = variable("gy", s).value();
    }

    private Node variable(String name, Shape s) {
        return Node.variable(Tensor.uniform(s, -2, 2, RandomStream.of(1, name)).to(dtype));
    }

    @Benchmark
    public Gradients layerNorm() {
        return Normalization.layerNorm(x, rowGamma, rowBeta).backward(gy);
    }

    @Benchmark
    public Gradients rmsNorm() {
        return Normalization.rmsNorm(x, rowGamma, 1e-5).backward(gy);
    }

    @Benchmark
    public Gradients batchNorm() {
        return Normalization.batchNorm(x, channelGamma, channelBeta, 1e-5)
                .values()
                .backward(gy);
    }
}
