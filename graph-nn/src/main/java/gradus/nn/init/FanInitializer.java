package gradus.nn.init;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Draws from a uniform or normal distribution of mean 0 with a standard deviation that depends on the fans.
 *
 * @param name shown by {@link #toString}
 * @param uniform whether the distribution is uniform, U(±sqrt(3) std), and not normal
 * @param std the standard deviation
 */
record FanInitializer(String name, boolean uniform, ToDoubleFunction<Fans> std) implements Initializer {
    @Override
    public Tensor draw(Shape shape, RandomStream random) {
        Objects.requireNonNull(shape, "initializer: shape is null");
        Objects.requireNonNull(random, "initializer: random is null");
        return draw(shape, Fans.of(shape), random);
    }

    @Override
    public Tensor draw(Shape shape, Fans fans, RandomStream random) {
        Objects.requireNonNull(shape, "initializer: shape is null");
        Objects.requireNonNull(fans, "initializer: fans is null");
        Objects.requireNonNull(random, "initializer: random is null");
        double s = std.applyAsDouble(fans);
        double bound = Math.sqrt(3) * s;
        return uniform ? Tensor.uniform(shape, -bound, bound, random) : Tensor.normal(shape, 0, s, random);
    }

    @Override
    public String toString() {
        return name;
    }
}
