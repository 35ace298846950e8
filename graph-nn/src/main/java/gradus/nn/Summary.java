package gradus.nn;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The table of a model's layers. The model evaluates one example of zeros, or none; a {@link Sequential} shows the
 * output of each of its layers, any other model its own output and the parameters of the layers inside.
 */
final class Summary {
    private static final String[] TITLES = {"layer", "type", "output", "parameters", "multiply-adds"};

    private final List<String[]> rows = new ArrayList<>();
    private final Set<Node> counted = Collections.newSetFromMap(new IdentityHashMap<>());

    private Summary() {}

    /** Returns the table without outputs and multiply-adds, which depend on the input. */
    static String of(Model model) {
        Summary s = new Summary();
        s.add("", model);
        s.total("");
        return s.table();
    }

    static String of(Model model, Shape example) {
        return recorded(model, () -> {
            Summary s = new Summary();
            Node x = zeros(model, example);
            s.total(number(multiplyAdds(s.add("", model, x), x)));
            return s.table();
        });
    }

    static String of(Model model, Function<Node[], Node> forward, Shape... examples) {
        return recorded(model, () -> {
            Summary s = new Summary();
            Node[] x = Arrays.stream(examples).map(e -> zeros(model, e)).toArray(Node[]::new);
            Node y = forward.apply(x.clone());
            Objects.requireNonNull(y, "summary: forward returned null");
            String products = number(multiplyAdds(y, x));
            s.rows.add(new String[] {"", model.toString(), batch(y.shape()), number(s.parameters(model)), products});
            s.inside("", model);
            s.total(products);
            return s.table();
        });
    }

    /** Computes with all parameters as variables, frozen ones too, so that the graph is recorded and can be counted. */
    private static String recorded(Model model, Supplier<String> table) {
        List<Node> frozen = new ArrayList<>();
        model.walk((path, part) -> {
            if (part instanceof Parameter p && p.node().isFrozen()) {
                frozen.add(p.node());
            }
        });
        frozen.forEach(Node::unfreeze);
        try {
            return table.get();
        } finally {
            frozen.forEach(Node::freeze);
        }
    }

    /** Returns a batch of one example, as a variable. */
    private static Node zeros(Model model, Shape example) {
        int[] dims = new int[example.rank() + 1];
        dims[0] = 1;
        System.arraycopy(example.dims(), 0, dims, 1, example.rank());
        return Node.variable(Tensor.zeros(Shape.of(dims), model.dtype() == null ? DType.FLOAT64 : model.dtype()));
    }

    private void total(String multiplyAdds) {
        long parameters = counted.stream().mapToLong(n -> n.shape().size()).sum();
        rows.add(new String[] {"total", "", "", number(parameters), multiplyAdds});
    }

    /** Adds the rows of a layer of which nothing is computed. */
    private void add(String path, Layer layer) {
        if (layer instanceof Sequential s) {
            s.layers().forEach((name, inner) -> add(path + (path.isEmpty() ? "" : ".") + name, inner));
            return;
        }
        long own = layer instanceof Model m ? parameters(m) : 0;
        rows.add(new String[] {path, Sequential.text(layer), "", number(own), ""});
        if (layer instanceof Model m) {
            inside(path, m);
        }
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
        rows.add(
                new String[] {path, Sequential.text(layer), batch(y.shape()), number(own), number(multiplyAdds(y, x))});
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
            rows.add(new String[] {at, Sequential.text(inner), "", "(" + number(n) + ")", ""});
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

    /** Returns the multiply-adds between inputs and an output. */
    private static long multiplyAdds(Node y, Node... x) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(List.of(y));
        seen.addAll(Arrays.asList(x));
        long sum = 0;
        while (!open.isEmpty()) {
            Node n = open.pop();
            if (seen.add(n)) {
                // of an op with several outputs each is a node
                sum += n.op() instanceof Op.Output o && !seen.add(o.op()) ? 0 : multiplyAdds(n);
                open.addAll(n.inputs());
            }
        }
        return sum;
    }

    /** Returns the multiply-adds of one op: each weight, once for each position that it is used at. */
    private static long multiplyAdds(Node n) {
        if (n.op() == null) {
            return 0;
        }
        String op = n.op() instanceof Op.Output o ? o.op().name() : n.op().name();
        List<Node> in = n.inputs();
        return switch (op) {
            case "matmul" -> { // [.., m, k] x [.., k, n], each perhaps stored transposed
                Shape a = in.get(0).shape();
                long k = (long) a.dim(-1) * a.dim(-2) / Math.max(1, n.shape().dim(-2));
                yield n.shape().size() * k;
            }
            case "conv1d", "conv2d", "conv3d" -> n.shape().size() * perElement(in.get(1));
            case "convTranspose1d", "convTranspose2d", "convTranspose3d" ->
                in.get(0).shape().size() * perElement(in.get(1));
            case "rnn", "gru", "lstm" -> { // [steps, n, in], weights of the input, of the state
                Shape x = in.get(0).shape();
                yield (long) x.dim(0) * x.dim(1) * (size(in.get(1)) + size(in.get(2)));
            }
            case "scaledDotProductAttention" -> { // [.., n, d], [.., m, d], [.., m, e]
                Shape v = in.get(2).shape();
                yield size(in.get(0)) * v.dim(-2) + n.shape().size() * (long) v.dim(-2);
            }
            default -> 0;
        };
    }

    private static long size(Node n) {
        return n.shape().size();
    }

    /** Returns the weights of each element of the first axis. */
    private static long perElement(Node w) {
        return size(w) / Math.max(1, w.shape().dim(0));
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
