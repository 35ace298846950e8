package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.ops.RecurrentOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The layers of a recurrent network, in one direction or two: what {@link Rnn}, {@link Gru} and {@link Lstm} have in common.
 *
 * @param <L> the layer itself, returned by its settings
 */
abstract class RecurrentLayer<L extends RecurrentLayer<L>> extends Model {
    private final int in;
    private final int hidden;
    private final int gates;
    /** What the parameters of one network are called, in the order in which its op takes them. */
    private final List<String> names;

    private final int states;
    private int layers = 1;
    private boolean bidirectional;
    private Dropout dropout;
    /** The parameters of each layer and direction, those of a layer's reverse direction after those of the other. */
    private final List<Node[]> networks = new ArrayList<>();

    /** Creates one layer in one direction; a network with k gates has weights {@code [in, k hidden]}. */
    RecurrentLayer(int in, int hidden, int gates, int states, String... names) {
        if (in < 1 || hidden < 1) {
            throw new IllegalArgumentException(type() + ": sizes " + in + " and " + hidden + " must be at least 1");
        }
        this.in = in;
        this.hidden = hidden;
        this.gates = gates;
        this.states = states;
        this.names = List.of(names);
        declareNetworks();
    }

    /**
     * Stacks layers: each takes the outputs of the one before it. PyTorch's {@code num_layers}. Returns this layer.
     *
     * @throws IllegalArgumentException if n is below 1
     */
    public L layers(int n) {
        if (n < 1) {
            throw new IllegalArgumentException(type() + ".layers: " + n + " must be at least 1");
        }
        return changed("layers", n, bidirectional);
    }

    /**
     * Adds to each layer one that takes the sequences from their last step to their first: the outputs of both, {@code [n, t, 2 hidden]}, are
     * concatenated. PyTorch's {@code bidirectional}. Returns this layer.
     */
    public L bidirectional() {
        return changed("bidirectional", layers, true);
    }

    /**
     * Applies dropout to the outputs of each layer but the last. PyTorch's {@code dropout}. Returns this layer.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public L dropout(double p) {
        Dropout replacement = new Dropout(p);
        undeclare("dropout", "dropout");
        dropout = layer("dropout", replacement);
        return self();
    }

    @SuppressWarnings("unchecked")
    private L self() {
        return (L) this;
    }

    private L changed(String setting, int newLayers, boolean newBidirectional) {
        requireUnused(setting);
        for (int i = 0; i < networks.size(); i++) {
            for (String name : names) {
                undeclare(setting, name + suffix(i));
            }
        }
        networks.clear();
        layers = newLayers;
        bidirectional = newBidirectional;
        declareNetworks();
        return self();
    }

    private int directions() {
        return bidirectional ? 2 : 1;
    }

    /** Returns what the names of a network's parameters end in: {@code 1Reverse} for the reverse direction of layer 1. */
    private String suffix(int network) {
        return network / directions() + (network % directions() == 1 ? "Reverse" : "");
    }

    private void declareNetworks() {
        Initializer initializer = Initializers.fanIn(hidden);
        int width = gates * hidden;
        for (int i = 0; i < layers * directions(); i++) {
            int inputs = i < directions() ? in : directions() * hidden;
            Node[] p = new Node[names.size()];
            for (int k = 0; k < p.length; k++) {
                Shape s = k == 0 ? Shape.of(inputs, width) : k == 1 ? Shape.of(hidden, width) : Shape.of(width);
                p[k] = parameter(names.get(k) + suffix(i), s, initializer);
            }
            networks.add(p);
        }
    }

    /** Returns the outputs {@code [n, t, hidden]} and last states of one network; the initial states are none, for 0, or all. */
    abstract Node[] network(Node x, Node[] parameters, Node[] initial, RecurrentOptions options);

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require(type(), x, pass);
        return outputs(x, List.of(), RecurrentOptions.DEFAULT, pass)[0];
    }

    /**
     * Returns the outputs and the last states {@code [layers, n, hidden]}.
     *
     * @param initial the initial states {@code [layers, n, hidden]} by name; none for 0, or for those of the cache
     */
    final Node[] outputs(Node x, List<Node> initial, RecurrentOptions options, Pass pass) {
        Shape s = x.shape();
        if (s.rank() != 3 || s.dim(2) != in) {
            throw new OperandMismatch(type(), "it takes sequences [n, t, " + in + "]", x.label());
        }
        if (options.reverse()) {
            throw new IllegalArgumentException(
                    type() + ".run: options.reverse is not supported; bidirectional() adds the reverse direction");
        }
        List<Node> first = pass.hasCache() ? kept(x, initial, pass) : initial;
        requireStates(x, first);
        Node y = x;
        Node[][] last = new Node[states][networks.size()];
        for (int layer = 0; layer < layers; layer++) {
            if (layer > 0 && dropout != null) {
                y = dropout.forward(y, pass.in(Integer.toString(layer)));
            }
            Node[] outputs = new Node[directions()];
            for (int d = 0; d < outputs.length; d++) {
                int at = layer * outputs.length + d;
                Node[] from = first.stream().map(state -> state.select(0, at)).toArray(Node[]::new);
                Node[] result = network(y, networks.get(at), from, options.reverse(d == 1));
                outputs[d] = result[0];
                for (int k = 0; k < states; k++) {
                    last[k][at] = result[k + 1];
                }
            }
            y = outputs.length == 1 ? outputs[0] : Node.concat(-1, outputs);
        }
        Node[] all = new Node[states + 1];
        all[0] = y;
        for (int k = 0; k < states; k++) {
            all[k + 1] = Node.stack(0, last[k]);
        }
        if (pass.hasCache()) {
            pass.keep(path(), Arrays.stream(all).skip(1).map(Node::value).toArray(Tensor[]::new));
        }
        return all;
    }

    /** Returns the states that the calls before have kept. */
    private List<Node> kept(Node x, List<Node> initial, Pass pass) {
        String refused = (path() + " " + this).strip();
        if (bidirectional) {
            throw new IllegalStateException(
                    refused
                            + ": a bidirectional network takes sequences from their end as well, so it cannot continue them with a cache");
        }
        if (!initial.isEmpty()) {
            throw new IllegalStateException(refused + ": it has an initial state and a cache, which holds its state");
        }
        List<Node> kept = pass.kept(path()).stream().map(Node::constant).toList();
        if (!kept.isEmpty()) {
            Inputs.requireSequences(type(), x, kept.get(0).shape().dim(1));
        }
        return kept;
    }

    private void requireStates(Node x, List<Node> initial) {
        Shape expected = Shape.of(networks.size(), x.shape().dim(0), hidden);
        for (Node state : initial) {
            if (!state.shape().equals(expected)) {
                throw new OperandMismatch(
                        type(), "an initial state must be [layers, n, hidden], " + expected, x.label(), state.label());
            }
        }
    }

    /** Refuses an argument of {@code run} that is null. */
    final <T> T required(T argument, String name) {
        return Objects.requireNonNull(argument, () -> type() + ".run: " + name + " is null");
    }

    private String type() {
        return getClass().getSimpleName();
    }

    @Override
    protected boolean usesCache() {
        return true;
    }

    @Override
    public String toString() {
        return type() + "[" + in + ", " + hidden + "]" + (layers == 1 ? "" : " of " + layers + " layers")
                + (bidirectional ? " bidirectional" : "")
                + (dropout == null ? "" : " with " + dropout);
    }
}
