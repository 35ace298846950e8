package gradus.bench.peers;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A library in one configuration, and the command that starts its process.
 *
 * @param label its name on the page
 * @param jdk the version of Java that it runs on, or 0 for none
 * @param threads the number of threads it may use
 * @param environment environment variables, which configure native libraries
 */
public record Contender(Kind kind, String label, int jdk, int threads, Map<String, String> environment) {
    private static final String VECTOR = "jdk.incubator.vector";

    /** The libraries, and {@code LIMIT} for the limits of the machine, which are measured in the same way. */
    public enum Kind {
        GRADUS("Gradus", ""),
        PLAIN("Gradus", ""),
        DJL("Torch", "lib"),
        PYTHON("", ""),
        SAMEDIFF("SameDiff", "lib"),
        OPENBLAS("OpenBlas", "openblas"),
        EJML("Ejml", ""),
        LIMIT("Machine", "");

        /** The prefix of the name of its {@link Peer}. */
        private final String peer;
        /** The folder of its jars. */
        private final String folder;

        Kind(String peer, String folder) {
            this.peer = peer;
            this.folder = folder;
        }

        /** Returns the label of its contender; a library with several configurations has others. */
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

    /**
     * Returns all contenders, for a number of threads, on the latest of the given JDKs, and on others where a target
     * needs it.
     */
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

    /** Returns a unique name. */
    String name() {
        return label + ", " + threads;
    }

    /** Returns whether each task runs in a new process, since what Java compiles depends on all that ran before. */
    boolean newProcessPerTask() {
        return kind == Kind.GRADUS || kind == Kind.PLAIN;
    }

    /** Returns whether it is compiled at run time. */
    boolean warmsUp() {
        return kind != Kind.PYTHON && kind != Kind.OPENBLAS;
    }

    /** Returns whether it is measured on a workload. */
    boolean runs(Workload w) {
        boolean product = w.task() instanceof Task.Product;
        boolean alone = w.row().equals("W9") || w.row().equals("R");
        boolean onlyPython = w.task() instanceof Task.Operation || w.task() instanceof Task.Network;
        boolean latest = !label.contains("JDK");
        return switch (kind) {
            case GRADUS ->
                !w.plain()
                        && (latest || !alone && threads == 1)
                        && (threads == 1 || !w.row().equals("W9"));
            case PLAIN -> w.plain() && threads == 1;
            case EJML -> w.plain();
            case PYTHON -> !w.plain() && !alone;
            case DJL -> !w.plain() && !alone && !onlyPython;
            case SAMEDIFF -> !w.plain() && !alone && !onlyPython && !(w.task() instanceof Task.Chain);
            case OPENBLAS -> !w.plain() && product;
            case LIMIT -> w.against().contains(Kind.LIMIT);
        };
    }

    /**
     * Returns the command that starts it, given the folder of the jars and the size of the heap. The heap is touched at the
     * start: on a virtual machine a page may be allocated only when it is first used, which took longer than the step.
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
