package gradus.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs all contenders on all workloads and writes the page. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Compares Gradus with its peers and writes docs/benchmarks.md. Without options: the quick mode.",
        footer = {"", "Any other arguments are JMH's: a benchmark's name, -l for their list."})
public final class Compare implements Callable<Integer> {
    private static final int[] QUICK = {5, 4000, 60};
    private static final int[] FULL = {15, 20_000, 300};

    @Option(names = "--full", description = "more and longer rounds")
    private boolean full;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "W3,W8-exp",
            description = "workloads whose name begins with one of these")
    private List<String> only = List.of("");

    @Option(
            names = "--with",
            split = ",",
            paramLabel = "Gradus,DJL",
            description = "contenders whose name contains one of these")
    private List<String> with = List.of("");

    @Option(names = "--threads", split = ",", description = "numbers of threads")
    private List<Integer> threads = List.of(1, 2);

    @Option(names = "--rounds", description = "number of rounds")
    private int rounds;

    @Option(names = "--warmup", description = "maximum of the warm-up, in milliseconds")
    private int warmup;

    @Option(names = "--docs", description = "folder of benchmarks.md")
    private Path docs;

    @Option(names = "--page", description = "measure nothing; write the page from the last results")
    private boolean page;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path jar = Path.of(Compare.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path home = jar.getParent(); // graph-bench/target
        Path pages = docs != null ? docs : home.resolve("../../docs").normalize();
        ResultsFile store = new ResultsFile(pages.resolve("benchmarks/results.tsv"));
        if (!page) {
            measure(store, home);
        }
        new Page(store, pages).write();
        System.out.println("written: " + pages.resolve("benchmarks.md"));
        return 0;
    }

    private void measure(ResultsFile store, Path home) throws IOException {
        int[] mode = (full ? FULL : QUICK).clone();
        mode[0] = rounds > 0 ? rounds : mode[0];
        mode[1] = warmup > 0 ? warmup : mode[1];
        Map<Integer, Path> jdks = Machine.jdks();
        if (only.contains("") && with.contains("")) {
            store.clear();
        }
        List<Contender> contenders = new ArrayList<>();
        for (int n : threads) {
            Contender.all(n, jdks.keySet()).stream()
                    .filter(c -> with.stream().anyMatch(c.name()::contains))
                    .forEach(contenders::add);
        }
        store.facts().put("machine", Machine.text());
        store.facts().put("Java", String.join(", ", Machine.versions(jdks)));
        store.facts().put("date", LocalDate.now(ZoneOffset.UTC).toString());
        store.facts()
                .put("rounds", mode[0] + " of " + mode[2] + " ms each, after a warm-up of at most " + mode[1] + " ms");
        try (Rounds rounds = new Rounds(jdks, home, mode[0], mode[1], mode[2])) {
            for (List<Workload> group : groups()) {
                List<Measurement> results = rounds.measure(
                        group,
                        contenders.stream().filter(c -> !skips(c, group.get(0))).toList());
                for (Measurement m : results) {
                    System.out.printf("%-16s %-24s %d  %s%n", m.workload(), m.contender(), m.threads(), m.text());
                }
                rounds.versions().forEach((label, version) -> store.facts().put("peer, " + label, version));
                store.replace(results);
            }
        }
    }

    /**
     * Returns whether the quick mode leaves a contender out: an older Java except for matrix products, and one that takes
     * several times as long as another peer.
     */
    private boolean skips(Contender c, Workload w) {
        boolean older = c.kind() == Contender.Kind.GRADUS
                && c.label().contains("JDK")
                && !w.row().matches("W[57]");
        boolean slow =
                c.kind() == Contender.Kind.SAMEDIFF && (Set.of("W4", "W7", "W8").contains(w.row()) || c.threads() > 1);
        return !full && only.contains("") && (older || slow);
    }

    /** Returns the chosen workloads, in groups that are measured in the same rounds. */
    private List<List<Workload>> groups() {
        Map<String, List<Workload>> groups = new LinkedHashMap<>();
        for (Workload w : Workload.all()) {
            boolean fullOnly = w.row().equals("W8") && !w.task().single() && only.contains("");
            if (only.stream().anyMatch(w.id()::startsWith) && (full || !fullOnly)) {
                groups.computeIfAbsent(w.row().equals("W9") ? "W9" : w.id(), k -> new ArrayList<>())
                        .add(w);
            }
        }
        return new ArrayList<>(groups.values());
    }
}
