package gradus.nn.zoo;

import gradus.array.RandomStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * How the next token is chosen from its logits. Immutable, equal by value, and fluent: {@code Sampling.DEFAULT.temperature(0.8).topK(40)}.
 *
 * @param temperature what logits are divided by: below 1 likely tokens become more likely; 0 takes the likeliest
 * @param topK how many of the likeliest tokens are left to choose from; 0 for all
 */
public record Sampling(double temperature, int topK) {
    /** Tokens by their probabilities. */
    public static final Sampling DEFAULT = new Sampling(1, 0);

    /** The likeliest token, of equal ones the first; nothing is drawn. */
    public static final Sampling GREEDY = new Sampling(0, 0);

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the temperature is not a number from 0 up, or topK is negative
     */
    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature) || topK < 0) {
            throw new IllegalArgumentException("Sampling: temperature " + temperature
                    + " must be a number from 0 up, topK " + topK + " at least 0");
        }
    }

    /** Returns these options with another temperature. */
    public Sampling temperature(double newTemperature) {
        return new Sampling(newTemperature, topK);
    }

    /** Returns these options with another number of tokens to choose from. */
    public Sampling topK(int k) {
        return new Sampling(temperature, k);
    }

    /**
     * Returns a token drawn with probability {@code softmax(logits / temperature)} among the topK largest logits; of equal ones the first count
     * as larger.
     *
     * @throws IllegalArgumentException if there are no logits, one is NaN or +infinity, or all are -infinity
     */
    public int next(double[] logits, RandomStream random) {
        Objects.requireNonNull(logits, "Sampling.next: logits is null");
        Objects.requireNonNull(random, "Sampling.next: random is null");
        int best = 0;
        for (int i = 0; i < logits.length; i++) {
            if (!(logits[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("Sampling.next: the logit of token " + i + " is " + logits[i]);
            }
            best = logits[i] > logits[best] ? i : best;
        }
        if (logits.length == 0 || logits[best] == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("Sampling.next: no token is possible");
        }
        if (temperature == 0) {
            return best;
        }
        double smallest = smallest(logits);
        int spare = topK == 0
                ? 0
                : topK - (int) Arrays.stream(logits).filter(x -> x > smallest).count();
        double[] weights = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            boolean kept = logits[i] > smallest || (logits[i] == smallest && (topK == 0 || spare-- > 0));
            weights[i] = kept ? Math.exp((logits[i] - logits[best]) / temperature) : 0;
            sum += weights[i];
        }
        double rest = random.nextDouble() * sum;
        int last = best;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                rest -= weights[i];
                if (rest < 0) {
                    return i;
                }
            }
        }
        return last; // the sum of the weights was rounded up
    }

    /** Returns the smallest logit that is kept. */
    private double smallest(double... logits) {
        if (topK == 0 || topK >= logits.length) {
            return Double.NEGATIVE_INFINITY;
        }
        double[] sorted = logits.clone();
        Arrays.sort(sorted);
        return sorted[logits.length - topK];
    }
}
