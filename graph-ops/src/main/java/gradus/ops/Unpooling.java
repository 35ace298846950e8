package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Pool;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Objects;

/**
 * The transpose of max pooling over the last 1, 2 or 3 axes, {@code [.., oh, ow] -> [.., h, w]} for two: each maximum is put back to
 * its index, as {@link Pooling#maxPool2dWithIndices} returns it, and all other elements are 0.
 */
public final class Unpooling {
    private static final String[] OUTPUT_AXES = {"od", "oh", "ow"};

    private Unpooling() {}

    private static Node unpool(String op, Node x, Tensor indices, int... sizes) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        Objects.requireNonNull(indices, () -> op + ": indices is null");
        Shape s = x.shape();
        boolean fits = s.rank() >= sizes.length && s.equals(indices.shape());
        String axes = "";
        String least = "";
        String given = "";
        Shape out = s;
        for (int i = 0; i < sizes.length; i++) {
            fits &= sizes[i] >= 1;
            axes += ", " + (sizes.length == 1 ? "ol" : OUTPUT_AXES[OUTPUT_AXES.length - sizes.length + i]);
            least += (i == 0 ? "" : " x ") + 1;
            given += (i == 0 ? "" : " x ") + sizes[i];
        }
        if (!fits) {
            String why = "it takes [.." + axes + "], indices of that shape, and an output of " + least
                    + " or more, not " + given;
            throw new OperandMismatch(op, why, s, indices.shape());
        }
        for (int i = 0; i < sizes.length; i++) {
            out = out.with(s.rank() - sizes.length + i, sizes[i]);
        }
        Pool.Positions positions = Pool.Positions.of(op, indices, out, sizes.length);
        return Node.of(new Pooling.ScatterAdd(positions), x.where(Node.constant(positions.lastOnes(x.dtype())), 0));
    }

    /**
     * Returns signals of l elements that are 0 but for the elements of x at their indices: {@code [.., ol] -> [.., l]}. Of
     * several with one index the last counts. PyTorch's {@code max_unpool1d}, whose gradient counts all of these.
     *
     * @param indices the position of each element in its signal, as {@link Pooling#maxPool1dWithIndices} returns it
     * @throws OperandMismatch if there are not as many indices as elements, or one is not in the signal
     */
    public static Node maxUnpool1d(Node x, Tensor indices, int l) {
        return unpool("maxUnpool1d", x, indices, l);
    }

    /**
     * Returns planes of h x w that are 0 but for the elements of x at their indices: {@code [.., oh, ow] -> [.., h, w]}. Of
     * several with one index the last counts. PyTorch's {@code max_unpool2d}, whose gradient counts all of these.
     *
     * @param indices the position of each element in its plane, as {@link Pooling#maxPool2dWithIndices} returns it
     * @throws OperandMismatch if there are not as many indices as elements, or one is not in the plane
     */
    public static Node maxUnpool2d(Node x, Tensor indices, int h, int w) {
        return unpool("maxUnpool2d", x, indices, h, w);
    }

    /**
     * Returns volumes of d x h x w that are 0 but for the elements of x at their indices: {@code [.., od, oh, ow] -> [.., d, h,
     * w]}. Of several with one index the last counts. PyTorch's {@code max_unpool3d}, whose gradient counts all of these.
     *
     * @param indices the position of each element in its volume, as {@link Pooling#maxPool3dWithIndices} returns it
     * @throws OperandMismatch if there are not as many indices as elements, or one is not in the volume
     */
    public static Node maxUnpool3d(Node x, Tensor indices, int d, int h, int w) {
        return unpool("maxUnpool3d", x, indices, d, h, w);
    }
}
