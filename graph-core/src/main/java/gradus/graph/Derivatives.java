package gradus.graph;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Restorable;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Derivatives of functions of nodes: of one input, or, in the methods with a plural name, of several. Functions go in and
 * functions or numbers come out; {@link #grad} of a {@code grad} is the second derivative, and so on to any order. The
 * names are JAX's.
 *
 * <p>A function is called with nodes made for the purpose, so it may use others as well: these count as constants.
 */
public final class Derivatives {
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
        return x -> grads(alone(f)).apply(new Node[] {x})[0];
    }

    /** Returns the gradients of a function of several nodes with a one-element value, with respect to each. */
    public static Function<Node[], Node[]> grads(Function<Node[], Node> f) {
        return x -> {
            if (NoGradient.isOpen()) { // f is differentiated all the same; the result is a constant
                Node[] at = detached(x);
                return NoGradient.suspended(() -> detached(grads(f).apply(at)));
            }
            Node[] here = aliases(x);
            return gradients(one("grad", f.apply(here)), true, here);
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
            Node[] x = variables(at);
            Node y = one("valueAndGrad", f.apply(x));
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
            Node[] x = variables(at);
            return values(gradients(f.apply(x), Node.constant(u), false, x));
        });
    }

    /** Returns the Jacobian-vector product {@code J v}, of the output's shape: how f changes along v, of the input's. */
    public static Tensor jvp(UnaryOperator<Node> f, Tensor at, Tensor v) {
        return jvps(alone(f), new Tensor[] {at}, v);
    }

    /** Returns how f changes along a direction in all of several inputs at once, of the output's shape. */
    public static Tensor jvps(Function<Node[], Node> f, Tensor[] at, Tensor... v) {
        return NoGradient.suspended(() -> {
            Node[] x = variables(at);
            Node y = f.apply(x);
            // u J is linear in u, so its derivative along v is J v, for any u; of a u with zeros, or whose terms
            // cancel,
            // elements that a mask hides could not be told from others
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
            Node[] x = variables(at);
            return jacobians(f.apply(x), x);
        });
    }

    /** Returns all second derivatives of a function with a one-element value: the input's shape, twice. */
    public static Tensor hessian(UnaryOperator<Node> f, Tensor at) {
        return hessians(alone(f), at)[0][0];
    }

    /** Returns the second derivatives by input i, then j, of a function with a one-element value, at {@code [i][j]}. */
    public static Tensor[][] hessians(Function<Node[], Node> f, Tensor... at) {
        return NoGradient.suspended(() -> {
            Node[] x = variables(at);
            Node[] g = gradients(one("hessian", f.apply(x)), true, x);
            return Arrays.stream(g).map(gi -> jacobians(gi, x)).toArray(Tensor[][]::new);
        });
    }

    /** Returns the Hessian times v, of the input's shape, at the cost of two backward passes. Pearlmutter 1994. */
    public static Tensor hvp(UnaryOperator<Node> f, Tensor at, Tensor v) {
        return hvps(alone(f), new Tensor[] {at}, v)[0];
    }

    /** Returns the Hessian of all inputs together times a direction in all of them, one tensor for each. */
    public static Tensor[] hvps(Function<Node[], Node> f, Tensor[] at, Tensor... v) {
        return NoGradient.suspended(() -> {
            Node[] x = variables(at);
            Node[] g = gradients(one("hvp", f.apply(x)), true, x);
            return values(gradients(along("hvp", g, x, v), false, x));
        });
    }

    /**
     * Returns the gradients that each sample has on its own, one below the other: {@code [n, ..]} for each variable. It
     * costs n forward and n backward passes of one sample each.
     *
     * @param variables by name, as {@code model.parameters()} has them
     * @param n how many samples there are
     * @param loss the loss of the sample of a number, a node of one element
     */
    public static Map<String, Tensor> perSample(Map<String, Node> variables, int n, IntFunction<Node> loss) {
        return NoGradient.suspended(() -> {
            Gradients[] each = new Gradients[n];
            Arrays.setAll(each, i -> one("perSample", loss.apply(i)).backward());
            Map<String, Tensor> all = new LinkedHashMap<>();
            variables.forEach((name, x) -> {
                Shape row = x.shape();
                Tensor[] rows = Arrays.stream(each)
                        .map(g -> g.of(x).value().reshape(1, row.size()))
                        .toArray(Tensor[]::new);
                Tensor stacked = n == 0 ? Tensor.zeros(Shape.of(0), x.dtype()) : Tensor.concat(0, rows);
                all.put(name, stacked.reshape(joined(Shape.of(n), row)));
            });
            return all;
        });
    }

    /**
     * Returns a function of the same value and gradients, of any order, that remembers nothing of its inside: it is
     * computed again on the way back. Of a chain of such blocks only the values between them are held, and the inside of
     * one at a time.
     *
     * @param f what to compute; it must give the same value when computed again
     * @param state what f draws from or changes, as a random stream: it is put back for the second time
     */
    public static UnaryOperator<Node> checkpoint(UnaryOperator<Node> f, Restorable... state) {
        return x -> Checkpoint.of(alone(f), state, x);
    }

    /** Returns {@link #checkpoint} of a function of several nodes. */
    public static Function<Node[], Node> checkpoints(Function<Node[], Node> f, Restorable... state) {
        return x -> Checkpoint.of(f, state, x);
    }

    /**
     * Returns whether the current thread is computing the function of a {@link #checkpoint} again, in a backward pass: what
     * may happen only once for each pass, as an update of running statistics, is left out then.
     */
    public static boolean isRecomputing() {
        return Checkpoint.isRecomputing();
    }

    // ---- the parts these are made of

    private static Function<Node[], Node> alone(UnaryOperator<Node> f) {
        return in -> f.apply(in[0]);
    }

    private static Node[] aliases(Node... x) {
        return Arrays.stream(x).map(Hook::alias).toArray(Node[]::new);
    }

    private static Node[] detached(Node... x) {
        return Arrays.stream(x).map(Node::detach).toArray(Node[]::new);
    }

    private static Node[] variables(Tensor... at) {
        return Arrays.stream(at).map(Node::variable).toArray(Node[]::new);
    }

    private static Tensor[] values(Node... nodes) {
        return Arrays.stream(nodes).map(Node::value).toArray(Tensor[]::new);
    }

    private static Node[] gradients(Node y, boolean graph, Node... x) {
        return gradients(y, Node.constant(Tensor.ones(y.shape(), y.dtype())), graph, x);
    }

    private static Node[] gradients(Node y, Node seed, boolean graph, Node... x) {
        Gradients g = Backprop.run(y, seed, graph, x);
        return Arrays.stream(x).map(g::of).toArray(Node[]::new);
    }

    private static Tensor[] jacobians(Node y, Node... x) {
        int m = y.shape().size();
        Tensor[][] rows = new Tensor[m][];
        for (int i = 0; i < m; i++) {
            Tensor unit = Tensor.ones(Shape.SCALAR, y.dtype()).addBlocks(y.shape(), 1, i);
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
