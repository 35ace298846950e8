package gradus.graph.view;

import gradus.graph.view.GraphOutline.Edge;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The second half of a layered drawing: where along its row each point of {@link GraphLayers} stands, and how high the
 * rows are. It follows the priority method of Sugiyama, Tagawa and Toda (1981).
 *
 * <p>Rows are placed one after the other, down and up again. Each point asks for the mean of what it is connected to in
 * the row before, where a leaf counts next to nothing, so that chains of ops run straight down and their constants stand
 * beside them. What is asked for may break the order of the row or the distances in it; the nearest row that keeps both
 * is an isotonic regression, found by pooling neighbours that violate it (Ayer et al., "An empirical distribution
 * function for sampling with incomplete information", 1955). The squares in it are weighted by priority: trunks of long
 * edges hold their place before ops, and ops before leaves.
 *
 * <p>An edge changes its column only in the space between rows and runs straight down through a row, in a column of its
 * own. So no edge can meet a box it does not belong to.
 */
final class GraphLayout {
    private static final int SWEEPS = 25;
    private static final double MARGIN = 16;
    private static final double BETWEEN_BOXES = 24;
    private static final double BETWEEN_LINES = 14;
    private static final double BETWEEN_ROWS = 26;
    private static final double ENTRY = 16; // the straight end of an edge, with the arrow
    private static final double LEAF_PULL = 1e-6;
    private static final double TRUNK = 100;
    private static final double LEAF = 1e-4;

    /** By box: its size. */
    final double[] boxWidth;

    final double[] boxHeight;
    /** By edge: the column in which it enters its box. */
    final double[] port;
    /** The size of the whole drawing. */
    double width;

    double height;

    private final GraphLayers layers;
    private final List<Edge> edges;
    /** By point: the middle of its column. */
    private final double[] x;
    /** By row: where its boxes begin and end. */
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
     * Returns the way of an edge: pairs of x and y, two for each straight part down through a row, the first where it
     * leaves its box and the last where it enters the other; parts that run on in one column are one.
     */
    double[] way(int edge) {
        Edge e = edges.get(edge);
        int from = layers.row[e.from()];
        int to = layers.row[e.to()];
        double[] way = new double[4 * (to - from + 1)];
        int n = add(way, 0, x[e.from()], top(e.from()) + boxHeight[e.from()], bottom[from]);
        for (int r = from + 1; r < to; r++) {
            n = add(way, n, x[layers.point(e.from(), r)], top[r], bottom[r]);
        }
        n = add(way, n, port[edge], top[to] - ENTRY, top(e.to()));
        return Arrays.copyOf(way, n);
    }

    private static int add(double[] way, int n, double x, double from, double to) {
        if (n > 0 && Math.abs(way[n - 2] - x) < 0.5) {
            way[n - 1] = to;
            return n;
        }
        way[n] = x;
        way[n + 1] = from;
        way[n + 2] = x;
        way[n + 3] = to;
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
        int[][] uses = layers.below.clone(); // at last only leaves move, to what uses them
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

    /** Returns the least distance between the middles of two points that stand side by side. */
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

    /** Places a row as near as its order and distances allow to where its points ask to be. */
    private void place(int[] row, int[][] neighbours) {
        int n = row.length;
        double[] offset = new double[n]; // in x minus offset, the row has only to ascend
        double[] mean = new double[n];
        double[] weight = new double[n];
        int[] end = new int[n];
        int pools = 0;
        for (int i = 0; i < n; i++) {
            int p = row[i];
            offset[i] = i == 0 ? 0 : offset[i - 1] + distance(row[i - 1], p);
            mean[pools] = wish(p, neighbours[p]) - offset[i];
            weight[pools] = p >= layers.boxes ? TRUNK : leaf(p) ? LEAF : 1;
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

    /** Returns where a point asks to be: in line with its trunk, else amid its neighbours, else where it is. */
    private double wish(int p, int[] neighbours) {
        double sum = 0;
        double weights = 0;
        for (int q : neighbours) {
            boolean trunk = p >= layers.boxes && q >= layers.boxes;
            double w = trunk ? 1 / LEAF_PULL : leaf(q) ? LEAF_PULL : 1;
            sum += w * x[q];
            weights += w;
        }
        return weights == 0 ? x[p] : sum / weights;
    }

    // ---- where edges enter

    /** Gives the edges into each box their ports, side by side in the order in which they come. */
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
        double[] shift = new double[layers.rows.length]; // by row: the farthest way to the side above it
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
