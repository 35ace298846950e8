package gradus.graph;

import java.util.Arrays;
import java.util.IdentityHashMap;

/**
 * Nodes and the sums of the gradients that reached them so far, in the order of arrival. Few nodes share a depth in
 * most graphs, so a node is looked for by eye; an index is made only when there are many. Reading
 * writes nothing, so that threads may share what is read only.
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
        size++;
        if (index != null) {
            index.put(x, size - 1);
        } else if (size > INDEX_ABOVE) {
            index = new IdentityHashMap<>();
            for (int k = 0; k < size; k++) {
                index.put(nodes[k], k);
            }
        }
    }

    private int find(Node x) {
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
