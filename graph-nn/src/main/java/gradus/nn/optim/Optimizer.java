package gradus.nn.optim;

import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import java.util.Collections;
import java.util.HashMap;
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
    private final Map<String, Tensor> slots = new HashMap<>();
    private double learningRate;
    private double lambda;
    private Predicate<String> decays;

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
        this.decays = path -> this.parameters.get(path).shape().rank() >= 2;
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
        decays = paths;
    }

    /** Returns the paths of the parameters that an L2 penalty holds for. */
    public final Set<String> decayed() {
        return parameters.keySet().stream().filter(decays).collect(Collectors.toCollection(LinkedHashSet::new));
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
        Map<String, Tensor> reached = new LinkedHashMap<>();
        parameters.forEach((path, p) -> {
            if (gradients.reached(p)) {
                Node g = gradients.of(p);
                requireFit(path, p, g); // all of them, before the first is moved
                reached.put(path, g.value());
            }
        });
        if (reached.isEmpty()) {
            throw new IllegalStateException("optimizer: the gradients reach none of " + parameters.keySet()
                    + "; was it made with the parameters of the model that is trained?");
        }
        reached.forEach(
                (path, g) -> parameters.get(path).update(p -> step(path, p, g, decays.test(path) ? lambda : 0)));
    }

    private static void requireFit(String path, Node p, Node g) {
        if (!g.shape().equals(p.shape()) || g.dtype() != p.dtype()) {
            throw new IllegalStateException("optimizer: " + path + " is now " + p.dtype() + " " + p.shape()
                    + ", its gradient still " + g.dtype() + " " + g.shape());
        }
    }

    /** Returns a tensor of state that goes with a parameter: zeros at first, and always of the parameter's number type. */
    final Tensor slot(String name, String path, Tensor p) {
        return slots.compute(
                name + "." + path, (key, t) -> t == null ? Tensor.zeros(p.shape(), p.dtype()) : t.to(p.dtype()));
    }

    /** Moves one parameter, written in place. */
    abstract void step(String path, Tensor p, Tensor g, double l2);

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
