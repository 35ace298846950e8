package gradus.array;

import java.util.function.DoubleBinaryOperator;

/** Naive versions of operations, index by index: the oracles of the kernels. */
final class Naive {
    private Naive() {}

    interface At {
        double get(int... index);
    }

    static Tensor fill(Shape s, At f) {
        double[] a = new double[s.size()];
        int[] index = new int[s.rank()];
        for (int i = 0; i < a.length; i++) {
            a[i] = f.get(index);
            for (int d = s.rank() - 1; d >= 0 && ++index[d] == s.dim(d); d--) {
                index[d] = 0;
            }
        }
        return Tensor.of(s, a);
    }

    static Tensor zip(Tensor a, Tensor b, DoubleBinaryOperator f) {
        Shape out = Shape.broadcast("naive", a.shape(), b.shape());
        return fill(out, i -> f.applyAsDouble(a.get(broadcast(i, a.shape())), b.get(broadcast(i, b.shape()))));
    }

    static Tensor product(Tensor a, boolean ta, Tensor b, boolean tb) {
        int m = a.shape().dim(ta ? 1 : 0);
        int k = a.shape().dim(ta ? 0 : 1);
        int n = b.shape().dim(tb ? 0 : 1);
        return fill(Shape.of(m, n), i -> {
            double s = 0;
            for (int p = 0; p < k; p++) {
                s += (ta ? a.get(p, i[0]) : a.get(i[0], p)) * (tb ? b.get(i[1], p) : b.get(p, i[1]));
            }
            return s;
        });
    }

    static int[] broadcast(int[] index, Shape s) {
        int[] own = new int[s.rank()];
        for (int i = 0; i < own.length; i++) {
            own[i] = s.dim(i) == 1 ? 0 : index[index.length - own.length + i];
        }
        return own;
    }
}
