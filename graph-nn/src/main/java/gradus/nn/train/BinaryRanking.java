package gradus.nn.train;

import java.util.Comparator;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Examples of the classes 0 and 1 by descending score: how many of each class have a score of at least each threshold. There is a threshold for
 * each distinct score.
 *
 * @param thresholds the distinct scores, in descending order
 * @param truePositives for each threshold, the examples of class 1 with at least that score
 * @param falsePositives for each threshold, the examples of class 0 with at least that score
 */
record BinaryRanking(double[] thresholds, long[] truePositives, long[] falsePositives) {
    static BinaryRanking of(String what, double[] scores, int... classes) {
        Objects.requireNonNull(scores, () -> what + ": scores is null");
        Objects.requireNonNull(classes, () -> what + ": classes is null");
        if (scores.length != classes.length || scores.length == 0) {
            throw new IllegalArgumentException(what + ": " + scores.length + " scores and " + classes.length
                    + " classes; as many are needed, at least 1");
        }
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i]) || (classes[i] != 0 && classes[i] != 1)) {
                throw new IllegalArgumentException(what + ": example " + i + " has the score " + scores[i]
                        + " and the class " + classes[i] + "; a number, and 0 or 1, are needed");
            }
        }
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        int[] ends = IntStream.range(0, order.length)
                .filter(i -> i == order.length - 1 || scores[order[i]] != scores[order[i + 1]])
                .toArray();
        double[] thresholds = new double[ends.length];
        long[] positives = new long[ends.length];
        long[] negatives = new long[ends.length];
        long ones = 0;
        int at = 0;
        for (int k = 0; k < ends.length; k++) {
            for (; at <= ends[k]; at++) {
                ones += classes[order[at]];
            }
            thresholds[k] = scores[order[ends[k]]];
            positives[k] = ones;
            negatives[k] = at - ones;
        }
        return new BinaryRanking(thresholds, positives, negatives);
    }

    /** Returns the number of examples of class 1. */
    long ones() {
        return truePositives[truePositives.length - 1];
    }

    /** Returns the number of examples of class 0. */
    long zeros() {
        return falsePositives[falsePositives.length - 1];
    }
}
