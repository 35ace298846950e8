package gradus.nn.train;

import gradus.graph.Node;
import gradus.nn.Model;
import gradus.nn.Pass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what the layers of a model compute in one pass. To those that are reported it adds, from the graph, the layers with parameters that
 * are called by models that do not report, and activation functions; their gradients are retained.
 */
final class ObservedLayers implements Pass.Observer {
    private static final Set<String> ACTIVATIONS = Set.of(
            "relu", "leakyRelu", "elu", "tanh", "sigmoid", "silu", "gelu", "geluTanh", "softplus", "hardtanh", "clamp");

    /**
     * A layer's call.
     *
     * @param path as in a row of the statistics
     * @param x its input
     * @param y its output
     */
    record Layer(String path, String type, Node x, Node y) {}

    private final Map<String, gradus.nn.Layer> byPath = new HashMap<>();
    private final IdentityHashMap<Node, String> owners = new IdentityHashMap<>();
    private final IdentityHashMap<Node, Layer> found = new IdentityHashMap<>();
    private final List<Layer> reported = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    ObservedLayers(Model model) {
        byPath.put("", model);
        addPaths("", model);
        model.allParameters()
                .forEach(
                        (path, p) -> owners.put(p, path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : ""));
    }

    private void addPaths(String prefix, Model model) {
        model.layers().forEach((name, layer) -> {
            byPath.put(prefix + name, layer);
            if (layer instanceof Model m) {
                addPaths(prefix + name + ".", m);
            }
        });
    }

    @Override
    public void computed(String path, Node x, Node y) {
        if (!found.containsKey(y)) { // a layer around the last one, or one that returns its input, has the same output
            String own = inModel(path);
            reported.add(add(own, type(own, y), x, y));
        }
    }

    /** Returns a path from the outermost model as one of this model, which may be inside it. */
    private String inModel(String path) {
        for (String rest = path; ; rest = rest.substring(rest.indexOf('.') + 1)) {
            if (byPath.containsKey(rest)) {
                return rest;
            }
            if (!rest.contains(".")) {
                return path;
            }
        }
    }

    private String type(String path, Node y) {
        gradus.nn.Layer layer = byPath.get(path);
        if (layer instanceof Model m) {
            return m.getClass().isAnonymousClass() ? "Model" : m.getClass().getSimpleName();
        }
        return y.op() == null ? "function" : y.op().name();
    }

    private Layer add(String path, String type, Node x, Node y) {
        String name = path;
        for (int i = 2; !names.add(name); i++) {
            name = path + " #" + i;
        }
        Layer layer = new Layer(name, type, x, y);
        found.put(y, layer);
        if (y.isTracked()) {
            y.retainGradient();
        }
        return layer;
    }

    /** Returns all layers in the order in which they were computed. */
    List<Layer> upTo(Node output) {
        List<Node> graph = graph(output);
        IdentityHashMap<Node, Integer> positions = new IdentityHashMap<>();
        graph.forEach(n -> positions.put(n, positions.size()));
        List<Layer> all = new ArrayList<>(reported);
        addOwners(graph).forEach((node, owner) -> {
            if (!found.containsKey(node) && !names.contains(owner)) {
                all.add(add(owner.isEmpty() ? "model" : owner, type(owner, node), node, node));
            }
        });
        for (Node n : graph) {
            if (n.op() != null && ACTIVATIONS.contains(n.op().name()) && !found.containsKey(n)) {
                String before = before(n);
                String name = n.op().name();
                all.add(add(
                        before.isEmpty() ? name : before + " " + name,
                        name,
                        n.inputs().get(0),
                        n));
            }
        }
        // what is not recorded was computed before the first parameter
        all.sort(Comparator.comparingInt(l -> positions.getOrDefault(l.y(), -1)));
        return all;
    }

    /** Returns the nodes that a node was computed from, and itself, in topological order. */
    private static List<Node> graph(Node output) {
        List<Node> order = new ArrayList<>();
        IdentityHashMap<Node, Boolean> done = new IdentityHashMap<>();
        Deque<Node> open = new ArrayDeque<>(List.of(output));
        while (!open.isEmpty()) {
            Node n = open.peek();
            Boolean isDone = done.putIfAbsent(n, false);
            if (isDone == null) {
                for (int i = n.inputs().size() - 1; i >= 0; i--) { // the first input is the next
                    if (!done.containsKey(n.inputs().get(i))) {
                        open.push(n.inputs().get(i));
                    }
                }
            } else {
                open.pop();
                if (!isDone) {
                    done.put(n, true);
                    order.add(n);
                }
            }
        }
        return order;
    }

    /** Returns for each layer with parameters the last node that is computed from one of them and from the input. */
    private IdentityHashMap<Node, String> addOwners(List<Node> graph) {
        IdentityHashMap<Node, String> ofParameters =
                new IdentityHashMap<>(owners); // of parameters alone, as a transposed weight
        Map<String, Node> last = new HashMap<>();
        for (Node n : graph) {
            if (!n.inputs().isEmpty()) {
                boolean alone = !found.containsKey(n) && !n.op().name().equals("embedding"); // looked up by the batch
                String owner = null;
                for (Node in : n.inputs()) {
                    String inputOwner = ofParameters.get(in);
                    owner = owner == null ? inputOwner : owner;
                    alone &= inputOwner != null
                            || (in.inputs().isEmpty() && in.shape().rank() == 0);
                }
                if (owner != null && alone) {
                    ofParameters.put(n, owner);
                } else if (owner != null) {
                    last.put(owner, n);
                }
            }
        }
        IdentityHashMap<Node, String> byNode = new IdentityHashMap<>();
        last.forEach((owner, node) -> byNode.put(node, owner));
        return byNode;
    }

    /** Returns the path of the layer whose output a node was computed from, along first inputs; empty if there is none. */
    private String before(Node n) {
        for (Node in = n; !in.inputs().isEmpty(); ) {
            in = in.inputs().get(0);
            if (found.containsKey(in)) {
                return found.get(in).path();
            }
        }
        return "";
    }
}
