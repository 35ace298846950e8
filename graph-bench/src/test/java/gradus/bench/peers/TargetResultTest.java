package gradus.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Shape;
import gradus.nn.zoo.LeNet5;
import gradus.nn.zoo.ResNet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetResultTest {
    private static Measurement of(String workload, String contender, int threads, double... nanoseconds) {
        return new Measurement(workload, contender, threads, nanoseconds, "");
    }

    @Test
    void gradus_is_compared_with_the_fastest_of_the_named_peers() {
        List<TargetResult> results = TargetResult.all(List.of(
                of("W3-sgd", "Gradus", 1, 10, 10),
                of("W3-sgd", "SameDiff", 1, 100, 100),
                of("W3-sgd", "PyTorch, DJL", 1, 19, 19)));
        assertEquals(1, results.size());
        assertEquals("PyTorch, DJL", results.get(0).theirs().contender());
        assertFalse(results.get(0).met());
    }

    @Test
    void a_large_graph_is_compared_by_time_per_node() {
        List<TargetResult> results =
                TargetResult.all(List.of(of("W9", "Gradus", 1, 1000), of("W9-large", "Gradus", 1, 1.9e7)));
        assertEquals(1, results.size());
        assertTrue(results.get(0).met(), results.toString());
        results = TargetResult.all(List.of(of("W9", "Gradus", 1, 1000), of("W9-large", "Gradus", 1, 2.1e7)));
        assertFalse(results.get(0).met(), results.toString());
    }

    @Test
    void two_threads_are_compared_with_one_thread_of_the_same_rounds() {
        List<TargetResult> results =
                TargetResult.all(List.of(of("W5-sgd", "Gradus", 1, 19), of("W5-sgd", "Gradus", 2, 10)));
        assertEquals(List.of("W10"), results.stream().map(TargetResult::row).toList());
        assertTrue(results.get(0).met());
    }

    @Test
    void results_are_read_back_and_new_ones_replace_those_of_their_workload(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.tsv");
        ResultsFile store = new ResultsFile(file);
        store.facts().put("machine", "a b");
        store.replace(List.of(of("W1", "Gradus", 1, 1, 2), of("W2", "Gradus", 1, 3)));
        store.replace(List.of(new Measurement("W1", "SameDiff", 2, new double[0], "no\nsuch")));
        ResultsFile again = new ResultsFile(file);
        assertEquals("a b", again.facts().get("machine"));
        assertEquals(
                List.of("W2", "W1"),
                again.measured().stream().map(Measurement::workload).toList());
        assertEquals("no such", again.measured().get(1).missing());
    }

    @Test
    void the_page_lists_missed_targets_and_what_was_not_measured(@TempDir Path folder) throws Exception {
        ResultsFile store = new ResultsFile(folder.resolve("benchmarks/results.tsv"));
        store.replace(List.of(
                of("W2", "Gradus", 1, 10),
                of("W2", "PyTorch, Python", 1, 20),
                new Measurement("W3-sgd", "SameDiff", 1, new double[0], "it did not load")));
        Files.writeString(folder.resolve("benchmarks/notes.md"), "W2: small layers\n");
        new Page(store, folder).write();
        String page = Files.readString(folder.resolve("benchmarks.md"));
        assertTrue(page.contains("- W2: small layers"), page);
        assertTrue(page.contains("SameDiff: it did not load (W3-sgd)"), page);
        assertTrue(page.contains("| 2.00 (2.00-2.00) | 8.00 | missed |"), page);
        assertTrue(Files.exists(folder.resolve("benchmarks/training.svg")));
    }

    @Test
    void the_share_of_the_limit_is_that_of_the_multiply_adds() {
        double cube = 1024.0 * 1024 * 1024;
        List<Measurement> measured = List.of(
                of("CONV-1x1", "Gradus", 1, 10),
                of("CONV-1x1", "PyTorch, Python", 1, 10),
                of("W7-f32", "machine's limit", 1, 100));
        TargetResult conv = TargetResult.all(measured).get(0);
        double multiplyAdds = 3.0 * 8 * 28 * 28 * 256 * 128; // the definition, forward and for two gradients
        assertEquals(multiplyAdds / 10 * 100 / cube, conv.shareOfLimit(measured), 1e-9);
        assertTrue(Double.isNaN(conv.shareOfLimit(measured.subList(0, 2))));
    }

    @Test
    void the_multiply_adds_of_a_network_are_those_of_its_summary() {
        long examples = 100;
        String total = new LeNet5()
                .summary(Shape.of(1, 28, 28))
                .lines()
                .reduce((a, b) -> b)
                .orElseThrow();
        long forward = Long.parseLong(total.replaceAll(".* ", "").replace(",", ""));
        long image = 6 * 25 * 28 * 28;
        assertEquals(examples * (3 * forward - image), new Task.Network(Task.Net.LENET).multiplyAdds());
        total = ResNet.cifar(20)
                .summary(Shape.of(3, 32, 32))
                .lines()
                .reduce((a, b) -> b)
                .orElseThrow();
        assertEquals("40,551,040", total.replaceAll(".* ", ""));
    }
}
