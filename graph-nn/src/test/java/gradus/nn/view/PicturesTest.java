package gradus.nn.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Every kind of picture: as PNG, as SVG and as text. */
class PicturesTest {
    private static final RandomStream RANDOM = RandomStream.of(1, "pictures");
    private static final Dataset MOONS = Synthetic.moons(200, 0.1, 1);
    private static final Layer ABOVE = x -> x.matmul(Node.constant(new double[][] {{0}, {1}}));
    private static final double[] RISING =
            DoubleStream.iterate(1, i -> i + 1).limit(30).toArray();

    static Stream<Arguments> pictures() {
        Map<String, Object> curves = new LinkedHashMap<>();
        curves.put("list", List.of(3, 2.5, 2));
        curves.put("array", new double[] {1, Double.NaN, 2, 3});
        curves.put("tensor", Tensor.of(2, 3, 4, 5));
        curves.put("a < b & c", Node.constant(Tensor.of(1, 2)));
        Map<String, Object> layers = new LinkedHashMap<>();
        layers.put("layer 1", Tensor.normal(Shape.of(50, 10), 0, 1, RANDOM));
        layers.put("layer 2", Tensor.normal(Shape.of(50, 10), 0, 0.1, RANDOM));
        Tensor images = Tensor.uniform(Shape.of(12, 1, 14, 14), 0, 1, RANDOM);
        List<String> tokens = List.of("the", "animal", "was", "tired");
        Tensor attention = Tensor.normal(Shape.of(4, 4), 0, 2, RANDOM).softmax(-1);
        double[] rates = Arrays.stream(RISING).map(v -> Math.pow(10, -v / 5)).toArray();
        LossLandscape.Grid grid = bowl();
        return Stream.of(
                row(
                        Pictures.curves(curves).title("Curves").yLabel("loss"),
                        "Curves",
                        "loss",
                        "epoch",
                        "tensor",
                        "a < b & c"),
                row(Pictures.plot(rates).logY(), "0.1"),
                row(Pictures.learningRates(rates, RISING), "learning rate", "1e-5", "lowest: 1 at 0.631"),
                row(Pictures.scatter("decay", rates, RISING).logX(), "decay", "score", "1e-5"),
                row(Pictures.histogram(layers.get("layer 1")).title("Weights"), "Weights", "count", "mean"),
                row(Pictures.histograms(layers), "layer 1", "layer 2", "std"),
                row(
                        Pictures.confusion(new int[][] {{8, 2}, {0, 5}}, List.of("cat", "dog")),
                        "cat",
                        "dog",
                        "actual",
                        "predicted",
                        "8",
                        "80.0%",
                        "100%"),
                row(
                        Pictures.roc(new double[] {0.1, 0.9, 0.8}, new int[] {0, 1, 0}),
                        "area under the curve 1",
                        "false positive rate"),
                row(Pictures.boundary(ABOVE, MOONS), "class 0", "class 1", "x1"),
                row(Pictures.function(Math::sin, -3, 3).points("data", List.of(0, 1), List.of(0, 1)), "data", "f(x)"),
                row(
                        Pictures.fit(x -> x.mul(2), Dataset.of(Tensor.of(new double[][] {{1}, {2}}), Tensor.of(2, 4))),
                        "model",
                        "examples"),
                row(Pictures.images(images).title("Digits"), "Digits"),
                row(Pictures.images(images.slice(0, 0, 2), List.of("actual 3", "actual 5")), "actual 3", "actual 5"),
                row(
                        Pictures.images(Tensor.uniform(Shape.of(2, 3, 8, 8), 0, 1, RANDOM))
                                .title("Colours"),
                        "Colours"),
                row(Pictures.filters(Tensor.normal(Shape.of(4, 2, 3, 3), 0, 1, RANDOM)), "Filters"),
                row(Pictures.featureMaps(images.reshape(1, 12, 14, 14)), "Feature maps"),
                row(Pictures.attention(attention, tokens, tokens), "animal", "query", "key"),
                row(Pictures.attention(attention.reshape(1, 4, 4), tokens, tokens), "head 0", "tired"),
                row(grid.contour(), "Loss along two random directions", "a", "b"),
                row(grid.surface(), "Loss along two random directions", "a", "b"),
                row(Pictures.panels(2, Pictures.plot(RISING), grid.contour().title("Bowl")), "Bowl"));
    }

    private static Arguments row(Picture picture, String... texts) {
        return Arguments.of(picture, List.of(texts));
    }

    static LossLandscape.Grid bowl() {
        double[] steps = IntStream.rangeClosed(-5, 5).mapToDouble(i -> i / 5.0).toArray();
        double[][] loss = Arrays.stream(steps)
                .mapToObj(b ->
                        Arrays.stream(steps).map(a -> 0.1 + a * a + 2 * b * b).toArray())
                .toArray(double[][]::new);
        return new LossLandscape.Grid(steps, steps, loss);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void a_picture_has_its_size_its_texts_and_ink(Picture picture, List<String> texts, @TempDir Path directory)
            throws Exception {
        picture.png(directory.resolve("p.png"));
        BufferedImage image = ImageIO.read(directory.resolve("p.png").toFile());
        assertEquals(picture.width(), image.getWidth());
        assertEquals(picture.height(), image.getHeight());
        assertTrue(ink(image) > 0.01, "blank: " + ink(image));
        assertTrue(borderIsWhite(image), "something touches the border");

        String svg = picture.svg();
        assertTrue(svg.length() < 60_000, svg.length() + " bytes");
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        Set<String> written = new HashSet<>();
        NodeList nodes = document.getElementsByTagName("text");
        for (int i = 0; i < nodes.getLength(); i++) {
            written.add(nodes.item(i).getTextContent());
        }
        for (String text : texts) {
            assertTrue(
                    written.stream().anyMatch(w -> w.equals(text) || (text.length() > 2 && w.contains(text))),
                    text + " is not in " + written);
        }
        assertTrue(picture.text(60).lines().count() > 1);
    }

    /** Returns the share of pixels that are not white. */
    private static double ink(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return (double) Arrays.stream(pixels)
                        .filter(p -> (p & 0xffffff) != 0xffffff)
                        .count()
                / pixels.length;
    }

    private static boolean borderIsWhite(BufferedImage image) {
        int w = image.getWidth() - 1;
        int h = image.getHeight() - 1;
        return IntStream.rangeClosed(0, w)
                        .allMatch(x -> (image.getRGB(x, 0) & image.getRGB(x, h) & 0xffffff) == 0xffffff)
                && IntStream.rangeClosed(0, h)
                        .allMatch(y -> (image.getRGB(0, y) & image.getRGB(w, y) & 0xffffff) == 0xffffff);
    }

    // ---- numbers

    @Test
    void the_points_and_the_area_of_a_roc_curve() {
        // scores .9 (1), .8 (0), .8 (1), .3 (0): two of equal score are taken in together; area = 1/2 * ... by hand
        // 0.875
        Plot roc = Pictures.roc(new double[] {0.3, 0.9, 0.8, 0.8}, new double[] {0, 1, 1, 0});
        assertArrayEquals(new double[] {0, 0, 0.5, 1}, roc.series.get(0).x(), 0);
        assertArrayEquals(new double[] {0, 0.5, 1, 1}, roc.series.get(0).y(), 0);
        assertEquals("area under the curve 0.875", roc.series.get(0).name());
    }

    @Test
    void every_number_is_in_a_bin_of_the_histogram() {
        double[] values = DoubleStream.concat(Arrays.stream(RISING), DoubleStream.of(Double.NaN))
                .toArray();
        Series bars = Pictures.histogram(values).series.get(0);
        assertEquals(30, Arrays.stream(bars.y()).sum(), 0);
        assertEquals(1, bars.x()[0], 0);
        assertEquals(30, bars.x()[40], 0);
        assertEquals("mean 15.5, std 8.655, 1 not finite", bars.name());
        assertEquals(
                5,
                Arrays.stream(Pictures.histogram(new int[] {2, 2, 2, 2, 2})
                                .series
                                .get(0)
                                .y())
                        .max()
                        .orElseThrow());
    }

    @Test
    void a_boundary_lies_where_the_classes_change() {
        BufferedImage image = Pictures.boundary(ABOVE, MOONS).background.image();
        double[] range = Pictures.boundary(ABOVE, MOONS).background.range();
        int zero = (int) (image.getHeight() * range[3] / (range[3] - range[2])); // the row of x2 = 0
        assertEquals(Colors.tint(1), image.getRGB(10, zero - 2) & 0xffffff);
        assertEquals(Colors.tint(0), image.getRGB(10, zero + 2) & 0xffffff);
    }

    @Test
    void a_pixel_of_an_image_keeps_its_value(@TempDir Path directory) throws IOException {
        Tensor image = Tensor.of(Shape.of(1, 3, 1, 2), 1, 0, 0, 0, 0, 0.2);
        Pictures.images(image).size(300, 200).png(directory.resolve("p.png"));
        BufferedImage png = ImageIO.read(directory.resolve("p.png").toFile());
        assertEquals(0xff0000, png.getRGB(80, 100) & 0xffffff);
        assertEquals(0x000033, png.getRGB(220, 100) & 0xffffff);
    }

    @Test
    void ticks_are_round_numbers_in_range() {
        assertEquals(List.of("0", "0.5", "1.0", "1.5", "2.0"), labels(new Axis(0, 2, false, false, 0), 4));
        assertEquals(List.of("1e-6", "1e-4", "0.01", "1"), labels(new Axis(1e-6, 1, true, false, 0), 4));
        assertEquals(List.of("0.1", "0.2", "0.5", "1"), labels(new Axis(0.1, 1, true, false, 0), 6));
        assertEquals(List.of("1", "2", "3"), labels(new Axis(1, 3, false, true, 0), 8));
        assertEquals(List.of("1e6", "1.5e6", "2e6"), labels(new Axis(1e6, 2e6, false, false, 0), 3));
        assertTrue(labels(new Axis(5, 5, false, false, 0.05), 4).size() >= 2);
        assertTrue(labels(new Axis(-1.7e308, 1.7e308, false, false, 0), 4).size() >= 2);
    }

    private static List<String> labels(Axis axis, int most) {
        return axis.ticks(most).stream().map(Axis.Tick::label).toList();
    }

    @Test
    void a_long_curve_makes_a_small_file() {
        double[] y = IntStream.range(0, 100_000)
                .mapToDouble(i -> RANDOM.nextGaussian())
                .toArray();
        assertTrue(Pictures.plot(y).svg().length() < 60_000);
    }

    @Test
    void a_plot_is_immutable() {
        Plot plot = Pictures.plot(List.of(1, 2, 3));
        String before = plot.svg();
        plot.title("t").logY().xRange(0, 1).line("more", List.of(1), List.of(1)).size(400, 300);
        assertEquals(before, plot.svg());
    }

    // ---- refusals

    static Stream<Arguments> refusals() {
        Plot plot = Pictures.plot(List.of(1, 0));
        Map<String, Object> none = new LinkedHashMap<>();
        none.put("a", List.of());
        none.put("b", new double[] {Double.NaN});
        List<String> two = List.of("a", "b");
        return Stream.of(
                refused("Pictures.plot: the curve is empty", () -> Pictures.plot(List.of())),
                refused(
                        "Pictures.plot: the curve: none of 2 numbers is finite",
                        () -> Pictures.plot(new double[] {Double.NaN, Double.NaN})),
                refused(
                        "Pictures.plot: the curve: a tensor [2, 3] has more than one axis",
                        () -> Pictures.plot(Tensor.ones(2, 3))),
                refused(
                        "Pictures.plot: the curve: element 1, b, is not a number",
                        () -> Pictures.plot(List.of(1, "b"))),
                refused(
                        "Pictures.plot: the curve: String is none of: list of numbers, array of numbers, tensor, node",
                        () -> Pictures.plot("1")),
                refused("Pictures.curves: no finite number in the curves [a, b]", () -> Pictures.curves(none)),
                refused("Plot.logY: \"\" has 0.0 at index 1; a logarithmic axis needs positive numbers", plot::logY),
                refused(
                        "Plot.logX: \"loss\" has -1.0 at index 0; a logarithmic axis needs positive numbers",
                        () -> Pictures.learningRates(List.of(-1, 1), List.of(1, 1))),
                refused("Plot.line: \"l\" has 1 x and 2 y", () -> plot.line("l", List.of(1), List.of(1, 2))),
                refused("Plot.xRange: 2.0 to 1.0 is not a range", () -> plot.xRange(2, 1)),
                refused("Plot: a logarithmic axis needs a positive range", () -> plot.xRange(-1, 1)
                        .logX()),
                refused("Picture.size: 10 x 500; sides are 80 to 20000 pixels", () -> plot.size(10, 500)),
                refused("Picture.text: 5 columns; at least 20 are needed", () -> plot.text(5)),
                refused("Pictures.histogram: values is empty", () -> Pictures.histogram(new int[0])),
                refused("Pictures.histograms: values is empty", () -> Pictures.histograms(Map.of())),
                refused("Pictures.confusion: counts is empty", () -> Pictures.confusion(new int[0][], List.of())),
                refused(
                        "Pictures.confusion: row 1 has 1 counts for 2 classes",
                        () -> Pictures.confusion(new int[][] {{1, 2}, {3}}, two)),
                refused("Pictures.confusion: classes: 2 names for 1", () -> Pictures.confusion(new int[][] {{1}}, two)),
                refused(
                        "Pictures.roc: 2 labels are 1 and 0 are 0; both are needed",
                        () -> Pictures.roc(List.of(1, 2), List.of(1, 1))),
                refused(
                        "Pictures.roc: label 1 is 2.0; labels are 0 and 1",
                        () -> Pictures.roc(List.of(1, 2), List.of(1, 2))),
                refused(
                        "Pictures.boundary: inputs [2, 3] are not [n, 2]",
                        () -> Pictures.boundary(ABOVE, Dataset.of(Tensor.ones(2, 3), 0, 1))),
                refused(
                        "Pictures.boundary: outputs [38400, 2, 1] for inputs [38400, 2] are neither [n, classes] nor [n]",
                        () -> Pictures.boundary(x -> x.reshape(-1, 2, 1), MOONS)),
                refused(
                        "Pictures.images: [4] are no images; [n, h, w], [n, 1, h, w] or [n, 3, h, w] is needed",
                        () -> Pictures.images(Tensor.ones(4))),
                refused(
                        "Pictures.images: [1, 2, 4, 4] are no images; [n, h, w], [n, 1, h, w] or [n, 3, h, w] is needed",
                        () -> Pictures.images(Tensor.ones(1, 2, 4, 4))),
                refused("Pictures.images: 2 captions for 1 images", () -> Pictures.images(Tensor.ones(1, 4, 4), two)),
                refused(
                        "Pictures.images: the images: none of 4 numbers is finite",
                        () -> Pictures.images(Tensor.ones(1, 2, 2).mul(Double.NaN))),
                refused(
                        "Pictures.filters: [4, 4] is no weight of a convolution, [out, in, kh, kw]",
                        () -> Pictures.filters(Tensor.ones(4, 4))),
                refused(
                        "Pictures.featureMaps: [2, 3, 4, 4] are no feature maps of one example, [c, h, w] or [1, c, h, w]",
                        () -> Pictures.featureMaps(Tensor.ones(2, 3, 4, 4))),
                refused(
                        "Pictures.attention: keys: 2 names for 3",
                        () -> Pictures.attention(Tensor.ones(2, 3), two, two)),
                refused("Pictures.function: 1.0 to 1.0 is not a range", () -> Pictures.function(x -> x, 1, 1)),
                refused("Pictures.panels: 0 pictures, 2 in a row", () -> Pictures.panels(2)));
    }

    private static Arguments refused(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void bad_input_is_refused_by_name(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
