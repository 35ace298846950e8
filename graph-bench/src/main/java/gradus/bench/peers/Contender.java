package gradus.bench.peers;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who is measured and how its process is started.
 *
 * @param label what the page calls it
 * @param jdk the version of Java it runs on, or 0 for none
 * @param threads how many threads it may use
 * @param environment what natives are told by variables
 */
public record Contender(Kind kind, String label, int jdk, int threads, Map<String, String> environment) {
    private static final String VECTOR = "jdk.incubator.vector";

    /** The libraries; the machine's own limits are measured as if they were one. */
    public enum Kind {
        GRADUS("Gradus", ""),
        PLAIN("Gradus", ""),
        DJL("Torch", "lib"),
        PYTHON("", ""),
        SAMEDIFF("SameDiff", "lib"),
        OPENBLAS("OpenBlas", "openblas"),
        EJML("Ejml", ""),
        LIMIT("Machine", "");

        /** The beginning of the name of its {@link Peer}. */
        private final String peer;
        /** Where its jars are. */
        private final String folder;

        Kind(String peer, String folder) {
            this.peer = peer;
            this.folder = folder;
        }

        /** Returns the label of its contender where there is one for each number of threads. */
        String label() {
            return switch (this) {
                case DJL -> "PyTorch, DJL";
                case PYTHON -> "PyTorch, Python";
                case SAMEDIFF -> "SameDiff";
                case LIMIT -> "machine's limit";
                default -> name();
            };
        }
    }

    /** Returns all of them, for a number of threads, on the latest of the given JDKs unless a target says otherwise. */
    static List<Contender> all(int threads, Iterable<Integer> jdks) {
        List<Integer> versions = new ArrayList<>();
        jdks.forEach(versions::add);
        int latest = versions.get(versions.size() - 1);
        String n = Integer.toString(threads);
        Map<String, String> omp = Map.of("OMP_NUM_THREADS", n, "OPENBLAS_NUM_THREADS", n, "MKL_NUM_THREADS", n);
        Map<String, String> skylake = Map.of("OPENBLAS_NUM_THREADS", n, "OPENBLAS_CORETYPE", "SkylakeX");
        List<Contender> all = new ArrayList<>();
        all.add(new Contender(Kind.GRADUS, "Gradus", latest, threads, Map.of()));
        for (int v : versions) {
            if (v != latest) {
                all.add(new Contender(Kind.GRADUS, "Gradus, JDK " + v, v, threads, Map.of()));
            }
        }
        for (int v : versions) {
            all.add(new Contender(Kind.PLAIN, "Gradus, no flag, JDK " + v, v, threads, Map.of()));
            if (threads == 1) {
                all.add(new Contender(Kind.EJML, "EJML, JDK " + v, v, threads, Map.of()));
            }
        }
        all.add(new Contender(Kind.DJL, Kind.DJL.label(), latest, threads, omp));
        all.add(new Contender(Kind.PYTHON, Kind.PYTHON.label(), 0, threads, omp));
        all.add(new Contender(Kind.SAMEDIFF, Kind.SAMEDIFF.label(), latest, threads, omp));
        all.add(new Contender(Kind.OPENBLAS, "OpenBLAS", latest, threads, omp));
        all.add(new Contender(Kind.OPENBLAS, "OpenBLAS, SkylakeX", latest, threads, skylake));
        all.add(new Contender(Kind.LIMIT, Kind.LIMIT.label(), latest, threads, Map.of()));
        return all;
    }

    /** Returns what tells it from the others. */
    String name() {
        return label + ", " + threads;
    }

    /** Returns whether it gets a new process for each task: Java compiled for this task alone. Natives stay up. */
    boolean fresh() {
        return kind == Kind.GRADUS || kind == Kind.PLAIN;
    }

    /** Returns whether it runs on Java, which compiles it only after a while. */
    boolean warmsUp() {
        return kind != Kind.PYTHON && kind != Kind.OPENBLAS;
    }

    /** Returns whether it is measured on a workload. */
    boolean does(Workload w) {
        boolean product = w.task() instanceof Task.Product;
        boolean alone = w.row().equals("W9") || w.row().equals("R");
        boolean latest = !label.contains("JDK");
        return switch (kind) {
            case GRADUS ->
                !w.plain()
                        && (latest || !alone && threads == 1)
                        && (threads == 1 || !w.row().equals("W9"));
            case PLAIN -> w.plain() && threads == 1;
            case EJML -> w.plain();
            case DJL, PYTHON -> !w.plain() && !alone;
            case SAMEDIFF -> !w.plain() && !alone && !(w.task() instanceof Task.Chain);
            case OPENBLAS -> !w.plain() && product;
            case LIMIT -> w.against().contains(Kind.LIMIT);
        };
    }

    /**
     * Returns the command that starts it, given where its jars are and the size of the heap. All of that is touched at the
     * start: a virtual machine may be given memory page by page, when it is first used, and that took longer than the step.
     */
    List<String> command(Map<Integer, Path> jdks, Path home, String heap) {
        String n = Integer.toString(threads);
        if (kind == Kind.PYTHON) {
            String script =
                    home.resolve("classes/gradus/bench/peers/torch_peer.py").toString();
            return List.of(Machine.python(), script, n);
        }
        List<String> c = new ArrayList<>();
        c.add(jdks.get(jdk).resolve("bin/java").toString());
        c.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch"));
        if (kind == Kind.GRADUS || kind == Kind.LIMIT) {
            c.add("--add-modules");
            c.add(VECTOR);
        }
        if (kind == Kind.SAMEDIFF && Machine.has("avx512f")) {
            c.add("-Dorg.bytedeco.javacpp.platform.extension=-avx512");
        }
        String jar = home.resolve("bench.jar").toString();
        c.add("-cp");
        c.add(
                kind.folder.isEmpty()
                        ? jar
                        : jar + File.pathSeparator + home.resolve(kind.folder) + File.separator + "*");
        c.add(PeerMain.class.getName());
        c.add(kind.peer);
        c.add(n);
        return c;
    }
}
