package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxOverflowTest {
    /** exp of a 64-bit number is infinite above 709.8 and 0 below -745.1. */
    @ParameterizedTest
    @ValueSource(doubles = {-1000, 710, 1000, 10_000})
    void naive_softmax_overflows_and_shifted_softmax_does_not(double c) {
        double[] naive = SoftmaxOverflow.probabilities(SoftmaxOverflow::naive, c, DType.FLOAT64);
        double[] shifted = SoftmaxOverflow.probabilities(SoftmaxOverflow::shifted, c, DType.FLOAT64);
        double sum = 1 + Math.E + Math.E * Math.E;
        for (int k = 0; k < 3; k++) {
            assertFalse(naive[k] > 0 && naive[k] < 1, naive[k] + " at " + c);
            assertEquals(Math.exp(k) / sum, shifted[k], 1e-15);
        }
    }

    @Test
    void they_are_equal_where_neither_overflows() {
        for (double c = -600; c <= 600; c += 50) {
            for (int k = 0; k < 3; k++) {
                assertEquals(
                        SoftmaxOverflow.probabilities(SoftmaxOverflow::shifted, c, DType.FLOAT64)[k],
                        SoftmaxOverflow.probabilities(SoftmaxOverflow::naive, c, DType.FLOAT64)[k],
                        1e-14);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void the_largest_logit_has_the_largest_probability(long seed) {
        SoftmaxOverflow.Choices choices = SoftmaxOverflow.choices(200, seed);
        assertTrue(choices.images() == 200 && choices.equal() == 200, choices.toString());
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(SoftmaxOverflow.class);
    }
}
