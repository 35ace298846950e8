package gradus.graph;

import gradus.array.Tensor;

/**
 * Selected elements and their indices, as of {@link Node#sort}, {@link Node#topK}, {@link Node#median} and {@link Node#cummax}.
 *
 * @param values the elements; their gradient is scattered to the input
 * @param indices their indices along the axis in the input, whole numbers of the same shape
 */
public record ValuesAndIndices(Node values, Tensor indices) {
    /** Returns the outputs of an op, the first of which is the values and the second the indices. */
    static ValuesAndIndices of(Op.Multi op, Node x) {
        Node[] outputs = Node.outputs(op, x);
        return new ValuesAndIndices(outputs[0], outputs[1].value());
    }
}
