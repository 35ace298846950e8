package gradus.array;

/**
 * Optimizer steps over float arrays, each one pass; see {@link Steps} for the formulas.
 *
 * <p>There are no SIMD ones, as they were not faster: the compiler turns these into vector instructions by itself. It
 * does so because all in a loop is of the arrays' own type. One wide constant would widen every element, which the
 * compiler of JDK 17 does one by one, ten to thirty times slower; so only what does not depend on the element is
 * computed wide, before the loop.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Steps32 {
    private static final Loops32.Zip ADD = Loops.F32.zip(BinaryFunction.ADD);

    private Steps32() {}

    static void add(float[] y, float[] x) {
        if (y.length == 1) { // a scalar's gradient: a loop would cost more than all else in its rule
            y[0] += x[0];
            return;
        }
        Chunks.split(y.length, (from, to) -> ADD.run(to - from, y, from, 1, x, from, 1, y, from));
    }

    static void scale(float[] y, /*wide*/ double factor) {
        float f = (float) factor;
        Chunks.split(y.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] *= f;
            }
        });
    }

    static void sgd(float[] p, float[] g, /*wide*/ double lr, /*wide*/ double l2) {
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                p[i] -= rate * (g[i] + decay * p[i]);
            }
        });
    }

    static void momentum(
            float[] p, float[] g, float[] v, Steps.Momentum rule, /*wide*/ double lr, /*wide*/ double l2) {
        float momentum = (float) rule.momentum();
        float gradientWeight = (float) (1 - rule.dampening());
        float velocityFactor = rule.nesterov() ? momentum : 1;
        float gradientFactor = rule.nesterov() ? 1 : 0;
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float s = momentum * v[i] + gradientWeight * d;
                v[i] = s;
                p[i] -= rate * (gradientFactor * d + velocityFactor * s);
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
        float beta1 = (float) rule.beta1();
        float oneMinusBeta1 = (float) (1 - rule.beta1());
        float beta2 = (float) rule.beta2();
        float oneMinusBeta2 = (float) (1 - rule.beta2());
        float rate = (float) (lr / (1 - Math.pow(rule.beta1(), step)));
        float varianceCorrection = (float) (1 / Math.sqrt(1 - Math.pow(rule.beta2(), step)));
        float epsilon = (float) rule.epsilon();
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float mean = beta1 * m[i] + oneMinusBeta1 * d;
                float square = beta2 * v[i] + oneMinusBeta2 * d * d;
                m[i] = mean;
                v[i] = square;
                p[i] -= rate * mean / (varianceCorrection * (float) Math.sqrt(square) + epsilon);
            }
        });
    }
}
