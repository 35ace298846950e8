package gradus.nn;

import gradus.array.Tensor;
import gradus.graph.Node;

/**
 * Dropout for networks of {@code selu}, which keeps mean 0 and variance 1 (Klambauer et al. 2017): in training each
 * element is replaced by {@code alpha = -1.7580993408473766}, the limit of selu, with probability p, and the result is
 * {@code a x + b} with {@code a = 1 / sqrt((1 - p) (1 + p alpha^2))} and {@code b = -a p alpha}; in evaluation {@code y
 * = x}. With p = 1 the result is 0. Any shape. PyTorch's {@code AlphaDropout}.
 */
public final class AlphaDropout extends Model {
    private static final double LIMIT = -1.7580993408473766;

    private final double p;

    /**
     * Returns a layer that replaces each element with probability p.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public AlphaDropout(double p) {
        this.p = Dropout.requireProbability("AlphaDropout", p);
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("AlphaDropout", x, pass);
        if (!pass.isTraining() || p == 0) {
            return x;
        }
        double a = p == 1 ? 0 : 1 / Math.sqrt((1 - p) * (1 + p * LIMIT * LIMIT));
        Tensor scale = Tensor.bernoulli(x.shape(), 1 - p, a, x.dtype(), pass.random(path()));
        Tensor shift = scale.sub(a).mul(-LIMIT).sub(a * p * LIMIT); // a LIMIT where an element is dropped, plus b
        return x.mul(Node.constant(scale)).add(Node.constant(shift));
    }

    @Override
    protected boolean dependsOnPass() {
        return p > 0;
    }

    @Override
    public String toString() {
        return "AlphaDropout[" + p + "]";
    }
}
