package gradus.nn.demo;

import gradus.array.DType;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line: reads options, runs {@link DigitsTraining}, and reports an error in one line with exit code 2. */
@Command(
        name = "gradus",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Trains a network to classify digits: prints loss and accuracy by epoch, a confusion matrix and some"
                    + " misclassified digits, checks the network's gradients by finite differences, and draws all of it"
                    + " as digits.png. Ctrl-C stops the training after the batch.",
            "",
            "Without --data it generates images of digits.%n"
        },
        footer = {
            "",
            "Exit codes: 0 success, 1 a wrong gradient, 2 wrong options, unreadable data or output that cannot be"
                    + " written, 130 stopped."
        })
public final class DigitsDemo implements Callable<Integer> {
    static final int WRONG = 1;
    static final int FAILED = 2;
    static final int INTERRUPTED = 130;
    private static final int FEWEST = 10;
    private static final int DRAWN = 12_000;
    private static final int BATCH = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "directory of MNIST's or Fashion-MNIST's IDX files,"
                    + " gzipped or not; without training files the test file is split 6:2:2")
    private Path data;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "digits to generate without --data, at least 10 (default: 12000)")
    private Integer samples;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "12",
            description = "passes over the training set, at most (default: ${DEFAULT-VALUE})")
    private int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "digits of a step, at most those of the training set (default: 100)")
    private Integer batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "seed of all random draws (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "directory for digits.png (default: here)")
    private Path out;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this and exit")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    private DigitsDemo() {}

    /** Runs the program and exits. */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(run(args));
    }

    /** Runs the program and returns the exit code. */
    static int run(String... args) {
        // the images need UTF-8, whatever the locale is
        PrintWriter terminal = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try {
            int code = execute(terminal, args);
            return code != FAILED && terminal.checkError()
                    ? fail(new IOException("standard output cannot be written"))
                    : code;
        } catch (OutOfMemoryError e) {
            return fail(new IllegalStateException("out of memory: use fewer --samples, or more memory with -Xmx"));
        }
    }

    private static int execute(PrintWriter terminal, String... args) {
        return new CommandLine(new DigitsDemo())
                .setOut(terminal)
                .setParameterExceptionHandler((e, a) -> fail(e))
                .setExecutionExceptionHandler((e, c, r) -> fail(e))
                .execute(args);
    }

    private static int fail(Exception e) {
        boolean bare = e instanceof FileSystemException f && f.getReason() == null; // its message is only a path
        String why = e.getMessage() == null || bare ? e.toString() : e.getMessage();
        System.err.println("gradus: " + why.lines().findFirst().orElse("") + " (--help shows the options)");
        return FAILED;
    }

    @Override
    public Integer call() throws IOException {
        if (epochs < 1) {
            throw new IllegalArgumentException("--epochs " + epochs + " must be at least 1");
        }
        if (samples != null && (data != null || samples < FEWEST)) {
            throw new IllegalArgumentException("--samples " + samples
                    + (data != null ? " cannot be combined with --data" : " must be at least " + FEWEST));
        }
        if (Files.isDirectory(out) && !Files.isWritable(out)) {
            throw new AccessDeniedException(out.toString(), null, "the picture cannot be written there");
        }
        if (!Files.isDirectory(out)) {
            throw new NoSuchFileException(out.toString(), null, "no such directory for the picture");
        }
        PrintWriter terminal = spec.commandLine().getOut();
        List<Dataset> parts = parts();
        int examples = parts.get(0).size();
        if (batch != null && (batch < 1 || batch > examples)) {
            throw new IllegalArgumentException(
                    "--batch " + batch + " must be from 1 to " + examples + ", the number of training digits");
        }
        return new DigitsTraining(terminal, seed, epochs, batch == null ? BATCH : batch).run(parts, out);
    }

    /** Returns the training, validation and test sets. */
    private List<Dataset> parts() throws IOException {
        if (data == null) {
            return DrawnDigits.make(samples == null ? DRAWN : samples, seed, DType.FLOAT32)
                    .split(seed, 0.6, 0.2, 0.2);
        }
        Dataset test = Mnist.test(data, DType.FLOAT32);
        if (!Mnist.hasTrain(data)) {
            return test.split(seed, 0.6, 0.2, 0.2);
        }
        List<Dataset> parts = new ArrayList<>(Mnist.train(data, DType.FLOAT32).split(seed, 5 / 6.0, 1 / 6.0));
        parts.add(test);
        return parts;
    }
}
