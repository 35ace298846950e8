package gradus.array;

import java.util.Arrays;

/** Matrix products over leading batch axes, which broadcast; each pair of matrices goes to the product loop. */
final class MatrixProduct {
    /** Multiply-adds of a pair of matrices from which its rows are shared by threads, and not the pairs. */
    private static final long LARGE = 1 << 20;

    private MatrixProduct() {}

    static Tensor of(Tensor a, boolean ta, Tensor b, boolean tb) {
        Shape p = a.shape();
        Shape q = b.shape();
        if (p.rank() < 2 || q.rank() < 2) {
            throw new OperandMismatch("matmul", "each operand needs two axes or more", p, q);
        }
        if (a.dtype() != b.dtype()) {
            throw new OperandMismatch("matmul", Indexing.mixed(a, b), p, q);
        }
        int m = p.dim(ta ? -1 : -2);
        int k = p.dim(ta ? -2 : -1);
        int inner = q.dim(tb ? -1 : -2);
        int n = q.dim(tb ? -2 : -1);
        if (k != inner) {
            throw new OperandMismatch(
                    "matmul",
                    "inner sizes " + k + " and " + inner + " differ" + (ta ? ", the first transposed" : "")
                            + (tb ? ", the second transposed" : ""),
                    p,
                    q);
        }
        Shape batchA = batch(p);
        Shape batchB = batch(q);
        if (batchA.rank() == 0 && batchB.rank() == 0) {
            Tensor y = a.newZeros(Shape.of(m, n));
            a.product(m, n, k, 0, ta, b, 0, tb, y, 0);
            return y;
        }
        Shape batch = broadcastBatches(p, q, batchA, batchB);
        int[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 2);
        dims[batch.rank()] = m;
        dims[batch.rank() + 1] = n;
        Tensor y = a.newZeros(Shape.of(dims));
        if (batchB.rank() == 0 && !ta) {
            a.product(batch.size() * m, n, k, 0, false, b, 0, tb, y, 0); // the rows of all pairs under each other
            return y;
        }
        int[] ao = new int[batch.size()];
        int[] bo = new int[batch.size()];
        for (LoopNest w = LoopNest.broadcast(batchA, batchB, batch); w.hasNext(); w.next()) {
            for (int i = 0; i < w.length; i++) {
                ao[w.start + i] = (w.startA + i * w.stepA) * m * k;
                bo[w.start + i] = (w.startB + i * w.stepB) * k * n;
            }
        }
        long one = (long) m * n * k;
        boolean shared = one <= LARGE && one * ao.length > LARGE; // large pairs are shared inside
        Workers.split(ao.length, shared, (from, to) -> {
            for (int i = from; i < to; i++) {
                a.product(m, n, k, ao[i], ta, b, bo[i], tb, y, i * m * n);
            }
        });
        return y;
    }

    private static Shape batch(Shape s) {
        return s.drop(s.rank() - 2, s.rank() - 1);
    }

    private static Shape broadcastBatches(Shape p, Shape q, Shape batchA, Shape batchB) {
        try {
            return Shape.broadcast("matmul", batchA, batchB);
        } catch (OperandMismatch e) {
            throw e.naming(p, q);
        }
    }
}
