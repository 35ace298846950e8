package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Lion (Chen et al. 2023): {@code p -= lr sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g}. Every element moves by the learning rate,
 * which is to be 3 to 10 times smaller than Adam's, and the decoupled {@link #weightDecay} so much larger. Not in PyTorch.
 */
public final class Lion extends InPlaceOptimizer {
    private static final List<String> KEPT = List.of("mean");

    private double beta1 = 0.9;
    private double beta2 = 0.99;

    /** Returns Lion with learning rate 1e-4, beta1 0.9 and beta2 0.99. */
    public Lion(Map<String, Node> parameters) {
        this(parameters, 1e-4);
    }

    /** Returns Lion with beta1 0.9 and beta2 0.99. */
    public Lion(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets the weights of the mean in the step and in the next mean, each from 0 to below 1. */
    public Lion betas(double beta1, double beta2) {
        requireDecayRate("beta1", beta1);
        requireDecayRate("beta2", beta2);
        this.beta1 = beta1;
        this.beta2 = beta2;
        return this;
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of("beta1", beta1, "beta2", beta2);
    }

    @Override
    List<String> kept() {
        return KEPT;
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        Steps.lion(p, g, kept[0], beta1, beta2, s.learningRate(), l2);
    }
}
