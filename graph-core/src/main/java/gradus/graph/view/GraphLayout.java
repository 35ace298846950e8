package gradus.graph.view;

import gradus.graph.view.GraphOutline.Edge;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The second half of a layered drawing: the x coordinate of each point of {@link GraphLayers}, and the heights of the
 * rows. It follows the priority method of Sugiyama, Tagawa and Toda (1981).
 *
 * <p>Rows are placed one after the other, alternately downwards and upwards. The target of a point is the weighted mean of its
 * neighbours in the row before, where a leaf has a tiny weight, so that chains of ops run straight down with their constants
 * beside them. Targets may violate the order of the row or the minimal distances in it. The nearest row that keeps both is an
 * isotonic regression, computed by pooling adjacent violators (Ayer et al., "An empirical distribution function for sampling
 * with incomplete information", 1955). Its squares are weighted by priority: trunks of long edges first, then ops, then leaves.
 *
 * <p>An edge changes its x coordinate only between rows and passes a row vertically, at a coordinate of its own. So no edge
 * crosses a box it does not belong to.
 */
final class GraphLayout {
    private static final int SWEEPS = 25;
    private static final double MARGIN = 16;
    private static final double BETWEEN_BOXES = 24;
    private static final double BETWEEN_LINES = 14;
    private static final double BETWEEN_ROWS = 26;
    private static final double ENTRY = 16; // the vertical end of an edge, with the arrow
    private static final double LEAF_NEIGHBOUR_WEIGHT = 1e-6;
    private static final double TRUNK_PRIORITY = 100;
    private static final double LEAF_PRIORITY = 1e-4;

    /** By box: its size. */
    final double[] boxWidth;

    final double[] boxHeight;
    /** By edge: the x coordinate at which it enters its box. */
    final double[] port;
    /** The size of the whole drawing. */
    double width;

    double height;

    private final GraphLayers layers;
    private final List<Edge> edges;
    /** By point: the x coordinate of its middle. */
    private final double[] x;
    /** By row: the y coordinates of its top and bottom. */
    private final double[] top;

    private final double[] bottom;

    GraphLayout(double[] boxWidth, double[] boxHeight, double[] portWidth, List<Edge> edges) {
        this.boxWidth = boxWidth;
        this.boxHeight = boxHeight;
        this.edges = edges;
        layers = new GraphLayers(boxWidth.length, edges);
        x = new double[layers.row.length];
        port = new double[edges.size()];
        top = new double[layers.rows.length];
        bottom = new double[layers.rows.length];
        place();
        enter(portWidth);
        stack();
    }

    double left(int box) {
        return x[box] - boxWidth[box] / 2;
    }

    double top(int box) {
        int r = layers.row[box];
        return (top[r] + bottom[r] - boxHeight[box]) / 2;
    }

    /**
     * Returns the path of an edge: x, y of both ends of each vertical part, from where it leaves its box to where it enters the
     * other; parts that continue at the same x are merged.
     */
    double[] path(int edge) {
        Edge e = edges.get(edge);
        int from = layers.row[e.from()];
        int to = layers.row[e.to()];
        double[] path = new double[4 * (to - from + 1)];
        int n = add(path, 0, x[e.from()], top(e.from()) + boxHeight[e.from()], bottom[from]);
        for (int r = from + 1; r < to; r++) {
            n = add(path, n, x[layers.point(e.from(), r)], top[r], bottom[r]);
        }
        n = add(path, n, port[edge], top[to] - ENTRY, top(e.to()));
        return Arrays.copyOf(path, n);
    }

    private static int add(double[] path, int n, double x, double from, double to) {
        if (n > 0 && Math.abs(path[n - 2] - x) < 0.5) {
            path[n - 1] = to;
            return n;
        }
        path[n] = x;
        path[n + 1] = from;
        path[n + 2] = x;
        path[n + 3] = to;
        return n + 4;
    }

    // ---- columns

    private void place() {
        for (int[] row : layers.rows) {
            for (int i = 1; i < row.length; i++) {
                x[row[i]] = x[row[i - 1]] + distance(row[i - 1], row[i]);
            }
        }
        for (int s = 0; s < SWEEPS; s++) {
            boolean down = s % 2 == 0;
            for (int i = 1; i < layers.rows.length; i++) {
                place(layers.rows[down ? i : layers.rows.length - 1 - i], down ? layers.above : layers.below);
            }
        }
        int[][] uses = layers.below.clone(); // finally only leaves move, to their consumers
        Arrays.setAll(uses, p -> p < layers.boxes && leaf(p) ? uses[p] : new int[0]);
        for (int[] row : layers.rows) {
            place(row, uses);
        }
        double left = Double.POSITIVE_INFINITY;
        double right = 0;
        for (int[] row : layers.rows) {
            left = Math.min(left, x[row[0]] - half(row[0]));
        }
        for (int p = 0; p < x.length; p++) {
            x[p] += MARGIN - left;
            right = Math.max(right, x[p] + half(p));
        }
        width = right + MARGIN;
    }

    /** Returns the minimal distance between the middles of two adjacent points. */
    private double distance(int p, int q) {
        boolean lines = p >= layers.boxes && q >= layers.boxes;
        return half(p) + half(q) + (lines ? BETWEEN_LINES : BETWEEN_BOXES);
    }

    private double half(int p) {
        return p < layers.boxes ? boxWidth[p] / 2 : 0;
    }

    private boolean leaf(int p) {
        return layers.above[layers.source[p]].length == 0;
    }

    /** Places the points of a row as near to their targets as its order and distances allow. */
    private void place(int[] row, int[][] neighbours) {
        int n = row.length;
        double[] offset = new double[n]; // x minus offset has only to be ascending
        double[] mean = new double[n];
        double[] weight = new double[n];
        int[] end = new int[n];
        int pools = 0;
        for (int i = 0; i < n; i++) {
            int p = row[i];
            offset[i] = i == 0 ? 0 : offset[i - 1] + distance(row[i - 1], p);
            mean[pools] = target(p, neighbours[p]) - offset[i];
            weight[pools] = p >= layers.boxes ? TRUNK_PRIORITY : leaf(p) ? LEAF_PRIORITY : 1;
            end[pools++] = i + 1;
            while (pools > 1 && mean[pools - 2] > mean[pools - 1]) {
                double sum = weight[pools - 2] + weight[pools - 1];
                mean[pools - 2] = (mean[pools - 2] * weight[pools - 2] + mean[pools - 1] * weight[pools - 1]) / sum;
                weight[pools - 2] = sum;
                end[pools - 2] = i + 1;
                pools--;
            }
        }
        for (int k = 0, i = 0; k < pools; k++) {
            for (; i < end[k]; i++) {
                x[row[i]] = mean[k] + offset[i];
            }
        }
    }

    /** Returns the target of a point: the x of its trunk, else the mean of its neighbours, else its own. */
    private double target(int p, int[] neighbours) {
        double sum = 0;
        double weights = 0;
        for (int q : neighbours) {
            boolean trunk = p >= layers.boxes && q >= layers.boxes;
            double w = trunk ? 1 / LEAF_NEIGHBOUR_WEIGHT : leaf(q) ? LEAF_NEIGHBOUR_WEIGHT : 1;
            sum += w * x[q];
            weights += w;
        }
        return weights == 0 ? x[p] : sum / weights;
    }

    // ---- where edges enter

    /** Assigns the edges into each box their ports, side by side in the order in which they arrive. */
    private void enter(double[] portWidth) {
        for (int i = 0; i < edges.size(); ) {
            int to = edges.get(i).to();
            int end = i;
            double sum = 0;
            for (; end < edges.size() && edges.get(end).to() == to; end++) {
                sum += portWidth[end];
            }
            int[] order = IntStream.range(i, end)
                    .boxed()
                    .sorted(Comparator.comparingDouble(e -> x[before(edges.get(e))]))
                    .mapToInt(e -> e)
                    .toArray();
            double at = x[to] - sum / 2;
            for (int e : order) {
                port[e] = at + portWidth[e] / 2;
                at += portWidth[e];
            }
            i = end;
        }
    }

    /** Returns the point that an edge passes just before its end. */
    private int before(Edge e) {
        return layers.point(e.from(), layers.row[e.to()] - 1);
    }

    // ---- rows

    private void stack() {
        double[] shift = new double[layers.rows.length]; // by row: the largest horizontal distance of an edge above it
        for (int e = 0; e < edges.size(); e++) {
            int to = layers.row[edges.get(e).to()];
            shift[to] = Math.max(shift[to], Math.abs(x[before(edges.get(e))] - port[e]));
        }
        double y = MARGIN;
        for (int r = 0; r < layers.rows.length; r++) {
            double most = 0;
            for (int p : layers.rows[r]) {
                most = Math.max(most, p < layers.boxes ? boxHeight[p] : 0);
            }
            y += r == 0 ? 0 : BETWEEN_ROWS + ENTRY + Math.min(60, shift[r] / 8);
            top[r] = y;
            bottom[r] = y + most;
            y += most;
        }
        height = y + MARGIN;
    }
}
