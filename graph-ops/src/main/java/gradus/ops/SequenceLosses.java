package gradus.ops;

import gradus.array.Tensor;
import gradus.graph.Node;

/** Losses of sequences that are not aligned with their targets. */
public final class SequenceLosses {
    private SequenceLosses() {}

    /**
     * Returns {@link #ctc(Node, Tensor, int[], int[], CtcOptions)} with the default options: blank 0, the mean of the losses
     * divided by the target lengths.
     */
    public static Node ctc(Node logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths) {
        return ctc(logProbabilities, targets, inputLengths, targetLengths, CtcOptions.DEFAULT);
    }

    /**
     * Returns the connectionist temporal classification loss, {@code -log sum over alignments of prod over t of p[t, a[t]]} of each
     * example, reduced: {@code [t, n, c], [n, s] -> []}, or {@code [n]} without reduction. An alignment a has a class for each frame;
     * it is one of the target if this remains when equal neighbours are merged and blanks then removed. Graves et al. 2006.
     * PyTorch's {@code ctc_loss}.
     *
     * <p>It is computed in log space, and has derivatives of any order with respect to the log-probabilities. PyTorch's gradient
     * is that with respect to the scores before {@code logSoftmax}; after the rule of {@code logSoftmax} both are equal.
     *
     * @param logProbabilities of each frame t, example n and class c; -inf is legal
     * @param targets the labels of each example, padded to the length s with anything; none is blank. PyTorch also takes
     *     concatenated targets
     * @param inputLengths the number of frames of each example, 1 to t; later ones have no effect
     * @param targetLengths the number of labels of each example, 0 to s
     * @throws gradus.array.OperandMismatch if the shapes do not fit, a length or a label is out of range, the batch is empty, an
     *     element of a frame that counts is positive and so no log-probability, or an example has no alignment of positive probability, as it has fewer frames than labels and the blanks between equal
     *     ones, and zeroInfinity is not set
     */
    public static Node ctc(
            Node logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths, CtcOptions options) {
        return new Ctc(logProbabilities, targets, inputLengths, targetLengths, options).loss();
    }
}
