package gradus.nn.search;

import gradus.array.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The values that a parameter may have: a range of numbers, or choices.
 *
 * @param low the smallest value of a range; 0 for choices
 * @param high the upper end of a range, which belongs to it for integers; 0 for choices
 * @param choices the choices; empty for a range
 */
record Space(Kind kind, double low, double high, List<Object> choices) {
    /** How a value is drawn. */
    enum Kind {
        UNIFORM("uniform"),
        LOG_UNIFORM("logUniform"),
        INTEGER("integer"),
        LOG_INTEGER("logInteger"),
        CHOICE("choice");

        /** The name of the method of {@link Trial}. */
        final String method;

        Kind(String method) {
            this.method = method;
        }

        static Kind of(String method) {
            for (Kind k : values()) {
                if (k.method.equals(method)) {
                    return k;
                }
            }
            throw new IllegalArgumentException("\"" + method + "\" is no kind of parameter");
        }
    }

    Space {
        choices = List.copyOf(choices);
    }

    /**
     * Returns a range.
     *
     * @throws IllegalArgumentException if it is empty, not finite, or not positive where its logarithm is uniform
     */
    static Space range(Kind kind, double low, double high) {
        boolean isInteger = kind == Kind.INTEGER || kind == Kind.LOG_INTEGER;
        if (!Double.isFinite(low) || !Double.isFinite(high) || !Double.isFinite(high - low)) {
            throw new IllegalArgumentException(
                    kind.method + ": the range from " + low + " to " + high + " is not finite");
        }
        if (isInteger ? low > high : low >= high) {
            throw new IllegalArgumentException(kind.method + ": low " + text(isInteger, low) + " must be "
                    + (isInteger ? "at most" : "below") + " high " + text(isInteger, high));
        }
        if ((kind == Kind.LOG_UNIFORM || kind == Kind.LOG_INTEGER) && low <= 0) {
            throw new IllegalArgumentException(
                    kind.method + ": low " + text(isInteger, low) + " must be positive, as its logarithm is taken");
        }
        return new Space(kind, low, high, List.of());
    }

    /**
     * Returns choices.
     *
     * @throws IllegalArgumentException if there are none, one is there twice, or one is not finite
     */
    static Space choice(List<?> choices) {
        List<Object> all = new ArrayList<>();
        for (Object c : choices) {
            if (c == null) {
                throw new NullPointerException("choice: choices[" + all.size() + "] is null");
            }
            if (c instanceof Double d && !Double.isFinite(d)) {
                throw new IllegalArgumentException("choice: " + d + " is not finite");
            }
            if (all.contains(c)) {
                throw new IllegalArgumentException("choice: " + c + " is given twice");
            }
            all.add(c);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("choice: there are no choices");
        }
        return new Space(Kind.CHOICE, 0, 0, all);
    }

    /** Returns whether the values are numbers from low to high. */
    boolean isRange() {
        return kind != Kind.CHOICE;
    }

    /** Returns whether the values are whole numbers or choices, so that two trials may have the same one. */
    boolean isDiscrete() {
        return kind != Kind.UNIFORM && kind != Kind.LOG_UNIFORM;
    }

    /** Returns a random value: a {@code Double}, an {@code Integer}, or one of the choices. */
    Object draw(RandomStream random) {
        return switch (kind) {
            case UNIFORM -> random.nextDouble(low, high);
            case LOG_UNIFORM -> Math.min(Math.nextDown(high), Math.max(low, exponential(random, high)));
            case INTEGER -> (int) Math.min(high, low + Math.floor(random.nextDouble() * (high - low + 1)));
            case LOG_INTEGER -> (int) Math.min(high, Math.max(low, Math.floor(exponential(random, high + 1))));
            case CHOICE -> choices.get(random.nextInt(choices.size()));
        };
    }

    private double exponential(RandomStream random, double end) {
        return StrictMath.exp(random.nextDouble(StrictMath.log(low), StrictMath.log(end)));
    }

    /**
     * Returns a listed value as one of this space.
     *
     * @throws IllegalArgumentException if it is not in this space
     */
    Object listed(Object value) {
        if (!isRange()) {
            for (Object c : choices) {
                if (c.equals(value)
                        || (c instanceof Number a && value instanceof Number b && a.doubleValue() == b.doubleValue())) {
                    return c;
                }
            }
        } else if (value instanceof Number n && n.doubleValue() >= low && n.doubleValue() <= high) {
            if (!isDiscrete()) {
                return n.doubleValue();
            }
            if (n.intValue() == n.doubleValue()) {
                return n.intValue();
            }
        }
        throw new IllegalArgumentException(value + " is not a value of " + this);
    }

    /**
     * Returns a part of this range.
     *
     * @throws IllegalArgumentException if this is no range, or does not have that part
     */
    Space within(Search.Range part) {
        if (!isRange() || part.low() < low || part.high() > high) {
            throw new IllegalArgumentException(
                    "within: " + part.low() + " to " + part.high() + " is not a part of " + this);
        }
        return isDiscrete()
                ? range(kind, Math.ceil(part.low()), Math.floor(part.high()))
                : range(kind, part.low(), part.high());
    }

    private static String text(boolean isInteger, double v) {
        return isInteger ? Long.toString((long) v) : Double.toString(v);
    }

    /** Returns the call that asks for it, without the name. */
    @Override
    public String toString() {
        return isRange()
                ? kind.method + " from " + text(isDiscrete(), low) + " to " + text(isDiscrete(), high)
                : "choice of " + choices;
    }
}
