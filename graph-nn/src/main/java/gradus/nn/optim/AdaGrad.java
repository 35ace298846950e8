package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * AdaGrad (Duchi, Hazan and Singer 2011): {@code h += g^2; p -= lr g / (sqrt(h) + eps)}. PyTorch's {@code Adagrad}; of row-sparse
 * gradients too.
 */
public final class AdaGrad extends InPlaceOptimizer {
    private static final List<String> KEPT = List.of("sum");

    private double epsilon = 1e-10;
    private double learningRateDecay;
    private double initialAccumulator;

    /** Returns AdaGrad with learning rate 0.01 and epsilon 1e-10, PyTorch's. */
    public AdaGrad(Map<String, Node> parameters) {
        this(parameters, 0.01);
    }

    /** Returns AdaGrad with epsilon 1e-10, PyTorch's. */
    public AdaGrad(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Returns AdaGrad as the book (Deep Learning from Scratch) has it: learning rate 0.01, epsilon 1e-7. */
    public static AdaGrad book(Map<String, Node> parameters) {
        return new AdaGrad(parameters).epsilon(1e-7);
    }

    /** Sets the number from 0 up that is added to the root. */
    public AdaGrad epsilon(double added) {
        requireAtLeastZero("epsilon", added);
        epsilon = added;
        return this;
    }

    /** Divides the learning rate of step t, counted from 1, by {@code 1 + decay (t - 1)}; 0 by default. PyTorch's {@code lr_decay}. */
    public AdaGrad learningRateDecay(double decay) {
        requireAtLeastZero("learning rate decay", decay);
        learningRateDecay = decay;
        return this;
    }

    /** Sets what h is before the first step; 0 by default. PyTorch's {@code initial_accumulator_value}. */
    public AdaGrad initialAccumulator(double value) {
        requireAtLeastZero("initial accumulator", value);
        initialAccumulator = value;
        return this;
    }

    @Override
    protected Map<String, Double> hyperparameters() {
        return Map.of(
                "epsilon", epsilon, "learningRateDecay", learningRateDecay, "initialAccumulator", initialAccumulator);
    }

    @Override
    List<String> kept() {
        return KEPT;
    }

    @Override
    void begin(State s) {
        if (s.step() == 1 && initialAccumulator != 0) {
            s.set(
                    "sum",
                    Tensor.full(s.node().shape(), initialAccumulator, s.node().dtype()));
        }
    }

    @Override
    void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2) {
        Steps.adagrad(p, g, kept[0], epsilon, s.learningRate() / (1 + (s.step() - 1) * learningRateDecay), l2);
    }
}
