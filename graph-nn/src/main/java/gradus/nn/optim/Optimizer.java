package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Updates parameters by their gradients. Graphs built before a step can no longer be differentiated after it.
 *
 * <p>An optimizer of your own extends this class, {@link #update} is its formula:
 *
 * <pre>{@code
 * final class SignDescent extends Optimizer {
 *     SignDescent(Map<String, Node> parameters, double learningRate) { super(parameters, learningRate); }
 *     @Override protected Tensor update(Tensor p, Tensor g, State s) { return p.sub(g.sign().mul(s.learningRate())); }
 * }
 * }</pre>
 *
 * <p>Two kinds of weight decay, both off by default and fluent: the {@link #l2} penalty {@code ½ λ ΣW²}, whose gradient
 * {@code λ W} is added to the loss's, and decoupled {@link #weightDecay} (Loshchilov and Hutter 2019), {@code p *= 1 - lr
 * λ} before the step. By default both apply to parameters of two axes or more, which are weights, and not to biases and
 * scales of normalisation; {@link #decayed} tells which.
 */
public abstract class Optimizer {
    private static final String STEP = "step";

    private final Map<String, Node> parameters;
    private final State[] all;
    private double learningRate;

    /**
     * What an optimizer keeps of one parameter: tensors by name, the number of steps, and the settings of its group.
     */
    public final class State {
        private final String path;
        private final Node node;
        private String[] names = {};
        private Tensor[] tensors = {};
        private int step;
        private double factor = 1;
        private double l2;
        private double weightDecay;
        /** Whether a group has set the penalty or the decay, which then no longer follow the optimizer's. */
        private boolean ownL2;

        private boolean ownWeightDecay;

        private State(String path, Node node) {
            this.path = path;
            this.node = node;
        }

        /** Returns the path of the parameter. */
        public String path() {
            return path;
        }

        /** Returns the number of this step, counted from 1. */
        public int step() {
            return step;
        }

        /** Returns the learning rate of this parameter: the optimizer's, times the factor of its group. */
        public double learningRate() {
            return learningRate * factor;
        }

        /** Returns a tensor that is kept from step to step; zeros of the parameter's shape and number type at first. */
        public Tensor tensor(String name) {
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(name)) {
                    if (tensors[i].dtype() != node.dtype()) {
                        tensors[i] = tensors[i].to(node.dtype());
                    }
                    return tensors[i];
                }
            }
            Tensor zeros = Tensor.zeros(node.shape(), node.dtype());
            set(name, zeros);
            return zeros;
        }

        /** Replaces a tensor that is kept; of any shape. */
        public void set(String name, Tensor value) {
            if (value == null || name.equals(STEP)) {
                throw new IllegalArgumentException("optimizer: state " + name + " of " + path
                        + (value == null ? " is null" : ": this name is the number of steps"));
            }
            int i = 0;
            while (i < names.length && !names[i].equals(name)) {
                i++;
            }
            if (i == names.length) {
                names = Arrays.copyOf(names, i + 1);
                tensors = Arrays.copyOf(tensors, i + 1);
            }
            names[i] = name;
            tensors[i] = value;
        }

        Node node() {
            return node;
        }

        double l2() {
            return l2;
        }

        double weightDecay() {
            return weightDecay;
        }

        private boolean isWeight() {
            return node.shape().rank() >= 2;
        }
    }

    /** Settings of some of the parameters; made by {@link #group}. */
    public static final class Group {
        private final List<State> members;

        private Group(List<State> members) {
            this.members = members;
        }

        /** Multiplies the optimizer's learning rate, whatever a schedule sets it to, by a factor for these parameters. */
        public Group learningRateFactor(double factor) {
            requireAtLeastZero("learning rate factor", factor);
            members.forEach(s -> s.factor = factor);
            return this;
        }

        /** Sets the L2 penalty of these parameters, whatever their number of axes. */
        public Group l2(double penalty) {
            requireAtLeastZero("L2 penalty", penalty);
            members.forEach(s -> {
                s.l2 = penalty;
                s.ownL2 = true;
            });
            return this;
        }

        /** Sets the decoupled weight decay of these parameters, whatever their number of axes. */
        public Group weightDecay(double decay) {
            requireAtLeastZero("weight decay", decay);
            members.forEach(s -> {
                s.weightDecay = decay;
                s.ownWeightDecay = true;
            });
            return this;
        }
    }

    /**
     * Creates an optimizer of variables by path, as {@code model.parameters()} has them.
     *
     * @throws IllegalArgumentException if there are none, one is no variable, or one has two paths
     */
    @SuppressWarnings("this-escape") // a State reads the learning rate of its optimizer, and only after construction
    protected Optimizer(Map<String, Node> parameters, double learningRate) {
        requireNonNull("parameters", parameters);
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("optimizer: there are no parameters; a model declares its parts with"
                    + " layer(name, ..) and parameter(name, ..)");
        }
        Map<Node, String> paths = new HashMap<>(); // nodes are equal only to themselves
        parameters.forEach((path, p) -> {
            if (p == null || !p.isVariable()) {
                throw new IllegalArgumentException("optimizer: " + path + " is "
                        + (p == null ? "null" : p.label() + ", not a variable") + " and cannot be updated");
            }
            String other = paths.put(p, path);
            if (other != null) {
                throw new IllegalArgumentException("optimizer: " + other + " and " + path
                        + " are the same variable, which would be updated twice; leave one out");
            }
        });
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        this.all = this.parameters.entrySet().stream()
                .map(e -> new State(e.getKey(), e.getValue()))
                .toArray(State[]::new);
        learningRate(learningRate);
    }

    // ---- settings

    /** Returns the learning rate. */
    public final double learningRate() {
        return learningRate;
    }

    /** Sets the learning rate, as a schedule does at each step. */
    public final Optimizer learningRate(double rate) {
        requireAtLeastZero("learning rate", rate);
        learningRate = rate;
        return this;
    }

    /** Sets the L2 penalty λ of the weights, the parameters of two axes or more. */
    public final Optimizer l2(double penalty) {
        requireAtLeastZero("L2 penalty", penalty);
        for (State s : all) {
            s.l2 = s.ownL2 ? s.l2 : s.isWeight() ? penalty : 0;
        }
        return this;
    }

    /** Sets the decoupled weight decay λ of the weights, the parameters of two axes or more. */
    public final Optimizer weightDecay(double decay) {
        requireAtLeastZero("weight decay", decay);
        for (State s : all) {
            s.weightDecay = s.ownWeightDecay ? s.weightDecay : s.isWeight() ? decay : 0;
        }
        return this;
    }

    /**
     * Sets what differs for the parameters whose path is accepted:
     * {@code adam.group(path -> path.startsWith("0."), g -> g.learningRateFactor(0.1).l2(0))}.
     *
     * @throws IllegalArgumentException if no path is accepted
     */
    public final Optimizer group(Predicate<String> paths, Consumer<Group> settings) {
        requireNonNull("paths", paths);
        requireNonNull("settings of the group", settings);
        List<State> members = Arrays.stream(all).filter(s -> paths.test(s.path)).toList();
        if (members.isEmpty()) {
            throw new IllegalArgumentException("optimizer: no path of " + parameters.keySet() + " is in the group");
        }
        settings.accept(new Group(members));
        return this;
    }

    /** Returns the paths of the parameters that an L2 penalty or weight decay applies to. */
    public final Set<String> decayed() {
        return Arrays.stream(all)
                .filter(s -> s.l2 > 0 || s.weightDecay > 0)
                .map(s -> s.path)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the parameters, by path. */
    public final Map<String, Node> parameters() {
        return parameters;
    }

    // ---- steps

    /**
     * Updates every parameter that the gradients reach; the others keep their value and state.
     *
     * @throws IllegalStateException if they reach none: the loss was computed from other variables
     */
    public final void step(Gradients gradients) {
        requireNonNull("gradients", gradients);
        Tensor[] g = new Tensor[all.length];
        boolean reached = false;
        for (int i = 0; i < all.length; i++) {
            if (gradients.reached(all[i].node)) {
                g[i] = gradients.of(all[i].node).value();
                reached = true;
            }
        }
        if (!reached) {
            throw new IllegalStateException("optimizer: the gradients reach none of " + parameters.keySet()
                    + "; was it created with the parameters of the model that is trained?");
        }
        step(g);
    }

    /**
     * Updates the parameters whose gradients are given, by path; the others keep their value and state.
     *
     * @throws IllegalArgumentException if there are none, or a path is unknown
     */
    public final void step(Map<String, Tensor> gradients) {
        requireNonNull("gradients", gradients);
        Set<String> unknown = new TreeSet<>(gradients.keySet());
        unknown.removeAll(parameters.keySet());
        if (!unknown.isEmpty() || gradients.isEmpty()) {
            throw new IllegalArgumentException("optimizer: there are "
                    + (gradients.isEmpty() ? "no gradients" : "gradients of unknown parameters " + unknown)
                    + "; the parameters are " + parameters.keySet());
        }
        Tensor[] g = new Tensor[all.length];
        for (int i = 0; i < all.length; i++) {
            g[i] = gradients.get(all[i].path);
            if (g[i] == null && gradients.containsKey(all[i].path)) {
                throw new IllegalArgumentException("optimizer: the gradient of " + all[i].path + " is null");
            }
        }
        step(g);
    }

    private void step(Tensor... g) {
        for (int i = 0; i < g.length; i++) { // all of them, before the first is updated
            if (g[i] != null) {
                requireFit(all[i], g[i]);
            }
        }
        for (int i = 0; i < g.length; i++) {
            if (g[i] != null) {
                all[i].step++;
                apply(all[i], g[i]);
            }
        }
    }

    private static void requireFit(State s, Tensor g) {
        Node p = s.node;
        if (!g.shape().equals(p.shape()) || g.dtype() != p.dtype()) {
            throw new IllegalStateException("optimizer: " + s.path + " is " + p.dtype() + " " + p.shape()
                    + ", its gradient " + g.dtype() + " " + g.shape());
        }
    }

    /** Updates one parameter, whose step is already counted. */
    void apply(State s, Tensor g) {
        decay(s);
        Tensor p = s.node.value();
        Tensor next = update(p, s.l2 == 0 ? g : g.add(p.mul(s.l2)), s);
        if (next == null || !next.shape().equals(p.shape()) || next.dtype() != p.dtype()) {
            throw new IllegalStateException("optimizer: the update of " + s.path + " is "
                    + (next == null ? "null" : next.dtype() + " " + next.shape()) + ", not " + p.dtype() + " "
                    + p.shape());
        }
        s.node.assign(next);
    }

    /** Applies decoupled weight decay, {@code p *= 1 - lr λ}. */
    final void decay(State s) {
        if (s.weightDecay != 0) {
            s.node.update(p -> Steps.scale(p, 1 - s.learningRate() * s.weightDecay));
        }
    }

    /**
     * Returns the next value of a parameter.
     *
     * @param p its value, already multiplied by {@code 1 - lr λ} where it has decoupled weight decay
     * @param g its gradient, with that of the L2 penalty added; the shape and number type of p
     * @param s what is kept of this parameter, and its learning rate
     */
    protected abstract Tensor update(Tensor p, Tensor g, State s);

    // ---- state

    /**
     * Returns what is kept from step to step, by the parameter's path and a name, as {@code 0.weight.mean}; with the
     * number of steps of each parameter.
     */
    public final Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (State s : all) {
            state.put(s.path + "." + STEP, Tensor.of((double) s.step));
            for (int i = 0; i < s.names.length; i++) {
                state.put(s.path + "." + s.names[i], s.tensors[i].copy());
            }
        }
        return state;
    }

    /**
     * Replaces what is kept from step to step. Nothing is changed unless all of it belongs to these parameters.
     *
     * @throws IllegalArgumentException if the number of steps of a parameter is missing, or a name has no parameter
     */
    public final void load(Map<String, Tensor> state) {
        requireNonNull("tensors of state", state);
        Set<String> rest = new LinkedHashSet<>(state.keySet());
        for (State s : all) {
            if (!rest.remove(s.path + "." + STEP)) {
                throw new IllegalArgumentException("optimizer: the state has no " + s.path + "." + STEP);
            }
            rest.removeIf(name -> belongs(name, s));
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("optimizer: the state has " + rest + ", which are no parameters here");
        }
        for (State s : all) { // all of it, before the first is changed
            Tensor step = state.get(s.path + "." + STEP);
            if (step == null || step.size() != 1 || step.item() < 0 || step.item() != Math.rint(step.item())) {
                throw new IllegalArgumentException("optimizer: " + s.path + "." + STEP + " is " + step);
            }
            state.forEach((name, t) -> {
                if (belongs(name, s) && !name.equals(s.path + "." + STEP)) {
                    requireState(name, t, s);
                }
            });
        }
        for (State s : all) {
            s.step = (int) state.get(s.path + "." + STEP).item();
            s.names = new String[0];
            s.tensors = new Tensor[0];
            state.forEach((name, t) -> {
                if (belongs(name, s) && !name.equals(s.path + "." + STEP)) {
                    s.set(name.substring(s.path.length() + 1), t.copy());
                }
            });
        }
    }

    /** Refuses a tensor of state that cannot be this optimizer's; by default only null. */
    void requireState(String name, Tensor t, State s) {
        if (t == null) {
            throw new IllegalArgumentException("optimizer: " + name + " is null");
        }
    }

    private static boolean belongs(String name, State s) {
        return name.startsWith(s.path + ".") && name.indexOf('.', s.path.length() + 1) < 0;
    }

    // ---- the penalty as a node

    /**
     * Returns the penalty {@code ½ λ ΣW²} of the weights among the parameters as a node, to be added to a loss; its
     * gradient is what {@link #l2} adds.
     *
     * @throws IllegalArgumentException if no parameter has two axes or more
     */
    public static Node penalty(Map<String, Node> parameters, double lambda) {
        if (parameters == null) {
            throw new IllegalArgumentException("penalty: the parameters are null");
        }
        return parameters.values().stream()
                .filter(p -> p.shape().rank() >= 2)
                .map(p -> p.square().sum())
                .reduce(Node::add)
                .orElseThrow(() -> new IllegalArgumentException(
                        "penalty: none of " + parameters.keySet() + " has two axes or more"))
                .mul(lambda / 2);
    }

    private static void requireNonNull(String what, Object argument) {
        if (argument == null) {
            throw new IllegalArgumentException("optimizer: the " + what + " are null");
        }
    }

    static void requireAtLeastZero(String what, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("optimizer: " + what + " " + value + " must be a number from 0 up");
        }
    }

    /** Returns the optimizer's name, its learning rate and the number of its parameters. */
    @Override
    public String toString() {
        long elements = Arrays.stream(all).mapToLong(s -> s.node.shape().size()).sum();
        return getClass().getSimpleName() + "[learning rate " + learningRate + ", " + all.length + " parameters, "
                + elements + " elements]";
    }
}
