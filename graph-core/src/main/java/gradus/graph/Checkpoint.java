package gradus.graph;

import gradus.array.Restorable;
import gradus.array.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;

/**
 * A function seen as one op, whose inside is forgotten after the forward pass and computed again on the way back: memory
 * for time (Griewank and Walther 2000; Chen et al. 2016).
 *
 * <p>The variables that the function knows by itself, as a layer its weights, are found in the graph of the first
 * computation and become inputs of the op, so that their gradients flow, and their being replaced is noticed, as always.
 *
 * @param own how many of the inputs are the function's arguments; the others are variables it knows
 * @param value what it gave
 * @param state what it draws from or changes
 * @param before puts the state back to what it was when the function was first computed
 */
record Checkpoint(Function<Node[], Node> f, int own, Tensor value, Restorable[] state, Runnable before) implements Op {
    static Node of(Function<Node[], Node> f, Restorable[] state, Node... x) {
        Runnable before = snapshot(state);
        Node[] here = Arrays.stream(x)
                .map(n -> n.isTracked() ? Node.variable(n.value()) : n)
                .toArray(Node[]::new);
        Node inside = f.apply(here);
        Node[] known = variables(inside, here);
        Node[] in = Arrays.copyOf(x, x.length + known.length);
        System.arraycopy(known, 0, in, x.length, known.length);
        return Node.of(new Checkpoint(f, x.length, inside.value(), state, before), in);
    }

    @Override
    public String name() {
        return "checkpoint";
    }

    @Override
    public Tensor compute(Tensor... x) {
        return value; // it was computed already, to find the variables
    }

    @Override
    public Node[] pull(Call c, Node gy) {
        Node[] wanted = new Node[c.inputs()];
        for (int i = 0; i < wanted.length; i++) {
            boolean leaf = i >= own || !c.needs(i);
            wanted[i] = leaf ? c.input(i) : Hook.alias(c.x(i));
        }
        Node inside = again(Arrays.copyOf(wanted, own));
        if (!inside.value().equals(value)) {
            throw new IllegalStateException("checkpoint: the function gave another value when it was computed again; "
                    + "name what it draws from or changes as its state" + c.madeAt());
        }
        Gradients g = Backprop.run(inside, gy, c.graph(), wanted);
        Node[] gx = new Node[wanted.length];
        Arrays.setAll(gx, i -> g.reached(wanted[i]) ? g.of(wanted[i]) : null);
        return gx;
    }

    /** Computes the function in the state of its first time, and leaves the present one as it was. */
    private Node again(Node... x) {
        Runnable now = snapshot(state);
        before.run();
        try {
            return f.apply(x);
        } finally {
            now.run();
        }
    }

    private static Runnable snapshot(Restorable... state) {
        Runnable[] each = Arrays.stream(state).map(Restorable::snapshot).toArray(Runnable[]::new);
        return () -> Arrays.stream(each).forEach(Runnable::run);
    }

    /** Returns the variables that a node was computed from, other than those given. */
    private static Node[] variables(Node root, Node... given) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Collections.addAll(seen, given);
        Deque<Node> open = new ArrayDeque<>();
        if (seen.add(root)) {
            open.push(root);
        }
        Deque<Node> found = new ArrayDeque<>();
        while (!open.isEmpty()) {
            Node n = open.pop();
            if (n.isVariable()) {
                found.add(n);
            }
            for (int i = 0; i < n.inputCount(); i++) {
                if (n.input(i).isTracked() && seen.add(n.input(i))) {
                    open.push(n.input(i));
                }
            }
        }
        return found.toArray(new Node[0]);
    }
}
