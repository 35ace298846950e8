package gradus.graph.check;

import gradus.array.DType;
import gradus.array.Restorable;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of a gradient check.
 *
 * @param order the highest order of derivative
 * @param seed of random directions and points
 * @param dtype the number type that the function runs in
 * @param tolerance the given tolerances; null for the defaults of the number type
 * @param state what is restored before every evaluation
 */
record GradientSettings(int order, long seed, DType dtype, Tolerance tolerance, List<Restorable> state) {
    static final GradientSettings DEFAULT = new GradientSettings(1, 1, DType.FLOAT64, null, List.of());

    /**
     * Two derivatives agree if they differ by at most {@code absolute + relative max(|a|, |b|)}.
     *
     * @param size how large derivatives are: the largest of the same output, 0 if unknown
     */
    record Tolerance(double absolute, double relative, double size) {
        Tolerance(double absolute, double relative) {
            this(absolute, relative, 0);
        }

        /** Returns the same tolerances beside derivatives of a size. */
        Tolerance beside(double largest) {
            return new Tolerance(absolute, relative, largest);
        }

        /** Returns how much two derivatives may differ; an infinite one allows nothing. */
        double of(double a, double b) {
            double larger = Math.max(Math.abs(a), Math.abs(b));
            return absolute + (Double.isFinite(larger) ? relative * larger : 0);
        }

        /** Returns by how many times the tolerance two derivatives differ; infinite if one is not a number. */
        double excess(double a, double b) {
            double excess = Math.abs(a - b) / of(a, b);
            return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
        }
    }

    /** Returns the tolerances in force. */
    Tolerance tolerances() {
        if (tolerance != null) {
            return tolerance;
        }
        return dtype == DType.FLOAT64 ? new Tolerance(1e-7, 1e-5) : new Tolerance(5e-4, 2e-3);
    }

    GradientSettings withOrder(int highest) {
        return new GradientSettings(highest, seed, dtype, tolerance, state);
    }

    GradientSettings withSeed(long newSeed) {
        return new GradientSettings(order, newSeed, dtype, tolerance, state);
    }

    GradientSettings in(DType type) {
        return new GradientSettings(order, seed, type, tolerance, state);
    }

    GradientSettings within(Tolerance other) {
        return new GradientSettings(order, seed, dtype, other, state);
    }

    GradientSettings restoring(Restorable... more) {
        List<Restorable> all = Stream.concat(state.stream(), Stream.of(more)).toList();
        return new GradientSettings(order, seed, dtype, tolerance, all);
    }
}
