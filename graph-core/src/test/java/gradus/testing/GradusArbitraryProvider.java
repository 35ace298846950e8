package gradus.testing;

import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/**
 * Provides the arbitraries of {@code @ForAll Shape}, {@code @ForAll Tensor} and {@code @ForAll Pair}; jqwik discovers it as
 * a service. A {@code DType} is an enum, which jqwik provides itself.
 */
public final class GradusArbitraryProvider implements ArbitraryProvider {
    private static final Map<Class<?>, Arbitrary<?>> BY_TYPE = Map.of(
            Shape.class, GradusArbitraries.shapes(),
            Tensor.class, GradusArbitraries.tensors(),
            Pair.class, GradusArbitraries.pairs());

    @Override
    public boolean canProvideFor(TypeUsage type) {
        return BY_TYPE.containsKey(type.getRawType());
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        return Set.of(BY_TYPE.get(type.getRawType()));
    }
}
