package gradus.nn.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.nn.Linear;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Sgd;
import gradus.nn.search.Search.Point;
import gradus.nn.search.Search.Range;
import gradus.nn.search.Search.TrialResult;
import gradus.nn.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
    /** Has its maximum 0 at rate 0.1 and width 16. */
    private static final Search PEAK = Search.maximize(trial -> {
        double rate = trial.logUniform("rate", 1e-4, 10);
        int width = trial.choice("width", 8, 16, 32);
        return -Math.abs(Math.log10(rate) + 1) - Math.abs(width - 16) / 8.0;
    });

    @Test
    void random_search_finds_the_best_of_its_trials() {
        Search.Result result = PEAK.random(60).seed(1).run();
        assertEquals(60, result.trials().size());
        List<Integer> numbers =
                result.trials().stream().map(TrialResult::number).sorted().toList();
        assertEquals(IntStream.rangeClosed(1, 60).boxed().toList(), numbers);
        double max =
                result.trials().stream().mapToDouble(TrialResult::score).max().orElseThrow();
        assertEquals(max, result.best().score());
        assertTrue(max > -0.3, () -> "best: " + result.best());
        assertEquals(16, result.best().values().get("width"));
        for (int i = 1; i < 60; i++) {
            assertTrue(
                    result.trials().get(i - 1).score() >= result.trials().get(i).score());
        }
    }

    @Test
    void minimize_puts_the_smallest_score_first() {
        Search.Result result =
                Search.minimize(trial -> trial.uniform("x", -1, 1)).random(20).run();
        double min =
                result.trials().stream().mapToDouble(TrialResult::score).min().orElseThrow();
        assertEquals(min, result.best().score());
    }

    @Property(tries = 30)
    void the_number_of_threads_does_not_change_the_result(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int n,
            @ForAll @IntRange(min = 2, max = 8) int threads) {
        assertEquals(
                PEAK.random(n).seed(seed).run().trials(),
                PEAK.random(n).seed(seed).threads(threads).run().trials());
    }

    @Test
    void a_trial_depends_on_seed_and_number_only() {
        List<TrialResult> few = byNumber(PEAK.random(5).seed(3).run());
        assertEquals(few, byNumber(PEAK.random(9).seed(3).run()).subList(0, 5));
        assertNotEquals(few, byNumber(PEAK.random(5).seed(4).run()));
        assertEquals(5, few.stream().map(TrialResult::seed).distinct().count());
        Search other = Search.maximize(trial -> {
            trial.uniform("new", 0, 1);
            trial.choice("width", 8, 16, 32);
            return trial.logUniform("rate", 1e-4, 10);
        });
        List<TrialResult> more = byNumber(other.random(5).seed(3).run());
        for (int i = 0; i < 5; i++) {
            assertEquals(few.get(i).values().get("rate"), more.get(i).values().get("rate"));
            assertEquals(few.get(i).seed(), more.get(i).seed());
        }
    }

    private static List<TrialResult> byNumber(Search.Result result) {
        return result.trials().stream()
                .sorted((a, b) -> Integer.compare(a.number(), b.number()))
                .toList();
    }

    @Test
    void a_parameter_has_the_distribution_of_its_kind() {
        double[] sums = new double[5];
        Search.maximize(trial -> {
                    double u = trial.uniform("u", -1, 3);
                    double l = trial.logUniform("l", 1e-4, 1);
                    int i = trial.integer("i", -2, 2);
                    int k = trial.logInteger("k", 1, 100);
                    assertTrue(u >= -1 && u < 3 && l >= 1e-4 && l < 1 && Math.abs(i) <= 2 && k >= 1 && k <= 100);
                    sums[0] += u;
                    sums[1] += Math.log10(l);
                    sums[2] += i;
                    sums[3] += k <= 9 ? 1 : 0;
                    sums[4] += trial.choice("c", "a", "b").equals("a") ? 1 : 0;
                    assertEquals(u, trial.uniform("u", -1, 3), "the same name has the same value");
                    return 0;
                })
                .random(2000)
                .seed(5)
                .run();
        double[] expected = {1, -2, 0, Math.log(10) / Math.log(101), 0.5};
        for (int j = 0; j < 5; j++) {
            assertEquals(expected[j], sums[j] / 2000, 0.1, "parameter " + j);
        }
    }

    // ---- grid

    @Test
    void a_grid_has_a_trial_for_each_combination() {
        Search search = Search.minimize(trial -> trial.choice("width", 8, 16) * trial.uniform("x", 0, 1)
                + (trial.choice("name", "a", "b").equals("a") ? 0 : 100));
        Search.Result result = search.grid(
                        Map.of("x", List.of(0.5, 1), "width", List.of(16, 8), "name", List.of("b", "a")))
                .threads(3)
                .run();
        List<String> values = byNumber(result).stream()
                .map(t -> t.values().get("name") + " " + t.values().get("width") + " "
                        + t.values().get("x"))
                .toList();
        assertEquals(
                List.of("b 16 0.5", "b 16 1.0", "b 8 0.5", "b 8 1.0", "a 16 0.5", "a 16 1.0", "a 8 0.5", "a 8 1.0"),
                values);
        assertEquals(4, result.best().score());
    }

    // ---- halving and Hyperband

    /** Runs a plan whose score is the number of the trial, and returns the trials run with each budget, as "budget: numbers". */
    private static List<String> rungs(Function<Search, SearchPlan> plan) {
        List<int[]> calls = Collections.synchronizedList(new ArrayList<>());
        Search search = Search.maximize(trial -> {
            calls.add(new int[] {trial.budget(), trial.number()});
            return trial.number();
        });
        plan.apply(search).threads(2).run();
        return calls.stream()
                .map(c -> c[0])
                .distinct()
                .sorted()
                .map(b -> b + ": "
                        + calls.stream()
                                .filter(c -> c[0] == b)
                                .map(c -> c[1])
                                .sorted()
                                .toList())
                .toList();
    }

    @Test
    void halving_continues_the_best_with_larger_budgets() {
        assertEquals(
                List.of("2: [1, 2, 3, 4, 5, 6, 7, 8, 9]", "6: [7, 8, 9]", "18: [9]"), rungs(s -> s.halving(9, 2, 18)));
        assertEquals(List.of("2: [1, 2, 3, 4, 5]", "5: [4, 5]", "10: [5]"), rungs(s -> s.halving(5, 2, 10)
                .reduction(2)));
        assertEquals(List.of("1: [1]", "3: [1]", "9: [1]"), rungs(s -> s.halving(1, 1, 9)));
    }

    /** Table 1 of the paper: R = 81, eta = 3. */
    @Test
    void the_brackets_of_hyperband_are_those_of_the_paper() {
        List<Bracket> brackets = Bracket.hyperband(81, 3);
        assertEquals(
                List.of(81, 34, 15, 8, 5), brackets.stream().map(Bracket::count).toList());
        assertEquals(
                List.of(1, 82, 116, 131, 139),
                brackets.stream().map(Bracket::first).toList());
        assertEquals(
                List.of(
                        List.of(1, 3, 9, 27, 81),
                        List.of(3, 9, 27, 81),
                        List.of(9, 27, 81),
                        List.of(27, 81),
                        List.of(81)),
                brackets.stream().map(Bracket::budgets).toList());
    }

    @Test
    void hyperband_runs_its_brackets() {
        assertEquals(
                List.of("1: [1, 2, 3, 4, 5, 6, 7, 8, 9]", "3: [7, 8, 9, 10, 11, 12, 13, 14]", "9: [9, 14, 15, 16, 17]"),
                rungs(s -> s.hyperband(9)));
    }

    @Test
    void a_trial_with_a_larger_budget_is_ranked_first_and_listed_once() {
        Search.Result result = Search.minimize(trial -> trial.number() + 100 * trial.budget())
                .halving(6, 1, 3)
                .run();
        assertEquals(
                List.of("1/3", "2/3", "3/1", "4/1", "5/1", "6/1"),
                result.trials().stream().map(t -> t.number() + "/" + t.budget()).toList());
        assertEquals(301, result.best().score());
    }

    @Test
    void a_trial_that_continues_from_its_checkpoint_has_the_score_of_one_from_the_start(@TempDir Path folder) {
        Dataset moons = Synthetic.moons(40, 0.1, 1);
        Function<Boolean, Search> search = withCheckpoint -> Search.minimize(trial -> {
            Linear model = new Linear(2, 2);
            model.initialize(trial.seed());
            Trainer trainer = Trainer.classifier(model)
                    .optimizer(new Sgd(model.parameters(), trial.logUniform("rate", 0.01, 1)).momentum(0.9))
                    .seed(trial.seed())
                    .epochs(trial.budget());
            if (withCheckpoint) {
                trainer.checkpoint(trial.checkpoint());
            }
            return trainer.fit(moons).best().trainLoss();
        });
        Search.Result fromStart =
                search.apply(false).halving(4, 1, 4).reduction(2).run();
        Search.Result continued = search.apply(true)
                .halving(4, 1, 4)
                .reduction(2)
                .checkpoints(folder)
                .run();
        assertEquals(fromStart.trials(), continued.trials());
        assertTrue(Files.exists(folder.resolve("trial-4.safetensors")));
        assertEquals(
                "checkpoints: absent is not a folder",
                assertThrows(IllegalArgumentException.class, () -> PEAK.random(1)
                                .checkpoints(Path.of("absent"))
                                .run())
                        .getMessage());
    }

    // ---- failures

    @Test
    void a_score_that_is_not_finite_is_a_failure_and_ranked_last() {
        Search search = Search.minimize(
                trial -> trial.number() == 2 ? Double.NaN : trial.number() == 3 ? Double.NEGATIVE_INFINITY : 7);
        Search.Result result = search.random(4).run();
        assertEquals(
                List.of(1, 4, 2, 3),
                result.trials().stream().map(TrialResult::number).toList());
        assertTrue(result.trials().get(2).failed() && result.trials().get(3).failed());
        assertFalse(result.best().failed());
        assertEquals(
                "Search.Result: all 2 trials failed",
                assertThrows(IllegalStateException.class, () -> Search.minimize(t -> Double.NaN)
                                .random(2)
                                .run()
                                .best())
                        .getMessage());
    }

    @Test
    void failed_trials_do_not_continue() {
        List<String> calls = new ArrayList<>();
        Search.maximize(trial -> {
                    calls.add(trial.number() + "/" + trial.budget());
                    return trial.number() > 1 ? Double.NaN : 1;
                })
                .halving(6, 1, 3)
                .run();
        assertEquals(List.of("1/1", "2/1", "3/1", "4/1", "5/1", "6/1", "1/3"), calls);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void an_exception_fails_the_search_and_names_the_trial(int threads) {
        Search search = Search.maximize(trial -> {
            double x = trial.choice("x", 1.5);
            if (trial.number() == 3 || trial.number() == 5) {
                throw new IOException("no data");
            }
            return x;
        });
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> search.random(50).threads(threads).run());
        assertEquals("search: trial 3 {x=1.5}: no data", e.getMessage());
        assertEquals(IOException.class, e.getCause().getClass());
    }

    // ---- results

    private static Search.Result ofScores(double... scores) {
        return Search.maximize(trial -> {
                    trial.uniform("x", 0, 1);
                    if (trial.number() > 1) {
                        trial.integer("n", 1, 9);
                    }
                    trial.choice("c", "a", "b");
                    trial.choice("d", 0.5, 1);
                    return scores[trial.number() - 1];
                })
                .random(scores.length)
                .seed(2)
                .run();
    }

    @Test
    void narrowed_is_the_range_of_the_best_fifth() {
        Search.Result result = PEAK.random(50).seed(1).run();
        Range r = result.narrowed("rate");
        double[] best = result.trials().stream()
                .limit(10)
                .mapToDouble(t -> (Double) t.values().get("rate"))
                .sorted()
                .toArray();
        assertEquals(new Range("rate", best[0], best[9]), r);
        Search.Result again = PEAK.random(50).seed(2).within(r).run();
        assertTrue(again.points("rate").stream().allMatch(p -> p.value() >= r.low() && p.value() <= r.high()));
        assertTrue(meanScore(again) > meanScore(result));
    }

    private static double meanScore(Search.Result result) {
        return result.trials().stream()
                .mapToDouble(TrialResult::score)
                .average()
                .orElseThrow();
    }

    @Test
    void points_are_values_and_scores_in_the_order_of_the_trials() {
        Search.Result result = ofScores(3, Double.NaN, 5, 4);
        List<TrialResult> trials = byNumber(result);
        assertEquals(
                List.of(
                        new Point((Integer) trials.get(2).values().get("n"), 5),
                        new Point((Integer) trials.get(3).values().get("n"), 4)),
                result.points("n"));
        assertEquals(3, result.points("d").size());
    }

    @Test
    void the_table_has_the_best_first() {
        Search.Result result = Search.maximize(trial -> {
                    trial.choice("width", 16);
                    if (trial.number() == 2) {
                        trial.choice("momentum", 0.9);
                    }
                    return trial.number() == 3 ? Double.NaN : trial.number() / 4.0;
                })
                .random(3)
                .budget(5)
                .run();
        assertEquals(
                """
                trial  score (max)  budget  width  momentum
                    2      0.50000       5     16   0.90000
                    1      0.25000       5     16         -
                    3       failed       5     16         -
                """,
                result.toString());
    }

    // ---- what is refused

    static Stream<Arguments> refused() {
        Search s = Search.maximize(t -> 0);
        Search.Result r = ofScores(1, 2, 3);
        return Stream.of(
                row("random: n 0 must be at least 1", () -> s.random(0)),
                row("halving: n 0 must be at least 1", () -> s.halving(0, 1, 1)),
                row("halving: minBudget 0 must be at least 1", () -> s.halving(1, 0, 1)),
                row("halving: maxBudget 2 must be at least minBudget 3", () -> s.halving(1, 3, 2)),
                row("hyperband: maxBudget 0 must be at least 1", () -> s.hyperband(0)),
                row("grid: there are no names", () -> s.grid(Map.of())),
                row(
                        "grid: \"a\" has 0 values, for 1 combinations of those before it; at least 1 and at most 1,000,000"
                                + " combinations are needed",
                        () -> s.grid(Map.of("a", List.of()))),
                row("threads: n 0 must be from 1 to 1,024", () -> s.random(1).threads(0)),
                row("budget: epochs 0 must be at least 1", () -> s.random(1).budget(0)),
                row("budget: halving has budgets of its own", () -> s.halving(1, 1, 1)
                        .budget(1)),
                row("reduction: factor 1 must be at least 2", () -> s.halving(1, 1, 1)
                        .reduction(1)),
                row("reduction: a random search has no budgets to divide", () -> s.random(1)
                        .reduction(2)),
                row("within: a grid search draws nothing", () -> s.grid(Map.of("a", List.of(1)))
                        .within(new Range("a", 0, 1))),
                row("Range: a: low 1.0 must not be above high 0.0", () -> new Range("a", 1, 0)),
                row("narrowed: no trial asked for \"y\"; the names are [x, c, d, n]", () -> r.narrowed("y")),
                row("narrowed: \"c\" is a choice of [a, b], not a range", () -> r.narrowed("c")),
                row("narrowed: \"n\" has a value and a score in 1 trials; at least 2 are needed", () -> ofScores(1, 2)
                        .narrowed("n")),
                row("points: \"c\" is a choice of [a, b], not a number", () -> r.points("c")),
                trial("uniform: low 1.0 must be below high 1.0", t -> t.uniform("x", 1, 1)),
                trial("uniform: the range from 0.0 to NaN is not finite", t -> t.uniform("x", 0, Double.NaN)),
                trial("uniform: the range from -1.0E308 to 1.0E308 is not finite", t -> t.uniform("x", -1e308, 1e308)),
                trial("logUniform: low 0.0 must be positive, as its logarithm is taken", t -> t.logUniform("x", 0, 1)),
                trial("integer: low 3 must be at most high 2", t -> t.integer("x", 3, 2)),
                trial("logInteger: low 0 must be positive, as its logarithm is taken", t -> t.logInteger("x", 0, 2)),
                trial("choice: there are no choices", t -> t.choice("x", new int[0])),
                trial("choice: 8 is given twice", t -> t.choice("x", 8, 8)),
                trial("choice: NaN is not finite", t -> t.choice("x", Double.NaN)),
                trial("choice: choices[1] is null", t -> t.choice("x", "a", null)),
                trial("uniform: name is null", t -> t.uniform(null, 0, 1)),
                trial("budget: a random search has no budget; set one with budget(..)", Trial::budget),
                trial(
                        "checkpoint: the search has no folder of checkpoints; set one with checkpoints(..)",
                        Trial::checkpoint));
    }

    private static Arguments row(String message, Executable call) {
        return Arguments.of(message, call);
    }

    private static Arguments trial(String message, Consumer<Trial> ask) {
        return row("search: trial 1 {}: " + message, () -> Search.maximize(t -> {
                    ask.accept(t);
                    return 0;
                })
                .random(1)
                .run());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_is_wrong_is_refused_by_name(String message, Executable call) {
        assertEquals(message, assertThrows(RuntimeException.class, call).getMessage());
    }

    @Test
    void a_name_with_another_range_is_refused_even_if_the_objective_catches_it() {
        Search search = Search.maximize(trial -> {
            trial.uniform("x", 0, 1);
            try {
                return trial.uniform("x", 0, 2);
            } catch (IllegalArgumentException e) {
                return 0;
            }
        });
        String found = assertThrows(
                        IllegalStateException.class, () -> search.random(1).run())
                .getMessage();
        assertTrue(
                found.endsWith(
                        "\"x\" is asked for as uniform from 0.0 to 2.0, and before as uniform from 0.0 to 1.0; a name"
                                + " has one meaning in a search"),
                found);
    }

    @Test
    void a_grid_and_what_the_objective_asks_for_have_to_agree() {
        Search search = Search.maximize(trial -> trial.integer("n", 1, 5));
        for (String[] c : new String[][] {
            {"m", "1", "search: trial 1 {}: grid: it does not list \"n\""},
            {"n", "6", "search: trial 1 {}: grid: \"n\": 6.0 is not a value of integer from 1 to 5"},
            {"n", "2.5", "search: trial 1 {}: grid: \"n\": 2.5 is not a value of integer from 1 to 5"}
        }) {
            Map<String, List<Double>> values = Map.of(c[0], List.of(Double.valueOf(c[1])));
            assertEquals(
                    c[2],
                    assertThrows(IllegalStateException.class, () -> search.grid(values)
                                    .run())
                            .getMessage());
        }
        Map<String, List<Integer>> more = Map.of("n", Arrays.asList(1, 2), "o", List.of(1));
        assertEquals(
                "grid: it lists [n, o], but the trials asked only for [n]",
                assertThrows(IllegalStateException.class, () -> search.grid(more)
                                .run())
                        .getMessage());
    }

    @Test
    void a_part_outside_the_range_is_refused() {
        String found = assertThrows(
                        IllegalStateException.class,
                        () -> PEAK.random(1).within(new Range("rate", 1e-5, 1)).run())
                .getMessage();
        assertEquals(
                "search: trial 1 {}: within: 1.0E-5 to 1.0 is not a part of logUniform from 1.0E-4 to 10.0", found);
    }
}
