package gradus.bench.peers;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/** OpenBLAS's matrix products, on arrays in native memory. */
public final class OpenBlasPeer implements Peer {
    @Override
    public String version() {
        return "OpenBLAS " + Results.version(openblas.class);
    }

    @Override
    public void threads(int n) {
        // set by OPENBLAS_NUM_THREADS, as these bindings have no function for it
    }

    @Override
    public Step step(Task task, double rate) {
        if (!(task instanceof Task.Product p)) {
            throw new UnsupportedOperationException(task.toString());
        }
        return p.single() ? new Single(p.n()) : new Double(p.n());
    }

    private static final class Double implements Step {
        private final int n;
        private final DoublePointer a;
        private final DoublePointer b;
        private final DoublePointer y;

        Double(int n) {
            this.n = n;
            a = new DoublePointer(InputData.doubles(n * n, 1, 1));
            b = new DoublePointer(InputData.doubles(n * n, 2, 1));
            y = new DoublePointer((long) n * n);
        }

        @Override
        public Object run() {
            openblas.cblas_dgemm(
                    openblas.CblasRowMajor,
                    openblas.CblasNoTrans,
                    openblas.CblasNoTrans,
                    n,
                    n,
                    n,
                    1,
                    a,
                    n,
                    b,
                    n,
                    0,
                    y,
                    n);
            return y;
        }

        @Override
        public double[] result() {
            double[] all = new double[n * n];
            y.get(all);
            return Results.of(all);
        }
    }

    private static final class Single implements Step {
        private final int n;
        private final FloatPointer a;
        private final FloatPointer b;
        private final FloatPointer y;

        Single(int n) {
            this.n = n;
            a = new FloatPointer(InputData.floats(n * n, 1, 1));
            b = new FloatPointer(InputData.floats(n * n, 2, 1));
            y = new FloatPointer((long) n * n);
        }

        @Override
        public Object run() {
            openblas.cblas_sgemm(
                    openblas.CblasRowMajor,
                    openblas.CblasNoTrans,
                    openblas.CblasNoTrans,
                    n,
                    n,
                    n,
                    1,
                    a,
                    n,
                    b,
                    n,
                    0,
                    y,
                    n);
            return y;
        }

        @Override
        public double[] result() {
            float[] all = new float[n * n];
            y.get(all);
            return Results.of(Results.widened(all));
        }
    }
}
