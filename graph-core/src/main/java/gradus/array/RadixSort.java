package gradus.array;

import java.util.Arrays;

/**
 * Sorting of numbers by the bits of their keys, least significant digit first: a pass for each digit moves every key, with its position,
 * behind those of a smaller digit, equal digits in their order, so the sort is stable (Knuth, The Art of Computer Programming, volume 3,
 * section 5.2.5). Digits in which all keys agree are left out, such as the last bits of numbers that were single precision.
 */
final class RadixSort {
    /** Elements from which digits are larger: fewer passes, with more places to write to. */
    private static final int LONG = 1 << 14;
    /** The sign, by which a signed number differs from an unsigned one of the same order. */
    private static final long SIGN = Long.MIN_VALUE;

    private final int bits;
    private final int[] ends;
    private long[] keys;
    private int[] positions;
    private long[] spareKeys;
    private int[] sparePositions;

    /** Returns a sort of n numbers. */
    RadixSort(int n) {
        bits = n < LONG ? 8 : 11;
        ends = new int[1 << bits];
        keys = new long[n];
        positions = new int[n];
        spareKeys = new long[n];
        sparePositions = new int[n];
    }

    /** Sets a number to be sorted. */
    void set(int i, boolean descending, double x) {
        keys[i] = key(descending, x);
    }

    /** Returns a key that has the order of the numbers: -0 is 0, and all NaN are the same, larger than any number. */
    private static long key(boolean descending, double x) {
        long b = Double.doubleToLongBits(x);
        long k = b >= 0 ? b : -(b ^ SIGN);
        return (descending ? -k : k) ^ SIGN;
    }

    /** Sorts the numbers and returns their positions in order, in an array that the next sort writes to. */
    int[] sorted() {
        long all = -1;
        long any = 0;
        for (int i = 0; i < keys.length; i++) {
            positions[i] = i;
            all &= keys[i];
            any |= keys[i];
        }
        int mask = ends.length - 1;
        for (int shift = 0; shift < Long.SIZE; shift += bits) {
            if (((all ^ any) >>> shift & mask) != 0) {
                moveBy(shift, mask);
            }
        }
        return positions;
    }

    private void moveBy(int shift, int mask) {
        Arrays.fill(ends, 0);
        for (long key : keys) {
            ends[(int) (key >>> shift) & mask]++;
        }
        int end = 0;
        for (int d = 0; d < ends.length; d++) {
            int count = ends[d];
            ends[d] = end;
            end += count;
        }
        for (int i = 0; i < keys.length; i++) {
            int to = ends[(int) (keys[i] >>> shift) & mask]++;
            spareKeys[to] = keys[i];
            sparePositions[to] = positions[i];
        }
        long[] k = keys;
        keys = spareKeys;
        spareKeys = k;
        int[] p = positions;
        positions = sparePositions;
        sparePositions = p;
    }
}
