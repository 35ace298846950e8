package gradus.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A contender's process, which runs {@link PeerMain} or the Python script, and the client side of its protocol. */
final class PeerProcess implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 100;
    private static final String ENDED = "! the process ended; its log is in target/log";

    private final Process process;
    private final PrintStream commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final String version;

    /** Starts a contender; it fails with an {@link IOException} that says why. */
    PeerProcess(Contender contender, Map<Integer, Path> jdks, Path home, String heap) throws IOException {
        Path log = Files.createDirectories(home.resolve("log")).resolve(contender.name() + ".log");
        ProcessBuilder builder = new ProcessBuilder(contender.command(jdks, home, heap))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // a choice of kernels or of a block size for another machine would make OpenBLAS slower here
        builder.environment().keySet().removeAll(List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"));
        builder.environment().putAll(contender.environment());
        process = builder.start();
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "answers of " + contender.name());
        reader.setDaemon(true);
        reader.start();
        version = answer();
    }

    private void read() {
        try (BufferedReader in = process.inputReader()) {
            in.lines().filter(l -> l.startsWith("> ")).forEach(l -> answers.add(l.substring(2)));
        } catch (IOException | UncheckedIOException e) {
            // it was destroyed
        }
        answers.add(ENDED);
    }

    String version() {
        return version;
    }

    /** Sends a command and returns the answer. */
    String ask(String command) throws IOException {
        commands.println(command);
        return answer();
    }

    private String answer() throws IOException {
        try {
            String line = answers.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (line == null || line.startsWith("!")) {
                throw new IOException(line == null ? "no answer in " + TIMEOUT_SECONDS + " s" : line.substring(2));
            }
            return line;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Returns the result of a workload. */
    double[] check(Workload w) throws IOException {
        return numbers(ask("check " + w.id() + " " + w.checkRate() + " " + w.task()));
    }

    static double[] numbers(String line) {
        return Stream.of(line.trim().split(" +"))
                .filter(s -> !s.isEmpty())
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** Pauses the process: its threads may spin while they wait for work, which would take a core from the others. */
    void pause() {
        signal("-STOP");
    }

    /** Resumes the process. */
    void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // no kill command: the process goes on spinning
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
