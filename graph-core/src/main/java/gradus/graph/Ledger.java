package gradus.graph;

import java.util.Arrays;
import java.util.IdentityHashMap;

/**
 * Nodes and the sums of the gradients that reached them so far, in the order of arrival. Few nodes share a depth in
 * most graphs, so a node is looked for by eye; an index is made only when there are many.
 */
final class Ledger {
    private static final int INDEX_ABOVE = 8;

    private Node[] nodes = new Node[2];
    private Node[] gradients = new Node[2];
    private int size;
    private IdentityHashMap<Node, Integer> index;

    int size() {
        return size;
    }

    Node node(int i) {
        return nodes[i];
    }

    Node gradient(int i) {
        return gradients[i];
    }

    /** Returns the sum for a node, or null if nothing reached it. */
    Node of(Node x) {
        int i = find(x);
        return i < 0 ? null : gradients[i];
    }

    void add(Node x, Node gx) {
        int i = find(x);
        if (i >= 0) {
            gradients[i] = gradients[i].add(gx);
            return;
        }
        if (size == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * size);
            gradients = Arrays.copyOf(gradients, 2 * size);
        }
        nodes[size] = x;
        gradients[size] = gx;
        if (index != null) {
            index.put(x, size);
        }
        size++;
    }

    private int find(Node x) {
        if (index == null && size > INDEX_ABOVE) {
            index = new IdentityHashMap<>();
            for (int i = 0; i < size; i++) {
                index.put(nodes[i], i);
            }
        }
        if (index != null) {
            Integer i = index.get(x);
            return i == null ? -1 : i;
        }
        for (int i = size - 1; i >= 0; i--) {
            if (nodes[i] == x) {
                return i;
            }
        }
        return -1;
    }
}
