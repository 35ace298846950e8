package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Adam with a rectified variance (Liu et al. 2020): with m and v of {@link Adam}, {@code rho_inf = 2 / (1 - b2) - 1} and {@code
 * rho = rho_inf - 2 t b2^t / (1 - b2^t)}, {@code p -= lr r m / (1 - b1^t) sqrt(1 - b2^t) / (sqrt(v) + eps)}, where {@code r^2 =
 * (rho - 4) (rho - 2) rho_inf / ((rho_inf - 4) (rho_inf - 2) rho)}. In the first steps, where rho is 5 at most, v says too little:
 * {@code p -= lr m / (1 - b1^t)}. PyTorch's {@code RAdam}.
 */
public final class RAdam extends InPlaceOptimizer {
    private static final List<String> KEPT = List.of("mean", "square");

    private Steps.Adam rule = new Steps.Adam(0.9, 0.999, 1e-8);

    /** Returns RAdam with learning rate 1e-3, beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public RAdam(Map<String, Node> parameters) {
        this(parameters, 1e-3);
    }

    /** Returns RAdam with beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public RAdam(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets the decay rates of the mean of the gradients and of their squares, each from 0 to below 1. */
    public RAdam betas(double beta1, double beta2) {
        requireDecayRate("beta1", beta1);
        requireDecayRate("beta2", beta2);
        rule = new Steps.Adam(beta1, beta2, rule.epsilon());
        return this;
    }

    /** Sets the number from 0 up that is added to the root. */
    public RAdam epsilon(double added) {
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
        double rate = s.learningRate() / (1 - Math.pow(rule.beta1(), s.step()));
        double power = Math.pow(rule.beta2(), s.step());
        double limit = 2 / (1 - rule.beta2()) - 1;
        double length = limit - 2 * s.step() * power / (1 - power);
        if (length > 5) {
            double rectified =
                    Math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length) * (1 - power));
            Steps.rectifiedAdam(p, g, kept[0], kept[1], rule, rate * rectified, l2);
        } else {
            Steps.unadaptedAdam(p, g, kept[0], kept[1], rule, rate, l2);
        }
    }
}
