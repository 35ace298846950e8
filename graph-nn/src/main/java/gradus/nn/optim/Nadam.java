package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Adam with Nesterov's momentum (Dozat 2016): with m and v of {@link Adam} and {@code mu_t = b1 (1 - 0.96^(t decay) / 2)},
 * whose product from 1 to t is M, {@code p -= lr ((1 - mu_t) / (1 - M_t) g + mu_(t+1) / (1 - M_(t+1)) m) / (sqrt(v / (1 -
 * b2^t)) + eps)}. PyTorch's {@code NAdam} as it is documented; that of 1.13 multiplies M_(t+1) by mu_t once more.
 */
public final class Nadam extends InPlaceOptimizer {
    private static final List<String> KEPT = List.of("mean", "square");
    private static final String PRODUCT = "momentumProduct";

    private Steps.Adam rule = new Steps.Adam(0.9, 0.999, 1e-8);
    private double momentumDecay = 4e-3;

    /** Returns Nadam with learning rate 2e-3, beta1 0.9, beta2 0.999, epsilon 1e-8 and momentum decay 4e-3. */
    public Nadam(Map<String, Node> parameters) {
        this(parameters, 2e-3);
    }

    /** Returns Nadam with beta1 0.9, beta2 0.999, epsilon 1e-8 and momentum decay 4e-3. */
    public Nadam(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets the decay rates of the mean of the gradients and of their squares, each from 0 to below 1. */
    public Nadam betas(double beta1, double beta2) {
        requireDecayRate("beta1", beta1);
        requireDecayRate("beta2", beta2);
        rule = new Steps.Adam(beta1, beta2, rule.epsilon());
        return this;
    }

    /** Sets the number from 0 up that is added to the root. */
    public Nadam epsilon(double added) {
        requireAtLeastZero("epsilon", added);
        rule = new Steps.Adam(rule.beta1(), rule.beta2(), added);
        return this;
    }

    /** Sets how fast the momentum rises from half of beta1 to beta1, from 0 up. */
    public Nadam momentumDecay(double decay) {
        requireAtLeastZero("momentum decay", decay);
        momentumDecay = decay;
        return this;
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of(
                "beta1",
                rule.beta1(),
                "beta2",
                rule.beta2(),
                "epsilon",
                rule.epsilon(),
                "momentumDecay",
                momentumDecay);
    }

    @Override
    List<String> kept() {
        return KEPT;
    }

    @Override
    List<String> keptNumbers() {
        return List.of(PRODUCT);
    }

    @Override
    void begin(State s) {
        double before = s.step() == 1 ? 1 : s.tensor(PRODUCT).item();
        s.set(PRODUCT, Tensor.of(before * momentum(s.step())));
    }

    /** Returns mu of a step. */
    private double momentum(int step) {
        return rule.beta1() * (1 - 0.5 * Math.pow(0.96, step * momentumDecay));
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        int t = s.step();
        double product = s.tensor(PRODUCT).item();
        double next = momentum(t + 1);
        double gradientRate = s.learningRate() * (1 - momentum(t)) / (1 - product);
        double meanRate = s.learningRate() * next / (1 - product * next);
        Steps.nadam(p, g, kept[0], kept[1], rule, t, gradientRate, meanRate, l2);
    }
}
