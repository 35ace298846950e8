package gradus.nn.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewTest {
    @Test
    void a_falling_curve_falls_from_the_upper_left_to_the_lower_right() {
        String[] lines = TextPlot.of(List.of(3.0, 2.0, 1.0), 72).split("\n", -1);
        int body = lines[0].indexOf('│') + 1;
        assertTrue(lines[0].charAt(body) > '\u2800', lines[0]);
        assertTrue(
                lines[13].charAt(71) > '\u2800' && lines[13].substring(body, 60).isBlank(), lines[13]);
        assertEquals("1                                 2                                 3", lines[15].strip());
        assertTrue(lines[1].startsWith("3 ┤"), lines[1]);
    }

    @Test
    void several_curves_have_a_letter_each_and_a_gap_stays_empty() {
        Map<String, double[]> curves = new LinkedHashMap<>();
        curves.put("rising", new double[] {1, 2, Double.NaN, 4, 5});
        curves.put("flat", new double[] {1, 1, 1, 1, 1});
        curves.put("none", new double[] {Double.NaN});
        String text = TextPlot.of(curves, 60);
        assertEquals(
                "* rising   o flat   + none (no data)", text.lines().findFirst().orElseThrow());
        List<String> rows = text.lines().skip(1).limit(14).toList();
        int column = 4 + 28; // the middle one
        assertTrue(rows.stream().noneMatch(r -> r.length() > column && r.charAt(column) == '*'), text);
        assertTrue(rows.stream().anyMatch(r -> r.length() > column && r.charAt(column) == 'o'), text);
    }

    @Test
    void flat_and_short_curves_are_drawn_too() {
        assertTrue(TextPlot.of(List.of(2, 2)).contains("2"));
        assertTrue(TextPlot.of(new int[] {5}).contains("5"));
        assertTrue(TextPlot.of(Tensor.of(1.0, Double.NaN, 2.0, Double.POSITIVE_INFINITY))
                .contains("2.0"));
        String steep = TextPlot.of(List.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        assertEquals(
                14,
                steep.lines().filter(l -> l.chars().anyMatch(c -> c > '\u2800')).count(),
                steep);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 33, 72, 200})
    void no_line_is_wider_than_the_terminal(int columns) {
        Map<String, double[]> curves = Map.of(
                "a name that is longer than a narrow terminal", new double[] {1e-7, 1e9}, "b", new double[] {1, 2, 3});
        for (Picture p : List.of(
                Pictures.curves(curves).title("a title that is longer than a narrow terminal"),
                Pictures.confusion(new int[][] {{99999, 1}, {0, 3}}, List.of("a long name of a class", "b")),
                Pictures.images(Tensor.ones(3, 50, 50), List.of("a long caption", "b", "c")),
                Pictures.attention(Tensor.ones(2, 30), List.of("a long token", "b"), names(30)),
                Pictures.histogram(Tensor.range(0, 100)))) {
            String text = p.text(columns);
            assertTrue(text.lines().allMatch(l -> Texts.columns(l) <= columns), text);
            assertTrue(text.lines().count() >= 2, text);
        }
    }

    private static List<String> names(int n) {
        return IntStream.range(0, n).mapToObj(i -> "t" + i).toList();
    }

    @Test
    void pictures_stand_side_by_side_under_their_captions() {
        Tensor black = Tensor.ones(4);
        Tensor grey = Tensor.of(0, 0, 1, 1);
        assertEquals("a   b   \n██  ▒▒  \n", Pictures.sideBySide(List.of(black, grey), List.of("a", "b"), 2));
    }

    @Test
    void numbers_do_not_depend_on_the_locale() {
        Locale before = Locale.getDefault();
        Plot plot = Pictures.plot(List.of(0.25, 0.5)).title("t");
        String svg = plot.svg();
        String text = plot.toString();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals(svg, plot.svg());
            assertEquals(text, plot.toString());
        } finally {
            Locale.setDefault(before);
        }
    }

    // ---- files

    @Test
    void curves_become_files_of_the_right_kind(@TempDir Path directory) throws IOException {
        Map<String, List<Double>> curves = Map.of("loss", List.of(2.0, 1.0, 0.5));
        Curves.png(directory.resolve("c.png"), "t", "u", curves);
        Curves.svg(directory.resolve("c.svg"), "t", "u", curves);
        assertEquals(800, ImageIO.read(directory.resolve("c.png").toFile()).getWidth());
        Map<String, List<Double>> odd = Map.of("a", List.of(1.0, Double.POSITIVE_INFINITY, 2.0), "b", List.of());
        Curves.png(directory.resolve("odd.png"), "t", "u", odd);
        Map<String, List<Double>> none = Map.of("b", List.of(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Curves.png(directory.resolve("none.png"), "t", "u", none));
        assertFalse(Files.exists(directory.resolve("none.png")));
        assertTrue(Files.readString(directory.resolve("c.svg")).contains("<svg"));
    }

    @Test
    void the_name_decides_the_kind_of_file(@TempDir Path directory) throws IOException {
        Plot plot = Pictures.plot(List.of(1, 2));
        plot.save(directory.resolve("a.PNG"));
        plot.save(directory.resolve("a.svg"));
        assertEquals(500, ImageIO.read(directory.resolve("a.PNG").toFile()).getHeight());
        assertEquals(plot.svg(), Files.readString(directory.resolve("a.svg")));
        Path other = directory.resolve("a.jpg");
        assertEquals(
                "Picture.save: " + other + " ends in neither .png nor .svg",
                assertThrows(IllegalArgumentException.class, () -> plot.save(other))
                        .getMessage());
        try (var files = Files.list(directory)) {
            assertEquals(2, files.count()); // no temporary file is left
        }
    }

    @Test
    void a_place_that_cannot_be_written_is_named(@TempDir Path directory) throws IOException {
        Plot plot = Pictures.plot(List.of(1, 2));
        Path absent = directory.resolve("absent/a.png");
        assertEquals(
                absent + " cannot be written: there is no directory " + absent.getParent(),
                assertThrows(IOException.class, () -> plot.save(absent)).getMessage());
        Path folder = Files.createDirectory(directory.resolve("b.png"));
        assertEquals(
                folder + " is a directory, not a file to write",
                assertThrows(IOException.class, () -> plot.save(folder)).getMessage());
    }

    @Test
    void an_older_file_behind_a_link_is_replaced(@TempDir Path directory) throws IOException {
        Path old = Files.writeString(directory.resolve("old.svg"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.svg"), old);
        Plot plot = Pictures.plot(List.of(1, 2));
        plot.save(link);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(plot.svg(), Files.readString(old));
    }
}
