package gradus.nn.optim;

import gradus.array.RowSparse;
import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Map;

/**
 * Stochastic gradient descent, with or without momentum: PyTorch's {@code SGD}.
 *
 * <p>With a row-sparse gradient, as that of an embedding's table, only the rows that it has are updated, by the same formula;
 * the velocity of the others is kept and does not move them. PyTorch's goes on moving them, also for sparse gradients;
 * {@link Optimizer#lazyRows lazyRows(false)} does that. Without momentum, decay and penalty both are the same.
 */
public final class Sgd extends InPlaceOptimizer {
    private final double momentum;
    private final Steps.Momentum first;
    private final Steps.Momentum later;

    /** Returns plain gradient descent, {@code p -= lr g}. */
    public Sgd(Map<String, Node> parameters, double learningRate) {
        this(parameters, learningRate, 0, 0, false);
    }

    /** Returns gradient descent with momentum: {@code v = momentum v + g; p -= lr v}. */
    public Sgd(Map<String, Node> parameters, double learningRate, double momentum) {
        this(parameters, learningRate, momentum, 0, false);
    }

    /**
     * Returns gradient descent with all options of PyTorch's.
     *
     * @param dampening how much less than 1 a gradient counts in the velocity, after the first
     * @param nesterov whether the gradient is taken one step of momentum ahead (Nesterov 1983)
     */
    public Sgd(Map<String, Node> parameters, double learningRate, double momentum, double dampening, boolean nesterov) {
        super(parameters, learningRate);
        requireAtLeastZero("momentum", momentum);
        requireAtLeastZero("dampening", dampening);
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new IllegalArgumentException("Sgd: Nesterov's form needs momentum and no dampening");
        }
        this.momentum = momentum;
        this.first = new Steps.Momentum(momentum, 0, nesterov); // the first gradient is the velocity, undampened
        this.later = new Steps.Momentum(momentum, dampening, nesterov);
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of("momentum", momentum, "dampening", later.dampening(), "nesterov", later.nesterov() ? 1.0 : 0.0);
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, State s, double l2) {
        if (momentum == 0) {
            Steps.sgd(p, g, s.learningRate(), l2);
        } else {
            Steps.momentum(p, g, s.inParameterType("velocity"), s.step() == 1 ? first : later, s.learningRate(), l2);
        }
    }

    @Override
    void updateInPlace(Tensor p, RowSparse g, State s, double l2) {
        if (momentum == 0) {
            Steps.sgd(p, g, s.learningRate(), l2);
        } else {
            Steps.momentum(p, g, s.inParameterType("velocity"), s.step() == 1 ? first : later, s.learningRate(), l2);
        }
    }
}
