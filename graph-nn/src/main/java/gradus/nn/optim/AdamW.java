package gradus.nn.optim;

import gradus.graph.Node;
import java.util.Map;

/** {@link Adam} with decoupled weight decay (Loshchilov and Hutter 2019), {@code p *= 1 - lr λ} before its step; λ is 0.01. */
public final class AdamW extends Adam {
    /** Returns AdamW with learning rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-8 and weight decay 0.01. */
    public AdamW(Map<String, Node> parameters) {
        this(parameters, 1e-3);
    }

    /** Returns AdamW with beta1 0.9, beta2 0.999, epsilon 1e-8 and weight decay 0.01. */
    public AdamW(Map<String, Node> parameters, double learningRate) {
        this(parameters, learningRate, 0.9, 0.999, 1e-8);
    }

    /** Returns AdamW with other decay rates of its two moments, each from 0 to below 1, and another epsilon. */
    public AdamW(Map<String, Node> parameters, double learningRate, double beta1, double beta2, double epsilon) {
        super(parameters, learningRate, beta1, beta2, epsilon);
        weightDecay(0.01);
    }
}
