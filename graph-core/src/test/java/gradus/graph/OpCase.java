package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.check.GradientCheck;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A test case of an op: a function that applies it, and the shapes of its inputs.
 *
 * @param label the call as it is written in Java; it starts with the name of the op, up to a parenthesis or space
 * @param smoothOn the intervals that inputs are drawn from
 * @param order the highest order of derivative that is checked
 */
public record OpCase(String label, double[] smoothOn, int order, Function<Node[], Node> f, List<Shape> shapes) {
    private static final double FLOAT_TOLERANCE = 1e-5;

    /** Returns a case with inputs from -2 to 2, checked to the second order. */
    public static OpCase row(String label, Function<Node[], Node> f, Shape... shapes) {
        return new OpCase(label, new double[] {-2, 2}, 2, f, List.of(shapes));
    }

    /** Returns this case with inputs from other intervals. */
    public OpCase smoothOn(double... bounds) {
        return new OpCase(label, bounds, order, f, shapes);
    }

    /** Returns the name of the op. */
    public String op() {
        return label.split("[( ]", 2)[0];
    }

    /** Returns whether its inputs differ in shape, so that they are broadcast. */
    public boolean broadcasts() {
        return shapes.stream().distinct().count() > 1;
    }

    /** Checks the gradients at a random point in FLOAT64, and the value in FLOAT32. */
    public void verify() {
        GradientCheck.of(f).at(point(1)).order(order).verify();
        Tensor[] single = Arrays.stream(point(2)).map(t -> t.to(DType.FLOAT32)).toArray(Tensor[]::new);
        Tensor y = value(single);
        Tensor exact = value(Arrays.stream(single).map(t -> t.to(DType.FLOAT64)).toArray(Tensor[]::new));
        assertEquals(exact.shape(), y.shape());
        assertEquals(op().equals("to") ? DType.FLOAT64 : DType.FLOAT32, y.dtype());
        double[] expected = exact.toDoubleArray();
        double[] actual = y.toDoubleArray();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], FLOAT_TOLERANCE * Math.max(1, Math.abs(expected[i])), toString());
        }
    }

    /** Requires that the case, built twice at one point, gives graphs whose ops are equal, node by node. */
    public void verifyOpsAreValues() {
        Tensor[] at = point(1);
        Deque<Node[]> open = new ArrayDeque<>();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        open.push(new Node[] {built(at), built(at)});
        while (!open.isEmpty()) {
            Node[] pair = open.pop();
            if (!seen.add(pair[0])) {
                continue;
            }
            Op a = pair[0].op();
            Op b = pair[1].op();
            assertEquals(a, b, toString());
            assertEquals(Objects.hashCode(a), Objects.hashCode(b), toString());
            assertEquals(a == null ? pair[0].value() : null, b == null ? pair[1].value() : null, toString());
            List<Node> left = pair[0].inputs();
            List<Node> right = pair[1].inputs();
            assertEquals(left.size(), right.size(), toString());
            for (int i = 0; i < left.size(); i++) {
                open.push(new Node[] {left.get(i), right.get(i)});
            }
        }
    }

    private Tensor value(Tensor... x) {
        return built(x).value();
    }

    private Node built(Tensor... x) {
        return f.apply(Arrays.stream(x).map(Node::variable).toArray(Node[]::new));
    }

    /** Returns random inputs for a seed. */
    public Tensor[] point(long seed) {
        RandomStream random = RandomStream.of(seed, toString());
        Tensor[] at = new Tensor[shapes.size()];
        for (int i = 0; i < at.length; i++) {
            double[] x = new double[shapes.get(i).size()];
            for (int j = 0; j < x.length; j++) {
                int interval = 2 * random.nextInt(smoothOn.length / 2);
                x[j] = random.nextDouble(smoothOn[interval], smoothOn[interval + 1]);
            }
            at[i] = Tensor.of(shapes.get(i), x);
        }
        return at;
    }

    @Override
    public String toString() {
        return label + " of " + shapes;
    }
}
