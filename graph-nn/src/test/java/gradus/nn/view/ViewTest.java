package gradus.nn.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewTest {
    @Test
    void a_falling_curve_falls_from_the_upper_left_to_the_lower_right() {
        String[] lines = TextPlot.of(List.of(3.0, 2.0, 1.0)).split("\n", -1);
        assertEquals("     3.000 │", lines[0].substring(0, 12));
        assertEquals("     1.000 │", lines[11].substring(0, 12));
        assertTrue(lines[0].charAt(12) > '\u2800' && lines[11].charAt(12) == '\u2800');
        assertTrue(lines[11].charAt(71) > '\u2800' && lines[0].charAt(71) == '\u2800');
        assertEquals("3", lines[13].substring(71).strip());
    }

    @Test
    void flat_short_empty_and_infinite_curves_are_drawn_too() {
        assertTrue(TextPlot.of(List.of(2, 2)).contains("2.000"));
        assertTrue(TextPlot.of(List.of(5)).contains("5.000"));
        assertEquals("nothing to plot: 0 points, none of them finite\n", TextPlot.of(List.of()));
        String lonely = TextPlot.of(List.of(1.0, Double.NaN, 3.0));
        assertTrue(
                lonely.lines()
                                .limit(12)
                                .filter(l -> l.chars().anyMatch(c -> c > '\u2800'))
                                .count()
                        == 2,
                lonely);
        String steep = TextPlot.of(List.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        assertTrue(steep.lines().limit(12).allMatch(l -> l.chars().anyMatch(c -> c > '\u2800')), steep);
        assertTrue(TextPlot.of(List.of(1.0, Double.NaN, 2.0, Double.POSITIVE_INFINITY))
                .contains("2.000"));
    }

    @Test
    void pictures_stand_side_by_side_under_their_captions() {
        Tensor black = Tensor.ones(4);
        Tensor grey = Tensor.of(0, 0, 1, 1);
        assertEquals("a   b   \n██  ▒▒  \n", Pictures.sideBySide(List.of(black, grey), List.of("a", "b"), 2));
    }

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
}
