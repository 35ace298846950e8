package gradus.nn.search;

import gradus.nn.search.Search.Range;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a search is carried out. Defaults: seed 0, one thread, no file. The result depends on the search, the method and the seed, not on the
 * number of threads, nor on whether it was resumed from a file.
 */
public final class SearchPlan {
    private static final int MAX_THREADS = 1024;

    final Search search;
    final String method;
    /** The values of each trial of a grid search; otherwise empty. */
    final List<Map<String, Object>> grid;

    final Map<String, Range> within = new TreeMap<>();
    long seed;
    int threads = 1;
    Path file;
    Path checkpoints;

    /** What a grid search lists; otherwise empty. */
    private final String listed;

    private final boolean hasBudgets;
    private final int trials;
    private final int minBudget;
    private final int maxBudget;
    private int budget;
    private int reduction = 3;

    private SearchPlan(
            Search search,
            String method,
            int trials,
            int minBudget,
            int maxBudget,
            List<Map<String, Object>> grid,
            String listed) {
        this.search = search;
        this.method = method;
        this.trials = trials;
        this.hasBudgets = maxBudget > 0;
        this.minBudget = minBudget;
        this.maxBudget = maxBudget;
        this.grid = grid;
        this.listed = listed;
    }

    static SearchPlan random(Search search, int trials) {
        return new SearchPlan(search, "random", trials, 0, 0, List.of(), "");
    }

    static SearchPlan grid(Search search, List<Map<String, Object>> combinations, String listed) {
        return new SearchPlan(search, "grid", combinations.size(), 0, 0, combinations, listed);
    }

    static SearchPlan halving(Search search, int trials, int minBudget, int maxBudget) {
        return new SearchPlan(search, "halving", trials, minBudget, maxBudget, List.of(), "");
    }

    static SearchPlan hyperband(Search search, int maxBudget) {
        return new SearchPlan(search, "hyperband", 0, 1, maxBudget, List.of(), "");
    }

    /** Sets the seed of all random values. */
    public SearchPlan seed(long s) {
        seed = s;
        return this;
    }

    /**
     * Sets how many trials run at the same time. The kernels have threads of their own, as many as processors or as the property
     * {@code gradus.threads} says; they serve one trial at a time, and the others compute without them, so up to
     * {@code threads + gradus.threads - 1} threads compute at once. Where there are as many trials at a time as processors,
     * {@code -Dgradus.threads=1} is faster.
     *
     * @throws IllegalArgumentException if n is not from 1 to 1,024
     */
    public SearchPlan threads(int n) {
        if (n < 1 || n > MAX_THREADS) {
            throw new IllegalArgumentException("threads: n " + n + " must be from 1 to 1,024");
        }
        threads = n;
        return this;
    }

    /**
     * Writes the finished trials to a file after each trial, and does not run again those that the file has when the search starts: it then gives
     * the result that it had without an interruption. A random search may have more trials than the one that wrote the file.
     *
     * <p>If it has all trials, nothing runs, and it is not noticed that the objective asks for other names than the one that wrote it.
     *
     * <p>The file is JSON, a line for the search and a line for each trial, and is replaced as a whole, so a crash leaves a whole file.
     */
    public SearchPlan file(Path path) {
        file = Objects.requireNonNull(path, "file: path is null");
        return this;
    }

    /**
     * Sets the folder of {@link Trial#checkpoint}. It has to exist, and to be empty when a search starts that is not resumed from its file:
     * a trial continues from the checkpoint that it finds. Checkpoints of another search are refused.
     */
    public SearchPlan checkpoints(Path folder) {
        checkpoints = Objects.requireNonNull(folder, "checkpoints: folder is null");
        return this;
    }

    /**
     * Sets what {@link Trial#budget} returns in a random or grid search.
     *
     * @throws IllegalArgumentException if it is below 1
     * @throws IllegalStateException if the method has budgets of its own
     */
    public SearchPlan budget(int epochs) {
        if (hasBudgets) {
            throw new IllegalStateException("budget: " + method + " has budgets of its own");
        }
        if (epochs < 1) {
            throw new IllegalArgumentException("budget: epochs " + epochs + " must be at least 1");
        }
        budget = epochs;
        return this;
    }

    /**
     * Sets the factor of successive halving and Hyperband: of so many trials one goes on, with so many times the budget.
     *
     * @throws IllegalArgumentException if it is below 2
     * @throws IllegalStateException if the method is another
     */
    public SearchPlan reduction(int factor) {
        if (!hasBudgets) {
            throw new IllegalStateException("reduction: a " + method + " search has no budgets to divide");
        }
        if (factor < 2) {
            throw new IllegalArgumentException("reduction: factor " + factor + " must be at least 2");
        }
        reduction = factor;
        return this;
    }

    /**
     * Draws the value of a parameter from a part of its range, such as one that {@link Search.Result#narrowed} returned. A trial that asks for a
     * range without that part fails the search, and so does a name that no trial asks for.
     *
     * @throws IllegalStateException if this is a grid search
     */
    public SearchPlan within(Range range) {
        Objects.requireNonNull(range, "within: range is null");
        if (!grid.isEmpty()) {
            throw new IllegalStateException("within: a grid search draws nothing");
        }
        within.put(range.name(), range);
        return this;
    }

    /** Returns the brackets in the order in which they run. */
    List<Bracket> brackets() {
        if (method.equals("hyperband")) {
            return Bracket.hyperband(maxBudget, reduction);
        }
        List<Integer> budgets = hasBudgets ? Bracket.budgets(minBudget, maxBudget, reduction) : List.of(budget);
        return List.of(new Bracket(1, trials, budgets, reduction));
    }

    /** Returns what a search has to have in common with one that resumes from its file. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("goal", search.maximize ? "maximize" : "minimize");
        settings.put("method", method);
        settings.put("seed", Long.toString(seed));
        if (hasBudgets) {
            List<String> runs = new ArrayList<>();
            brackets().forEach(b -> runs.add(b.count() + " trials, budgets " + b.budgets()));
            settings.put("trials", String.join("; ", runs) + "; factor " + reduction);
        } else if (budget > 0) {
            settings.put("budget", Integer.toString(budget));
        }
        if (!grid.isEmpty()) {
            settings.put("grid", listed);
        }
        within.forEach((name, r) -> settings.put("range of " + name, r.low() + " to " + r.high()));
        return settings;
    }

    /**
     * Runs the search.
     *
     * @throws IllegalStateException if a trial throws an exception, which is the cause; the message names the trial, of several that with the smallest
     *     number. The trials that were running then have ended, and are in the file. Also if this thread is interrupted
     * @throws UncheckedIOException if the file cannot be read or written, is damaged, or is of another search: what differs is named
     */
    public Search.Result run() {
        return new SearchRun(this).result();
    }
}
