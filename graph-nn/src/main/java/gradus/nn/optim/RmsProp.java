package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * RMSprop (Tieleman and Hinton 2012): {@code s = alpha s + (1 - alpha) g^2; p -= lr g / (sqrt(s) + eps)}. PyTorch's {@code
 * RMSprop}. {@link #centered} divides by the root of the variance {@code s - m^2} instead, where m is the mean of the gradients;
 * with {@link #momentum} the quotient q enters a velocity, {@code v = momentum v + q; p -= lr v}.
 */
public final class RmsProp extends InPlaceOptimizer {
    private static final List<String> SQUARE = List.of("square");
    private static final List<String> SQUARE_VELOCITY = List.of("square", "velocity");
    private static final List<String> SQUARE_MEAN = List.of("square", "gradientMean");
    private static final List<String> ALL = List.of("square", "gradientMean", "velocity");

    private Steps.RmsProp rule = new Steps.RmsProp(0.99, 1e-8, 0);
    private boolean centered;

    /** Returns RMSprop with learning rate 0.01, alpha 0.99 and epsilon 1e-8. */
    public RmsProp(Map<String, Node> parameters) {
        this(parameters, 0.01);
    }

    /** Returns RMSprop with alpha 0.99 and epsilon 1e-8. */
    public RmsProp(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Returns RMSprop as the book (Deep Learning from Scratch) has it: learning rate 0.01, decay rate 0.99, epsilon 1e-7. */
    public static RmsProp book(Map<String, Node> parameters) {
        return new RmsProp(parameters).epsilon(1e-7);
    }

    /** Sets the weight of the old mean square, from 0 to below 1. */
    public RmsProp alpha(double weight) {
        requireDecayRate("alpha", weight);
        rule = new Steps.RmsProp(weight, rule.epsilon(), rule.momentum());
        return this;
    }

    /** Sets the number from 0 up that is added to the root. */
    public RmsProp epsilon(double added) {
        requireAtLeastZero("epsilon", added);
        rule = new Steps.RmsProp(rule.alpha(), added, rule.momentum());
        return this;
    }

    /** Sets how much of the velocity is kept in each step, from 0 up; 0 by default. */
    public RmsProp momentum(double factor) {
        requireAtLeastZero("momentum", factor);
        rule = new Steps.RmsProp(rule.alpha(), rule.epsilon(), factor);
        return this;
    }

    /** Divides by the standard deviation of the gradients instead of the root of their mean square (Graves 2013). */
    public RmsProp centered() {
        centered = true;
        return this;
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of(
                "alpha",
                rule.alpha(),
                "epsilon",
                rule.epsilon(),
                "momentum",
                rule.momentum(),
                "centered",
                centered ? 1.0 : 0.0);
    }

    @Override
    List<String> kept() {
        if (centered) {
            return rule.momentum() == 0 ? SQUARE_MEAN : ALL;
        }
        return rule.momentum() == 0 ? SQUARE : SQUARE_VELOCITY;
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        double lr = s.learningRate();
        if (centered && rule.momentum() == 0) {
            Steps.centeredRmsProp(p, g, kept[0], kept[1], rule, lr, l2);
        } else if (centered) {
            Steps.centeredRmsPropMomentum(p, g, kept[0], kept[1], kept[2], rule, lr, l2);
        } else if (rule.momentum() == 0) {
            Steps.rmsProp(p, g, kept[0], rule, lr, l2);
        } else {
            Steps.rmsPropMomentum(p, g, kept[0], kept[1], rule, lr, l2);
        }
    }
}
