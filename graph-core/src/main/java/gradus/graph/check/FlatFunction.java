package gradus.graph.check;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A function of nodes at a point, as one from vectors to vectors: all inputs concatenated, and all outputs. Some inputs may
 * be variables that the function captures, as the parameters of a model; these are assigned other values during a check.
 * State is restored before every evaluation, and after it the inputs must be unchanged.
 *
 * <p>Numbers are passed as doubles. A function that runs in FLOAT32 gets only those that are floats.
 */
final class FlatFunction {
    private final Function<Node[], Node[]> f;
    private final List<String> names;
    private final List<String> outputNames;
    private final Node[] bound;
    private final Tensor[] at;
    private final Runnable restore;
    private Shape[] outputs;

    /** The point. */
    final double[] x;

    /** The number type that the function runs in. */
    final DType dtype;

    /**
     * Flattens f at a point.
     *
     * @param names the names of the inputs
     * @param bound the variables that are the first inputs
     * @param restore restores the state of f
     * @param at the point, all of one number type
     */
    FlatFunction(Function<Node[], Node[]> f, List<String> names, Node[] bound, Runnable restore, Tensor... at) {
        this(f, names, List.of(), bound, restore, at);
    }

    private FlatFunction(
            Function<Node[], Node[]> f,
            List<String> names,
            List<String> outputNames,
            Node[] bound,
            Runnable restore,
            Tensor... at) {
        this.f = f;
        this.names = names;
        this.outputNames = outputNames;
        this.bound = bound;
        this.restore = restore;
        this.at = at;
        this.x = flatten(at);
        this.dtype = at[0].dtype();
    }

    // ---- evaluating

    /** Returns the outputs at another point. */
    double[] at(double[] p) {
        Node[] in = nodes(p);
        return flatten(values(apply(in, p)));
    }

    /** Returns the outputs at the point with one element replaced. */
    double[] with(int j, double value) {
        double[] p = x.clone();
        p[j] = value;
        return at(p);
    }

    /** Returns the gradient of u's product with the outputs, as the rules give it. */
    double[] vjp(double... u) {
        Node[] in = nodes(x);
        return vjp(in, apply(in, x), u);
    }

    /**
     * Returns the same, but computes the function at another point before it differentiates the graph of this one. Not
     * for bound variables, which can only be at one point.
     */
    double[] vjpAfter(double[] elsewhere, double... u) {
        Node[] in = nodes(x);
        Node[] y = apply(in, x);
        at(elsewhere);
        return vjp(in, y, u);
    }

    private double[] vjp(Node[] in, Node[] y, double... u) {
        double[] sum = new double[x.length];
        int from = 0;
        for (int k = 0; k < y.length; k++) {
            double[] part = Arrays.copyOfRange(u, from, from + y[k].shape().size());
            from += part.length;
            Tensor seed = Tensor.of(y[k].shape(), part).to(y[k].dtype());
            double[] seeded = seed.toDoubleArray(); // in the output's own type, which may be narrower
            Node[] g = gradients(y[k], seed, in);
            requireSame("the gradient of " + outputName(k), seed, seeded);
            double[] one = flatten(Arrays.stream(g).map(Node::value).toArray(Tensor[]::new));
            Arrays.setAll(sum, j -> sum[j] + one[j]);
        }
        requireUnchanged(in, x);
        return sum;
    }

    private Node[] gradients(Node y, Tensor seed, Node... in) {
        try {
            return Derivatives.gradients(y, Node.constant(seed), false, in);
        } catch (IllegalStateException e) {
            throw isBound()
                    ? new IllegalStateException(
                            "GradientCheck: is the loss, or part of it, kept from an earlier call? The function must"
                                    + " compute it anew each time (" + e.getMessage() + ")",
                            e)
                    : e;
        }
    }

    /** Returns which inputs are among what the outputs are computed from. */
    boolean[] reached() {
        Node[] in = nodes(x);
        Deque<Node> ahead = new ArrayDeque<>(Arrays.asList(apply(in, x)));
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!ahead.isEmpty()) {
            Node n = ahead.pop();
            if (n.isTracked() && seen.add(n)) {
                n.inputs().forEach(ahead::push);
            }
        }
        boolean[] reached = new boolean[in.length];
        for (int i = 0; i < in.length; i++) {
            reached[i] = seen.contains(in[i]);
        }
        return reached;
    }

    private Node[] apply(Node[] in, double... p) {
        restore.run();
        Node[] y = f.apply(in);
        requireUnchanged(in, p);
        if (y == null || y.length == 0 || Arrays.asList(y).contains(null)) {
            throw new IllegalStateException("GradientCheck: the function returned "
                    + (y == null || y.length == 0 ? "no node" : "null") + "; it must return the node to differentiate");
        }
        if (outputs == null) {
            outputs = Arrays.stream(y).map(Node::shape).toArray(Shape[]::new);
        }
        return y;
    }

    private Node[] nodes(double... p) {
        Node[] in = new Node[at.length];
        for (int i = 0; i < in.length; i++) {
            int from = offset(i);
            Tensor value = Tensor.of(shape(i), Arrays.copyOfRange(p, from, from + at[i].size()))
                    .to(dtype);
            if (i < bound.length) {
                bound[i].assign(value);
                in[i] = bound[i];
            } else {
                in[i] = Node.variable(value);
            }
        }
        return in;
    }

    private void requireUnchanged(Node[] in, double... p) {
        for (int i = 0; i < in.length; i++) {
            int from = offset(i);
            requireSame(names.get(i), in[i].value(), Arrays.copyOfRange(p, from, from + at[i].size()));
        }
    }

    private static void requireSame(String name, Tensor now, double... before) {
        int k = Arrays.mismatch(now.toDoubleArray(), before);
        if (k >= 0) {
            throw new IllegalStateException("GradientCheck: " + name + at(now.shape(), k) + " was changed from "
                    + before[k] + " to " + now.toDoubleArray()[k]
                    + " by an op that wrote to its input; it must copy the tensor first");
        }
    }

    // ---- its derivative

    /**
     * Returns the function (x.., u..) -> the gradients of sum(u f(x)) by each x, at this point and random signed u:
     * differentiable in u as well.
     */
    FlatFunction gradient(long seed) {
        Shape[] shapes = outputs();
        RandomStream random = RandomStream.of(seed, "cotangent");
        Stream<Tensor> u =
                Arrays.stream(shapes).map(s -> Tensor.normal(s, 0, 1, random).to(dtype));
        int n = at.length;
        Function<Node[], Node[]> g = in -> {
            Node[] inner = Arrays.copyOf(in, n);
            Node[] y = f.apply(inner);
            Node[] gx = new Node[n];
            for (int k = 0; k < y.length; k++) {
                Node[] one = Derivatives.gradients(y[k], in[n + k], true, inner);
                for (int i = 0; i < n; i++) {
                    gx[i] = k == 0 ? one[i] : gx[i].add(one[i]);
                }
            }
            return gx;
        };
        return new FlatFunction(
                g,
                join(names, IntStream.range(0, shapes.length).mapToObj(k -> "the gradient of " + outputName(k))),
                names.stream().map(name -> "the gradient of " + name).toList(),
                bound,
                restore,
                Stream.concat(Arrays.stream(at), u).toArray(Tensor[]::new));
    }

    // ---- names

    String name(int input) {
        return names.get(input);
    }

    /** Returns the name of an output. */
    String outputName(int k) {
        return !outputNames.isEmpty() ? outputNames.get(k) : outputs().length == 1 ? "output" : "output " + k;
    }

    /** Returns which input an element belongs to. */
    int inputOf(int j) {
        return IntStream.range(0, at.length)
                .filter(i -> j < offset(i + 1))
                .findFirst()
                .orElseThrow();
    }

    /** Returns which output an element of theirs belongs to. */
    int outputOf(int r) {
        return IntStream.range(0, outputs().length)
                .filter(k -> r < outputOffset(k + 1))
                .findFirst()
                .orElseThrow();
    }

    /** Returns an element's name: {@code input 1 at [0, 2]}. */
    String element(int j) {
        int i = inputOf(j);
        return names.get(i) + at(shape(i), j - offset(i));
    }

    /** Returns the name of an element of the outputs: {@code output at [0, 2]}. */
    String outputElement(int r) {
        int k = outputOf(r);
        return outputName(k) + at(outputs()[k], r - outputOffset(k));
    }

    private static String at(Shape s, int k) {
        return s.rank() == 0 ? "" : " at " + Arrays.toString(index(s, k));
    }

    /** Returns where the k-th element of a tensor is, in row-major order. */
    static int[] index(Shape s, int k) {
        int[] index = new int[s.rank()];
        int rest = k;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = rest % s.dim(i);
            rest /= s.dim(i);
        }
        return index;
    }

    // ---- sizes

    int inputs() {
        return at.length;
    }

    Shape shape(int input) {
        return at[input].shape();
    }

    /** Returns where an input begins among the elements of all. */
    int offset(int input) {
        return IntStream.range(0, input).map(i -> at[i].size()).sum();
    }

    /** Returns the outputs' shapes. */
    Shape[] outputs() {
        if (outputs == null) {
            at(x);
        }
        return outputs;
    }

    /** Returns where an output begins among the elements of all. */
    int outputOffset(int output) {
        return IntStream.range(0, output).map(k -> outputs()[k].size()).sum();
    }

    boolean isBound() {
        return bound.length > 0;
    }

    // ---- numbers of its type

    /** Returns the nearest number of its type. */
    double near(double v) {
        return dtype == DType.FLOAT32 ? (float) v : v;
    }

    /** Returns the distance from 1 to the next number. */
    double ulp() {
        return dtype == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
    }

    /** Returns a step near the best one for a difference, cbrt(ulp) max(1, |v|): a power of two, so that v moves exactly. */
    double step(double v) {
        return Math.scalb(1.0, Math.getExponent(Math.cbrt(ulp()) * Math.max(1, Math.abs(v))));
    }

    /** Returns the scale on which an input is expected to be varied: 1, or its largest element if that is smaller and not 0. */
    double scale(int input) {
        int from = offset(input);
        double largest = 0;
        for (int j = from; j < from + at[input].size(); j++) {
            largest = Math.max(largest, Math.abs(x[j]));
        }
        return largest == 0 ? 1 : Math.min(1, largest);
    }

    // ---- vectors

    private static Tensor[] values(Node... nodes) {
        return Arrays.stream(nodes).map(Node::value).toArray(Tensor[]::new);
    }

    private static double[] flatten(Tensor... parts) {
        double[] all = new double[Arrays.stream(parts).mapToInt(Tensor::size).sum()];
        int from = 0;
        for (Tensor t : parts) {
            System.arraycopy(t.toDoubleArray(), 0, all, from, t.size());
            from += t.size();
        }
        return all;
    }

    private static List<String> join(List<String> a, Stream<String> b) {
        return Stream.concat(a.stream(), b).toList();
    }
}
