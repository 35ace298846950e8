package gradus.bench;

import gradus.array.BinaryFunction;
import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;
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
 * Elementwise functions of a million numbers: those with a kernel of their own, and {@code Math::tanh} called for each
 * element.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Elements {
    /** The number type. */
    @Param({"FLOAT32", "FLOAT64"})
    public DType dtype;

    private Tensor x;
    private Tensor y;

    @Setup
    public void draw() {
        x = Tensor.uniform(Shape.of(1000, 1000), -2, 2, RandomStream.of(1, "x")).to(dtype);
        y = Tensor.uniform(Shape.of(1000, 1000), -2, 2, RandomStream.of(1, "y")).to(dtype);
    }

    @Benchmark
    public Tensor exp() {
        return x.exp();
    }

    @Benchmark
    public Tensor tanh() {
        return x.map(UnaryFunction.TANH);
    }

    @Benchmark
    public Tensor sigmoid() {
        return x.map(UnaryFunction.SIGMOID);
    }

    @Benchmark
    public Tensor softplus() {
        return x.map(UnaryFunction.SOFTPLUS);
    }

    @Benchmark
    public Tensor erf() {
        return x.map(UnaryFunction.ERF);
    }

    @Benchmark
    public Tensor gelu() {
        return x.map(UnaryFunction.GELU);
    }

    @Benchmark
    public Tensor geluGradient() {
        return y.zip("geluGradient", x, BinaryFunction.GELU_GRADIENT);
    }

    @Benchmark
    public Tensor silu() {
        return x.map(UnaryFunction.SILU);
    }

    @Benchmark
    public Tensor log() {
        return y.map(UnaryFunction.LOG);
    }

    @Benchmark
    public Tensor add() {
        return x.add(y);
    }

    @Benchmark
    public Tensor greater() {
        return x.zip("gt", y, BinaryFunction.GT);
    }

    @Benchmark
    public Tensor tanhByElement() {
        return x.map(Math::tanh);
    }
}
