package gradus.nn.demo;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.log.ProgressBar;
import gradus.nn.optim.Adam;
import gradus.nn.train.ConfusionMatrix;
import gradus.nn.train.History;
import gradus.nn.train.History.Epoch;
import gradus.nn.train.Trainer;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import gradus.ops.Losses;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Trains a network to classify digits, and reports and draws the results. */
final class DigitsTraining {
    private static final int SIDE = 28;
    private static final int CLASSES = 10;
    private static final int HIDDEN = 100;
    private static final int PRINTED_MISTAKES = 4;
    private static final int DRAWN_MISTAKES = 24;
    private static final int DRAWN_WEIGHTS = 28;
    /** The longest time that the end of the process waits for a step. */
    private static final int WAIT_SECONDS = 10;

    private final PrintWriter out;
    private final long seed;
    private final int epochs;
    private final int batchSize;
    private final Linear first = new Linear(SIDE * SIDE, HIDDEN);
    private final Sequential model = Sequential.of(first, Node::relu, new Linear(HIDDEN, CLASSES));

    DigitsTraining(PrintWriter out, long seed, int epochs, int batchSize) {
        this.out = out;
        this.seed = seed;
        this.epochs = epochs;
        this.batchSize = batchSize;
        model.to(DType.FLOAT32);
        model.initialize(seed);
    }

    /** Trains, prints and draws; returns the exit code. */
    int run(List<Dataset> parts, Path directory) throws IOException {
        Dataset train = parts.get(0);
        Dataset test = parts.get(2);
        for (Dataset part : List.of(train, test)) {
            int pixels = part.batch(0, 1).x().size();
            if (pixels != SIDE * SIDE) {
                throw new IOException("images have " + pixels + " pixels, not 28 x 28");
            }
        }
        say(
                "%d digits for training, %d for validation, %d for testing; %s",
                train.size(), parts.get(1).size(), test.size(), model);
        History history = train(train, parts.get(1));
        if (Thread.interrupted()) {
            return DigitsDemo.INTERRUPTED;
        }
        say(
                "%sthe weights are those of epoch %d, which has the lowest validation loss",
                history.stoppedEarly() ? "stopped early; " : "", history.best().number());
        say("test accuracy %.2f%% on %d digits%n", 100 * Trainer.accuracy(model, test), test.size());
        ConfusionMatrix matrix = ConfusionMatrix.of(model, test, CLASSES);
        say("%s", matrix);
        Mistakes mistakes = Mistakes.of(model, test);
        say("%s", mistakes.text(PRINTED_MISTAKES, SIDE));
        Path file = directory.resolve("digits.png").toAbsolutePath().normalize();
        picture(history, matrix, mistakes).png(file);
        boolean passed = gradients(test);
        say("%nthe learning curves, confusion matrix, misclassified digits and weights are in %s", file);
        return passed ? 0 : DigitsDemo.WRONG;
    }

    /** Trains, and prints a line an epoch; Ctrl-C stops it after the batch. */
    private History train(Dataset train, Dataset validation) {
        Thread training = Thread.currentThread();
        CountDownLatch done = new CountDownLatch(1);
        Thread stop = new Thread(() -> {
            training.interrupt();
            await(done);
        });
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            History history = Trainer.classifier(model)
                    .optimizer(new Adam(model.parameters(), 1e-3).l2(1e-5))
                    .batchSize(batchSize)
                    .epochs(epochs)
                    .validation(validation)
                    .earlyStopping(3)
                    .seed(seed)
                    .callback(new ProgressBar())
                    .fit(train);
            if (training.isInterrupted()) {
                say(
                        "%nstopped after the batch; %d epochs are complete",
                        history.epochs().size());
            }
            return history;
        } finally {
            done.countDown();
            remove(stop);
        }
    }

    private static void await(CountDownLatch done) {
        try {
            boolean ended = done.await(WAIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                System.err.println("gradus: the step takes longer than " + WAIT_SECONDS + " seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the process is ending
        }
    }

    /** Returns four panels: the curves of the accuracy, the confusion matrix, misclassified digits, and weights of hidden units. */
    private Picture picture(History history, ConfusionMatrix matrix, Mistakes mistakes) {
        Map<String, List<Double>> accuracy = new LinkedHashMap<>();
        accuracy.put("training", history.curve(Epoch::trainAccuracy));
        accuracy.put("validation", history.curve(Epoch::validationAccuracy));
        int[][] counts = IntStream.range(0, CLASSES)
                .mapToObj(a ->
                        IntStream.range(0, CLASSES).map(p -> matrix.count(a, p)).toArray())
                .toArray(int[][]::new);
        List<String> names =
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        Tensor weights = first.parameters()
                .get("weight")
                .value()
                .transpose()
                .reshape(HIDDEN, 1, SIDE, SIDE)
                .slice(0, 0, DRAWN_WEIGHTS);
        return Pictures.panels(
                2,
                Pictures.curves(accuracy).title("Accuracy").xLabel("epoch"),
                Pictures.confusion(counts, names).title("Confusion matrix of the test set"),
                mistakes.picture(DRAWN_MISTAKES, SIDE),
                Pictures.filters(weights).title("Weights of " + DRAWN_WEIGHTS + " hidden units"));
    }

    private boolean gradients(Dataset test) {
        model.to(DType.FLOAT64);
        Batch few = test.batch(0, Math.min(20, test.size()));
        Node x = Node.constant(few.x().to(DType.FLOAT64));
        GradientCheck.Report report = GradientCheck.of(
                        model.parameters(), () -> Losses.softmaxCrossEntropy(model.forward(x), few.classes()))
                .run();
        say("the network's %s", report);
        return report.verdict() == GradientCheck.Verdict.OK;
    }

    private void say(String format, Object... args) {
        out.printf(Locale.ROOT, format + "%n", args);
        out.flush();
    }
}
