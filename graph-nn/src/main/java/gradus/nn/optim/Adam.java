package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015) in PyTorch's form: {@code m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr m / (1 -
 * b1^t) / (sqrt(v / (1 - b2^t)) + eps)}. {@link #amsgrad} takes the largest v so far.
 *
 * <p>With a row-sparse gradient, as that of an embedding's table, it is PyTorch's {@code SparseAdam}, but for
 * epsilon, which that adds before the bias correction: the rows without a gradient and their moments stay as they are.
 * PyTorch's {@code nn.Embedding} has an ordinary gradient by default, for which
 * Adam updates all rows in each step; {@link Optimizer#lazyRows lazyRows(false)} does that.
 */
public class Adam extends InPlaceOptimizer {
    private static final List<String> KEPT = List.of("mean", "square");
    private static final List<String> KEPT_BY_AMSGRAD = List.of("mean", "square", "largest");

    private Steps.Adam rule = new Steps.Adam(0.9, 0.999, 1e-8);
    private boolean amsgrad;

    /** Returns Adam with learning rate 1e-3, beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public Adam(Map<String, Node> parameters) {
        this(parameters, 1e-3);
    }

    /** Returns Adam with beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public Adam(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets the decay rates of the mean of the gradients and of their squares, each from 0 to below 1. */
    public final Adam betas(double beta1, double beta2) {
        requireDecayRate("beta1", beta1);
        requireDecayRate("beta2", beta2);
        rule = new Steps.Adam(beta1, beta2, rule.epsilon());
        return this;
    }

    /** Sets the number from 0 up that is added to the root. */
    public final Adam epsilon(double added) {
        requireAtLeastZero("epsilon", added);
        rule = new Steps.Adam(rule.beta1(), rule.beta2(), added);
        return this;
    }

    /** Divides by the root of the largest v so far, so that no step grows where v falls: AMSGrad (Reddi, Kale and Kumar 2018). */
    public final Adam amsgrad() {
        amsgrad = true;
        return this;
    }

    @Override
    protected final Map<String, Double> hyperparameters() {
        return Map.of(
                "beta1",
                rule.beta1(),
                "beta2",
                rule.beta2(),
                "epsilon",
                rule.epsilon(),
                "amsgrad",
                amsgrad ? 1.0 : 0.0);
    }

    @Override
    final List<String> kept() {
        return amsgrad ? KEPT_BY_AMSGRAD : KEPT;
    }

    @Override
    final void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        if (amsgrad) {
            Steps.amsgrad(p, g, kept[0], kept[1], kept[2], rule, s.step(), s.learningRate(), l2);
        } else {
            Steps.adam(p, g, kept[0], kept[1], rule, s.step(), s.learningRate(), l2);
        }
    }
}
