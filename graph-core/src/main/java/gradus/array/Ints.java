package gradus.array;

import java.util.Arrays;

/**
 * An immutable sequence of ints that is compared by its elements: the axes, the order of axes or the positions that an op
 * holds. A record with an {@code int[]} component would compare the array by identity.
 */
public final class Ints {
    private static final Ints[] RANGES = new Ints[9];

    static {
        for (int n = 0; n < RANGES.length; n++) {
            RANGES[n] = new Ints(counted(n));
        }
    }

    private final int[] values;

    private Ints(int... values) {
        this.values = values;
    }

    /** Returns the sequence of these values; the array is copied. */
    public static Ints of(int... values) {
        return values.length == 0 ? RANGES[0] : new Ints(values.clone());
    }

    /** Returns the sequence of these values; the array is taken over and must not change. */
    static Ints wrap(int... values) {
        return new Ints(values);
    }

    /** Returns the sequence 0, 1, .., n - 1. */
    public static Ints range(int n) {
        return n < RANGES.length ? RANGES[n] : new Ints(counted(n));
    }

    private static int[] counted(int n) {
        int[] values = new int[n];
        Arrays.setAll(values, i -> i);
        return values;
    }

    /** Returns the number of values. */
    public int size() {
        return values.length;
    }

    /**
     * Returns the value at a position, from 0.
     *
     * @throws ArrayIndexOutOfBoundsException if there is none
     */
    public int get(int i) {
        return values[i];
    }

    /** Returns the values themselves, for reading only. */
    int[] array() {
        return values;
    }

    /** Returns a copy of the values. */
    public int[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object o) {
        return this == o || (o instanceof Ints other && Arrays.equals(values, other.values));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Returns the values as {@code [0, 2]}; of more than eight the first eight and their number. */
    @Override
    public String toString() {
        if (values.length <= 8) {
            return Arrays.toString(values);
        }
        String first = Arrays.toString(Arrays.copyOf(values, 8));
        return first.substring(0, first.length() - 1) + ", .. " + values.length + " in all]";
    }
}
