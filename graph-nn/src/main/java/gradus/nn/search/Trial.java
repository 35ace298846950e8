package gradus.nn.search;

import gradus.array.RandomStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One set of hyperparameters, defined while the objective runs: each is asked for by a name, with the range or the choices
 * it is drawn from. What is drawn depends on the seed of the search, the number of the trial and the name alone, so
 * neither the order in which parameters are asked for nor the number of threads changes it.
 *
 * <p>A name has the same range, or the same choices, in all trials of a search. A trial may leave out names, such as the momentum where
 * another optimizer was chosen; which ones may depend on the values of choices and integers.
 */
public final class Trial {
    private static final String PREFIX = "trial-";
    private static final String SUFFIX = ".safetensors";

    private final SearchRun run;
    private final int number;
    private final int budget;
    private final long seed;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private RuntimeException refused;

    Trial(SearchRun run, int number, int budget) {
        this.run = run;
        this.number = number;
        this.budget = budget;
        this.seed = seed(run.plan.seed, number);
    }

    static long seed(long searchSeed, int number) {
        return RandomStream.of(searchSeed, "trial " + number).nextLong();
    }

    /** Returns the random stream that the value of a parameter is drawn from. */
    static RandomStream stream(long trialSeed, String name) {
        return RandomStream.of(trialSeed, "parameter " + name);
    }

    // ---- parameters

    /**
     * Returns a number from {@code low} (included) to {@code high} (excluded), uniformly distributed.
     *
     * @throws IllegalArgumentException if low is not below high, one is not finite, or the name has another range
     */
    public double uniform(String name, double low, double high) {
        return ((Number) value("uniform", name, () -> Space.range(Space.Kind.UNIFORM, low, high))).doubleValue();
    }

    /**
     * Returns a number from {@code low} (included) to {@code high} (excluded), whose logarithm is uniformly distributed.
     *
     * @throws IllegalArgumentException if low is not positive or not below high, high is not finite, or the name has another range
     */
    public double logUniform(String name, double low, double high) {
        return ((Number) value("logUniform", name, () -> Space.range(Space.Kind.LOG_UNIFORM, low, high))).doubleValue();
    }

    /**
     * Returns a whole number from {@code low} to {@code high}, both included, each equally likely.
     *
     * @throws IllegalArgumentException if low is above high, or the name has another range
     */
    public int integer(String name, int low, int high) {
        return ((Number) value("integer", name, () -> Space.range(Space.Kind.INTEGER, low, high))).intValue();
    }

    /**
     * Returns a whole number from {@code low} to {@code high}, both included: {@code floor(v)}, where the logarithm of v is uniformly
     * distributed between those of low and {@code high + 1}.
     *
     * @throws IllegalArgumentException if low is not positive or above high, or the name has another range
     */
    public int logInteger(String name, int low, int high) {
        return ((Number) value("logInteger", name, () -> Space.range(Space.Kind.LOG_INTEGER, low, high))).intValue();
    }

    /**
     * Returns one of the choices, each equally likely.
     *
     * @throws IllegalArgumentException if there are none, one is there twice, or the name has other choices
     */
    public int choice(String name, int... choices) {
        return (Integer) value("choice", name, () -> {
            Objects.requireNonNull(choices, "choice: choices is null");
            return Space.choice(Arrays.stream(choices).boxed().toList());
        });
    }

    /**
     * Returns one of the choices, each equally likely.
     *
     * @throws IllegalArgumentException if there are none, one is there twice or not finite, or the name has other choices
     */
    public double choice(String name, double... choices) {
        return (Double) value("choice", name, () -> {
            Objects.requireNonNull(choices, "choice: choices is null");
            return Space.choice(Arrays.stream(choices).boxed().toList());
        });
    }

    /**
     * Returns one of the choices, each equally likely.
     *
     * @throws IllegalArgumentException if there are none, one is there twice, or the name has other choices
     */
    public String choice(String name, String... choices) {
        return (String) value("choice", name, () -> {
            Objects.requireNonNull(choices, "choice: choices is null");
            return Space.choice(Arrays.asList(choices));
        });
    }

    private interface Asked {
        Space space();
    }

    /** Returns the value of a parameter; what is refused here fails the trial, even if the objective catches it. */
    private Object value(String method, String name, Asked asked) {
        try {
            Objects.requireNonNull(name, method + ": name is null");
            Space space = asked.space();
            run.define(this, name, space);
            if (!values.containsKey(name)) {
                values.put(name, run.value(seed, number, name, space));
            }
            return values.get(name);
        } catch (IllegalArgumentException | NullPointerException e) {
            refused = e;
            throw e;
        }
    }

    // ---- the trial

    /** Returns the number of the trial in its search, counted from 1. */
    public int number() {
        return number;
    }

    /** Returns the seed for all else that is random in this trial, such as initial weights and shuffling. */
    public long seed() {
        return seed;
    }

    /**
     * Returns for how many epochs, or other units of work, this trial may train in all.
     *
     * @throws IllegalStateException if the search has no budget
     */
    public int budget() {
        if (budget == 0) {
            throw refuse("budget: a " + run.plan.method + " search has no budget; set one with budget(..)");
        }
        return budget;
    }

    /**
     * Returns the file in which this trial may keep its training, for {@code Trainer.checkpoint}: the same file for each budget, so that a
     * trial with a larger budget continues where it stopped with the smaller one.
     *
     * @throws IllegalStateException if the search has no folder of checkpoints
     */
    public Path checkpoint() {
        if (run.plan.checkpoints == null) {
            throw refuse("checkpoint: the search has no folder of checkpoints; set one with checkpoints(..)");
        }
        return run.plan.checkpoints.resolve(PREFIX + number + SUFFIX);
    }

    /** Returns whether a file has the name of a checkpoint of a trial. */
    static boolean isCheckpoint(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    private IllegalStateException refuse(String message) {
        IllegalStateException e = new IllegalStateException(message);
        refused = e;
        return e;
    }

    /** Returns the values asked for so far by name, in the order in which they were asked for. */
    public Map<String, Object> values() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    int budgetOrZero() {
        return budget;
    }

    /** Throws what was refused here, if anything was. */
    void requireNothingRefused() {
        if (refused != null) {
            throw refused;
        }
    }

    /** Returns the number and the values. */
    @Override
    public String toString() {
        return "trial " + number + " " + values;
    }
}
