package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Formula;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Objects;

/**
 * Probability distributions, the counterpart of PyTorch's {@code torch.distributions}:
 *
 * <pre>{@code
 * Normal p = Distributions.normal(mean, std);
 * Node x = p.sample(Shape.of(100), RandomStream.of(42, "x"));
 * Node loss = p.logProb(data).mean().neg();
 * Node kl = Distributions.klDivergence(p, Distributions.normal(zero, one));
 * }</pre>
 *
 * <p>A distribution is a record of its parameters rather than a set of functions such as {@code normalLogProb(x, mean, std)}: the
 * parameters are checked and broadcast once, and what follows takes a distribution of any family. The factories here are its
 * constructors as functions, so that they are found with all other ops.
 */
public final class Distributions {
    /** {@code y = 1 at the first maximum along the last axis, else 0}; the gradient is passed on as if y were x. */
    private static final Formula ONE_HOT = Op.unary("oneHotOfMax", Distributions::oneHotOfMax, (c, gy) -> gy);

    private Distributions() {}

    // ---- continuous

    /**
     * Returns the normal distribution, of density {@code exp(-z^2 / 2) / (std sqrt(2 pi))} with {@code z = (x - mean) / std}:
     * parameters {@code [..]}, broadcast. PyTorch's {@code Normal}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, one is not finite, or std is not positive
     */
    public static Normal normal(Node mean, Node std) {
        return new Normal(mean, std);
    }

    /**
     * Returns the distribution of {@code exp(y)} for a normal y of mean {@code loc} and standard deviation {@code scale}: parameters
     * {@code [..]}, broadcast. PyTorch's {@code LogNormal}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, one is not finite, or the scale is not positive
     */
    public static LogNormal logNormal(Node loc, Node scale) {
        return new LogNormal(loc, scale);
    }

    /**
     * Returns the Laplace distribution, of density {@code exp(-|x - loc| / scale) / (2 scale)}: parameters {@code [..]}, broadcast.
     * PyTorch's {@code Laplace}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, one is not finite, or the scale is not positive
     */
    public static Laplace laplace(Node loc, Node scale) {
        return new Laplace(loc, scale);
    }

    /**
     * Returns the Gumbel distribution, of density {@code exp(-z - exp(-z)) / scale} with {@code z = (x - loc) / scale}: parameters
     * {@code [..]}, broadcast. PyTorch's {@code Gumbel}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, one is not finite, or the scale is not positive
     */
    public static Gumbel gumbel(Node loc, Node scale) {
        return new Gumbel(loc, scale);
    }

    /**
     * Returns the uniform distribution, of density {@code 1 / (high - low)} from low to high, both included: parameters {@code
     * [..]}, broadcast. PyTorch's {@code Uniform}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, one is not finite, or low is not below high
     */
    public static Uniform uniform(Node low, Node high) {
        return new Uniform(low, high);
    }

    /**
     * Returns the exponential distribution, of density {@code rate exp(-rate x)} for x from 0 up: a parameter {@code [..]}. PyTorch's
     * {@code Exponential}.
     *
     * @throws OperandMismatch if the rate is not positive and finite
     */
    public static Exponential exponential(Node rate) {
        return new Exponential(rate);
    }

    /**
     * Returns the gamma distribution, of density {@code rate^a x^(a-1) exp(-rate x) / gamma(a)} for x from 0 up, with a the
     * concentration: parameters {@code [..]}, broadcast. PyTorch's {@code Gamma}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, or one is not positive and finite
     */
    public static Gamma gamma(Node concentration, Node rate) {
        return new Gamma(concentration, rate);
    }

    /**
     * Returns the beta distribution, of density {@code x^(alpha-1) (1-x)^(beta-1) / B(alpha, beta)} for x from 0 to 1: parameters
     * {@code [..]}, broadcast. PyTorch's {@code Beta}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, or one is not positive and finite
     */
    public static Beta beta(Node alpha, Node beta) {
        return new Beta(alpha, beta);
    }

    /**
     * Returns the Dirichlet distribution over vectors x of k probabilities, of density {@code product of x[i]^(a[i]-1)} times {@code
     * gamma(sum of a) / product of gamma(a[i])}, with a the concentration: a parameter {@code [.., k]}. PyTorch's {@code Dirichlet}.
     *
     * @throws OperandMismatch if there is no last axis, it is empty, or an element is not positive and finite
     */
    public static Dirichlet dirichlet(Node concentration) {
        return new Dirichlet(concentration);
    }

    /**
     * Returns Student's t distribution, of density {@code (1 + z^2 / df)^(-(df+1)/2) / (scale sqrt(df) B(df/2, 1/2))} with {@code z =
     * (x - loc) / scale}: parameters {@code [..]}, broadcast. PyTorch's {@code StudentT}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, one is not finite, or df or scale is not positive
     */
    public static StudentT studentT(Node df, Node loc, Node scale) {
        return new StudentT(df, loc, scale);
    }

    /**
     * Returns the normal distribution of vectors of k elements: mean {@code [.., k]}, covariance {@code [.., k, k]}, broadcast. PyTorch's
     * {@code MultivariateNormal}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, or a covariance is not symmetric or not positive definite
     */
    public static MultivariateNormal multivariateNormal(Node mean, Node covariance) {
        return MultivariateNormal.ofCovariance(mean, covariance);
    }

    /**
     * Returns the normal distribution of vectors of k elements whose covariance is {@code L L^T}: mean {@code [.., k]}, factor L {@code
     * [.., k, k]}, broadcast. PyTorch's {@code MultivariateNormal} with {@code scale_tril}.
     *
     * @throws OperandMismatch if the parameters do not broadcast, or L is no lower triangle of positive diagonal
     */
    public static MultivariateNormal multivariateNormalWithFactor(Node mean, Node factor) {
        Objects.requireNonNull(mean, "multivariateNormalWithFactor: mean is null");
        Objects.requireNonNull(factor, "multivariateNormalWithFactor: factor is null");
        return new MultivariateNormal(mean, factor);
    }

    // ---- discrete

    /**
     * Returns the distribution of 1 with probability p, else 0: a parameter {@code [..]}. PyTorch's {@code Bernoulli}.
     *
     * @throws OperandMismatch if a probability is not from 0 to 1
     */
    public static Bernoulli bernoulli(Node probs) {
        DistributionChecks.requireProbability("bernoulli", "probs", probs);
        return new Bernoulli(probs, probs.log(), probs.neg().log1p());
    }

    /**
     * Returns the distribution of 1 with probability {@code sigmoid(logits)}, else 0: a parameter {@code [..]}. PyTorch's {@code
     * Bernoulli} with {@code logits}.
     *
     * @throws OperandMismatch if a logit is NaN
     */
    public static Bernoulli bernoulliWithLogits(Node logits) {
        DistributionChecks.require("bernoulliWithLogits", "logits", logits, v -> !Double.isNaN(v), "a number");
        return new Bernoulli(logits.sigmoid(), logits.logSigmoid(), logits.neg().logSigmoid());
    }

    /**
     * Returns the distribution over the classes 0 to k - 1 of probabilities {@code probs / sum of probs}: a parameter {@code [.., k]}.
     * PyTorch's {@code Categorical}.
     *
     * @throws OperandMismatch if there is no last axis, it is empty, an element is negative or not finite, or a sum is 0
     */
    public static Categorical categorical(Node probs) {
        String op = "categorical";
        DistributionChecks.require(
                op, "probs", probs, v -> v >= 0 && v < Double.POSITIVE_INFINITY, "from 0 up and finite");
        DistributionChecks.requireVectors(op, probs);
        Node sum = probs.sumKeepDims(-1);
        DistributionChecks.require(
                op, "the sum of probs", sum, v -> v > 0 && v < Double.POSITIVE_INFINITY, "positive and finite");
        Node p = probs.div(sum);
        return new Categorical(p, p.log());
    }

    /**
     * Returns the distribution over the classes 0 to k - 1 of probabilities {@code softmax(logits)}: a parameter {@code [.., k]}. PyTorch's
     * {@code Categorical} with {@code logits}.
     *
     * @throws OperandMismatch if there is no last axis, it is empty, an element is NaN or infinity, or all of a row are -infinity
     */
    public static Categorical categoricalWithLogits(Node logits) {
        requireLogits("categoricalWithLogits", logits);
        return new Categorical(logits.softmax(-1), logits.logSoftmax(-1));
    }

    /**
     * Returns the Poisson distribution, of probability {@code rate^x exp(-rate) / x!} for whole x from 0 up: a parameter {@code [..]}.
     * PyTorch's {@code Poisson}.
     *
     * @throws OperandMismatch if the rate is negative or not finite
     */
    public static Poisson poisson(Node rate) {
        return new Poisson(rate);
    }

    // ---- functions of distributions

    /**
     * Returns the Kullback-Leibler divergence {@code E[log p(x) - log q(x)]} for x from p, by a closed form: the batch of p, broadcast
     * with that of q. There is one for two distributions of the same family other than Student's t. PyTorch's {@code kl_divergence}.
     *
     * @throws IllegalArgumentException if there is no closed form for the pair, which the message names
     * @throws OperandMismatch if the batches do not broadcast
     */
    public static Node klDivergence(Distribution p, Distribution q) {
        Objects.requireNonNull(p, "klDivergence: p is null");
        Objects.requireNonNull(q, "klDivergence: q is null");
        if (!p.eventShape().equals(q.eventShape())) {
            throw new OperandMismatch(
                    "klDivergence", "the draws have different shapes", p.eventShape(), q.eventShape());
        }
        Shape.broadcast("klDivergence", p.batchShape(), q.batchShape());
        Node divergence = KlDivergences.of(p, q);
        if (divergence == null) {
            throw new IllegalArgumentException("klDivergence: there is no closed form for "
                    + p.getClass().getSimpleName() + " and " + q.getClass().getSimpleName()
                    + "; estimate it as the mean of p.logProb(x) - q.logProb(x) for x from p.sample");
        }
        return divergence;
    }

    /**
     * Returns relaxed draws of one-hot rows, {@code softmax((logits + g) / temperature)} along the last axis for g from the Gumbel
     * distribution: {@code [.., k] -> [.., k]} (Jang, Gu and Poole, 2017; Maddison, Mnih and Teh, 2017). PyTorch's {@code
     * gumbel_softmax}.
     *
     * @param hard whether the value is the one-hot row of the largest element, with the gradient of the relaxed row (straight-through)
     * @throws OperandMismatch if there is no last axis, it is empty, an element is NaN or infinity, or all of a row are -infinity
     * @throws IllegalArgumentException if the temperature is not positive and finite
     */
    public static Node gumbelSoftmax(Node logits, double temperature, boolean hard, RandomStream random) {
        requireLogits("gumbelSoftmax", logits);
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "gumbelSoftmax: temperature " + temperature + " must be positive and finite");
        }
        Node g = Noise.of("gumbelSoftmax", logits.shape(), Shape.SCALAR, logits.dtype(), random, Noise::gumbel);
        Node soft = logits.add(g).div(temperature).softmax(-1);
        return hard ? Node.of(ONE_HOT, soft) : soft;
    }

    private static Tensor oneHotOfMax(Tensor x) {
        int k = x.shape().dim(-1);
        double[] at = x.argmax(-1).toDoubleArray();
        double[] y = new double[x.size()];
        for (int row = 0; row < at.length; row++) {
            y[row * k + (int) at[row]] = 1;
        }
        return Tensor.of(x.shape(), y).to(x.dtype());
    }

    private static void requireLogits(String op, Node logits) {
        DistributionChecks.require(op, "logits", logits, v -> v < Double.POSITIVE_INFINITY, "a number below infinity");
        DistributionChecks.requireVectors(op, logits);
        DistributionChecks.require(
                op,
                "the largest of logits",
                logits.detach().max(-1),
                v -> v > Double.NEGATIVE_INFINITY,
                "above -infinity, as no class would be possible");
    }
}
