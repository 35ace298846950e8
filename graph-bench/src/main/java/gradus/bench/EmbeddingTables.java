package gradus.bench;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.RowSparse;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.ops.Embeddings;
import java.util.Map;
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

/** A table of embeddings in FLOAT32: forward, backward in the two forms of the gradient, and steps of optimizers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EmbeddingTables {
    /** The number of indices, then the table. */
    @Param({"4096 10000x128", "100 1000000x16"})
    public String sizes;

    private Node table;
    private Tensor indices;
    private Tensor gy;
    private Optimizer sgd;
    private Optimizer adam;

    @Setup
    public void draw() {
        int[] d = java.util.Arrays.stream(sizes.split("[x ]", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        RandomStream random = RandomStream.of(1, "indices");
        double[] at = new double[d[0]];
        java.util.Arrays.setAll(at, i -> random.nextInt(d[1]));
        indices = Tensor.of(at);
        table = Node.variable(drawn("table", d[1], d[2]));
        gy = drawn("gy", d[0], d[2]);
        sgd = new Sgd(Map.of("table", table), 1e-6);
        adam = new Adam(Map.of("table", table), 1e-6);
    }

    private static Tensor drawn(String name, int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(1, name)).to(DType.FLOAT32);
    }

    @Benchmark
    public final Node forward() {
        return Embeddings.embedding(table, indices);
    }

    @Benchmark
    public final Gradients backward() {
        return forward().backward(gy);
    }

    /** Adds the rows of equal indices together. */
    @Benchmark
    public RowSparse backwardRows() {
        RowSparse g = backward().rowSparse(table);
        g.rows();
        return g;
    }

    /** Reads the gradient with its zeros. */
    @Benchmark
    public Tensor backwardDense() {
        return backward().of(table).value();
    }

    @Benchmark
    public void sgdStep() {
        sgd.step(backward());
    }

    @Benchmark
    public void adamStep() {
        adam.step(backward());
    }
}
