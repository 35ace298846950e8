package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumericGradientsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void the_error_falls_with_the_step_and_rises_again(long seed) {
        List<NumericGradients.Errors> errors = NumericGradients.run(4, seed);
        double forward = bestStep(errors, NumericGradients.Errors::forward);
        double central = bestStep(errors, NumericGradients.Errors::central);
        // sqrt(2^-52) = 1.5e-8 and cbrt(2^-52) = 6e-6, within a power of ten
        assertTrue(forward > 0.9e-9 && forward < 1.1e-7, "forward: " + forward);
        assertTrue(central > 0.9e-6 && central < 1.1e-4, "central: " + central);
        assertTrue(
                least(errors, NumericGradients.Errors::central) < least(errors, NumericGradients.Errors::forward) / 10);
    }

    /** Where rounding does not count, a step ten times smaller has 10 and 100 times less error. */
    @Test
    void forward_differences_are_of_first_order_and_central_ones_of_second() {
        List<NumericGradients.Errors> errors = NumericGradients.run(4, 1);
        NumericGradients.Errors coarse = errors.get(1);
        NumericGradients.Errors fine = errors.get(2);
        assertEquals(10, coarse.forward() / fine.forward(), 1);
        assertEquals(100, coarse.central() / fine.central(), 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 30})
    void central_differences_take_two_evaluations_for_each_parameter(int hidden) {
        NumericGradients.Cost cost = new NumericGradients(hidden, 1).cost();
        assertEquals(2 * hidden + hidden + 2 * hidden + 2, cost.parameters());
        assertEquals(2 * cost.parameters(), cost.evaluations());
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(NumericGradients.class);
    }

    private static double bestStep(
            List<NumericGradients.Errors> errors, ToDoubleFunction<NumericGradients.Errors> error) {
        return errors.stream()
                .min(Comparator.comparingDouble(error))
                .orElseThrow()
                .step();
    }

    private static double least(List<NumericGradients.Errors> errors, ToDoubleFunction<NumericGradients.Errors> error) {
        return errors.stream().mapToDouble(error).min().orElseThrow();
    }
}
