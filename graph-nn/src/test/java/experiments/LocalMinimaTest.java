package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalMinimaTest {
    @Test
    void gradient_descent_ends_in_the_minimum_of_the_start_and_not_in_the_lowest() {
        List<Double> ends = LocalMinima.STARTS.stream()
                .map(start -> LocalMinima.minimise(start, false))
                .toList();
        for (double x : ends) {
            assertEquals(0, x / 5 + 2 * Math.sin(2 * x), 1e-3, "the derivative at " + x);
        }
        assertTrue(ends.stream().filter(x -> Math.abs(x) > 1).count() >= 3, "not the lowest: " + ends);
        assertTrue(ends.stream().map(Math::round).distinct().count() >= 4, "different minima: " + ends);
    }

    @Test
    void momentum_passes_a_minimum_that_gradient_descent_does_not() {
        double sgd = LocalMinima.minimise(8, false);
        double momentum = LocalMinima.minimise(8, true);
        assertTrue(LocalMinima.f(momentum) < LocalMinima.f(sgd) - 1, sgd + " and " + momentum);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void the_loss_between_two_trained_networks_is_higher_than_at_both(long seed) {
        LocalMinima.Two two = LocalMinima.two(25, seed);
        double first = LocalMinima.loss(two.first(), two.data());
        double second = LocalMinima.loss(two.second(), two.data());
        assertEquals(first, two.losses()[0], 1e-12);
        assertEquals(second, two.losses()[40], 1e-12);
        double highest = Arrays.stream(two.losses()).max().orElseThrow();
        assertTrue(highest > 2 * Math.max(first, second), first + ", " + highest + ", " + second);
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(LocalMinima.class);
    }
}
