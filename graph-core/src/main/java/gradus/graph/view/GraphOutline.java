package gradus.graph.view;

import gradus.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The part of a graph that is drawn: a box for each node that is kept, and one for all others. The nodes nearest to the root, in
 * breadth-first order, are kept; the others are folded into one box with their number. Boxes are in topological order, the
 * folded one first and the root last; edges are in the order of the boxes they lead to.
 */
record GraphOutline(List<Box> boxes, List<Edge> edges) {
    /** The kind of a box, and its colours; each kind also has its own shape in every format. */
    enum Kind {
        VARIABLE("#dbeafe", "#1d4ed8"),
        CONSTANT("#f1f5f9", "#64748b"),
        OP("#fef3c7", "#b45309"),
        FOLDED("#ffffff", "#64748b");

        final String fill;
        final String line;

        Kind(String fill, String line) {
            this.fill = fill;
            this.line = line;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A box; its identifier is not derived from the node's name, which may hold any characters and need not be unique. */
    record Box(String id, Kind kind, List<String> lines) {}

    /** An edge from one box to another, by their indices, and the operand positions it stands for. */
    record Edge(int from, int to, String operands) {}

    static final String INK = "#0f172a";
    static final String EDGE_INK = "#64748b";

    private static final int MAX_POSITIONS = 3;

    static GraphOutline of(Node root, NodeText text, int limit) {
        List<Node> kept = new ArrayList<>();
        int folded = keep(root, limit, kept) - kept.size();
        kept.sort(Comparator.comparingInt(Node::depth));

        List<Box> boxes = new ArrayList<>();
        if (folded > 0) {
            String count = String.format(Locale.ROOT, "... %,d more %s", folded, folded == 1 ? "node" : "nodes");
            boxes.add(new Box("more", Kind.FOLDED, List.of(count)));
        }
        int before = boxes.size();
        IdentityHashMap<Node, Integer> index = new IdentityHashMap<>();
        List<Edge> edges = new ArrayList<>();
        for (Node n : kept) {
            int i = boxes.size();
            index.put(n, i);
            boxes.add(new Box("n" + (i - before), kind(n), text.label(n)));
            edges.addAll(into(n, i, index, boxes));
        }
        return new GraphOutline(Collections.unmodifiableList(boxes), Collections.unmodifiableList(edges));
    }

    /** Adds the nodes nearest to the root, up to the limit, and returns the number of all nodes. */
    private static int keep(Node root, int limit, List<Node> kept) {
        IdentityHashMap<Node, Boolean> seen = new IdentityHashMap<>();
        Deque<Node> open = new ArrayDeque<>();
        open.add(root);
        seen.put(root, true);
        while (!open.isEmpty()) {
            Node n = open.remove();
            if (kept.size() < limit) {
                kept.add(n);
            }
            for (int i = 0; i < n.inputs().size(); i++) {
                if (seen.put(n.inputs().get(i), true) == null) {
                    open.add(n.inputs().get(i));
                }
            }
        }
        return seen.size();
    }

    private static Kind kind(Node n) {
        if (!n.inputs().isEmpty()) {
            return Kind.OP;
        }
        return n.isTracked() ? Kind.VARIABLE : Kind.CONSTANT;
    }

    /** Returns the edges into a node, one for each box they come from, in the order of the operands. */
    private static List<Edge> into(Node n, int to, IdentityHashMap<Node, Integer> index, List<Box> boxes) {
        Map<Integer, List<Integer>> positions = new LinkedHashMap<>();
        for (int i = 0; i < n.inputs().size(); i++) {
            int from = index.getOrDefault(
                    n.inputs().get(i), 0); // nodes that are not kept are in the folded box, the first
            positions.computeIfAbsent(from, k -> new ArrayList<>()).add(i + 1);
        }
        List<Edge> edges = new ArrayList<>();
        positions.forEach((from, at) -> {
            boolean folded = boxes.get(from).kind() == Kind.FOLDED;
            edges.add(new Edge(from, to, operands(at, n.inputs().size(), folded)));
        });
        return edges;
    }

    private static String operands(List<Integer> positions, int of, boolean folded) {
        if (positions.size() < of && positions.size() <= MAX_POSITIONS) {
            String list = positions.toString();
            return list.substring(1, list.length() - 1);
        }
        return of == 1 || folded ? "" : "×" + positions.size();
    }
}
