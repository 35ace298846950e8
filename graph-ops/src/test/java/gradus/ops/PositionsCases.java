package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Positions}. */
final class PositionsCases {
    static final List<OpCase> ALL = List.of(
            row(
                    "sinusoidal(3, 4)",
                    in -> Positions.sinusoidal(3, 4).to(in[0].dtype()).add(in[0]),
                    Shape.of(2, 3, 4)),
            row("rotary", in -> Positions.rotary(in[0]), Shape.of(2, 3, 4)),
            row("rotary of no vectors", in -> Positions.rotary(in[0]), Shape.of(2, 0, 4)),
            row(
                    "rotary from 5 on, by halves",
                    in -> Positions.rotary(in[0], 5, 100, Positions.Pairing.HALVES),
                    Shape.of(2, 1, 3, 6)),
            row(
                    "rotary at positions",
                    in -> Positions.rotary(in[0], new int[] {7, 0, 7}, 50, Positions.Pairing.ADJACENT),
                    Shape.of(3, 2)));

    private PositionsCases() {}
}
