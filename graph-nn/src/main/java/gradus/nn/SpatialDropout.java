package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;

/**
 * Dropout of whole channels (Tompson et al. 2015), {@code [n, c, ..] -> [n, c, ..]}: in training each channel of each
 * sample is 0 with probability p, and is divided by {@code 1 - p} otherwise; in evaluation {@code y = x}. PyTorch's
 * {@code Dropout1d}, {@code Dropout2d} and {@code Dropout3d}.
 */
public final class SpatialDropout extends Model {
    private final double p;

    /**
     * Returns a layer that drops each channel with probability p.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public SpatialDropout(double p) {
        this.p = Dropout.requireProbability("SpatialDropout", p);
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("SpatialDropout", x, pass);
        Shape s = x.shape();
        if (s.rank() < 2) {
            throw new OperandMismatch("SpatialDropout", "it takes [n, c, ..]", x.label());
        }
        if (!pass.isTraining() || p == 0) {
            return x;
        }
        int[] channels = new int[s.rank()];
        Arrays.fill(channels, 1);
        channels[0] = s.dim(0);
        channels[1] = s.dim(1);
        double kept = p == 1 ? 1 : 1 / (1 - p);
        Shape mask = Shape.of(channels);
        return x.mul(Node.constant(Tensor.bernoulli(mask, 1 - p, kept, x.dtype(), pass.random(path()))));
    }

    @Override
    protected boolean dependsOnPass() {
        return p > 0;
    }

    @Override
    public String toString() {
        return "SpatialDropout[" + p + "]";
    }
}
