package gradus.bench;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.Workers;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;
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
 * The product of two matrices, square or of the shapes of training steps, by Gradus and by EJML, which uses one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Products {
    /** Rows and columns of the result, and the inner size: m x n x k. */
    @Param({"64x64x64", "256x256x256", "1024x1024x1024", "100x50x784", "100x10x50", "256x1024x784", "1x1024x1024"})
    public String shape;

    /** Threads. */
    @Param({"1", "2"})
    public int threads;

    private int m;
    private int n;

    private Tensor a64;
    private Tensor b64;
    private Tensor a32;
    private Tensor b32;

    @Setup
    public void draw() {
        Workers.use(threads);
        String[] sizes = shape.split("x");
        m = Integer.parseInt(sizes[0]);
        n = Integer.parseInt(sizes[1]);
        int k = Integer.parseInt(sizes[2]);
        a64 = Tensor.uniform(Shape.of(m, k), -1, 1, RandomStream.of(1, "a"));
        b64 = Tensor.uniform(Shape.of(k, n), -1, 1, RandomStream.of(1, "b"));
        a32 = a64.to(DType.FLOAT32);
        b32 = b64.to(DType.FLOAT32);
    }

    @Benchmark
    public Tensor gradus64() {
        return a64.matmul(b64);
    }

    @Benchmark
    public Tensor gradus32() {
        return a32.matmul(b32);
    }

    @Benchmark
    public DMatrixRMaj ejml64() {
        DMatrixRMaj y = new DMatrixRMaj(m, n);
        CommonOps_DDRM.mult(a64.toDMatrix(), b64.toDMatrix(), y);
        return y;
    }

    @Benchmark
    public FMatrixRMaj ejml32() {
        FMatrixRMaj y = new FMatrixRMaj(m, n);
        CommonOps_FDRM.mult(a32.toFMatrix(), b32.toFMatrix(), y);
        return y;
    }
}
