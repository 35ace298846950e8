package gradus.nn.view;

import gradus.nn.io.AtomicFile;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws named curves over the epochs 1, 2, 3 and so on into a file. */
public final class Curves {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;

    private Curves() {}

    /**
     * Writes the curves as a PNG of 800 by 500 pixels.
     *
     * @param unit what the vertical axis counts
     * @param curves by the name that the legend shows; values that are not finite are left out
     * @throws IllegalArgumentException if there is nothing to draw; no file is written then
     */
    public static void png(Path file, String title, String unit, Map<String, List<Double>> curves) throws IOException {
        Objects.requireNonNull(file, "Curves.png: file is null");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BitmapEncoder.saveBitmap(chart(title, unit, curves), out, BitmapEncoder.BitmapFormat.PNG);
        AtomicFile.write(file, out.toByteArray());
    }

    /** Writes the curves as an SVG of 800 by 500 pixels, otherwise as {@link #png}. */
    public static void svg(Path file, String title, String unit, Map<String, List<Double>> curves) throws IOException {
        Objects.requireNonNull(file, "Curves.svg: file is null");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(
                chart(title, unit, curves), out, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        AtomicFile.write(file, out.toByteArray());
    }

    private static XYChart chart(String title, String unit, Map<String, List<Double>> curves) {
        Objects.requireNonNull(title, "Curves: title is null");
        Objects.requireNonNull(unit, "Curves: unit is null");
        Objects.requireNonNull(curves, "Curves: curves is null");
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("epoch")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        curves.forEach((name, y) -> {
            int[] finite = IntStream.range(0, y.size())
                    .filter(i -> Double.isFinite(y.get(i)))
                    .toArray();
            if (finite.length > 0) {
                double[] epochs = Arrays.stream(finite).mapToDouble(i -> i + 1).toArray();
                double[] values = Arrays.stream(finite).mapToDouble(y::get).toArray();
                chart.addSeries(name, epochs, values).setMarker(SeriesMarkers.CIRCLE);
            }
        });
        if (chart.getSeriesMap().isEmpty()) {
            throw new IllegalArgumentException("Curves: nothing to draw in " + curves.keySet());
        }
        return chart;
    }
}
