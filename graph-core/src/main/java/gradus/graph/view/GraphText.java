package gradus.graph.view;

import gradus.graph.Node;
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

/** Writes a graph as lines of text in topological order. */
final class GraphText {
    private final IdentityHashMap<Node, String> names = new IdentityHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> copies = new HashMap<>();

    private GraphText() {}

    static String write(Node root, NodeText text, int limit) {
        List<Node> nodes = nodes(root);
        GraphText writer = new GraphText();
        StringBuilder out = new StringBuilder();
        for (Node n :
                nodes.subList(0, Math.min(limit, nodes.size()))) { // a line refers only to nodes of previous lines
            String name = writer.name(n);
            out.append(name)
                    .append(" = ")
                    .append(writer.expression(n))
                    .append(' ')
                    .append(n.shape());
            text.numbers(n).forEach(s -> out.append(", ").append(s));
            out.append('\n');
        }
        if (nodes.size() > limit) {
            out.append("... and ").append(nodes.size() - limit).append(" more nodes\n");
        }
        return out.toString();
    }

    /** Returns a unique name for a node; a name that is already taken gets a number. */
    private String name(Node n) {
        // a line break in a name would read as another node
        String given = n.name() != null ? n.name().replaceAll("\\R", " ") : "%" + names.size();
        String name = given;
        while (!taken.add(name)) {
            name = given + "#" + copies.merge(given, 2, (k, two) -> k + 1);
        }
        names.put(n, name);
        return name;
    }

    private String expression(Node n) {
        if (n.inputs().isEmpty()) {
            return NodeText.kind(n);
        }
        StringBuilder s = new StringBuilder(NodeText.kind(n)).append('(');
        for (int i = 0; i < n.inputs().size(); i++) {
            s.append(i == 0 ? "" : ", ").append(names.get(n.inputs().get(i)));
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
            for (int i = n.inputs().size() - 1; i >= 0; i--) {
                if (seen.put(n.inputs().get(i), true) == null) {
                    open.push(n.inputs().get(i));
                }
            }
        }
        nodes.sort(Comparator.comparingInt(Node::depth));
        return nodes;
    }
}
