package gradus.nn.train;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Optimizer;
import gradus.nn.train.History.Epoch;
import gradus.ops.Losses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Trains a model in batches of shuffled examples. The same seed, data and starting values give the same weights, bit for
 * bit. Settings that are not made: batches of 32, one epoch, seed 0, no validation, no early stopping.
 */
public final class Trainer {
    private static final int EVALUATION_BATCH = 1000;

    private final Layer model;
    private final Objective objective;
    private Optimizer optimizer;
    private OptionalDouble penalty = OptionalDouble.empty();
    private int batchSize = 32;
    private int epochs = 1;
    private long seed;
    private Dataset validation;
    private int patience = -1;
    private Consumer<Epoch> onEpoch = e -> {};
    private IntConsumer onBatch = n -> {};

    private Trainer(Layer model, Objective objective) {
        this.model = model;
        this.objective = objective;
    }

    /** The loss of an output against a batch's targets, and how many of them it got right. */
    private interface Objective {
        Node loss(Node output, Dataset batch);

        /** Complains of a target that no output could meet. */
        void check(Tensor output, Dataset examples);

        /** Returns the number of examples read rightly, or NaN where there is no right and wrong. */
        double right(Tensor output, Dataset batch);
    }

    private static final Objective CLASSES = new Objective() {
        @Override
        public Node loss(Node output, Dataset batch) {
            return Losses.softmaxCrossEntropy(output, batch.classes());
        }

        @Override
        public void check(Tensor output, Dataset examples) {
            int[] classes = examples.classes();
            for (int i = 0; i < classes.length; i++) {
                if (output.shape().rank() != 2 || classes[i] >= output.shape().dim(1)) {
                    throw new IllegalArgumentException("Trainer: example " + i + " is of class " + classes[i]
                            + "; the model's output for one example is " + output.shape());
                }
            }
        }

        @Override
        public double right(Tensor output, Dataset batch) {
            return hits(output.argmax(1).toIntArray(), batch.classes());
        }
    };

    private static final Objective TARGETS = new Objective() {
        @Override
        public Node loss(Node output, Dataset batch) {
            return Losses.meanSquaredError(output, Node.constant(batch.y()));
        }

        @Override
        public void check(Tensor output, Dataset examples) {
            Shape one = examples.y().shape().with(0, 1);
            if (!output.shape().equals(one)) {
                throw new IllegalArgumentException(
                        "Trainer: the model's output for one example is " + output.shape() + ", its target " + one);
            }
        }

        @Override
        public double right(Tensor output, Dataset batch) {
            return Double.NaN;
        }
    };

    /** Returns a trainer of a model whose outputs [n, c] are scores of classes before softmax. */
    public static Trainer classifier(Layer model) {
        return new Trainer(model, CLASSES);
    }

    /** Returns a trainer of a model whose outputs are to equal the targets, by mean squared error. */
    public static Trainer regressor(Layer model) {
        return new Trainer(model, TARGETS);
    }

    /** Sets what moves the parameters. */
    public Trainer optimizer(Optimizer o) {
        optimizer = o;
        return this;
    }

    /** Sets an L2 penalty ½ λ ΣW² on the weights, through the optimizer; losses are reported without it. */
    public Trainer l2(double lambda) {
        if (!(lambda >= 0)) {
            throw new IllegalArgumentException("Trainer: the L2 penalty " + lambda + " must be a number from 0 up");
        }
        penalty = OptionalDouble.of(lambda);
        return this;
    }

    /** Sets the number of examples between two steps; the last batch of an epoch may be smaller. */
    public Trainer batchSize(int n) {
        requirePositive("batch size", n);
        batchSize = n;
        return this;
    }

    /** Sets how often the training set is passed over, at most. */
    public Trainer epochs(int n) {
        requirePositive("number of epochs", n);
        epochs = n;
        return this;
    }

    /** Sets the examples that every epoch is judged by. Without early stopping the model keeps its last weights. */
    public Trainer validation(Dataset examples) {
        validation = examples;
        return this;
    }

    /**
     * Ends the training when the validation loss has not fallen for so many epochs. In the end, whether or not it came
     * to that, the model has the weights of its best epoch.
     */
    public Trainer earlyStopping(int epochsWithoutProgress) {
        requirePositive("patience", epochsWithoutProgress);
        patience = epochsWithoutProgress;
        return this;
    }

    /** Sets the seed that examples are shuffled by. */
    public Trainer seed(long s) {
        seed = s;
        return this;
    }

    /** Sets what is told of every epoch at its end. */
    public Trainer onEpoch(Consumer<Epoch> listener) {
        onEpoch = listener;
        return this;
    }

    /** Sets what is told of every batch, by its number of examples. */
    public Trainer onBatch(IntConsumer listener) {
        onBatch = listener;
        return this;
    }

    /**
     * Trains the model, from the weights and the optimizer's state that it has.
     *
     * @throws IllegalStateException if there is no optimizer, early stopping has nothing to watch, or the loss is no
     *     longer finite
     */
    public History fit(Dataset train) {
        if (optimizer == null) {
            throw new IllegalStateException("Trainer: set an optimizer first");
        }
        if (patience > 0 && validation == null) {
            throw new IllegalStateException("Trainer: early stopping needs a validation set");
        }
        // before the first step, so that a bad target leaves the weights as they are
        Tensor output = model.forward(Node.constant(train.batch(0, 1).x())).value();
        objective.check(output, train);
        if (validation != null) {
            objective.check(output, validation);
        }
        penalty.ifPresent(optimizer::l2);
        List<Epoch> done = new ArrayList<>();
        Epoch best = null;
        Map<Node, Tensor> bestWeights = new LinkedHashMap<>();
        boolean stop = false;
        for (int e = 1; e <= epochs && !stop; e++) {
            Epoch epoch = epoch(e, train);
            done.add(epoch);
            onEpoch.accept(epoch);
            if (best == null || isBetter(epoch.validationLoss(), best.validationLoss())) {
                best = epoch;
                if (patience > 0) {
                    model.parameters().values().forEach(p -> bestWeights.put(p, p.value()));
                }
            }
            stop = patience > 0 && e - best.number() >= patience;
        }
        bestWeights.forEach(Node::assign);
        return new History(List.copyOf(done), best, stop);
    }

    private Epoch epoch(int number, Dataset train) {
        int[] order = RandomStream.of(seed, "epoch " + number).permutation(train.size());
        double loss = 0;
        double right = 0;
        for (int from = 0; from < order.length; from += batchSize) {
            int to = Math.min(from + batchSize, order.length);
            Dataset batch = train.at(Arrays.copyOfRange(order, from, to));
            Node output = model.forward(Node.constant(batch.x()));
            Node cost = objective.loss(output, batch);
            requireFinite(cost.item(), number, from);
            loss += cost.item() * batch.size();
            right += objective.right(output.value(), batch);
            optimizer.step(cost.backward());
            onBatch.accept(batch.size());
        }
        int n = train.size();
        Score judged = validation == null ? Score.NONE : score(model, objective, validation);
        return new Epoch(number, loss / n, right / n, judged.loss(), judged.accuracy());
    }

    /** Returns whether a validation loss is better; where there was none, or none that is a number, any later one is. */
    private static boolean isBetter(double loss, double best) {
        return Double.isNaN(best) || loss < best;
    }

    private void requireFinite(double loss, int epoch, int examples) {
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException(
                    "Trainer: the loss is " + loss + " in epoch " + epoch + ", after " + examples
                            + " examples; "
                            + (epoch == 1 && examples == 0
                                    ? "no step was taken yet, so look for such numbers in the data or the weights"
                                    : "a smaller learning rate than " + optimizer.learningRate() + " may help"));
        }
    }

    private record Score(double loss, double accuracy) {
        static final Score NONE = new Score(Double.NaN, Double.NaN);
    }

    private static Score score(Layer model, Objective objective, Dataset examples) {
        double loss = 0;
        double right = 0;
        for (int from = 0; from < examples.size(); from += EVALUATION_BATCH) {
            Dataset batch = examples.batch(from, Math.min(from + EVALUATION_BATCH, examples.size()));
            Node output = model.forward(Node.constant(batch.x())).detach();
            loss += objective.loss(output, batch).item() * batch.size();
            right += objective.right(output.value(), batch);
        }
        return new Score(loss / examples.size(), right / examples.size());
    }

    /** Returns the share of examples whose class the model reads rightly, 0 to 1. */
    public static double accuracy(Layer model, Dataset examples) {
        return (double) hits(predict(model, examples), examples.classes()) / examples.size();
    }

    /** Returns the class that the model gives each example: where its output [n, c] is largest. */
    public static int[] predict(Layer model, Dataset examples) {
        int[] classes = new int[examples.size()];
        for (int from = 0; from < classes.length; from += EVALUATION_BATCH) {
            Dataset batch = examples.batch(from, Math.min(from + EVALUATION_BATCH, classes.length));
            Tensor output = model.forward(Node.constant(batch.x())).value();
            if (output.shape().rank() != 2 || output.shape().dim(1) < 2) {
                throw new IllegalArgumentException("predict: the model's output " + output.shape()
                        + " has no scores [n, c] of two classes or more");
            }
            int[] read = output.argmax(1).toIntArray();
            System.arraycopy(read, 0, classes, from, read.length);
        }
        return classes;
    }

    private static int hits(int[] read, int[] right) {
        int hits = 0;
        for (int i = 0; i < read.length; i++) {
            hits += read[i] == right[i] ? 1 : 0;
        }
        return hits;
    }

    private static void requirePositive(String what, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("Trainer: the " + what + " " + n + " must be at least 1");
        }
    }
}
