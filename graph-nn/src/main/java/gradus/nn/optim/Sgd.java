package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Map;

/** Stochastic gradient descent, with or without momentum: PyTorch's {@code SGD}. */
public final class Sgd extends Optimizer {
    private static final int VELOCITY = 0;

    private final double momentum;
    private final Steps.Momentum first;
    private final Steps.Momentum later;

    /** Returns plain descent, {@code p -= lr g}. */
    public Sgd(Map<String, Node> parameters, double learningRate) {
        this(parameters, learningRate, 0, 0, false);
    }

    /** Returns descent with momentum: {@code v = momentum v + g; p -= lr v}. */
    public Sgd(Map<String, Node> parameters, double learningRate, double momentum) {
        this(parameters, learningRate, momentum, 0, false);
    }

    /**
     * Returns descent with all options of PyTorch's.
     *
     * @param dampening how much less than 1 a gradient counts in the velocity, after the first
     * @param nesterov whether to look one step of momentum ahead
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
    void step(Moved m, Tensor p, Tensor g, double l2) {
        if (momentum == 0) {
            Steps.sgd(p, g, learningRate(), l2);
        } else {
            Steps.momentum(p, g, m.slot(VELOCITY, p), m.steps == 1 ? first : later, learningRate(), l2);
        }
    }
}
