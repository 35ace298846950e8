package gradus.nn;

import gradus.array.Tensor;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the layers of a model keep from call to call while sequences are computed piece by piece, as a text that is generated token by
 * token: the keys and values of attention, the number of positions so far, the states of recurrent networks. Each call takes the next
 * pieces {@code [n, k, ..]} of the same n sequences, and gives what the whole sequences would give at these positions:
 *
 * <pre>{@code
 * Cache cache = new Cache();
 * Tensor logits = cache.forward(gpt, prompt);   // [n, t] -> [n, t, tokens]
 * logits = cache.forward(gpt, next);            // [n, 1] -> [n, 1, tokens]: the keys and values of the prompt are not computed again
 * }</pre>
 *
 * <p>This holds for models in which a position depends on itself and those before it. Attention that is not causal and
 * bidirectional networks refuse a cache; other layers that combine positions, such as convolutions along the sequence, do not know of it.
 */
public final class Cache {
    /** How many calls with a cache are running on this thread; a layer that keeps something must then be called with the pass. */
    private static final ThreadLocal<int[]> RUNNING = ThreadLocal.withInitial(() -> new int[1]);

    private final Map<String, List<Tensor>> kept = new HashMap<>();
    /** The places that were written in this pass. */
    private final Set<String> written = new HashSet<>();

    private Model model;

    /** Creates an empty cache: the next call begins the sequences. */
    public Cache() {}

    /**
     * Returns the value of a model at the next positions, evaluating, without recording a graph. A call that fails leaves the cache as it was.
     *
     * @throws IllegalArgumentException if the cache has been used by another model
     */
    public Tensor forward(Model continued, Tensor x) {
        Objects.requireNonNull(continued, "Cache.forward: continued is null");
        Objects.requireNonNull(x, "Cache.forward: x is null");
        if (model != null && model != continued) {
            throw new IllegalArgumentException(
                    "Cache.forward: it holds the sequences of " + model + ", not of " + continued);
        }
        Map<String, List<Tensor>> before = new HashMap<>(kept);
        int[] depth = RUNNING.get();
        depth[0]++;
        try {
            Tensor y = NoGradient.run(() -> continued.forward(Node.constant(x), Pass.evaluation(this)))
                    .value();
            model = continued;
            before = null;
            return y;
        } finally {
            if (before != null) {
                kept.clear();
                kept.putAll(before);
            }
            depth[0]--;
        }
    }

    /** Begins a pass, in which each layer keeps something once. */
    void begin() {
        written.clear();
    }

    static boolean isInUse() {
        return RUNNING.get()[0] > 0;
    }

    List<Tensor> get(String path) {
        return kept.getOrDefault(path, List.of());
    }

    void put(String path, List<Tensor> tensors) {
        if (!written.add(path)) {
            throw new IllegalStateException(
                    "Cache: " + path + " is called twice with the same pass, and would continue from"
                            + " its first use; call it with pass.in(\"first\") and pass.in(\"second\")");
        }
        kept.put(path, tensors);
    }

    @Override
    public String toString() {
        return "Cache" + (model == null ? "[]" : "[" + kept.size() + " layers of " + model + "]");
    }
}
