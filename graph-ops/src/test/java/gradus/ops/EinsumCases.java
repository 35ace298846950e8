package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.graph.OpCase;
import java.util.List;
import java.util.stream.Stream;

/** The test cases of {@link Einsum}. */
final class EinsumCases {
    static final List<OpCase> ALL = Stream.concat(
                    Stream.of(
                            of("ij->ji", Shape.of(2, 3)),
                            of("ii", Shape.of(3, 3)),
                            of("iij->ij", Shape.of(2, 2, 3)),
                            of("iji->j", Shape.of(2, 3, 2)),
                            of("...ij->...ji", Shape.of(2, 1, 3)),
                            of("ij", Shape.of(2, 3)),
                            of("i->", Shape.of(3)),
                            of("->", Shape.of())),
                    Stream.of(
                            of("ij,jk->ik", Shape.of(2, 3), Shape.of(3, 2)),
                            of("ij , jk", Shape.of(2, 3), Shape.of(3, 2)),
                            of("bij,bjk->bik", Shape.of(2, 2, 3), Shape.of(2, 3, 2)),
                            of("i,j->ij", Shape.of(2), Shape.of(3)),
                            of("i,i", Shape.of(3), Shape.of(3)),
                            of("ij,j->", Shape.of(2, 3), Shape.of(3)),
                            of("ij,ij->ij", Shape.of(2, 3), Shape.of(1, 3)),
                            of("...i,ij->...j", Shape.of(2, 3), Shape.of(3, 2)),
                            of("...ij,...jk", Shape.of(2, 1, 2, 2), Shape.of(3, 2, 1)),
                            of("i,ij,j->", Shape.of(2), Shape.of(2, 3), Shape.of(3)),
                            of("ab,bc,cd,da->bd", Shape.of(2, 3), Shape.of(3, 2), Shape.of(2, 4), Shape.of(4, 2)),
                            of("aab,b,cb->ca", Shape.of(2, 2, 3), Shape.of(3), Shape.of(2, 3))))
            .toList();

    private EinsumCases() {}

    private static OpCase of(String equation, Shape... shapes) {
        return row("einsum \"" + equation + "\"", in -> Einsum.of(equation, in), shapes);
    }
}
