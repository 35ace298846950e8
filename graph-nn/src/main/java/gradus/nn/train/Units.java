package gradus.nn.train;

import gradus.array.Shape;
import gradus.graph.Node;
import gradus.graph.Op;

/**
 * The elements of a layer's output by unit: {@code values[(before * count + unit) * after + i]}.
 *
 * @param count the number of units
 * @param after the number of elements of a unit side by side, the positions of a feature map
 */
record Units(double[] values, int count, int after) {
    private static final double SATURATED = 0.97;

    /** Returns the features {@code [n, features]} or {@code [n, t, features]}, or the channels {@code [n, channels, ..]}. */
    static Units of(Node y) {
        return new Units(y.value().toDoubleArray(), count(y), after(y));
    }

    /** Returns the elements of a tensor of the same shape. */
    Units with(double[] others) {
        return new Units(others, count, after);
    }

    private static int count(Node y) {
        Shape s = y.shape();
        return s.rank() < 2 ? 1 : s.dim(axis(y));
    }

    private static int after(Node y) {
        int after = 1;
        for (int i = axis(y) + 1; i < y.shape().rank(); i++) {
            after *= y.shape().dim(i);
        }
        return after;
    }

    private static int axis(Node y) {
        return y.shape().rank() == 3 && !hasChannels(y) ? 2 : 1;
    }

    /** Returns whether a node of rank 3 was computed by a 1d convolution or pooling, and ops of the same rank after it. */
    private static boolean hasChannels(Node y) {
        for (Node n = y; n.op() != null && n.shape().rank() == 3; n = n.inputs().get(0)) {
            if (n.op().name().contains("1d")) {
                return true;
            }
        }
        return false;
    }

    double mean() {
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        return sum / values.length;
    }

    double standardDeviation() {
        double mean = mean();
        double sum = 0;
        for (double v : values) {
            sum += (v - mean) * (v - mean);
        }
        return Math.sqrt(sum / values.length);
    }

    double zeros() {
        int zeros = 0;
        for (double v : values) {
            zeros += v == 0 ? 1 : 0;
        }
        return (double) zeros / values.length;
    }

    /** Returns the number of units that are 0 everywhere. */
    int dead() {
        boolean[] lives = new boolean[count];
        int dead = count;
        for (int i = 0; i < values.length; i++) {
            int unit = i / after % count;
            if (values[i] != 0 && !lives[unit]) {
                lives[unit] = true;
                dead--;
            }
        }
        return dead;
    }

    /** Returns whether there are several units, and all have the same values. */
    boolean areEqual() {
        for (int i = 0; i < values.length; i++) {
            int first = i - i / after % count * after;
            if (values[i] != values[first]) {
                return false;
            }
        }
        return count > 1;
    }

    /** Returns the share of elements that are saturated if the op is tanh or sigmoid, else NaN. */
    double saturated(Op op) {
        String name = op == null ? "" : op.name();
        if (!name.equals("tanh") && !name.equals("sigmoid")) {
            return Double.NaN;
        }
        int saturated = 0;
        for (double v : values) {
            double t = name.equals("tanh") ? v : 2 * v - 1;
            saturated += Math.abs(t) > SATURATED ? 1 : 0;
        }
        return (double) saturated / values.length;
    }
}
