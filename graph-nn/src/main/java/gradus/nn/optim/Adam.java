package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Map;

/** Adam (Kingma and Ba, 2015), as PyTorch has it: bias-corrected, epsilon outside the root. */
public final class Adam extends Optimizer {
    private static final int MEAN = 0;
    private static final int SQUARE = 1;

    private final Steps.Adam rule;

    /** Returns Adam with the usual constants, 0.9, 0.999 and 1e-8. */
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
    void step(Moved m, Tensor p, Tensor g, double l2) {
        Steps.adam(p, g, m.slot(MEAN, p), m.slot(SQUARE, p), rule, m.steps, learningRate(), l2);
    }
}
