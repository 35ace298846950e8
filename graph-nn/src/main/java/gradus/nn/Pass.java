package gradus.nn;

import gradus.array.RandomStream;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * One pass through a model: an evaluation, or one step of training with the seed and step that its random draws depend on.
 * A pass is a value; it is handed from layer to layer as an argument, and nothing else switches between training and
 * evaluation.
 *
 * <p>What a layer draws is decided by the seed, the step, the path of the layer and the names that {@link #in} was
 * given on the way to it, so a pass with the same seed and step repeats its draws, for any number of threads and when a
 * part is recomputed. {@link Sequential} gives each of its layers a name, so one that is there twice draws other
 * numbers each time. In a model of your own a layer that is called twice with the same pass draws the same numbers
 * twice; hand it {@code pass.in("first")} and {@code pass.in("second")} to let them differ, as they do in PyTorch.
 */
public final class Pass {
    private static final Pass EVALUATION = new Pass(false, 0, 0, "", null, null);

    /** How many training passes are running on this thread; a model that needs the pass must then be called with one. */
    private static final ThreadLocal<int[]> TRAINING_PASSES = ThreadLocal.withInitial(() -> new int[1]);

    private final boolean training;
    private final long seed;
    private final long step;
    private final String prefix;
    private final Cache cache;
    private final Observer observer;

    /** Is told what layers compute; PyTorch's forward hook, for all layers at once. See {@link Pass#observedBy}. */
    @FunctionalInterface
    public interface Observer {
        /**
         * Takes what a layer has computed, in the order in which layers finish: those inside before the one around them. It may look
         * at the values, or call {@code y.retainGradient()}; an exception ends the pass.
         *
         * @param path the path of the layer from the outermost model, such as {@code 3.inner}; a layer that is called again, or
         *     recomputed in a backward pass, is reported again
         * @param x its input
         * @param y its output
         */
        void computed(String path, Node x, Node y);
    }

    private Pass(boolean training, long seed, long step, String prefix, Cache cache, Observer observer) {
        this.training = training;
        this.seed = seed;
        this.step = step;
        this.prefix = prefix;
        this.cache = cache;
        this.observer = observer;
    }

    /** Returns the pass of evaluation: no dropout, running statistics are used and not updated. */
    public static Pass evaluation() {
        return EVALUATION;
    }

    /** Returns the pass of one training step; steps of one training are numbered from 0. */
    public static Pass training(long seed, long step) {
        if (step < 0) {
            throw new IllegalArgumentException("Pass.training: step " + step + " must be at least 0");
        }
        return new Pass(true, seed, step, "", null, null);
    }

    /** Returns the pass of one evaluation of a sequence that is computed piece by piece. */
    static Pass evaluation(Cache cache) {
        cache.begin();
        return new Pass(false, 0, 0, "", cache, null);
    }

    /**
     * Returns this pass, told to an observer, in place of the one before: {@code model.forward(x, Pass.evaluation().observedBy((path, in,
     * out) -> outputs.put(path, out.value())))} has the activations by layer. Reported are the layers that {@link Sequential}, {@link
     * Parallel}, {@link Residual} and {@link Ensemble} call, lambdas too, and what a model of your own reports.
     */
    public Pass observedBy(Observer observer) {
        Objects.requireNonNull(observer, "Pass.observedBy: observer is null");
        return new Pass(training, seed, step, prefix, cache, observer);
    }

    /**
     * Reports what a part of a model has computed to the observer, if there is one, and returns it; for a model of your own: {@code Node h
     * = pass.report(this, "hidden", x, hidden.forward(x, pass))}.
     *
     * @param model the model whose part it is
     * @param name of the part: its layer's, or any other
     * @return y
     */
    public Node report(Model model, String name, Node x, Node y) {
        Objects.requireNonNull(model, "Pass.report: model is null");
        Objects.requireNonNull(name, "Pass.report: name is null");
        Objects.requireNonNull(x, "Pass.report: x is null");
        Objects.requireNonNull(y, "Pass.report: y is null");
        if (observer != null) {
            String path = model.path();
            observer.computed(path.isEmpty() ? name : path + "." + name, x, y);
        }
        return y;
    }

    /**
     * Returns this pass with other random draws, decided by the name as well, and another place in a cache: for one of
     * several uses of a layer.
     */
    public Pass in(String name) {
        Objects.requireNonNull(name, "Pass.in: name is null");
        return this == EVALUATION ? this : new Pass(training, seed, step, prefix + name + "/", cache, observer);
    }

    /** Returns whether this is a step of training. */
    public boolean isTraining() {
        return training;
    }

    /** Returns the seed of the training; 0 in an evaluation. */
    public long seed() {
        return seed;
    }

    /** Returns the number of the training step; 0 in an evaluation. */
    public long step() {
        return step;
    }

    /**
     * Returns the random stream of a layer in this pass, as {@code pass.random(path())}.
     *
     * @throws IllegalStateException in an evaluation, in which nothing is drawn
     */
    public RandomStream random(String path) {
        Objects.requireNonNull(path, "Pass.random: path is null");
        if (!training) {
            throw new IllegalStateException("Pass.random: " + path + " draws in an evaluation; only training draws");
        }
        return RandomStream.of(seed, "step " + step + " " + prefix + path);
    }

    /** Returns whether this pass continues sequences by a {@link Cache}: layers then keep what the next call needs. */
    public boolean hasCache() {
        return cache != null;
    }

    /**
     * Returns what a layer has kept in the cache at the last call, in the order of {@link #keep}; nothing at the first call.
     *
     * @throws IllegalStateException if this pass has no cache
     */
    public List<Tensor> kept(String path) {
        Objects.requireNonNull(path, "Pass.kept: path is null");
        return requireCache("kept", path).get(prefix + path);
    }

    /**
     * Keeps tensors for the next call, in place of those that the layer has kept before.
     *
     * @throws IllegalStateException if this pass has no cache
     */
    public void keep(String path, Tensor... tensors) {
        Objects.requireNonNull(path, "Pass.keep: path is null");
        Objects.requireNonNull(tensors, "Pass.keep: tensors is null");
        requireCache("keep", path).put(prefix + path, List.of(tensors));
    }

    private Cache requireCache(String method, String path) {
        if (cache == null) {
            throw new IllegalStateException("Pass." + method + ": " + path + ": this pass has no cache; see hasCache");
        }
        return cache;
    }

    @Override
    public String toString() {
        return cache != null
                ? "evaluation with a cache"
                : training ? "training pass, seed " + seed + ", step " + step : "evaluation";
    }

    /**
     * Runs a part of a training step, in which a model that behaves differently in training refuses to be called without the
     * pass; for training loops that want this checked.
     */
    public static <R> R duringTraining(Supplier<R> forward) {
        Objects.requireNonNull(forward, "Pass.duringTraining: forward is null");
        int[] depth = TRAINING_PASSES.get();
        depth[0]++;
        try {
            return forward.get();
        } finally {
            depth[0]--;
        }
    }

    static boolean isTrainingHere() {
        return TRAINING_PASSES.get()[0] > 0;
    }
}
