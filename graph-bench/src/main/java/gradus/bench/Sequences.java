package gradus.bench;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.ops.Attention;
import gradus.ops.Recurrent;
import java.util.Arrays;
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

/** Attention, fused and composed, and recurrent networks, of two sizes each: values and gradients of all inputs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Sequences {
    /** The number type. */
    @Param({"FLOAT32", "FLOAT64"})
    public DType dtype;

    /** Attention of 64 heads over 128 positions, or of 8 over 1024; sequences of 64 steps and states of 128, or of 32 and 256. */
    @Param({"false", "true"})
    public boolean large;

    private Node[] attention;
    private Node[] lstm;
    private Node[] gru;

    @Setup
    public void draw() {
        Shape s = large ? Shape.of(1, 8, 1024, 64) : Shape.of(8, 8, 128, 64);
        attention = variables(s, s, s);
        lstm = recurrent(4);
        gru = recurrent(3);
    }

    private Node[] recurrent(int gates) {
        int n = large ? 64 : 32;
        int t = large ? 32 : 64;
        int in = large ? 256 : 64;
        int h = large ? 256 : 128;
        int k = gates * h;
        return variables(Shape.of(n, t, in), Shape.of(in, k), Shape.of(h, k), Shape.of(k), Shape.of(k));
    }

    private Node[] variables(Shape... shapes) {
        RandomStream random = RandomStream.of(1, "inputs");
        return Arrays.stream(shapes)
                .map(s -> Node.variable(Tensor.uniform(s, -0.1, 0.1, random).to(dtype)))
                .toArray(Node[]::new);
    }

    private static Node[] gradients(Node y, Node... x) {
        return Derivatives.gradients(y, Node.constant(y.value()), false, x);
    }

    @Benchmark
    public Node[] attention() {
        return gradients(Attention.scaledDotProductAttention(attention[0], attention[1], attention[2]), attention);
    }

    @Benchmark
    public Node[] composedAttention() {
        Node scores = attention[0].matmul(attention[1], false, true).div(8);
        return gradients(scores.softmax(-1).matmul(attention[2]), attention);
    }

    @Benchmark
    public Node[] lstm() {
        return gradients(Recurrent.lstm(lstm[0], lstm[1], lstm[2], lstm[3]).outputs(), lstm);
    }

    @Benchmark
    public Node[] gru() {
        return gradients(Recurrent.gru(gru[0], gru[1], gru[2], gru[3], gru[4]).outputs(), gru);
    }
}
