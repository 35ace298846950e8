package gradus.nn.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Adam;
import gradus.nn.search.Search;
import gradus.nn.train.Calibration;
import gradus.nn.train.ConfusionMatrix;
import gradus.nn.train.LayerStatistics;
import gradus.nn.train.LearningRateFinder;
import gradus.nn.train.Loss;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pictures of measurements say what was measured. */
class TrainingPicturesTest {
    private static final Dataset MOONS = Synthetic.moons(200, 0.2, 1);

    private static Sequential net() {
        Sequential net = Sequential.of(new Linear(2, 8), Node::tanh, new Linear(8, 2));
        net.initialize(1);
        return net;
    }

    private static void contains(Picture picture, String... texts) {
        String svg = picture.svg();
        for (String t : texts) {
            assertTrue(
                    svg.contains(t),
                    t + " is not in " + svg.replaceAll("<(?!text)[^>]*>", "").replaceAll("\\s+", " "));
        }
        assertFalse(picture.text(60).isEmpty());
    }

    @Test
    void histograms_have_the_layers_of_activations_and_of_gradients() {
        LayerStatistics s = LayerStatistics.of(net(), Loss.crossEntropy(), MOONS.all());
        Picture all = Pictures.histograms(s);
        contains(all, ">Activations<", ">Gradients<");
        assertEquals(3 * 320, all.width());
        Sequential none = Sequential.of(new Linear(2, 2), y -> y.div(0.0).sub(y.div(0.0)));
        LayerStatistics undefined = LayerStatistics.of(none, (y, b) -> y.sum(), MOONS.all());
        assertEquals(320, Pictures.histograms(undefined).width(), "a layer of NaN is left out");
    }

    @Test
    void learning_rates_have_the_suggestion() {
        Sequential net = net();
        LearningRateFinder.Result result = LearningRateFinder.of(net, Loss.crossEntropy(), new Adam(net.parameters()))
                .run(MOONS);
        contains(Pictures.learningRates(result), "suggestion: " + Texts.number(result.suggestion()), ">learning rate<");
        LearningRateFinder.Result rising =
                new LearningRateFinder.Result(List.of(0.1, 1.0), List.of(1.0, 2.0), List.of(1.0, 1.5), true);
        contains(Pictures.learningRates(rising), "no suggestion");
    }

    @Test
    void a_reliability_diagram_has_the_calibration_error() {
        Calibration c = Calibration.of(net(), MOONS, 10);
        contains(
                Pictures.reliability(c),
                "expected calibration error " + Texts.number(c.expectedCalibrationError()),
                ">confidence<");
        assertThrows(IllegalArgumentException.class, () -> Pictures.reliability(new Calibration(List.of())));
    }

    @Test
    void a_search_has_a_panel_for_each_hyperparameter() {
        Search.Result result = Search.maximize(trial -> {
                    double rate = trial.logUniform("learning rate", 1e-4, 1);
                    int width = trial.integer("width", 4, 9);
                    String optimizer = trial.choice("optimizer", "adam", "sgd");
                    return trial.number() == 3 ? Double.NaN : rate * width + optimizer.length();
                })
                .random(8)
                .run();
        assertEquals(
                List.of("learning rate", "optimizer", "width"),
                result.names().stream().sorted().toList());
        assertTrue(result.isLogarithmic("learning rate") && !result.isLogarithmic("width"));
        Picture picture = Pictures.scatter(result);
        assertEquals(3 * 400, picture.width());
        contains(picture, ">learning rate<", ">width<", "optimizer: 1 ", "2 ", ">score<");
        Search.Result failed = Search.maximize(trial -> Double.NaN * trial.uniform("a", 0, 1))
                .random(2)
                .run();
        assertEquals(
                "Pictures.scatter: of 2 trials none has a score and a hyperparameter",
                assertThrows(IllegalArgumentException.class, () -> Pictures.scatter(failed))
                        .getMessage());
    }

    @Test
    void a_confusion_matrix_gives_its_counts() {
        ConfusionMatrix m = ConfusionMatrix.of(new int[] {0, 0, 1, 1, 1}, new int[] {0, 1, 1, 1, 0}, 2);
        int[][] counts = m.counts();
        assertEquals("[[1, 1], [1, 2]]", java.util.Arrays.deepToString(counts));
        counts[0][0] = 9;
        assertEquals(1, m.count(0, 0));
        contains(Pictures.confusion(m.counts(), List.of("cat", "dog")), ">cat<", "66.7%");
    }
}
