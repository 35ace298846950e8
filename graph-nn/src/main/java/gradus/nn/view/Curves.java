package gradus.nn.view;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Draws named curves over the epochs 1, 2, 3 and so on into a file: {@link Pictures#curves} in one call. */
public final class Curves {
    private Curves() {}

    /**
     * Writes the curves as a PNG of 800 by 500 pixels.
     *
     * @param unit what the vertical axis counts
     * @param curves by the name that the legend shows; values that are not finite are gaps
     * @throws IllegalArgumentException if there is nothing to draw; no file is written then
     * @throws IOException if the file cannot be written; the message names it
     */
    public static void png(Path file, String title, String unit, Map<String, List<Double>> curves) throws IOException {
        Objects.requireNonNull(file, "Curves.png: file is null");
        picture(title, unit, curves).png(file);
    }

    /** Writes the curves as an SVG of 800 by 500 pixels, otherwise as {@link #png}. */
    public static void svg(Path file, String title, String unit, Map<String, List<Double>> curves) throws IOException {
        Objects.requireNonNull(file, "Curves.svg: file is null");
        picture(title, unit, curves).svg(file);
    }

    private static Plot picture(String title, String unit, Map<String, List<Double>> curves) {
        Objects.requireNonNull(title, "Curves: title is null");
        Objects.requireNonNull(unit, "Curves: unit is null");
        Objects.requireNonNull(curves, "Curves: curves is null");
        return Pictures.curves(curves).title(title).yLabel(unit);
    }
}
