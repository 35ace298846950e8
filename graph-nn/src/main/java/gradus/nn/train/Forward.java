package gradus.nn.train;

import gradus.graph.Node;
import gradus.nn.Pass;
import gradus.nn.data.Batch;

/** How a model computes its output for a batch; for models with several inputs, {@code (batch, pass) -> ..}. */
@FunctionalInterface
public interface Forward {
    /** Returns the output for the inputs of a batch. */
    Node of(Batch batch, Pass pass);
}
