package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassClassTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void the_probability_goes_from_ten_percent_to_the_truth(long seed) {
        PassClass.Passing r = PassClass.passing(500, 30, seed);
        double[] first = r.probabilities().get(0);
        double[] last = r.probabilities().get(30);
        assertEquals(0.1, first[0], 1e-6);
        assertEquals(0.1, first[1], 1e-6);
        assertTrue(last[0] < 0.05, "a grade of 30: " + last[0]);
        assertTrue(last[1] > 0.95, "a grade of 80: " + last[1]);
        assertTrue(r.accuracy() > 0.9, "accuracy: " + r.accuracy());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void the_error_of_the_grade_is_that_of_its_noise(long seed) {
        PassClass.Grades r = PassClass.grades(500, 30, seed);
        assertEquals(30, r.grades()[0], 4);
        assertEquals(80, r.grades()[1], 4);
        assertTrue(r.rootMeanSquaredError() < 6, "noise has a standard deviation of 5: " + r.rootMeanSquaredError());
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(PassClass.class);
    }
}
