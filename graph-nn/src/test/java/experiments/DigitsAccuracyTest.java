package experiments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DigitsAccuracyTest {
    private static final Path REAL = Path.of(System.getProperty("gradus.root"), "../shared/data/mnist");

    private static List<Dataset> real() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(REAL), "SKIPPED: no real digits in " + REAL);
        return DigitsAccuracy.parts(Mnist.test(REAL, DType.FLOAT32), 1);
    }

    @Test
    void an_mlp_classifies_more_than_93_5_percent_of_the_real_test_digits_correctly() throws IOException {
        double accuracy = DigitsAccuracy.mlp(real(), 12, 1).test();
        assertTrue(accuracy > 0.935, "MLP: " + accuracy);
    }

    @Test
    void a_small_convolutional_network_classifies_more_than_97_5_percent_correctly() throws IOException {
        double accuracy = DigitsAccuracy.cnn(real(), 4, 1).test();
        assertTrue(accuracy > 0.975, "CNN: " + accuracy);
    }

    @Test
    void with_augmentation_more_than_98_3_percent() throws IOException {
        Assumptions.assumeTrue(
                Boolean.getBoolean("gradus.full"), "SKIPPED: takes a minute; -Dgradus.full=true runs it");
        double accuracy = DigitsAccuracy.augmented(real(), 20, 1).test();
        assertTrue(accuracy > 0.983, "CNN, augmented: " + accuracy);
    }

    @Test
    void augmentation_helps_where_there_are_few_drawn_digits() {
        List<Dataset> parts = DigitsAccuracy.parts(DrawnDigits.make(800, 1, DType.FLOAT32), 1);
        double plain = DigitsAccuracy.cnn(parts, 5, 1).test();
        double augmented = DigitsAccuracy.augmented(parts, 5, 1).test();
        assertTrue(augmented > plain, augmented + " augmented, " + plain + " plain");
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(DigitsAccuracy.class);
    }
}
