package gradus.ops;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * A probability distribution, or a batch of them: its parameters are nodes, which broadcast, so that densities, entropies and
 * samples have gradients with respect to them. The counterpart of PyTorch's {@code torch.distributions.Distribution}; the
 * factories are in {@link Distributions}.
 *
 * <p>{@code batch} is the shape of the parameters, {@code event} that of one draw: {@code []} for a number, {@code [k]} for a
 * vector. What a distribution cannot have, such as a standard deviation of 0, or a point outside the support, is an error that names
 * the element, as in PyTorch with {@code validate_args}, its default; a support holds finite numbers only.
 */
public interface Distribution {
    /** Returns the shape of the parameters, broadcast: one distribution for each element. */
    Shape batchShape();

    /** Returns the shape of one draw: {@code []} by default. */
    default Shape eventShape() {
        return Shape.SCALAR;
    }

    /**
     * Returns the logarithm of the density, or of the probability for a discrete distribution: {@code [.., event] -> [..]},
     * broadcast with the batch. It has gradients with respect to the parameters and, unless the distribution is discrete, to x.
     *
     * @throws gradus.array.OperandMismatch if x does not broadcast, or an element is outside the support
     */
    Node logProb(Node x);

    /** Returns the entropy, {@code -E[log p(x)]} in nats: {@code batch}. */
    Node entropy();

    /** Returns the expected value: {@code batch + event}. */
    Node mean();

    /** Returns the variance of each element of a draw: {@code batch + event}. */
    Node variance();

    /**
     * Returns draws: {@code shape + batch + event}. Those of a continuous distribution are reparameterized, as PyTorch's {@code
     * rsample}: a draw is a differentiable function of the parameters and of noise that does not depend on them, so that the gradient
     * of an expected value is the mean of the draws' gradients. Those of a discrete one are constants. The same stream gives the
     * same draws, for any number of threads.
     *
     * @param shape the shape of independent draws for each element of the batch
     */
    Node sample(Shape shape, RandomStream random);

    /** Returns one draw for each element of the batch: {@code batch + event}. */
    default Node sample(RandomStream random) {
        return sample(Shape.SCALAR, random);
    }
}
