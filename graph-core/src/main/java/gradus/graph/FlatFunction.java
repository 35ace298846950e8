package gradus.graph;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A function of nodes at a point, seen as one from vectors to vectors: its inputs strung together, its output flattened.
 * Some of its inputs may be variables that it knows by itself, as the parameters of a model; these are given other values
 * while it is probed.
 */
final class FlatFunction {
    private final Function<Node[], Node> f;
    private final List<String> names;
    private final Node[] bound;
    private final Tensor[] at;

    /** The point. */
    final double[] x;

    /** Sees f at a point; the first inputs are the given variables, called by the given names. */
    FlatFunction(Function<Node[], Node> f, List<String> names, Node[] bound, Tensor... at) {
        this.f = f;
        this.names = names;
        this.bound = bound;
        this.at = at;
        this.x = flatten(at);
    }

    /** Returns the output at another point. */
    double[] at(double[] p) {
        return f.apply(nodes(p)).value().toDoubleArray();
    }

    /** Returns the output at the point moved by h along one element. */
    double[] moved(int j, double h) {
        double[] p = x.clone();
        p[j] += h;
        return at(p);
    }

    Shape outputShape() {
        return f.apply(nodes(x)).shape();
    }

    /** Returns the gradient of u's product with the output, as the rules give it. */
    double[] pull(double... u) {
        Node[] in = nodes(x);
        Node y = f.apply(in);
        Gradients g = y.backward(Tensor.of(y.shape(), u));
        return flatten(Arrays.stream(in).map(n -> g.of(n).value()).toArray(Tensor[]::new));
    }

    /**
     * Returns the function (x.., u) -> the gradients of sum(u f(x)), strung together, at this point and a random signed
     * u: differentiable in u as well.
     */
    FlatFunction gradient(long seed) {
        Tensor u = Tensor.normal(outputShape(), 0, 1, RandomStream.of(seed, "cotangent"));
        Tensor[] point = Arrays.copyOf(at, at.length + 1);
        point[at.length] = u;
        Function<Node[], Node> g = in -> {
            Node[] inner = Arrays.copyOf(in, in.length - 1);
            Gradients all = f.apply(inner).backwardGraph(in[inner.length]);
            return Node.concat(
                    0, Arrays.stream(inner).map(n -> all.of(n).flatten()).toArray(Node[]::new));
        };
        return new FlatFunction(g, names, bound, point);
    }

    /** Returns which input an element belongs to. */
    int inputOf(int j) {
        int input = 0;
        while (j >= offset(input + 1)) {
            input++;
        }
        return input;
    }

    String name(int input) {
        return input < names.size() ? names.get(input) : "input " + input;
    }

    Shape shape(int input) {
        return at[input].shape();
    }

    /** Returns where an input begins among the elements of all. */
    int offset(int input) {
        int sum = 0;
        for (int i = 0; i < input; i++) {
            sum += at[i].size();
        }
        return sum;
    }

    private Node[] nodes(double[] p) {
        Node[] in = new Node[at.length];
        for (int i = 0; i < in.length; i++) {
            int from = offset(i);
            Tensor value = Tensor.of(shape(i), Arrays.copyOfRange(p, from, from + at[i].size()));
            if (i < bound.length) {
                bound[i].assign(value);
                in[i] = bound[i];
            } else {
                in[i] = Node.variable(value);
            }
        }
        return in;
    }

    private static double[] flatten(Tensor... parts) {
        return Arrays.stream(parts)
                .flatMapToDouble(t -> Arrays.stream(t.toDoubleArray()))
                .toArray();
    }
}
