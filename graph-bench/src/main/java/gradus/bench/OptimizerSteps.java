package gradus.bench;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Steps;
import gradus.array.Tensor;
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

/** One step of each optimizer over a weight [784, 1024]. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class OptimizerSteps {
    /** The number type. */
    @Param({"FLOAT32", "FLOAT64"})
    public DType dtype;

    private Tensor p;
    private Tensor g;
    private Tensor m;
    private Tensor v;

    @Setup
    public void draw() {
        Shape s = Shape.of(784, 1024);
        p = Tensor.uniform(s, -1, 1, RandomStream.of(1, "p")).to(dtype);
        g = Tensor.uniform(s, -1, 1, RandomStream.of(1, "g")).to(dtype);
        m = Tensor.zeros(s, dtype);
        v = Tensor.zeros(s, dtype);
    }

    @Benchmark
    public Tensor sgd() {
        Steps.sgd(p, g, 1e-6, 1e-4);
        return p;
    }

    @Benchmark
    public Tensor momentum() {
        Steps.momentum(p, g, m, new Steps.Momentum(0.9, 0, false), 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor adam() {
        Steps.adam(p, g, m, v, new Steps.Adam(0.9, 0.999, 1e-8), 10, 1e-6, 0);
        return p;
    }
}
