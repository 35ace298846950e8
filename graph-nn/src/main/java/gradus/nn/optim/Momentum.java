package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Gradient descent with momentum as the book (Deep Learning from Scratch) writes it: {@code v = momentum v - lr g; p += v}. For a
 * constant learning rate its steps are those of {@link Sgd}'s momentum; after a change of the rate they differ, as v holds the
 * rates of earlier steps.
 */
public final class Momentum extends InPlaceOptimizer {
    private static final List<String> KEPT = List.of("bookVelocity");

    private double momentum = 0.9;

    /** Returns the book's momentum with learning rate 0.01 and momentum 0.9. */
    public Momentum(Map<String, Node> parameters) {
        this(parameters, 0.01);
    }

    /** Returns the book's momentum with momentum 0.9. */
    public Momentum(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets how much of the velocity is kept in each step, from 0 up. */
    public Momentum momentum(double factor) {
        requireAtLeastZero("momentum", factor);
        momentum = factor;
        return this;
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of("momentum", momentum);
    }

    @Override
    List<String> kept() {
        return KEPT;
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        Steps.bookMomentum(p, g, kept[0], momentum, s.learningRate(), l2);
    }
}
