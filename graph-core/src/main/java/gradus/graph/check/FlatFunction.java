package gradus.graph.check;

import gradus.array.DType;
import gradus.array.RandomStream;
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
    private final List<String> outputNames; // empty for those of a function's own outputs
    private final Node[] bound;
    private final Tensor[] at;
    private final Runnable restore;
    private final double[] scales;
    private FlatLayout outputs;

    /** The inputs. */
    final FlatLayout inputs;

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
        this.inputs = new FlatLayout(names, Arrays.stream(at).map(Tensor::shape).toList());
        this.outputNames = outputNames;
        this.bound = bound;
        this.restore = restore;
        this.at = at;
        this.x = flatten(at);
        this.dtype = at[0].dtype();
        this.scales = IntStream.range(0, at.length).mapToDouble(this::scaleOf).toArray();
    }

    // ---- evaluating

    /** Returns the outputs at another point. */
    double[] at(double[] p) {
        Node[] in = nodes(p);
        return flatten(values(apply(in, p)));
    }

    /** Returns the point with one element replaced. */
    double[] replaced(int j, double value) {
        double[] p = x.clone();
        p[j] = value;
        return p;
    }

    /** Returns the gradient of u's product with the outputs, as the rules give it. */
    double[] vjp(double... u) {
        return vjpAt(x, u);
    }

    /** Returns the same at another point. */
    double[] vjpAt(double[] p, double... u) {
        Node[] in = nodes(p);
        return vjp(p, in, apply(in, p), u);
    }

    /**
     * Returns the same, but computes the function at another point before it differentiates the graph of this one. Not
     * for bound variables, which can only be at one point.
     */
    double[] vjpAfter(double[] elsewhere, double... u) {
        Node[] in = nodes(x);
        Node[] y = apply(in, x);
        at(elsewhere);
        return vjp(x, in, y, u);
    }

    private double[] vjp(double[] p, Node[] in, Node[] y, double... u) {
        double[] sum = new double[x.length];
        for (int k = 0; k < y.length; k++) {
            Tensor seed = Tensor.of(y[k].shape(), outputs.part(k, u)).to(y[k].dtype());
            double[] seeded = seed.toDoubleArray(); // in the output's own type, which may be narrower
            Node[] g = gradients(y[k], seed, in);
            requireSame("the gradient of " + outputs.name(k), seed, seeded);
            double[] one = flatten(Arrays.stream(g).map(Node::value).toArray(Tensor[]::new));
            Arrays.setAll(sum, j -> sum[j] + one[j]);
        }
        requireUnchanged(in, p);
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
            outputs = layout(y);
        }
        return y;
    }

    private FlatLayout layout(Node... y) {
        IntStream all = IntStream.range(0, y.length);
        List<String> own =
                all.mapToObj(k -> y.length == 1 ? "output" : "output " + k).toList();
        return new FlatLayout(
                outputNames.isEmpty() ? own : outputNames,
                Arrays.stream(y).map(Node::shape).toList());
    }

    private Node[] nodes(double... p) {
        Node[] in = new Node[at.length];
        for (int i = 0; i < in.length; i++) {
            Tensor value = Tensor.of(at[i].shape(), inputs.part(i, p)).to(dtype);
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
            requireSame(inputs.name(i), in[i].value(), inputs.part(i, p));
        }
    }

    private static void requireSame(String name, Tensor now, double... before) {
        int k = Arrays.mismatch(now.toDoubleArray(), before);
        if (k >= 0) {
            throw new IllegalStateException(
                    "GradientCheck: " + FlatLayout.element(name, now.shape(), k) + " was changed from "
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
        RandomStream random = RandomStream.of(seed, "cotangent");
        Stream<Tensor> u = outputs().shapes().stream()
                .map(s -> Tensor.normal(s, 0, 1, random).to(dtype));
        Stream<String> ofOutputs = outputs.names().stream().map(name -> "the gradient of " + name);
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
                Stream.concat(inputs.names().stream(), ofOutputs).toList(),
                inputs.names().stream().map(name -> "the gradient of " + name).toList(),
                bound,
                restore,
                Stream.concat(Arrays.stream(at), u).toArray(Tensor[]::new));
    }

    /** Returns the outputs' names and shapes. */
    FlatLayout outputs() {
        if (outputs == null) {
            at(x);
        }
        return outputs;
    }

    private double scaleOf(int input) {
        double largest = inputs.elements(input).mapToDouble(j -> Math.abs(x[j])).reduce(0, Math::max);
        return largest == 0 ? 1 : Math.min(1, largest);
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
        return stepOfScale(Math.max(1, Math.abs(v)));
    }

    /** Returns a step near the best one for a function that varies on some scale: a power of two near cbrt(ulp) scale. */
    double stepOfScale(double scale) {
        return Math.scalb(1.0, Math.getExponent(Math.cbrt(ulp()) * scale));
    }

    /** Returns the scale on which an input is expected to vary: 1, or its largest element if that is smaller and not 0. */
    double scale(int input) {
        return scales[input];
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
}
