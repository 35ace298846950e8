package gradus.bench;

import gradus.graph.Node;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The overhead per node: a chain of products of scalars, forward and backward. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Nodes {
    /** The number of products. */
    @Param({"1000"})
    public int n;

    private final Node w = Node.variable(1.0000001);

    @Benchmark
    public double byVariable() {
        Node x = Node.variable(1.5);
        Node y = x;
        for (int i = 0; i < n; i++) {
            y = y.mul(w);
        }
        return y.backward().of(w).item();
    }

    @Benchmark
    public double byConstant() {
        Node x = Node.variable(1.5);
        Node y = x;
        for (int i = 0; i < n; i++) {
            y = y.mul(1.0000001);
        }
        return y.backward().of(x).item();
    }

    /** The forward pass alone. */
    @Benchmark
    public double forward() {
        Node y = Node.variable(1.5);
        for (int i = 0; i < n; i++) {
            y = y.mul(w);
        }
        return y.item();
    }
}
