package gradus.nn.init;

import java.util.Objects;

/**
 * Weights whose variance is that of the mean of fan-in and fan-out (Glorot and Bengio 2010), by default without gain: for tanh,
 * {@code Xavier.normal(Gain.TANH)}. PyTorch's {@code xavier_uniform_} and {@code xavier_normal_}.
 */
public final class Xavier {
    private Xavier() {}

    /** Returns U(±sqrt(6 / (in + out))). */
    public static Initializer uniform() {
        return uniform(Gain.LINEAR);
    }

    /** Returns U(±gain sqrt(6 / (in + out))). */
    public static Initializer uniform(Gain gain) {
        Objects.requireNonNull(gain, "Xavier.uniform: gain is null");
        return new FanInitializer(
                "Xavier.uniform(" + gain.value() + ")", true, f -> gain.value() * Math.sqrt(2.0 / (f.in() + f.out())));
    }

    /** Returns N(0, sqrt(2 / (in + out))). */
    public static Initializer normal() {
        return normal(Gain.LINEAR);
    }

    /** Returns N(0, gain sqrt(2 / (in + out))). */
    public static Initializer normal(Gain gain) {
        Objects.requireNonNull(gain, "Xavier.normal: gain is null");
        return new FanInitializer(
                "Xavier.normal(" + gain.value() + ")", false, f -> gain.value() * Math.sqrt(2.0 / (f.in() + f.out())));
    }

    /** Returns the "Xavier" of the book (Deep Learning from Scratch), N(0, sqrt(1 / in)), which is {@link LeCun#normal}. */
    public static Initializer book() {
        return LeCun.normal();
    }
}
