package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Losses of classification and regression; {@link MarginLosses} and {@link SequenceLosses} have others. Each is the mean of its
 * terms, one for each element or each row, unless a {@link Reduction} says otherwise; this is PyTorch's default. Each is a
 * composition of other ops, so it can be differentiated to any order. An infinite logarithm with a weight of 0 adds 0, and its
 * gradient is 0.
 */
public final class Losses {
    private static final String CROSS_ENTROPY = "softmaxCrossEntropy";
    private static final double LEAST_LOG = -100;
    private static final double GAUSSIAN_EPS = 1e-6;
    private static final double POISSON_EPS = 1e-8;
    private static final double BOOK_EPS = 1e-7;
    private static final double LEAST_NORM = 1e-12;

    private Losses() {}

    /**
     * Returns the mean of {@code -log softmax(logits)[.., k]} over all rows, k the class of the row: {@code [.., c] -> []}. Exact
     * to a few ulp for logits up to 1e4 in size. PyTorch's {@code cross_entropy}, whose classes are along axis 1.
     *
     * @param logits scores before softmax
     * @param classes the target class of each row, 0 to c - 1, in row-major order
     * @throws OperandMismatch if there is no row, or the classes are not as many as the rows or out of range
     */
    public static Node softmaxCrossEntropy(Node logits, int... classes) {
        return new CrossEntropy(CROSS_ENTROPY, logits, true, CrossEntropyOptions.DEFAULT).of(classes);
    }

    /** Returns {@link #softmaxCrossEntropy(Node, Node, CrossEntropyOptions)} with the default options: the mean. */
    public static Node softmaxCrossEntropy(Node logits, Node target) {
        return softmaxCrossEntropy(logits, target, CrossEntropyOptions.DEFAULT);
    }

    /** Returns {@link #softmaxCrossEntropy(Node, Node)} with a constant target. */
    public static Node softmaxCrossEntropy(Node logits, Tensor target) {
        Objects.requireNonNull(target, "softmaxCrossEntropy: target is null");
        return softmaxCrossEntropy(logits, Node.constant(target));
    }

    /**
     * Returns the softmax cross entropy along the last axis: {@code [.., c] -> []}, or {@code [..]} without reduction. The target
     * is, by its shape, one of two:
     *
     * <ul>
     *   <li>{@code [..]}, class indices k from 0 to c - 1 of either number type, without gradient: {@code -w[k] log
     *       softmax(logits)[k]}, w the weights of the classes. The mean is the sum divided by the sum of the {@code w[k]} of the
     *       rows that are not ignored.
     *   <li>{@code [.., c]}, the logits' shape, probabilities t: {@code -sum(w t log softmax(logits))}. An element of probability
     *       0 adds 0, also where its logit is -inf. The mean is the sum divided by the number of rows.
     * </ul>
     *
     * PyTorch's {@code cross_entropy}, whose classes are along axis 1. Label smoothing of a row with a logit of -inf is infinite,
     * as there.
     *
     * @param logits scores before softmax
     * @param target class indices or probabilities; the latter get a gradient if they are tracked
     * @throws OperandMismatch if the target has neither shape, a class index is out of range, a probability is not from 0 to 1, the
     *     weights are not c, ignoreIndex is given for probabilities, there is no class, or no row or only ignored ones to take the
     *     mean of
     */
    public static Node softmaxCrossEntropy(Node logits, Node target, CrossEntropyOptions options) {
        return new CrossEntropy(CROSS_ENTROPY, logits, true, options).of(target);
    }

    /**
     * Returns the mean of {@code -logProbabilities[.., k]} over all rows, k the class of the row: {@code [.., c] -> []}. PyTorch's
     * {@code nll_loss}, whose classes are along axis 1.
     *
     * @param classes the target class of each row, 0 to c - 1, in row-major order
     * @throws OperandMismatch if there is no row, an element is positive and so no log-probability, or the classes are not as many
     *     as the rows or out of range
     */
    public static Node nll(Node logProbabilities, int... classes) {
        return new CrossEntropy("nll", logProbabilities, false, CrossEntropyOptions.DEFAULT).of(classes);
    }

    /** Returns {@link #nll(Node, Node, CrossEntropyOptions)} with the default options: the mean. */
    public static Node nll(Node logProbabilities, Node target) {
        return nll(logProbabilities, target, CrossEntropyOptions.DEFAULT);
    }

    /**
     * Returns the negative log likelihood along the last axis: {@code [.., c] -> []}, or {@code [..]} without reduction. It is
     * {@link #softmaxCrossEntropy(Node, Node, CrossEntropyOptions)} of the values that {@code logSoftmax} returns. PyTorch's
     * {@code nll_loss}, whose classes are along axis 1, and which takes class indices only and no label smoothing.
     *
     * @param logProbabilities logarithms of probabilities; -inf is legal
     * @param target class indices {@code [..]} or probabilities {@code [.., c]}
     * @throws OperandMismatch in the same cases as softmaxCrossEntropy, or if an element of a row that is not ignored is positive
     *     and so no log-probability
     */
    public static Node nll(Node logProbabilities, Node target, CrossEntropyOptions options) {
        return new CrossEntropy("nll", logProbabilities, false, options).of(target);
    }

    /** Returns {@link #binaryCrossEntropyWithLogits(Node, Node, BinaryCrossEntropyOptions)} with the default options: the mean. */
    public static Node binaryCrossEntropyWithLogits(Node z, Node t) {
        return binaryCrossEntropyWithLogits(z, t, BinaryCrossEntropyOptions.DEFAULT);
    }

    /**
     * Returns {@code -w (p t log sigmoid(z) + (1 - t) log(1 - sigmoid(z)))}, w the weight and p the posWeight, each 1 by default,
     * reduced: two of one shape -> []. Exact to a few ulp for logits up to 1e4 in size, also where the loss is tiny. PyTorch's
     * {@code binary_cross_entropy_with_logits}.
     *
     * @param z logits, the scores before the sigmoid
     * @param t the target probabilities, 0 to 1
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, a target is not from 0 to 1, a weight cannot
     *     be broadcast to them, or there is nothing to take the mean of
     */
    public static Node binaryCrossEntropyWithLogits(Node z, Node t, BinaryCrossEntropyOptions options) {
        LossTerms.requireSameShape("binaryCrossEntropyWithLogits", z, t);
        LossTerms.requireTargets("binaryCrossEntropyWithLogits", t);
        // -log sigmoid(z) is softplus(-z), and -log(1 - sigmoid(z)) is softplus(z): no difference of large numbers
        return binary("binaryCrossEntropyWithLogits", z.neg().softplus(), z.softplus(), t, options);
    }

    /** Returns {@link #binaryCrossEntropy(Node, Node, BinaryCrossEntropyOptions)} with the default options: the mean. */
    public static Node binaryCrossEntropy(Node y, Node t) {
        return binaryCrossEntropy(y, t, BinaryCrossEntropyOptions.DEFAULT);
    }

    /**
     * Returns {@code -w (p t log y + (1 - t) log(1 - y))}, w the weight and p the posWeight, each 1 by default, reduced: two of one
     * shape -> []. A logarithm below -100 counts as -100, as in PyTorch, and has gradient 0. Where the probabilities are those of
     * a sigmoid, {@link #binaryCrossEntropyWithLogits(Node, Node)} is exact and keeps its gradient. PyTorch's {@code
     * binary_cross_entropy}, which has no posWeight.
     *
     * @param y the predicted probabilities, 0 to 1
     * @param t the target probabilities, 0 to 1
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, y or t is not from 0 to 1, a weight cannot be
     *     broadcast to them, or there is nothing to take the mean of
     */
    public static Node binaryCrossEntropy(Node y, Node t, BinaryCrossEntropyOptions options) {
        LossTerms.requireSameShape("binaryCrossEntropy", y, t);
        LossTerms.requireProbabilities("binaryCrossEntropy", y);
        LossTerms.requireTargets("binaryCrossEntropy", t);
        Node one = y.log().clamp(LEAST_LOG, Double.POSITIVE_INFINITY).neg();
        Node zero = y.neg().log1p().clamp(LEAST_LOG, Double.POSITIVE_INFINITY).neg();
        return binary("binaryCrossEntropy", one, zero, t, options);
    }

    /** Returns the binary cross entropy of each logit. */
    static Node binaryTerms(Node z, Node t) {
        // -log sigmoid(z) is softplus(-z), and -log(1 - sigmoid(z)) is softplus(z): no difference of large numbers
        return LossTerms.weighted(t, z.neg().softplus()).add(LossTerms.weighted(t.rsub(1), z.softplus()));
    }

    /** Returns the loss, given that of the targets 1 and 0. */
    private static Node binary(String op, Node one, Node zero, Node t, BinaryCrossEntropyOptions options) {
        Objects.requireNonNull(options, () -> op + ": options is null");
        Tensor posWeight = options.posWeight();
        Node positive = posWeight == null ? t : t.mul(LossTerms.factor(op, "posWeight", posWeight, one));
        Node terms = LossTerms.weighted(positive, one).add(LossTerms.weighted(t.rsub(1), zero));
        if (options.weight() != null) {
            terms = LossTerms.weighted(LossTerms.factor(op, "weight", options.weight(), one), terms);
        }
        return options.reduction().of(op, terms);
    }

    /** Returns {@link #sigmoidFocal(Node, Node, double, double, Reduction)} with alpha 0.25 and gamma 2, the mean. */
    public static Node sigmoidFocal(Node z, Node t) {
        return sigmoidFocal(z, t, 0.25, 2, Reduction.MEAN);
    }

    /**
     * Returns the binary cross entropy of logits, times {@code a m^gamma}, reduced: two of one shape -> []. {@code m = t
     * sigmoid(-z) + (1 - t) sigmoid(z)} is the probability of the wrong answer, so that what is already right counts little, and
     * {@code a = alpha t + (1 - alpha) (1 - t)}. Lin et al. 2017; torchvision's {@code sigmoid_focal_loss}. No counterpart in
     * PyTorch.
     *
     * @param z logits, the scores before the sigmoid
     * @param t the target probabilities, 0 to 1
     * @param alpha the weight of the target 1, 0 to 1; that of 0 is 1 - alpha
     * @param gamma the exponent: 0, or at least 1
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, a target is not from 0 to 1, or there is
     *     nothing to take the mean of
     * @throws IllegalArgumentException if alpha or gamma is out of range
     */
    public static Node sigmoidFocal(Node z, Node t, double alpha, double gamma, Reduction reduction) {
        LossTerms.requireSameShape("sigmoidFocal", z, t);
        LossTerms.requireReduction("sigmoidFocal", reduction);
        if (!(alpha >= 0 && alpha <= 1)) {
            throw new IllegalArgumentException("sigmoidFocal: alpha " + alpha + " must be from 0 to 1");
        }
        if (gamma != 0 && !(gamma >= 1 && gamma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sigmoidFocal: gamma " + gamma + " must be 0, or finite and at least 1");
        }
        LossTerms.requireTargets("sigmoidFocal", t);
        Node missing = t.mul(z.neg().sigmoid()).add(t.rsub(1).mul(z.sigmoid()));
        Node balance = t.mul(2 * alpha - 1).add(1 - alpha);
        return reduction.of("sigmoidFocal", balance.mul(missing.pow(gamma)).mul(binaryTerms(z, t)));
    }

    /** Returns {@link #dice(Node, Node, double, Reduction)} with smoothing 1, the mean. */
    public static Node dice(Node y, Node t) {
        return dice(y, t, 1, Reduction.MEAN);
    }

    /**
     * Returns {@code 1 - (2 sum(y t) + s) / (sum(y) + sum(t) + s)} of each example, s the smoothing, reduced: two {@code [n, ..] ->
     * []}, or {@code [n]} without reduction. It is 1 minus the overlap of two sets, as the pixels of a segment, with y the
     * probability of each element to belong to the set. Milletari et al. 2016. No counterpart in PyTorch.
     *
     * @param y probabilities
     * @param t the target, 1 for the elements of the set, else 0
     * @throws OperandMismatch if the shapes differ or are scalars, y or t is not from 0 to 1, or there is nothing to take the mean of
     * @throws IllegalArgumentException if the smoothing is not positive and finite
     */
    public static Node dice(Node y, Node t, double smoothing, Reduction reduction) {
        LossTerms.requireSameShape("dice", y, t);
        LossTerms.requireReduction("dice", reduction);
        LossTerms.requireAbove("dice", "smoothing", smoothing, 0, false);
        if (y.shape().rank() == 0) {
            throw new OperandMismatch("dice", "it takes [n, ..]", y.label());
        }
        LossTerms.requireProbabilities("dice", y);
        LossTerms.requireTargets("dice", t);
        int n = y.shape().dim(0);
        Shape rows = Shape.of(n, n == 0 ? 0 : y.shape().size() / n);
        Node p = y.reshape(rows);
        Node q = t.reshape(rows);
        Node both = p.mul(q).sum(1).mul(2).add(smoothing);
        return reduction.of(
                "dice", both.div(p.sum(1).add(q.sum(1)).add(smoothing)).rsub(1));
    }

    /** Returns {@link #infoNce(Node, Node, double, Reduction)} with temperature 0.07, the mean. */
    public static Node infoNce(Node queries, Node keys) {
        return infoNce(queries, keys, 0.07, Reduction.MEAN);
    }

    /**
     * Returns the softmax cross entropy of each query among all keys, key i the right one of query i, reduced: {@code [n, d], [n,
     * d] -> []}, or {@code [n]} without reduction. The logits are the cosines of the angles between queries and keys, divided by
     * the temperature; a vector shorter than 1e-12 is divided by 1e-12. The contrastive loss of van den Oord et al. 2018; for the
     * symmetric one take the mean with that of keys and queries. No counterpart in PyTorch.
     *
     * @throws OperandMismatch if the shapes differ or are no matrices, or there is nothing to take the mean of
     * @throws IllegalArgumentException if the temperature is not positive and finite
     */
    public static Node infoNce(Node queries, Node keys, double temperature, Reduction reduction) {
        Objects.requireNonNull(queries, "infoNce: queries is null");
        Objects.requireNonNull(keys, "infoNce: keys is null");
        LossTerms.requireSameShape("infoNce", "queries and keys must have the same shape, [n, d]", queries, keys);
        LossTerms.requireReduction("infoNce", reduction);
        LossTerms.requireAbove("infoNce", "temperature", temperature, 0, false);
        if (queries.shape().rank() != 2) {
            throw new OperandMismatch("infoNce", "it takes matrices [n, d]", queries.label(), keys.label());
        }
        Node cosines = unitRows(queries).matmul(unitRows(keys), false, true);
        int[] own = IntStream.range(0, queries.shape().dim(0)).toArray();
        return reduction.of(
                "infoNce",
                cosines.div(temperature).logSoftmax(-1).gather(-1, own).rsub(0));
    }

    private static Node unitRows(Node x) {
        return x.div(x.normKeepDims(-1).maximum(LEAST_NORM));
    }

    /** Returns {@link #klDiv(Node, Node, boolean, Reduction)} of probabilities t, the mean over all elements. */
    public static Node klDiv(Node logProbabilities, Node t) {
        return klDiv(logProbabilities, t, false, Reduction.MEAN);
    }

    /**
     * Returns {@code t (log t - x)} for log-probabilities x, reduced: two of one shape -> []. Summed, it is the Kullback-Leibler
     * divergence of t from exp(x); {@link Reduction#BATCH_MEAN} divides that by the size of the first axis, which is usually
     * meant, where the mean over all elements also divides by the number of classes. An element with t = 0 adds 0 and gets
     * gradient 0. PyTorch's {@code kl_div}.
     *
     * @param logProbabilities the prediction, logarithms of probabilities; -inf is legal
     * @param t the target
     * @param logTarget whether the target is the logarithm of probabilities
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, a target that is no logarithm is negative, or
     *     there is nothing to take the mean of
     */
    public static Node klDiv(Node logProbabilities, Node t, boolean logTarget, Reduction reduction) {
        LossTerms.requireSameShape("klDiv", logProbabilities, t);
        LossTerms.requireReduction("klDiv", reduction);
        if (!logTarget) {
            LossTerms.requireBetween("klDiv", "target", t, 0, Double.POSITIVE_INFINITY, "at least 0");
        }
        Node p = logTarget ? t.exp() : t;
        Node logs = (logTarget ? t : t.log()).sub(logProbabilities);
        return reduction.of("klDiv", p.mul(logs).maskedBy(p.ne(0).or(logProbabilities.isNaN())));
    }

    /** Returns {@link #meanSquaredError(Node, Node, Reduction)}, the mean over all elements. */
    public static Node meanSquaredError(Node y, Node t) {
        return meanSquaredError(y, t, Reduction.MEAN);
    }

    /**
     * Returns {@code (y - t)^2}, reduced: two of one shape -> []. PyTorch's {@code mse_loss}. The loss of "Deep Learning from
     * Scratch" is {@link #sumSquaredError}.
     *
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, or there is nothing to take the mean of
     */
    public static Node meanSquaredError(Node y, Node t, Reduction reduction) {
        LossTerms.requireSameShape("meanSquaredError", y, t);
        LossTerms.requireReduction("meanSquaredError", reduction);
        return reduction.of("meanSquaredError", y.sub(t).square());
    }

    /** Returns {@link #l1(Node, Node, Reduction)}, the mean over all elements, also called mean absolute error. */
    public static Node l1(Node y, Node t) {
        return l1(y, t, Reduction.MEAN);
    }

    /**
     * Returns {@code |y - t|}, reduced: two of one shape -> []. The gradient where they are equal is 0. PyTorch's {@code l1_loss}.
     *
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, or there is nothing to take the mean of
     */
    public static Node l1(Node y, Node t, Reduction reduction) {
        LossTerms.requireSameShape("l1", y, t);
        LossTerms.requireReduction("l1", reduction);
        return reduction.of("l1", y.sub(t).abs());
    }

    /** Returns {@link #huber(Node, Node, double, Reduction)} with delta 1, the mean over all elements. */
    public static Node huber(Node y, Node t) {
        return huber(y, t, 1, Reduction.MEAN);
    }

    /**
     * Returns {@code d^2 / 2} where {@code |d| <= delta}, else {@code delta (|d| - delta / 2)}, with {@code d = y - t}, reduced:
     * two of one shape -> []. PyTorch's {@code huber_loss}.
     *
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, or there is nothing to take the mean of
     * @throws IllegalArgumentException if delta is not positive and finite
     */
    public static Node huber(Node y, Node t, double delta, Reduction reduction) {
        LossTerms.requireSameShape("huber", y, t);
        LossTerms.requireReduction("huber", reduction);
        LossTerms.requireAbove("huber", "delta", delta, 0, false);
        return reduction.of("huber", huberTerms(y.sub(t), delta));
    }

    /** Returns {@link #smoothL1(Node, Node, double, Reduction)} with beta 1, the mean over all elements. */
    public static Node smoothL1(Node y, Node t) {
        return smoothL1(y, t, 1, Reduction.MEAN);
    }

    /**
     * Returns {@code d^2 / (2 beta)} where {@code |d| < beta}, else {@code |d| - beta / 2}, with {@code d = y - t}, reduced: two
     * of one shape -> []; it is huber divided by beta, and for beta 0 l1. PyTorch's {@code smooth_l1_loss}.
     *
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, or there is nothing to take the mean of
     * @throws IllegalArgumentException if beta is negative or not finite
     */
    public static Node smoothL1(Node y, Node t, double beta, Reduction reduction) {
        LossTerms.requireSameShape("smoothL1", y, t);
        LossTerms.requireReduction("smoothL1", reduction);
        LossTerms.requireAbove("smoothL1", "beta", beta, 0, true);
        Node d = y.sub(t);
        return reduction.of(
                "smoothL1", beta == 0 ? d.abs() : huberTerms(d, beta).div(beta));
    }

    /** Returns {@code c d - c^2 / 2} with c = d limited to the interval from -delta to delta: no branch, and smooth at 0. */
    private static Node huberTerms(Node d, double delta) {
        Node c = d.clamp(-delta, delta);
        return c.mul(d).sub(c.square().div(2));
    }

    /** Returns {@link #poissonNll(Node, Node, boolean, boolean, Reduction)} of log rates, not full, the mean. */
    public static Node poissonNll(Node logRate, Node t) {
        return poissonNll(logRate, t, true, false, Reduction.MEAN);
    }

    /**
     * Returns the negative log likelihood of counts t from Poisson distributions, reduced: two of one shape -> []. It is {@code
     * exp(x) - t x} for log rates x, and {@code x - t log(x + 1e-8)} for rates x. PyTorch's {@code poisson_nll_loss}.
     *
     * @param x the logarithms of the predicted rates, or the rates
     * @param t the target counts
     * @param logInput whether x are logarithms
     * @param full whether {@code log t!}, which does not depend on x, is added, by Stirling's formula {@code t log t - t +
     *     log(2 pi t) / 2} where t is above 1
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, a count or rate is negative, or there is
     *     nothing to take the mean of
     */
    public static Node poissonNll(Node x, Node t, boolean logInput, boolean full, Reduction reduction) {
        LossTerms.requireSameShape("poissonNll", x, t);
        LossTerms.requireReduction("poissonNll", reduction);
        LossTerms.requireBetween("poissonNll", "count", t, 0, Double.POSITIVE_INFINITY, "at least 0");
        if (!logInput) {
            LossTerms.requireBetween("poissonNll", "rate", x, 0, Double.POSITIVE_INFINITY, "at least 0");
        }
        Node rate = logInput ? x.exp() : x;
        Node logRate = logInput ? x : x.add(POISSON_EPS).log();
        Node terms = rate.sub(LossTerms.weighted(t, logRate));
        if (full) {
            Node stirling = t.mul(t.log()).sub(t).add(t.mul(2 * Math.PI).log().div(2));
            terms = terms.add(stirling.maskedBy(t.gt(1)));
        }
        return reduction.of("poissonNll", terms);
    }

    /** Returns {@link #gaussianNll(Node, Node, Node, boolean, Reduction)}, not full, the mean. */
    public static Node gaussianNll(Node mean, Node t, Node variance) {
        return gaussianNll(mean, t, variance, false, Reduction.MEAN);
    }

    /**
     * Returns the negative log likelihood of t from normal distributions, {@code (log v + (t - mean)^2 / v) / 2}, reduced: three of
     * one shape -> []. The variance may have last axis 1. A variance v below 1e-6 counts as 1e-6, and gets the gradient of that,
     * so that it can leave 0. PyTorch's {@code gaussian_nll_loss}.
     *
     * @param full whether the constant {@code log(2 pi) / 2} is added
     * @throws OperandMismatch if the shapes differ otherwise, a variance is negative, or there is nothing to take the mean of
     */
    public static Node gaussianNll(Node mean, Node t, Node variance, boolean full, Reduction reduction) {
        LossTerms.requireSameShape("gaussianNll", mean, t);
        Objects.requireNonNull(variance, "gaussianNll: variance is null");
        LossTerms.requireReduction("gaussianNll", reduction);
        Shape s = mean.shape();
        boolean one = s.rank() > 0 && variance.shape().equals(s.with(-1, 1));
        if (!one && !variance.shape().equals(s)) {
            String why = "the variance must have the prediction's shape, or last axis 1";
            throw new OperandMismatch("gaussianNll", why, mean.label(), variance.label());
        }
        Operands.requireSameType("gaussianNll", mean, variance);
        Tensor v = variance.value();
        if (v.size() > 0 && v.min().item() < 0) {
            throw new OperandMismatch("gaussianNll", "a variance is " + v.min().item(), variance.label());
        }
        Node raise = variance.detach().rsub(GAUSSIAN_EPS).maximum(0); // a constant: the derivative is that of v
        Node atLeast = variance.add(raise);
        Node terms = atLeast.log().add(mean.sub(t).square().div(atLeast)).div(2);
        return reduction.of("gaussianNll", full ? terms.add(Math.log(2 * Math.PI) / 2) : terms);
    }

    /**
     * Returns {@code sum((y - t)^2) / 2} over all elements: two of one shape -> []. The sum of squares of "Deep Learning from
     * Scratch", chapter 4, {@code sum_squared_error}; PyTorch's default, {@link #meanSquaredError(Node, Node)}, is neither halved
     * nor a sum. No counterpart in PyTorch.
     *
     * @throws OperandMismatch if the shapes differ, even where they would broadcast
     */
    public static Node sumSquaredError(Node y, Node t) {
        LossTerms.requireSameShape("sumSquaredError", y, t);
        return y.sub(t).square().sum().div(2);
    }

    /**
     * Returns {@code -sum(log(y[.., k] + 1e-7)) / N}, k the class of each of N rows: {@code [.., c] -> []}. The cross entropy error
     * of "Deep Learning from Scratch", chapter 4, for class indices. Unlike PyTorch's {@code cross_entropy} it takes
     * probabilities, after softmax; {@link #softmaxCrossEntropy(Node, int...)} of the scores before softmax is exact where a
     * probability is near 0. No counterpart in PyTorch.
     *
     * @param y probabilities
     * @param classes the target class of each row, 0 to c - 1, in row-major order
     * @throws OperandMismatch if there is no row, y is not from 0 to 1, or the classes are not as many as the rows or out of range
     */
    public static Node crossEntropyError(Node y, int... classes) {
        return new CrossEntropy("crossEntropyError", bookLogs(y), false, CrossEntropyOptions.DEFAULT).of(classes);
    }

    /**
     * Returns {@code -sum(t log(y + 1e-7)) / N} for N rows of probabilities y and one-hot targets t: two of one shape, {@code
     * [.., c] -> []}. A target without the last axis, {@code [..]}, holds class indices. The cross entropy error of "Deep
     * Learning from Scratch", chapter 4; see {@link #crossEntropyError(Node, int...)}. No counterpart in PyTorch.
     *
     * @throws OperandMismatch if the target has neither shape, y or a one-hot target is not from 0 to 1, a class index is out of
     *     range, or there is no row
     */
    public static Node crossEntropyError(Node y, Node t) {
        return new CrossEntropy("crossEntropyError", bookLogs(y), false, CrossEntropyOptions.DEFAULT).of(t);
    }

    private static Node bookLogs(Node y) {
        Objects.requireNonNull(y, "crossEntropyError: y is null");
        LossTerms.requireProbabilities("crossEntropyError", y);
        return y.add(BOOK_EPS).log();
    }
}
