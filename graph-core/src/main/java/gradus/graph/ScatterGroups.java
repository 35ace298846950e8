package gradus.graph;

import gradus.array.Ints;
import gradus.array.Shape;
import java.util.Arrays;
import java.util.function.BinaryOperator;

/**
 * The elements whose product, maximum or minimum {@link Node#scatterReduce} computes for each position that is written. An
 * element is given by its position in
 * the vector of all elements of x followed by those of the source.
 *
 * @param size the number of elements of x
 * @param written the positions of x that are written, ascending
 * @param starts where the elements of each of these begin among the members, and their number
 * @param members the elements of the first written position, those of the second, and so on, in their order
 */
record ScatterGroups(int size, Ints written, Ints starts, Ints members) {
    /** Returns the groups, given the position that each element of the source is written to. */
    static ScatterGroups of(int size, Ints positions, boolean includeSelf) {
        int[] counts = new int[size];
        for (int i = 0; i < positions.size(); i++) {
            counts[positions.get(i)]++;
        }
        int[] written = new int[size];
        int[] starts = new int[size + 1];
        int[] next = new int[size]; // where the next member of each group goes
        int[] members = new int[positions.size() + (includeSelf ? size : 0)];
        int groups = 0;
        int at = 0;
        for (int p = 0; p < size; p++) {
            if (counts[p] > 0) {
                written[groups] = p;
                starts[groups++] = at;
                next[p] = at;
                if (includeSelf) {
                    members[next[p]++] = p;
                }
                at = next[p] + counts[p];
            }
        }
        starts[groups] = at;
        for (int i = 0; i < positions.size(); i++) {
            members[next[positions.get(i)]++] = size + i;
        }
        return new ScatterGroups(
                size,
                Ints.of(Arrays.copyOf(written, groups)),
                Ints.of(Arrays.copyOf(starts, groups + 1)),
                Ints.of(Arrays.copyOf(members, at)));
    }

    /**
     * Returns x with each written element replaced by the combination of its group. Neighbours are combined pairwise until one
     * is left, so derivatives of any order are right, also where factors are 0.
     */
    Node combined(Node both, BinaryOperator<Node> f) {
        Node values = both;
        int[] left = members.toArray();
        int[] begin = starts.toArray();
        while (left.length > written.size()) {
            int pairs = 0;
            int[] first = new int[left.length];
            int[] second = new int[left.length];
            int single = 0;
            int[] singles = new int[left.length];
            int[] next = new int[left.length];
            int[] nextBegin = new int[begin.length];
            int at = 0;
            for (int g = 0; g < written.size(); g++) {
                nextBegin[g] = at;
                int k = begin[g];
                for (; k + 1 < begin[g + 1]; k += 2) {
                    first[pairs] = left[k];
                    second[pairs] = left[k + 1];
                    next[at++] = pairs++;
                }
                if (k < begin[g + 1]) {
                    singles[single] = left[k];
                    next[at++] = - ++single; // its position is known when all pairs are
                }
            }
            nextBegin[written.size()] = at;
            for (int k = 0; k < at; k++) {
                next[k] = next[k] < 0 ? pairs - 1 - next[k] : next[k];
            }
            values = Node.concat(
                    0,
                    f.apply(taken(values, pairs, first), taken(values, pairs, second)),
                    taken(values, single, singles));
            left = Arrays.copyOf(next, at);
            begin = nextBegin;
        }
        int offset = values == both ? 0 : size;
        int[] from = Ints.range(size).toArray();
        for (int g = 0; g < written.size(); g++) {
            from[written.get(g)] = offset + left[g];
        }
        Node source = values == both ? both : Node.concat(0, both.slice(0, 0, size), values);
        return taken(source, size, from);
    }

    private static Node taken(Node x, int n, int... positions) {
        return Node.of(new Indexing.Take("scatterReduce", Shape.of(n), 1, Ints.of(Arrays.copyOf(positions, n))), x);
    }

    /** Returns the elements that have an effect: the members, and those of x that are not written. */
    Ints sources() {
        return withoutWritten(members.toArray());
    }

    /** Returns the position that each of the {@link #sources} has an effect on. */
    Ints targets() {
        int[] targets = new int[members.size()];
        for (int g = 0; g < written.size(); g++) {
            Arrays.fill(targets, starts.get(g), starts.get(g + 1), written.get(g));
        }
        return withoutWritten(targets);
    }

    /** Returns these positions followed by those of x that are not written. */
    private Ints withoutWritten(int... positions) {
        int[] all = Arrays.copyOf(positions, positions.length + size - written.size());
        int at = positions.length;
        int g = 0;
        for (int p = 0; p < size; p++) {
            if (g < written.size() && written.get(g) == p) {
                g++;
            } else {
                all[at++] = p;
            }
        }
        return Ints.of(all);
    }
}
