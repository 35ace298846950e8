package gradus.nn;

import gradus.array.Tensor;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The values that buffers get in one of several runs of a model at the same time, such as the pieces of a batch. Each run starts from the values of
 * before and sees its own changes only; {@link #setMeans} combines them, whatever the order in which the runs ended.
 */
public final class LocalBuffers {
    private static final ThreadLocal<LocalBuffers> HERE = new ThreadLocal<>();

    private final Map<Buffer, Tensor> values = new HashMap<>(); // buffers are equal only to themselves

    /** Returns the changes of a run that has not begun: none. */
    public LocalBuffers() {}

    /** Runs a function on this thread; buffers that it sets have the new values for it alone. */
    public <R> R during(Supplier<R> function) {
        Objects.requireNonNull(function, "LocalBuffers.during: function is null");
        LocalBuffers outer = HERE.get();
        HERE.set(this);
        try {
            return function.get();
        } finally {
            if (outer == null) {
                HERE.remove();
            } else {
                HERE.set(outer);
            }
        }
    }

    /**
     * Sets each buffer that a run has set to the mean of its values after the runs, {@code sum_i w[i] v[i] / sum_i w[i]}, summed in the order of the
     * runs; where all are equal, to that value. A run that has not set a buffer counts with its value of before. So the running mean and
     * variance of a batch normalisation move once, towards the means of those of the pieces.
     *
     * @param weights of the runs, such as their numbers of examples
     * @throws IllegalArgumentException if they are not as many as the runs, or one is not a positive number
     */
    public static void setMeans(List<LocalBuffers> runs, double... weights) {
        Objects.requireNonNull(runs, "LocalBuffers.setMeans: runs is null");
        Objects.requireNonNull(weights, "LocalBuffers.setMeans: weights is null");
        if (weights.length != runs.size()) {
            throw new IllegalArgumentException(
                    "LocalBuffers.setMeans: " + weights.length + " weights for " + runs.size() + " runs");
        }
        double all = 0;
        for (double w : weights) {
            if (!(w > 0) || Double.isInfinite(w)) {
                throw new IllegalArgumentException(
                        "LocalBuffers.setMeans: the weight " + w + " must be a positive number");
            }
            all += w;
        }
        Set<Buffer> changed = new LinkedHashSet<>();
        runs.forEach(r -> changed.addAll(r.values.keySet()));
        for (Buffer b : changed) {
            List<Tensor> after =
                    runs.stream().map(r -> r.values.getOrDefault(b, b.value())).toList();
            b.set(mean(after, weights, all));
        }
    }

    private static Tensor mean(List<Tensor> values, double[] weights, double all) {
        Tensor first = values.get(0);
        if (values.stream().allMatch(first::equals)) {
            return first;
        }
        Tensor sum = first.mul(weights[0] / all);
        for (int i = 1; i < weights.length; i++) {
            sum = sum.add(values.get(i).mul(weights[i] / all));
        }
        return sum;
    }

    /** Returns the value of a buffer in the run on this thread; null if it is that of before, or there is no run. */
    static Tensor get(Buffer buffer) {
        LocalBuffers here = HERE.get();
        return here == null ? null : here.values.get(buffer);
    }

    /** Sets the value of a buffer in the run on this thread; returns false if there is none. */
    static boolean put(Buffer buffer, Tensor value) {
        LocalBuffers here = HERE.get();
        if (here == null) {
            return false;
        }
        here.values.put(buffer, value);
        return true;
    }
}
