package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.Model;
import gradus.nn.io.SafeTensors;
import gradus.nn.optim.Optimizer;
import gradus.nn.train.History.Epoch;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * All that a training needs to go on as if it had not been stopped, beside the settings: the state of model and optimizer,
 * the best state so far, the epochs and the number of steps. As a safetensors file: tensors {@code model.PATH}, {@code
 * optimizer.PATH.NAME} and {@code best.PATH}; the rest as metadata.
 */
final class TrainingState {
    private static final String FORMAT = "gradus training 1";
    private static final String MODEL = "model.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String BEST = "best.";

    final List<Epoch> epochs = new ArrayList<>();
    long step;
    boolean stopped;
    Epoch best;
    /** The model's state after the best epoch; empty unless early stopping is to restore it. */
    Map<String, Tensor> bestState = Map.of();

    /** Writes a file; a crash leaves an old one whole. */
    void save(Path file, Model model, Optimizer optimizer, Map<String, String> settings) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        model.state().forEach((path, t) -> tensors.put(MODEL + path, t));
        optimizer.state().forEach((name, t) -> tensors.put(OPTIMIZER + name, t));
        bestState.forEach((path, t) -> tensors.put(BEST + path, t));
        Map<String, String> metadata = new LinkedHashMap<>(settings);
        metadata.put("format", FORMAT);
        metadata.put("step", Long.toString(step));
        metadata.put("stopped", Boolean.toString(stopped));
        metadata.put("best", Integer.toString(best.number()));
        metadata.put("learningRate", Double.toString(optimizer.learningRate()));
        StringBuilder lines = new StringBuilder();
        epochs.forEach(e -> lines.append(line(e)).append('\n'));
        metadata.put("epochs", lines.toString());
        SafeTensors.write(file, tensors, metadata);
    }

    /**
     * Reads a file and puts model and optimizer into its state.
     *
     * @param settings which must be those that the file was written with
     * @throws IOException if the file is damaged, not of a training, or of another model, optimizer or settings
     */
    static TrainingState load(Path file, Model model, Optimizer optimizer, Map<String, String> settings)
            throws IOException {
        SafeTensors.Contents contents = SafeTensors.read(file);
        Map<String, String> metadata = contents.metadata();
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new IOException(file + " is no checkpoint of a training: its format is " + metadata.get("format"));
        }
        for (Map.Entry<String, String> e : settings.entrySet()) {
            if (!e.getValue().equals(metadata.get(e.getKey()))) {
                throw new IOException(file + " was written with " + e.getKey() + " " + metadata.get(e.getKey())
                        + ", not " + e.getValue() + "; training would not go on as it began");
            }
        }
        try {
            TrainingState s = new TrainingState();
            metadata.get("epochs").lines().map(TrainingState::epoch).forEach(s.epochs::add);
            s.step = Long.parseLong(metadata.get("step"));
            s.stopped = Boolean.parseBoolean(metadata.get("stopped"));
            int best = Integer.parseInt(metadata.get("best"));
            s.best = s.epochs.stream()
                    .filter(e -> e.number() == best)
                    .findFirst()
                    .orElseThrow();
            s.bestState = part(contents.tensors(), BEST);
            double learningRate = Double.parseDouble(metadata.get("learningRate"));
            Map<String, Tensor> before = model.state();
            model.load(part(contents.tensors(), MODEL));
            try {
                optimizer.load(part(contents.tensors(), OPTIMIZER));
            } catch (IllegalArgumentException e) {
                model.load(before);
                throw e;
            }
            optimizer.learningRate(learningRate);
            return s;
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | NoSuchElementException
                | NullPointerException e) {
            throw new IOException(file + ": training cannot go on from it: " + e.getMessage(), e);
        }
    }

    private static Map<String, Tensor> part(Map<String, Tensor> all, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        all.forEach((name, t) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), t);
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
