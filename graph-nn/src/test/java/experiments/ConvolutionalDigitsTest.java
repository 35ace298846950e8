package experiments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.nn.data.DrawnDigits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvolutionalDigitsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void convolutions_need_neighbouring_pixels_and_their_filters_change(long seed) {
        ConvolutionalDigits.Result r = ConvolutionalDigits.run(DrawnDigits.make(600, seed, DType.FLOAT32), 3, seed);
        assertTrue(r.accuracy() > r.scrambled() + 0.2, r.accuracy() + " and " + r.scrambled());
        Tensor change = r.after().sub(r.before()).abs();
        assertTrue(change.max(1, 2, 3).min().item() > 0.01, "each filter has changed: " + change.max(1, 2, 3));
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(ConvolutionalDigits.class);
    }
}
