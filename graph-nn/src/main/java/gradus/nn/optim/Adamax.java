package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Adamax (Kingma and Ba 2015), Adam by the largest gradient instead of the mean square: {@code m = b1 m + (1 - b1) g; u = max(b2 u,
 * |g| + eps); p -= lr m / (1 - b1^t) / u}. PyTorch's {@code Adamax}.
 */
public final class Adamax extends InPlaceOptimizer {
    private static final List<String> KEPT = List.of("mean", "largest");

    private Steps.Adam rule = new Steps.Adam(0.9, 0.999, 1e-8);

    /** Returns Adamax with learning rate 2e-3, beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public Adamax(Map<String, Node> parameters) {
        this(parameters, 2e-3);
    }

    /** Returns Adamax with beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public Adamax(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets the decay rates of the mean of the gradients and of the largest, each from 0 to below 1. */
    public Adamax betas(double beta1, double beta2) {
        requireDecayRate("beta1", beta1);
        requireDecayRate("beta2", beta2);
        rule = new Steps.Adam(beta1, beta2, rule.epsilon());
        return this;
    }

    /** Sets the number from 0 up that is added to the size of a gradient; with 0, a gradient that was always 0 gives NaN. */
    public Adamax epsilon(double added) {
        requireAtLeastZero("epsilon", added);
        rule = new Steps.Adam(rule.beta1(), rule.beta2(), added);
        return this;
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of("beta1", rule.beta1(), "beta2", rule.beta2(), "epsilon", rule.epsilon());
    }

    @Override
    List<String> kept() {
        return KEPT;
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        Steps.adamax(p, g, kept[0], kept[1], rule, s.step(), s.learningRate(), l2);
    }
}
