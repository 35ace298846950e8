package gradus.nn.search;

import gradus.nn.search.Search.TrialResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs the trials of a search. Within a budget, threads take the next trial in the order of their numbers, so when a trial fails, all with a
 * smaller number have begun; they end before the failure is reported.
 */
final class SearchRun {
    final SearchPlan plan;

    /** The trials that have ended, by number and budget. */
    private final TreeMap<Key, TrialResult> done = new TreeMap<>();

    /** The spaces by name, in the order in which they were asked for. */
    private final Map<String, Space> spaces = new LinkedHashMap<>();

    /** The trials of the file that the search was resumed from. */
    private final List<TrialResult> resumed;

    private boolean closed;

    /** A trial with a budget. */
    record Key(int number, int budget) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Comparator.comparingInt(Key::number)
                    .thenComparingInt(Key::budget)
                    .compare(this, other);
        }
    }

    SearchRun(SearchPlan plan) {
        this.plan = plan;
        if (plan.checkpoints != null && !Files.isDirectory(plan.checkpoints)) {
            throw new IllegalArgumentException("checkpoints: " + plan.checkpoints + " is not a folder");
        }
        boolean resumes = plan.file != null && Files.exists(plan.file);
        try {
            if (plan.checkpoints != null && !resumes) {
                requireNoCheckpoints(plan.checkpoints);
            }
            resumed = resumes ? SearchFile.read(plan.file, plan.settings(), this::define, this::value) : List.of();
            resumed.forEach(t -> done.put(new Key(t.number(), t.budget()), t));
            if (plan.file != null) { // a file that cannot be written is found before the first trial
                SearchFile.write(plan.file, plan.settings(), done.values(), spaces);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Refuses the checkpoints of another search, from which the trials would continue. */
    private static void requireNoCheckpoints(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Trial::isCheckpoint).sorted().findFirst().ifPresent(f -> {
                throw new IllegalArgumentException("checkpoints: " + f
                        + " is of another search; a search that is not resumed needs an empty folder");
            });
        }
    }

    // ---- the order of trials

    Search.Result result() {
        List<TrialResult> trials = new ArrayList<>();
        for (Bracket b : plan.brackets()) {
            trials.addAll(bracket(b));
        }
        if (!plan.grid.isEmpty()
                && !spaces.keySet().containsAll(plan.grid.get(0).keySet())) {
            throw new IllegalStateException("grid: it lists " + plan.grid.get(0).keySet()
                    + ", but the trials asked only for " + spaces.keySet());
        }
        for (String name : plan.within.keySet()) {
            if (!spaces.containsKey(name)) {
                throw new IllegalStateException(
                        "within: it has a range of \"" + name + "\", but the trials asked only for " + spaces.keySet());
            }
        }
        trials.sort(Comparator.comparing(TrialResult::failed)
                .thenComparing(Comparator.comparingInt(TrialResult::budget).reversed())
                .thenComparing(better()));
        Map<String, Space> asked = new LinkedHashMap<>();
        trials.stream()
                .sorted(Comparator.comparingInt(TrialResult::number))
                .forEach(t -> t.values().keySet().forEach(name -> asked.put(name, spaces.get(name))));
        return new Search.Result(plan.search.maximize, List.copyOf(trials), asked);
    }

    /** Returns the order of trials with one budget: the better score first, those that failed last, then the smaller number. */
    private Comparator<TrialResult> better() {
        Comparator<TrialResult> byScore = Comparator.comparingDouble(TrialResult::score);
        return Comparator.comparing(TrialResult::failed)
                .thenComparing(plan.search.maximize ? byScore.reversed() : byScore)
                .thenComparingInt(TrialResult::number);
    }

    /** Returns each trial of a bracket with its largest budget. */
    private List<TrialResult> bracket(Bracket b) {
        Map<Integer, TrialResult> last = new TreeMap<>();
        int[] numbers = IntStream.range(b.first(), b.first() + b.count()).toArray();
        int keep = b.count();
        for (int budget : b.budgets()) {
            List<TrialResult> results = evaluate(budget, numbers);
            results.forEach(t -> last.put(t.number(), t));
            keep = Math.max(1, keep / b.factor());
            numbers = results.stream()
                    .filter(t -> !t.failed())
                    .sorted(better())
                    .limit(keep)
                    .mapToInt(TrialResult::number)
                    .sorted()
                    .toArray();
        }
        return List.copyOf(last.values());
    }

    /** Runs trials with a budget, and returns their results in the same order. */
    private List<TrialResult> evaluate(int budget, int... numbers) {
        int[] open = IntStream.of(numbers)
                .filter(i -> !done.containsKey(new Key(i, budget)))
                .toArray();
        AtomicInteger next = new AtomicInteger();
        TreeMap<Integer, Throwable> failures = new TreeMap<>();
        Runnable worker = () -> {
            int i = next.getAndIncrement();
            while (i < open.length) {
                try {
                    add(run(new Trial(this, open[i], budget)));
                    i = next.getAndIncrement();
                } catch (Throwable t) { // reported with the number of the trial
                    next.set(open.length);
                    synchronized (failures) {
                        failures.put(open[i], t);
                    }
                    return;
                }
            }
        };
        if (plan.threads == 1 || open.length < 2) {
            worker.run();
        } else {
            runInThreads(worker, Math.min(plan.threads, open.length));
        }
        if (!failures.isEmpty()) {
            throw failure(failures.firstEntry().getValue());
        }
        return IntStream.of(numbers).mapToObj(i -> done.get(new Key(i, budget))).toList();
    }

    private static RuntimeException failure(Throwable t) {
        return t instanceof RuntimeException e ? e : new IllegalStateException(t.getMessage(), t);
    }

    private void runInThreads(Runnable worker, int count) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread t = new Thread(worker, "search-" + i);
            t.setDaemon(true);
            t.start();
            threads.add(t);
        }
        try {
            for (Thread t : threads) {
                t.join();
            }
        } catch (InterruptedException e) {
            synchronized (this) {
                closed = true;
            }
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("search: interrupted after " + done.size() + " trials", e);
        }
    }

    // ---- one trial

    private TrialResult run(Trial trial) {
        try {
            double score = plan.search.objective.score(trial);
            trial.requireNothingRefused();
            requireSameNames(trial.values(), null);
            return new TrialResult(
                    trial.number(),
                    trial.seed(),
                    trial.budgetOrZero(),
                    Double.isFinite(score) ? score : Double.NaN,
                    trial.values());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("search: " + trial + " was interrupted", e);
        } catch (Throwable t) { // an error in a trial is an error in the search
            throw new IllegalStateException(
                    "search: " + trial + ": " + (t.getMessage() == null ? t : t.getMessage()), t);
        }
    }

    /** Adds a trial that has ended, and writes the file. */
    private synchronized void add(TrialResult t) {
        if (closed) {
            throw new IllegalStateException("search: the search has ended");
        }
        done.put(new Key(t.number(), t.budget()), t);
        if (plan.file != null) {
            try {
                SearchFile.write(plan.file, plan.settings(), done.values(), spaces);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
    }

    // ---- parameters

    /** Takes in what a trial asks for. */
    void define(Trial trial, String name, Space space) {
        define(name, space);
        if (!trial.values().containsKey(name)) {
            requireSameNames(trial.values(), name);
        }
    }

    /** Refuses a name that was asked for before with another range or other choices. */
    private synchronized void define(String name, Space space) {
        Space other = spaces.putIfAbsent(name, space);
        if (other != null && !other.equals(space)) {
            throw new IllegalArgumentException("\"" + name + "\" is asked for as " + space + ", and before as " + other
                    + "; a name has one meaning in a search");
        }
    }

    /** Returns the value of a parameter in a trial with this seed and number. */
    Object value(long seed, int number, String name, Space space) {
        if (plan.grid.isEmpty()) {
            Search.Range part = plan.within.get(name);
            return (part == null ? space : space.within(part)).draw(Trial.stream(seed, name));
        }
        if (number > plan.grid.size()) {
            throw new IllegalArgumentException("grid: it has " + plan.grid.size() + " trials, not a trial " + number);
        }
        Object listed = plan.grid.get(number - 1).get(name);
        if (listed == null) {
            throw new IllegalArgumentException("grid: it does not list \"" + name + "\"");
        }
        try {
            return space.listed(listed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("grid: \"" + name + "\": " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a trial that asks for other names than one of the file did, though they had the same choices and integers before: the file is of
     * another search.
     *
     * @param values of the names that the trial has asked for
     * @param next the name it asks for next; null if it has ended
     */
    private void requireSameNames(Map<String, Object> values, String next) {
        List<String> names = List.copyOf(values.keySet());
        for (TrialResult t : resumed) {
            List<String> others = List.copyOf(t.values().keySet());
            boolean isSame = others.size() >= names.size()
                    && names.equals(others.subList(0, names.size()))
                    && names.stream()
                            .allMatch(n -> !isDiscrete(n)
                                    || values.get(n).equals(t.values().get(n)));
            String other = isSame && others.size() > names.size() ? others.get(names.size()) : null;
            if (isSame && (next == null ? other != null : !next.equals(other))) {
                throw new IllegalArgumentException(plan.file + " is of another search: its trial " + t.number()
                        + " asked for " + others + ", this one for " + names
                        + (next == null ? "" : " and \"" + next + "\""));
            }
        }
    }

    private synchronized boolean isDiscrete(String name) {
        return spaces.get(name).isDiscrete();
    }
}
