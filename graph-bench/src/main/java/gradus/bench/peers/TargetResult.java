package gradus.bench.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * A row of the table of targets: a time of Gradus against that of the fastest peer that the target names.
 *
 * @param row the name of the workload's row, such as W3
 * @param factor what the ratio of their time to ours is multiplied with where they do a different amount of work
 */
record TargetResult(String row, Workload workload, Measurement ours, Measurement theirs, double factor, double target) {
    /** The contender that is judged. */
    static final String GRADUS = "Gradus";
    /** The name under which the bytes that an operation allocates are kept among the times. */
    static final String BYTES = "Gradus, bytes";

    private static final double TWO_THREADS_TARGET = 1.8;
    private static final double OLDER_JDK_TARGET = 0.8;
    private static final double LARGE_GRAPH_TARGET = 0.5;
    private static final double LARGE_GRAPH_NODES_RATIO = 10_000;
    /**
     * The bytes of a sum over those of a copy: it reads two arrays, a copy one; both write one, which is first read
     * into the cache.
     */
    private static final double BYTES_RATIO = 4.0 / 3;

    Ratio ratio() {
        return Ratio.of(theirs.nanoseconds(), ours.nanoseconds(), factor);
    }

    boolean met() {
        return ratio().median() >= target;
    }

    /**
     * Returns the share of the machine's limit that the multiply-adds of an operation reach, NaN if there are none or the limit was not measured.
     */
    double shareOfLimit(List<Measurement> measured) {
        Workload product = Workload.of(workload.task().single() ? "W7-f32" : "W7-f64");
        Measurement limit = find(measured, product.id(), Contender.Kind.LIMIT.label(), ours.threads());
        long multiplyAdds = workload.task().multiplyAdds();
        return limit == null || multiplyAdds == 0
                ? Double.NaN
                : multiplyAdds / ours.median() * limit.median() / product.task().multiplyAdds();
    }

    /** Returns a result for each target that was measured, in the page's order. */
    static List<TargetResult> all(List<Measurement> measured) {
        List<TargetResult> results = new ArrayList<>();
        for (Workload w : Workload.all()) {
            TreeSet<Integer> threads = new TreeSet<>();
            measured.stream().filter(m -> m.workload().equals(w.id())).forEach(m -> threads.add(m.threads()));
            for (int n : threads) {
                results.addAll(at(w, n, measured));
            }
        }
        for (String id : List.of("W5-sgd", "W5-adam", "W7-f32", "W7-f64")) {
            Measurement one = find(measured, id, GRADUS, 1);
            Measurement two = find(measured, id, GRADUS, 2);
            add(results, new TargetResult("W10", Workload.of(id), two, one, 1, TWO_THREADS_TARGET));
        }
        for (Workload w : Workload.all()) {
            Measurement newer = find(measured, w.id(), GRADUS, 1);
            Measurement older = find(measured, w.id(), GRADUS + ", JDK 17", 1);
            add(results, new TargetResult("JDK 17", w, older, newer, 1, OLDER_JDK_TARGET));
        }
        return results;
    }

    private static List<TargetResult> at(Workload w, int threads, List<Measurement> measured) {
        List<TargetResult> results = new ArrayList<>();
        if (w.plain()) {
            for (int jdk : new int[] {17, 25}) {
                Measurement ours = find(measured, w.id(), GRADUS + ", no flag, JDK " + jdk, threads);
                Measurement theirs = find(measured, w.id(), "EJML, JDK " + jdk, threads);
                add(results, new TargetResult(w.row(), w, ours, theirs, 1, jdk == 17 ? 5 : 8));
            }
            return results;
        }
        Measurement ours = find(measured, w.id(), GRADUS, threads);
        if (w.id().equals("W9-large")) {
            add(
                    results,
                    new TargetResult(
                            "W9",
                            w,
                            ours,
                            find(measured, "W9", GRADUS, threads),
                            LARGE_GRAPH_NODES_RATIO,
                            LARGE_GRAPH_TARGET));
            return results;
        }
        List<TargetResult> against = new ArrayList<>();
        for (Contender.Kind kind : w.against()) {
            double factor = w.row().equals("R") ? BYTES_RATIO : 1;
            add(
                    against,
                    new TargetResult(
                            w.row(), w, ours, find(measured, w.id(), kind.label(), threads), factor, w.target()));
        }
        against.stream()
                .min(Comparator.comparingDouble(c -> c.ratio().median()))
                .ifPresent(results::add);
        return results;
    }

    private static void add(List<TargetResult> results, TargetResult c) {
        if (c.ours != null && c.theirs != null && c.ours.nanoseconds().length == c.theirs.nanoseconds().length) {
            results.add(c);
        }
    }

    /** Returns the measurement of a workload by a contender, or null. */
    static Measurement find(List<Measurement> measured, String workload, String contender, int threads) {
        return measured.stream()
                .filter(m -> m.workload().equals(workload)
                        && m.contender().equals(contender)
                        && m.threads() == threads
                        && m.nanoseconds().length > 0)
                .findFirst()
                .orElse(null);
    }
}
