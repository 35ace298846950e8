package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.graph.Node;

/** How the terms of a loss, one for each element or for each row, become its result. PyTorch's {@code reduction}. */
public enum Reduction {
    /** The terms themselves. */
    NONE,
    /** Their mean, the default of every loss. There must be a term. */
    MEAN,
    /** Their sum. */
    SUM,
    /**
     * Their sum divided by the size of the first axis, that of the batch, which must not be empty; of a single term, the
     * term. PyTorch has it for {@code kl_div} only.
     */
    BATCH_MEAN;

    /** Returns the result for terms of equal weight. */
    Node of(String op, Node terms) {
        return switch (this) {
            case NONE -> terms;
            case SUM -> terms.sum();
            case MEAN -> {
                require(op, terms, terms.shape().size() > 0);
                yield terms.mean();
            }
            case BATCH_MEAN -> {
                int n = terms.shape().rank() == 0 ? 1 : terms.shape().dim(0);
                require(op, terms, n > 0);
                yield terms.sum().div(n);
            }
        };
    }

    /** Returns the result for terms whose mean is their sum divided by a total weight. */
    Node of(String op, Node terms, double total) {
        return this == MEAN ? terms.sum().div(total) : of(op, terms);
    }

    private static void require(String op, Node terms, boolean holds) {
        if (!holds) {
            throw new OperandMismatch(op, "the mean over an empty batch is undefined", terms.shape());
        }
    }
}
