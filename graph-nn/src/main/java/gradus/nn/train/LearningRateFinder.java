package gradus.nn.train;

import gradus.array.RandomStream;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The learning rate range test of L. Smith, Cyclical Learning Rates for Training Neural Networks, 2017: the rate grows from batch to batch,
 * exponentially, and the loss first falls and then diverges. In between is the rate to train with:
 *
 * <pre>{@code
 * LearningRateFinder.Result result = LearningRateFinder.of(model, Loss.crossEntropy(), new Adam(model.parameters())).run(train);
 * Pictures.learningRates(result).save(Path.of("rates.svg"));
 * result.suggestion()
 * }</pre>
 *
 * <p>Parameters, buffers, and the optimizer's state and learning rate are restored at the end, also after an exception. Defaults, those of
 * fastai's {@code lr_find}: rates from 1e-7 to 10 in 100 batches, of 32
 * examples, a smoothing of 0.98, and an end where the smoothed loss is over 4 times its lowest. Each method returns this object.
 */
public final class LearningRateFinder {
    private static final double DIVERGED = 4;

    private final Model model;
    private final Loss loss;
    private final Optimizer optimizer;
    private Forward forward;
    private double low = 1e-7;
    private double high = 10;
    private int batches = 100;
    private int batchSize = 32;
    private double smoothing = 0.98;
    private long seed;

    /**
     * The losses by learning rate.
     *
     * @param rates the learning rate of each step, in ascending order
     * @param losses the loss of each step's batch, before the step
     * @param smoothed their exponential moving average with bias correction, {@code m_i = s m_(i-1) + (1 - s) loss_i} and {@code m_i / (1 -
     *     s^i)}, for i from 1
     * @param diverged whether the test ended early, as the loss grew too large or was not finite; such a loss is not part of the lists
     */
    public record Result(List<Double> rates, List<Double> losses, List<Double> smoothed, boolean diverged) {
        /** Copies the lists. */
        public Result {
            rates = List.copyOf(Objects.requireNonNull(rates, "Result: rates is null"));
            losses = List.copyOf(Objects.requireNonNull(losses, "Result: losses is null"));
            smoothed = List.copyOf(Objects.requireNonNull(smoothed, "Result: smoothed is null"));
            if (rates.size() != losses.size() || rates.size() != smoothed.size()) {
                throw new IllegalArgumentException("Result: " + rates.size() + " rates, " + losses.size()
                        + " losses and " + smoothed.size() + " smoothed losses differ in number");
            }
        }

        /**
         * Returns the rate at which the smoothed loss falls most steeply by the logarithm of the rate, fastai's {@code steep} and PyTorch Lightning's rule: by central
         * differences, from a tenth of the steps on, as the average is of few losses before, up to the lowest smoothed loss.
         *
         * @throws IllegalStateException if the smoothed loss falls nowhere, or there are too few steps to tell
         */
        public double suggestion() {
            int to = lowestIndex();
            int best = -1;
            double steepest = 0;
            for (int i = Math.max(1, rates.size() / 10); i < to; i++) {
                double fall = smoothed.get(i - 1) - smoothed.get(i + 1);
                if (fall > steepest) {
                    steepest = fall;
                    best = i;
                }
            }
            if (best < 0) {
                throw new IllegalStateException("LearningRateFinder: the smoothed loss does not fall in " + rates.size()
                        + " steps" + (diverged ? ", after which it diverged; try lower rates" : "; try higher rates"));
            }
            return rates.get(best);
        }

        /**
         * Returns the rate with the lowest smoothed loss; a tenth of it is another common choice.
         *
         * @throws IllegalStateException if there is no step
         */
        public double lowest() {
            return rates.get(lowestIndex());
        }

        private int lowestIndex() {
            if (rates.isEmpty()) {
                throw new IllegalStateException("LearningRateFinder: there is no finite loss");
            }
            int lowest = 0;
            for (int i = 1; i < smoothed.size(); i++) {
                lowest = smoothed.get(i) < smoothed.get(lowest) ? i : lowest;
            }
            return lowest;
        }

        /** Returns a table of at most 20 of the steps, and the suggestion. */
        @Override
        public String toString() {
            StringBuilder out = new StringBuilder("learning rate        loss    smoothed\n");
            int every = Math.max(1, (rates.size() + 19) / 20);
            for (int i = 0; i < rates.size(); i += every) {
                out.append(String.format(
                        Locale.ROOT, "%13.3g  %10.5g  %10.5g%n", rates.get(i), losses.get(i), smoothed.get(i)));
            }
            out.append(diverged ? "diverged\n" : "");
            try {
                return out.append(String.format(Locale.ROOT, "suggestion: %.3g%n", suggestion()))
                        .toString();
            } catch (IllegalStateException e) {
                return out.append("no suggestion: ")
                        .append(e.getMessage())
                        .append('\n')
                        .toString();
            }
        }
    }

    private LearningRateFinder(Model model, Loss loss, Optimizer optimizer) {
        this.model = Objects.requireNonNull(model, "LearningRateFinder.of: model is null");
        this.loss = Objects.requireNonNull(loss, "LearningRateFinder.of: loss is null");
        this.optimizer = Objects.requireNonNull(optimizer, "LearningRateFinder.of: optimizer is null");
        this.forward = (batch, pass) -> model.forward(Node.constant(batch.x()), pass);
    }

    /** Returns a test of the rates of an optimizer, which has the model's parameters. */
    public static LearningRateFinder of(Model model, Loss loss, Optimizer optimizer) {
        return new LearningRateFinder(model, loss, optimizer);
    }

    /**
     * Sets the first and the last rate.
     *
     * @throws IllegalArgumentException if low is not positive, high not finite, or low not below high
     */
    public LearningRateFinder range(double low, double high) {
        if (!(low > 0 && low < high && Double.isFinite(high))) {
            throw new IllegalArgumentException("LearningRateFinder: the rates from " + low + " to " + high
                    + " are not an interval of positive numbers");
        }
        this.low = low;
        this.high = high;
        return this;
    }

    /**
     * Sets the number of batches, a step each; a data set of fewer is used again, in another order.
     *
     * @throws IllegalArgumentException if it is below 3
     */
    public LearningRateFinder batches(int n) {
        requireAtLeast("number of batches", n, 3);
        batches = n;
        return this;
    }

    /** Sets the number of examples of a batch. */
    public LearningRateFinder batchSize(int n) {
        requireAtLeast("batch size", n, 1);
        batchSize = n;
        return this;
    }

    /**
     * Sets the smoothing, from 0 for none.
     *
     * @throws IllegalArgumentException if it is not at least 0 and below 1
     */
    public LearningRateFinder smoothing(double s) {
        if (!(s >= 0 && s < 1)) {
            throw new IllegalArgumentException(
                    "LearningRateFinder: the smoothing " + s + " must be at least 0 and below 1");
        }
        smoothing = s;
        return this;
    }

    /** Sets the seed of the order of the examples and of the random draws of layers. */
    public LearningRateFinder seed(long s) {
        seed = s;
        return this;
    }

    /** Sets how the model computes its output for a batch, where that takes more than {@code batch.x()}. */
    public LearningRateFinder forward(Forward forward) {
        this.forward = Objects.requireNonNull(forward, "LearningRateFinder.forward: forward is null");
        return this;
    }

    private static void requireAtLeast(String what, int n, int least) {
        if (n < least) {
            throw new IllegalArgumentException(
                    "LearningRateFinder: the " + what + " " + n + " must be at least " + least);
        }
    }

    /**
     * Runs the test on random batches of a training set.
     *
     * @throws IllegalArgumentException if the examples do not fit the model or the loss
     */
    public Result run(Dataset train) {
        Objects.requireNonNull(train, "LearningRateFinder.run: train is null");
        Map<String, Tensor> modelState = new LinkedHashMap<>(model.state());
        Map<String, Tensor> optimizerState = optimizer.state();
        Map<Node, Tensor> parameters = new LinkedHashMap<>();
        optimizer.parameters().values().forEach(p -> parameters.put(p, p.value()));
        try {
            return steps(train);
        } finally {
            parameters.forEach(Node::assign);
            model.load(modelState);
            optimizer.load(optimizerState);
        }
    }

    private Result steps(Dataset train) {
        List<Double> rates = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        List<Double> smoothed = new ArrayList<>();
        double average = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int epoch = 1; rates.size() < batches; epoch++) {
            int[] order = RandomStream.of(seed, "epoch " + epoch).permutation(train.size());
            Dataset examples = train.forEpoch(epoch, order);
            int size;
            for (int from = 0; from < order.length && rates.size() < batches; from += size) {
                size = Trainer.nextBatch(order.length - from, batchSize);
                int step = rates.size();
                Batch batch =
                        Evaluation.converted(examples.at(Arrays.copyOfRange(order, from, from + size)), model.dtype());
                Pass pass = Pass.training(seed, step);
                Node cost = loss.of(Pass.duringTraining(() -> forward.of(batch, pass)), batch);
                double value = cost.item();
                average = smoothing * average + (1 - smoothing) * value;
                double corrected = average / (1 - Math.pow(smoothing, step + 1));
                if (!Double.isFinite(value) || corrected > DIVERGED * lowest) {
                    return new Result(rates, losses, smoothed, true);
                }
                lowest = Math.min(lowest, corrected);
                double rate = low * Math.pow(high / low, (double) step / (batches - 1));
                rates.add(rate);
                losses.add(value);
                smoothed.add(corrected);
                Gradients g = cost.backward();
                if (!isFinite(g)) {
                    return new Result(rates, losses, smoothed, true);
                }
                optimizer.learningRate(rate);
                optimizer.step(g);
            }
        }
        return new Result(rates, losses, smoothed, false);
    }

    private boolean isFinite(Gradients g) {
        return optimizer.parameters().values().stream()
                .allMatch(p -> !g.reached(p) || Finite.isFinite(g.of(p).value()));
    }
}
