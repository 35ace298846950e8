package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Objects;

/** Checks of normalisation layers. */
final class Norms {
    private Norms() {}

    /** Returns the shape of a row that is normalised. */
    static Shape features(String layer, int... features) {
        Objects.requireNonNull(features, () -> layer + ": features is null");
        if (features.length == 0 || Arrays.stream(features).anyMatch(f -> f < 1)) {
            throw new IllegalArgumentException(
                    layer + ": features " + Arrays.toString(features) + " must be one size or more, each at least 1");
        }
        return Shape.of(features);
    }

    static double epsilon(String layer, double epsilon) {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException(layer + ": epsilon " + epsilon + " must be at least 0");
        }
        return epsilon;
    }

    /** Refuses an input without this many axes, or with another number of channels. */
    static void requireChannels(String layer, Node x, int rank, int channels) {
        if (x.shape().rank() < rank || x.shape().dim(1) != channels) {
            throw new OperandMismatch(layer, "it takes [n, " + channels + (rank > 2 ? ", s, ..]" : ", ..]"), x.label());
        }
    }
}
