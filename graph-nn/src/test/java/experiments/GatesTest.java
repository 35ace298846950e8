package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_perceptron_learns_every_gate_but_xor_and_two_layers_learn_xor(long seed) {
        List<Gates.Result> r = Gates.run(200, seed);
        for (int linear : new int[] {0, 1, 2}) {
            assertEquals(1, r.get(linear).accuracy(), r.get(linear).name());
        }
        assertTrue(r.get(3).accuracy() <= 0.75, "no line separates XOR: " + r.get(3));
        assertEquals(1, r.get(4).accuracy(), r.get(4).name());
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(Gates.class);
    }
}
