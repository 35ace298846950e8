package gradus.graph;

import java.util.Arrays;

/**
 * Nodes and the sums of the gradients that reached them so far, in the order of arrival. In most graphs few nodes share a
 * depth, so a node is found by linear search; a hash index is built only when there are many. Reading writes nothing, so
 * threads may share what is only read.
 *
 * <p>The first gradient of a node may be in use elsewhere, as a rule may return the one it was given. A sum of two was
 * computed here, and no other object refers to it until it is taken out: further gradients are added to it in place. A sum
 * of row-sparse gradients is row-sparse, and never written.
 */
final class GradientAccumulator {
    private static final int INDEX_ABOVE = 32;

    private Node[] nodes = new Node[2];
    private Node[] gradients = new Node[2];
    /** Whether each gradient is a sum that was computed here. */
    private boolean[] summed = new boolean[2];

    private int size;
    /** A hash table of positions plus one, with open addressing, by the nodes' identity; null if there are few. */
    private int[] index;

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

    /** Adds a gradient to a node's sum, in place if the sum is no graph and no other object refers to it. */
    void add(Node x, Node gx, boolean graph) {
        int i = find(x);
        if (i < 0) {
            append(x, gx);
        } else if (summed[i]) {
            gradients[i].increase(gx);
        } else {
            gradients[i] = gradients[i].plus(gx);
            // a sum that records its terms must not change, and anomaly detection checks each sum
            summed[i] = !graph
                    && !gradients[i].isTracked()
                    && !AnomalyDetection.isSet()
                    && gradients[i].rowSparse() == null;
        }
    }

    /** Adds a node that is not here yet. */
    void append(Node x, Node gx) {
        if (size == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * size);
            gradients = Arrays.copyOf(gradients, 2 * size);
            summed = Arrays.copyOf(summed, 2 * size);
        }
        nodes[size] = x;
        gradients[size] = gx;
        summed[size] = false;
        size++;
        if (size > INDEX_ABOVE) {
            index();
        }
    }

    /** Removes everything, so that this can be used again. */
    void clear() {
        Arrays.fill(nodes, 0, size, null);
        Arrays.fill(gradients, 0, size, null);
        size = 0;
        index = null;
    }

    /** Returns the position of a node, or -1. */
    int find(Node x) {
        if (index != null) {
            return index[slot(x)] - 1;
        }
        for (int i = size - 1; i >= 0; i--) {
            if (nodes[i] == x) {
                return i;
            }
        }
        return -1;
    }

    /** Adds the last node to the index, which is at most half full; a new index takes all. */
    private void index() {
        int from = size - 1;
        if (index == null || index.length < 2 * size) {
            index = new int[4 * Integer.highestOneBit(size)];
            from = 0;
        }
        for (int i = from; i < size; i++) {
            index[slot(nodes[i])] = i + 1;
        }
    }

    /** Returns the slot of the index that holds a node, or the free one that it would take. */
    private int slot(Node x) {
        int mask = index.length - 1;
        int at = System.identityHashCode(x) & mask;
        while (index[at] > 0 && nodes[index[at] - 1] != x) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
