package gradus.nn.view;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** Writes the curves as a PNG of 800 by 500 pixels. */
    public static void png(Path file, String title, String unit, Map<String, List<Double>> curves) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(chart(title, unit, curves), out, BitmapEncoder.BitmapFormat.PNG);
        }
    }

    /** Writes the curves as an SVG of 800 by 500 pixels. */
    public static void svg(Path file, String title, String unit, Map<String, List<Double>> curves) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            VectorGraphicsEncoder.saveVectorGraphic(
                    chart(title, unit, curves), out, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        }
    }

    private static XYChart chart(String title, String unit, Map<String, List<Double>> curves) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("epoch")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        curves.forEach((name, y) -> chart.addSeries(
                        name,
                        IntStream.rangeClosed(1, y.size()).asDoubleStream().toArray(),
                        toArray(y))
                .setMarker(SeriesMarkers.CIRCLE));
        return chart;
    }

    private static double[] toArray(List<Double> y) {
        return y.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
