package gradus.array;

/** The loops of max pooling in plain Java. */
final class PlainPool64 implements PoolLoops64 {
    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void ofRows(
            int n, int rows, int[] starts, int base, double[] x, double[] values, double[] positions, int to) {
        for (int c = 0; c < n; c++) {
            int best = starts[0] + c;
            for (int r = 1; r < rows; r++) {
                double v = x[starts[r] + c];
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
            double[] values,
            double[] positions,
            double[] largest,
            double[] largestPositions) {
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
    public int ofSquares(int n, double[] x, int upper, int lower, double[] y, int yo, int end, double[] positions) {
        return 0;
    }

    private static boolean wins(double v, double p, double largest, double position) {
        return v > largest
                || (v == largest && p < position)
                || (Double.isNaN(v) && (!Double.isNaN(largest) || p > position));
    }
}
