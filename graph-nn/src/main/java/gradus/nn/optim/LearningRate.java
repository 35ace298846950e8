package gradus.nn.optim;

/** A schedule: the learning rate of each step, a pure function. Steps are numbered from 0. */
@FunctionalInterface
public interface LearningRate {
    /** Returns the learning rate of a step. */
    double at(long step);

    /** Returns one rate for all steps. */
    static LearningRate constant(double rate) {
        requireRate(rate);
        return step -> rate;
    }

    /** Returns {@code rate * factor^floor(step / every)}. PyTorch's {@code StepLR}. */
    static LearningRate step(double rate, long every, double factor) {
        requireRate(rate);
        requireSteps("every", every);
        requireRate(factor);
        return step -> rate * Math.pow(factor, (double) Math.floorDiv(step, every));
    }

    /** Returns {@code rate * factor^step}. PyTorch's {@code ExponentialLR}. */
    static LearningRate exponential(double rate, double factor) {
        requireRate(rate);
        requireRate(factor);
        return step -> rate * Math.pow(factor, (double) step);
    }

    /**
     * Returns {@code rate (1 + cos(pi step / steps)) / 2}, from the rate at step 0 down to 0 at {@code steps}, and 0 after
     * it. Loshchilov and Hutter 2017, without restarts; PyTorch's {@code CosineAnnealingLR}.
     */
    static LearningRate cosine(double rate, long steps) {
        requireRate(rate);
        requireSteps("steps", steps);
        return step -> step >= steps ? 0 : rate * (1 + Math.cos(Math.PI * step / steps)) / 2;
    }

    /** Returns this schedule, multiplied by {@code (step + 1) / steps} in the first steps: linear warm-up. */
    default LearningRate warmup(long steps) {
        requireSteps("steps of warm-up", steps);
        return step -> at(step) * Math.min(1, (step + 1.0) / steps);
    }

    private static void requireRate(double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException(
                    "learning rate: the rate or factor " + rate + " must be a number from 0 up");
        }
    }

    private static void requireSteps(String what, long n) {
        if (n < 1) {
            throw new IllegalArgumentException("learning rate: " + what + " " + n + " must be at least 1");
        }
    }
}
