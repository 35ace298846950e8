package gradus.nn.optim;

import java.util.List;

/** The schedules of {@link LearningRate}, as values. */
final class Schedules {
    private Schedules() {}

    /** A schedule whose text says all that it depends on. */
    private interface Value extends LearningRate {
        @Override
        default String settings() {
            return toString();
        }
    }

    record Constant(double rate) implements Value {
        Constant {
            requireRate("rate", rate);
        }

        @Override
        public double at(long step) {
            return rate;
        }
    }

    record Step(double rate, long every, double factor) implements Value {
        Step {
            requireRate("rate", rate);
            requireSteps("every", every);
            requireRate("factor", factor);
        }

        @Override
        public double at(long step) {
            return rate * Math.pow(factor, (double) Math.floorDiv(step, every));
        }
    }

    record MultiStep(double rate, double factor, List<Long> milestones) implements Value {
        MultiStep {
            requireRate("rate", rate);
            requireRate("factor", factor);
            long before = 0;
            for (long m : milestones) {
                if (m <= before) {
                    throw new IllegalArgumentException(
                            "learning rate: milestones " + milestones + " must be from 1 up, and ascend");
                }
                before = m;
            }
        }

        @Override
        public double at(long step) {
            return rate
                    * Math.pow(factor, (double)
                            milestones.stream().filter(m -> step >= m).count());
        }
    }

    record Exponential(double rate, double factor) implements Value {
        Exponential {
            requireRate("rate", rate);
            requireRate("factor", factor);
        }

        @Override
        public double at(long step) {
            return rate * Math.pow(factor, (double) step);
        }
    }

    record Polynomial(double rate, long steps, double power) implements Value {
        Polynomial {
            requireRate("rate", rate);
            requireSteps("steps", steps);
            if (!(power > 0) || Double.isInfinite(power)) {
                throw new IllegalArgumentException("learning rate: the power " + power + " must be a positive number");
            }
        }

        @Override
        public double at(long step) {
            return step >= steps ? 0 : rate * Math.pow(1 - (double) step / steps, power);
        }
    }

    record Cosine(double rate, long steps, double minimum) implements Value {
        Cosine {
            requireRate("rate", rate);
            requireSteps("steps", steps);
            requireRate("minimum", minimum);
        }

        @Override
        public double at(long step) {
            return step >= steps ? minimum : cosine(rate, minimum, (double) step / steps);
        }
    }

    record CosineRestarts(double rate, long steps, long multiplier) implements Value {
        CosineRestarts {
            requireRate("rate", rate);
            requireSteps("steps", steps);
            requireSteps("multiplier", multiplier);
        }

        @Override
        public double at(long step) {
            if (multiplier == 1) {
                return cosine(rate, 0, (double) (step % steps) / steps);
            }
            long within = step;
            long length = steps;
            while (within >= length) {
                within -= length;
                length *= multiplier;
            }
            return cosine(rate, 0, (double) within / length);
        }
    }

    /** Linear warm-up of a schedule. */
    record Warmup(LearningRate schedule, long steps) implements LearningRate {
        Warmup {
            requireSteps("steps of warm-up", steps);
        }

        @Override
        public double at(long step) {
            return schedule.at(step) * factor(step);
        }

        @Override
        public double at(long step, List<Double> losses) {
            return schedule.at(step, losses) * factor(step);
        }

        private double factor(long step) {
            return Math.min(1, (step + 1.0) / steps);
        }

        @Override
        public String settings() {
            return schedule.settings().isEmpty() ? "" : schedule.settings() + ".warmup(" + steps + ")";
        }
    }

    /** One schedule after another. */
    record Then(LearningRate first, long steps, LearningRate next) implements LearningRate {
        Then {
            requireSteps("steps of the first schedule", steps);
        }

        @Override
        public double at(long step) {
            return step < steps ? first.at(step) : next.at(step - steps);
        }

        @Override
        public double at(long step, List<Double> losses) {
            return step < steps ? first.at(step, losses) : next.at(step - steps, losses);
        }

        @Override
        public String settings() {
            return first.settings().isEmpty() || next.settings().isEmpty()
                    ? ""
                    : first.settings() + ".then(" + steps + ", " + next.settings() + ")";
        }
    }

    /** Returns what lies a share of the way from one rate to another, along a half wave of the cosine. */
    static double cosine(double from, double to, double share) {
        return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
    }

    static void requireRate(String what, double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException(
                    "learning rate: the " + what + " " + rate + " must be a number from 0 up");
        }
    }

    static void requireSteps(String what, long n) {
        if (n < 1) {
            throw new IllegalArgumentException("learning rate: " + what + " " + n + " must be at least 1");
        }
    }
}
