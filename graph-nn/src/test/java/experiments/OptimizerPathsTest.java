package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerPathsTest {
    @Test
    void sgd_crosses_the_valley_at_each_step_and_the_others_seldom() {
        for (OptimizerPaths.Method m : OptimizerPaths.METHODS) {
            List<double[]> path = OptimizerPaths.path(m);
            long crossings = OptimizerPaths.crossings(path);
            assertTrue(m.name().equals("SGD") ? crossings == 30 : crossings <= 5, m.name() + ": " + crossings);
        }
    }

    /** {@code x <- x (1 - lr / 10)} and {@code y <- y (1 - 2 lr)}. */
    @Test
    void the_path_of_sgd_is_that_of_its_formula() {
        List<double[]> path = OptimizerPaths.path(OptimizerPaths.METHODS.get(0));
        for (int step = 0; step <= 30; step++) {
            assertEquals(-7 * Math.pow(1 - 0.095, step), path.get(step)[0], 1e-12);
            assertEquals(2 * Math.pow(1 - 1.9, step), path.get(step)[1], 1e-12);
        }
    }

    @Test
    void all_of_them_go_down() {
        for (OptimizerPaths.Method m : OptimizerPaths.METHODS) {
            double[] end = OptimizerPaths.path(m).get(30);
            assertTrue(OptimizerPaths.valley(end[0], end[1]) < 0.05 * OptimizerPaths.valley(-7, 2), m.name());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void sgd_is_the_slowest_on_digits(long seed) {
        Dataset digits = DrawnDigits.make(500, seed, DType.FLOAT32);
        double sgd = 0;
        for (OptimizerPaths.Method m : OptimizerPaths.METHODS) {
            double loss = OptimizerPaths.last(OptimizerPaths.losses(m, digits, 60, seed));
            if (m.name().equals("SGD")) {
                sgd = loss;
            } else {
                assertTrue(loss < 0.7 * sgd, m.name() + ": " + loss + ", SGD: " + sgd);
            }
        }
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(OptimizerPaths.class);
    }
}
