package experiments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.nn.data.Dataset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverfittingTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void the_network_learns_300_digits_by_heart_and_each_remedy_reduces_the_gap(long seed) {
        Dataset all = Overfitting.digits(800, seed);
        Dataset train = all.subset(IntStream.range(0, 300).toArray());
        Dataset test = all.subset(IntStream.range(300, 800).toArray());
        List<Overfitting.Result> r = Overfitting.run(train, test, 30, seed);
        double gap = r.get(0).gap();
        assertTrue(r.get(0).train() > 0.98, "learnt by heart: " + r.get(0).train());
        assertTrue(gap > 0.2, "gap without a remedy: " + gap);
        for (Overfitting.Result remedy : r.subList(1, 4)) {
            assertTrue(remedy.gap() < gap, remedy.name() + ": " + remedy.gap() + " against " + gap);
        }
        assertTrue(
                r.get(3).test() > r.get(2).test(),
                "five networks are better than one: " + r.get(3).test());
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(Overfitting.class);
    }
}
