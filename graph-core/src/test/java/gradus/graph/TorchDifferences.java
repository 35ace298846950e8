package gradus.graph;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All differences from PyTorch. A test compares the list with the fixtures: each function that a row names must differ in the way the
 * row says in some case, and nothing may differ that no row explains.
 */
final class TorchDifferences {
    /**
     * The tolerance of a comparison.
     *
     * @param ops the names of the functions it applies to
     * @param relative as a fraction of the smaller value
     */
    record Bound(String ops, double relative, double absolute, String why) {
        List<String> named() {
            return List.of(ops.split(" ", -1));
        }
    }

    static final Bound DOUBLES = new Bound("", 1e-12, 0, "");
    private static final Bound FLOATS = new Bound("", 2e-6, 0, "");

    /** The tolerances of functions that need a wider one. */
    static final List<Bound> BOUNDS = List.of(
            new Bound("digamma polygamma", 1e-9, 0, "PyTorch's trigamma is exact to ten digits, ours to fifteen"),
            new Bound("hardSigmoid", 1e-7, 0, "PyTorch's rule has 1/6 in single precision"),
            new Bound("acosh asin acos atanh", 1e-10, 0, "PyTorch's 1 - x^2 cancels near 1"),
            new Bound("erfinv", 1e-10, 0, "PyTorch's Newton steps cancel near 1"),
            new Bound(
                    "logCumSumExp", 1e-11, 0, "PyTorch's gradient is made of logarithms, which lose digits far from 0"),
            new Bound("cosineEmbedding", 1e-8, 0, "PyTorch's 1e-12 is a single precision number"),
            new Bound("softsign", 1e-11, 0, "far from 0 the quotient rule cancels in PyTorch"),
            new Bound("var populationVar std populationStd", 1e-11, 1e-15, "differences from a mean cancel in both"),
            new Bound("layerNorm batchNorm groupNorm", 1e-12, 4e-15, "differences from a mean cancel in both"),
            new Bound("weightNorm", 1e-12, 1e-15, "the parts of v across and along the gradient cancel in both"),
            new Bound("scaledDotProductAttention", 1e-12, 1e-14, "differences from a weighted mean cancel in both"),
            new Bound(
                    "qr ifft multivariateNormal",
                    1e-12,
                    1e-15,
                    "rounding errors are relative to the largest element in both"));

    static final List<TorchDifference> ALL = List.of(
            new TorchDifference(
                    "sqrt log log1p rsqrt reciprocal square exp pow div mul hypot atan2",
                    "the gradient of what a mask hides, where the slope is infinite or NaN",
                    "0",
                    "NaN",
                    "an element that is not selected has no effect: a gradient of 0 stays 0",
                    f -> f.gradient() && f.hidden()),
            new TorchDifference(
                    "norm pNorm",
                    "the gradient of an infinite element",
                    "0",
                    "NaN",
                    "the derivative of the square root at infinity is 0, and a gradient of 0 stays 0",
                    f -> f.gradient() && Double.isInfinite(f.x(0))),
            new TorchDifference(
                    "softmax",
                    "a row of all -inf, and its gradient",
                    "0",
                    "NaN",
                    "a mask that hides a whole row must not make the others NaN",
                    f -> f.x(0) == Double.NEGATIVE_INFINITY),
            new TorchDifference(
                    "logSoftmax",
                    "a row of all -inf",
                    "infinite",
                    "NaN",
                    "the logarithm of softmax, which is 0 there",
                    f -> !f.gradient() && f.x(0) == Double.NEGATIVE_INFINITY),
            new TorchDifference(
                    "logSoftmax",
                    "the gradient of a row of all -inf",
                    "the gradient",
                    "NaN",
                    "the subtracted term is weighted by softmax, which is 0 there",
                    f -> f.gradient() && f.x(0) == Double.NEGATIVE_INFINITY),
            new TorchDifference(
                    "layerNorm batchNorm",
                    "elements of 1e4 or 1e8 that differ by 1",
                    "exact to a few ulp",
                    "exact to 11 or 6 digits",
                    "the error of the rounded mean is corrected",
                    f -> f.any(x -> x == 1e4 || x == 1e8) && f.near(1e-6)),
            new TorchDifference(
                    "logSumExp",
                    "the gradient of a row of all -inf",
                    "0",
                    "NaN",
                    "the weights are those of softmax, which are 0 there",
                    f -> f.gradient() && f.x(0) == Double.NEGATIVE_INFINITY),
            new TorchDifference(
                    "softmax logSoftmax",
                    "the others in a row with one infinite element",
                    "the limit of a very large element",
                    "NaN",
                    "only what is inf - inf is NaN",
                    f -> !Double.isInfinite(f.x(0)) && f.any(x -> x == Double.POSITIVE_INFINITY)),
            new TorchDifference(
                    "logSumExp",
                    "the gradient of the others in a row with two infinite elements",
                    "NaN",
                    "0",
                    "softmax of such a row is NaN, in PyTorch too",
                    f -> f.gradient() && f.any(x -> x == Double.POSITIVE_INFINITY)),
            new TorchDifference(
                    "logSumExp",
                    "an empty axis",
                    "an error",
                    "-inf",
                    "as for max and min, which PyTorch refuses too",
                    f -> f.of().inputs().get(0).size() == 0),
            new TorchDifference(
                    "logCumSumExp",
                    "the gradient of -inf where all before it are",
                    "0",
                    "NaN",
                    "its share of every sum is 0",
                    f -> f.gradient() && f.x(0) == Double.NEGATIVE_INFINITY),
            new TorchDifference(
                    "searchSorted",
                    "numbers and NaN in a sequence that ends with NaN",
                    "the position that keeps it sorted",
                    "the position after NaN",
                    "NaN comes after every number, as in NumPy",
                    f -> Double.isNaN(f.of().inputs().get(0).max().item())),
            new TorchDifference(
                    "quantile",
                    "an infinite element that is not interpolated",
                    "infinite",
                    "NaN",
                    "PyTorch adds 0 times a difference from itself",
                    f -> !f.gradient()),
            new TorchDifference(
                    "quantile",
                    "an element of -0 that is not interpolated",
                    "-0",
                    "+0",
                    "PyTorch adds 0 times a difference from itself",
                    f -> true),
            new TorchDifference(
                    "var populationVar",
                    "the gradient of the others in a row with infinite elements",
                    "NaN",
                    "infinite",
                    "the variance and its mean are NaN",
                    f -> f.gradient() && f.any(Double::isInfinite)),
            new TorchDifference(
                    "prod cumprod",
                    "the gradient of an infinite or NaN factor",
                    "the product of the others",
                    "NaN",
                    "PyTorch divides the product by the factor",
                    f -> f.gradient() && !Double.isFinite(f.x(0))),
            new TorchDifference(
                    "lpPool1d lpPool2d",
                    "the gradient of a window of sum 0 or NaN, for p = 1",
                    "the gradient of the output",
                    "0",
                    "the derivative of a sum is 1",
                    f -> f.gradient() && f.of().call().contains("(in0, 1.0,")),
            new TorchDifference(
                    "lpPool1d lpPool2d",
                    "the gradient of an element whose power is infinite",
                    "0",
                    "NaN",
                    "the derivative of the root at infinity is 0, and a gradient of 0 stays 0",
                    f -> f.gradient() && Math.abs(f.x(0)) >= 1e200),
            new TorchDifference("pNorm", "p below 0", "an error", "the value", "not a norm", f -> f.of().call()
                    .startsWith("pNorm(-1.0")),
            new TorchDifference(
                    "scatterReduce",
                    "the gradient of the others in a product with an infinite or NaN factor, or with both",
                    "the product of the others",
                    "NaN",
                    "PyTorch divides the product by the factor",
                    f -> f.gradient() && f.of().call().contains("PROD")),
            new TorchDifference(
                    "scatterReduce",
                    "the gradient of a maximum or minimum without x, where that of x is equal",
                    "all to the elements of the source",
                    "a share is lost",
                    "x has no effect on it",
                    f -> f.gradient() && f.of().call().matches(".*M(AX|IN), false\\)")),
            new TorchDifference(
                    "scatter",
                    "the gradient of an element of the source that another one overwrites",
                    "0",
                    "that of its position",
                    "it has no effect",
                    f -> f.gradient()),
            new TorchDifference(
                    "cosineSimilarity",
                    "the gradient of a vector shorter than 1e-8",
                    "that of a division by 1e-8",
                    "as if the norm was not limited",
                    "PyTorch's rule leaves out the limit",
                    f -> f.gradient() && f.x(0) == 1e-9),
            new TorchDifference(
                    "glu",
                    "the gradient of a NaN of the second half where the first is 0",
                    "0",
                    "NaN",
                    "a gradient of 0 stays 0",
                    f -> f.gradient()),
            new TorchDifference(
                    "pNorm",
                    "the gradient for p = 1 or infinity where an element is NaN",
                    "NaN",
                    "0",
                    "a NaN is not hidden",
                    f -> f.gradient() && f.any(Double::isNaN)),
            new TorchDifference(
                    "abs",
                    "the gradient of NaN",
                    "NaN",
                    "0",
                    "a NaN is not hidden",
                    f -> f.gradient() && Double.isNaN(f.x(0))),
            new TorchDifference("sign", "NaN", "NaN", "0", "a NaN is not hidden", f -> Double.isNaN(f.x(0))),
            new TorchDifference(
                    "hardtanh hardSigmoid relu6",
                    "the gradient of NaN",
                    "NaN",
                    "0",
                    "a NaN is not hidden",
                    f -> f.gradient() && Double.isNaN(f.x(0))),
            new TorchDifference(
                    "geluTanh",
                    "far below 0, in FLOAT32",
                    "exact to a few ulp",
                    "1 + tanh, which cancels",
                    "ours is a sigmoid",
                    f -> f.x(0) < -3 && f.near(1e-3)),
            new TorchDifference(
                    "gelu geluTanh silu",
                    "-infinity, and the gradient at infinity",
                    "0, and the gradient of the output, or 0 at -infinity",
                    "NaN",
                    "its limit",
                    f -> Double.isInfinite(f.x(0)) && Double.isFinite(f.ours())),
            new TorchDifference(
                    "elu celu",
                    "the gradient of NaN, for an alpha",
                    "NaN",
                    "the gradient",
                    "a NaN is not hidden; whether PyTorch hides it depends on its position in the array",
                    f -> f.gradient() && Double.isNaN(f.x(0))),
            new TorchDifference(
                    "clamp",
                    "bounds not in ascending order",
                    "an error",
                    "the upper bound",
                    "almost always a mistake",
                    f -> f.of().call().equals("clamp(1.0, -1.0)")),
            new TorchDifference(
                    "where",
                    "a mask that holds anything but 0 and 1",
                    "an error",
                    "true",
                    "usually values passed as the mask, as in mask.where(a, b); PyTorch accepts only booleans",
                    f -> f.part().equals("refused")),
            new TorchDifference(
                    "acosh",
                    "the gradient outside its domain",
                    "NaN",
                    "a number or infinite",
                    "the value is NaN too",
                    f -> f.gradient() && f.x(0) < 1),
            new TorchDifference(
                    "bilinear",
                    "a batch of more than one axis",
                    "an error",
                    "the value",
                    "reshape it to one",
                    f -> f.of().inputs().get(0).shape().rank() > 2),
            new TorchDifference(
                    "binaryCrossEntropyWithLogits",
                    "a logit of -inf where the target is not 0",
                    "infinite",
                    "NaN",
                    "that is the loss",
                    f -> f.x(0) == Double.NEGATIVE_INFINITY),
            new TorchDifference(
                    "softmaxCrossEntropy",
                    "a logit of -inf where the probability is 0",
                    "as without it",
                    "NaN",
                    "what a mask hides adds nothing",
                    f -> f.part().equals("output") && f.any(Double::isInfinite)),
            new TorchDifference(
                    "softmaxCrossEntropy",
                    "the gradient of a probability that is 0 where the logit is -inf",
                    "0",
                    "infinite",
                    "what a mask hides adds nothing",
                    f -> f.gradient() && f.x(0) == Double.NEGATIVE_INFINITY),
            new TorchDifference(
                    "binaryCrossEntropyWithLogits",
                    "an infinite logit that is right, where the target is 0 or 1, and the gradient of this target",
                    "0",
                    "that of 0 times infinity",
                    "an infinite logarithm with a weight of 0 adds nothing",
                    f -> Double.isInfinite(f.x(0)) && f.x(1) == (f.x(0) > 0 ? 1 : 0)),
            new TorchDifference(
                    "binaryCrossEntropy",
                    "the gradient where the probability or its complement is below 1e-12",
                    "that of the value, 0 where a logarithm is limited",
                    "(y - t) / 1e-12",
                    "the gradient is the derivative",
                    f -> f.gradient() && Math.min(f.x(0), 1 - f.x(0)) < 1e-12),
            new TorchDifference(
                    "binaryCrossEntropy",
                    "a small probability where the target is 0",
                    "exact to a few ulp",
                    "that of 1 - y, rounded",
                    "log1p",
                    f -> f.x(0) < 1e-8 && f.x(1) == 0),
            new TorchDifference(
                    "binaryCrossEntropy klDiv softmaxCrossEntropy",
                    "the sign of a loss of 0",
                    "+0",
                    "-0",
                    "a loss is at least 0",
                    f -> f.part().equals("output")),
            new TorchDifference(
                    "softmaxCrossEntropy",
                    "the gradient of an ignored row with NaN",
                    "0",
                    "NaN",
                    "an ignored row has no effect",
                    f -> f.gradient() && f.of().call().contains("ignoreIndex")),
            new TorchDifference(
                    "klDiv",
                    "an infinite logarithm where the target probability is 0",
                    "0",
                    "NaN",
                    "what has probability 0 adds nothing",
                    f -> f.part().equals("output") && (Double.isInfinite(f.x(0)) || Double.isInfinite(f.x(1)))),
            new TorchDifference(
                    "klDiv",
                    "the gradient of a target probability of 0",
                    "0",
                    "NaN",
                    "what has probability 0 adds nothing",
                    f -> f.gradient() && (f.x(1) == 0 || Math.exp(f.x(1)) == 0)),
            new TorchDifference(
                    "l1",
                    "the gradient of NaN",
                    "NaN",
                    "0",
                    "a NaN is not hidden",
                    f -> f.gradient() && Double.isNaN(f.x(0) - f.x(1))),
            new TorchDifference(
                    "smoothL1",
                    "the gradient where prediction and target are equal, for beta 0",
                    "0",
                    "that from below",
                    "the loss is l1 then",
                    f -> f.gradient() && f.x(0) == f.x(1)),
            new TorchDifference(
                    "poissonNll",
                    "an infinite log rate where the count is 0",
                    "the rate",
                    "NaN",
                    "an infinite logarithm with a weight of 0 adds nothing",
                    f -> f.part().equals("output") && f.x(1) == 0),
            new TorchDifference(
                    "poissonNll",
                    "the gradient of a count of 0 where the log rate is infinite",
                    "0",
                    "infinite",
                    "an infinite logarithm with a weight of 0 adds nothing",
                    f -> f.gradient() && Double.isInfinite(f.x(0)) && f.x(1) == 0),
            new TorchDifference(
                    "softMargin",
                    "large scores of the wrong sign",
                    "the score",
                    "infinite",
                    "PyTorch computes the exponential",
                    f -> f.part().equals("output") && Math.abs(f.x(0)) > 700),
            new TorchDifference(
                    "softMargin",
                    "the gradient of large scores of the wrong sign",
                    "minus the label, times the gradient",
                    "NaN",
                    "PyTorch divides infinity by infinity",
                    f -> f.gradient()
                            && Math.abs(f.ours()) == Math.abs(f.of().cotangent().toDoubleArray()[f.index()])),
            new TorchDifference(
                    "softMargin",
                    "large scores of the right sign",
                    "exact to a few ulp",
                    "log of 1 + exp, rounded",
                    "softplus",
                    f -> f.near(2e-3)),
            new TorchDifference(
                    "multiMargin",
                    "a row with NaN, and its gradient",
                    "NaN, and the gradient of the others",
                    "as without it",
                    "a NaN is not hidden",
                    f -> f.of().call().contains("NONE") && f.any(Double::isNaN)),
            new TorchDifference(
                    "hingeEmbedding", "-0 with label 1", "-0", "+0", "the term is the element", f -> f.x(0) == 0),
            new TorchDifference(
                    "beta dirichlet gamma studentT klDivergence",
                    "the gradient of an entropy or divergence with a digamma function",
                    "exact to a few ulp",
                    "to seven digits or more",
                    "PyTorch's trigamma is exact to ten digits",
                    f -> f.gradient()
                            && f.near(1e-7)
                            && f.of().call().matches("kl.*(beta|dirichlet|gamma).*|.*entropy.*")),
            new TorchDifference(
                    "beta dirichlet",
                    "the density where x or 1 - x is 0 and its exponent is 0",
                    "that of the other factors",
                    "NaN or infinite",
                    "x^0 is 1",
                    f -> f.of().call().contains("logProb") && !Double.isFinite(f.theirs())),
            new TorchDifference(
                    "gumbel",
                    "the cdf far below loc",
                    "exact to a few ulp",
                    "0, or some of its digits",
                    "PyTorch limits the cdf of the uniform distribution that it transforms",
                    f -> f.of().call().contains(".cdf") && f.ours() < 1e-6 && (f.theirs() == 0 || f.near(1e-9))),
            new TorchDifference(
                    "poisson",
                    "the gradient of a rate of 0",
                    "its limit",
                    "NaN",
                    "x log(rate) is 0 where x is 0",
                    f -> f.gradient() && f.x(0) == 0),
            new TorchDifference(
                    "studentT",
                    "the mean and variance for df up to 1",
                    "an error",
                    "NaN",
                    "the integrals do not exist",
                    f -> f.any(df -> df <= 1)),
            new TorchDifference(
                    "uniform",
                    "the density at the upper bound",
                    "as inside",
                    "infinite",
                    "the bounds belong to the support; a draw may be rounded to one",
                    f -> f.x(2) == f.of().inputs().get(1).item()),
            new TorchDifference(
                    "hardSwish",
                    "the gradient at -3",
                    "0",
                    "-1/2 of it",
                    "a kink, where any value from -1/2 to 0 is a subgradient: the derivative from the left, as at 3 that from the right",
                    f -> f.gradient() && f.x(0) == -3),
            new TorchDifference(
                    "scaledDotProductAttention",
                    "a row in which every key is masked, and its gradient",
                    "0",
                    "NaN",
                    "a mask that hides a whole row must not make the others NaN",
                    f -> f.of().call().contains("mask")
                            && (f.part().equals("output") || f.part().endsWith("in0"))),
            new TorchDifference(
                    "scaledDotProductAttention",
                    "the gradients of keys and values where every key of a row is masked",
                    "those without the row",
                    "NaN",
                    "a mask that hides a whole row must not make the others NaN",
                    f -> f.of().call().contains("mask") && f.gradient() && Double.isFinite(f.ours())),
            new TorchDifference(
                    "atan2",
                    "the gradient at the origin",
                    "0",
                    "NaN",
                    "the angle is undefined there",
                    f -> f.gradient() && f.x(0) == 0 && f.x(1) == 0),
            new TorchDifference(
                    "fmod remainder",
                    "the gradient of a divisor whose quotient is infinite",
                    "NaN",
                    "infinite",
                    "the remainder is NaN there",
                    f -> f.gradient() && (f.x(1) == 0 || Double.isInfinite(f.x(0)))),
            new TorchDifference(
                    "pow",
                    "an exponent of 0.5 or -0.5, where the base is -0 or negative infinity, and its gradient",
                    "that of any exponent",
                    "that of a square root",
                    "PyTorch computes the root, but only for an exponent that is not a tensor",
                    f -> f.of().call().matches("pow\\(-?0.5\\)")
                            && (1 / f.x(0) == Double.NEGATIVE_INFINITY || f.x(0) == Double.NEGATIVE_INFINITY)),
            new TorchDifference(
                    "softsign",
                    "the gradient at infinity",
                    "0",
                    "NaN",
                    "its limit",
                    f -> f.gradient() && Double.isInfinite(f.x(0))),
            new TorchDifference(
                    "relu relu6 maximum scatterReduce",
                    "-0 against 0",
                    "+0",
                    "-0",
                    "Java's order of zeros; PyTorch takes the first operand",
                    f -> true),
            new TorchDifference(
                    "minimum min",
                    "-0 against 0",
                    "-0",
                    "+0",
                    "Java's order of zeros; PyTorch takes the first operand",
                    f -> true),
            new TorchDifference(
                    "sign elu celu selu logSigmoid",
                    "the sign of a zero",
                    "-0",
                    "+0",
                    "the limit from below 0 keeps its sign",
                    f -> true),
            new TorchDifference(
                    "elu celu selu",
                    "just below 0",
                    "exact to a few ulp",
                    "e^x - 1, which cancels",
                    "ours is expm1",
                    f -> !f.gradient() && f.near(1e-7) && f.x(0) > -1e-7),
            new TorchDifference(
                    "expm1",
                    "the gradient far below 0",
                    "e^x",
                    "the value + 1, which cancels",
                    "the derivative of elu keeps its digits",
                    f -> f.gradient() && f.x(0) <= -30 && f.ours() != 0),
            new TorchDifference(
                    "gelu",
                    "far below 0, and its gradient",
                    "exact to a few ulp",
                    "1 + erf, which cancels",
                    "ours is erfc",
                    f -> f.x(0) == -30 && (f.theirs() == 0 || f.near(1e-2))),
            new TorchDifference(
                    "digamma polygamma",
                    "the derivative at a negative whole number, a pole",
                    "infinite",
                    "about 1e30",
                    "the sine of a multiple of pi is not quite 0",
                    f -> f.x(0) < 0 && Math.abs(f.theirs()) > 1e20),
            new TorchDifference(
                    "polygamma",
                    "a negative whole number or -inf, for an even order",
                    "NaN",
                    "infinite",
                    "a pole of both signs, and no limit",
                    f -> f.x(0) < 0),
            new TorchDifference(
                    "polygamma", "infinity", "0", "NaN", "its limit", f -> f.x(0) == Double.POSITIVE_INFINITY));

    private TorchDifferences() {}

    /** Returns the tolerance of a case. */
    static Bound bound(TorchCase c) {
        return c.line().startsWith("float32")
                ? FLOATS
                : BOUNDS.stream()
                        .filter(b -> b.named().contains(c.op()))
                        .findFirst()
                        .orElse(DOUBLES);
    }

    /** Returns every function that has a tolerance of its own. */
    static Set<String> bounded() {
        return BOUNDS.stream().flatMap(b -> b.named().stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns every function that a row or a tolerance names. */
    static Set<String> names() {
        Set<String> names = bounded();
        ALL.forEach(d -> names.addAll(d.named()));
        return names;
    }

    /**
     * Returns the text of docs/pytorch.md.
     *
     * @param without the methods without a fixture, with the reason
     */
    static String page(Map<String, String> without) {
        String rows = ALL.stream()
                .map(d -> "| " + code(d.named()) + " | " + d.where() + " | " + d.ours() + " | " + d.theirs() + " | "
                        + d.why() + " |\n")
                .collect(Collectors.joining());
        String bounds = BOUNDS.stream()
                .map(b -> "| " + code(b.named()) + " | " + b.relative() + " | " + b.why() + " |\n")
                .collect(Collectors.joining());
        String notCompared = without.entrySet().stream()
                .map(e -> "| `" + e.getKey() + "` | " + e.getValue() + " |\n")
                .collect(Collectors.joining());
        return """
                # Differences from PyTorch

                Names, defaults, values and first gradients are PyTorch's, for edge values too. A test compares every function
                with the results of PyTorch 1.13 for some two thousand calls. This page is generated from its list of differences; the
                test fails if anything else differs, or if one of these no longer does.

                ## Conventions

                | what | Gradus | PyTorch |
                |---|---|---|
                | the axis of the classes of `softmaxCrossEntropy` and `nll` | the last | axis 1 |
                | the weights of `lstm`, `gru` and `rnn` | `[in, k h]` and `[h, k h]` for k gates; `lstm` and `rnn` have one bias | the transposes; two biases, whose sum counts |
                | the mask of `scaledDotProductAttention` | 1 attends, 0 hides | a boolean mask likewise; a float mask is added to the scores |
                | the stride of a pooling op with `WindowOptions` | 1 unless it is set | the size of the window |
                | a matrix of `cholesky` and `eigh` | its symmetric part counts | the lower triangle counts |
                | the gradient of `embedding` | has the rows that were used, and optimizers update only these | dense, unless `sparse=True` |
                | draws of distributions | `sample`, with a gradient where there is one, from an explicit stream | `rsample`; `sample` has no gradient |

                ## Intended differences

                | function | where | Gradus | PyTorch 1.13 | reason |
                |---|---|---|---|---|
                %s
                ## Not compared

                | method | reason |
                |---|---|
                %s
                ## Precision

                Values and gradients agree to a relative %s, values in FLOAT32 to %s, except for these:

                | function | relative tolerance | reason |
                |---|---|---|
                %s"""
                .formatted(rows, notCompared, DOUBLES.relative(), FLOATS.relative(), bounds);
    }

    private static String code(List<String> names) {
        return names.stream().map(n -> "`" + n + "`").collect(Collectors.joining(" "));
    }
}
