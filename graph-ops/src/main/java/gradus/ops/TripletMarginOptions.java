package gradus.ops;

import java.util.Objects;

/**
 * The options of {@link MarginLosses#tripletMargin(gradus.graph.Node, gradus.graph.Node, gradus.graph.Node,
 * TripletMarginOptions)}. Immutable, equal by value, and fluent.
 *
 * @param margin by how much the negative must be farther from the anchor than the positive
 * @param p the order of the norm that measures distances
 * @param swap whether the distance of the negative is the smaller of that from the anchor and that from the positive
 * @param reduction how the terms of the rows become the result
 */
public record TripletMarginOptions(double margin, double p, boolean swap, Reduction reduction) {
    /** Margin 1, the Euclidean norm, no swap, the mean. */
    public static final TripletMarginOptions DEFAULT = new TripletMarginOptions(1, 2, false, Reduction.MEAN);

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the margin is not finite, or p not at least 1
     */
    public TripletMarginOptions {
        Objects.requireNonNull(reduction, "TripletMarginOptions: reduction is null");
        if (!Double.isFinite(margin)) {
            throw new IllegalArgumentException("TripletMarginOptions: margin " + margin + " must be finite");
        }
        if (!(p >= 1)) {
            throw new IllegalArgumentException("TripletMarginOptions: p " + p + " must be at least 1");
        }
    }

    /** Returns these options with another margin. */
    public TripletMarginOptions margin(double newMargin) {
        return new TripletMarginOptions(newMargin, p, swap, reduction);
    }

    /** Returns these options with another order of the norm, infinity for the largest difference. */
    public TripletMarginOptions p(double order) {
        return new TripletMarginOptions(margin, order, swap, reduction);
    }

    /** Returns these options with swap, or without. Balntas et al. 2016. */
    public TripletMarginOptions swap(boolean newSwap) {
        return new TripletMarginOptions(margin, p, newSwap, reduction);
    }

    /** Returns these options with another reduction. */
    public TripletMarginOptions reduction(Reduction newReduction) {
        return new TripletMarginOptions(margin, p, swap, newReduction);
    }
}
