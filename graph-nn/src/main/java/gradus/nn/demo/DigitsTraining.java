package gradus.nn.demo;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Adam;
import gradus.nn.train.Callback;
import gradus.nn.train.ConfusionMatrix;
import gradus.nn.train.History;
import gradus.nn.train.History.Epoch;
import gradus.nn.train.Progress;
import gradus.nn.train.Trainer;
import gradus.nn.view.Curves;
import gradus.nn.view.Pictures;
import gradus.ops.Losses;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Trains a network to classify digits, and reports and draws the results. */
final class DigitsTraining {
    private static final int SIDE = 28;
    private static final int CLASSES = 10;
    private static final int BATCH = 100;
    private static final int PICTURES = 4;

    private final PrintWriter out;
    private final long seed;
    private final int epochs;
    private final Sequential model = Sequential.of(new Linear(SIDE * SIDE, 100), Node::relu, new Linear(100, CLASSES));

    DigitsTraining(PrintWriter out, long seed, int epochs) {
        this.out = out;
        this.seed = seed;
        this.epochs = epochs;
        model.to(DType.FLOAT32);
        model.initialize(seed);
    }

    /** Trains, prints and writes everything; returns whether the gradient check passed. */
    boolean run(List<Dataset> parts, Path directory) throws IOException {
        Dataset train = parts.get(0);
        Dataset test = parts.get(2);
        if (train.x().shape().dim(1) != SIDE * SIDE) {
            throw new IOException("images have " + train.x().shape().dim(1) + " pixels, not 28 x 28");
        }
        say(
                "%d digits for training, %d for validation, %d for testing; %s",
                train.size(), parts.get(1).size(), test.size(), model);
        History history = train(train, parts.get(1));
        table(history);
        say("test accuracy %.2f%% on %d digits", 100 * Trainer.accuracy(model, test), test.size());
        say("");
        say("%s", ConfusionMatrix.of(model, test, CLASSES));
        mistakes(test);
        curves(history, directory);
        return gradients(test);
    }

    private History train(Dataset train, Dataset validation) {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("training")
                .setInitialMax((long) epochs * train.size())
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" digits", 1)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build()) {
            return Trainer.classifier(model)
                    .optimizer(new Adam(model.parameters(), 1e-3).l2(1e-5))
                    .batchSize(BATCH)
                    .epochs(epochs)
                    .validation(validation)
                    .earlyStopping(3)
                    .seed(seed)
                    .callback(new Callback() {
                        @Override
                        public void onEpoch(Progress p) {}

                        @Override
                        public void onBatch(Progress p) {
                            bar.stepBy(p.batchSize());
                        }
                    })
                    .fit(train);
        }
    }

    private void table(History history) {
        say("");
        say("epoch   train loss  accuracy   validation loss  accuracy");
        for (Epoch e : history.epochs()) {
            say(
                    "%5d %12.4f %8.2f%% %17.4f %8.2f%%%s",
                    e.number(),
                    e.trainLoss(),
                    100 * e.trainAccuracy(),
                    e.validationLoss(),
                    100 * e.validationAccuracy(),
                    e.equals(history.best()) ? "  best, kept" : "");
        }
        say(history.stoppedEarly() ? "stopped early, as the validation loss no longer fell%n" : "");
    }

    private void mistakes(Dataset test) {
        int[] predicted = Trainer.predictedClasses(model, test);
        int[] actual = test.classes();
        List<Tensor> images = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        for (int i = 0; i < predicted.length && images.size() < PICTURES; i++) {
            if (predicted[i] != actual[i]) {
                images.add(test.batch(i, i + 1).x());
                captions.add("actual " + actual[i] + ", predicted " + predicted[i]);
            }
        }
        say(
                "%s",
                images.isEmpty()
                        ? "every digit was classified correctly"
                        : Pictures.sideBySide(images, captions, SIDE));
    }

    private void curves(History history, Path directory) throws IOException {
        Map<String, List<Double>> loss = new LinkedHashMap<>();
        loss.put("training", history.curve(Epoch::trainLoss));
        loss.put("validation", history.curve(Epoch::validationLoss));
        Map<String, List<Double>> accuracy = new LinkedHashMap<>();
        accuracy.put("training", history.curve(Epoch::trainAccuracy));
        accuracy.put("validation", history.curve(Epoch::validationAccuracy));
        Curves.png(directory.resolve("digits-loss.png"), "Training on digits", "cross entropy", loss);
        Curves.svg(directory.resolve("digits-loss.svg"), "Training on digits", "cross entropy", loss);
        Curves.png(directory.resolve("digits-accuracy.png"), "Training on digits", "accuracy", accuracy);
        Curves.svg(directory.resolve("digits-accuracy.svg"), "Training on digits", "accuracy", accuracy);
        say(
                "learning curves: digits-loss and digits-accuracy, .png and .svg, in %s",
                directory.toAbsolutePath().normalize());
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
