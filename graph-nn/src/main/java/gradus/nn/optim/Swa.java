package gradus.nn.optim;

import gradus.nn.Model;

/**
 * Stochastic weight averaging (Izmailov et al. 2018): the mean of the weights of a model at all {@link #update}s, usually one at the end
 * of each of the last epochs, at a constant learning rate. PyTorch's {@code AveragedModel}.
 */
public final class Swa extends AveragedWeights {
    /** Returns an average without weights. */
    public Swa(Model model) {
        super(model);
    }

    @Override
    double weight(long before) {
        return 1.0 / (before + 1);
    }
}
