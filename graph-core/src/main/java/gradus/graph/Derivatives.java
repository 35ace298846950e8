package gradus.graph;

import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.RandomStream;
import gradus.array.Restorable;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Derivatives of functions of nodes: of one input, or, in the methods with a plural name, of several. They take functions
 * and return functions or tensors; {@link #grad} of a {@code grad} is the second derivative, and so on to any order. The
 * names are JAX's.
 *
 * <p>A function is called with nodes of its own for the inputs; other nodes that it uses count as constants. The derivative
 * with respect to an input that the function ignores is zero.
 */
public final class Derivatives {
    /** The largest number of elements of an array. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private Derivatives() {}

    /** A function's value at a point, and its gradient there. */
    public record ValueAndGrad(Tensor value, Tensor gradient) {}

    /** A function's value at a point of several tensors, and its gradient with respect to each. */
    public record ValueAndGrads(Tensor value, Tensor[] gradients) {}

    /**
     * Returns the gradient of a function with a one-element value, as a function of nodes like it: it can be differentiated
     * again, both in its input and in variables that f uses.
     */
    public static UnaryOperator<Node> grad(UnaryOperator<Node> f) {
        Objects.requireNonNull(f, "grad: f is null");
        return x -> grads(alone(f)).apply(new Node[] {x})[0];
    }

    /** Returns the gradients of a function of several nodes with a one-element value, with respect to each. */
    public static Function<Node[], Node[]> grads(Function<Node[], Node> f) {
        Objects.requireNonNull(f, "grad: f is null");
        return x -> {
            nonNull("grad: x", (Object[]) x);
            if (NoGradient.isOpen()) { // f is differentiated all the same; the result is a constant
                Node[] at = detached(x);
                return NoGradient.suspended(() -> detached(grads(f).apply(at)));
            }
            Node[] here = aliases(x);
            return gradients(one("grad", value("grad", f, here)), true, here);
        };
    }

    /** Returns the value of a function, which has one element, and its gradient at a point. */
    public static ValueAndGrad valueAndGrad(UnaryOperator<Node> f, Tensor at) {
        ValueAndGrads both = valueAndGrads(alone(f), at);
        return new ValueAndGrad(both.value(), both.gradients()[0]);
    }

    /** Returns the value of a function of several nodes, which has one element, and its gradients at a point. */
    public static ValueAndGrads valueAndGrads(Function<Node[], Node> f, Tensor... at) {
        return NoGradient.suspended(() -> {
            Node[] x = variables("valueAndGrad", at);
            Node y = one("valueAndGrad", value("valueAndGrad", f, x));
            return new ValueAndGrads(y.value(), values(gradients(y, false, x)));
        });
    }

    /** Returns the vector-Jacobian product {@code u J}, of the input's shape: the gradient of {@code sum(u f(x))}. */
    public static Tensor vjp(UnaryOperator<Node> f, Tensor at, Tensor u) {
        return vjps(alone(f), new Tensor[] {at}, u)[0];
    }

    /** Returns the vector-Jacobian product with respect to each of several inputs. */
    public static Tensor[] vjps(Function<Node[], Node> f, Tensor[] at, Tensor u) {
        return NoGradient.suspended(() -> {
            Node[] x = variables("vjp", at);
            return values(gradients(
                    value("vjp", f, x), Node.constant(Objects.requireNonNull(u, "vjp: u is null")), false, x));
        });
    }

    /** Returns the Jacobian-vector product {@code J v}, of the output's shape: how f changes along v, of the input's. */
    public static Tensor jvp(UnaryOperator<Node> f, Tensor at, Tensor v) {
        return jvps(alone(f), new Tensor[] {at}, v);
    }

    /** Returns how f changes along a direction in all of several inputs at once, of the output's shape. */
    public static Tensor jvps(Function<Node[], Node> f, Tensor[] at, Tensor... v) {
        return NoGradient.suspended(() -> {
            Node[] x = variables("jvp", at);
            Node y = value("jvp", f, x);
            // u J is linear in u, so its derivative with respect to u, along v, is J v for any u. Zeros in u, or terms
            // that cancel, would look like gradients that a mask removed
            RandomStream irregular = RandomStream.of(1, "jvp");
            Node u = Node.variable(Tensor.uniform(y.shape(), 1, 2, irregular).to(y.dtype()));
            return gradients(along("jvp", gradients(y, u, true, x), x, v), false, u)[0].value();
        });
    }

    /** Returns all derivatives of f's elements by x's: the output's shape, then the input's. One backward pass per row. */
    public static Tensor jacobian(UnaryOperator<Node> f, Tensor at) {
        return jacobians(alone(f), at)[0];
    }

    /** Returns the Jacobian with respect to each of several inputs. */
    public static Tensor[] jacobians(Function<Node[], Node> f, Tensor... at) {
        return NoGradient.suspended(() -> {
            Node[] x = variables("jacobian", at);
            return jacobians("jacobian", value("jacobian", f, x), x);
        });
    }

    /** Returns all second derivatives of a function with a one-element value: the input's shape, twice. */
    public static Tensor hessian(UnaryOperator<Node> f, Tensor at) {
        return hessians(alone(f), at)[0][0];
    }

    /** Returns the second derivatives by input i, then j, of a function with a one-element value, at {@code [i][j]}. */
    public static Tensor[][] hessians(Function<Node[], Node> f, Tensor... at) {
        return NoGradient.suspended(() -> {
            Node[] x = variables("hessian", at);
            for (Node a : x) {
                for (Node b : x) {
                    requireAllocatable("hessian", a.shape(), b.shape(), a.dtype());
                }
            }
            Node[] g = gradients(one("hessian", value("hessian", f, x)), true, x);
            return Arrays.stream(g).map(gi -> jacobians("hessian", gi, x)).toArray(Tensor[][]::new);
        });
    }

    /** Returns the Hessian times v, of the input's shape, at the cost of two backward passes. Pearlmutter 1994. */
    public static Tensor hvp(UnaryOperator<Node> f, Tensor at, Tensor v) {
        return hvps(alone(f), new Tensor[] {at}, v)[0];
    }

    /** Returns the Hessian of all inputs together times a direction in all of them, one tensor for each. */
    public static Tensor[] hvps(Function<Node[], Node> f, Tensor[] at, Tensor... v) {
        return NoGradient.suspended(() -> {
            Node[] x = variables("hvp", at);
            Node[] g = gradients(one("hvp", value("hvp", f, x)), true, x);
            return values(gradients(along("hvp", g, x, v), false, x));
        });
    }

    /**
     * Returns the gradients of each sample, stacked: {@code [n, ..]} for each variable. It
     * costs n forward and n backward passes of one sample each.
     *
     * @param variables by name, as {@code model.parameters()} has them
     * @param n the number of samples
     * @param loss returns the loss of sample i, a node of one element
     * @throws IllegalArgumentException if n is negative
     */
    public static Map<String, Tensor> perSample(Map<String, Node> variables, int n, IntFunction<Node> loss) {
        if (n < 0) {
            throw new IllegalArgumentException("perSample: the number of samples " + n + " must be at least 0");
        }
        return NoGradient.suspended(() -> {
            Node[] x = variables.values().toArray(Node[]::new);
            nonNull("perSample: variables", (Object[]) x);
            Node[][] each = new Node[n][];
            Arrays.setAll(each, i -> gradients(one("perSample", value("perSample", in -> loss.apply(i))), false, x));
            Map<String, Tensor> all = new LinkedHashMap<>();
            int k = 0;
            for (Map.Entry<String, Node> e : variables.entrySet()) {
                Shape row = e.getValue().shape();
                int at = k++;
                Tensor[] rows = Arrays.stream(each)
                        .map(g -> g[at].value().reshape(1, row.size()))
                        .toArray(Tensor[]::new);
                Tensor stacked = n == 0 ? Tensor.zeros(Shape.of(0), x[at].dtype()) : Tensor.concat(0, rows);
                all.put(e.getKey(), stacked.reshape(joined(Shape.of(n), row)));
            }
            return all;
        });
    }

    /**
     * Returns a function of the same value and gradients, of any order, whose graph is not kept: it is computed again in
     * the backward pass. Of a chain of such blocks only the values between them are held, and the graph of one at a time.
     *
     * @param f the function; it must give the same value when it is computed again
     * @param state what f draws from or changes, such as a random stream: it is restored before f is computed again
     */
    public static UnaryOperator<Node> checkpoint(UnaryOperator<Node> f, Restorable... state) {
        Objects.requireNonNull(f, "checkpoint: f is null");
        return x -> checkpoints(alone(f), state).apply(new Node[] {x});
    }

    /** Returns {@link #checkpoint} of a function of several nodes. */
    public static Function<Node[], Node> checkpoints(Function<Node[], Node> f, Restorable... state) {
        Objects.requireNonNull(f, "checkpoint: f is null");
        nonNull("checkpoint: state", (Object[]) state);
        return x -> {
            nonNull("checkpoint: x", (Object[]) x);
            return Checkpoint.of(f, state, x);
        };
    }

    /**
     * Returns the gradients of {@code sum(seed * y)} with respect to nodes that y was computed from, variables or computed
     * ones, in the same order; zeros for one that y does not depend on. Each of them counts as independent: what one of
     * them was computed from gets no gradient through it. PyTorch's {@code autograd.grad}.
     *
     * @param graph whether the gradients are to be graphs that can be differentiated again
     * @throws IllegalArgumentException if the seed has not y's shape and number type
     * @throws IllegalStateException if a variable was replaced since y was computed
     */
    public static Node[] gradients(Node y, Node seed, boolean graph, Node... x) {
        nonNull("gradients: x", (Object[]) x);
        Objects.requireNonNull(y, "gradients: y is null");
        Gradients g = Backprop.of(y, Objects.requireNonNull(seed, "gradients: seed is null"), graph, x);
        return Arrays.stream(x).map(g::of).toArray(Node[]::new);
    }

    /**
     * Returns whether the current thread is computing the function of a {@link #checkpoint} again, in a backward pass: what
     * may happen only once for each pass, as an update of running statistics, is left out then.
     */
    public static boolean isRecomputing() {
        return Checkpoint.isRecomputing();
    }

    // ---- shared by the methods above

    private static Function<Node[], Node> alone(UnaryOperator<Node> f) {
        return f == null ? null : in -> f.apply(in[0]); // null is named by the method of several inputs
    }

    private static Node[] aliases(Node... x) {
        return Arrays.stream(x).map(Hook::alias).toArray(Node[]::new);
    }

    private static Node[] detached(Node... x) {
        return Arrays.stream(x).map(Node::detach).toArray(Node[]::new);
    }

    /** Checks that an array and its elements are not null. */
    private static void nonNull(String what, Object... values) {
        Objects.requireNonNull(values, () -> what + " is null");
        for (int i = 0; i < values.length; i++) {
            int at = i;
            Objects.requireNonNull(values[i], () -> what + (values.length == 1 ? "" : "[" + at + "]") + " is null");
        }
    }

    /** Returns the value of a function, which must return a node. */
    private static Node value(String what, Function<Node[], Node> f, Node... x) {
        Node y = Objects.requireNonNull(f, () -> what + ": f is null").apply(x);
        if (y == null) {
            throw new IllegalStateException(what + ": the function returned null");
        }
        return y;
    }

    private static Node[] variables(String what, Tensor... at) {
        nonNull(what + ": at", (Object[]) at);
        return Arrays.stream(at).map(Node::variable).toArray(Node[]::new);
    }

    private static Tensor[] values(Node... nodes) {
        return Arrays.stream(nodes).map(Node::value).toArray(Tensor[]::new);
    }

    private static Node[] gradients(Node y, boolean graph, Node... x) {
        return gradients(y, Node.constant(Tensor.ones(y.shape(), y.dtype())), graph, x);
    }

    /**
     * Checks that a derivative can be allocated, before the first backward pass.
     *
     * @throws IllegalArgumentException if it has more elements than an array, or more bytes than the heap
     */
    private static void requireAllocatable(String what, Shape y, Shape x, DType dtype) {
        long size = (long) y.size() * x.size();
        long heap = Runtime.getRuntime().maxMemory();
        if (size > LARGEST || size * dtype.bytes() > heap) {
            throw new IllegalArgumentException(what + ": the derivatives of " + y + " with respect to " + x + " are "
                    + size
                    + " numbers, more than "
                    + (size > LARGEST ? "the " + LARGEST + " of one array" : "the heap of " + heap + " bytes holds")
                    + "; vjp, jvp and hvp compute products with them");
        }
    }

    private static Tensor[] jacobians(String what, Node y, Node... x) {
        for (Node n : x) {
            requireAllocatable(what, y.shape(), n.shape(), n.dtype());
        }
        int m = y.shape().size();
        Tensor[][] rows = new Tensor[m][];
        for (int i = 0; i < m; i++) {
            Tensor unit = Tensor.ones(Shape.SCALAR, y.dtype()).addBlocks(y.shape(), 1, Ints.of(i));
            rows[i] = values(gradients(y, Node.constant(unit), false, x));
        }
        return IntStream.range(0, x.length)
                .mapToObj(k -> {
                    Tensor[] flat = Arrays.stream(rows)
                            .map(row -> row[k].reshape(x[k].shape().size()))
                            .toArray(Tensor[]::new);
                    Tensor all = m == 0 ? Tensor.zeros(Shape.of(0), y.dtype()) : Tensor.concat(0, flat);
                    return all.reshape(joined(y.shape(), x[k].shape()));
                })
                .toArray(Tensor[]::new);
    }

    private static Shape joined(Shape a, Shape b) {
        return Shape.of(
                IntStream.concat(IntStream.of(a.dims()), IntStream.of(b.dims())).toArray());
    }

    private static Node one(String what, Node y) {
        if (y.shape().size() != 1) {
            throw new IllegalArgumentException(what + ": the function gives " + y.label()
                    + ", not one element: reduce it first, with sum() or mean()");
        }
        return y;
    }

    /** Returns the sum of the products of gradients and directions, in FLOAT64. */
    private static Node along(String what, Node[] gradients, Node[] x, Tensor... v) {
        nonNull(what + ": v", (Object[]) v);
        if (v.length != x.length) {
            throw new IllegalArgumentException(what + ": " + v.length + " directions for " + x.length + " inputs");
        }
        Node sum = Node.constant(0.0);
        for (int i = 0; i < x.length; i++) {
            if (!x[i].shape().equals(v[i].shape())) {
                throw new IllegalArgumentException(
                        what + ": the direction " + v[i].shape() + " must have the shape of the input " + x[i].label());
            }
            sum = sum.add(gradients[i]
                    .to(DType.FLOAT64)
                    .mul(Node.constant(v[i].to(DType.FLOAT64)))
                    .sum());
        }
        return sum;
    }
}
