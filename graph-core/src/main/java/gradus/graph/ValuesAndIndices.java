package gradus.graph;

import gradus.array.Tensor;

/**
 * Elements in their order, as {@link Node#sort} and {@link Node#topK} give them.
 *
 * @param values the elements; their gradient goes back to where they stood
 * @param indices where they stood along the axis, whole numbers of the same shape
 */
public record ValuesAndIndices(Node values, Tensor indices) {}
