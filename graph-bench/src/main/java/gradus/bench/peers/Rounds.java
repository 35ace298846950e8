package gradus.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures contenders in rounds. All processes of a group of workloads are started and warmed up; in each round every one of
 * them runs for a fraction of a second, alone, while the others are paused. So a ratio compares times of the same few seconds.
 * Before that, the result of each contender is compared with that of Gradus; one that differs is left out.
 */
final class Rounds implements AutoCloseable {
    private static final double TOLERANCE = 2e-3;
    /** The learning rate when training is timed: so small that the weights hardly change, and with them the work. */
    private static final String TIMING_RATE = "1e-6";

    private static final int LARGE_ROUNDS = 3;
    /** The heap of every JVM, except for the largest graph. */
    private static final String HEAP = "1g";
    /** Milliseconds of warm-up for code that is compiled ahead of time. */
    private static final int NATIVE_WARM_UP = 150;

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
        Measurement measured(double... nanoseconds) {
            return new Measurement(workload.id(), contender.label(), contender.threads(), nanoseconds, "");
        }

        Measurement missing(Exception why) {
            return new Measurement(
                    workload.id(), contender.label(), contender.threads(), new double[0], why.getMessage());
        }
    }

    /** Returns the measurements of all contenders for all of these workloads, in the same rounds. */
    List<Measurement> measure(List<Workload> group, List<Contender> contenders) {
        List<Measurement> results = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (Workload w : group) {
            double[] expected = null;
            for (Contender c : contenders) {
                if (c.runs(w)) {
                    Entry e = new Entry(w, c, null);
                    try {
                        e = new Entry(w, c, process(c, w));
                        double[] found = e.process.check(w);
                        expected = expected == null ? found : expected;
                        requireEqual(found, expected);
                        entries.add(e);
                        e.process.pause(); // so that the others have the machine to themselves while they warm up
                    } catch (IOException | IllegalStateException x) {
                        results.add(e.missing(x));
                    }
                }
            }
        }
        warm(entries, results);
        results.addAll(rounds(entries));
        results.addAll(allocations(entries));
        for (Entry e : entries) {
            if (e.contender.newProcessPerTask()) {
                e.process.close();
            } else {
                e.process.resume();
            }
        }
        return results;
    }

    /** Returns the versions, by label, of the contenders that have run. */
    Map<String, String> versions() {
        return versions;
    }

    private PeerProcess process(Contender c, Workload w) throws IOException {
        if (c.newProcessPerTask()) {
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
                throw new IllegalStateException(
                        "its result " + found[i] + " differs from that of Gradus, " + expected[i]);
            }
        }
    }

    private int rounds(Workload w) {
        return w.row().equals("W9") ? Math.min(rounds, LARGE_ROUNDS) : rounds;
    }

    /** Returns the maximum of the warm-up in milliseconds; for a large graph, one run is enough. */
    private int warmup(Entry e) {
        int time = e.contender.warmsUp() ? warmup : NATIVE_WARM_UP;
        return e.workload.id().equals("W9-large") ? 1 : time;
    }

    private void warm(List<Entry> entries, List<Measurement> results) {
        for (Iterator<Entry> i = entries.iterator(); i.hasNext(); ) {
            Entry e = i.next();
            try {
                Workload w = e.workload;
                e.process.resume();
                e.process.ask(String.join(
                        " ",
                        "time",
                        w.id(),
                        TIMING_RATE,
                        Integer.toString(warmup(e)),
                        Integer.toString(rounds(w)),
                        Integer.toString(millis),
                        w.task().toString()));
                e.process.ask("go");
                e.process.pause();
            } catch (IOException x) {
                results.add(e.missing(x));
                i.remove();
            }
        }
    }

    private List<Measurement> rounds(List<Entry> entries) {
        Map<Entry, String> last = new LinkedHashMap<>();
        List<Measurement> results = new ArrayList<>();
        int n = entries.stream().mapToInt(e -> rounds(e.workload)).max().orElse(0);
        for (int r = 0; r < n; r++) {
            List<Entry> order = new ArrayList<>(entries);
            Collections.rotate(order, -r); // so that no contender always runs after the same one
            for (Entry e : order) {
                try {
                    e.process.resume();
                    last.put(e, e.process.ask("go"));
                    e.process.pause();
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

    /** Returns how many bytes an operation of Gradus allocates on one thread: the threads of loops are not counted. */
    private static List<Measurement> allocations(List<Entry> entries) {
        List<Measurement> results = new ArrayList<>();
        for (Entry e : entries) {
            if (e.contender.label().equals(TargetResult.GRADUS)
                    && e.contender.threads() == 1
                    && !e.workload.id().equals("W9-large")) {
                try {
                    e.process.resume();
                    double[] bytes = PeerProcess.numbers(
                            e.process.ask("bytes " + e.workload.id() + " " + TIMING_RATE + " " + e.workload.task()));
                    results.add(new Measurement(e.workload.id(), TargetResult.BYTES, 1, bytes, ""));
                } catch (IOException x) {
                    throw new UncheckedIOException(x);
                }
            }
        }
        return results;
    }

    @Override
    public void close() {
        running.values().forEach(PeerProcess::close);
    }
}
