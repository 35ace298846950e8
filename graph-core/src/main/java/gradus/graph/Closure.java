package gradus.graph;

import gradus.array.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A function of nodes together with the nodes that it captures: those that it uses beside its arguments and that have
 * gradients, as the parameters of a layer. It is what an op needs that has a function as parameter, such as the solution of
 * an equation or an ODE: the captured nodes become inputs of the op, and its rule calls {@link #gradients}.
 *
 * <p>The captured nodes are those that existed before the function was called and are inputs of what it computes. They are found by two
 * calls: what the graphs of both share existed before. Frozen variables among them have no gradient, but replacing one before the
 * backward pass is an error, as for any op. The function must use the same nodes in each call.
 */
public final class Closure {
    private final String name;
    private final Function<Node[], Node> f;
    private final Node[] captured;

    private Closure(String name, Function<Node[], Node> f, Node... captured) {
        this.name = name;
        this.f = f;
        this.captured = captured;
    }

    /**
     * Calls a function twice and finds what it captures.
     *
     * @param name the name of the op, for errors
     * @param at values of the arguments
     * @throws IllegalStateException if the function returns null
     */
    public static Closure of(String name, Function<Node[], Node> f, Tensor... at) {
        Objects.requireNonNull(f, () -> name + ": the function is null");
        if (NoGradient.isOpen()) {
            return new Closure(name, f); // nothing will be differentiated
        }
        Node[] x = Arrays.stream(at).map(Node::variable).toArray(Node[]::new);
        Closure whole = new Closure(name, f);
        Set<Node> first = behind(List.of(whole.call(x)), Set.of());
        Node[] again = Arrays.stream(at).map(Node::variable).toArray(Node[]::new);
        Node root = whole.call(again);
        // the walk ends at what both graphs have, and has it, but not what is behind it
        Set<Node> second = behind(List.of(root), first);
        Node[] both = second.stream()
                .filter(first::contains)
                .sorted(Comparator.comparingInt(Node::depth))
                .toArray(Node[]::new);
        return new Closure(name, f, both);
    }

    /** Returns the captured nodes, in topological order. */
    public Node[] captured() {
        return captured.clone();
    }

    /**
     * Returns the function's value, without a graph.
     *
     * @throws IllegalStateException if the function returns null
     */
    public Tensor value(Tensor... x) {
        Node[] constants = Arrays.stream(x).map(Node::constant).toArray(Node[]::new);
        return NoGradient.run(() -> call(constants)).value();
    }

    /** Returns the function's value, for the rule of an op: a graph if the gradients of the call are. */
    public Node apply(Op.Call c, Node... x) {
        return c.graph() && !NoGradient.isOpen()
                ? call(x)
                : Node.constant(value(Arrays.stream(x).map(Node::value).toArray(Tensor[]::new)));
    }

    /**
     * Returns the gradients of {@code sum(seed * f(x))}, for the rule of an op: of each argument, then of each captured node.
     * They are null where the function does not depend on a node. They are graphs if the gradients of the call are.
     *
     * @param c the call of the op whose rule this is for
     */
    public Node[] gradients(Op.Call c, Node seed, Node... x) {
        boolean graph = c.graph() && !NoGradient.isOpen();
        Node[] wanted = Arrays.copyOf(x, x.length + captured.length); // the backward pass ends at these
        System.arraycopy(captured, 0, wanted, x.length, captured.length);
        Node y = NoGradient.suspended(() -> {
            Node[] here = Arrays.stream(x).map(Hook::alias).toArray(Node[]::new);
            System.arraycopy(here, 0, wanted, 0, here.length);
            return call(here);
        });
        Gradients g = Backprop.of(y, seed, graph, wanted);
        Node[] gx = new Node[wanted.length];
        Arrays.setAll(gx, i -> g.reached(wanted[i]) ? g.of(wanted[i]) : null);
        return gx;
    }

    private Node call(Node... x) {
        Node y = f.apply(x);
        if (y == null) {
            throw new IllegalStateException(name + ": the function returned null");
        }
        return y;
    }

    /**
     * Returns the tracked nodes and frozen variables that some were computed from, themselves included; what is behind the
     * last ones is left out.
     */
    private static Set<Node> behind(List<Node> roots, Set<Node> last) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            Node n = open.pop();
            if ((n.isTracked() || n.isFrozen()) && seen.add(n) && !last.contains(n)) {
                for (int i = 0; i < n.inputCount(); i++) {
                    open.push(n.input(i));
                }
            }
        }
        return seen;
    }
}
