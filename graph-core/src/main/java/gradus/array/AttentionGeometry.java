package gradus.array;

import java.util.Arrays;

/** The sizes of an attention of n queries [batch, n, d] over m keys [batch, m, d] and values [batch, m, e], and which keys count. */
final class AttentionGeometry {
    /** Queries of a block, at most. */
    private static final int ROWS = 192;
    /** Keys of a block, at most. */
    private static final int COLUMNS = 256;
    /** Multiply-adds from which the work is divided among threads. */
    private static final long LARGE = 1 << 19;

    final int batch;
    final int n;
    final int m;
    final int d;
    final int e;
    final double scale;
    /** The number of queries of a block, so that all have about as many. */
    final int rows;
    /** The number of keys of a block, so that all have about as many. */
    final int columns;

    private final Shape leading;
    private final AttentionOptions options;
    /** The mask: whether each of its elements is 1. */
    private final boolean[] attended;
    /** Where the mask starts for each of the batch. */
    private final int[] starts;

    private final int rowStep;
    private final int columnStep;

    private AttentionGeometry(Shape leading, int n, int m, int d, int e, AttentionOptions options) {
        this.leading = leading;
        this.n = n;
        this.m = m;
        this.d = d;
        this.e = e;
        this.options = options;
        batch = leading.size();
        scale = Double.isNaN(options.scale()) ? 1 / Math.sqrt(d) : options.scale();
        rows = balanced(n, ROWS);
        columns = balanced(m, COLUMNS);
        Tensor mask = options.mask();
        attended = new boolean[mask == null ? 0 : mask.size()];
        for (int i = 0; i < attended.length; i++) {
            attended[i] = mask.at(i) != 0;
        }
        starts = new int[batch];
        rowStep = maskStep(2);
        columnStep = maskStep(1);
        int[] strides = new int[leading.rank()];
        Arrays.setAll(strides, axis -> maskStep(leading.rank() - axis + 2));
        for (LoopNest w = new LoopNest(leading, strides, strides); w.hasNext(); w.next()) {
            for (int i = 0; i < w.length; i++) {
                starts[w.start + i] = w.startA + i * w.stepA;
            }
        }
    }

    /** Returns the distance between elements of the mask along an axis, counted from the end; 0 where it is broadcast. */
    private int maskStep(int axis) {
        Shape mask = options.mask() == null ? Shape.SCALAR : options.mask().shape();
        return axis > mask.rank() || mask.dim(-axis) == 1 ? 0 : mask.strides()[mask.rank() - axis];
    }

    /**
     * Returns the geometry of these operands.
     *
     * @throws OperandMismatch if they do not fit
     */
    static AttentionGeometry of(String op, Shape q, Shape k, Shape v, AttentionOptions options) {
        String why = null;
        if (q.rank() < 2 || k.rank() < 2 || v.rank() < 2) {
            why = "it takes queries [.., n, d], keys [.., m, d] and values [.., m, e]";
        } else if (q.dim(-1) != k.dim(-1) || q.dim(-1) == 0) {
            why = "queries and keys of sizes " + q.dim(-1) + " and " + k.dim(-1) + " must have one size of at least 1";
        } else if (k.dim(-2) != v.dim(-2)) {
            why = k.dim(-2) + " keys need as many values, not " + v.dim(-2);
        } else if (!q.drop(-2, -1).equals(k.drop(-2, -1)) || !q.drop(-2, -1).equals(v.drop(-2, -1))) {
            why = "the leading axes must be equal";
        }
        if (why != null) {
            throw new OperandMismatch(op, why, q, k, v);
        }
        AttentionGeometry g =
                new AttentionGeometry(q.drop(-2, -1), q.dim(-2), k.dim(-2), q.dim(-1), v.dim(-1), options);
        if (options.mask() != null && !g.fits(options.mask().shape())) {
            String weights = Arrays.toString(g.weights());
            throw new OperandMismatch(
                    op, "the mask " + options.mask().shape() + " must broadcast to " + weights, q, k, v);
        }
        return g;
    }

    /** Returns the geometry of weights [.., n, m]. */
    static AttentionGeometry of(Shape weights, AttentionOptions options) {
        return new AttentionGeometry(weights.drop(-2, -1), weights.dim(-2), weights.dim(-1), 1, 1, options);
    }

    /** Returns the sizes [.., n, m] of all weights, which may be too many for a tensor. */
    private int[] weights() {
        int[] dims = Arrays.copyOf(leading.dims(), leading.rank() + 2);
        dims[leading.rank()] = n;
        dims[leading.rank() + 1] = m;
        return dims;
    }

    private boolean fits(Shape mask) {
        int[] weights = weights();
        boolean fits = mask.rank() <= weights.length;
        for (int axis = 1; fits && axis <= mask.rank(); axis++) {
            fits = mask.dim(-axis) == 1 || mask.dim(-axis) == weights[weights.length - axis];
        }
        return fits;
    }

    private static int balanced(int n, int most) {
        int blocks = Math.max(1, (n + most - 1) / most);
        return (n + blocks - 1) / blocks;
    }

    boolean isLarge() {
        return (double) batch * n * m * (d + e) > LARGE;
    }

    /** Returns the number of keys, of those before a given end, that one of the queries before another may attend to. */
    int end(int queries, int keys) {
        return options.causal() ? (int) Math.min(keys, (long) queries + options.offset()) : keys;
    }

    /** Returns whether there may be keys that a query does not attend to. */
    boolean isHiding() {
        return options.causal() || isMasked();
    }

    boolean isMasked() {
        return attended.length > 0;
    }

    /** Returns whether the mask lets query i attend to key j. */
    boolean attends(int b, int i, int j) {
        return attended[starts[b] + i * rowStep + j * columnStep];
    }

    boolean isDropped() {
        return options.dropout() > 0;
    }

    /** Returns what the weight of key j for query i is multiplied by: 0, or 1 divided by the probability of that being 1. */
    double kept(int b, int i, int j) {
        double p = options.dropout();
        return RandomStream.at(options.seed(), ((long) b * n + i) * m + j) < p ? 0 : p == 1 ? 0 : 1 / (1 - p);
    }
}
