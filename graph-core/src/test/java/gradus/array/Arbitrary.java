package gradus.array;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Combinators;

/** Arbitrary shapes, small and awkward, and tensors of them. */
public final class Arbitrary {
    private Arbitrary() {}

    public static net.jqwik.api.Arbitrary<Shape> shapes(int minRank, int maxRank) {
        return Arbitraries.of(0, 1, 1, 2, 3, 4, 7)
                .list()
                .ofMinSize(minRank)
                .ofMaxSize(maxRank)
                .map(d -> Shape.of(d.stream().mapToInt(Integer::intValue).toArray()));
    }

    public static net.jqwik.api.Arbitrary<Tensor> tensors(int minRank, int maxRank) {
        return Combinators.combine(shapes(minRank, maxRank), Arbitraries.longs())
                .as((s, seed) -> Tensor.uniform(s, -2, 2, RandomStream.of(seed, "tensor")));
    }

    /** Returns pairs of tensors that broadcast against each other. */
    public static net.jqwik.api.Arbitrary<List<Tensor>> pairs() {
        var masks = Arbitraries.integers().between(0, 15);
        var ranks = Arbitraries.integers().between(0, 4);
        return Combinators.combine(shapes(4, 4), masks, masks, ranks, ranks, Arbitraries.longs())
                .as((s, p, q, m, n, seed) -> List.of(
                        Tensor.uniform(thinned(s, p, m), -2, 2, RandomStream.of(seed, "a")),
                        Tensor.uniform(thinned(s, q, n), -2, 2, RandomStream.of(seed, "b"))));
    }

    private static Shape thinned(Shape s, int ones, int rank) {
        int[] d = new int[rank];
        for (int i = 0; i < rank; i++) {
            d[i] = (ones >> i & 1) == 1 ? 1 : s.dim(4 - rank + i);
        }
        return Shape.of(d);
    }
}
