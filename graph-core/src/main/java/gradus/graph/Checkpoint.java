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
 * A function seen as one op, whose inside is forgotten after the forward pass and computed again on the way back: memory
 * for time (Griewank and Walther 2000; Chen et al. 2016).
 *
 * <p>What the function knows by itself, as a layer its weights, is found in the graph of the first computation and becomes
 * an input of the op, so that its gradient flows: nodes that meet what depends on the arguments, and the variables behind
 * them. On the way back the function meets those it was given again, and makes those anew that it made itself.
 *
 * @param own how many of the inputs are the function's arguments; the others are what it knows
 * @param value what it gave
 * @param state what it draws from or changes
 * @param before puts the state back to what it was when the function was first computed
 */
record Checkpoint(Function<Node[], Node> f, int own, Tensor value, Restorable[] state, Runnable before) implements Op {
    /** Whether this thread is computing a function again. */
    private static final ThreadLocal<Boolean> RECOMPUTING = ThreadLocal.withInitial(() -> false);

    static Node of(Function<Node[], Node> f, Restorable[] state, Node... x) {
        Runnable before = snapshot(state);
        Node[] here = Arrays.stream(x)
                .map(n -> n.isTracked() ? Node.variable(n.value()) : n)
                .toArray(Node[]::new);
        Node inside = f.apply(here);
        Node[] known = known(inside, here);
        Node[] in = Arrays.copyOf(x, x.length + known.length);
        System.arraycopy(known, 0, in, x.length, known.length);
        return Node.of(new Checkpoint(f, x.length, inside.value(), state, before), in);
    }

    @Override
    public String name() {
        return "checkpoint";
    }

    @Override
    public Tensor forward(Tensor... x) {
        return value; // it was computed already, to find what it knows
    }

    @Override
    public Node[] backward(Call c, Node gy) {
        Node[] wanted = new Node[c.inputs()];
        for (int i = 0; i < wanted.length; i++) {
            boolean leaf = i >= own || !c.needs(i);
            wanted[i] = leaf ? c.input(i) : Hook.alias(c.x(i));
        }
        Node inside = again(Arrays.copyOf(wanted, own));
        if (!inside.value().equals(value)) {
            throw new IllegalStateException("checkpoint: the function gave another value when it was computed again; "
                    + "name what it draws from or changes as its state, and replace nothing that it reads"
                    + c.createdAt());
        }
        Gradients g = Backprop.run(inside, gy, c.graph(), wanted);
        Node[] gx = new Node[wanted.length];
        Arrays.setAll(gx, i -> g.reached(wanted[i]) ? g.of(wanted[i]) : null);
        return gx;
    }

    /** Computes the function in the state of its first time, and leaves the present one as it was. */
    private Node again(Node... x) {
        Runnable now = snapshot(state);
        boolean outer = RECOMPUTING.get();
        before.run();
        RECOMPUTING.set(true);
        try {
            return NoGradient.suspended(() -> f.apply(x));
        } finally {
            RECOMPUTING.set(outer);
            now.run();
        }
    }

    static boolean isRecomputing() {
        return RECOMPUTING.get();
    }

    private static Runnable snapshot(Restorable... state) {
        Runnable[] each = Arrays.stream(state).map(Restorable::snapshot).toArray(Runnable[]::new);
        return () -> Arrays.stream(each).forEach(Runnable::run);
    }

    /** Returns the nodes that a function's result depends on without passing its arguments, where the two meet. */
    private static Node[] known(Node root, Node... arguments) {
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
            if (n.isVariable() || (n == root && !depends)) {
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

    /** Returns the tracked nodes that a node was computed from, itself included, but for the arguments. */
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
                if (n.input(i).isTracked() && seen.add(n.input(i))) {
                    all.add(n.input(i));
                }
            }
        }
        return all;
    }
}
