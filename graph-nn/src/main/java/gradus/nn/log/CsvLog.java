package gradus.nn.log;

import gradus.nn.io.AtomicFile;
import gradus.nn.train.Callback;
import gradus.nn.train.History.Epoch;
import gradus.nn.train.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Appends a row to a CSV file after each epoch: {@code epoch, step, learning rate, loss}, the training metrics, and with a validation
 * set {@code validation loss} and its metrics. Numbers are written in full; what is not a number is an empty cell.
 *
 * <p>A training that resumes goes on with the file: rows of the epochs that it trains again, and a row that was not completed, are
 * replaced. So a training from the first epoch on starts the file anew.
 */
public final class CsvLog implements Callback {
    private final Path file;
    private boolean started;

    /** Returns a log in a file, which is made with the first row. */
    public CsvLog(Path file) {
        this.file = Objects.requireNonNull(file, "CsvLog: file is null");
    }

    /**
     * Appends the row of the epoch.
     *
     * @throws UncheckedIOException if the file cannot be read or written, or is of other columns; it names it
     */
    @Override
    public void onEpoch(Progress p) {
        try {
            if (!started) {
                start(header(p.epoch()), p.epoch().number());
                started = true;
            }
            append(row(p) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("CsvLog: " + e.getMessage(), e);
        }
    }

    private void append(String line) throws IOException {
        try {
            Files.writeString(file, line, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Keeps the complete rows of the epochs before this one, and replaces the file at once. */
    private void start(String header, int epoch) throws IOException {
        List<String> lines = new ArrayList<>(List.of(header));
        if (Files.exists(file)) {
            String text = read();
            List<String> old =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            if (epoch > 1 && !old.isEmpty() && !old.get(0).equals(header)) {
                throw new IOException(file + " cannot be written: its columns are " + old.get(0)
                        + ", those of the training " + header);
            }
            old.stream().skip(1).filter(line -> number(line) < epoch).forEach(lines::add);
        }
        AtomicFile.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String read() throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " cannot be written: what is there is no log, as it is not UTF-8", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns the epoch of a row; no epoch is larger than that of a row of something else. */
    private static int number(String line) {
        try {
            return Integer.parseInt(line.substring(0, Math.max(0, line.indexOf(','))));
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }

    private static String header(Epoch e) {
        Stream<String> names =
                Stream.concat(Stream.of("epoch", "step", "learning rate", "loss"), e.trainMetrics().keySet().stream());
        if (isValidated(e)) {
            names = Stream.concat(
                    names,
                    Stream.concat(Stream.of("loss"), e.validationMetrics().keySet().stream())
                            .map(name -> "validation " + name));
        }
        return names.map(CsvLog::quoted).collect(Collectors.joining(","));
    }

    private static String row(Progress p) {
        Epoch e = p.epoch();
        List<Double> values = new ArrayList<>(List.of(p.optimizer().learningRate(), e.trainLoss()));
        values.addAll(e.trainMetrics().values());
        if (isValidated(e)) {
            values.add(e.validationLoss());
            values.addAll(e.validationMetrics().values());
        }
        return e.number() + "," + p.step() + ","
                + values.stream().map(v -> Double.isNaN(v) ? "" : v.toString()).collect(Collectors.joining(","));
    }

    private static boolean isValidated(Epoch e) {
        return !Double.isNaN(e.validationLoss());
    }

    /** Returns a cell by RFC 4180. A line break would make two lines of the header, and is a space. */
    private static String quoted(String name) {
        String line = name.replaceAll("[\r\n]+", " ");
        return line.matches("[^\",]*") ? line : "\"" + line.replace("\"", "\"\"") + "\"";
    }
}
