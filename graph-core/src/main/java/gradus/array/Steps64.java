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

    static void bookMomentum(
            double[] p, double[] g, double[] v, /*wide*/ double momentum, /*wide*/ double lr, /*wide*/ double l2) {
        double kept = (double) momentum;
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double s = kept * v[i] - rate * (g[i] + decay * p[i]);
                v[i] = s;
                p[i] += s;
            }
        });
    }

    static void adagrad(
            double[] p, double[] g, double[] sum, /*wide*/ double epsilon, /*wide*/ double lr, /*wide*/ double l2) {
        double eps = (double) epsilon;
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double s = sum[i] + d * d;
                sum[i] = s;
                p[i] -= rate * d / ((double) Math.sqrt(s) + eps);
            }
        });
    }

    static void rmsProp(
            double[] p, double[] g, double[] square, Steps.RmsProp rule, /*wide*/ double lr, /*wide*/ double l2) {
        double alpha = (double) rule.alpha();
        double oneMinusAlpha = (double) (1 - rule.alpha());
        double epsilon = (double) rule.epsilon();
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double s = alpha * square[i] + oneMinusAlpha * d * d;
                square[i] = s;
                p[i] -= rate * d / ((double) Math.sqrt(s) + epsilon);
            }
        });
    }

    static void rmsPropMomentum(
            double[] p,
            double[] g,
            double[] square,
            double[] v,
            Steps.RmsProp rule,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        double alpha = (double) rule.alpha();
        double oneMinusAlpha = (double) (1 - rule.alpha());
        double epsilon = (double) rule.epsilon();
        double momentum = (double) rule.momentum();
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double s = alpha * square[i] + oneMinusAlpha * d * d;
                double velocity = momentum * v[i] + d / ((double) Math.sqrt(s) + epsilon);
                square[i] = s;
                v[i] = velocity;
                p[i] -= rate * velocity;
            }
        });
    }

    static void centeredRmsProp(
            double[] p,
            double[] g,
            double[] square,
            double[] mean,
            Steps.RmsProp rule,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        double alpha = (double) rule.alpha();
        double oneMinusAlpha = (double) (1 - rule.alpha());
        double epsilon = (double) rule.epsilon();
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double s = alpha * square[i] + oneMinusAlpha * d * d;
                double m = alpha * mean[i] + oneMinusAlpha * d;
                square[i] = s;
                mean[i] = m;
                p[i] -= rate * d / ((double) Math.sqrt(Math.max(s - m * m, 0)) + epsilon);
            }
        });
    }

    static void centeredRmsPropMomentum(
            double[] p,
            double[] g,
            double[] square,
            double[] mean,
            double[] v,
            Steps.RmsProp rule,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        double alpha = (double) rule.alpha();
        double oneMinusAlpha = (double) (1 - rule.alpha());
        double epsilon = (double) rule.epsilon();
        double momentum = (double) rule.momentum();
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) { // two loops, as one of this length would not become vector instructions
                double d = g[i] + decay * p[i];
                square[i] = alpha * square[i] + oneMinusAlpha * d * d;
                mean[i] = alpha * mean[i] + oneMinusAlpha * d;
            }
            for (int i = from; i < to; i++) {
                double variance = Math.max(square[i] - mean[i] * mean[i], 0);
                double d = g[i] + decay * p[i];
                double velocity = momentum * v[i] + d / ((double) Math.sqrt(variance) + epsilon);
                v[i] = velocity;
                p[i] -= rate * velocity;
            }
        });
    }

    static void adaDelta(
            double[] p,
            double[] g,
            double[] square,
            double[] delta,
            /*wide*/ double rho,
            /*wide*/ double epsilon,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        double kept = (double) rho;
        double oneMinusRho = (double) (1 - rho);
        double eps = (double) epsilon;
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double s = kept * square[i] + oneMinusRho * d * d;
                double step = (double) Math.sqrt(delta[i] + eps) / (double) Math.sqrt(s + eps) * d;
                square[i] = s;
                delta[i] = kept * delta[i] + oneMinusRho * step * step;
                p[i] -= rate * step;
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

    static void amsgrad(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            double[] largest,
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
                double max = Math.max(largest[i], square);
                m[i] = mean;
                v[i] = square;
                largest[i] = max;
                p[i] -= rate * mean / (varianceCorrection * (double) Math.sqrt(max) + epsilon);
            }
        });
    }

    static void nadam(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            Steps.Adam rule,
            int step,
            /*wide*/ double gradientRate,
            /*wide*/ double meanRate,
            /*wide*/ double l2) {
        double beta1 = (double) rule.beta1();
        double oneMinusBeta1 = (double) (1 - rule.beta1());
        double beta2 = (double) rule.beta2();
        double oneMinusBeta2 = (double) (1 - rule.beta2());
        double gradientFactor = (double) gradientRate;
        double meanFactor = (double) meanRate;
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
                p[i] -= (gradientFactor * d + meanFactor * mean)
                        / (varianceCorrection * (double) Math.sqrt(square) + epsilon);
            }
        });
    }

    static void unadaptedAdam(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            Steps.Adam rule,
            /*wide*/ double meanRate,
            /*wide*/ double l2) {
        double beta1 = (double) rule.beta1();
        double oneMinusBeta1 = (double) (1 - rule.beta1());
        double beta2 = (double) rule.beta2();
        double oneMinusBeta2 = (double) (1 - rule.beta2());
        double rate = (double) meanRate;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double mean = beta1 * m[i] + oneMinusBeta1 * d;
                m[i] = mean;
                v[i] = beta2 * v[i] + oneMinusBeta2 * d * d;
                p[i] -= rate * mean;
            }
        });
    }

    static void rectifiedAdam(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            Steps.Adam rule,
            /*wide*/ double meanRate,
            /*wide*/ double l2) {
        double beta1 = (double) rule.beta1();
        double oneMinusBeta1 = (double) (1 - rule.beta1());
        double beta2 = (double) rule.beta2();
        double oneMinusBeta2 = (double) (1 - rule.beta2());
        double rate = (double) meanRate;
        double epsilon = (double) rule.epsilon();
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double mean = beta1 * m[i] + oneMinusBeta1 * d;
                double square = beta2 * v[i] + oneMinusBeta2 * d * d;
                m[i] = mean;
                v[i] = square;
                p[i] -= rate * mean / ((double) Math.sqrt(square) + epsilon);
            }
        });
    }

    static void adamax(
            double[] p,
            double[] g,
            double[] m,
            double[] largest,
            Steps.Adam rule,
            int step,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        double beta1 = (double) rule.beta1();
        double oneMinusBeta1 = (double) (1 - rule.beta1());
        double beta2 = (double) rule.beta2();
        double rate = (double) (lr / (1 - Math.pow(rule.beta1(), step)));
        double epsilon = (double) rule.epsilon();
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                double mean = beta1 * m[i] + oneMinusBeta1 * d;
                double max = Math.max(beta2 * largest[i], Math.abs(d) + epsilon);
                m[i] = mean;
                largest[i] = max;
                p[i] -= rate * mean / max;
            }
        });
    }

    static void lion(
            double[] p,
            double[] g,
            double[] m,
            /*wide*/ double beta1,
            /*wide*/ double beta2,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        double b1 = (double) beta1;
        double oneMinusBeta1 = (double) (1 - beta1);
        double b2 = (double) beta2;
        double oneMinusBeta2 = (double) (1 - beta2);
        double rate = (double) lr;
        double decay = (double) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double d = g[i] + decay * p[i];
                p[i] -= rate * Math.signum(b1 * m[i] + oneMinusBeta1 * d);
                m[i] = b2 * m[i] + oneMinusBeta2 * d;
            }
        });
    }

    static void moveTowards(double[] y, double[] x, /*wide*/ double weight) {
        double w = (double) weight;
        Chunks.split(y.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] += w * (x[i] - y[i]);
            }
        });
    }

    static void lookahead(double[] p, double[] slow, /*wide*/ double weight) {
        double w = (double) weight;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double s = slow[i] + w * (p[i] - slow[i]);
                slow[i] = s;
                p[i] = s;
            }
        });
    }
}
