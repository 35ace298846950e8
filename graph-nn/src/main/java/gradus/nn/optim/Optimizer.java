package gradus.nn.optim;

import gradus.array.DType;
import gradus.array.RowSparse;
import gradus.array.Shape;
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
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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
 * λ} before the step. By default both apply to weights, the parameters of two axes or more that are not
 * called gamma, beta or bias, as scales of normalisation are; {@link #decayed} returns the paths.
 *
 * <p>A gradient that is {@linkplain Gradients#rowSparse row-sparse}, as that of an embedding's table, updates only the rows
 * that it has, with weight decay, the L2 penalty and what is kept: the others and their state stay as they are, and cost no
 * time. {@link #lazyRows} says how this differs from the update of all rows. A table that is used in another way too, as by
 * a matrix product with tied weights, has an ordinary gradient.
 *
 * <p>An optimizer with constants of its own overrides {@link #hyperparameters}, so that a training is not resumed with others.
 */
public abstract class Optimizer {
    private static final String STEP = "step";
    /** Begins the name under which a state says of which optimizer it is; its number is 1. */
    private static final String OF = "optimizer.";

    private static final String LEARNING_RATE = "learningRate";
    /** Names of parameters that are no weights, whatever their shape: scales and shifts of normalisation, and biases. */
    private static final Set<String> SCALES = Set.of("gamma", "beta", "bias");

    /** The weights that Lookahead keeps. */
    private static final String SLOW = "slowWeights";

    private final Map<String, Node> parameters;
    private final State[] all;
    private double learningRate;
    private boolean lazyRows = true;
    /** The number of steps of Lookahead; 0 without it. */
    private int lookaheadSteps;

    private double lookaheadFactor;

    /**
     * What an optimizer keeps of one parameter: tensors by name, the number of steps, and the settings of its group.
     */
    public final class State {
        private final String path;
        private final Node node;
        private String[] names = {};
        private Tensor[] tensors = {};
        /** The parameter's number type when the tensors were set. */
        private DType dtype;

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
            this.dtype = node.dtype();
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

        /**
         * Returns a tensor that is kept from step to step; zeros of the parameter's shape and number type at first. It has the
         * number type that it was set with. If that was the parameter's, it follows the parameter to another one.
         */
        public Tensor tensor(String name) {
            Objects.requireNonNull(name, "State.tensor: name is null");
            follow();
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(name)) {
                    return tensors[i];
                }
            }
            Tensor zeros = Tensor.zeros(node.shape(), node.dtype());
            set(name, zeros);
            return zeros;
        }

        /**
         * Replaces a tensor that is kept; of any shape.
         *
         * @throws IllegalArgumentException if the name has a dot, or is "step", which is the number of steps
         */
        public void set(String name, Tensor value) {
            Objects.requireNonNull(name, "State.set: name is null");
            Objects.requireNonNull(value, "State.set: value is null");
            if (name.equals(STEP) || name.contains(".")) {
                throw new IllegalArgumentException("optimizer: state of " + path + " is called " + name
                        + "; a name has no dot, and \"" + STEP + "\" is the number of steps");
            }
            follow();
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

        /** Converts the tensors that had the parameter's number type, if that is another one now. */
        private void follow() {
            DType now = node.dtype();
            if (now != dtype) {
                for (int i = 0; i < tensors.length; i++) {
                    tensors[i] = tensors[i].dtype() == dtype ? tensors[i].to(now) : tensors[i];
                }
                dtype = now;
            }
        }

        /** Returns whether a tensor of this name is kept. */
        boolean has(String name) {
            return Arrays.asList(names).contains(name);
        }

        /** Returns {@link #tensor} in the parameter's number type, whatever that of a state that was loaded is. */
        Tensor inParameterType(String name) {
            Tensor t = tensor(name);
            if (t.dtype() != node.dtype()) {
                t = t.to(node.dtype());
                set(name, t);
            }
            return t;
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
            return isDecayed(path, node);
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
     * @throws IllegalArgumentException if there are none, one is not a variable, or one has two paths
     */
    @SuppressWarnings("this-escape") // a State reads the learning rate of its optimizer, and only after construction
    protected Optimizer(Map<String, Node> parameters, double learningRate) {
        this.parameters = variables(parameters);
        this.all = this.parameters.entrySet().stream()
                .map(e -> new State(e.getKey(), e.getValue()))
                .toArray(State[]::new);
        learningRate(learningRate);
    }

    /** Returns the parameters, if they are variables and none of them is there twice. */
    static Map<String, Node> variables(Map<String, Node> parameters) {
        Objects.requireNonNull(parameters, "optimizer: parameters is null");
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("optimizer: there are no parameters; a model declares its parts with"
                    + " layer(name, ..) and parameter(name, ..)");
        }
        Map<Node, String> paths = new HashMap<>(); // nodes are equal only to themselves
        parameters.forEach((path, p) -> {
            Objects.requireNonNull(p, () -> "optimizer: parameters: " + path + " is null");
            if (!p.isVariable()) {
                throw new IllegalArgumentException(
                        "optimizer: " + path + " is " + p.label() + ", not a variable, and cannot be updated");
            }
            String other = paths.put(p, path);
            if (other != null) {
                throw new IllegalArgumentException("optimizer: " + other + " and " + path
                        + " are the same variable, which would be updated twice; leave one out");
            }
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
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

    /** Sets the L2 penalty λ of the weights, as {@link #decayed} has them. */
    public final Optimizer l2(double penalty) {
        requireAtLeastZero("L2 penalty", penalty);
        for (State s : all) {
            s.l2 = s.ownL2 ? s.l2 : s.isWeight() ? penalty : 0;
        }
        return this;
    }

    /** Sets the decoupled weight decay λ of the weights, as {@link #decayed} has them. */
    public final Optimizer weightDecay(double decay) {
        requireAtLeastZero("weight decay", decay);
        for (State s : all) {
            s.weightDecay = s.ownWeightDecay ? s.weightDecay : s.isWeight() ? decay : 0;
        }
        return this;
    }

    /**
     * Sets whether a step with a row-sparse gradient leaves the rows that it does not have, and their state, as they are; true
     * by default, as in PyTorch's {@code SparseAdam}. The number of steps, which Adam's bias correction depends on, is that of
     * the whole parameter. If false, all rows are updated, those without a gradient with 0, as PyTorch does for an ordinary
     * gradient: their velocity goes on moving them, their moments fall, and they decay. Without velocity, moments, decay and
     * penalty both are the same. An optimizer of your own gets every gradient with its zeros.
     */
    public final Optimizer lazyRows(boolean lazy) {
        lazyRows = lazy;
        return this;
    }

    /**
     * After every so many steps, moves slow weights towards the parameters by a factor, {@code slow += factor (p - slow)}, and sets
     * the parameters to them: Lookahead (Zhang et al. 2019), with any optimizer. The slow weights are at first the parameters before
     * the next step; they are part of the state. The paper uses 5 steps and 0.5.
     *
     * @param factor above 0, and 1 at most, which changes nothing
     */
    public final Optimizer lookahead(int steps, double factor) {
        if (steps < 1 || !(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException("optimizer: lookahead every " + steps + " steps by " + factor
                    + ": the steps must be at least 1, the factor above 0 and at most 1");
        }
        lookaheadSteps = steps;
        lookaheadFactor = factor;
        return this;
    }

    /**
     * Sets what differs for the parameters whose path is accepted:
     * {@code adam.group(path -> path.startsWith("0."), g -> g.learningRateFactor(0.1).l2(0))}.
     *
     * @throws IllegalArgumentException if no path is accepted
     */
    public final Optimizer group(Predicate<String> paths, Consumer<Group> settings) {
        Objects.requireNonNull(paths, "optimizer.group: paths is null");
        Objects.requireNonNull(settings, "optimizer.group: settings is null");
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

    /**
     * Returns the values that this optimizer was created with, by name, the learning rate not included; none by default. They
     * are part of {@link #settings}. PyTorch's {@code defaults}.
     */
    protected Map<String, Double> hyperparameters() {
        return Map.of();
    }

    /**
     * Returns all that was set from outside, but for the learning rate: the class, the {@link #hyperparameters}, and by path
     * the {@code learningRateFactor}, {@code l2} and {@code weightDecay} of each parameter that has one; {@code lazyRows} if
     * it is false; {@code lookahead} if it is set. Training resumes from a checkpoint only with the same settings.
     */
    public final Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("optimizer", getClass().getSimpleName());
        new TreeMap<>(hyperparameters()).forEach((name, value) -> settings.put(name, value.toString()));
        if (!lazyRows) {
            settings.put("lazyRows", "false");
        }
        if (lookaheadSteps > 0) {
            settings.put("lookahead", "every " + lookaheadSteps + " steps by " + lookaheadFactor);
        }
        for (State s : all) {
            putUnless(1, s.factor, s.path + ".learningRateFactor", settings);
            putUnless(0, s.l2, s.path + ".l2", settings);
            putUnless(0, s.weightDecay, s.path + ".weightDecay", settings);
        }
        return settings;
    }

    private static void putUnless(double standard, double value, String name, Map<String, String> settings) {
        if (value != standard) {
            settings.put(name, Double.toString(value));
        }
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
        Objects.requireNonNull(gradients, "optimizer.step: gradients is null");
        Tensor[] g = new Tensor[all.length];
        RowSparse[] rows = new RowSparse[all.length];
        boolean reached = false;
        for (int i = 0; i < all.length; i++) {
            Node p = all[i].node;
            if (gradients.reached(p)) {
                rows[i] = lazyRows ? gradients.rowSparse(p) : null;
                g[i] = rows[i] == null ? gradients.of(p).value() : null;
                reached = true;
            }
        }
        if (!reached) {
            throw new IllegalStateException("optimizer: the gradients reach none of " + parameters.keySet()
                    + "; was it created with the parameters of the model that is trained?");
        }
        step(g, rows);
    }

    /**
     * Updates the parameters whose gradients are given, by path; the others keep their value and state.
     *
     * @throws IllegalArgumentException if there are none, or a path is unknown
     */
    public final void step(Map<String, Tensor> gradients) {
        Objects.requireNonNull(gradients, "optimizer.step: gradients is null");
        gradients.forEach((path, g) -> Objects.requireNonNull(g, () -> "optimizer.step: " + path + " is null"));
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
        }
        step(g, new RowSparse[all.length]);
    }

    /** Updates each parameter that has a gradient, of the one kind or of the other. */
    private void step(Tensor[] g, RowSparse... rows) {
        for (int i = 0; i < all.length; i++) { // all of them, before the first is updated
            if (g[i] != null) {
                requireFit(all[i], g[i].shape(), g[i].dtype());
            } else if (rows[i] != null) {
                requireFit(all[i], rows[i].shape(), rows[i].dtype());
            }
        }
        for (int i = 0; i < all.length; i++) {
            if (g[i] != null || rows[i] != null) {
                step(all[i], g[i], rows[i]);
            }
        }
    }

    /** Updates one parameter by its gradient, of the one kind or of the other. */
    private void step(State s, Tensor g, RowSparse rows) {
        if (lookaheadSteps > 0 && !s.has(SLOW)) {
            s.set(SLOW, s.node.value().copy());
        }
        s.step++;
        if (rows != null) {
            apply(s, rows);
        } else {
            apply(s, g);
        }
        if (lookaheadSteps > 0 && s.step % lookaheadSteps == 0) {
            Tensor slow = s.inParameterType(SLOW);
            s.node.update(p -> Steps.lookahead(p, slow, lookaheadFactor));
        }
    }

    private static void requireFit(State s, Shape shape, DType dtype) {
        Node p = s.node;
        if (!shape.equals(p.shape()) || dtype != p.dtype()) {
            throw new IllegalStateException("optimizer: " + s.path + " is " + p.dtype() + " " + p.shape()
                    + ", its gradient " + dtype + " " + shape);
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

    /** Updates one parameter, whose step is already counted, by a row-sparse gradient. */
    void apply(State s, RowSparse g) {
        apply(s, g.dense());
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
     * Returns what changes from step to step: the tensors that are kept, by the parameter's path and a name, as
     * {@code 0.weight.mean}, the number of steps of each parameter, and the {@code learningRate}; {@code optimizer.Adam} says
     * whose it is. The {@link #settings} are not part of it: they are those of the optimizer that loads it, unlike in PyTorch, whose {@code load_state_dict}
     * replaces them.
     */
    public final Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(OF + getClass().getSimpleName(), Tensor.of(1.0));
        state.put(LEARNING_RATE, Tensor.of(learningRate));
        for (State s : all) {
            state.put(s.path + "." + STEP, Tensor.of((double) s.step));
            for (int i = 0; i < s.names.length; i++) {
                state.put(s.path + "." + s.names[i], s.tensors[i].copy());
            }
        }
        return state;
    }

    /**
     * Replaces what changes from step to step, the learning rate included. Nothing is changed unless all of it belongs to
     * these parameters.
     *
     * @throws IllegalArgumentException if the learning rate or the number of steps of a parameter is missing, a name has no
     *     parameter, or it is the state of another optimizer
     */
    public final void load(Map<String, Tensor> state) {
        Objects.requireNonNull(state, "optimizer.load: state is null");
        state.forEach((name, t) -> Objects.requireNonNull(t, () -> "optimizer.load: " + name + " is null"));
        requireOwn(state);
        double rate = number(state, LEARNING_RATE);
        requireAtLeastZero("learning rate", rate);
        Set<String> rest = new LinkedHashSet<>(state.keySet());
        rest.removeAll(Set.of(LEARNING_RATE, OF + getClass().getSimpleName()));
        int[] steps = new int[all.length];
        for (int i = 0; i < all.length; i++) { // all of it, before the first is changed
            State s = all[i];
            steps[i] = steps(state, s);
            rest.removeIf(name -> belongs(name, s));
            Map<String, Tensor> kept = tensors(state, s);
            if (lookaheadSteps > 0) {
                requireSlow(kept.remove(SLOW), s);
            }
            requireState(kept, steps[i], s);
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException(
                    "optimizer: the state has " + rest + ", which belong to no parameter here");
        }
        learningRate = rate;
        for (int i = 0; i < all.length; i++) {
            State s = all[i];
            s.step = steps[i];
            s.names = new String[0];
            s.tensors = new Tensor[0];
            tensors(state, s).forEach((name, t) -> s.set(name, t.copy()));
        }
    }

    private void requireOwn(Map<String, Tensor> state) {
        String own = getClass().getSimpleName();
        for (String name : state.keySet()) {
            String of = name.startsWith(OF) ? name.substring(OF.length()) : own;
            if (!of.equals(own) && !parameters.containsKey(name.substring(0, name.lastIndexOf('.')))) {
                throw new IllegalArgumentException("optimizer: the state is that of " + of + ", not of " + own);
            }
        }
        number(state, OF + own);
    }

    private static int steps(Map<String, Tensor> state, State s) {
        double steps = number(state, s.path + "." + STEP);
        if (steps < 0 || steps != (int) steps) {
            throw new IllegalArgumentException("optimizer: " + s.path + "." + STEP + " is " + steps);
        }
        return (int) steps;
    }

    private static double number(Map<String, Tensor> state, String name) {
        Tensor t = state.get(name);
        if (t == null || t.size() != 1) {
            throw new IllegalArgumentException(
                    "optimizer: the state has no " + name + (t == null ? "" : " of one element, but " + t.shape()));
        }
        return t.item();
    }

    /** Refuses slow weights of another shape; where there are none, lookahead begins with the next step. */
    private static void requireSlow(Tensor slow, State s) {
        if (slow != null && !slow.shape().equals(s.node.shape())) {
            throw new IllegalArgumentException("optimizer: the state has " + s.path + "." + SLOW + " of shape "
                    + slow.shape() + "; lookahead needs " + s.node.shape());
        }
    }

    /** Returns the tensors that are kept of a parameter, by their names. */
    private static Map<String, Tensor> tensors(Map<String, Tensor> state, State s) {
        Map<String, Tensor> own = new LinkedHashMap<>();
        state.forEach((name, t) -> {
            if (belongs(name, s) && !name.equals(s.path + "." + STEP)) {
                own.put(name.substring(s.path.length() + 1), t);
            }
        });
        return own;
    }

    /** Refuses what a state has of one parameter, after some steps, if it cannot be this optimizer's; by default nothing. */
    void requireState(Map<String, Tensor> state, int steps, State s) {}

    private static boolean belongs(String name, State s) {
        return name.startsWith(s.path + ".") && name.indexOf('.', s.path.length() + 1) < 0;
    }

    // ---- the penalty as a node

    /**
     * Returns the penalty {@code ½ λ ΣW²} of the weights among the parameters as a node, to be added to a loss; its
     * gradient is what {@link #l2} adds.
     *
     * @throws IllegalArgumentException if none is a weight, or lambda is negative or not finite
     */
    public static Node penalty(Map<String, Node> parameters, double lambda) {
        Objects.requireNonNull(parameters, "penalty: parameters is null");
        if (!(lambda >= 0) || Double.isInfinite(lambda)) {
            throw new IllegalArgumentException("penalty: lambda " + lambda + " must be a number from 0 up");
        }
        return parameters.entrySet().stream()
                .filter(e -> isDecayed(e.getKey(), e.getValue()))
                .map(e -> e.getValue().square().sum())
                .reduce(Node::add)
                .orElseThrow(() -> new IllegalArgumentException(
                        "penalty: none of " + parameters.keySet() + " is a weight of two axes or more"))
                .mul(lambda / 2);
    }

    /** Returns whether the penalty and the decay apply to a parameter by default. */
    private static boolean isDecayed(String path, Node p) {
        return p.shape().rank() >= 2 && !SCALES.contains(path.substring(path.lastIndexOf('.') + 1));
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
