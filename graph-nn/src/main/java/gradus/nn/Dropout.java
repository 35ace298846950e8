package gradus.nn;

import gradus.array.Tensor;
import gradus.graph.Node;

/**
 * Dropout (Srivastava et al. 2014), inverted as in PyTorch: in training each element is 0 with probability p, and is
 * divided by {@code 1 - p} otherwise, so that the expected value stays; in evaluation {@code y = x}. Any shape. Calls with the
 * same {@link Pass} have the same mask; for another one call it with {@code pass.in(name)}.
 */
public final class Dropout extends Model {
    private final double p;

    /**
     * Returns a layer that drops each element with probability p.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public Dropout(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("Dropout: probability " + p + " must be from 0 to 1");
        }
        this.p = p;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Dropout", x, pass);
        if (!pass.isTraining() || p == 0) {
            return x;
        }
        Tensor draws = Tensor.uniform(x.shape(), 0, 1, pass.random(path()));
        double kept = p == 1 ? 0 : 1 / (1 - p);
        return x.mul(Node.constant(draws.map(u -> u < p ? 0 : kept).to(x.dtype())));
    }

    @Override
    protected boolean dependsOnPass() {
        return p > 0;
    }

    @Override
    public String toString() {
        return "Dropout[" + p + "]";
    }
}
