package gradus.nn.optim;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.optim.StrongWolfe.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * L-BFGS (Nocedal 1980): the direction of an iteration is minus the gradient times an inverse of the second derivatives that is
 * estimated from the last steps. PyTorch's {@code LBFGS}, with its defaults; {@link #strongWolfe} is what makes it robust. Unlike
 * other optimizers it evaluates the loss several times in a step, so it is given the loss as a function, of one batch or of all data:
 *
 * <pre>{@code
 * LBfgs lbfgs = new LBfgs(model.parameters()).strongWolfe();
 * for (int i = 0; i < 10; i++) {
 *     double before = lbfgs.step(() -> Losses.mse(model.forward(x), y));
 * }
 * }</pre>
 *
 * <p>The function must give the same loss for the same weights, so no dropout. All parameters are one vector; there are no groups, and
 * a penalty is added to the loss, as by {@link Optimizer#penalty}. {@code Minimize.lbfgs} is for functions that are to be minimised to
 * the last digit, without a model.
 */
public final class LBfgs {
    private static final String ITERATIONS = "iterations";
    private static final String DIRECTION = "direction";
    private static final String GRADIENT = "gradient";
    private static final String STEP = "step";
    private static final String STEPS = "steps";
    private static final String CHANGES = "changes";
    private static final String SCALE = "scale";
    /** Steps along which the slope does not rise by more are not learnt from. */
    private static final double LEAST_CURVATURE = 1e-10;

    private final Map<String, Node> parameters;
    private double learningRate = 1;
    private int maxIterations = 20;
    /** 0 for five in four iterations. */
    private int maxEvaluations;

    private double gradientTolerance = 1e-7;
    private double changeTolerance = 1e-9;
    private int history = 100;
    private boolean strongWolfe;

    /** The number of iterations of all steps so far. */
    private long iterations;

    private double[] direction;
    private double step;
    /** The gradient before the last iteration. */
    private double[] previous = {};
    /** The last steps, and the changes of the gradient along them. */
    private List<double[]> steps = new ArrayList<>();

    private List<double[]> changes = new ArrayList<>();
    private double scale = 1;

    /**
     * Returns L-BFGS of variables by path, as {@code model.parameters()} has them, with PyTorch's defaults: learning rate 1, at most 20
     * iterations and 25 evaluations in a step, no line search.
     *
     * @throws IllegalArgumentException if there are none, one is not a variable, or one has two paths
     */
    public LBfgs(Map<String, Node> parameters) {
        this.parameters = Optimizer.variables(parameters);
        this.direction = new double[size()];
    }

    // ---- settings

    /** Sets the length of a step in units of the direction, and with a line search its first trial; 1 by default. */
    public LBfgs learningRate(double rate) {
        Optimizer.requireAtLeastZero("learning rate", rate);
        learningRate = rate;
        return this;
    }

    /** Sets the largest number of iterations in a step. */
    public LBfgs maxIterations(int n) {
        maxIterations = positive("the largest number of iterations", n);
        return this;
    }

    /** Sets the number of evaluations after which a step ends; five for each four iterations by default. */
    public LBfgs maxEvaluations(int n) {
        maxEvaluations = positive("the largest number of evaluations", n);
        return this;
    }

    /** Sets the size of the largest element of the gradient at which a step ends; 1e-7 by default. */
    public LBfgs gradientTolerance(double largest) {
        Optimizer.requireAtLeastZero("gradient tolerance", largest);
        gradientTolerance = largest;
        return this;
    }

    /** Sets the change of the loss or of the largest element at which a step ends; 1e-9 by default. */
    public LBfgs changeTolerance(double change) {
        Optimizer.requireAtLeastZero("change tolerance", change);
        changeTolerance = change;
        return this;
    }

    /** Sets the number of steps that the direction is estimated from; 100 by default. */
    public LBfgs history(int n) {
        history = positive("the number of steps kept", n);
        return this;
    }

    /** Searches the length of each step, so that the strong Wolfe conditions hold: the loss falls enough, and so does its slope. */
    public LBfgs strongWolfe() {
        strongWolfe = true;
        return this;
    }

    private static int positive(String what, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("LBfgs: " + what + " " + n + " must be at least 1");
        }
        return n;
    }

    /** Returns the parameters, by path. */
    public Map<String, Node> parameters() {
        return parameters;
    }

    /** Returns all settings, by name, as those of {@link Optimizer#settings}. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("optimizer", "LBfgs");
        settings.put("learningRate", Double.toString(learningRate));
        settings.put("maxIterations", Integer.toString(maxIterations));
        settings.put("maxEvaluations", Integer.toString(evaluationsOfAStep()));
        settings.put("gradientTolerance", Double.toString(gradientTolerance));
        settings.put("changeTolerance", Double.toString(changeTolerance));
        settings.put("history", Integer.toString(history));
        settings.put("strongWolfe", Boolean.toString(strongWolfe));
        return settings;
    }

    private int evaluationsOfAStep() {
        return maxEvaluations == 0 ? maxIterations * 5 / 4 : maxEvaluations;
    }

    // ---- steps

    /**
     * Takes a step of several iterations, and returns the loss before it.
     *
     * <p>Where the loss throws an exception, or is no longer finite, parameters and state are as before the step.
     *
     * @param loss computes the loss, of one element, from the parameters
     * @throws IllegalStateException if the loss depends on none of the parameters, or it or a gradient is not finite
     */
    public double step(Supplier<Node> loss) {
        Objects.requireNonNull(loss, "LBfgs.step: loss is null");
        double[] x = values();
        Runnable restore = snapshot();
        try {
            return step(loss, x);
        } catch (RuntimeException e) {
            assign(x);
            restore.run();
            throw e;
        }
    }

    private double step(Supplier<Node> loss, double... begin) {
        double[] x = begin;
        Trial now = evaluate(loss, 0);
        double first = now.value();
        requireFinite(now);
        int evaluations = 1;
        if (largest(now.gradient()) <= gradientTolerance) {
            return first;
        }
        for (int n = 1; n <= maxIterations; n++) {
            iterations++;
            nextDirection(now.gradient());
            previous = now.gradient();
            step = iterations == 1 ? Math.min(1, 1 / sumOfSizes(previous)) * learningRate : learningRate;
            double slope = dot(previous, direction);
            if (slope > -changeTolerance) {
                break;
            }
            Trial start = new Trial(0, now.value(), previous, slope);
            if (strongWolfe) {
                double[] from = x;
                StrongWolfe search = new StrongWolfe(start, largest(direction), changeTolerance, t -> {
                    assign(moved(from, t));
                    return evaluate(loss, t);
                });
                now = search.from(step);
                requireFinite(now);
                step = now.step();
                evaluations += search.evaluations();
            }
            x = moved(x, step);
            assign(x);
            if (!strongWolfe && n < maxIterations) { // the loss after the last iteration is computed by the next step
                now = evaluate(loss, step);
                requireFinite(now);
                evaluations++;
            }
            if (evaluations >= evaluationsOfAStep()
                    || largest(now.gradient()) <= gradientTolerance
                    || largest(direction) * step <= changeTolerance
                    || Math.abs(now.value() - start.value()) < changeTolerance) {
                break;
            }
        }
        return first;
    }

    /** Returns what puts back what is kept from step to step. */
    private Runnable snapshot() {
        long n = iterations;
        double[] d = direction;
        double t = step;
        double[] g = previous;
        List<double[]> s = List.copyOf(steps);
        List<double[]> y = List.copyOf(changes);
        double c = scale;
        return () -> {
            iterations = n;
            direction = d;
            step = t;
            previous = g;
            steps = new ArrayList<>(s);
            changes = new ArrayList<>(y);
            scale = c;
        };
    }

    private static void requireFinite(Trial t) {
        if (!Double.isFinite(t.value()) || !Double.isFinite(largest(t.gradient()))) {
            throw new IllegalStateException("LBfgs: the loss is " + t.value()
                    + ", and the largest element of its gradient " + largest(t.gradient())
                    + ": both must be finite; strongWolfe() or a smaller learning rate may help");
        }
    }

    /** Learns from the last step, and computes the direction by the two loops of Nocedal 1980. */
    private void nextDirection(double... gradient) {
        if (iterations == 1) {
            direction = scaled(gradient, -1);
            return;
        }
        double[] y = gradient.clone();
        add(y, -1, previous);
        double[] s = scaled(direction, step);
        double curvature = dot(y, s);
        if (curvature > LEAST_CURVATURE) {
            while (steps.size() >= history) {
                steps.remove(0);
                changes.remove(0);
            }
            steps.add(s);
            changes.add(y);
            scale = curvature / dot(y, y);
        }
        double[] q = scaled(gradient, -1);
        double[] alpha = new double[steps.size()];
        for (int i = alpha.length - 1; i >= 0; i--) {
            alpha[i] = dot(steps.get(i), q) / dot(changes.get(i), steps.get(i));
            add(q, -alpha[i], changes.get(i));
        }
        direction = scaled(q, scale);
        for (int i = 0; i < alpha.length; i++) {
            double beta = dot(changes.get(i), direction) / dot(changes.get(i), steps.get(i));
            add(direction, alpha[i] - beta, steps.get(i));
        }
    }

    private double[] moved(double[] x, double t) {
        double[] y = x.clone();
        add(y, t, direction);
        return y;
    }

    /** Evaluates the loss and its gradient at the present values. */
    private Trial evaluate(Supplier<Node> loss, double t) {
        Node value = Objects.requireNonNull(loss.get(), "LBfgs.step: the loss is null");
        Gradients g = value.backward();
        double[] gradient = new double[size()];
        int at = 0;
        boolean reached = false;
        for (Node p : parameters.values()) {
            int n = p.shape().size();
            if (g.reached(p)) {
                System.arraycopy(g.of(p).value().toDoubleArray(), 0, gradient, at, n);
                reached = true;
            }
            at += n;
        }
        if (!reached) {
            throw new IllegalStateException("LBfgs: the loss depends on none of " + parameters.keySet()
                    + "; was it created with the parameters of the model that is trained?");
        }
        return new Trial(t, value.item(), gradient, dot(gradient, direction));
    }

    // ---- the parameters as one vector

    private int size() {
        return parameters.values().stream().mapToInt(p -> p.shape().size()).sum();
    }

    private double[] values() {
        double[] x = new double[size()];
        int at = 0;
        for (Node p : parameters.values()) {
            System.arraycopy(p.value().toDoubleArray(), 0, x, at, p.shape().size());
            at += p.shape().size();
        }
        return x;
    }

    private void assign(double... x) {
        int at = 0;
        for (Node p : parameters.values()) {
            int n = p.shape().size();
            p.assign(Tensor.of(p.shape(), Arrays.copyOfRange(x, at, at + n)).to(p.dtype()));
            at += n;
        }
    }

    private static double dot(double[] a, double... b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] to, double c, double... v) {
        for (int i = 0; i < to.length; i++) {
            to[i] += c * v[i];
        }
    }

    private static double[] scaled(double[] v, double c) {
        return Arrays.stream(v).map(e -> c * e).toArray();
    }

    private static double largest(double... v) {
        return Arrays.stream(v).map(Math::abs).max().orElse(0);
    }

    private static double sumOfSizes(double... v) {
        return Arrays.stream(v).map(Math::abs).sum();
    }

    // ---- state

    /**
     * Returns what is kept from step to step: the number of iterations, the last direction, step and gradient, and the steps that the
     * directions are estimated from.
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(ITERATIONS, Tensor.of((double) iterations));
        if (iterations > 0) {
            state.put(DIRECTION, Tensor.of(direction));
            state.put(GRADIENT, Tensor.of(previous));
            state.put(STEP, Tensor.of(step));
            state.put(SCALE, Tensor.of(scale));
            state.put(STEPS, rows(steps));
            state.put(CHANGES, rows(changes));
        }
        return state;
    }

    private Tensor rows(List<double[]> vectors) {
        double[] all = new double[vectors.size() * size()];
        for (int i = 0; i < vectors.size(); i++) {
            System.arraycopy(vectors.get(i), 0, all, i * size(), size());
        }
        return Tensor.of(Shape.of(vectors.size(), size()), all);
    }

    /**
     * Replaces what is kept from step to step. Nothing is changed unless all of it fits.
     *
     * @throws IllegalArgumentException if a name is missing or unknown, or a shape is not that of these parameters
     */
    public void load(Map<String, Tensor> state) {
        Objects.requireNonNull(state, "LBfgs.load: state is null");
        state.forEach((name, t) -> Objects.requireNonNull(t, () -> "LBfgs.load: " + name + " is null"));
        double n = required(state, ITERATIONS, Shape.of()).item();
        if (!(n >= 0) || n != (long) n) {
            throw new IllegalArgumentException("LBfgs: the state has " + n + " iterations");
        }
        Set<String> names =
                n == 0 ? Set.of(ITERATIONS) : Set.of(ITERATIONS, DIRECTION, GRADIENT, STEP, SCALE, STEPS, CHANGES);
        if (!state.keySet().equals(names)) {
            throw new IllegalArgumentException("LBfgs: the state has " + state.keySet() + ", not " + names
                    + "; is it the state of another optimizer?");
        }
        if (n > 0) {
            Shape vector = Shape.of(size());
            int kept = state.get(STEPS).shape().rank() == 2
                    ? state.get(STEPS).shape().dim(0)
                    : 0;
            Shape matrix = Shape.of(kept, size());
            double[] newDirection = required(state, DIRECTION, vector).toDoubleArray();
            double[] newPrevious = required(state, GRADIENT, vector).toDoubleArray();
            double newStep = required(state, STEP, Shape.of()).item();
            double newScale = required(state, SCALE, Shape.of()).item();
            List<double[]> newSteps = vectors(required(state, STEPS, matrix));
            List<double[]> newChanges = vectors(required(state, CHANGES, matrix));
            direction = newDirection;
            previous = newPrevious;
            step = newStep;
            scale = newScale;
            steps = newSteps;
            changes = newChanges;
        } else {
            direction = new double[size()];
            previous = new double[0];
            step = 0;
            scale = 1;
            steps = new ArrayList<>();
            changes = new ArrayList<>();
        }
        iterations = (long) n;
    }

    private static Tensor required(Map<String, Tensor> state, String name, Shape shape) {
        Tensor t = state.get(name);
        if (t == null || !t.shape().equals(shape) || t.dtype() != DType.FLOAT64) {
            throw new IllegalArgumentException("LBfgs: the state has "
                    + (t == null ? "no " + name : name + " " + t.dtype() + " " + t.shape()) + ", not FLOAT64 " + shape);
        }
        return t;
    }

    private static List<double[]> vectors(Tensor rows) {
        List<double[]> vectors = new ArrayList<>();
        for (int i = 0; i < rows.shape().dim(0); i++) {
            vectors.add(rows.rows(i).toDoubleArray());
        }
        return vectors;
    }

    /** Returns the name, the learning rate and the number of parameters. */
    @Override
    public String toString() {
        return "LBfgs[learning rate " + learningRate + ", " + parameters.size() + " parameters, " + size()
                + " elements]";
    }
}
