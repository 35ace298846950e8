package gradus.nn.data;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Normalises inputs by the statistics of a training set, {@code (x - mean) / std}; validation and test sets are to be normalised by the same
 * numbers. The standard deviation is the biased one, and 1 for constants, as in scikit-learn's class of this name.
 *
 * @param mean the means; a shape that broadcasts with one example
 * @param std the standard deviations, positive, in the same shape
 */
public record StandardScaler(Tensor mean, Tensor std) implements Transform {
    private static final int EXAMPLES = 256;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the shapes differ, a mean is not finite, or a standard deviation is not positive
     */
    public StandardScaler {
        Objects.requireNonNull(mean, "StandardScaler: mean is null");
        Objects.requireNonNull(std, "StandardScaler: std is null");
        if (!mean.shape().equals(std.shape())) {
            throw new IllegalArgumentException(
                    "StandardScaler: the shapes of mean " + mean.shape() + " and std " + std.shape() + " differ");
        }
        if (!Arrays.stream(mean.toDoubleArray()).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("StandardScaler: a mean is not finite");
        }
        if (!Arrays.stream(std.toDoubleArray()).allMatch(v -> v > 0 && v < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("StandardScaler: a standard deviation is not a positive number");
        }
    }

    /**
     * Returns the statistics of each feature, that is each element of the first input, over the examples.
     *
     * @throws IllegalArgumentException if an input is not finite
     */
    public static StandardScaler of(Dataset train) {
        Objects.requireNonNull(train, "StandardScaler.of: train is null");
        return over(train);
    }

    /**
     * Returns the statistics of each channel of inputs [n, c, ..] over the examples and all positions, in the shape [c, 1, ..].
     *
     * @throws IllegalArgumentException if inputs have no axis of channels and another, or one is not finite
     */
    public static StandardScaler perChannel(Dataset train) {
        Objects.requireNonNull(train, "StandardScaler.perChannel: train is null");
        Shape one = train.batch(0, 1).x().shape();
        if (one.rank() < 3) {
            throw new IllegalArgumentException("StandardScaler.perChannel: inputs are [n, c, ..], not " + one);
        }
        return over(train, IntStream.range(2, one.rank()).toArray());
    }

    /** Two passes over the examples, the second for the squared deviations. */
    private static StandardScaler over(Dataset train, int... positions) {
        int[] axes = IntStream.concat(IntStream.of(0), IntStream.of(positions)).toArray();
        Tensor mean = meanOf(train, null, axes);
        Tensor std = meanOf(train, mean, axes).sqrt();
        if (!Double.isFinite(std.sum().item())) {
            throw new IllegalArgumentException("StandardScaler: an input is NaN, infinite, or too large to be squared");
        }
        // the mean of equal numbers may be rounded, and their deviations then are not exactly 0
        double rounding = train.size() * 0x1p-52;
        return new StandardScaler(mean, std.zip("StandardScaler", mean, (v, m) -> v <= rounding * Math.abs(m) ? 1 : v));
    }

    /** Returns the means over the axes, of the inputs or of their squared deviations, without the first axis. */
    private static Tensor meanOf(Dataset train, Tensor mean, int... axes) {
        Tensor sum = null;
        double count = 0;
        for (int from = 0; from < train.size(); from += EXAMPLES) {
            Tensor x = train.batch(from, Math.min(from + EXAMPLES, train.size()))
                    .x()
                    .to(DType.FLOAT64);
            if (mean != null) {
                x = x.sub(mean);
                x = x.mul(x);
            }
            Tensor part = x.sumKeepDims(axes);
            count += (double) x.size() / part.size();
            sum = sum == null ? part : sum.add(part);
        }
        Tensor result = sum.div(count);
        int[] dims = result.shape().dims();
        return result.reshape(Arrays.copyOfRange(dims, 1, dims.length));
    }

    /** Returns inputs, of one example or of a batch, normalised. */
    public Tensor apply(Tensor x) {
        Objects.requireNonNull(x, "StandardScaler.apply: x is null");
        requireFits("apply", x);
        return x.sub(mean.to(x.dtype())).div(std.to(x.dtype()));
    }

    /** Returns inputs as they were before they were normalised: {@code x std + mean}. */
    public Tensor inverse(Tensor x) {
        Objects.requireNonNull(x, "StandardScaler.inverse: x is null");
        requireFits("inverse", x);
        return x.mul(std.to(x.dtype())).add(mean.to(x.dtype()));
    }

    private void requireFits(String op, Tensor x) {
        if (!mean.shape().expandsTo(x.shape())) {
            throw new IllegalArgumentException(
                    "StandardScaler." + op + ": statistics " + mean.shape() + " are not those of inputs " + x.shape());
        }
    }

    @Override
    public Tensor apply(Tensor example, RandomStream random) {
        return apply(example);
    }

    /** Returns examples with their first input normalised: in memory if they are, else as a view. */
    public Dataset apply(Dataset examples) {
        Objects.requireNonNull(examples, "StandardScaler.apply: examples is null");
        if (!examples.isInMemory()) {
            return examples.transformed(this, 0);
        }
        Batch all = examples.all();
        return Dataset.of(
                IntStream.range(0, all.inputs().size())
                        .mapToObj(i -> i == 0 ? apply(all.x()) : all.inputs().get(i))
                        .toList(),
                all.targets());
    }
}
