package gradus.graph.view;

import gradus.graph.view.GraphOutline.Edge;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The first half of a layered drawing (Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical
 * system structures", 1981): the row of each box and its position in the row.
 *
 * <p>The row of a box is the length of its longest path to the root, so that a leaf is just above its first use. An edge that
 * spans several rows has a point in each row between (a dummy vertex); edges out of one box share these points, its trunk. The initial order is
 * that of a depth-first search from the root, operands from left to right. Then the rows are sorted one after the other,
 * alternately downwards and upwards, by the mean position of each point's neighbours in the row before; the order with the
 * fewest crossings is kept.
 */
final class GraphLayers {
    private static final int MAX_SWEEPS = 16;

    /** The number of boxes, which are the first points. */
    final int boxes;
    /** The points of each row from left to right, the root's row last. */
    final int[][] rows;
    /** By point: its row. */
    final int[] row;
    /** By point: the box that its edges come from; for a box, itself. */
    final int[] source;
    /** By point: its neighbours in the row above. */
    final int[][] above;
    /** By point: its neighbours in the row below. */
    final int[][] below;

    /** By box: the first point of its trunk. */
    private final int[] trunk;

    private final int[] position;

    GraphLayers(int boxes, List<Edge> edges) {
        this.boxes = boxes;
        int[] toRoot = new int[boxes];
        for (int i = edges.size() - 1;
                i >= 0;
                i--) { // edges are sorted by consumer, so from the last each consumer's value is final
            Edge e = edges.get(i);
            toRoot[e.from()] = Math.max(toRoot[e.from()], toRoot[e.to()] + 1);
        }
        int last = Arrays.stream(toRoot).max().orElse(0);
        int[] boxRow = Arrays.stream(toRoot).map(d -> last - d).toArray();
        int[] lowest = new int[boxes]; // the last row that its trunk passes
        edges.forEach(e -> lowest[e.from()] = Math.max(lowest[e.from()], boxRow[e.to()] - 1));
        trunk = new int[boxes];
        int points = boxes;
        for (int b = 0; b < boxes; b++) {
            trunk[b] = points;
            points += Math.max(0, lowest[b] - boxRow[b]);
        }
        row = Arrays.copyOf(boxRow, points);
        source = new int[points];
        for (int b = 0; b < boxes; b++) {
            source[b] = b;
            for (int r = boxRow[b] + 1; r <= lowest[b]; r++) {
                row[point(b, r)] = r;
                source[point(b, r)] = b;
            }
        }
        above = new int[points][];
        below = new int[points][];
        connect(edges);
        position = new int[points];
        rows = firstRows(last + 1);
        sweep();
    }

    /** Returns the point of the edges out of a box in a row; in the row of the box, the box itself. */
    int point(int box, int r) {
        return r == row[box] ? box : trunk[box] + r - row[box] - 1;
    }

    private void connect(List<Edge> edges) {
        int[] in = new int[row.length];
        int[] out = new int[row.length];
        for (boolean count : new boolean[] {true, false}) {
            for (int p = boxes; p < row.length; p++) {
                join(point(source[p], row[p] - 1), p, in, out, count);
            }
            for (Edge e : edges) {
                join(point(e.from(), row[e.to()] - 1), e.to(), in, out, count);
            }
            for (int p = 0; p < row.length && count; p++) {
                above[p] = new int[in[p]];
                below[p] = new int[out[p]];
                in[p] = 0;
                out[p] = 0;
            }
        }
    }

    private void join(int upper, int lower, int[] in, int[] out, boolean count) {
        if (!count) {
            above[lower][in[lower]] = upper;
            below[upper][out[upper]] = lower;
        }
        in[lower]++;
        out[upper]++;
    }

    private int[][] firstRows(int count) {
        int[] size = new int[count];
        for (int r : row) {
            size[r]++;
        }
        int[][] found = Arrays.stream(size).mapToObj(int[]::new).toArray(int[][]::new);
        Arrays.fill(size, 0);
        boolean[] seen = new boolean[row.length];
        Deque<Integer> open = new ArrayDeque<>(List.of(boxes - 1)); // the root, which all edges lead to
        while (!open.isEmpty()) {
            int p = open.pop();
            if (seen[p]) {
                continue;
            }
            seen[p] = true;
            position[p] = size[row[p]]++;
            found[row[p]][position[p]] = p;
            for (int i = above[p].length - 1; i >= 0; i--) {
                open.push(above[p][i]);
            }
        }
        return found;
    }

    // ---- fewer crossings

    private void sweep() {
        int[][] best = copy();
        long fewest = crossings();
        for (int s = 0; s < MAX_SWEEPS && fewest > 0; s++) {
            boolean down = s % 2 == 0;
            for (int i = 1; i < rows.length; i++) {
                sort(rows[down ? i : rows.length - 1 - i], down ? above : below);
            }
            long found = crossings();
            if (found < fewest) {
                fewest = found;
                best = copy();
            }
        }
        for (int r = 0; r < rows.length; r++) {
            put(r, best[r]);
        }
    }

    private int[][] copy() {
        return Arrays.stream(rows).map(int[]::clone).toArray(int[][]::new);
    }

    private void put(int r, int[] points) {
        rows[r] = points;
        for (int i = 0; i < points.length; i++) {
            position[points[i]] = i;
        }
    }

    /** Sorts a row by the mean position of each point's neighbours; a point without neighbours keeps its position. */
    private void sort(int[] points, int[][] neighbours) {
        double[] mean = new double[points.length];
        Integer[] order = new Integer[points.length];
        for (int i = 0; i < points.length; i++) {
            mean[i] = Arrays.stream(neighbours[points[i]])
                    .map(p -> position[p])
                    .average()
                    .orElse(i);
            order[i] = i;
        }
        Arrays.sort(order, Comparator.comparingDouble(i -> mean[i]));
        put(row[points[0]], Arrays.stream(order).mapToInt(i -> points[i]).toArray());
    }

    private long crossings() {
        long sum = 0;
        for (int r = 1; r < rows.length; r++) {
            sum += crossings(rows[r - 1], rows[r].length);
        }
        return sum;
    }

    /** Counts the pairs of edges below a row that cross: one begins to the left of the other and ends to its right. */
    private long crossings(int[] upper, int width) {
        long[] ended = new long[width + 1]; // a Fenwick tree over the row below: how many edges end up to a position
        long all = 0;
        long sum = 0;
        for (int p : upper) {
            for (int q : below[p]) {
                long left = 0;
                for (int i = position[q] + 1; i > 0; i -= i & -i) {
                    left += ended[i];
                }
                sum += all - left;
            }
            for (int q : below[p]) {
                all++;
                for (int i = position[q] + 1; i <= width; i += i & -i) {
                    ended[i]++;
                }
            }
        }
        return sum;
    }
}
