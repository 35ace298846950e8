package gradus.bench.peers;

import org.ejml.EjmlVersion;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;

/** EJML's matrix products, on one thread. */
public final class EjmlPeer implements Peer {
    @Override
    public String version() {
        return "EJML " + EjmlVersion.VERSION;
    }

    @Override
    public void threads(int n) {
        if (n > 1) {
            throw new UnsupportedOperationException("EJML's plain product has one thread");
        }
    }

    @Override
    public Step step(Task task, double rate) {
        if (!(task instanceof Task.Product p)) {
            throw new UnsupportedOperationException(task.toString());
        }
        return p.single() ? new Single(p.n()) : new Double(p.n());
    }

    private static final class Double implements Step {
        private final DMatrixRMaj a;
        private final DMatrixRMaj b;
        private DMatrixRMaj y;

        Double(int n) {
            a = DMatrixRMaj.wrap(n, n, InputData.doubles(n * n, 1, 1));
            b = DMatrixRMaj.wrap(n, n, InputData.doubles(n * n, 2, 1));
        }

        @Override
        public Object run() {
            y = CommonOps_DDRM.mult(a, b, null);
            return y;
        }

        @Override
        public double[] result() {
            return Results.of(y.data);
        }
    }

    private static final class Single implements Step {
        private final FMatrixRMaj a;
        private final FMatrixRMaj b;
        private FMatrixRMaj y;

        Single(int n) {
            a = FMatrixRMaj.wrap(n, n, InputData.floats(n * n, 1, 1));
            b = FMatrixRMaj.wrap(n, n, InputData.floats(n * n, 2, 1));
        }

        @Override
        public Object run() {
            y = CommonOps_FDRM.mult(a, b, null);
            return y;
        }

        @Override
        public double[] result() {
            return Results.of(Results.widened(y.data));
        }
    }
}
