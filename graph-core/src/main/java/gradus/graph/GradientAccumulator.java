package gradus.graph;

import java.util.Arrays;

/**
 * Nodes and the sums of the gradients that reached them so far, in the order of arrival. Few nodes share a depth in
 * most graphs, so a node is looked for by eye; an index is made only when there are many. Reading
 * writes nothing, so that threads may share what is read only.
 *
 * <p>The first gradient of a node may be in use elsewhere, as a rule may return the one it was given. A sum of two was made
 * here and is known to nobody until it is taken out, so what arrives later is added to it in place.
 */
final class GradientAccumulator {
    private static final int INDEX_ABOVE = 32;

    private Node[] nodes = new Node[2];
    private Node[] gradients = new Node[2];
    /** Whether each gradient is a sum that was made here. */
    private boolean[] summed = new boolean[2];

    private int size;
    /** Where nodes stand, plus one, at places given by their identity and the next free ones; null if there are few. */
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

    /** Adds a gradient to a node's sum: in place if it may, unless the sum is to remember what it was made of. */
    void add(Node x, Node gx, boolean graph) {
        int i = find(x);
        if (i < 0) {
            append(x, gx);
        } else if (summed[i]) {
            gradients[i].increase(gx);
        } else {
            gradients[i] = gradients[i].add(gx);
            // a sum that remembers what it was made of may not grow, and a trap is to see every sum
            summed[i] = !graph && !gradients[i].isTracked() && !AnomalyDetection.isSet();
        }
    }

    /** Enters a node that is not here yet. */
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
            enter();
        }
    }

    /** Forgets everything, to be used again. */
    void clear() {
        Arrays.fill(nodes, 0, size, null);
        Arrays.fill(gradients, 0, size, null);
        size = 0;
        index = null;
    }

    private int find(Node x) {
        if (index != null) {
            return index[place(x)] - 1;
        }
        for (int i = size - 1; i >= 0; i--) {
            if (nodes[i] == x) {
                return i;
            }
        }
        return -1;
    }

    /** Enters the last node in the index, which is at most half full; a new one takes in all. */
    private void enter() {
        int from = size - 1;
        if (index == null || index.length < 2 * size) {
            index = new int[4 * Integer.highestOneBit(size)];
            from = 0;
        }
        for (int i = from; i < size; i++) {
            index[place(nodes[i])] = i + 1;
        }
    }

    /** Returns where in the index a node stands, or is to stand. */
    private int place(Node x) {
        int mask = index.length - 1;
        int at = System.identityHashCode(x) & mask;
        while (index[at] > 0 && nodes[index[at] - 1] != x) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
