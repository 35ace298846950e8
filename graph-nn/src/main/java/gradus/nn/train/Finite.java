package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Finds what is NaN or infinite. */
final class Finite {
    /** The examples that are looked at together. */
    private static final int EXAMPLES = 256;

    private Finite() {}

    /** Returns whether all elements are finite: if their sum is, without another pass. */
    static boolean isFinite(Tensor t) {
        return t.size() == 0
                || Double.isFinite(t.sum().item())
                || (Double.isFinite(t.max().item()) && Double.isFinite(t.min().item()));
    }

    /** Refuses a set with an example that is not finite. */
    static void require(Dataset examples) {
        int n = examples.size();
        for (int from = 0; from < n; from += EXAMPLES) {
            int start = from;
            String found = find(examples.batch(from, Math.min(n, from + EXAMPLES)), i -> start + i);
            if (!found.isEmpty()) {
                throw new IllegalArgumentException(found);
            }
        }
    }

    /** Returns which example of a batch has NaN or infinity, and where; empty if none has. */
    static String find(Batch batch, IntUnaryOperator index) {
        String found = find("input", batch.inputs(), index);
        return found.isEmpty() ? find("target", batch.targets(), index) : found;
    }

    private static String find(String what, List<Tensor> tensors, IntUnaryOperator index) {
        for (int k = 0; k < tensors.size(); k++) {
            Tensor t = tensors.get(k);
            if (!isFinite(t)) {
                double[] v = t.toDoubleArray();
                int each = v.length / t.shape().dim(0);
                int i = 0;
                while (Double.isFinite(v[i])) {
                    i++;
                }
                return "example " + index.applyAsInt(i / each) + " has " + v[i] + " at element " + i % each + " of its "
                        + what + (tensors.size() > 1 ? " " + k : "");
            }
        }
        return "";
    }
}
