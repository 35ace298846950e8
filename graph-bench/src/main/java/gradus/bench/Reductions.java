package gradus.bench;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
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

/** Reductions, running sums and sorting of a million numbers: of all, of each row, of each column. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Reductions {
    /** The number type. */
    @Param({"FLOAT32", "FLOAT64"})
    public DType dtype;

    private Tensor x;

    @Setup
    public void draw() {
        x = Tensor.uniform(Shape.of(1000, 1000), -2, 2, RandomStream.of(1, "x")).to(dtype);
    }

    @Benchmark
    public Tensor sum() {
        return x.sum();
    }

    @Benchmark
    public Tensor sumOfRows() {
        return x.sum(1);
    }

    @Benchmark
    public Tensor sumOfColumns() {
        return x.sum(0);
    }

    @Benchmark
    public Tensor max() {
        return x.max();
    }

    @Benchmark
    public Tensor argmaxOfRows() {
        return x.argmax(1);
    }

    @Benchmark
    public Tensor cumsumOfRows() {
        return x.cumsum(1, false);
    }

    @Benchmark
    public Tensor cumsumOfColumns() {
        return x.cumsum(0, false);
    }

    @Benchmark
    public Tensor argsort() {
        return x.reshape(-1).argsort(0, false);
    }

    @Benchmark
    public Tensor argsortOfRows() {
        return x.argsort(1, false);
    }
}
