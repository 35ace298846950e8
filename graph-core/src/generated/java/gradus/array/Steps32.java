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

    static void bookMomentum(
            float[] p, float[] g, float[] v, /*wide*/ double momentum, /*wide*/ double lr, /*wide*/ double l2) {
        float kept = (float) momentum;
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float s = kept * v[i] - rate * (g[i] + decay * p[i]);
                v[i] = s;
                p[i] += s;
            }
        });
    }

    static void adagrad(
            float[] p, float[] g, float[] sum, /*wide*/ double epsilon, /*wide*/ double lr, /*wide*/ double l2) {
        float eps = (float) epsilon;
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float s = sum[i] + d * d;
                sum[i] = s;
                p[i] -= rate * d / ((float) Math.sqrt(s) + eps);
            }
        });
    }

    static void rmsProp(
            float[] p, float[] g, float[] square, Steps.RmsProp rule, /*wide*/ double lr, /*wide*/ double l2) {
        float alpha = (float) rule.alpha();
        float oneMinusAlpha = (float) (1 - rule.alpha());
        float epsilon = (float) rule.epsilon();
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float s = alpha * square[i] + oneMinusAlpha * d * d;
                square[i] = s;
                p[i] -= rate * d / ((float) Math.sqrt(s) + epsilon);
            }
        });
    }

    static void rmsPropMomentum(
            float[] p,
            float[] g,
            float[] square,
            float[] v,
            Steps.RmsProp rule,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        float alpha = (float) rule.alpha();
        float oneMinusAlpha = (float) (1 - rule.alpha());
        float epsilon = (float) rule.epsilon();
        float momentum = (float) rule.momentum();
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float s = alpha * square[i] + oneMinusAlpha * d * d;
                float velocity = momentum * v[i] + d / ((float) Math.sqrt(s) + epsilon);
                square[i] = s;
                v[i] = velocity;
                p[i] -= rate * velocity;
            }
        });
    }

    static void centeredRmsProp(
            float[] p,
            float[] g,
            float[] square,
            float[] mean,
            Steps.RmsProp rule,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        float alpha = (float) rule.alpha();
        float oneMinusAlpha = (float) (1 - rule.alpha());
        float epsilon = (float) rule.epsilon();
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float s = alpha * square[i] + oneMinusAlpha * d * d;
                float m = alpha * mean[i] + oneMinusAlpha * d;
                square[i] = s;
                mean[i] = m;
                p[i] -= rate * d / ((float) Math.sqrt(Math.max(s - m * m, 0)) + epsilon);
            }
        });
    }

    static void centeredRmsPropMomentum(
            float[] p,
            float[] g,
            float[] square,
            float[] mean,
            float[] v,
            Steps.RmsProp rule,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        float alpha = (float) rule.alpha();
        float oneMinusAlpha = (float) (1 - rule.alpha());
        float epsilon = (float) rule.epsilon();
        float momentum = (float) rule.momentum();
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) { // two loops, as one of this length would not become vector instructions
                float d = g[i] + decay * p[i];
                square[i] = alpha * square[i] + oneMinusAlpha * d * d;
                mean[i] = alpha * mean[i] + oneMinusAlpha * d;
            }
            for (int i = from; i < to; i++) {
                float variance = Math.max(square[i] - mean[i] * mean[i], 0);
                float d = g[i] + decay * p[i];
                float velocity = momentum * v[i] + d / ((float) Math.sqrt(variance) + epsilon);
                v[i] = velocity;
                p[i] -= rate * velocity;
            }
        });
    }

    static void adaDelta(
            float[] p,
            float[] g,
            float[] square,
            float[] delta,
            /*wide*/ double rho,
            /*wide*/ double epsilon,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        float kept = (float) rho;
        float oneMinusRho = (float) (1 - rho);
        float eps = (float) epsilon;
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float s = kept * square[i] + oneMinusRho * d * d;
                float step = (float) Math.sqrt(delta[i] + eps) / (float) Math.sqrt(s + eps) * d;
                square[i] = s;
                delta[i] = kept * delta[i] + oneMinusRho * step * step;
                p[i] -= rate * step;
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

    static void amsgrad(
            float[] p,
            float[] g,
            float[] m,
            float[] v,
            float[] largest,
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
                float max = Math.max(largest[i], square);
                m[i] = mean;
                v[i] = square;
                largest[i] = max;
                p[i] -= rate * mean / (varianceCorrection * (float) Math.sqrt(max) + epsilon);
            }
        });
    }

    static void nadam(
            float[] p,
            float[] g,
            float[] m,
            float[] v,
            Steps.Adam rule,
            int step,
            /*wide*/ double gradientRate,
            /*wide*/ double meanRate,
            /*wide*/ double l2) {
        float beta1 = (float) rule.beta1();
        float oneMinusBeta1 = (float) (1 - rule.beta1());
        float beta2 = (float) rule.beta2();
        float oneMinusBeta2 = (float) (1 - rule.beta2());
        float gradientFactor = (float) gradientRate;
        float meanFactor = (float) meanRate;
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
                p[i] -= (gradientFactor * d + meanFactor * mean)
                        / (varianceCorrection * (float) Math.sqrt(square) + epsilon);
            }
        });
    }

    static void unadaptedAdam(
            float[] p,
            float[] g,
            float[] m,
            float[] v,
            Steps.Adam rule,
            /*wide*/ double meanRate,
            /*wide*/ double l2) {
        float beta1 = (float) rule.beta1();
        float oneMinusBeta1 = (float) (1 - rule.beta1());
        float beta2 = (float) rule.beta2();
        float oneMinusBeta2 = (float) (1 - rule.beta2());
        float rate = (float) meanRate;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float mean = beta1 * m[i] + oneMinusBeta1 * d;
                m[i] = mean;
                v[i] = beta2 * v[i] + oneMinusBeta2 * d * d;
                p[i] -= rate * mean;
            }
        });
    }

    static void rectifiedAdam(
            float[] p,
            float[] g,
            float[] m,
            float[] v,
            Steps.Adam rule,
            /*wide*/ double meanRate,
            /*wide*/ double l2) {
        float beta1 = (float) rule.beta1();
        float oneMinusBeta1 = (float) (1 - rule.beta1());
        float beta2 = (float) rule.beta2();
        float oneMinusBeta2 = (float) (1 - rule.beta2());
        float rate = (float) meanRate;
        float epsilon = (float) rule.epsilon();
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float mean = beta1 * m[i] + oneMinusBeta1 * d;
                float square = beta2 * v[i] + oneMinusBeta2 * d * d;
                m[i] = mean;
                v[i] = square;
                p[i] -= rate * mean / ((float) Math.sqrt(square) + epsilon);
            }
        });
    }

    static void adamax(
            float[] p,
            float[] g,
            float[] m,
            float[] largest,
            Steps.Adam rule,
            int step,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        float beta1 = (float) rule.beta1();
        float oneMinusBeta1 = (float) (1 - rule.beta1());
        float beta2 = (float) rule.beta2();
        float rate = (float) (lr / (1 - Math.pow(rule.beta1(), step)));
        float epsilon = (float) rule.epsilon();
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                float mean = beta1 * m[i] + oneMinusBeta1 * d;
                float max = Math.max(beta2 * largest[i], Math.abs(d) + epsilon);
                m[i] = mean;
                largest[i] = max;
                p[i] -= rate * mean / max;
            }
        });
    }

    static void lion(
            float[] p,
            float[] g,
            float[] m,
            /*wide*/ double beta1,
            /*wide*/ double beta2,
            /*wide*/ double lr,
            /*wide*/ double l2) {
        float b1 = (float) beta1;
        float oneMinusBeta1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float oneMinusBeta2 = (float) (1 - beta2);
        float rate = (float) lr;
        float decay = (float) l2;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * p[i];
                p[i] -= rate * Math.signum(b1 * m[i] + oneMinusBeta1 * d);
                m[i] = b2 * m[i] + oneMinusBeta2 * d;
            }
        });
    }

    static void moveTowards(float[] y, float[] x, /*wide*/ double weight) {
        float w = (float) weight;
        Chunks.split(y.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] += w * (x[i] - y[i]);
            }
        });
    }

    static void lookahead(float[] p, float[] slow, /*wide*/ double weight) {
        float w = (float) weight;
        Chunks.split(p.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float s = slow[i] + w * (p[i] - slow[i]);
                slow[i] = s;
                p[i] = s;
            }
        });
    }
}
