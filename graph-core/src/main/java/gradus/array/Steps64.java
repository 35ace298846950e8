package gradus.array;

/**
 * Optimizer steps over double arrays, each one pass; see {@link Steps} for the formulas.
 *
 * <p>There are no SIMD ones, as they were not faster: the compiler turns these into vector instructions by itself. It
 * does so because all in a loop is of the arrays' own type. One wide constant would widen every element, which the
 * compiler of JDK 17 does one by one, ten to thirty times slower; so only what does not depend on the element is
 * computed wide, before the loop.
 */
final class Steps64 {
    private static final Loops64.Zip ADD = Loops.F64.zip(BinaryFunction.ADD);

    private Steps64() {}

    static void add(double[] y, double[] x) {
        if (y.length == 1) { // a scalar's gradient: a loop would cost more than all else in its rule
            y[0] += x[0];
            return;
        }
        Chunks.split(y.length, (from, to) -> ADD.run(to - from, y, from, 1, x, from, 1, y, from));
    }

    static void scale(double[] y, /*wide*/ double factor) {
        double f = (double) factor;
        Chunks.split(y.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] *= f;
            }
        });
    }

    static void sgd(double[] p, double[] g, /*wide*/ double lr, /*wide*/ double l2) {
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                p[i] -= rate * (g[i] + decay * p[i]);
            }
        });
    }

    static void momentum(
            double[] p, double[] g, double[] v, Steps.Momentum rule, /*wide*/ double lr, /*wide*/ double l2) {
        double momentum = (double) rule.momentum();
        double gradientWeight = (double) (1 - rule.dampening());
        double velocityFactor = rule.nesterov() ? momentum : 1;
        double gradientFactor = rule.nesterov() ? 1 : 0;
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double s = momentum * v[i] + gradientWeight * d;
                v[i] = s;
                p[i] -= rate * (gradientFactor * d + velocityFactor * s);
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
        double beta1 = (double) rule.beta1();
        double oneMinusBeta1 = (double) (1 - rule.beta1());
        double beta2 = (double) rule.beta2();
        double oneMinusBeta2 = (double) (1 - rule.beta2());
        double rate = (double) (lr / (1 - Math.pow(rule.beta1(), step)));
        double varianceCorrection = (double) (1 / Math.sqrt(1 - Math.pow(rule.beta2(), step)));
        double epsilon = (double) rule.epsilon();
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double mean = beta1 * m[i] + oneMinusBeta1 * d;
                double square = beta2 * v[i] + oneMinusBeta2 * d * d;
                m[i] = mean;
                v[i] = square;
                p[i] -= rate * mean / (varianceCorrection * (double) Math.sqrt(square) + epsilon);
            }
        });
    }
}
