package gradus.ops;

import java.util.Objects;

/**
 * The options of {@link SequenceLosses#ctc(gradus.graph.Node, gradus.array.Tensor, int[], int[], CtcOptions)}. Immutable, equal
 * by value, and fluent.
 *
 * @param blank the class that stands for no label
 * @param zeroInfinity whether an example without alignment, whose loss is infinite, adds 0 and gets gradient 0; otherwise it is
 *     an error
 * @param reduction how the losses of the examples become the result; the mean is that of the losses divided by the target
 *     lengths, or by 1 for a target without labels
 */
public record CtcOptions(int blank, boolean zeroInfinity, Reduction reduction) {
    /** Blank 0, an error for an infinite loss, the mean. */
    public static final CtcOptions DEFAULT = new CtcOptions(0, false, Reduction.MEAN);

    /** Checks the options. */
    public CtcOptions {
        Objects.requireNonNull(reduction, "CtcOptions: reduction is null");
    }

    /** Returns these options with another class for blank. */
    public CtcOptions blank(int newBlank) {
        return new CtcOptions(newBlank, zeroInfinity, reduction);
    }

    /** Returns these options with another way to treat infinite losses. */
    public CtcOptions zeroInfinity(boolean zero) {
        return new CtcOptions(blank, zero, reduction);
    }

    /** Returns these options with another reduction. */
    public CtcOptions reduction(Reduction newReduction) {
        return new CtcOptions(blank, zeroInfinity, newReduction);
    }
}
