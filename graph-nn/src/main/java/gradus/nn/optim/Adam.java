package gradus.nn.optim;

import gradus.array.RowSparse;
import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015) in PyTorch's form: {@code m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr m / (1 -
 * b1^t) / (sqrt(v / (1 - b2^t)) + eps)}.
 *
 * <p>With a row-sparse gradient, as that of an embedding's table, it is PyTorch's {@code SparseAdam}, but for
 * epsilon, which that adds before the bias correction: the rows without a gradient and their moments stay as they are.
 * PyTorch's {@code nn.Embedding} has an ordinary gradient by default, for which
 * Adam updates all rows in each step; {@link Optimizer#lazyRows lazyRows(false)} does that.
 */
public class Adam extends InPlaceOptimizer {
    private final Steps.Adam rule;

    /** Returns Adam with learning rate 1e-3, beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public Adam(Map<String, Node> parameters) {
        this(parameters, 1e-3);
    }

    /** Returns Adam with beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public Adam(Map<String, Node> parameters, double learningRate) {
        this(parameters, learningRate, 0.9, 0.999, 1e-8);
    }

    /** Returns Adam with other decay rates of its two moments, each from 0 to below 1, and another epsilon. */
    public Adam(Map<String, Node> parameters, double learningRate, double beta1, double beta2, double epsilon) {
        super(parameters, learningRate);
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException(
                    "Adam: beta1 " + beta1 + " and beta2 " + beta2 + " must be from 0 to below 1");
        }
        requireAtLeastZero("epsilon", epsilon);
        this.rule = new Steps.Adam(beta1, beta2, epsilon);
    }

    @Override
    protected final Map<String, Double> hyperparameters() {
        return Map.of("beta1", rule.beta1(), "beta2", rule.beta2(), "epsilon", rule.epsilon());
    }

    @Override
    final void updateInPlace(Tensor p, Tensor g, State s, double l2) {
        Steps.adam(p, g, s.inParameterType("mean"), s.inParameterType("square"), rule, s.step(), s.learningRate(), l2);
    }

    @Override
    final void updateInPlace(Tensor p, RowSparse g, State s, double l2) {
        Steps.adam(p, g, s.inParameterType("mean"), s.inParameterType("square"), rule, s.step(), s.learningRate(), l2);
    }
}
