package gradus.array;

/**
 * The loops over one row-major result and up to two operands that are laid out differently: broadcast, transposed or
 * sliced. Neighbouring axes along which the strides of all operands agree are merged, so that the innermost loop, which
 * the caller runs, is as long as possible:
 *
 * <pre>{@code
 * for (LoopNest w = ...; w.hasNext(); w.next())
 *     for (int i = 0; i < w.length; i++) y[w.start + i] = f(a[w.startA + i * w.stepA], b[w.startB + i * w.stepB]);
 * }</pre>
 *
 * <p>A step of 0 repeats one element: broadcasting.
 */
final class LoopNest {
    /** The length of the innermost loop. */
    final int length;
    /** The distance between elements of each operand in the innermost loop. */
    final int stepA;

    final int stepB;
    /** Where the innermost loop starts in the result and in each operand. */
    int start;

    int startA;
    int startB;

    private final int[] dims;
    private final int[] strideA;
    private final int[] strideB;
    private final int[] index;
    private final int outer;
    private int remaining;

    /** Makes the loops over a result of this shape, with the strides of the operands along its axes. */
    LoopNest(Shape y, int[] stridesA, int[] stridesB) {
        int[] d = new int[y.rank()];
        int[] sa = new int[d.length];
        int[] sb = new int[d.length];
        int n = 0; // merged axes so far, innermost first
        for (int i = y.rank() - 1; i >= 0; i--) {
            int size = y.dim(i);
            if (size == 1) {
                continue;
            }
            int m = n - 1;
            if (n > 0 && stridesA[i] == sa[m] * d[m] && stridesB[i] == sb[m] * d[m]) {
                d[m] *= size;
            } else {
                d[n] = size;
                sa[n] = stridesA[i];
                sb[n] = stridesB[i];
                n++;
            }
        }
        dims = d;
        strideA = sa;
        strideB = sb;
        outer = n;
        index = new int[n];
        length = n == 0 ? 1 : d[0];
        stepA = n == 0 ? 0 : sa[0];
        stepB = n == 0 ? 0 : sb[0];
        remaining = y.size() == 0 ? 0 : y.size() / length;
    }

    /** Makes the loops over a broadcast of two operands. */
    static LoopNest broadcast(Shape a, Shape b, Shape y) {
        return new LoopNest(y, broadcastStrides(a, y), broadcastStrides(b, y));
    }

    /** Returns the strides of a tensor of shape x seen as one of shape y: 0 along the axes that repeat it. */
    static int[] broadcastStrides(Shape x, Shape y) {
        int[] strides = new int[y.rank()];
        int[] own = x.strides();
        for (int i = 1; i <= x.rank(); i++) {
            strides[y.rank() - i] = x.dim(-i) == 1 ? 0 : own[x.rank() - i];
        }
        return strides;
    }

    boolean hasNext() {
        return remaining > 0;
    }

    void next() {
        remaining--;
        start += length;
        for (int i = 1; i < outer; i++) {
            startA += strideA[i];
            startB += strideB[i];
            if (++index[i] < dims[i]) {
                return;
            }
            startA -= strideA[i] * dims[i];
            startB -= strideB[i] * dims[i];
            index[i] = 0;
        }
    }
}
