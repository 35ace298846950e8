package gradus.graph;

import static gradus.graph.OpCase.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.graph.Activations.LogSoftmax;
import gradus.graph.Activations.Softmax;
import gradus.graph.Products.Matmul;
import gradus.graph.Reductions.LogSumExp;
import gradus.graph.Reductions.Max;
import gradus.graph.Reductions.Min;
import gradus.graph.Reductions.Sum;
import gradus.graph.Shaping.Concat;
import gradus.graph.Shaping.ExpandTo;
import gradus.graph.Shaping.Pad;
import gradus.graph.Shaping.Permute;
import gradus.graph.Shaping.Reshape;
import gradus.graph.Shaping.Slice;
import gradus.graph.Shaping.SumTo;
import gradus.graph.Shaping.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of every op in this package. Ops by formula find their own way here. */
class OpGradientTest {
    private static final String PACKAGE = "gradus.graph";
    private static final Shape S23 = Shape.of(2, 3);
    private static final Shape S234 = Shape.of(2, 3, 4);

    /** A row for every op with parameters; {@link #every_op_with_parameters_has_a_row} fails for a missing one. */
    private static final List<OpCase> ROWS = List.of(
            row(Sum.class, "sum()", in -> in[0].sum(), S23),
            row(Sum.class, "sum(1)", in -> in[0].sum(1), S234),
            row(Sum.class, "sum(0, -1)", in -> in[0].sum(0, -1), S234),
            row(Sum.class, "sumKeepDims(-2)", in -> in[0].sumKeepDims(-2), S234),
            row(Sum.class, "mean(0, 2)", in -> in[0].mean(0, 2), S234),
            row(Sum.class, "meanKeepDims(1)", in -> in[0].meanKeepDims(1), S234),
            row(Max.class, "max()", in -> in[0].max(), S23),
            row(Max.class, "max(1)", in -> in[0].max(1), S234),
            row(Max.class, "maxKeepDims(0, 2)", in -> in[0].maxKeepDims(0, 2), S234),
            row(Min.class, "min(-1)", in -> in[0].min(-1), S234),
            row(Min.class, "minKeepDims(1)", in -> in[0].minKeepDims(1), S234),
            row(LogSumExp.class, "logSumExp()", in -> in[0].logSumExp(), S23),
            row(LogSumExp.class, "logSumExp(0, 2)", in -> in[0].logSumExp(0, 2), S234),
            row(LogSumExp.class, "logSumExpKeepDims(1)", in -> in[0].logSumExpKeepDims(1), S234),
            row(Softmax.class, "softmax(-1)", in -> in[0].softmax(-1), S23),
            row(Softmax.class, "softmax(1)", in -> in[0].softmax(1), S234),
            row(LogSoftmax.class, "logSoftmax(-1)", in -> in[0].logSoftmax(-1), S23),
            row(LogSoftmax.class, "logSoftmax(0)", in -> in[0].logSoftmax(0), S234),
            row(Reshape.class, "reshape(4, -1)", in -> in[0].reshape(4, -1), S234),
            row(
                    Reshape.class,
                    "unsqueeze and squeeze",
                    in -> in[0].unsqueeze(-1).squeeze(3).unsqueeze(0),
                    S234),
            row(Reshape.class, "flatten", in -> in[0].flatten(), Shape.SCALAR),
            row(Permute.class, "permute(2, 0, -2)", in -> in[0].permute(2, 0, -2), S234),
            row(Transpose.class, "transpose()", in -> in[0].transpose(), S234),
            row(Transpose.class, "transpose(0, -1)", in -> in[0].transpose(0, -1), S234),
            row(Slice.class, "slice(1, 1, 3)", in -> in[0].slice(1, 1, 3), S234),
            row(Slice.class, "slice(-1, -3, -1)", in -> in[0].slice(-1, -3, -1), S234),
            row(Slice.class, "slice of nothing", in -> in[0].slice(0, 1, 1), S23),
            row(Pad.class, "pad(1, 2, 1)", in -> in[0].pad(1, 2, 1), S234),
            row(Concat.class, "concat(0)", in -> Node.concat(0, in), S23, Shape.of(0, 3), Shape.of(1, 3)),
            row(Concat.class, "concat(-1)", in -> Node.concat(-1, in[0], in[1], in[0]), S23, Shape.of(2, 1)),
            row(ExpandTo.class, "expandTo", in -> in[0].expandTo(S234), Shape.of(3, 1)),
            row(SumTo.class, "sumTo", in -> in[0].sumTo(Shape.of(3, 1)), S234),
            row(Matmul.class, "matmul", in -> in[0].matmul(in[1]), S23, Shape.of(3, 2)),
            row(Matmul.class, "matmul tn", in -> in[0].matmul(in[1], true, false), Shape.of(3, 2), Shape.of(3, 4)),
            row(Matmul.class, "matmul nt", in -> in[0].matmul(in[1], false, true), S23, Shape.of(4, 3)),
            row(Matmul.class, "matmul tt", in -> in[0].matmul(in[1], true, true), Shape.of(3, 2), Shape.of(4, 3)),
            row(Matmul.class, "matmul batch", in -> in[0].matmul(in[1]), S234, Shape.of(2, 4, 2)),
            row(Matmul.class, "matmul folded", in -> in[0].matmul(in[1]), S234, Shape.of(4, 2)),
            row(Matmul.class, "matmul broadcast", in -> in[0].matmul(in[1]), S23, Shape.of(2, 3, 2)),
            row(Matmul.class, "matmul bt", in -> in[0].matmul(in[1], true, false), Shape.of(2, 1, 2, 3), S23),
            row(Matmul.class, "dot", in -> in[0].matmul(in[1]), Shape.of(3), Shape.of(3)),
            row(Matmul.class, "vector matrix", in -> in[0].matmul(in[1]), Shape.of(3), Shape.of(3, 2)),
            row(Matmul.class, "matrix vector", in -> in[0].matmul(in[1]), S234, Shape.of(4)),
            // numbers cannot follow a function that rounds to single precision: BackpropTest has that side of it
            row(Shaping.To.class, "to(FLOAT64)", in -> Node.of(new Shaping.To(DType.FLOAT64), in), S23));

    @TestFactory
    Stream<DynamicTest> gradients_agree_with_numbers() {
        List<OpCase> cases = new ArrayList<>(ROWS);
        OpTable.formulas(PACKAGE).forEach((name, op) -> cases.addAll(OpTable.cases(name, op)));
        assertTrue(cases.size() > 150, "only " + cases.size() + " cases were found");
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.toString(), c::verify));
    }

    @Test
    void every_op_with_parameters_has_a_row() {
        Set<String> rows = new TreeSet<>();
        ROWS.forEach(r -> rows.add(r.op().getName()));
        assertEquals(OpTable.records(PACKAGE), rows);
    }
}
