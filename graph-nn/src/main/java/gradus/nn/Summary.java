package gradus.nn;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The table of a model's layers. The model evaluates one example of zeros; a {@link Sequential} shows the output of each
 * of its layers, any other model its own output and the parameters of the layers inside.
 */
final class Summary {
    private static final String[] TITLES = {"layer", "type", "output", "parameters", "multiply-adds"};

    private final List<String[]> rows = new ArrayList<>();
    private final Set<Node> counted = Collections.newSetFromMap(new IdentityHashMap<>());

    private Summary() {}

    static String of(Model model, Shape example) {
        int[] dims = new int[example.rank() + 1];
        dims[0] = 1;
        System.arraycopy(example.dims(), 0, dims, 1, example.rank());
        // a variable, so that the graph from it to the output is recorded and can be counted
        Node x = Node.variable(Tensor.zeros(Shape.of(dims), model.dtype() == null ? DType.FLOAT64 : model.dtype()));
        Summary s = new Summary();
        Node y = s.add("", model, x);
        s.rows.add(new String[] {
            "total",
            "",
            "",
            number(s.counted.stream().mapToLong(n -> n.shape().size()).sum()),
            number(multiplyAdds(y, x))
        });
        return s.table();
    }

    /** Adds the rows of a layer, and returns its output. */
    private Node add(String path, Layer layer, Node x) {
        if (layer instanceof Sequential s) {
            Node y = x;
            for (Map.Entry<String, Layer> e : s.layers().entrySet()) {
                y = add(path + (path.isEmpty() ? "" : ".") + e.getKey(), e.getValue(), y);
            }
            return y;
        }
        Node y = layer.forward(x, Pass.evaluation());
        long own = layer instanceof Model m ? parameters(m) : 0;
        rows.add(new String[] {path, name(layer), batch(y.shape()), number(own), number(multiplyAdds(y, x))});
        if (layer instanceof Model m) {
            inside(path, m);
        }
        return y;
    }

    /** Adds the rows of the layers inside a model, whose outputs are not known. */
    private void inside(String path, Model model) {
        model.layers().forEach((name, inner) -> {
            String at = path + (path.isEmpty() ? "" : ".") + name;
            long n = inner instanceof Model m ? size(m) : 0;
            rows.add(new String[] {at, name(inner), "", "(" + number(n) + ")", ""});
            if (inner instanceof Model m) {
                inside(at, m);
            }
        });
    }

    /** Returns the number of parameter elements that were not counted before, as a shared layer's are counted once. */
    private long parameters(Model model) {
        long[] n = {0};
        model.walk((path, part) -> {
            if (part instanceof Parameter p && counted.add(p.node())) {
                n[0] += p.node().shape().size();
            }
        });
        return n[0];
    }

    private static long size(Model model) {
        long[] n = {0};
        model.walk((path, part) ->
                n[0] += part instanceof Parameter p ? p.node().shape().size() : 0);
        return n[0];
    }

    /** Returns the multiply-adds of the products and convolutions between two nodes. */
    private static long multiplyAdds(Node y, Node x) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(List.of(y));
        seen.add(x);
        long sum = 0;
        while (!open.isEmpty()) {
            Node n = open.pop();
            if (seen.add(n)) {
                sum += multiplyAdds(n);
                open.addAll(n.inputs());
            }
        }
        return sum;
    }

    private static long multiplyAdds(Node n) {
        String op = n.op() == null ? "" : n.op().name();
        if (op.equals("matmul")) {
            Shape a = n.inputs().get(0).shape();
            return (long) n.shape().size() * a.dim(-1);
        }
        if (op.startsWith("conv")) {
            Shape w = n.inputs().get(1).shape();
            long perElement = w.size() / Math.max(1, w.dim(0));
            return perElement
                    * (op.contains("Transpose") ? n.inputs().get(0) : n).shape().size();
        }
        return 0;
    }

    private static String name(Layer layer) {
        return layer.getClass().isHidden() || layer.getClass().isSynthetic() ? "function" : layer.toString();
    }

    /** Returns a shape with its first axis, the batch, as n. */
    private static String batch(Shape s) {
        return s.rank() == 0 ? "[]" : s.toString().replaceFirst("\\[1\\b", "[n");
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private String table() {
        rows.add(0, TITLES);
        int[] width = new int[TITLES.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                width[i] = Math.max(width[i], row[i].length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String pad = " ".repeat(width[i] - row[i].length());
                line.append(i == 0 ? "" : "  ").append(i < 3 ? row[i] + pad : pad + row[i]);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
