package experiments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZeroWeightsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hidden_units_that_begin_equal_stay_equal(long seed) {
        List<ZeroWeights.Result> r = ZeroWeights.run(40, seed);
        ZeroWeights.Result zero = r.get(0);
        ZeroWeights.Result constant = r.get(1);
        ZeroWeights.Result random = r.get(2);
        assertTrue(zero.spread() < 1e-9, "zero: " + zero.spread());
        assertTrue(constant.spread() < 1e-9, "constant: " + constant.spread());
        assertTrue(random.spread() > 1, "random: " + random.spread());
        assertTrue(zero.accuracy() < 0.6 && zero.loss() > 0.69, "zero learns nothing: " + zero);
        assertTrue(random.loss() < 0.5 * constant.loss(), "eight units against one: " + r);
        assertTrue(random.accuracy() > constant.accuracy() + 0.05, "eight units against one: " + r);
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(ZeroWeights.class);
    }
}
