package gradus.graph;

import gradus.array.Tensor;

/**
 * Sorted elements and their indices, the result of {@link Node#sort} and {@link Node#topK}.
 *
 * @param values the elements; their gradient is scattered to the input
 * @param indices their indices along the axis in the input, whole numbers of the same shape
 */
public record ValuesAndIndices(Node values, Tensor indices) {}
