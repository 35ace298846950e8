package gradus.nn.log;

import gradus.nn.train.Callback;
import gradus.nn.train.History.Epoch;
import gradus.nn.train.Progress;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Prints a line for each epoch as it ends, and in a terminal a bar within the epoch: {@code trainer.callback(new ProgressBar())}. It is
 * plain ASCII of the width of the terminal, in which a longer line goes on in the next one, and has the same digits in all locales.
 *
 * <pre>
 * epoch  3/12  loss 0.2911  accuracy 0.9154  validation loss 0.3120  accuracy 0.9081
 * epoch  4/12 [=============&gt;                  ]  43%  loss 0.2701
 * </pre>
 */
public final class ProgressBar implements Callback {
    private static final int WIDTH = 80;
    /** The narrowest bar that is drawn, with its brackets. */
    private static final int NARROWEST = 8;

    private static final String INDENT = "  ";

    private final PrintStream out;
    private final boolean terminal;
    private final int width;
    private String shown = "";

    /**
     * Returns one for standard error, with a bar if it is run in a terminal. The width is that of the environment variable
     * {@code COLUMNS}, or 80.
     */
    public ProgressBar() {
        this(System.err, isTerminal(), columns(System.getenv("COLUMNS")));
    }

    /**
     * Returns one for another output.
     *
     * @param terminal whether there is a bar, which is drawn over itself with a carriage return
     * @param width the number of characters of a line of the terminal
     * @throws IllegalArgumentException if the width is below 20
     */
    public ProgressBar(PrintStream out, boolean terminal, int width) {
        this.out = Objects.requireNonNull(out, "ProgressBar: out is null");
        if (width < 20) {
            throw new IllegalArgumentException("ProgressBar: the width " + width + " must be at least 20");
        }
        this.terminal = terminal;
        this.width = width;
    }

    private static int columns(String value) {
        try {
            return value == null ? WIDTH : Math.max(20, Integer.parseInt(value));
        } catch (NumberFormatException e) {
            return WIDTH;
        }
    }

    @SuppressWarnings(
            "SystemConsoleNull") // since Java 22 there is a console without a terminal, which isTerminal tells
    private static boolean isTerminal() {
        if (System.console() == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    @Override
    public void onBatch(Progress p) {
        if (terminal) {
            show(bar(p));
        }
    }

    @Override
    public void onEpoch(Progress p) {
        Epoch e = p.epoch();
        List<String> parts = new ArrayList<>();
        parts.add(part("loss", e.trainLoss()));
        e.trainMetrics().forEach((name, v) -> parts.add(part(name, v)));
        if (!Double.isNaN(e.validationLoss())) {
            parts.add(part("validation loss", e.validationLoss()));
            e.validationMetrics().forEach((name, v) -> parts.add(part(name, v)));
        }
        String title = title(e.number(), p);
        if (terminal) {
            show("");
        }
        out.println(terminal ? wrapped(title, parts) : title + String.join("", parts));
        out.flush();
        shown = "";
    }

    /** Returns lines that are narrower than the terminal, as far as their parts are; those after the first are indented. */
    private String wrapped(String title, List<String> parts) {
        StringBuilder all = new StringBuilder(title);
        int length = title.length();
        for (String part : parts) {
            if (length + part.length() >= width) {
                all.append(System.lineSeparator()).append(INDENT);
                length = INDENT.length();
            }
            all.append(part);
            length += part.length();
        }
        return all.toString();
    }

    private String bar(Progress p) {
        int percent = (int) (100L * p.examplesDone() / p.examples());
        String before = title(p.epochs().size() + 1, p);
        StringBuilder after = new StringBuilder(String.format(Locale.ROOT, " %3d%%", percent));
        after.append(part("loss", p.batchLoss()));
        int room = width - 1 - before.length() - after.length() - 1;
        if (room < NARROWEST) {
            return cut(before + after);
        }
        int length = room - 2;
        int full = (int) ((long) length * p.examplesDone() / p.examples());
        String head = full < length ? ">" : "";
        String rest = " ".repeat(Math.max(0, length - full - head.length()));
        return before + " [" + "=".repeat(full) + head + rest + "]" + after;
    }

    private String cut(String line) {
        return line.length() < width ? line : line.substring(0, width - 1);
    }

    private static String title(int epoch, Progress p) {
        String last = p.lastEpoch() == Long.MAX_VALUE ? "" : Long.toString(p.lastEpoch());
        String number = last.isEmpty()
                ? Integer.toString(epoch)
                : " ".repeat(Math.max(0, last.length() - Integer.toString(epoch).length())) + epoch + "/" + last;
        return "epoch " + number;
    }

    private static String part(String name, double value) {
        return String.format(Locale.ROOT, "  %s %.4g", name.replaceAll("[^ -~]", "?"), value);
    }

    /** Draws a line over the one that is shown. */
    private void show(String line) {
        if (!line.equals(shown)) {
            String blank = " ".repeat(Math.max(0, shown.length() - line.length()));
            out.print("\r" + line + blank + (line.isEmpty() ? "\r" : ""));
            out.flush();
            shown = line;
        }
    }
}
