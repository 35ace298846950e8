package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRatesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_small_rate_learns_slowly_and_a_large_one_not_at_all(long seed) {
        Dataset digits = DrawnDigits.make(500, seed, DType.FLOAT32);
        double[] small = LearningRates.losses(0.003, digits, 80, seed);
        double[] right = LearningRates.losses(0.3, digits, 80, seed);
        double[] large = LearningRates.losses(10, digits, 80, seed);
        double guess = Math.log(10);
        assertTrue(LearningRates.last(right) < 0.5 * guess, "right: " + LearningRates.last(right));
        assertEquals(guess, LearningRates.last(small), 0.15);
        assertTrue(LearningRates.last(small) < small[0], "the loss falls, slowly");
        assertTrue(LearningRates.last(large) > 0.95 * guess, "large: " + LearningRates.last(large));
        assertTrue(Arrays.stream(large).max().orElseThrow() > 2 * large[0], "the loss rises at first");
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(LearningRates.class);
    }
}
