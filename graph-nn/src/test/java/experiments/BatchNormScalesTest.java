package experiments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchNormScalesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void with_batch_norm_networks_learn_at_scales_where_they_do_not_without(long seed) {
        Dataset digits = DrawnDigits.make(300, seed, DType.FLOAT32);
        for (BatchNormScales.Result r : BatchNormScales.run(List.of(1.0, 0.02, 1e-3), digits, 12, seed)) {
            assertTrue(r.plainAtEnd() < 0.25, r.toString());
            assertTrue(r.normalisedAtEnd() > 1.5 * r.plainAtEnd() && r.normalisedAtEnd() > 0.3, r.toString());
        }
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(BatchNormScales.class);
    }
}
