package gradus.nn.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A search for the hyperparameters with the best score on validation data:
 *
 * <pre>{@code
 * Search search = Search.maximize(trial -> {
 *     double rate = trial.logUniform("learning rate", 1e-4, 1);
 *     int width = trial.choice("width", 8, 16, 32);
 *     ..                                  // build a model of that width, train it with that rate
 *     return Trainer.accuracy(model, validation);
 * });
 * Search.Result result = search.random(100).seed(1).run();
 * }</pre>
 *
 * <p>Random search: Bergstra and Bengio, Random Search for Hyper-Parameter Optimization, JMLR 2012, and "Deep Learning from Scratch",
 * chapter 6.5. Successive halving: Jamieson and Talwalkar, 2016. Hyperband: Li et al., Hyperband: A Novel Bandit-Based Approach to
 * Hyperparameter Optimization, JMLR 2018.
 */
public final class Search {
    /** Trains a model with the hyperparameters of a trial. */
    @FunctionalInterface
    public interface Objective {
        /**
         * Returns the score of a trial; one that is not finite means that the trial failed. With several threads it is called by all of
         * them at once. An exception ends the search.
         */
        double score(Trial trial) throws Exception;
    }

    /**
     * A trial and its score.
     *
     * @param number counted from 1
     * @param seed what {@link Trial#seed} returned
     * @param budget what {@link Trial#budget} returned; 0 where the search has none
     * @param score NaN if the trial failed
     * @param values by name: a {@code Double}, an {@code Integer} or a {@code String}
     */
    public record TrialResult(int number, long seed, int budget, double score, Map<String, Object> values) {
        /** Copies the values, keeping their order. */
        public TrialResult {
            Objects.requireNonNull(values, "TrialResult: values is null");
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        /** Returns whether the trial has no score. */
        public boolean failed() {
            return Double.isNaN(score);
        }
    }

    /**
     * A range of a parameter.
     *
     * @param low the smallest value
     * @param high the largest value
     */
    public record Range(String name, double low, double high) {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if low is above high, or one is NaN
         */
        public Range {
            Objects.requireNonNull(name, "Range: name is null");
            if (!(low <= high)) {
                throw new IllegalArgumentException(
                        "Range: " + name + ": low " + low + " must not be above high " + high);
            }
        }
    }

    /** The value of a parameter in a trial, and the score of that trial. */
    public record Point(double value, double score) {}

    final boolean maximize;
    final Objective objective;

    private Search(boolean maximize, Objective objective) {
        this.maximize = maximize;
        this.objective = objective;
    }

    /** Returns a search for the largest score. */
    public static Search maximize(Objective objective) {
        return new Search(true, Objects.requireNonNull(objective, "Search.maximize: objective is null"));
    }

    /** Returns a search for the smallest score. */
    public static Search minimize(Objective objective) {
        return new Search(false, Objects.requireNonNull(objective, "Search.minimize: objective is null"));
    }

    /**
     * Returns a random search: trials 1 to n with random values.
     *
     * @throws IllegalArgumentException if n is below 1
     */
    public SearchPlan random(int n) {
        requirePositive("random", "n", n);
        return SearchPlan.random(this, n);
    }

    /**
     * Returns a grid search: a trial for each combination of the listed values, numbers or strings. The objective asks for exactly these
     * names. The value of the first name in alphabetical order changes last.
     *
     * @throws IllegalArgumentException if nothing is listed, or there are more than 1,000,000 combinations
     */
    public SearchPlan grid(Map<String, ? extends List<?>> values) {
        Objects.requireNonNull(values, "grid: values is null");
        List<Map<String, Object>> all = List.of(Map.of());
        for (Map.Entry<String, ? extends List<?>> e : new TreeMap<>(values).entrySet()) {
            Objects.requireNonNull(e.getValue(), () -> "grid: the values of \"" + e.getKey() + "\" are null");
            if (e.getValue().isEmpty() || (long) all.size() * e.getValue().size() > 1_000_000) {
                throw new IllegalArgumentException("grid: \"" + e.getKey() + "\" has "
                        + e.getValue().size() + " values, for " + all.size()
                        + " combinations of those before it; at least 1 and at most 1,000,000 combinations are needed");
            }
            List<Map<String, Object>> next = new ArrayList<>();
            for (Map<String, Object> combination : all) {
                for (Object v : e.getValue()) {
                    Map<String, Object> more = new LinkedHashMap<>(combination);
                    more.put(
                            e.getKey(),
                            Objects.requireNonNull(v, () -> "grid: a value of \"" + e.getKey() + "\" is null"));
                    next.add(more);
                }
            }
            all = next;
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException("grid: there are no names");
        }
        return SearchPlan.grid(this, all, new TreeMap<>(values).toString());
    }

    /**
     * Returns successive halving: n random trials run with a small budget, the best third of them with three times that budget, and so on, up
     * to the largest; {@link SearchPlan#reduction} sets another factor than 3. The budgets are {@code maxBudget / 3^k}, rounded down,
     * for all k for which that is at least {@code minBudget}; of the trials at least one remains.
     *
     * @throws IllegalArgumentException if n or minBudget is below 1, or maxBudget below minBudget
     */
    public SearchPlan halving(int n, int minBudget, int maxBudget) {
        requirePositive("halving", "n", n);
        requirePositive("halving", "minBudget", minBudget);
        if (maxBudget < minBudget) {
            throw new IllegalArgumentException(
                    "halving: maxBudget " + maxBudget + " must be at least minBudget " + minBudget);
        }
        return SearchPlan.halving(this, n, minBudget, maxBudget);
    }

    /**
     * Returns Hyperband: several runs of successive halving, from many trials that start with a small budget to few that all have the largest;
     * {@link SearchPlan#reduction} sets another factor than 3. With s the largest whole number for which {@code 3^s <= maxBudget}, they
     * start with {@code ceil((s + 1) 3^k / (k + 1))} trials of the budget {@code maxBudget / 3^k}, for k from s to 0.
     *
     * @throws IllegalArgumentException if maxBudget is below 1
     */
    public SearchPlan hyperband(int maxBudget) {
        requirePositive("hyperband", "maxBudget", maxBudget);
        return SearchPlan.hyperband(this, maxBudget);
    }

    private static void requirePositive(String method, String what, int n) {
        if (n < 1) {
            throw new IllegalArgumentException(method + ": " + what + " " + n + " must be at least 1");
        }
    }

    /** The trials of a search, the best first. */
    public static final class Result {
        private final boolean maximize;
        private final List<TrialResult> trials;
        private final Map<String, Space> spaces;

        Result(boolean maximize, List<TrialResult> trials, Map<String, Space> spaces) {
            this.maximize = maximize;
            this.trials = trials;
            this.spaces = spaces;
        }

        /**
         * Returns the best trial: of those with the largest budget the one with the best score.
         *
         * @throws IllegalStateException if all trials failed
         */
        public TrialResult best() {
            if (trials.get(0).failed()) {
                throw new IllegalStateException("Search.Result: all " + trials.size() + " trials failed");
            }
            return trials.get(0);
        }

        /**
         * Returns each trial once, with the largest budget it was run with. Trials with a larger budget come before those with a smaller
         * one, then those with a better score, then those with a smaller number; failed trials are the last.
         */
        public List<TrialResult> trials() {
            return trials;
        }

        /**
         * Returns the range of the values that a parameter has in the best fifth of the trials, to search again: the smallest range that
         * has them all. Failed trials do not count, and at least three trials do, or two if there are no more. Low is below high unless
         * the parameter is a whole number, which may be the same in all of them.
         *
         * @throws IllegalArgumentException if no trial asked for the name, or it has choices
         * @throws IllegalStateException if fewer than two trials have a value and a score
         */
        public Range narrowed(String name) {
            Objects.requireNonNull(name, "narrowed: name is null");
            if (!space("narrowed", name).isRange()) {
                throw new IllegalArgumentException(
                        "narrowed: \"" + name + "\" is a " + spaces.get(name) + ", not a range");
            }
            List<TrialResult> have = having(name);
            if (have.size() < 2) {
                throw new IllegalStateException("narrowed: \"" + name + "\" has a value and a score in " + have.size()
                        + " trials; at least 2 are needed");
            }
            double[] best = have.stream()
                    .limit(Math.max(3, (have.size() + 4) / 5))
                    .mapToDouble(t -> ((Number) t.values().get(name)).doubleValue())
                    .sorted()
                    .toArray();
            return new Range(name, best[0], best[best.length - 1]);
        }

        /**
         * Returns the values of a parameter and the scores, in the order of the trials' numbers, for a scatter diagram. Failed trials, and
         * those that did not ask for it, are left out.
         *
         * @throws IllegalArgumentException if no trial asked for the name, or its values are strings
         */
        public List<Point> points(String name) {
            Objects.requireNonNull(name, "points: name is null");
            Space space = space("points", name);
            if (!space.isRange() && space.choices().get(0) instanceof String) {
                throw new IllegalArgumentException("points: \"" + name + "\" is a " + space + ", not a number");
            }
            return having(name).stream()
                    .sorted((a, b) -> Integer.compare(a.number(), b.number()))
                    .map(t -> new Point(((Number) t.values().get(name)).doubleValue(), t.score()))
                    .toList();
        }

        /** Returns the names of all parameters that trials have asked for. */
        public List<String> names() {
            return List.copyOf(spaces.keySet());
        }

        /**
         * Returns whether a parameter was drawn by the logarithm, by {@link Trial#logUniform} or {@link Trial#logInteger}.
         *
         * @throws IllegalArgumentException if no trial asked for the name
         */
        public boolean isLogarithmic(String name) {
            Objects.requireNonNull(name, "isLogarithmic: name is null");
            Space.Kind kind = space("isLogarithmic", name).kind();
            return kind == Space.Kind.LOG_UNIFORM || kind == Space.Kind.LOG_INTEGER;
        }

        private Space space(String method, String name) {
            Space space = spaces.get(name);
            if (space == null) {
                throw new IllegalArgumentException(
                        method + ": no trial asked for \"" + name + "\"; the names are " + spaces.keySet());
            }
            return space;
        }

        /** Returns the trials that have a value of this name and a score, the best first. */
        private List<TrialResult> having(String name) {
            return trials.stream()
                    .filter(t -> !t.failed() && t.values().containsKey(name))
                    .toList();
        }

        /** Returns a table with a row for each trial, the best first. */
        @Override
        public String toString() {
            return ResultTable.of(maximize, trials, spaces.keySet());
        }
    }
}
