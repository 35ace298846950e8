package gradus.nn.optim;

import gradus.graph.Node;
import java.util.Map;

/**
 * {@link Adam} with decoupled weight decay (Loshchilov and Hutter 2019), {@code p *= 1 - lr λ} before its step; λ is 0.01.
 * PyTorch's {@code AdamW}, which also decays biases and scales of normalisation: see {@link Optimizer#decayed}.
 */
public final class AdamW extends Adam {
    /** Returns AdamW with learning rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-8 and weight decay 0.01. */
    public AdamW(Map<String, Node> parameters) {
        this(parameters, 1e-3);
    }

    /** Returns AdamW with beta1 0.9, beta2 0.999, epsilon 1e-8 and weight decay 0.01. */
    public AdamW(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
        weightDecay(0.01);
    }
}
