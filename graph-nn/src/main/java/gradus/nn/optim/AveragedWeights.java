package gradus.nn.optim;

import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Model;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An average of the weights that a model has during its training: {@link Ema} and {@link Swa}. {@link #update} adds the present
 * weights, {@link #use} evaluates with the average, {@link #assign} gives it to the model for good. PyTorch's {@code AveragedModel}
 * with {@code use_buffers=True}.
 *
 * <p>Buffers, as the running statistics of {@link gradus.nn.BatchNorm}, are averaged too. They are then the average of the statistics
 * of each of the weights, not the statistics of the averaged weights. These, as PyTorch's {@code update_bn} computes them, are
 * computed by {@link gradus.nn.BatchNorm#recompute} after {@link #assign}.
 */
public abstract class AveragedWeights {
    private static final String UPDATES = "updates";
    private static final String AVERAGE = "average.";

    private final Model model;
    private final Map<String, Tensor> average = new LinkedHashMap<>();
    private long updates;

    AveragedWeights(Model model) {
        this.model = Objects.requireNonNull(model, () -> getClass().getSimpleName() + ": model is null");
    }

    /** Returns the weight of the present weights in the average, after so many updates, of which there is at least one. */
    abstract double weight(long before);

    /** Returns the model whose weights are averaged. */
    public final Model model() {
        return model;
    }

    /** Returns the name and the constants, which a training that is resumed must have in common with its checkpoint. */
    public String settings() {
        return name();
    }

    /**
     * Adds the model's present weights to the average, after a step or an epoch. The first are the average. It is one pass over
     * the weights, in place; graphs built before it can no longer be differentiated, as after a step.
     */
    public final void update() {
        if (updates == 0) {
            average.clear();
            model.state().forEach((path, t) -> average.put(path, t.copy()));
        } else {
            Map<String, Node> parameters = model.allParameters();
            Map<String, Tensor> buffers = model.buffers();
            requireSame(parameters.keySet(), buffers.keySet());
            double weight = weight(updates);
            parameters.forEach((path, p) -> {
                if (p.isFrozen()) {
                    move(path, p.value(), weight);
                } else {
                    p.update(t ->
                            move(path, t, weight)); // reads it; a value that is handed out is copied by the next step
                }
            });
            buffers.forEach((path, t) -> move(path, t, weight));
        }
        updates++;
    }

    private void move(String path, Tensor now, double weight) {
        Tensor mean = average.get(path).to(now.dtype());
        Steps.moveTowards(mean, now, weight);
        average.put(path, mean);
    }

    private void requireSame(Set<String> parameters, Set<String> buffers) {
        Set<String> now = new LinkedHashSet<>(parameters);
        now.addAll(buffers);
        if (!average.keySet().equals(now)) {
            throw new IllegalStateException(
                    name() + ": the model has " + now + ", and had " + average.keySet() + " before");
        }
    }

    /** Returns the number of updates. */
    public final long updates() {
        return updates;
    }

    /**
     * Returns what a function returns while the model has the average; it has its own weights and buffers again after that, after an
     * exception too: {@code double accuracy = ema.use(() -> Trainer.accuracy(model, test))}.
     *
     * @throws IllegalStateException if there was no update
     */
    public final <R> R use(Supplier<R> evaluation) {
        Objects.requireNonNull(evaluation, "AveragedWeights.use: evaluation is null");
        Map<String, Tensor> own = model.state();
        assign();
        try {
            return evaluation.get();
        } finally {
            model.load(own);
        }
    }

    /**
     * Gives the model the average.
     *
     * @throws IllegalStateException if there was no update
     */
    public final void assign() {
        if (updates == 0) {
            throw new IllegalStateException(name() + ": there is no average yet; call update() after a step");
        }
        Map<String, Tensor> own = model.state();
        Map<String, Tensor> copy = new LinkedHashMap<>();
        average.forEach((path, t) -> copy.put(path, t.to(own.get(path).dtype()).copy()));
        model.load(copy);
    }

    /** Returns the average, by {@code average.PATH}, and the number of {@code updates}. */
    public final Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(UPDATES, Tensor.of((double) updates));
        average.forEach((path, t) -> state.put(AVERAGE + path, t.copy()));
        return state;
    }

    /**
     * Replaces the average and the number of updates. Nothing is changed unless all of it belongs to the model.
     *
     * @throws IllegalArgumentException if the number is missing, or a path is missing, unknown or of another shape
     */
    public final void load(Map<String, Tensor> state) {
        Objects.requireNonNull(state, "AveragedWeights.load: state is null");
        Tensor count = state.get(UPDATES);
        if (count == null || count.size() != 1 || !(count.item() >= 0) || count.item() != (long) count.item()) {
            throw new IllegalArgumentException(name() + ": the state has no number of " + UPDATES);
        }
        long n = (long) count.item();
        Map<String, Tensor> loaded = new LinkedHashMap<>();
        if (n > 0) {
            model.state().forEach((path, t) -> {
                Tensor mean = state.get(AVERAGE + path);
                if (mean == null || !mean.shape().equals(t.shape())) {
                    throw new IllegalArgumentException(name() + ": the state has "
                            + (mean == null ? "no " + path : path + " " + mean.shape()) + ", the model's is "
                            + t.shape() + "; is it that of another model?");
                }
                loaded.put(path, mean.copy());
            });
        }
        if (state.size() != loaded.size() + 1) {
            throw new IllegalArgumentException(name() + ": the state has " + state.keySet() + ", the model "
                    + model.state().keySet());
        }
        average.clear();
        average.putAll(loaded);
        updates = n;
    }

    private String name() {
        return getClass().getSimpleName();
    }

    /** Returns the name and the number of updates. */
    @Override
    public String toString() {
        return name() + "[" + updates + " updates]";
    }
}
