package gradus.ops;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Objects;

/**
 * Connectionist temporal classification of all examples at once. The states of an example are its labels with a blank before,
 * between and behind them, 2 s + 1 of them. {@code A[t, i]} is the logarithm of the probability of all alignments of frames 0 to t
 * that end in state i; {@link CtcRecursion} computes it from the frame before. An alignment starts in the first blank or label,
 * stays in a state or goes to the next one, leaves out a blank between labels that differ, and ends in the last label or blank.
 */
final class Ctc {
    private static final String CTC = "ctc";

    private final Node logs;
    private final int[] inputLengths;
    private final int[] targetLengths;
    private final CtcOptions options;
    private final int n;
    private final int states;
    private final int[][] labels;

    Ctc(Node logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths, CtcOptions options) {
        this.logs = Objects.requireNonNull(logProbabilities, "ctc: logProbabilities is null");
        Objects.requireNonNull(targets, "ctc: targets is null");
        this.inputLengths = Objects.requireNonNull(inputLengths, "ctc: inputLengths is null");
        this.targetLengths = Objects.requireNonNull(targetLengths, "ctc: targetLengths is null");
        this.options = Objects.requireNonNull(options, "ctc: options is null");
        Shape x = logs.shape();
        Shape t = targets.shape();
        if (x.rank() != 3 || t.rank() != 2 || t.dim(0) != x.dim(1) || x.dim(1) == 0) {
            String why = "it takes log-probabilities [t, n, c] and targets [n, s] with n from 1 up";
            throw new OperandMismatch(CTC, why, logs.label(), t);
        }
        n = x.dim(1);
        if (options.blank() < 0 || options.blank() >= x.dim(2)) {
            throw new OperandMismatch(
                    CTC, "blank " + options.blank() + " is none of " + x.dim(2) + " classes", logs.label());
        }
        requireLengths("input", inputLengths, 1, x.dim(0));
        requireLengths("target", targetLengths, 0, t.dim(1));
        int c = x.dim(2);
        LossTerms.requireLogProbabilities(CTC, logs, i -> i / (n * c) < inputLengths[i / c % n]);
        states = 2 * Arrays.stream(targetLengths).max().orElse(0) + 1;
        labels = labels(ClassIndices.whole(CTC, logs, targets), t);
    }

    private void requireLengths(String what, int[] lengths, int least, int most) {
        if (lengths.length != n) {
            throw new OperandMismatch(
                    CTC, lengths.length + " " + what + " lengths for " + n + " examples", logs.label());
        }
        for (int i = 0; i < n; i++) {
            if (lengths[i] < least || lengths[i] > most) {
                String why =
                        what + " length " + lengths[i] + " of example " + i + " is not from " + least + " to " + most;
                throw new OperandMismatch(CTC, why, logs.label());
            }
        }
    }

    /** Returns the class of each state of each example; blank behind its last one. */
    private int[][] labels(int[] targets, Shape shape) {
        int classes = logs.shape().dim(2);
        int[][] of = new int[n][states];
        for (int b = 0; b < n; b++) {
            Arrays.fill(of[b], options.blank());
            for (int i = 0; i < targetLengths[b]; i++) {
                int at = b * shape.dim(1) + i;
                if (!ClassIndices.isInRange(targets[at], classes)) {
                    throw ClassIndices.outOfRange(CTC, "label", classes, targets[at], shape, at, logs.label());
                }
                if (targets[at] == options.blank()) {
                    String why = "label " + targets[at] + ClassIndices.position(shape, at) + " is the blank";
                    throw new OperandMismatch(CTC, why, logs.label());
                }
                of[b][2 * i + 1] = targets[at];
            }
        }
        return of;
    }

    Node loss() {
        Node terms = logLikelihoods().rsub(0);
        if (options.zeroInfinity()) {
            terms = terms.maskedBy(terms.lt(Double.POSITIVE_INFINITY).or(terms.isNaN()));
        } else {
            requireAlignments(terms.value().toDoubleArray());
        }
        if (options.reduction() == Reduction.MEAN) {
            double[] lengths = Arrays.stream(targetLengths)
                    .mapToDouble(s -> Math.max(1, s))
                    .toArray();
            terms = terms.div(constant(Shape.of(n), lengths));
        }
        return options.reduction().of(CTC, terms);
    }

    private Node logLikelihoods() {
        int longest = Arrays.stream(inputLengths).max().orElseThrow();
        int[] statesOf = Arrays.stream(targetLengths).map(l -> 2 * l + 1).toArray();
        CtcRecursion recursion = new CtcRecursion(Ints.of(inputLengths), Ints.of(statesOf), Ints.of(skips()));
        Node alphas = Node.outputs(recursion, emissions(longest))[0];
        return alphas.reshape(longest * n, states)
                .indexSelect(0, lastFrames())
                .gather(1, lastStates())
                .add(lastExists())
                .logSumExp(1);
    }

    /** Returns the log-probabilities of the classes of the states: [t, n, states]. */
    private Node emissions(int longest) {
        Ints classes =
                Ints.of(Arrays.stream(labels).flatMapToInt(Arrays::stream).toArray());
        Node frames = logs.slice(0, 0, longest);
        return Node.of(new CtcRecursion.Emissions(classes, logs.shape().dim(2), false), frames);
    }

    /** Returns 1 for the states that the blank before them may be left out of, else 0. */
    private int[] skips() {
        int[] skips = new int[n * states];
        for (int b = 0; b < n; b++) {
            for (int i = 3; i < states; i += 2) {
                skips[b * states + i] = labels[b][i] == labels[b][i - 2] ? 0 : 1;
            }
        }
        return skips;
    }

    /** Returns the row of the last frame of each example among all frames. */
    private int[] lastFrames() {
        int[] rows = new int[n];
        for (int b = 0; b < n; b++) {
            rows[b] = (inputLengths[b] - 1) * n + b;
        }
        return rows;
    }

    /** Returns the last two states of each example, the blank behind the last label and this label: [n, 2]. */
    private Tensor lastStates() {
        double[] last = new double[2 * n];
        for (int b = 0; b < n; b++) {
            last[2 * b] = 2 * targetLengths[b];
            last[2 * b + 1] = Math.max(0, 2 * targetLengths[b] - 1);
        }
        return Tensor.of(Shape.of(n, 2), last);
    }

    /** Returns -inf for the last label of a target without labels, else 0: [n, 2]. */
    private Node lastExists() {
        double[] exists = new double[2 * n];
        for (int b = 0; b < n; b++) {
            exists[2 * b + 1] = targetLengths[b] == 0 ? Double.NEGATIVE_INFINITY : 0;
        }
        return constant(Shape.of(n, 2), exists);
    }

    private Node constant(Shape shape, double... values) {
        return Node.constant(Tensor.of(shape, values).to(logs.dtype()));
    }

    private void requireAlignments(double... losses) {
        for (int b = 0; b < n; b++) {
            if (losses[b] == Double.POSITIVE_INFINITY) {
                int needed = targetLengths[b];
                for (int i = 3; i <= 2 * targetLengths[b]; i += 2) {
                    needed += labels[b][i] == labels[b][i - 2] ? 1 : 0;
                }
                String why = needed > inputLengths[b]
                        ? "its labels need " + needed + " frames, it has " + inputLengths[b]
                        : "each has probability 0";
                throw new OperandMismatch(
                        CTC, "example " + b + " has no alignment: " + why + "; zeroInfinity ignores it", logs.label());
            }
        }
    }
}
