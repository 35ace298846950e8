package gradus.bench.peers;

import com.sun.management.ThreadMXBean;
import gradus.bench.Timing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The main class of a contender's process. It reads commands, one per line, and answers in lines that begin with {@code >};
 * the Python script does the same:
 *
 * <pre>
 * check ID RATE TASK                    > the result of the task
 * time ID RATE LIMIT ROUNDS MS TASK     > ready        before each iteration, which then waits for a line
 *                                       > nanoseconds per operation, by round
 * bytes ID RATE TASK                    > bytes that this thread allocates per operation; not asked of the Python script
 * </pre>
 *
 * An answer that begins with {@code > !} is an error. JMH does not fork: this process was started for one contender, with the
 * environment that its native library needs.
 */
public final class PeerMain {
    /** The number of training steps whose losses are compared. */
    private static final int CHECKED = 3;
    /** The number of operations whose allocation is measured. */
    private static final int ALLOCATING_RUNS = 50;
    /** The maximum of the warm-up before allocation is measured, in milliseconds. */
    private static final int MILLIS_BEFORE_ALLOCATION = 8000;
    /** The untimed part before an iteration, as a share of its length. */
    private static final double LEAD = 0.3;

    private final Peer peer;
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream out = System.out;

    private PeerMain(Peer peer) {
        this.peer = peer;
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("jmh.ignoreLock", "true");
        Peer peer = (Peer) Class.forName("gradus.bench.peers." + args[0] + "Peer")
                .getDeclaredConstructor()
                .newInstance();
        peer.threads(Integer.parseInt(args[1]));
        PeerMain main = new PeerMain(peer);
        main.answer(peer.version());
        main.serve();
        System.exit(0); // native libraries leave threads running
    }

    private void serve() throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try {
                Task task = Workload.of(words[1]).task();
                double rate = Double.parseDouble(words[2]);
                answer(
                        switch (words[0]) {
                            case "check" -> check(task, rate);
                            case "bytes" -> bytes(task, rate);
                            default -> time(task, rate, words);
                        });
            } catch (Exception | LinkageError e) {
                answer("! " + e);
            }
        }
    }

    private void answer(String line) {
        out.println("> " + line);
        out.flush();
    }

    private String check(Task task, double rate) {
        Step step = peer.step(task, rate);
        List<Double> results = new ArrayList<>();
        for (int i = 0; i < (task.trains() ? CHECKED : 1); i++) {
            step.run();
            DoubleStream.of(step.result()).forEach(results::add);
        }
        return results.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    /** Returns the least of some operations after a warm-up: before C2 has compiled a loop, each vector is an object. */
    private String bytes(Task task, double rate) {
        Step step = peer.step(task, rate);
        Timing.warmUp(step::run, MILLIS_BEFORE_ALLOCATION);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ALLOCATING_RUNS; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            step.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return Long.toString(least);
    }

    private String time(Task task, double rate, String[] words) throws RunnerException {
        Step step = peer.step(task, rate);
        int limit = Integer.parseInt(words[3]);
        if (limit > 1) { // else one step is a warm-up
            Timing.warmUp(step::run, limit);
        }
        StepBenchmark.step = step;
        StepBenchmark.beforeIteration = () -> beforeIteration(step, Integer.parseInt(words[5]));
        TimeValue time = TimeValue.milliseconds(Integer.parseInt(words[5]));
        OptionsBuilder options = new OptionsBuilder();
        options.include("^" + StepBenchmark.class.getName() + "\\.")
                .forks(0)
                .verbosity(VerboseMode.SILENT)
                .syncIterations(false)
                .warmupIterations(1)
                .warmupTime(time)
                .measurementIterations(Integer.parseInt(words[4]))
                .measurementTime(time);
        return new Runner(options.build())
                .run().stream()
                        .flatMap(run -> run.getBenchmarkResults().stream())
                        .flatMap(benchmark -> benchmark.getIterationResults().stream())
                        .map(i -> String.valueOf(i.getPrimaryResult().getScore()))
                        .collect(Collectors.joining(" "));
    }

    /** Waits for a line, then runs a few steps untimed, since other processes have used the caches. */
    private void beforeIteration(Step step, int millis) {
        answer("ready");
        try {
            in.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Timing.millisPerRun(step::run, millis * LEAD);
    }
}
