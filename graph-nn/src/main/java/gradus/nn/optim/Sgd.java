package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Stochastic gradient descent, with or without momentum: PyTorch's {@code SGD}. */
public final class Sgd extends Optimizer {
    private final double momentum;
    private final double dampening;
    private final boolean nesterov;
    private final Set<String> started = new HashSet<>();

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
        this.dampening = dampening;
        this.nesterov = nesterov;
    }

    @Override
    void step(String path, Tensor p, Tensor g, double l2) {
        if (momentum == 0) {
            Steps.sgd(p, g, learningRate(), l2);
            return;
        }
        boolean first = started.add(path); // the first gradient is the velocity, undampened
        Tensor v = slot("velocity", path, p);
        Steps.momentum(p, g, v, new Steps.Momentum(momentum, first ? 0 : dampening, nesterov), learningRate(), l2);
    }
}
