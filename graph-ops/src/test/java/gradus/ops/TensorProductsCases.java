package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link TensorProducts} and {@link BinarySearch}. */
final class TensorProductsCases {
    private static final Shape S23 = Shape.of(2, 3);
    private static final Shape S234 = Shape.of(2, 3, 4);

    static final List<OpCase> ALL = List.of(
            row("cross", in -> TensorProducts.cross(in[0], in[1], -1), S23, S23),
            row(
                    "cross of [3, 2] and [2, 3, 1]",
                    in -> TensorProducts.cross(in[0], in[1], 1),
                    Shape.of(3, 2),
                    Shape.of(2, 3, 1)),
            row("tensordot(.., 1)", in -> TensorProducts.tensordot(in[0], in[1], 1), S23, Shape.of(3, 2, 2)),
            row("tensordot(.., 0)", in -> TensorProducts.tensordot(in[0], in[1], 0), S23, Shape.of(2)),
            row("tensordot(.., 2)", in -> TensorProducts.tensordot(in[0], in[1], 2), S234, Shape.of(3, 4)),
            row(
                    "tensordot(.., [2, 0], [0, -1])",
                    in -> TensorProducts.tensordot(in[0], in[1], new int[] {2, 0}, new int[] {0, -1}),
                    S234,
                    Shape.of(4, 3, 2)),
            row(
                    "tensordot over no elements",
                    in -> TensorProducts.tensordot(in[0], in[1], 1),
                    Shape.of(2, 0),
                    Shape.of(0, 3)),
            row("searchSorted", in -> BinarySearch.searchSorted(in[0].sort(0).values(), in[1]), Shape.of(5), S23),
            row(
                    "searchSorted(.., true) by rows",
                    in -> BinarySearch.searchSorted(in[0].sort(1).values(), in[1], true),
                    Shape.of(2, 4),
                    S23),
            row(
                    "bucketize",
                    in -> BinarySearch.bucketize(in[0], in[1].sort(0).values()).mul(in[0]),
                    S23,
                    Shape.of(4)));

    private TensorProductsCases() {}
}
