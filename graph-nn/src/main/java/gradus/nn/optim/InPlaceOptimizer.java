package gradus.nn.optim;

import gradus.array.RowSparse;
import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Map;

/** An optimizer whose update is one fused pass over the arrays of a parameter and its state, written in place. */
abstract class InPlaceOptimizer extends Optimizer {
    InPlaceOptimizer(Map<String, Node> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    @Override
    final void apply(State s, Tensor g) {
        decay(s);
        s.node().update(p -> updateInPlace(p, g, s, s.l2()));
    }

    @Override
    final void apply(State s, RowSparse g) {
        s.node().update(p -> {
            if (s.weightDecay() != 0) {
                Steps.scale(p, g, 1 - s.learningRate() * s.weightDecay());
            }
            updateInPlace(p, g, s, s.l2());
        });
    }

    @Override
    final void requireState(String name, Tensor t, State s) {
        if (!t.shape().equals(s.node().shape())) {
            throw new IllegalArgumentException("optimizer: " + name + " is " + t.shape() + ", its parameter "
                    + s.node().shape());
        }
    }

    /** Writes the next value into p, with the gradient {@code g + l2 p}. */
    abstract void updateInPlace(Tensor p, Tensor g, State s, double l2);

    /** Writes the next value of the rows that the gradient has. */
    abstract void updateInPlace(Tensor p, RowSparse g, State s, double l2);

    @Override
    protected final Tensor update(Tensor p, Tensor g, State s) {
        Tensor next = p.copy();
        updateInPlace(next, g, s, 0);
        return next;
    }
}
