package gradus.nn.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of numbers, texts and sizes at the limits. */
class ExtremePicturesTest {
    private static final Plot PLOT = Pictures.plot(new double[] {1, 2});

    @ParameterizedTest
    @CsvSource({
        "1, 1.0000000000000002",
        "1e17, 100000000000000016",
        "1e300, 1.0000000000000002e300",
        "0, 4.9e-324",
        "-1.7e308, 1.7e308",
        "5, 5"
    })
    void plots_of_any_two_numbers_end_and_show_the_curve(double a, double b) {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (Plot p : List.of(Pictures.plot(new double[] {a, b}), Pictures.function(x -> x == 0 ? a : b, 0, 1))) {
                assertTrue(p.svg().contains("<path"));
                assertTrue(p.text(40).lines().count() > 5);
            }
            if (a > 0) {
                assertTrue(Pictures.plot(new double[] {a, b}).logY().svg().contains("<path"));
            }
        });
    }

    @Test
    void a_long_text_is_cut_in_one_pass() {
        String text = "x".repeat(300_000);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertTrue(PLOT.title(text).svg().length() < 10_000);
            assertTrue(PLOT.title(text).text(40).lines().allMatch(line -> line.length() <= 40));
        });
        assertEquals("ab…", Texts.cut("abcd", 3));
        assertEquals("日…", Texts.cut("日本語", 4));
        assertEquals("abcd", Texts.cut("abcd", 4));
        assertEquals("", Texts.fit("abcd", 10, 7));
        assertEquals("a…", Texts.fit("a bcd", 10, 19));
    }

    @Test
    void a_picture_has_at_most_as_many_pixels_as_fit_the_heap() {
        assertEquals(
                "Picture.size: 20000 x 20000 has more than 100000000 pixels",
                assertThrows(IllegalArgumentException.class, () -> PLOT.size(20_000, 20_000))
                        .getMessage());
        Picture row = Pictures.panels(3000, Collections.nCopies(3000, PLOT).toArray(Picture[]::new));
        assertEquals(20_000, row.width());
        assertEquals(500, row.height());
    }

    @Test
    void drawing_needs_no_temporary_file(@TempDir Path folder) throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Path before = ImageIO.getCacheDirectory() == null
                ? null
                : ImageIO.getCacheDirectory().toPath();
        ImageIO.setCacheDirectory(gone.toFile());
        try {
            Files.delete(gone);
            PLOT.png(folder.resolve("a.png"));
            assertTrue(ImageIO.read(folder.resolve("a.png").toFile()).getWidth() == PLOT.width());
            assertTrue(Pictures.images(Tensor.zeros(1, 4, 4)).svg().contains("data:image/png;base64,"));
        } finally {
            ImageIO.setCacheDirectory(before == null ? null : before.toFile());
        }
    }

    @Test
    void the_legend_of_a_tiny_plot_leaves_room_for_the_curves() {
        Plot plot = new Plot();
        for (int i = 0; i < 12; i++) {
            plot = plot.line("a long name of curve " + i, new double[] {0, 1}, new double[] {0, i});
        }
        Matcher clip = Pattern.compile("<svg x=\"[^\"]*\" y=\"([^\"]*)\"")
                .matcher(plot.size(160, 120).svg());
        assertTrue(clip.find());
        assertTrue(Double.parseDouble(clip.group(1)) < 60, "the area begins at " + clip.group(1));
        assertTrue(plot.size(800, 500).svg().contains("a long name of curve 11"));
    }

    @Test
    void images_side_by_side_need_a_caption_each() {
        Tensor image = Tensor.zeros(1, 1);
        assertEquals(
                "Pictures: 1 images of side 1 and 0 captions; a side is at least 1, and each image has a caption",
                assertThrows(IllegalArgumentException.class, () -> Pictures.sideBySide(List.of(image), List.of(), 1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Pictures.sideBySide(List.of(), List.of(), 0));
        assertEquals(
                "Pictures: captions[0] is null",
                assertThrows(
                                NullPointerException.class,
                                () -> Pictures.sideBySide(List.of(image), Arrays.asList((String) null), 1))
                        .getMessage());
        assertEquals("…  \n   \n", Pictures.sideBySide(List.of(image), List.of("abc"), 1));
    }
}
