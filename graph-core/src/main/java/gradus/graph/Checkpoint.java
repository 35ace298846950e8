package gradus.graph;

import gradus.array.Restorable;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A function as one op, whose graph is dropped after the forward pass and computed again in the backward pass: memory for
 * time (Griewank and Walther 2000; Chen et al. 2016).
 *
 * <p>Nodes that the function uses beside its arguments, as a layer its weights, are found in the graph of the first
 * computation and become inputs of the op, so that they get their gradients: those that are combined with what depends on
 * the arguments, and the variables behind them. Frozen variables that are combined with what depends on the arguments
 * become inputs too: they get no gradient, but to unfreeze or replace one before the backward pass is an error, as for any op. An
 * op of constants and frozen variables alone is not in the graph: that such a frozen variable was replaced is noticed if the
 * function's value is another one when it is computed again. When it is computed again, the function uses the same
 * nodes as before, and computes anew what it computed itself.
 *
 * @param f the function
 * @param arguments how many of the inputs are the function's arguments; the others are captured
 * @param state what it draws from or changes
 */
record Checkpoint(Function<Node[], Node> f, int arguments, List<Restorable> state) implements Op.Saving {
    /** Whether this thread is computing a function again. */
    private static final ThreadLocal<Boolean> RECOMPUTING = ThreadLocal.withInitial(() -> false);

    /**
     * What a call saves.
     *
     * @param value the function's value, which it must give again
     * @param restore puts the state back to what it was before the function was first computed
     */
    private record First(Tensor value, Runnable restore) {}

    static Node of(Function<Node[], Node> f, Restorable[] state, Node... x) {
        if (NoGradient.isOpen()) {
            return result(f, x); // there is no graph to drop
        }
        Checkpoint op = new Checkpoint(f, x.length, List.of(state));
        Runnable restore = op.snapshot();
        Node[] here = Arrays.stream(x)
                .map(n -> n.isTracked() ? Node.variable(n.value()) : n)
                .toArray(Node[]::new);
        Node inside = result(f, here);
        Node[] captured = captured(inside, here);
        Node[] in = Arrays.copyOf(x, x.length + captured.length);
        System.arraycopy(captured, 0, in, x.length, captured.length);
        First first = new First(inside.value(), restore);
        return AnomalyDetection.located(Node.precomputed(op, first.value(), first, in));
    }

    @Override
    public String name() {
        return "checkpoint";
    }

    @Override
    public Tensor forward(Saved saved, Tensor... x) {
        Runnable restore = snapshot();
        Node[] here = Arrays.stream(x).limit(arguments).map(Node::constant).toArray(Node[]::new);
        Tensor value = NoGradient.run(() -> result(f, here)).value();
        saved.set(new First(value, restore));
        return value;
    }

    @Override
    public Node[] backward(Call c, Node gy) {
        Node[] wanted = new Node[c.inputs()];
        for (int i = 0; i < wanted.length; i++) {
            boolean leaf = i >= arguments || !c.needs(i);
            wanted[i] = leaf ? c.input(i) : Hook.alias(c.x(i));
        }
        First first = c.saved(First.class);
        Node inside = again(first, Arrays.copyOf(wanted, arguments));
        if (!inside.value().equals(first.value())) {
            throw new IllegalStateException("checkpoint: the function gave another value when it was computed again; "
                    + "name what it draws from or changes as its state, and replace nothing that it reads"
                    + c.createdAt());
        }
        Gradients g = Backprop.of(inside, gy, c.graph(), wanted);
        Node[] gx = new Node[wanted.length];
        Arrays.setAll(gx, i -> g.reached(wanted[i]) ? g.of(wanted[i]) : null);
        return gx;
    }

    /** Computes the function in the state of its first time, and leaves the present one as it was. */
    private Node again(First first, Node... x) {
        Runnable now = snapshot();
        boolean outer = RECOMPUTING.get();
        first.restore().run();
        RECOMPUTING.set(true);
        try {
            return NoGradient.suspended(() -> result(f, x));
        } finally {
            RECOMPUTING.set(outer);
            now.run();
        }
    }

    static boolean isRecomputing() {
        return RECOMPUTING.get();
    }

    private static Node result(Function<Node[], Node> f, Node... x) {
        Node y = f.apply(x);
        if (y == null) {
            throw new IllegalStateException("checkpoint: the function returned null");
        }
        return y;
    }

    private Runnable snapshot() {
        List<Runnable> each = state.stream().map(Restorable::snapshot).toList();
        return () -> each.forEach(Runnable::run);
    }

    /** Returns the nodes that a function's result depends on beside its arguments, where the two are combined. */
    private static Node[] captured(Node root, Node... arguments) {
        IdentityHashMap<Node, Boolean> inside = new IdentityHashMap<>(); // whether each node depends on the arguments
        for (Node a : arguments) {
            inside.put(a, true);
        }
        List<Node> all = behind(root, inside);
        all.sort(Comparator.comparingInt(Node::depth));
        Set<Node> met = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node n : all) {
            boolean depends = anyInput(n, x -> inside.getOrDefault(x, false));
            inside.put(n, depends);
            for (int i = 0; depends && i < n.inputCount(); i++) {
                Node x = n.input(i);
                if (x.isTracked() && !inside.get(x)) {
                    met.add(x);
                }
            }
            if (n.isVariable() || n.isFrozen() || (n == root && !depends)) {
                met.add(n);
            }
        }
        return all.stream().filter(met::contains).toArray(Node[]::new);
    }

    private static boolean anyInput(Node n, Predicate<Node> condition) {
        for (int i = 0; i < n.inputCount(); i++) {
            if (condition.test(n.input(i))) {
                return true;
            }
        }
        return false;
    }

    /** Returns the tracked nodes and frozen variables that a node was computed from, itself included, but for the arguments. */
    private static List<Node> behind(Node root, IdentityHashMap<Node, Boolean> arguments) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.addAll(arguments.keySet());
        List<Node> all = new ArrayList<>();
        if (root.isTracked() && seen.add(root)) {
            all.add(root);
        }
        for (int k = 0; k < all.size(); k++) {
            Node n = all.get(k);
            for (int i = 0; i < n.inputCount(); i++) {
                Node x = n.input(i);
                if ((x.isTracked() || x.isFrozen()) && seen.add(x)) {
                    all.add(x);
                }
            }
        }
        return all;
    }
}
