package gradus.nn.optim;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A schedule: the learning rate of each step, a pure function. Steps are numbered from 0. A lambda is one; those made here are
 * values, equal if they give the same rates by the same rule, and compared exactly when a training is resumed.
 */
@FunctionalInterface
public interface LearningRate {
    /** Returns the learning rate of a step. */
    double at(long step);

    /**
     * Returns the learning rate of a step, where it depends on the losses of the epochs before, as {@link #plateau} does; that
     * of {@link #at(long)} by default. A {@code Trainer} gives the losses on its validation set, or else those of training.
     */
    default double at(long step, List<Double> losses) {
        Objects.requireNonNull(losses, "LearningRate.at: losses is null");
        return at(step);
    }

    /**
     * Returns all that the rates depend on, as text: a training is resumed only with the same. Empty by default, as for a lambda,
     * of which only some rates are compared.
     */
    default String settings() {
        return "";
    }

    /** Returns one rate for all steps. */
    static LearningRate constant(double rate) {
        return new Schedules.Constant(rate);
    }

    /** Returns {@code rate * factor^floor(step / every)}. PyTorch's {@code StepLR}. */
    static LearningRate step(double rate, long every, double factor) {
        return new Schedules.Step(rate, every, factor);
    }

    /**
     * Returns {@code rate * factor^k}, where k is the number of milestones that the step has reached. PyTorch's {@code
     * MultiStepLR}.
     *
     * @param milestones steps from 1 up, in ascending order
     */
    static LearningRate multiStep(double rate, double factor, long... milestones) {
        Objects.requireNonNull(milestones, "LearningRate.multiStep: milestones is null");
        return new Schedules.MultiStep(
                rate, factor, Arrays.stream(milestones).boxed().toList());
    }

    /** Returns {@code rate * factor^step}. PyTorch's {@code ExponentialLR}. */
    static LearningRate exponential(double rate, double factor) {
        return new Schedules.Exponential(rate, factor);
    }

    /**
     * Returns {@code rate (1 - step / steps)^power}, and 0 from {@code steps} on; with power 1 a straight line. PyTorch's {@code
     * PolynomialLR}.
     */
    static LearningRate polynomial(double rate, long steps, double power) {
        return new Schedules.Polynomial(rate, steps, power);
    }

    /** Returns {@link #cosine(double, long, double)} down to 0. */
    static LearningRate cosine(double rate, long steps) {
        return cosine(rate, steps, 0);
    }

    /**
     * Returns {@code minimum + (rate - minimum) (1 + cos(pi step / steps)) / 2}, from the rate at step 0 down to the minimum at
     * {@code steps}, and the minimum after it. Loshchilov and Hutter 2017, without restarts; PyTorch's {@code CosineAnnealingLR},
     * which rises again after it.
     */
    static LearningRate cosine(double rate, long steps, double minimum) {
        return new Schedules.Cosine(rate, steps, minimum);
    }

    /**
     * Returns {@link #cosine(double, long)} that starts again when it has reached 0, each time for so many times as many steps: 1
     * for cycles of the same length. Loshchilov and Hutter 2017; PyTorch's {@code CosineAnnealingWarmRestarts}.
     *
     * @param steps of the first cycle
     */
    static LearningRate cosineRestarts(double rate, long steps, long multiplier) {
        return new Schedules.CosineRestarts(rate, steps, multiplier);
    }

    /** Returns the 1cycle policy for a training of so many steps, with PyTorch's defaults; see {@link OneCycle}. */
    static OneCycle oneCycle(double max, long steps) {
        return OneCycle.of(max, steps);
    }

    /** Returns a rate that falls when the loss no longer does, with PyTorch's defaults; see {@link Plateau}. */
    static Plateau plateau(double rate) {
        return Plateau.of(rate);
    }

    /**
     * Returns this schedule, multiplied by {@code (step + 1) / steps} in the first steps: linear warm-up. PyTorch's {@code LinearLR}
     * with a start factor of {@code 1 / steps} and {@code steps - 1} iterations.
     */
    default LearningRate warmup(long steps) {
        return new Schedules.Warmup(this, steps);
    }

    /** Returns this schedule in the first steps, and then another one, whose steps are counted from there; a plateau counts the losses of all epochs. PyTorch's {@code SequentialLR}. */
    default LearningRate then(long steps, LearningRate next) {
        Objects.requireNonNull(next, "LearningRate.then: next is null");
        return new Schedules.Then(this, steps, next);
    }
}
