package gradus.array;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A tensor {@code [v, ..]} that is zero outside some of its rows, the slices along axis 0, of which only those are held:
 * the gradient of a table of which few rows were used. TensorFlow's {@code IndexedSlices}, PyTorch's sparse gradient.
 *
 * <p>It is a sum of parts, each of which has rows at indices that may repeat. The parts are added together when
 * {@link #indices} or {@link #rows} is first called, so a sum of n parts takes the time of its rows. The rows at one index
 * are added in the order of the parts, and within a part from first to last, on any number of threads.
 */
public final class RowSparse {
    private final Shape shape;
    /** The sum of the parts before the last; null if there are none. */
    private final RowSparse before;
    /** The indices and the rows of the last part. */
    private final Ints lastIndices;

    private final Tensor lastRows;
    /** The sum of all parts; null until it is first read. Threads that compute it at the same time get the same. */
    private Sum sum;

    /** Ascending indices, none of them twice, and their rows. */
    private record Sum(Ints indices, Tensor rows) {}

    private RowSparse(Shape shape, RowSparse before, Ints indices, Tensor rows) {
        this.shape = shape;
        this.before = before;
        this.lastIndices = indices;
        this.lastRows = rows;
    }

    /**
     * Returns the tensor of this shape, {@code [v, ..]}, with row i of the rows {@code [k, ..]} added at index i of the k
     * indices, which may repeat.
     *
     * @throws OperandMismatch if the rows do not have the shape of k rows, or an index is not from 0 to v - 1
     */
    public static RowSparse of(Shape shape, Ints indices, Tensor rows) {
        Arguments.nonNull(shape, "rowSparse", "shape");
        Arguments.nonNull(indices, "rowSparse", "indices");
        Arguments.nonNull(rows, "rowSparse", "rows");
        if (shape.rank() == 0 || !rows.shape().equals(shape.with(0, indices.size()))) {
            String why = indices.size() + " indices need rows "
                    + (shape.rank() == 0 ? "of a shape with an axis" : shape.with(0, indices.size()));
            throw new OperandMismatch("rowSparse", why, shape, rows.shape());
        }
        for (int index : indices.array()) {
            if (index < 0 || index >= shape.dim(0)) {
                throw new OperandMismatch("rowSparse", "index " + index + " is out of range", shape, rows.shape());
            }
        }
        return new RowSparse(shape, null, indices, rows);
    }

    /** Returns the shape of the whole tensor, {@code [v, ..]}. */
    public Shape shape() {
        return shape;
    }

    /** Returns the number type. */
    public DType dtype() {
        return lastRows.dtype();
    }

    /** Returns the k indices of the rows that are held, ascending; the others are zero. */
    public Ints indices() {
        return sum().indices;
    }

    /** Returns the rows at the indices, {@code [k, ..]}. */
    public Tensor rows() {
        return sum().rows;
    }

    /** Returns the whole tensor, with its zeros. */
    public Tensor dense() {
        Tensor y = Tensor.zeros(shape, dtype());
        Steps.add(y, this);
        return y;
    }

    /**
     * Returns the sum of both.
     *
     * @throws OperandMismatch if the shape or the number type differs
     */
    public RowSparse add(RowSparse b) {
        Arguments.nonNull(b, "rowSparse", "b");
        if (!shape.equals(b.shape) || dtype() != b.dtype()) {
            String why = shape.equals(b.shape) ? Indexing.mixed(dtype(), b.dtype()) : "the shapes differ";
            throw new OperandMismatch("rowSparse", why, shape, b.shape);
        }
        return b.before == null
                ? new RowSparse(shape, this, b.lastIndices, b.lastRows)
                : new RowSparse(shape, this, b.indices(), b.rows());
    }

    /** Returns the tensor with an elementwise function of these rows, at the same indices: it must give 0 for 0. */
    public RowSparse map(UnaryOperator<Tensor> f) {
        Arguments.nonNull(f, "rowSparse", "f");
        return of(shape, indices(), f.apply(rows()));
    }

    /** Returns whether writing into a tensor would show in this one. */
    public boolean sharesArrayWith(Tensor t) {
        Arguments.nonNull(t, "rowSparse", "t");
        for (RowSparse part = this; part != null; part = part.before) {
            if (part.lastRows.sharesArrayWith(t)) {
                return true;
            }
        }
        return false;
    }

    private Sum sum() {
        Sum s = sum;
        if (s == null) {
            s = computeSum();
            sum = s;
        }
        return s;
    }

    private Sum computeSum() {
        RowSparse[] parts = parts();
        int[] at = indices(parts);
        Tensor all = parts.length == 1 ? lastRows : Tensor.concat(0, rows(parts));
        if (isAscending(at)) {
            return new Sum(Ints.wrap(at), all);
        }
        long[] order = new long[at.length]; // index, then position
        Arrays.setAll(order, i -> (long) at[i] << Integer.SIZE | i);
        Arrays.sort(order);
        int[] positions = new int[at.length];
        int[] ends = new int[at.length]; // of the positions of each index
        int[] indices = new int[at.length];
        int n = 0;
        for (int i = 0; i < order.length; i++) {
            int index = (int) (order[i] >>> Integer.SIZE);
            positions[i] = (int) order[i];
            if (n == 0 || indices[n - 1] != index) {
                indices[n++] = index;
            }
            ends[n - 1] = i + 1;
        }
        Tensor sums = all.sumsOfRows(positions, Arrays.copyOf(ends, n));
        return new Sum(Ints.wrap(Arrays.copyOf(indices, n)), sums);
    }

    private static boolean isAscending(int... x) {
        for (int i = 1; i < x.length; i++) {
            if (x[i] <= x[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** Adds all parts in place to a tensor of this shape and number type. */
    void addTo(Tensor y) {
        for (RowSparse part : parts()) {
            y.increaseRows(part.lastRows, part.lastIndices.array());
        }
    }

    /** Returns the parts in the order in which they were added. */
    private RowSparse[] parts() {
        int n = 0;
        for (RowSparse part = this; part != null; part = part.before) {
            n++;
        }
        RowSparse[] parts = new RowSparse[n];
        for (RowSparse part = this; part != null; part = part.before) {
            parts[--n] = part;
        }
        return parts;
    }

    private static int[] indices(RowSparse... parts) {
        return Arrays.stream(parts)
                .flatMapToInt(part -> Arrays.stream(part.lastIndices.array()))
                .toArray();
    }

    private static Tensor[] rows(RowSparse... parts) {
        return Arrays.stream(parts).map(part -> part.lastRows).toArray(Tensor[]::new);
    }

    /** Returns the shape, the number type and the number of rows that are held. */
    @Override
    public String toString() {
        return "RowSparse[" + shape + " " + dtype() + ", " + indices().size() + " rows]";
    }
}
