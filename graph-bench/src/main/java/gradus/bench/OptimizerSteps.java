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
    private static final Steps.Adam ADAM = new Steps.Adam(0.9, 0.999, 1e-8);
    private static final Steps.RmsProp RMS = new Steps.RmsProp(0.99, 1e-8, 0.9);

    /** The number type. */
    @Param({"FLOAT32", "FLOAT64"})
    public DType dtype;

    private Tensor p;
    private Tensor g;
    private Tensor m;
    private Tensor v;
    private Tensor w;

    @Setup
    public void draw() {
        Shape s = Shape.of(784, 1024);
        p = Tensor.uniform(s, -1, 1, RandomStream.of(1, "p")).to(dtype);
        g = Tensor.uniform(s, -1, 1, RandomStream.of(1, "g")).to(dtype);
        m = Tensor.zeros(s, dtype);
        v = Tensor.zeros(s, dtype);
        w = Tensor.zeros(s, dtype);
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
        Steps.adam(p, g, m, v, ADAM, 10, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor adagrad() {
        Steps.adagrad(p, g, v, 1e-10, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor rmsProp() {
        Steps.rmsProp(p, g, v, RMS, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor rmsPropMomentum() {
        Steps.rmsPropMomentum(p, g, v, m, RMS, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor centeredRmsProp() {
        Steps.centeredRmsProp(p, g, v, m, RMS, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor centeredRmsPropMomentum() {
        Steps.centeredRmsPropMomentum(p, g, v, m, w, RMS, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor adaDelta() {
        Steps.adaDelta(p, g, v, m, 0.9, 1e-6, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor amsgrad() {
        Steps.amsgrad(p, g, m, v, w, ADAM, 10, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor nadam() {
        Steps.nadam(p, g, m, v, ADAM, 10, 1e-7, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor rectifiedAdam() {
        Steps.rectifiedAdam(p, g, m, v, ADAM, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor adamax() {
        Steps.adamax(p, g, m, v, ADAM, 10, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor lion() {
        Steps.lion(p, g, m, 0.9, 0.99, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor bookMomentum() {
        Steps.bookMomentum(p, g, m, 0.9, 1e-6, 0);
        return p;
    }

    @Benchmark
    public Tensor lookahead() {
        Steps.lookahead(p, m, 0.5);
        return p;
    }
}
