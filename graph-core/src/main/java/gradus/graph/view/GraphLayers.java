package gradus.graph.view;

import gradus.graph.view.GraphOutline.Edge;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The first half of a layered drawing (Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical
 * system structures", 1981): which row a box stands in, and in which order along it.
 *
 * <p>A row is a box's longest way to the root, so that a leaf stands just above its first use. An edge that passes rows
 * gets a point in each; edges out of one box share these points, a trunk with branches. The order starts as a search
 * from the root meets the points, operands from left to right. Then each row in turn, down and up again, is sorted by
 * the mean position of what its points are connected to in the row before; the order with the fewest crossings stays.
 */
final class GraphLayers {
    private static final int MOST_SWEEPS = 16;

    /** The number of boxes, which are the first points. */
    final int boxes;
    /** The points of each row from left to right, the root's row last. */
    final int[][] rows;
    /** By point: its row. */
    final int[] row;
    /** By point: the box that an edge through it comes from; a box is its own. */
    final int[] source;
    /** By point: those it is connected to in the row above. */
    final int[][] above;
    /** By point: those it is connected to in the row below. */
    final int[][] below;

    /** By box: the first point of its trunk. */
    private final int[] trunk;

    private final int[] position;

    GraphLayers(int boxes, List<Edge> edges) {
        this.boxes = boxes;
        int[] toRoot = new int[boxes];
        for (int i = edges.size() - 1; i >= 0; i--) { // by falling consumer, so each consumer's own is final
            Edge e = edges.get(i);
            toRoot[e.from()] = Math.max(toRoot[e.from()], toRoot[e.to()] + 1);
        }
        int last = Arrays.stream(toRoot).max().orElse(0);
        int[] boxRow = Arrays.stream(toRoot).map(d -> last - d).toArray();
        int[] lowest = new int[boxes]; // the row of the last branch
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

    /** Returns the point where edges out of a box pass a row: the box itself in its own. */
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
        for (int s = 0; s < MOST_SWEEPS && fewest > 0; s++) {
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

    /** Sorts a row by the mean position of its neighbours; a point without any asks to stay where it is. */
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
