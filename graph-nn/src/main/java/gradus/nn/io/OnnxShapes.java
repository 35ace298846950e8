package gradus.nn.io;

import gradus.graph.Indexing;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.Shaping;
import gradus.graph.Slicing;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Order and shape: reshaping, transposition, slices, concatenation and selection. */
final class OnnxShapes extends OnnxWriter {
    OnnxShapes(OnnxExport export) {
        super(export);
    }

    @Override
    String write(Node n, Node x) {
        Op op = n.op();
        if (op instanceof Shaping.Reshape) {
            return reshaped(export.name(x), n, export.sizes(n));
        }
        if (op instanceof Shaping.Permute p) {
            return transposed(export.name(x), p.order().toArray());
        }
        if (op instanceof Shaping.Transpose t) {
            int[] order = IntStream.range(0, n.shape().rank()).toArray();
            order[t.axis1()] = t.axis2();
            order[t.axis2()] = t.axis1();
            return transposed(export.name(x), order);
        }
        if (op instanceof Shaping.ExpandTo) {
            return expanded(n, x);
        }
        if (op instanceof Slicing.Slice s) {
            requireSame(n);
            return export.call(
                    "Slice",
                    export.name(x),
                    export.integers(s.from()),
                    export.integers(s.to()),
                    export.integers(s.axis()));
        }
        if (op instanceof Slicing.Pad p) {
            long[] pads = new long[2 * n.shape().rank()];
            pads[p.axis()] = p.before();
            pads[n.shape().rank() + p.axis()] = p.after();
            return export.call("Pad", export.name(x), export.integers(pads));
        }
        if (op instanceof Slicing.Concat c) {
            return export.call("Concat", names(n.inputs().toArray(Node[]::new)), Map.of("axis", (long) c.axis()));
        }
        if (op instanceof Indexing.Take t) {
            return taken(n, x, t, (Indexing.Take) export.other(n).op());
        }
        return null;
    }

    private void requireSame(Node n) {
        if (!n.op().equals(export.other(n).op())) {
            throw OnnxExport.refused(n, "its parameters depend on the size of the batch");
        }
    }

    private String expanded(Node n, Node x) {
        int[] sizes = export.sizes(n);
        int[] from = export.sizes(x);
        for (int i = 0; i < from.length; i++) {
            int at = sizes.length - from.length + i;
            if (sizes[at] < 0 && from[i] < 0) {
                sizes[at] = 1; // that of x is kept
            }
        }
        return export.call("Expand", export.name(x), export.dynamicShape(n, sizes));
    }

    /** Takes elements of each example by itself: the positions of all examples must be those of the first, moved. */
    private String taken(Node n, Node x, Indexing.Take a, Indexing.Take b) {
        int[] sizes = export.sizes(n);
        int[] from = export.sizes(x);
        boolean ofExamples = sizes.length > 0 && from.length > 0 && sizes[0] < 0 && from[0] < 0;
        int[] positions = positions(a, n.shape().size());
        if (ofExamples) {
            int each = sizeOfExample(x);
            int count = n.shape().size() / n.shape().dim(0);
            int[] first = Arrays.copyOf(positions, count);
            if (n.shape().dim(0) != x.shape().dim(0)
                    || !repeats(positions, first, each)
                    || !repeats(positions(b, export.other(n).shape().size()), first, each)) {
                throw OnnxExport.refused(n, "it mixes examples");
            }
            String rows = from.length == 2 ? export.name(x) : reshaped(export.name(x), x, -1, each);
            String y = gathered(rows, 1, first);
            return sizes.length == 2 ? y : reshaped(y, n, sizes);
        }
        if (!a.equals(b)) {
            throw OnnxExport.refused(n, "the positions depend on the size of the batch");
        }
        String flat = from.length == 1 ? export.name(x) : reshaped(export.name(x), x, -1);
        String y = gathered(flat, 0, positions);
        return sizes.length == 1 ? y : reshaped(y, n, sizes);
    }

    private static int sizeOfExample(Node x) {
        return x.shape().size() / x.shape().dim(0);
    }

    static int[] positions(Indexing.Take t, int n) {
        int[] all = new int[n];
        for (int i = 0; i < n; i++) {
            all[i] = t.starts().get(i / t.length()) + i % t.length();
        }
        return all;
    }

    private static boolean repeats(int[] positions, int[] first, int each) {
        return IntStream.range(0, positions.length)
                .allMatch(i -> positions[i] == first[i % first.length] + i / first.length * each);
    }

    private String gathered(String x, int axis, int... indices) {
        return export.call(
                "Gather",
                List.of(x, export.integers(Arrays.stream(indices).asLongStream().toArray())),
                Map.of("axis", (long) axis));
    }
}
