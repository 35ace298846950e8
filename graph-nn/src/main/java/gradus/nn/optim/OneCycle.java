package gradus.nn.optim;

/**
 * The 1cycle policy (Smith and Topin 2018): the rate rises from {@code max / divFactor} to max in the first {@code pctStart} of
 * the steps, and falls to {@code max / divFactor / finalDivFactor} at the last step, along half waves of the cosine. PyTorch's
 * {@code OneCycleLR} with {@code cycle_momentum=False}: the momentum of the optimizer stays. After the last step, where PyTorch
 * fails, it is the last rate.
 *
 * <pre>{@code LearningRate.oneCycle(0.1, 1000).pctStart(0.2).linear()}</pre>
 *
 * @param max the largest rate
 * @param steps the number of steps of the training
 * @param pctStart the share of the steps in which the rate rises, 0 to 1; 0.3 by default
 * @param divFactor 25 by default
 * @param finalDivFactor 1e4 by default
 * @param isLinear whether the rate follows straight lines instead of the cosine
 * @param hasThreePhases whether it falls to the first rate in as many steps as it rises, and from there to the last
 */
public record OneCycle(
        double max,
        long steps,
        double pctStart,
        double divFactor,
        double finalDivFactor,
        boolean isLinear,
        boolean hasThreePhases)
        implements LearningRate {
    /** Checks the settings. */
    public OneCycle {
        Schedules.requireRate("maximum", max);
        Schedules.requireSteps("steps", steps);
        if (!(pctStart >= 0 && pctStart <= 1)) {
            throw new IllegalArgumentException("learning rate: pctStart " + pctStart + " must be from 0 to 1");
        }
        requirePositive("divFactor", divFactor);
        requirePositive("finalDivFactor", finalDivFactor);
    }

    static OneCycle of(double max, long steps) {
        return new OneCycle(max, steps, 0.3, 25, 1e4, false, false);
    }

    /** Returns this schedule with another share of the steps in which the rate rises. */
    public OneCycle pctStart(double share) {
        return new OneCycle(max, steps, share, divFactor, finalDivFactor, isLinear, hasThreePhases);
    }

    /** Returns this schedule with the first rate {@code max / factor}. */
    public OneCycle divFactor(double factor) {
        return new OneCycle(max, steps, pctStart, factor, finalDivFactor, isLinear, hasThreePhases);
    }

    /** Returns this schedule with the last rate {@code max / divFactor / factor}. */
    public OneCycle finalDivFactor(double factor) {
        return new OneCycle(max, steps, pctStart, divFactor, factor, isLinear, hasThreePhases);
    }

    /** Returns this schedule along straight lines. PyTorch's {@code anneal_strategy="linear"}. */
    public OneCycle linear() {
        return new OneCycle(max, steps, pctStart, divFactor, finalDivFactor, true, hasThreePhases);
    }

    /** Returns this schedule with a third phase, as in the paper. PyTorch's {@code three_phase=True}. */
    public OneCycle threePhase() {
        return new OneCycle(max, steps, pctStart, divFactor, finalDivFactor, isLinear, true);
    }

    @Override
    public double at(long step) {
        double first = max / divFactor;
        double end = steps - 1.0;
        double at = Math.min((double) step, end);
        double top = pctStart * steps - 1;
        if (at <= top) {
            return between(first, max, top > 0 ? at / top : 1);
        }
        double fallen = hasThreePhases ? 2 * top : top;
        if (at <= fallen) {
            return between(max, first, (at - top) / (fallen - top));
        }
        return between(hasThreePhases ? first : max, first / finalDivFactor, (at - fallen) / (end - fallen));
    }

    private double between(double from, double to, double share) {
        return isLinear ? from + (to - from) * share : Schedules.cosine(from, to, share);
    }

    @Override
    public String settings() {
        return toString();
    }

    private static void requirePositive(String what, double factor) {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("learning rate: " + what + " " + factor + " must be a positive number");
        }
    }
}
