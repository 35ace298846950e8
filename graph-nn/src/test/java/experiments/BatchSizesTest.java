package experiments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSizesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void small_batches_learn_more_from_the_same_examples_and_the_loss_of_single_ones_fluctuates(long seed) {
        Dataset digits = DrawnDigits.make(320, seed, DType.FLOAT32);
        BatchSizes.Result one = BatchSizes.run(digits, 1, 4, 40, seed);
        BatchSizes.Result mini = BatchSizes.run(digits, 32, 4, 1, seed);
        BatchSizes.Result all = BatchSizes.run(digits, 320, 4, 1, seed);
        assertTrue(one.last() < all.last() - 0.3, one.last() + " and " + all.last());
        assertTrue(mini.last() < all.last() - 0.3, mini.last() + " and " + all.last());
        assertTrue(all.rising() == 0, "the loss of all examples falls at each step");
        assertTrue(one.rising() > mini.rising(), one.rising() + " and " + mini.rising());
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(BatchSizes.class);
    }
}
