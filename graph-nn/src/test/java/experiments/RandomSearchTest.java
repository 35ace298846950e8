package experiments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.nn.data.DrawnDigits;
import gradus.nn.search.Search;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomSearchTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void trials_within_the_narrowed_ranges_are_better_on_average(long seed) {
        RandomSearch.Result r = RandomSearch.run(DrawnDigits.make(400, seed, DType.FLOAT32), 20, 6, seed);
        assertTrue(r.rate().low() > 1e-5, "the smallest rates do not learn: " + r.rate());
        double wide = RandomSearch.mean(r.wide());
        double close = RandomSearch.mean(r.close());
        assertTrue(close > wide + 0.05, close + " narrowed, " + wide + " before");
        for (Search.Point p : r.close().points("learning rate")) {
            assertTrue(r.rate().low() <= p.value() && p.value() <= r.rate().high(), p + " in " + r.rate());
        }
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(RandomSearch.class);
    }
}
