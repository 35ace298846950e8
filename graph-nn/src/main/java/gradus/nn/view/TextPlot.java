package gradus.nn.view;

import java.util.Objects;

/** Draws curves with characters, for terminals: {@link Pictures#plot} in one call. */
public final class TextPlot {
    private TextPlot() {}

    /**
     * Returns the drawing of what {@link Pictures#plot} takes, 72 columns wide: one curve with the dots of Braille characters,
     * several with a letter each.
     *
     * @throws IllegalArgumentException as {@link Pictures#plot}
     */
    public static String of(Object curves) {
        Objects.requireNonNull(curves, "TextPlot: curves is null");
        return Pictures.plot(curves).toString();
    }

    /**
     * Returns the drawing in another width.
     *
     * @throws IllegalArgumentException as {@link Pictures#plot}, or if there are fewer than 20 columns
     */
    public static String of(Object curves, int columns) {
        Objects.requireNonNull(curves, "TextPlot: curves is null");
        return Pictures.plot(curves).text(columns);
    }
}
