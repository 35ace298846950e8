package gradus.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
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
 * One contender's process. It reads orders, a line each, and answers in lines that begin with {@code >}; the script in
 * Python does the same:
 *
 * <pre>
 * check ID RATE TASK                    > numbers that the task comes to
 * time ID RATE LIMIT ROUNDS MS TASK     > ready        before every iteration, which then waits for a line
 *                                       > nanoseconds of the rounds
 * </pre>
 *
 * An answer that begins with {@code > !} says why there is none. JMH runs in this process and forks none: it was started
 * for this contender alone, with the environment that natives want.
 */
public final class PeerMain {
    /** Steps of training whose losses are compared. */
    private static final int CHECKED = 3;
    /** Milliseconds of a stretch of warming up. */
    private static final int STRETCH = 100;
    /** How many stretches nothing must get better to end it. */
    private static final int QUIET = 6;
    /** The share of a stretch for which the compiler may work then. */
    private static final double BUSY = 0.15;

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
    /** The part of a turn's length that goes before it, untimed. */
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
        System.exit(0); // natives leave threads behind
    }

    private void serve() throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try {
                Task task = Workload.of(words[1]).task();
                double rate = Double.parseDouble(words[2]);
                answer(words[0].equals("check") ? check(task, rate) : time(task, rate, words));
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
        for (int i = 0; i < (task instanceof Task.Training ? CHECKED : 1); i++) {
            step.run();
            DoubleStream.of(step.result()).forEach(results::add);
        }
        return results.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private String time(Task task, double rate, String[] words) throws RunnerException {
        Step step = peer.step(task, rate);
        int warmup = Integer.parseInt(words[3]);
        if (warmup > 1) {
            warm(step, warmup);
        }
        Turns.step = step;
        Turns.turn = () -> turn(step, Integer.parseInt(words[5]));
        TimeValue time = TimeValue.milliseconds(Integer.parseInt(words[5]));
        OptionsBuilder options = new OptionsBuilder();
        options.include("^" + Turns.class.getName() + "\\.")
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

    /**
     * Runs a step until Java has compiled it: until for some stretches in a row none was faster than the best before them and
     * the compiler had next to nothing to do. Code on the Vector API takes a hundred times as long before, so a fixed time
     * would measure the compiler.
     */
    private static void warm(Step step, int limit) {
        long from = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        for (int quiet = 0; quiet < QUIET && (System.nanoTime() - from) / 1e6 < limit; quiet++) {
            long compiled = COMPILER.getTotalCompilationTime();
            double now = stretch(step, STRETCH);
            if (now < 0.95 * best || COMPILER.getTotalCompilationTime() - compiled > BUSY * STRETCH) {
                quiet = -1;
            }
            best = Math.min(best, now);
        }
    }

    /** Runs a step for some milliseconds, once at least, and returns the milliseconds that it takes. */
    private static double stretch(Step step, double millis) {
        long from = System.nanoTime();
        int runs = 0;
        do {
            step.run();
            runs++;
        } while ((System.nanoTime() - from) / 1e6 < millis);
        return (System.nanoTime() - from) / 1e6 / runs;
    }

    /** Waits for the turn, and then begins it with a few steps that are not timed: caches are somebody else's by now. */
    private void turn(Step step, int millis) {
        answer("ready");
        try {
            in.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stretch(step, millis * LEAD);
    }
}
