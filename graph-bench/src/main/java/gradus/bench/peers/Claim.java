package gradus.bench.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * A line of the table of targets: ours against one of theirs, who is the fastest of those that the target names.
 *
 * @param row the row of the plan
 * @param factor by which theirs over ours is taken times, where they did not do the same work
 */
record Claim(String row, Workload workload, Measured ours, Measured theirs, double factor, double target) {
    private static final String GRADUS = "Gradus";
    private static final double THREADS = 1.8;
    private static final double NEWER = 0.8;
    private static final double LONG = 0.5;
    private static final double NODES = 10_000;
    /** A sum reads two arrays and writes one, a copy reads one; what is written is first read into the cache. */
    private static final double TRAFFIC = 4.0 / 3;

    Ratio ratio() {
        return Ratio.of(theirs.nanoseconds(), ours.nanoseconds(), factor);
    }

    boolean met() {
        return ratio().median() >= target;
    }

    /** Returns the claims that the measurements decide, in the page's order. */
    static List<Claim> all(List<Measured> measured) {
        List<Claim> claims = new ArrayList<>();
        for (Workload w : Workload.all()) {
            TreeSet<Integer> threads = new TreeSet<>();
            measured.stream().filter(m -> m.workload().equals(w.id())).forEach(m -> threads.add(m.threads()));
            for (int n : threads) {
                claims.addAll(at(w, n, measured));
            }
        }
        for (String id : List.of("W5-sgd", "W5-adam", "W7-f32", "W7-f64")) {
            Measured one = find(measured, id, GRADUS, 1);
            Measured two = find(measured, id, GRADUS, 2);
            add(claims, new Claim("W10", Workload.of(id), two, one, 1, THREADS));
        }
        for (Workload w : Workload.all()) {
            Measured newer = find(measured, w.id(), GRADUS, 1);
            Measured older = find(measured, w.id(), GRADUS + ", JDK 17", 1);
            add(claims, new Claim("JDK 17", w, older, newer, 1, NEWER));
        }
        return claims;
    }

    private static List<Claim> at(Workload w, int threads, List<Measured> measured) {
        List<Claim> claims = new ArrayList<>();
        if (w.plain()) {
            for (int jdk : new int[] {17, 25}) {
                Measured ours = find(measured, w.id(), GRADUS + ", no flag, JDK " + jdk, threads);
                Measured theirs = find(measured, w.id(), "EJML, JDK " + jdk, threads);
                add(claims, new Claim(w.row(), w, ours, theirs, 1, jdk == 17 ? 5 : 8));
            }
            return claims;
        }
        Measured ours = find(measured, w.id(), GRADUS, threads);
        if (w.id().equals("W9-large")) {
            add(claims, new Claim("W9", w, ours, find(measured, "W9", GRADUS, threads), NODES, LONG));
            return claims;
        }
        List<Claim> against = new ArrayList<>();
        for (Contender.Kind kind : w.against()) {
            double factor = w.row().equals("R") ? TRAFFIC : 1;
            add(
                    against,
                    new Claim(w.row(), w, ours, find(measured, w.id(), kind.label(), threads), factor, w.target()));
        }
        against.stream()
                .min(Comparator.comparingDouble(c -> c.ratio().median()))
                .ifPresent(claims::add);
        return claims;
    }

    private static void add(List<Claim> claims, Claim c) {
        if (c.ours != null && c.theirs != null && c.ours.nanoseconds().length == c.theirs.nanoseconds().length) {
            claims.add(c);
        }
    }

    /** Returns what was measured, or null. */
    static Measured find(List<Measured> measured, String workload, String contender, int threads) {
        return measured.stream()
                .filter(m -> m.workload().equals(workload)
                        && m.contender().equals(contender)
                        && m.threads() == threads
                        && m.nanoseconds().length > 0)
                .findFirst()
                .orElse(null);
    }
}
