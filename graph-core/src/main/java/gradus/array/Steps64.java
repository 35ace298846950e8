package gradus.array;

/** Optimizer steps over double arrays, each one pass; see {@link Steps} for the formulas. */
final class Steps64 {
    private Steps64() {}

    static void sgd(double[] p, double[] g, /*wide*/ double lr, /*wide*/ double l2) {
        Stretches.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                p[i] = (double) (p[i] - lr * (g[i] + l2 * p[i]));
            }
        });
    }

    static void momentum(
            double[] p, double[] g, double[] v, Steps.Momentum rule, /*wide*/ double lr, /*wide*/ double l2) {
        /*wide*/ double mu = rule.momentum();
        /*wide*/ double fresh = 1 - rule.dampening();
        /*wide*/ double ahead = rule.nesterov() ? mu : 1;
        /*wide*/ double plain = rule.nesterov() ? 1 : 0;
        Stretches.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                /*wide*/ double d = g[i] + l2 * p[i];
                /*wide*/ double s = mu * v[i] + fresh * d;
                v[i] = (double) s;
                p[i] = (double) (p[i] - lr * (plain * d + ahead * s));
            }
        });
    }

    static void adam(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            Steps.Adam rule,
            int step,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        /*wide*/ double b1 = rule.beta1();
        /*wide*/ double b2 = rule.beta2();
        /*wide*/ double rate = lr / (1 - Math.pow(b1, step));
        /*wide*/ double unbias = 1 / Math.sqrt(1 - Math.pow(b2, step));
        Stretches.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                /*wide*/ double d = g[i] + l2 * p[i];
                /*wide*/ double mean = b1 * m[i] + (1 - b1) * d;
                /*wide*/ double square = b2 * v[i] + (1 - b2) * d * d;
                m[i] = (double) mean;
                v[i] = (double) square;
                p[i] = (double) (p[i] - rate * mean / (Math.sqrt(square) * unbias + rule.epsilon()));
            }
        });
    }
}
