package experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationHistogramsTest {
    private static List<Tensor> layers(Layer activation, String initializer, long seed) {
        return ActivationHistograms.run(activation, ActivationHistograms.INITIALIZERS.get(initializer), 300, seed);
    }

    /** Returns the standard deviation of the last layer's activations, divided by that of the first's. */
    private static double lastToFirst(Layer activation, String initializer, long seed) {
        List<Tensor> layers = layers(activation, initializer, seed);
        return ActivationHistograms.std(layers.get(4)) / ActivationHistograms.std(layers.get(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void relu_explodes_vanishes_and_is_kept_by_he(long seed) {
        assertTrue(lastToFirst(Node::relu, "std 1", seed) > 1000);
        assertTrue(lastToFirst(Node::relu, "std 0.01", seed) < 1e-3);
        assertTrue(lastToFirst(Node::relu, "Xavier", seed) < 0.5);
        assertEquals(1, lastToFirst(Node::relu, "He", seed), 0.5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void tanh_saturates_vanishes_and_is_kept_by_xavier(long seed) {
        for (Tensor layer : layers(Node::tanh, "std 1", seed)) {
            double saturated =
                    layer.abs().map((double v) -> v > 0.95 ? 1 : 0).mean().item();
            assertTrue(saturated > 0.7, saturated + " of the activations are above 0.95 in size");
        }
        assertTrue(lastToFirst(Node::tanh, "std 0.01", seed) < 1e-3);
        double xavier =
                ActivationHistograms.std(layers(Node::tanh, "Xavier", seed).get(4));
        assertTrue(xavier > 0.2 && xavier < 0.6, "Xavier: " + xavier);
    }

    /** Small weights make all outputs of a sigmoid layer 1/2, large ones 0 or 1. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sigmoid_saturates_or_gathers_at_a_half(long seed) {
        assertTrue(ActivationHistograms.std(layers(Node::sigmoid, "std 1", seed).get(4)) > 0.4);
        assertTrue(
                ActivationHistograms.std(layers(Node::sigmoid, "std 0.01", seed).get(4)) < 0.05);
    }

    @Test
    void the_page_shows_what_it_prints() throws Exception {
        ExperimentsPage.check(ActivationHistograms.class);
    }
}
