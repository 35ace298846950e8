package gradus.nn.optim;

import java.util.List;
import java.util.Objects;

/**
 * A learning rate that is multiplied by a factor when the loss has not fallen for more than {@code patience} epochs. PyTorch's
 * {@code ReduceLROnPlateau} with {@code mode="min"}. It has no state: the rate follows from the losses of all epochs so far, which a
 * {@code Trainer} keeps and saves, so that a training resumes exactly. In a loop of your own:
 *
 * <pre>{@code
 * LearningRate plateau = LearningRate.plateau(0.1).patience(5);
 * List<Double> losses = new ArrayList<>();
 * ..
 * losses.add(validationLoss);
 * optimizer.learningRate(plateau.at(step, losses));
 * }</pre>
 *
 * @param rate the first rate
 * @param factor from 0 to below 1; 0.1 by default
 * @param patience the number of epochs without progress that are allowed; 10 by default
 * @param threshold progress is a loss below the best times {@code 1 - threshold}; 1e-4 by default
 * @param cooldown the number of epochs after a change that do not count; 0 by default
 * @param minimum the smallest rate; 0 by default. A change by 1e-8 or less is not made
 */
public record Plateau(double rate, double factor, int patience, double threshold, int cooldown, double minimum)
        implements LearningRate {
    private static final double LEAST_CHANGE = 1e-8;

    /** Checks the settings. */
    public Plateau {
        Schedules.requireRate("rate", rate);
        Schedules.requireRate("minimum", minimum);
        if (!(factor >= 0 && factor < 1)) {
            throw new IllegalArgumentException("learning rate: the factor " + factor + " must be from 0 to below 1");
        }
        if (!(threshold >= 0 && threshold < 1)) {
            throw new IllegalArgumentException(
                    "learning rate: the threshold " + threshold + " must be from 0 to below 1");
        }
        if (patience < 0 || cooldown < 0) {
            throw new IllegalArgumentException(
                    "learning rate: patience " + patience + " and cooldown " + cooldown + " must be at least 0");
        }
    }

    static Plateau of(double rate) {
        return new Plateau(rate, 0.1, 10, 1e-4, 0, 0);
    }

    /** Returns this schedule with another factor. */
    public Plateau factor(double multiplier) {
        return new Plateau(rate, multiplier, patience, threshold, cooldown, minimum);
    }

    /** Returns this schedule with another patience. */
    public Plateau patience(int epochs) {
        return new Plateau(rate, factor, epochs, threshold, cooldown, minimum);
    }

    /** Returns this schedule with another least progress, relative to the best loss. */
    public Plateau threshold(double share) {
        return new Plateau(rate, factor, patience, share, cooldown, minimum);
    }

    /** Returns this schedule with a number of epochs after a change that do not count. */
    public Plateau cooldown(int epochs) {
        return new Plateau(rate, factor, patience, threshold, epochs, minimum);
    }

    /** Returns this schedule with another smallest rate. */
    public Plateau minimum(double smallest) {
        return new Plateau(rate, factor, patience, threshold, cooldown, smallest);
    }

    /** Returns the first rate: that of a training of which no loss is known yet. */
    @Override
    public double at(long step) {
        return rate;
    }

    @Override
    public double at(long step, List<Double> losses) {
        Objects.requireNonNull(losses, "LearningRate.at: losses is null");
        double now = rate;
        double best = Double.POSITIVE_INFINITY;
        int waited = 0;
        int cooling = 0;
        for (double loss : losses) {
            if (loss < best * (1 - threshold)) {
                best = loss;
                waited = 0;
            } else {
                waited++;
            }
            if (cooling > 0) {
                cooling--;
                waited = 0;
            }
            if (waited > patience) {
                double next = Math.max(now * factor, minimum);
                now = now - next > LEAST_CHANGE ? next : now;
                cooling = cooldown;
                waited = 0;
            }
        }
        return now;
    }

    @Override
    public String settings() {
        return toString();
    }
}
