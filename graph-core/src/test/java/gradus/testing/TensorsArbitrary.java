package gradus.testing;

import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;

/** Lists of tensors whose shapes are drawn together, with values drawn evenly between bounds. */
record TensorsArbitrary(Arbitrary<List<Shape>> shapes, double low, double high) implements Arbitrary<List<Tensor>> {
    @Override
    public RandomGenerator<List<Tensor>> generator(int genSize) {
        RandomGenerator<List<Shape>> drawn = shapes.generator(genSize);
        return random -> ShrinkableTensors.drawn(drawn.next(random), low, high, random.nextLong());
    }

    @Override
    public EdgeCases<List<Tensor>> edgeCases(int maxEdgeCases) {
        return EdgeCases.fromSuppliers(shapes.edgeCases(maxEdgeCases).suppliers().stream()
                .map(this::ofShapes)
                .toList());
    }

    private Supplier<Shrinkable<List<Tensor>>> ofShapes(Supplier<Shrinkable<List<Shape>>> edge) {
        return () -> ShrinkableTensors.drawn(edge.get(), low, high, 1);
    }
}
