package gradus.nn;

import gradus.array.Tensor;
import gradus.graph.Node;

/**
 * Dropout (Srivastava et al. 2014), inverted as in PyTorch: in training each element is 0 with probability p, and is
 * divided by {@code 1 - p} otherwise, so that the expected value stays; in evaluation {@code y = x}. Any shape. Calls
 * with the same {@link Pass} have the same mask; for another one call it with {@code pass.in(name)}. PyTorch's {@code
 * Dropout}.
 */
public final class Dropout extends Model {
    private final double p;
    private final boolean scalesInEvaluation;

    /**
     * Returns a layer that drops each element with probability p.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public Dropout(double p) {
        this(p, false);
    }

    private Dropout(double p, boolean scalesInEvaluation) {
        this.p = requireProbability("Dropout", p);
        this.scalesInEvaluation = scalesInEvaluation;
    }

    /**
     * Returns the dropout of the book (Deep Learning from Scratch), which scales in evaluation: each element is 0 with
     * probability p in training and as it was otherwise, and {@code y = (1 - p) x} in evaluation.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public static Dropout book(double p) {
        return new Dropout(p, true);
    }

    static double requireProbability(String layer, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(layer + ": probability " + p + " must be from 0 to 1");
        }
        return p;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Dropout", x, pass);
        if (p == 0) {
            return x;
        }
        if (!pass.isTraining()) {
            return scalesInEvaluation ? x.mul(1 - p) : x;
        }
        double kept = scalesInEvaluation || p == 1 ? 1 : 1 / (1 - p);
        return x.mul(Node.constant(Tensor.bernoulli(x.shape(), 1 - p, kept, x.dtype(), pass.random(path()))));
    }

    @Override
    protected boolean dependsOnPass() {
        return p > 0;
    }

    @Override
    public String toString() {
        return "Dropout" + (scalesInEvaluation ? ".book" : "") + "[" + p + "]";
    }
}
