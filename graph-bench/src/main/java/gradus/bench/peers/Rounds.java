package gradus.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures contenders in rounds. All processes of a group of workloads are up and warm; in each round every one of them
 * has a turn of a fraction of a second, alone, while the others are stopped. So a ratio compares what ran within the same few
 * seconds. Before, each must come to the numbers that Gradus comes to; one that does not is left out.
 */
final class Rounds implements AutoCloseable {
    private static final double TOLERANCE = 2e-3;
    /** Training is timed with next to no learning: a network that has converged would be other work. */
    private static final String STAYS = "1e-6";

    private static final int LARGE_ROUNDS = 3;
    /** Every JVM's heap, but for the largest graph. */
    private static final String HEAP = "512m";
    /** Milliseconds of warming up for what is compiled already. */
    private static final int NATIVE = 150;

    private final Map<Integer, Path> jdks;
    private final Path home;
    private final int rounds;
    private final int warmup;
    private final int millis;
    private final Map<String, PeerProcess> running = new HashMap<>();
    private final Map<String, String> broken = new HashMap<>();
    private final Map<String, String> versions = new LinkedHashMap<>();

    Rounds(Map<Integer, Path> jdks, Path home, int rounds, int warmup, int millis) {
        this.jdks = jdks;
        this.home = home;
        this.rounds = rounds;
        this.warmup = warmup;
        this.millis = millis;
    }

    private record Entry(Workload workload, Contender contender, PeerProcess process) {
        Measured measured(double... nanoseconds) {
            return new Measured(workload.id(), contender.label(), contender.threads(), nanoseconds, "");
        }

        Measured missing(Exception why) {
            return new Measured(workload.id(), contender.label(), contender.threads(), new double[0], why.getMessage());
        }
    }

    /** Returns what contenders take for each of the workloads, all of them in the same rounds. */
    List<Measured> measure(List<Workload> group, List<Contender> contenders) {
        List<Measured> results = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (Workload w : group) {
            double[] expected = null;
            for (Contender c : contenders) {
                if (c.does(w)) {
                    Entry e = new Entry(w, c, null);
                    try {
                        e = new Entry(w, c, process(c, w));
                        double[] found = e.process.check(w);
                        expected = expected == null ? found : expected;
                        requireEqual(found, expected);
                        entries.add(e);
                        e.process.stop(); // so that the others have the machine to themselves while they warm up
                    } catch (IOException | IllegalStateException x) {
                        results.add(e.missing(x));
                    }
                }
            }
        }
        warm(entries, results);
        results.addAll(rounds(entries));
        for (Entry e : entries) {
            if (e.contender.fresh()) {
                e.process.close();
            } else {
                e.process.resume();
            }
        }
        return results;
    }

    /** Returns the contenders' versions, by label, of those that have run. */
    Map<String, String> versions() {
        return versions;
    }

    private PeerProcess process(Contender c, Workload w) throws IOException {
        if (c.fresh()) {
            return started(c, w.id().equals("W9-large") ? "5g" : HEAP);
        }
        if (broken.containsKey(c.name())) {
            throw new IOException(broken.get(c.name()));
        }
        if (!running.containsKey(c.name())) {
            try {
                running.put(c.name(), started(c, HEAP));
            } catch (IOException e) {
                broken.put(c.name(), e.getMessage());
                throw e;
            }
        }
        return running.get(c.name());
    }

    private PeerProcess started(Contender c, String heap) throws IOException {
        PeerProcess p = new PeerProcess(c, jdks, home, heap);
        if (c.kind() != Contender.Kind.GRADUS && c.kind() != Contender.Kind.PLAIN && c.kind() != Contender.Kind.LIMIT) {
            versions.put(c.label(), p.version());
        }
        return p;
    }

    private static void requireEqual(double[] found, double[] expected) {
        for (int i = 0; i < found.length; i++) {
            double size = Math.max(1, Math.abs(expected[i]));
            if (found.length != expected.length || !(Math.abs(found[i] - expected[i]) <= TOLERANCE * size)) {
                throw new IllegalStateException("it comes to " + found[i] + " where Gradus comes to " + expected[i]);
            }
        }
    }

    private int rounds(Workload w) {
        return w.row().equals("W9") ? Math.min(rounds, LARGE_ROUNDS) : rounds;
    }

    /** Milliseconds; without Java little is needed, and large graphs are warm after one run. */
    private int warmup(Entry e) {
        int time = e.contender.warmsUp() ? warmup : NATIVE;
        return e.workload.id().equals("W9-large") ? 1 : time;
    }

    private void warm(List<Entry> entries, List<Measured> results) {
        for (Iterator<Entry> i = entries.iterator(); i.hasNext(); ) {
            Entry e = i.next();
            try {
                Workload w = e.workload;
                e.process.resume();
                e.process.ask(String.join(
                        " ",
                        "time",
                        w.id(),
                        STAYS,
                        Integer.toString(warmup(e)),
                        Integer.toString(rounds(w)),
                        Integer.toString(millis),
                        w.task().toString()));
                e.process.ask("go");
                e.process.stop();
            } catch (IOException x) {
                results.add(e.missing(x));
                i.remove();
            }
        }
    }

    private List<Measured> rounds(List<Entry> entries) {
        Map<Entry, String> last = new LinkedHashMap<>();
        List<Measured> results = new ArrayList<>();
        int n = entries.stream().mapToInt(e -> rounds(e.workload)).max().orElse(0);
        for (int r = 0; r < n; r++) {
            List<Entry> turns = new ArrayList<>(entries);
            Collections.rotate(turns, -r); // or the first would always come after the same one
            for (Entry e : turns) {
                try {
                    e.process.resume();
                    last.put(e, e.process.ask("go"));
                    e.process.stop();
                } catch (IOException x) {
                    last.put(e, "");
                    results.add(e.missing(x));
                }
            }
        }
        last.forEach((e, line) -> {
            double[] nanoseconds = PeerProcess.numbers(line);
            if (nanoseconds.length > 0) {
                results.add(e.measured(nanoseconds));
            }
        });
        return results;
    }

    @Override
    public void close() {
        running.values().forEach(PeerProcess::close);
    }
}
