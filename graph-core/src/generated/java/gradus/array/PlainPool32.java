package gradus.array;

/** The loops of max pooling in plain Java. */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainPool32 implements PoolLoops32 {
    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void ofRows(
            int n, int rows, int[] starts, int base, float[] x, float[] values, float[] positions, int to) {
        for (int c = 0; c < n; c++) {
            int best = starts[0] + c;
            for (int r = 1; r < rows; r++) {
                float v = x[starts[r] + c];
                if (v > x[best] || Double.isNaN(v)) {
                    best = starts[r] + c;
                }
            }
            values[to + c] = x[best];
            positions[to + c] = best - base;
        }
    }

    @Override
    public void ofColumns(
            int n,
            int count,
            int step,
            float[] values,
            float[] positions,
            float[] largest,
            float[] largestPositions) {
        for (int c = 0; c < n; c++) {
            int best = c;
            for (int t = 1; t < count; t++) {
                int i = c + t * step;
                if (wins(values[i], positions[i], values[best], positions[best])) {
                    best = i;
                }
            }
            largest[c] = values[best];
            largestPositions[c] = positions[best];
        }
    }

    /** Leaves all to the caller. */
    @Override
    public int ofSquares(int n, float[] x, int upper, int lower, float[] y, int yo, int end, float[] positions) {
        return 0;
    }

    private static boolean wins(float v, float p, float largest, float position) {
        return v > largest
                || (v == largest && p < position)
                || (Double.isNaN(v) && (!Double.isNaN(largest) || p > position));
    }
}
