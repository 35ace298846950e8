package gradus.nn.optim;

import gradus.nn.Model;

/**
 * The exponential moving average of the weights of a model: {@code mean = decay mean + (1 - decay) p} at each {@link #update},
 * usually after each step (Polyak and Juditsky 1992). PyTorch's {@code AveragedModel} with such a function.
 */
public final class Ema extends AveragedWeights {
    private final double decay;

    /**
     * Returns an average without weights.
     *
     * @param decay from 0 to below 1, such as 0.999: the average is over some {@code 1 / (1 - decay)} updates
     */
    public Ema(Model model, double decay) {
        super(model);
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("Ema: the decay " + decay + " must be from 0 to below 1");
        }
        this.decay = decay;
    }

    @Override
    public String settings() {
        return "Ema of decay " + decay;
    }

    @Override
    double weight(long before) {
        return 1 - decay;
    }
}
