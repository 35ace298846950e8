package gradus.nn.init;

import java.util.Objects;

/**
 * Weights whose variance is that of the fan-in (He et al. 2015), by default for relu. Any other activation function is named by its gain:
 * {@code He.normal(Gain.leakyRelu(0.1))}. PyTorch's {@code kaiming_uniform_} and {@code kaiming_normal_}, whose default is leaky relu of slope 0,
 * which is relu.
 */
public final class He {
    private He() {}

    /** Returns U(±sqrt(6 / in)), for relu. */
    public static Initializer uniform() {
        return uniform(Gain.RELU);
    }

    /** Returns U(±gain sqrt(3 / in)). */
    public static Initializer uniform(Gain gain) {
        Objects.requireNonNull(gain, "He.uniform: gain is null");
        return new FanInitializer(
                "He.uniform(" + gain.value() + ")", true, f -> gain.value() / Math.sqrt((double) f.in()));
    }

    /** Returns N(0, sqrt(2 / in)), for relu. */
    public static Initializer normal() {
        return normal(Gain.RELU);
    }

    /** Returns N(0, gain / sqrt(in)). */
    public static Initializer normal(Gain gain) {
        Objects.requireNonNull(gain, "He.normal: gain is null");
        return new FanInitializer(
                "He.normal(" + gain.value() + ")", false, f -> gain.value() / Math.sqrt((double) f.in()));
    }

    /** Returns the "He" of the book (Deep Learning from Scratch), N(0, sqrt(2 / in)), which is {@link #normal()}. */
    public static Initializer book() {
        return normal();
    }
}
