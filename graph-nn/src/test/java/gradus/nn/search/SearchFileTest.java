package gradus.nn.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.nn.search.Search.TrialResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SearchFileTest {
    private Path folder;
    private Path file;

    @BeforeEach
    void files(@TempDir Path dir) {
        folder = dir;
        file = dir.resolve("search.jsonl");
    }

    private static double objective(Trial trial) {
        double rate = trial.logUniform("rate", 1e-4, 10);
        String name = trial.choice("optimizer", "sgd", "adam");
        double momentum = name.equals("sgd") ? trial.uniform("momentum", 0, 1) : trial.integer("steps", 1, 9);
        return trial.number() == 4 ? Double.NaN : rate * momentum;
    }

    /** Runs a plan, of which the n-th call of the objective throws an exception. */
    private List<TrialResult> run(Function<Search, SearchPlan> plan, int failing, List<Integer> calls) {
        Search search = Search.maximize(trial -> {
            calls.add(trial.number());
            if (calls.size() == failing) {
                throw new IOException("stopped");
            }
            return objective(trial);
        });
        return plan.apply(search).file(file).run().trials();
    }

    static Stream<Function<Search, SearchPlan>> plans() {
        return Stream.of(
                s -> s.random(12).seed(5),
                s -> s.halving(9, 1, 9).seed(5),
                s -> s.hyperband(9).seed(5),
                s -> s.random(6)
                        .seed(1)
                        .within(new Search.Range("rate", 0.1, 1))
                        .budget(3));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void a_resumed_search_gives_the_result_and_the_file_of_an_uninterrupted_one(Function<Search, SearchPlan> plan)
            throws IOException {
        List<Integer> calls = new ArrayList<>();
        List<TrialResult> whole = run(plan, -1, calls);
        String text = Files.readString(file);
        for (int failing = 1; failing <= calls.size(); failing += 2) {
            Files.delete(file);
            List<Integer> first = new ArrayList<>();
            int at = failing;
            assertThrows(IllegalStateException.class, () -> run(plan, at, first));
            List<Integer> second = new ArrayList<>();
            assertEquals(whole, run(plan, -1, second));
            assertEquals(calls.size() + 1, first.size() + second.size(), "only the trial that failed runs twice");
            assertEquals(text, Files.readString(file));
        }
        List<Integer> none = new ArrayList<>();
        assertEquals(whole, run(plan, -1, none));
        assertEquals(List.of(), none);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void the_file_does_not_depend_on_the_number_of_threads(Function<Search, SearchPlan> plan) throws IOException {
        run(plan, -1, new ArrayList<>());
        String one = Files.readString(file);
        Files.delete(file);
        run(s -> plan.apply(s).threads(4), -1, Collections.synchronizedList(new ArrayList<>()));
        assertEquals(one, Files.readString(file));
    }

    @Test
    void a_random_search_may_be_continued_with_more_trials() {
        List<TrialResult> whole = run(s -> s.random(9), -1, new ArrayList<>());
        file = folder.resolve("second");
        run(s -> s.random(4), -1, new ArrayList<>());
        List<Integer> calls = new ArrayList<>();
        assertEquals(whole, run(s -> s.random(9), -1, calls));
        assertEquals(List.of(5, 6, 7, 8, 9), calls);
    }

    @Test
    void the_file_is_lines_of_json() throws IOException {
        Search.minimize(t -> t.choice("width", 8)).random(1).seed(-1).file(file).run();
        assertEquals(
                """
                {"format":"gradus search 1","goal":"minimize","method":"random","seed":"-1"}
                {"trial":1,"score":8.0,"parameters":[{"name":"width","value":8,"kind":"choice","choices":[8]}]}
                """,
                Files.readString(file));
    }

    @Test
    void a_link_to_the_file_stays_a_link() throws IOException {
        Path target = folder.resolve("target");
        Files.createFile(target);
        run(s -> s.random(2), -1, new ArrayList<>(), target);
        Files.createSymbolicLink(file, target);
        run(s -> s.random(3), -1, new ArrayList<>());
        assertEquals(true, Files.isSymbolicLink(file));
        assertEquals(4, Files.readAllLines(target).size());
    }

    private void run(Function<Search, SearchPlan> plan, int failing, List<Integer> calls, Path other)
            throws IOException {
        Path before = file;
        Files.delete(other);
        file = other;
        run(plan, failing, calls);
        file = before;
    }

    // ---- what is refused

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of("seed was 5 and is 6", (Function<Search, SearchPlan>)
                        s -> s.random(3).seed(6)),
                Arguments.of("budget was not set and is 2; seed was 5 and is 0", (Function<Search, SearchPlan>)
                        s -> s.random(3).budget(2)),
                Arguments.of(
                        "method was random and is halving; trials was not set and is 3 trials, budgets [1, 3]; factor 3",
                        (Function<Search, SearchPlan>) s -> s.halving(3, 1, 3).seed(5)),
                Arguments.of("grid was not set and is {rate=[1]}; method was random and is grid", (Function<
                                Search, SearchPlan>)
                        s -> s.grid(Map.of("rate", List.of(1))).seed(5)),
                Arguments.of("range of rate was not set and is 1.0 to 2.0", (Function<Search, SearchPlan>)
                        s -> s.random(3).seed(5).within(new Search.Range("rate", 1, 2))));
    }

    @ParameterizedTest
    @MethodSource("others")
    void the_file_of_another_search_is_refused(String difference, Function<Search, SearchPlan> plan) {
        run(s -> s.random(2).seed(5), -1, new ArrayList<>());
        assertEquals(
                "search: " + file + " is of another search: " + difference,
                assertThrows(UncheckedIOException.class, () -> run(plan, -1, new ArrayList<>()))
                        .getMessage());
    }

    @Test
    void other_names_and_ranges_are_refused() {
        Search.maximize(t -> t.integer("n", 1, 5) + t.uniform("x", 0, 1))
                .random(1)
                .file(file)
                .run();
        List<Search> others = List.of(
                Search.maximize(t -> t.integer("n", 1, 6)),
                Search.maximize(t -> t.integer("m", 1, 5)),
                Search.maximize(t -> t.integer("n", 1, 5) + t.uniform("y", 0, 1)));
        List<String> messages = others.stream()
                .map(s -> assertThrows(
                                IllegalStateException.class,
                                () -> s.random(40).file(file).run())
                        .getMessage())
                .toList();
        assertEquals(
                "search: trial 2 {}: \"n\" is asked for as integer from 1 to 6, and before as integer from 1 to 5; a name"
                        + " has one meaning in a search",
                messages.get(0));
        assertEquals(
                "search: trial 2 {}: " + file
                        + " is of another search: its trial 1 asked for [n, x], this one for [] and \"m\"",
                messages.get(1));
        assertEquals(
                true,
                messages.get(2)
                        .endsWith(file
                                + " is of another search: its trial 1 asked for [n, x], this one for [n] and \"y\""),
                messages.get(2));
    }

    static Stream<Arguments> damaged() {
        String head = "{\"format\":\"gradus search 1\",\"goal\":\"maximize\",\"method\":\"random\",\"seed\":\"0\"}\n";
        return Stream.of(
                Arguments.of("", ", line 1: it is not one JSON object"),
                Arguments.of("{}\n", " is not the file of a search: its format is null, not gradus search 1"),
                Arguments.of(head + "{\"trial\":1", ": its last line is incomplete"),
                Arguments.of(head + "{}\n", ", line 2: trial is null, not a whole number from 1 up"),
                Arguments.of(
                        head + "{\"trial\":0,\"score\":1,\"parameters\":[]}\n",
                        ", line 2: trial is 0, not a whole number from 1 up"),
                Arguments.of(
                        head + "{\"trial\":1,\"score\":\"x\",\"parameters\":[]}\n", ", line 2: the score is no number"),
                Arguments.of(head + "{\"trial\":1,\"score\":1}\n", ", line 2: there are no parameters"),
                Arguments.of(
                        head + "{\"trial\":1,\"score\":1,\"parameters\":[]}\n".repeat(2),
                        ", line 3: trial 1 is there twice"),
                Arguments.of(
                        head
                                + "{\"trial\":1,\"score\":1,\"parameters\":[{\"name\":\"a\",\"value\":9,\"kind\":\"choice\","
                                + "\"choices\":[1]}]}\n",
                        ", line 2: \"a\" is 9, but trial 1 of this search has 1"));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void a_damaged_file_is_refused_by_line(String text, String message) throws IOException {
        Files.writeString(file, text);
        assertEquals(
                "search: " + file + message,
                assertThrows(UncheckedIOException.class, () -> run(s -> s.random(2), -1, new ArrayList<>()))
                        .getMessage());
        assertEquals(text, Files.readString(file));
    }

    @Test
    void a_file_that_cannot_be_written_is_named() {
        file = folder.resolve("absent").resolve("search.jsonl");
        String found = assertThrows(UncheckedIOException.class, () -> run(s -> s.random(2), -1, new ArrayList<>()))
                .getMessage();
        assertEquals(true, found.startsWith("search: " + file + " cannot be written: "), found);
    }

    @Test
    void a_file_that_cannot_be_written_is_found_before_the_first_trial() {
        file = folder.resolve("absent").resolve("search.jsonl");
        List<Integer> calls = new ArrayList<>();
        assertThrows(UncheckedIOException.class, () -> run(s -> s.random(2), -1, calls));
        assertEquals(List.of(), calls);
    }

    @Test
    void a_file_that_is_not_utf_8_is_named() throws IOException {
        Files.write(file, new byte[] {(byte) 0xe4, 10});
        assertEquals(
                "search: " + file + " is not the file of a search: it is not UTF-8",
                assertThrows(UncheckedIOException.class, () -> run(s -> s.random(2), -1, new ArrayList<>()))
                        .getMessage());
    }

    @Test
    void a_score_beyond_all_numbers_is_refused() throws IOException {
        run(s -> s.random(1), -1, new ArrayList<>());
        Files.writeString(file, Files.readString(file).replaceFirst("\"score\":[-0-9.E]+", "\"score\":1e999"));
        assertEquals(
                "search: " + file + ", line 2: the score is no number",
                assertThrows(UncheckedIOException.class, () -> run(s -> s.random(1), -1, new ArrayList<>()))
                        .getMessage());
    }

    @Test
    void a_trial_that_the_grid_does_not_have_is_named() throws IOException {
        Search search = Search.minimize(trial -> trial.uniform("a", 0, 1));
        search.grid(Map.of("a", List.of(0.1, 0.2))).file(file).run();
        Files.writeString(file, Files.readString(file).replace("\"trial\":2", "\"trial\":9"));
        assertEquals(
                "search: " + file + ", line 3: grid: it has 2 trials, not a trial 9",
                assertThrows(UncheckedIOException.class, () -> search.grid(Map.of("a", List.of(0.1, 0.2)))
                                .file(file)
                                .run())
                        .getMessage());
    }

    @Test
    void checkpoints_of_another_search_are_refused() throws IOException {
        Path checkpoint = Files.createFile(folder.resolve("trial-2.safetensors"));
        Search search = Search.minimize(trial -> trial.uniform("a", 0, 1));
        assertEquals(
                "checkpoints: " + checkpoint
                        + " is of another search; a search that is not resumed needs an empty folder",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> search.random(2).checkpoints(folder).run())
                        .getMessage());
        assertEquals(2, search.random(2).file(file).run().trials().size());
        assertEquals(
                2,
                search.random(2).file(file).checkpoints(folder).run().trials().size());
    }

    @Test
    void a_range_of_a_name_that_no_trial_asks_for_is_refused() {
        Search search = Search.minimize(trial -> trial.uniform("a", 0, 1));
        assertEquals(
                "within: it has a range of \"rate\", but the trials asked only for [a]",
                assertThrows(IllegalStateException.class, () -> search.random(2)
                                .within(new Search.Range("rate", 0.1, 0.2))
                                .run())
                        .getMessage());
    }
}
