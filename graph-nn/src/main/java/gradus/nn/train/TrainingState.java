package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.Model;
import gradus.nn.io.SafeTensors;
import gradus.nn.optim.AveragedWeights;
import gradus.nn.optim.Optimizer;
import gradus.nn.train.History.Epoch;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * What a training has done so far, and all that it needs to resume as if it had not been stopped, beside the settings: the
 * state of model and optimizer, the best state so far, the epochs and the number of steps. As a safetensors file: tensors
 * {@code model.PATH}, {@code optimizer.PATH.NAME}, {@code average.NAME}, {@code best.PATH}, {@code bestOptimizer.PATH.NAME} and
 * {@code bestAverage.NAME}; the rest as metadata, the settings as {@code setting.NAME}. Of an epoch that was not completed, it has
 * the number of examples, the sum of their losses, and the states of the metrics as tensors {@code metric.NAME}.
 */
final class TrainingState {
    private static final String FORMAT = "gradus training 5";
    private static final String MODEL = "model.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String BEST = "best.";
    private static final String BEST_OPTIMIZER = "bestOptimizer.";
    private static final String AVERAGE = "average.";
    private static final String BEST_AVERAGE = "bestAverage.";
    private static final String METRIC = "metric.";
    private static final String SETTING = "setting.";

    final List<Epoch> epochs = new ArrayList<>();
    long step;
    /** The number of batches, of which several may make a step. */
    long batches;
    /** The part of the epoch that was trained before it was paused; null at the start of an epoch. */
    Score paused;
    /** The number of examples of that epoch. */
    int pausedOf;

    boolean stopped;
    Epoch best;
    /** The number of epochs without progress since the best, or since it started again. */
    int waited;
    /** The model's state after the best epoch; empty unless early stopping is to restore it. */
    Map<String, Tensor> bestState = Map.of();
    /** The optimizer's state then; empty also if the optimizer was replaced since. */
    Map<String, Tensor> bestOptimizer = Map.of();

    /** The average's state then; empty without one. */
    private Map<String, Tensor> bestAverage = Map.of();

    private long bestStep;
    private long bestBatches;
    /** The optimizer's learning rate before the first step. */
    double initialRate;
    /** The model's state after the last epoch; empty while it is trained, and after an exception. */
    Map<String, Tensor> last = Map.of();
    /** The model's state as it was left to the user; empty before. */
    private Map<String, Tensor> left = Map.of();

    void forgetBest() {
        best = null;
        bestState = Map.of();
        bestOptimizer = Map.of();
        bestAverage = Map.of();
        waited = 0;
    }

    /** Keeps the present state as that of the best epoch; where weights are averaged, the model's is the average. */
    void keepBest(Model model, Optimizer optimizer, AveragedWeights average) {
        boolean averaged = average != null && average.updates() > 0;
        bestState = averaged ? average.use(model::state) : model.state();
        bestAverage = average == null ? Map.of() : average.state();
        bestOptimizer = optimizer.state();
        bestStep = step;
        bestBatches = batches;
    }

    /**
     * Puts the best state into the model, if there is one: the end of a call of {@code fit}. After an exception optimizer and
     * average get theirs too; otherwise they keep the last, from which the next call goes on.
     */
    void restoreBest(Model model, Optimizer optimizer, AveragedWeights average) {
        if (!bestState.isEmpty()) {
            model.load(bestState);
        }
        if (last.isEmpty() && !bestOptimizer.isEmpty()) {
            optimizer.load(bestOptimizer);
            if (average != null && !bestAverage.isEmpty()) {
                average.load(bestAverage);
            }
            step = bestStep;
            batches = bestBatches;
        }
        left = model.state();
    }

    /** Puts the state after the last epoch into the model again, unless it was changed since: the start of the next call. */
    void resume(Model model) {
        if (!model.state().equals(left)) {
            forgetBest();
        } else if (!last.isEmpty()) {
            model.load(last);
        }
        last = Map.of();
        if (stopped) {
            stopped = false;
            waited = 0;
        }
    }

    /** Writes a file; a crash leaves an old one whole. */
    void save(Path file, Model model, Optimizer optimizer, AveragedWeights average, Map<String, String> settings)
            throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        put(MODEL, model.state(), tensors);
        put(OPTIMIZER, optimizer.state(), tensors);
        put(AVERAGE, average == null ? Map.of() : average.state(), tensors);
        put(BEST, bestState, tensors);
        put(BEST_OPTIMIZER, bestOptimizer, tensors);
        put(BEST_AVERAGE, bestAverage, tensors);
        if (paused != null) {
            paused.states().forEach((name, state) -> tensors.put(METRIC + name, Tensor.of(state)));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        put(SETTING, settings, metadata);
        metadata.put("format", FORMAT);
        metadata.put("step", Long.toString(step));
        metadata.put("batches", Long.toString(batches));
        metadata.put("bestStep", Long.toString(bestStep));
        metadata.put("bestBatches", Long.toString(bestBatches));
        metadata.put("examples", Integer.toString(paused == null ? 0 : paused.count()));
        metadata.put("losses", Double.toString(paused == null ? 0 : paused.sum()));
        metadata.put("lossWeights", Double.toString(paused == null ? 0 : paused.weight()));
        metadata.put("stopped", Boolean.toString(stopped));
        metadata.put("best", Integer.toString(best == null ? 0 : best.number()));
        metadata.put("waited", Integer.toString(waited));
        StringBuilder lines = new StringBuilder();
        epochs.forEach(e -> lines.append(line(e)).append('\n'));
        metadata.put("epochs", lines.toString());
        SafeTensors.write(file, tensors, metadata);
    }

    /**
     * Reads a file and puts the model, the optimizer and the average of a trainer into its state.
     *
     * @param settings which must be those that the file was written with, by the number of steps that were taken
     * @throws IOException if the file is damaged, not of a training, or of another model, optimizer or settings; nothing is
     *     changed then
     */
    static TrainingState load(Trainer trainer, int examples, LongFunction<Map<String, String>> settings)
            throws IOException {
        Path file = trainer.file;
        SafeTensors.Contents contents = SafeTensors.read(file);
        Map<String, String> metadata = contents.metadata();
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new IOException(file + " is not a checkpoint of a training: its format is " + metadata.get("format"));
        }
        try {
            TrainingState s = of(metadata, trainer.metrics, part(METRIC, contents.tensors()), examples);
            Map<String, Tensor> before = trainer.model.state();
            requireSameModel(part(MODEL, contents.tensors()), before);
            requireSame(part(SETTING, metadata), settings.apply(s.step));
            s.bestState = part(BEST, contents.tensors());
            s.bestOptimizer = part(BEST_OPTIMIZER, contents.tensors());
            s.bestAverage = part(BEST_AVERAGE, contents.tensors());
            Map<String, Tensor> optimizerBefore = trainer.optimizer.state();
            trainer.model.load(part(MODEL, contents.tensors()));
            try {
                trainer.optimizer.load(part(OPTIMIZER, contents.tensors()));
                if (trainer.average != null) {
                    trainer.average.load(part(AVERAGE, contents.tensors()));
                }
            } catch (IllegalArgumentException e) {
                trainer.model.load(before);
                trainer.optimizer.load(optimizerBefore);
                throw e;
            }
            return s;
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NoSuchElementException e) {
            throw new IOException(file + ": training cannot be resumed from it: " + e.getMessage(), e);
        }
    }

    /** Refuses the state of another architecture, with the paths, number types and shapes that differ. */
    private static void requireSameModel(Map<String, Tensor> written, Map<String, Tensor> now) {
        List<String> wrong = new ArrayList<>();
        written.forEach((path, t) -> {
            if (!now.containsKey(path)) {
                wrong.add(path + " " + t.shape() + " is not in the model");
            }
        });
        now.forEach((path, t) -> {
            Tensor w = written.get(path);
            if (w == null) {
                wrong.add(path + " " + t.shape() + " is not in the file");
            } else if (!w.shape().equals(t.shape()) || w.dtype() != t.dtype()) {
                wrong.add(path + " is " + w.dtype() + " " + w.shape() + ", the model's is " + t.dtype() + " "
                        + t.shape());
            }
        });
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("it is of another model: " + String.join("; ", wrong));
        }
    }

    private static TrainingState of(
            Map<String, String> metadata, Map<String, Metric> metrics, Map<String, Tensor> states, int examples) {
        TrainingState s = new TrainingState();
        required("epochs", metadata).lines().map(TrainingState::epoch).forEach(s.epochs::add);
        s.step = Long.parseLong(required("step", metadata));
        s.bestStep = Long.parseLong(required("bestStep", metadata));
        s.stopped = Boolean.parseBoolean(required("stopped", metadata));
        s.waited = Integer.parseInt(required("waited", metadata));
        s.batches = Long.parseLong(required("batches", metadata));
        s.bestBatches = Long.parseLong(required("bestBatches", metadata));
        int best = Integer.parseInt(required("best", metadata));
        s.best = best == 0 && s.epochs.isEmpty()
                ? null
                : s.epochs.stream().filter(e -> e.number() == best).findFirst().orElseThrow();
        int done = Integer.parseInt(required("examples", metadata));
        if (done < 0 || done >= examples) {
            throw new IllegalArgumentException(done + " examples of an epoch of " + examples + " were trained");
        }
        if (done > 0) {
            Map<String, double[]> numbers = new LinkedHashMap<>();
            states.forEach((name, t) -> numbers.put(name, t.toDoubleArray()));
            double sum = Double.parseDouble(required("losses", metadata));
            double weight = Double.parseDouble(required("lossWeights", metadata));
            s.paused = new Score(metrics, sum, weight, done, numbers);
            s.pausedOf = examples;
        }
        return s;
    }

    private static String required(String key, Map<String, String> metadata) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("there is no " + key);
        }
        return value;
    }

    /** Refuses settings that differ, and names all that do. */
    private static void requireSame(Map<String, String> written, Map<String, String> now) {
        Set<String> names = new LinkedHashSet<>(now.keySet());
        names.addAll(written.keySet());
        names.removeIf(name -> Objects.equals(written.get(name), now.get(name)));
        if (!names.isEmpty()) {
            throw new IllegalArgumentException(names.stream()
                    .map(name -> name + " was " + written.getOrDefault(name, "not set") + " and is "
                            + now.getOrDefault(name, "not set"))
                    .collect(Collectors.joining("; ")));
        }
    }

    private static <T> void put(String prefix, Map<String, T> part, Map<String, T> all) {
        part.forEach((name, value) -> all.put(prefix + name, value));
    }

    private static <T> Map<String, T> part(String prefix, Map<String, T> all) {
        Map<String, T> part = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), value);
            }
        });
        return part;
    }

    /** Returns an epoch as {@code number trainLoss validationLoss}, then {@code train:NAME=VALUE} and the like. */
    private static String line(Epoch e) {
        StringBuilder s = new StringBuilder();
        s.append(e.number()).append(' ').append(e.trainLoss()).append(' ').append(e.validationLoss());
        e.trainMetrics()
                .forEach((name, v) ->
                        s.append(" train:").append(encode(name)).append('=').append(v));
        e.validationMetrics().forEach((name, v) -> s.append(" validation:")
                .append(encode(name))
                .append('=')
                .append(v));
        return s.toString();
    }

    private static Epoch epoch(String line) {
        String[] words = line.split(" ", -1);
        Map<String, Double> train = new LinkedHashMap<>();
        Map<String, Double> validation = new LinkedHashMap<>();
        for (int i = 3; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            int equals = words[i].indexOf('=');
            String name = URLDecoder.decode(words[i].substring(colon + 1, equals), StandardCharsets.UTF_8);
            (words[i].startsWith("train:") ? train : validation)
                    .put(name, Double.parseDouble(words[i].substring(equals + 1)));
        }
        return new Epoch(
                Integer.parseInt(words[0]),
                Double.parseDouble(words[1]),
                Double.parseDouble(words[2]),
                train,
                validation);
    }

    private static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
