package gradus.nn.zoo;

import gradus.graph.Node;
import gradus.nn.Embedding;
import gradus.nn.Gru;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.ops.RecurrentOptions;
import java.util.Objects;

/**
 * A classifier of token sequences: a GRU reads them, and a linear layer takes its last state, {@code [n, t] -> [n, classes]} logits.
 */
public final class TextClassifier extends Model {
    private final Embedding token;
    private final Gru gru;
    private final Linear head;

    /**
     * Returns a classifier.
     *
     * @param tokens the number of different tokens
     * @param dim the size of the vector of a token
     * @param hidden the size of the state
     */
    public TextClassifier(int tokens, int dim, int hidden, int classes) {
        this.token = layer("token", new Embedding(tokens, dim));
        this.gru = layer("gru", new Gru(dim, hidden));
        this.head = layer("head", new Linear(hidden, classes));
    }

    @Override
    public Node forward(Node x, Pass pass) {
        return forward(x, RecurrentOptions.DEFAULT, pass);
    }

    /** Returns the logits of sequences of different lengths, {@code RecurrentOptions.DEFAULT.lengths(5, 3, 4)}; what is behind them has no effect. */
    public Node forward(Node x, RecurrentOptions options, Pass pass) {
        Objects.requireNonNull(x, "TextClassifier.forward: x is null");
        Objects.requireNonNull(pass, "TextClassifier.forward: pass is null");
        Node h = gru.run(token.forward(x), options, pass).h();
        return head.forward(h.select(0, 0));
    }
}
