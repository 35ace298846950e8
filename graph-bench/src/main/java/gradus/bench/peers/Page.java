package gradus.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The page of benchmarks, from the results and what is known by hand about misses: lines {@code W7: why} in notes.md. */
final class Page {
    private static final String HOW =
            """
            A ratio is theirs over ours, so more than 1 means that Gradus is faster: the median of the rounds' ratios, with the least
            and the most. In a round every contender of a line has a turn of a fraction of a second, alone on the machine: all
            processes are up and warm, and those whose turn it is not are stopped. JMH takes the times, in a process that was
            started for one contender; the script in Python does the same by `time.perf_counter`. Before, each contender must come
            to the numbers that Gradus comes to, losses of three training steps say, within 0.2 percent; one that does not is left
            out. Each gets the same shapes, number type, batch, starting weights, loss and optimizer, data where it wants it before
            the clock starts, and a new array for every result.

            Gradus has `--add-modules jdk.incubator.vector` where the table does not say "no flag". Every JVM has a heap of 512 MB, 5 GB
            for the graph of 10,000,000 nodes, that is touched at the start: a virtual machine may be given memory only when a page of
            it is first used. Here that took 5 us for 4 KB, so that a growing heap made single processes of anyone 5 to 20 times
            slower for many seconds. Else everyone runs as a user starts it. ND4J runs its build for AVX-512 where the machine has
            that; its build with oneDNN trained to other losses and is left out. PyTorch through DJL is written in its arrays, with
            its optimizers, which are native calls. Debian's PyTorch, in Python, is built without a fast BLAS. The quick mode leaves
            it out of W4, W5 and W7, and SameDiff out of W4, W7, W8 and two threads, where others are several times faster.

            The machine's limit of a product is as many multiply-adds in registers alone, in sixteen chains, as the product has; the
            limit of a sum is `System.arraycopy` of one array. Bytes are counted with what is read into the cache before it is written:
            four arrays for a sum, three for a copy.
            """;

    private final Store store;
    private final Path docs;
    private final List<Claim> claims;

    Page(Store store, Path docs) {
        this.store = store;
        this.docs = docs;
        this.claims = Claim.all(store.measured());
    }

    /** Writes benchmarks.md and its charts. */
    void write() throws IOException {
        StringBuilder page = new StringBuilder("# Benchmarks\n\n");
        page.append("Written by the command below; do not edit. ");
        long met = claims.stream().filter(c -> c.target() > 0 && c.met()).count();
        long judged = claims.stream().filter(c -> c.target() > 0).count();
        page.append("Targets met: ").append(met).append(" of ").append(judged).append(".\n\n");
        page.append("    mvn -q -Pbench -DskipTests package && java -jar graph-bench/target/bench.jar\n\n");
        page.append("With `--full` the rounds are more and longer; `--help` says the rest.\n\n");
        store.facts().forEach((name, value) -> page.append("- ")
                .append(name)
                .append(": ")
                .append(value)
                .append('\n'));
        page.append("\n## Targets\n\n").append(targets());
        page.append(misses());
        page.append("\n## Charts\n\n");
        Charts.write(store.measured(), docs.resolve("benchmarks")).forEach((file, title) -> page.append("![")
                .append(title)
                .append("](benchmarks/")
                .append(file)
                .append(")\n"));
        page.append("\n## All times\n\nMedians.\n\n").append(times());
        page.append(absences());
        page.append("\n## How this is measured\n\n").append(HOW);
        Files.writeString(docs.resolve("benchmarks.md"), page.toString());
    }

    private String targets() {
        StringBuilder t = new StringBuilder(
                "| | workload | type | threads | Gradus | against | ratio | target | |\n|---|---|---|---|---|---|---|---|---|\n");
        for (Claim c : claims) {
            boolean self = c.theirs().contender().startsWith("Gradus");
            String theirs = self && c.theirs().threads() != c.ours().threads()
                    ? "one thread"
                    : c.row().equals("W9") ? "1,000 nodes" : c.theirs().contender();
            String ours = c.ours().contender().replaceAll("^Gradus(, )?", "");
            t.append(cells(
                    c.row(),
                    c.workload().text(),
                    c.workload().task().dtype(),
                    Integer.toString(c.ours().threads()),
                    Ratio.time(c.ours().median()) + (ours.isEmpty() ? "" : " (" + ours + ")"),
                    theirs + " " + Ratio.time(c.theirs().median()),
                    c.ratio().toString(),
                    c.target() > 0 ? Ratio.number(c.target()) : "",
                    c.target() == 0 ? "" : c.met() ? "met" : "missed"));
        }
        return t.toString();
    }

    private String misses() throws IOException {
        Set<String> rows = claims.stream()
                .filter(c -> c.target() > 0 && !c.met())
                .map(Claim::row)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (rows.isEmpty()) {
            return "";
        }
        Path file = docs.resolve("benchmarks").resolve("notes.md");
        List<String> notes = Files.exists(file) ? Files.readAllLines(file) : List.of();
        StringBuilder t = new StringBuilder("\nWhat limits those that are missed:\n\n");
        for (String row : rows) {
            String note = notes.stream()
                    .filter(l -> l.startsWith(row + ":"))
                    .findFirst()
                    .orElse(row + ": not looked into yet");
            t.append("- ").append(note).append('\n');
        }
        return t.toString();
    }

    private String times() {
        List<String> columns = store.measured().stream()
                .filter(m -> m.nanoseconds().length > 0)
                .map(Measured::contender)
                .distinct()
                .sorted(Page::order)
                .toList();
        StringBuilder t = new StringBuilder();
        List<String> head = new ArrayList<>(List.of("", "workload", "type", "threads"));
        head.addAll(columns);
        t.append(cells(head.toArray(String[]::new)));
        t.append("|---".repeat(head.size())).append("|\n");
        for (Workload w : Workload.all()) {
            Set<Integer> threads = new TreeSet<>();
            store.measured().stream().filter(m -> m.workload().equals(w.id())).forEach(m -> threads.add(m.threads()));
            for (int n : threads) {
                List<String> cells =
                        new ArrayList<>(List.of(w.row(), w.text(), w.task().dtype(), Integer.toString(n)));
                for (String column : columns) {
                    Measured m = Claim.find(store.measured(), w.id(), column, n);
                    cells.add(m == null ? "" : Ratio.time(m.median()));
                }
                if (cells.stream().skip(4).anyMatch(s -> !s.isEmpty())) {
                    t.append(cells(cells.toArray(String[]::new)));
                }
            }
        }
        return t.toString();
    }

    /** Gradus first, the machine last. */
    private static int order(String a, String b) {
        return key(a).compareTo(key(b));
    }

    private static String key(String contender) {
        return (contender.startsWith("Gradus") ? "0" : contender.startsWith("machine") ? "2" : "1") + contender;
    }

    private String absences() {
        Map<String, Set<String>> why = store.measured().stream()
                .filter(m -> !m.missing().isEmpty())
                .collect(Collectors.groupingBy(
                        m -> m.contender() + ": " + m.missing(),
                        java.util.TreeMap::new,
                        Collectors.mapping(Measured::workload, Collectors.toCollection(TreeSet::new))));
        if (why.isEmpty()) {
            return "";
        }
        StringBuilder t = new StringBuilder("\nNot measured:\n\n");
        why.forEach((reason, workloads) -> t.append("- ")
                .append(reason)
                .append(" (")
                .append(String.join(", ", workloads))
                .append(")\n"));
        return t.toString();
    }

    private static String cells(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
