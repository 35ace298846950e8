package experiments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.nn.train.History;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyStoppingTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void the_best_epoch_has_a_lower_test_loss_than_the_last(long seed) {
        List<EarlyStopping.Result> r = EarlyStopping.run(EarlyStopping.digits(400, seed), 40, seed);
        History whole = r.get(0).history();
        History early = r.get(1).history();
        assertTrue(
                early.stoppedEarly() && early.epochs().size() < 40,
                "epochs: " + early.epochs().size());
        History.Epoch last = whole.epochs().get(39);
        assertTrue(last.trainLoss() < early.best().trainLoss(), "the training loss still falls");
        assertTrue(last.validationLoss() > early.best().validationLoss(), "the validation loss rises");
        assertTrue(
                r.get(1).loss() < r.get(0).loss(),
                r.get(1).loss() + " best, " + r.get(0).loss() + " last");
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(EarlyStopping.class);
    }
}
