package gradus.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Shows the graph that a node was computed from. */
public final class GraphView {
    private static final int MOST_LINES = 200;

    private GraphView() {}

    /**
     * Returns the graph as text: a line for each node, leaves first, inputs before what uses them, as in
     * {@code %2 = mul(x, %1) [3]}. Of a large graph the first lines are shown and the others counted.
     */
    public static String text(Node root) {
        List<Node> nodes = nodes(root);
        IdentityHashMap<Node, String> names = new IdentityHashMap<>();
        Set<String> taken = new HashSet<>();
        StringBuilder out = new StringBuilder();
        for (Node n : nodes) {
            String name = n.name() != null ? n.name() : "%" + names.size();
            for (int k = 2; !taken.add(name); k++) { // two nodes may have been given one name
                name = (n.name() != null ? n.name() : "%" + names.size()) + "#" + k;
            }
            names.put(n, name);
            if (names.size() <= MOST_LINES) {
                out.append(name).append(" = ").append(made(n, names)).append(' ');
                out.append(n.shape()).append('\n');
            }
        }
        if (nodes.size() > MOST_LINES) {
            out.append("... and ").append(nodes.size() - MOST_LINES).append(" more nodes\n");
        }
        return out.toString();
    }

    private static String made(Node n, IdentityHashMap<Node, String> names) {
        if (n.inputCount() == 0) {
            return n.isTracked() ? "variable" : "constant";
        }
        StringBuilder s = new StringBuilder(n.op().name()).append('(');
        for (int i = 0; i < n.inputCount(); i++) {
            s.append(i == 0 ? "" : ", ").append(names.get(n.input(i)));
        }
        return s.append(')').toString();
    }

    private static List<Node> nodes(Node root) {
        IdentityHashMap<Node, Boolean> seen = new IdentityHashMap<>();
        Deque<Node> open = new ArrayDeque<>();
        open.push(root);
        seen.put(root, true);
        List<Node> nodes = new ArrayList<>();
        while (!open.isEmpty()) {
            Node n = open.pop();
            nodes.add(n);
            for (int i = n.inputCount() - 1; i >= 0; i--) {
                if (seen.put(n.input(i), true) == null) {
                    open.push(n.input(i));
                }
            }
        }
        nodes.sort(Comparator.comparingInt(Node::depth));
        return nodes;
    }
}
