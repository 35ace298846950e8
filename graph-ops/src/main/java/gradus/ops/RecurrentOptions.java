package gradus.ops;

import gradus.array.Ints;
import java.util.Objects;

/**
 * The options of a recurrent network over sequences [n, t, ..]. Immutable, equal by value, and fluent:
 *
 * <pre>{@code
 * RecurrentOptions.DEFAULT.lengths(5, 3, 4).reverse(true)
 * }</pre>
 *
 * @param lengths the number of steps of each sequence, behind which there is padding; or null if all have t
 * @param reverse whether each sequence is taken from its last step to its first
 */
public record RecurrentOptions(Ints lengths, boolean reverse) {
    /** All sequences have t steps, taken from the first to the last. */
    public static final RecurrentOptions DEFAULT = new RecurrentOptions(null, false);

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a length is negative
     */
    public RecurrentOptions {
        for (int i = 0; lengths != null && i < lengths.size(); i++) {
            if (lengths.get(i) < 0) {
                throw new IllegalArgumentException(
                        "RecurrentOptions: length " + lengths.get(i) + " of sequence " + i + " must be at least 0");
            }
        }
    }

    /** Returns these options with the number of steps of each sequence, from 0 to t. */
    public RecurrentOptions lengths(int... newLengths) {
        Objects.requireNonNull(newLengths, "RecurrentOptions: lengths is null");
        return new RecurrentOptions(Ints.of(newLengths), reverse);
    }

    /** Returns these options with sequences taken from the last step to the first, or from the first to the last. */
    public RecurrentOptions reverse(boolean newReverse) {
        return new RecurrentOptions(lengths, newReverse);
    }
}
