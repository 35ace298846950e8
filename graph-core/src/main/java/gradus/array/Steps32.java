package gradus.array;

/** Optimizer steps over float arrays, each one pass; see {@link Steps} for the formulas. */
// Made from its twin ending in 64 by Twins; edit that one.
final class Steps32 {
    private Steps32() {}

    static void sgd(float[] p, float[] g, /*wide*/ double lr, /*wide*/ double l2) {
        Stretches.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                p[i] = (float) (p[i] - lr * (g[i] + l2 * p[i]));
            }
        });
    }

    static void momentum(
            float[] p, float[] g, float[] v, Steps.Momentum rule, /*wide*/ double lr, /*wide*/ double l2) {
        /*wide*/ double mu = rule.momentum();
        /*wide*/ double fresh = 1 - rule.dampening();
        /*wide*/ double ahead = rule.nesterov() ? mu : 1;
        /*wide*/ double plain = rule.nesterov() ? 1 : 0;
        Stretches.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                /*wide*/ double d = g[i] + l2 * p[i];
                /*wide*/ double s = mu * v[i] + fresh * d;
                v[i] = (float) s;
                p[i] = (float) (p[i] - lr * (plain * d + ahead * s));
            }
        });
    }

    static void adam(
            float[] p,
            float[] g,
            float[] m,
            float[] v,
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
                m[i] = (float) mean;
                v[i] = (float) square;
                p[i] = (float) (p[i] - rate * mean / (Math.sqrt(square) * unbias + rule.epsilon()));
            }
        });
    }
}
