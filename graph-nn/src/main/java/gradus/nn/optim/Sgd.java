package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent, {@code p -= lr g}, or with momentum {@code v = momentum v + (1 - dampening) g; p -= lr v}, where
 * the first gradient is v as it is: PyTorch's {@code SGD}. Momentum 0, dampening 0 and no Nesterov by default.
 *
 * <p>With a row-sparse gradient, as that of an embedding's table, only the rows that it has are updated, by the same formula;
 * the velocity of the others is kept and does not move them. PyTorch's goes on moving them, also for sparse gradients;
 * {@link Optimizer#lazyRows lazyRows(false)} does that. Without momentum, decay and penalty both are the same.
 */
public final class Sgd extends InPlaceOptimizer {
    private static final List<String> VELOCITY = List.of("velocity");

    private double momentum;
    private double dampening;
    private boolean nesterov;
    private Steps.Momentum first;
    private Steps.Momentum later;

    /** Returns plain gradient descent, {@code p -= lr g}. */
    public Sgd(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Returns gradient descent with momentum: {@code v = momentum v + g; p -= lr v}. */
    public Sgd(Map<String, Node> parameters, double learningRate, double momentum) {
        super(parameters, learningRate);
        set(momentum, 0, false);
    }

    /** Sets how much of the velocity is kept in each step, from 0 up. */
    public Sgd momentum(double factor) {
        return set(factor, dampening, nesterov);
    }

    /** Sets how much less than 1 a gradient counts in the velocity, after the first. */
    public Sgd dampening(double reduction) {
        return set(momentum, reduction, nesterov);
    }

    /**
     * Takes the gradient one step of momentum ahead, {@code p -= lr (g + momentum v)} (Nesterov 1983).
     *
     * @throws IllegalArgumentException if there is no momentum yet, or dampening
     */
    public Sgd nesterov() {
        return set(momentum, dampening, true);
    }

    private Sgd set(double m, double d, boolean ahead) {
        requireAtLeastZero("momentum", m);
        requireAtLeastZero("dampening", d);
        if (ahead && (m == 0 || d != 0)) {
            throw new IllegalArgumentException("Sgd: Nesterov's form needs momentum, set before it, and no dampening");
        }
        momentum = m;
        dampening = d;
        nesterov = ahead;
        first = new Steps.Momentum(m, 0, ahead); // the first gradient is the velocity, undampened
        later = new Steps.Momentum(m, d, ahead);
        return this;
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of("momentum", momentum, "dampening", dampening, "nesterov", nesterov ? 1.0 : 0.0);
    }

    @Override
    List<String> kept() {
        return momentum == 0 ? List.of() : VELOCITY;
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        if (momentum == 0) {
            Steps.sgd(p, g, s.learningRate(), l2);
        } else {
            Steps.momentum(p, g, kept[0], s.step() == 1 ? first : later, s.learningRate(), l2);
        }
    }
}
