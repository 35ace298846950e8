package gradus.nn.init;

/**
 * The factor by which an activation function's weights are drawn larger, so that the variance of the signal stays the same from layer to
 * layer. PyTorch's {@code calculate_gain}.
 *
 * @param value the factor of the standard deviation
 */
public record Gain(double value) {
    /** 1, for a layer without activation function. */
    public static final Gain LINEAR = new Gain(1);
    /** 1. */
    public static final Gain SIGMOID = new Gain(1);
    /** 5/3. */
    public static final Gain TANH = new Gain(5.0 / 3);
    /** {@code sqrt(2)}: relu keeps half of the variance. */
    public static final Gain RELU = new Gain(Math.sqrt(2));
    /** 3/4. */
    public static final Gain SELU = new Gain(0.75);

    /**
     * Checks the factor.
     *
     * @throws IllegalArgumentException if it is not a positive number
     */
    public Gain {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("Gain: " + value + " must be a positive number");
        }
    }

    /**
     * Returns {@code sqrt(2 / (1 + slope^2))}.
     *
     * @param slope that of leakyRelu below 0
     * @throws IllegalArgumentException if it is not a number
     */
    public static Gain leakyRelu(double slope) {
        return new Gain(Math.sqrt(2 / (1 + slope * slope)));
    }
}
