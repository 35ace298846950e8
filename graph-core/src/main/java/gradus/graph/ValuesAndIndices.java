package gradus.graph;

import gradus.array.Tensor;

/**
 * Elements in order, as {@link Node#sort} and {@link Node#topK} return them.
 *
 * @param values the elements; their gradient is scattered to the positions that they were taken from
 * @param indices the positions that they were taken from along the axis, whole numbers of the same shape
 */
public record ValuesAndIndices(Node values, Tensor indices) {}
