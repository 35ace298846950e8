package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * AdaDelta (Zeiler 2012): {@code s = rho s + (1 - rho) g^2; d = sqrt(u + eps) / sqrt(s + eps) g; u = rho u + (1 - rho) d^2;
 * p -= lr d}. PyTorch's {@code Adadelta}.
 */
public final class AdaDelta extends InPlaceOptimizer {
    private static final List<String> KEPT = List.of("square", "delta");

    private double rho = 0.9;
    private double epsilon = 1e-6;

    /** Returns AdaDelta with learning rate 1, rho 0.9 and epsilon 1e-6. */
    public AdaDelta(Map<String, Node> parameters) {
        this(parameters, 1);
    }

    /** Returns AdaDelta with rho 0.9 and epsilon 1e-6. */
    public AdaDelta(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets the weight of the old mean squares, from 0 to below 1. */
    public AdaDelta rho(double weight) {
        requireDecayRate("rho", weight);
        rho = weight;
        return this;
    }

    /** Sets the number from 0 up that is added under both roots. */
    public AdaDelta epsilon(double added) {
        requireAtLeastZero("epsilon", added);
        epsilon = added;
        return this;
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of("rho", rho, "epsilon", epsilon);
    }

    @Override
    List<String> kept() {
        return KEPT;
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        Steps.adaDelta(p, g, kept[0], kept[1], rho, epsilon, s.learningRate(), l2);
    }
}
