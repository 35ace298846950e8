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

/** Softmax, its logarithm and their gradients, of rows of 1,000, 64 and 10 elements. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Softmaxes {
    /** The number type. */
    @Param({"FLOAT32", "FLOAT64"})
    public DType dtype;

    private Tensor rows;
    private Tensor probabilities;
    private Tensor logProbabilities;
    private Tensor onePerRow;
    private Tensor classes;
    private Tensor shortRows;

    @Setup
    public void draw() {
        rows = Tensor.uniform(Shape.of(1000, 1000), -2, 2, RandomStream.of(1, "x"))
                .to(dtype);
        probabilities = rows.softmax(1);
        logProbabilities = rows.logSoftmax(1);
        onePerRow = rows.sumKeepDims(1);
        shortRows = Tensor.uniform(Shape.of(8192, 64), -2, 2, RandomStream.of(1, "z"))
                .to(dtype);
        classes = Tensor.uniform(Shape.of(100, 10), -2, 2, RandomStream.of(1, "y"))
                .to(dtype);
    }

    @Benchmark
    public Tensor softmaxOfRows() {
        return rows.softmax(1);
    }

    @Benchmark
    public Tensor logSoftmaxOfRows() {
        return rows.logSoftmax(1);
    }

    @Benchmark
    public Tensor logSumExpOfRows() {
        return rows.logSumExp(1);
    }

    @Benchmark
    public Tensor softmaxGradientOfRows() {
        return probabilities.softmaxGradient(rows, 1);
    }

    @Benchmark
    public Tensor logSoftmaxGradientOfRows() {
        return logProbabilities.logSoftmaxGradient(rows, 1);
    }

    @Benchmark
    public Tensor logSumExpGradientOfRows() {
        return rows.logSumExpGradient(onePerRow, 1);
    }

    @Benchmark
    public Tensor softmaxOfClasses() {
        return classes.softmax(1);
    }

    @Benchmark
    public Tensor logSoftmaxOfClasses() {
        return classes.logSoftmax(1);
    }

    @Benchmark
    public Tensor softmaxOfShortRows() {
        return shortRows.softmax(1);
    }

    @Benchmark
    public Tensor logSoftmaxOfShortRows() {
        return shortRows.logSoftmax(1);
    }

    @Benchmark
    public Tensor logSumExpOfShortRows() {
        return shortRows.logSumExp(1);
    }
}
