package gradus.nn.optim;

import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Moves parameters against their gradients, in one fused pass each, in place. Graphs built before a step can no longer be
 * differentiated after it.
 *
 * <p>An L2 penalty is the gradient's share of {@code ½ λ ΣW²}, added to it inside the same pass. It holds for
 * parameters of two axes or more, which are weights; biases and scales of normalisation, which have one, are left out,
 * unless told otherwise by path. {@link #decayed} says which.
 */
public abstract class Optimizer {
    private final Map<String, Node> parameters;
    private final Moved[] all;
    private double learningRate;
    private double lambda;

    /** A parameter and what its optimizer remembers of it, found once, as a step of a small network is short. */
    static final class Moved {
        private final String path;
        private final Node node;
        private final Tensor[] slots = new Tensor[2];
        private boolean decays;
        /** How many steps it took, with the one that is being taken. */
        int steps;

        private Moved(String path, Node node) {
            this.path = path;
            this.node = node;
            this.decays = node.shape().rank() >= 2;
        }

        /** Returns a tensor of state: zeros at first, and always of the parameter's number type. */
        Tensor slot(int i, Tensor p) {
            slots[i] = slots[i] == null ? Tensor.zeros(p.shape(), p.dtype()) : slots[i].to(p.dtype());
            return slots[i];
        }
    }

    Optimizer(Map<String, Node> parameters, double learningRate) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "optimizer: there are no parameters; a layer lists its own in own() and those inside in layers()");
        }
        parameters.forEach((path, p) -> {
            if (!p.isVariable()) {
                throw new IllegalArgumentException("optimizer: " + path + " is no variable and cannot be moved");
            }
        });
        this.parameters = new LinkedHashMap<>(parameters);
        this.all = parameters.entrySet().stream()
                .map(e -> new Moved(e.getKey(), e.getValue()))
                .toArray(Moved[]::new);
        learningRate(learningRate);
    }

    /** Returns the step size. */
    public final double learningRate() {
        return learningRate;
    }

    /** Sets the step size, as a schedule does. */
    public final void learningRate(double rate) {
        requireAtLeastZero("learning rate", rate);
        learningRate = rate;
    }

    /** Sets the L2 penalty λ for weights. */
    public final void l2(double penalty) {
        requireAtLeastZero("L2 penalty", penalty);
        lambda = penalty;
    }

    /** Sets the L2 penalty λ for the parameters whose path is accepted. */
    public final void l2(double penalty, Predicate<String> paths) {
        l2(penalty);
        for (Moved m : all) {
            m.decays = paths.test(m.path);
        }
    }

    /** Returns the paths of the parameters that an L2 penalty holds for. */
    public final Set<String> decayed() {
        return Arrays.stream(all)
                .filter(m -> m.decays)
                .map(m -> m.path)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the parameters, by path. */
    public final Map<String, Node> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /**
     * Moves every parameter that the gradients reach by one step; the others stay, as does their state.
     *
     * @throws IllegalStateException if they reach none: the loss was computed from other variables
     */
    public final void step(Gradients gradients) {
        Tensor[] g = new Tensor[all.length];
        boolean reached = false;
        for (int i = 0; i < all.length; i++) {
            Moved m = all[i];
            if (gradients.reached(m.node)) {
                g[i] = fit(m, gradients.of(m.node)); // all of them, before the first is moved
                reached = true;
            }
        }
        if (!reached) {
            throw new IllegalStateException("optimizer: the gradients reach none of " + parameters.keySet()
                    + "; was it made with the parameters of the model that is trained?");
        }
        for (int i = 0; i < all.length; i++) {
            if (g[i] != null) {
                move(all[i], g[i]);
            }
        }
    }

    private void move(Moved m, Tensor g) {
        m.steps++;
        m.node.update(p -> step(m, p, g, m.decays ? lambda : 0));
    }

    private static Tensor fit(Moved m, Node g) {
        Node p = m.node;
        if (!g.shape().equals(p.shape()) || g.dtype() != p.dtype()) {
            throw new IllegalStateException("optimizer: " + m.path + " is now " + p.dtype() + " " + p.shape()
                    + ", its gradient still " + g.dtype() + " " + g.shape());
        }
        return g.value();
    }

    /** Moves one parameter, written in place. */
    abstract void step(Moved m, Tensor p, Tensor g, double l2);

    /**
     * Returns the penalty {@code ½ λ ΣW²} of the weights among the parameters as a node, for those who would rather add
     * it to the loss; its gradient is what {@link #l2} adds.
     */
    public static Node penalty(Map<String, Node> parameters, double lambda) {
        List<Node> squares = parameters.values().stream()
                .filter(p -> p.shape().rank() >= 2)
                .map(p -> p.square().sum())
                .toList();
        return squares.stream().reduce(Node::add).orElse(Node.constant(0.0)).mul(lambda / 2);
    }

    static void requireAtLeastZero(String what, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("optimizer: " + what + " " + value + " must be a number from 0 up");
        }
    }
}
