package gradus.bench.peers;

import gradus.bench.Stretch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
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
        int limit = Integer.parseInt(words[3]);
        if (limit > 1) { // else a step is long enough to be its own
            Stretch.warmUp(step::run, limit);
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

    /** Waits for the turn, and then begins it with a few steps that are not timed: caches are somebody else's by now. */
    private void turn(Step step, int millis) {
        answer("ready");
        try {
            in.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Stretch.of(step::run, millis * LEAD);
    }
}
