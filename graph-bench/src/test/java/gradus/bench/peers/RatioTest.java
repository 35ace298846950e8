package gradus.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void the_median_is_of_the_rounds_ratios_and_not_of_times() {
        double[] theirs = {10, 200, 30};
        double[] ours = {1, 100, 10};
        assertEquals(new Ratio(3, 2, 10), Ratio.of(theirs, ours, 1));
    }

    @Test
    void a_round_in_which_the_machine_is_slow_changes_no_ratio() {
        assertEquals(new Ratio(2, 2, 2), Ratio.of(new double[] {2, 2, 8}, new double[] {1, 1, 4}, 1));
    }

    @Test
    void an_even_number_of_values_has_the_mean_of_the_middle_two() {
        assertEquals(2.5, Ratio.median(4, 1, 2, 3));
    }

    @Test
    void rounds_that_do_not_pair_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> Ratio.of(new double[1], new double[2], 1));
        assertThrows(IllegalArgumentException.class, () -> Ratio.of(new double[0], new double[0], 1));
    }

    @Test
    void numbers_have_three_digits_and_times_a_unit() {
        assertEquals("0.812", Ratio.number(0.8121));
        assertEquals("1.00", Ratio.number(0.9999));
        assertEquals("17.2", Ratio.number(17.23));
        assertEquals("230", Ratio.number(230.4));
        assertEquals("999 ns", Ratio.time(999));
        assertEquals("1.00 us", Ratio.time(999.9));
        assertEquals("2.50 s", Ratio.time(2.5e9));
    }
}
