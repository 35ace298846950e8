package gradus.nn.optim;

import gradus.array.RowSparse;
import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An optimizer whose update is one fused pass over the arrays of a parameter and its state, written in place. With a
 * row-sparse gradient the pass runs on the rows that it has.
 */
abstract class InPlaceOptimizer extends Optimizer {
    InPlaceOptimizer(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Returns the names of the tensors that are kept of each parameter: of its shape, zeros at first. */
    abstract List<String> kept();

    /** Returns the names of the numbers that are kept of each parameter; {@link #begin} sets them. */
    List<String> keptNumbers() {
        return List.of();
    }

    /** Called once before each update of a parameter, whose step is already counted. */
    void begin(State s) {}

    /**
     * Writes the next value into p, with the gradient {@code g + l2 p}. Several threads call it for the rows of one parameter.
     *
     * @param kept the tensors that {@link #kept} names, or the same rows of them
     */
    abstract void updateInPlace(Tensor p, Tensor g, Tensor[] kept, State s, double l2);

    @Override
    final void apply(State s, Tensor g) {
        decay(s);
        begin(s);
        Tensor[] kept = kept(s);
        s.node().update(p -> updateInPlace(p, g, kept, s, s.l2()));
    }

    @Override
    final void apply(State s, RowSparse g) {
        begin(s);
        Tensor[] kept = kept(s);
        Tensor[] all = new Tensor[1 + kept.length];
        System.arraycopy(kept, 0, all, 1, kept.length);
        s.node().update(p -> {
            all[0] = p;
            Steps.onRows(g, rows -> updateRows(s, rows), all);
        });
    }

    /** Updates some rows: those of the gradient, of the parameter, and of what is kept. */
    private void updateRows(State s, Tensor... rows) {
        if (s.weightDecay() != 0) {
            Steps.scale(rows[1], 1 - s.learningRate() * s.weightDecay());
        }
        updateInPlace(rows[1], rows[0], Arrays.copyOfRange(rows, 2, rows.length), s, s.l2());
    }

    private Tensor[] kept(State s) {
        List<String> names = kept();
        Tensor[] kept = new Tensor[names.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = s.inParameterType(names.get(i));
        }
        return kept;
    }

    @Override
    protected final Tensor update(Tensor p, Tensor g, State s) {
        Tensor next = p.copy();
        begin(s);
        updateInPlace(next, g, kept(s), s, 0);
        return next;
    }

    /** Refuses a state that has another name than those that are kept, lacks one of them, or has another shape. */
    @Override
    final void requireState(Map<String, Tensor> state, int steps, State s) {
        state.forEach((name, t) -> {
            boolean isNumber = keptNumbers().contains(name);
            if (!isNumber && !kept().contains(name)) {
                throw new IllegalArgumentException("optimizer: the state has " + s.path() + "." + name + ", but "
                        + getClass().getSimpleName() + " keeps " + names() + "; is it the state of another optimizer?");
            }
            if (isNumber ? t.size() != 1 : !t.shape().equals(s.node().shape())) {
                throw new IllegalArgumentException("optimizer: " + s.path() + "." + name + " is " + t.shape()
                        + (isNumber
                                ? ", not a number"
                                : ", its parameter " + s.node().shape()));
            }
        });
        for (String name : names()) {
            if (steps > 0 && !state.containsKey(name)) {
                throw new IllegalArgumentException("optimizer: the state has no " + s.path() + "." + name + ", which "
                        + getClass().getSimpleName() + " keeps; is it the state of another optimizer?");
            }
        }
    }

    private List<String> names() {
        return Stream.concat(kept().stream(), keptNumbers().stream()).toList();
    }

    /** Refuses a rate of decay that is not from 0 to below 1. */
    final void requireDecayRate(String name, double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName() + ": " + name + " " + rate + " must be from 0 to below 1");
        }
    }
}
