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
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The table of a model's layers. The model evaluates one example of zeros, or none. What is inside a layer that is not
 * a {@link Composite} is in parentheses, as it is part of that layer's numbers; outputs are known of the layers of a
 * composite.
 */
final class Summary {
    private static final String[] TITLES = {"layer", "type", "output", "parameters", "multiply-adds"};

    private final List<String[]> rows = new ArrayList<>();
    private final Set<Node> counted = Collections.newSetFromMap(new IdentityHashMap<>());
    /** The first call of each layer of a composite, by its path from the outermost model. */
    private final Map<String, Call> calls = new HashMap<>();

    private Summary() {}

    /** What a layer was given and what it returned. */
    private record Call(Node y, Node... x) {}

    /** Returns the table without outputs and multiply-adds, which depend on the input. */
    static String of(Model model) {
        return new Summary().table(model, null);
    }

    static String of(Model model, Shape example) {
        return recorded(model, () -> {
            Summary s = new Summary();
            Node x = zeros(model, example);
            Pass pass = Pass.evaluation().observedBy((path, in, y) -> s.calls.putIfAbsent(path, new Call(y, in)));
            return s.table(model, new Call(model.forward(x, pass), x));
        });
    }

    static String of(Model model, Function<Node[], Node> forward, Shape... examples) {
        return recorded(model, () -> {
            Node[] x = Arrays.stream(examples).map(e -> zeros(model, e)).toArray(Node[]::new);
            Node y = forward.apply(x.clone());
            Objects.requireNonNull(y, "summary: forward returned null");
            return new Summary().table(model, new Call(y, x));
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

    /** Returns the table of a model; the call is null if nothing was computed. */
    private String table(Model model, Call call) {
        add("", model, call, false);
        long parameters = counted.stream().mapToLong(n -> n.shape().size()).sum();
        rows.add(new String[] {"total", "", "", number(parameters), call == null ? "" : number(multiplyAdds(call))});
        return text();
    }

    /**
     * Adds the rows of a layer.
     *
     * @param call null if it is not known
     * @param inside whether its numbers are part of those of a layer around it
     */
    private void add(String path, Layer layer, Call call, boolean inside) {
        if (layer instanceof Composite c) {
            c.layers().forEach((name, inner) -> add(at(path, name), inner, call(c, name), inside));
            if (!(c instanceof Sequential)) {
                row(path, c.getClass().getSimpleName(), call, 0, 0, inside);
            }
            return;
        }
        long parameters = !(layer instanceof Model m) ? 0 : inside ? size(m) : parameters(m);
        row(path, Sequential.text(layer), call, parameters, call == null ? 0 : multiplyAdds(call), inside);
        if (layer instanceof Model m) {
            m.layers().forEach((name, inner) -> add(at(path, name), inner, null, true));
        }
    }

    private Call call(Composite composite, String name) {
        return calls.get(at(composite.path(), name));
    }

    private static String at(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private void row(String path, String type, Call call, long parameters, long multiplyAdds, boolean inside) {
        String products = call == null ? "" : number(multiplyAdds);
        String output = call == null ? "" : batch(call.y.shape());
        rows.add(new String[] {path, type, output, part(number(parameters), inside), part(products, inside)});
    }

    private static String part(String number, boolean inside) {
        return inside && !number.isEmpty() ? "(" + number + ")" : number;
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

    /** Returns the multiply-adds between the inputs and the output of a call. */
    private static long multiplyAdds(Call call) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(List.of(call.y));
        seen.addAll(Arrays.asList(call.x));
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

    private String text() {
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
