package gradus.graph;

import static gradus.graph.OpCase.row;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The test cases of Node's ops that have parameters or need inputs from certain intervals; {@link OpTable} makes the others. */
public final class CoreOps {
    private static final Shape S3 = Shape.of(3);
    private static final Shape S23 = Shape.of(2, 3);
    private static final Shape S33 = Shape.of(3, 3);
    private static final Shape S234 = Shape.of(2, 3, 4);
    private static final Tensor TWICE = Tensor.of(new double[][] {{2, 0, 1}, {2, 1, 1}, {2, 0, -1}});
    private static final Tensor INDEX = Tensor.of(new double[][] {{2, 0}, {-1, 2}});

    private CoreOps() {}

    /** Returns all cases of Node's ops. */
    public static List<OpCase> cases() {
        return OpTable.cases(
                Stream.of(reductions(), scans(), activations(), shaping(), slicing(), masking(), products())
                        .flatMap(s -> s)
                        .collect(Collectors.toList()));
    }

    private static Stream<OpCase> reductions() {
        return Stream.of(
                row("sum()", in -> in[0].sum(), S23),
                row("sum(1)", in -> in[0].sum(1), S234),
                row("sum(0, -1)", in -> in[0].sum(0, -1), S234),
                row("sumKeepDims(-2)", in -> in[0].sumKeepDims(-2), S234),
                row("mean(0, 2)", in -> in[0].mean(0, 2), S234),
                row("meanKeepDims(1)", in -> in[0].meanKeepDims(1), S234),
                row("prod()", in -> in[0].prod(), S23),
                row("prod(1)", in -> in[0].prod(1), S234),
                row("prod of no elements", in -> in[0].prod(0), Shape.of(0, 2)),
                row("prodKeepDims(0, 2)", in -> in[0].prodKeepDims(0, 2), S234),
                row("max()", in -> in[0].max(), S23),
                row("max(1)", in -> in[0].max(1), S234),
                row("maxKeepDims(0, 2)", in -> in[0].maxKeepDims(0, 2), S234),
                row("min(-1)", in -> in[0].min(-1), S234),
                row("minKeepDims(1)", in -> in[0].minKeepDims(1), S234),
                row("var()", in -> in[0].var(), S23),
                row("var(1)", in -> in[0].var(1), S234),
                row("varKeepDims(0, 2)", in -> in[0].varKeepDims(0, 2), S234),
                row("populationVar(-1)", in -> in[0].populationVar(-1), S234),
                row("populationVarKeepDims(1)", in -> in[0].populationVarKeepDims(1), S234),
                row("std(1)", in -> in[0].std(1), S234),
                row("stdKeepDims()", in -> in[0].stdKeepDims(), S23),
                row("populationStd(0)", in -> in[0].populationStd(0), S234),
                row("populationStdKeepDims(1)", in -> in[0].populationStdKeepDims(1), S234),
                row("norm()", in -> in[0].norm(), S23),
                row("normKeepDims(1)", in -> in[0].normKeepDims(1), S234),
                row("pNorm(3, 1)", in -> in[0].pNorm(3, 1), S234).smoothOn(-2, -0.1, 0.1, 2),
                row("pNorm(1)", in -> in[0].pNorm(1), S23).smoothOn(-2, -0.1, 0.1, 2),
                row("pNormKeepDims(inf, 0)", in -> in[0].pNormKeepDims(Double.POSITIVE_INFINITY, 0), S234)
                        .smoothOn(-2, -0.1, 0.1, 2),
                row("pNorm(0, 1)", in -> in[0].pNorm(0, 1), S23).smoothOn(-2, -0.1, 0.1, 2),
                row("logSumExp()", in -> in[0].logSumExp(), S23),
                row("logSumExp(0, 2)", in -> in[0].logSumExp(0, 2), S234),
                row("logSumExpKeepDims(1)", in -> in[0].logSumExpKeepDims(1), S234),
                row("quantile(0.3)", in -> in[0].quantile(0.3), S23),
                row("quantile(0.5, 2, 0)", in -> in[0].quantile(0.5, 2, 0), S234),
                row("quantile(1, 1)", in -> in[0].quantile(1, 1), S234),
                row("quantile(0.6, 0) of no columns", in -> in[0].quantile(0.6, 0), Shape.of(2, 0)),
                row("quantileKeepDims(0.9, 1)", in -> in[0].quantileKeepDims(0.9, 1), S234),
                row("any(1)", in -> in[0].any(1), S23).smoothOn(0.1, 2),
                row("anyKeepDims()", in -> in[0].anyKeepDims(), S23).smoothOn(0.1, 2),
                row("all(1)", in -> in[0].all(1), S23).smoothOn(0.1, 2),
                row("allKeepDims()", in -> in[0].allKeepDims(), S23).smoothOn(0.1, 2));
    }

    private static Stream<OpCase> scans() {
        return Stream.of(
                row("cumsum(1)", in -> in[0].cumsum(1), S234),
                row("cumprod(-1)", in -> in[0].cumprod(-1), S234),
                row("cumprod(0)", in -> in[0].cumprod(0), Shape.of(7)),
                row("cummax(1)", in -> in[0].cummax(1).values(), S234),
                row("cummax(0)", in -> in[0].cummax(0).values(), Shape.of(7)),
                row("cummax(0) of no elements", in -> in[0].cummax(0).values(), Shape.of(0, 2)),
                row("cummin(-1)", in -> in[0].cummin(-1).values(), S234),
                row("logCumSumExp(1)", in -> in[0].logCumSumExp(1), S234),
                row("logCumSumExp(0)", in -> in[0].logCumSumExp(0), Shape.of(7)),
                row("logCumSumExp(0) of no elements", in -> in[0].logCumSumExp(0), Shape.of(0, 2)),
                row("linearRecurrence", in -> Node.of(new Scans.LinearRecurrence(1, false), in), S234, S234),
                row("linearRecurrence", in -> Node.of(new Scans.LinearRecurrence(0, true), in), S23, S23));
    }

    private static Stream<OpCase> activations() {
        double[] kinkAt0 = {-2, -0.1, 0.1, 2};
        double[] kinksAt3 = {-4, -3.1, -2.9, 2.9, 3.1, 4};
        Stream<OpCase> rowwise = Stream.of(
                row("softmax(-1)", in -> in[0].softmax(-1), S23),
                row("prelu", in -> in[0].prelu(in[1]), S23, S3).smoothOn(-2, -0.1, 0.1, 2),
                row("prelu of rank 3", in -> in[0].prelu(in[1]), S234, S3).smoothOn(-2, -0.1, 0.1, 2),
                row("prelu with one weight", in -> in[0].prelu(in[1]), S23, Shape.of(1))
                        .smoothOn(-2, -0.1, 0.1, 2),
                row("prelu of a scalar", in -> in[0].prelu(in[1]), Shape.SCALAR, Shape.SCALAR)
                        .smoothOn(-2, -0.1, 0.1, 2),
                row("glu(1)", in -> in[0].glu(1), Shape.of(3, 4)),
                row("glu(-3)", in -> in[0].glu(-3), S234),
                row("glu(0) of no elements", in -> in[0].glu(0), Shape.of(0, 2)),
                row("softmax(1)", in -> in[0].softmax(1), S234),
                row("logSoftmax(-1)", in -> in[0].logSoftmax(-1), S23),
                row("logSoftmax(0)", in -> in[0].logSoftmax(0), S234));
        return Stream.of(
                        rowwise,
                        elementwise("leakyRelu()", Node::leakyRelu, kinkAt0),
                        elementwise("leakyRelu(0.2)", x -> x.leakyRelu(0.2), kinkAt0),
                        elementwise("elu()", Node::elu, kinkAt0),
                        elementwise("elu(0.7)", x -> x.elu(0.7), kinkAt0),
                        elementwise("celu()", Node::celu, kinkAt0),
                        elementwise("celu(0.7)", x -> x.celu(0.7), kinkAt0),
                        elementwise("selu()", Node::selu, kinkAt0),
                        elementwise("gelu()", Node::gelu, -2, 2),
                        elementwise("silu()", Node::silu, -2, 2),
                        elementwise("mish()", Node::mish, -2, 2),
                        elementwise("hardtanh()", Node::hardtanh, -2, -1.1, -0.9, 0.9, 1.1, 2),
                        elementwise("hardtanh(-0.5, 1.5)", x -> x.hardtanh(-0.5, 1.5), -2, -0.6, -0.4, 1.4, 1.6, 2),
                        elementwise("relu6()", Node::relu6, -2, -0.1, 0.1, 5.9, 6.1, 7),
                        elementwise("hardSigmoid()", Node::hardSigmoid, kinksAt3),
                        elementwise("hardSwish()", Node::hardSwish, kinksAt3),
                        elementwise("logSigmoid()", Node::logSigmoid, -2, 2),
                        elementwise("digamma()", Node::digamma, -1.8, -1.2, 0.5, 3),
                        elementwise("polygamma(2)", x -> x.polygamma(2), 1, 3))
                .flatMap(s -> s);
    }

    /** Returns a case at each of several shapes, checked to the third order. */
    private static Stream<OpCase> elementwise(String label, UnaryOperator<Node> f, double... smoothOn) {
        return OpTable.ALONE.stream().map(s -> new OpCase(label, smoothOn, 3, in -> f.apply(in[0]), List.of(s)));
    }

    private static Stream<OpCase> shaping() {
        return Stream.of(
                row("reshape(4, -1)", in -> in[0].reshape(4, -1), S234),
                row("unsqueeze(-1)", in -> in[0].unsqueeze(-1).unsqueeze(0), S234),
                row("flatten(1, -1)", in -> in[0].flatten(1, -1), S234),
                row("moveAxis(0, -1)", in -> in[0].moveAxis(0, -1), S234),
                row("squeeze(1)", in -> in[0].squeeze(1), Shape.of(2, 1, 3)),
                row("squeeze()", in -> in[0].squeeze(), Shape.of(1, 2, 1)),
                row("flatten()", in -> in[0].flatten(), Shape.SCALAR),
                row("permute(2, 0, -2)", in -> in[0].permute(2, 0, -2), S234),
                row("transpose()", in -> in[0].transpose(), S234),
                row("transpose(0, -1)", in -> in[0].transpose(0, -1), S234),
                row("expandTo(..)", in -> in[0].expandTo(S234), Shape.of(3, 1)),
                row("sumTo(..)", in -> in[0].sumTo(Shape.of(3, 1)), S234),
                // finite differences fail where a function rounds to single precision; BackpropTest tests that
                // conversion
                row("to(FLOAT64)", in -> Node.of(new Shaping.To(DType.FLOAT64), in), S23));
    }

    private static Stream<OpCase> slicing() {
        return Stream.of(
                row("slice(1, 1, 3)", in -> in[0].slice(1, 1, 3), S234),
                row("slice(-1, -3, -1)", in -> in[0].slice(-1, -3, -1), S234),
                row("slice of no elements", in -> in[0].slice(0, 1, 1), S23),
                row("slice(2, 0, 4, 3)", in -> in[0].slice(2, 0, 4, 3), S234),
                row("slice(-1, -1, -5, -1)", in -> in[0].slice(-1, -1, -5, -1), S234),
                row("slice(1, 2, -4, -2)", in -> in[0].slice(1, 2, -4, -2), S234),
                row("slice(0, -1, -1, -1) of no elements", in -> in[0].slice(0, -1, -1, -1), S23),
                row("repeatInterleave(1, 2)", in -> in[0].repeatInterleave(1, 2), S234),
                row("repeatInterleave(-1, 0, 2, 1)", in -> in[0].repeatInterleave(-1, 0, 2, 1), S23),
                row("select(1, -1)", in -> in[0].select(1, -1), S234),
                row("pad(1, 2, 1)", in -> in[0].pad(1, 2, 1), S234),
                row("concat(0)", in -> Node.concat(0, in), S23, Shape.of(0, 3), Shape.of(1, 3)),
                row("concat(-1)", in -> Node.concat(-1, in[0], in[1], in[0]), S23, Shape.of(2, 1)),
                row("stack(1)", in -> Node.stack(1, in), S23, S23),
                row("unbind(1)[2]", in -> in[0].unbind(1).get(2), S234),
                row("unbind(0) and stack", in -> Node.stack(1, in[0].unbind(0).toArray(new Node[0])), Shape.of(11, 2)),
                row(
                        "split(0, ..) into many",
                        in -> in[0].split(0, 1, 0, 2, 1, 3, 1, 0, 2)
                                .get(4)
                                .mul(in[0].split(0, 3, 3, 4).get(1)),
                        Shape.of(10)),
                row("split(2, 1, 3)[1]", in -> in[0].split(2, 1, 3).get(1), S234),
                row("chunk(2, 3)[1]", in -> in[0].chunk(2, 3).get(1), S234),
                row("flip(0, 2)", in -> in[0].flip(0, 2), S234),
                row("roll(1, 2)", in -> in[0].roll(1, 2), S234),
                row("repeat(2, 1, 3)", in -> in[0].repeat(2, 1, 3), S23),
                row("tile(2)", in -> in[0].tile(2), S23),
                row("diagonal()", in -> in[0].diagonal(), S33),
                row("diagonal(1, 2, 0)", in -> in[0].diagonal(1, 2, 0), S234),
                row("embedDiagonal()", in -> in[0].embedDiagonal(), S23),
                row("embedDiagonal(1, 0, 2)", in -> in[0].embedDiagonal(1, 0, 2), S23),
                row("embedDiagonal(-2, -1, 0)", in -> in[0].embedDiagonal(-2, -1, 0), S234),
                row("tril(-1)", in -> in[0].tril(-1), S234),
                row("triu(1)", in -> in[0].triu(1), S33),
                row("sort(1)", in -> in[0].sort(1).values(), S234),
                row("sort(0, true)", in -> in[0].sort(0, true).values(), S23),
                row("topK(-1, 2)", in -> in[0].topK(-1, 2).values(), S234),
                row("topK(0, 2, false)", in -> in[0].topK(0, 2, false).values(), S33),
                row("median(1)", in -> in[0].median(1).values(), S234),
                row("median(-1)", in -> in[0].median(-1).values(), S234),
                row("median(1) of no rows", in -> in[0].median(1).values(), Shape.of(0, 2)),
                row("gather(1, ..)", in -> in[0].gather(1, INDEX), S23),
                row("gather(1, 2, 0)", in -> in[0].gather(1, 2, 0), S23),
                row("gather(1, ..) of rank 3", in -> in[0].gather(1, 0, 1, -1, 2, 2, 0, 0, 1), S234),
                row("gather(0, -1)", in -> in[0].gather(0, -1), S3),
                row("scatterAdd(1, ..)", in -> in[0].scatterAdd(1, INDEX, in[1]), S33, Shape.of(2, 2)),
                row("scatter(1, ..)", in -> in[0].scatter(1, INDEX, in[1]), S33, Shape.of(2, 2)),
                row("scatter(0, ..) twice to one", in -> in[0].scatter(0, TWICE, in[1]), S33, S33),
                scatterReduce("SUM", ScatterMode.SUM, true),
                scatterReduce("SUM alone", ScatterMode.SUM, false),
                scatterReduce("MEAN", ScatterMode.MEAN, true),
                scatterReduce("MEAN alone", ScatterMode.MEAN, false),
                scatterReduce("PROD", ScatterMode.PROD, true),
                scatterReduce("PROD alone", ScatterMode.PROD, false),
                scatterReduce("MAX", ScatterMode.MAX, true),
                scatterReduce("MAX alone", ScatterMode.MAX, false),
                scatterReduce("MIN", ScatterMode.MIN, true),
                scatterReduce("MIN alone", ScatterMode.MIN, false),
                row(
                        "scatterReduce of nothing",
                        in -> in[0].scatterReduce(1, Tensor.zeros(2, 0), in[1], ScatterMode.PROD),
                        S23,
                        Shape.of(2, 0)),
                row("indexSelect(1, 2, 0, -1, 2)", in -> in[0].indexSelect(1, 2, 0, -1, 2), S234),
                row("argmax(1)", in -> in[0].argmax(1), S23),
                row("argmax()", in -> in[0].argmax(), S234),
                row("argmin(0)", in -> in[0].argmin(0), S23),
                row("argmin()", in -> in[0].argmin(), S234));
    }

    private static OpCase scatterReduce(String label, ScatterMode mode, boolean includeSelf) {
        return row(
                "scatterReduce by " + label,
                in -> in[0].scatterReduce(0, TWICE, in[1], mode, includeSelf),
                Shape.of(5, 3),
                S33);
    }

    private static Stream<OpCase> masking() {
        return Stream.of(
                row("maskedSelect", in -> in[0].maskedSelect(in[1].gt(0)), S23, S3),
                row("maskedSelect from [3]", in -> in[0].maskedSelect(in[1].gt(0)), S3, S23),
                row(
                        "maskedSelect by [2, 3]",
                        in -> in[0].maskedSelect(in[0].gt(0)).square(),
                        S23),
                row("where", in -> in[0].where(in[1].gt(0), in[2]), S23, S3, Shape.of(2, 1)),
                row("where", in -> in[0].where(in[0].gt(0), in[0].square().neg()), S23),
                row("maskedFill(.., 7)", in -> in[0].maskedFill(in[1].gt(0), 7), S23, S3),
                row("clamp(-1, 0.5)", in -> in[0].clamp(-1, 0.5), S23).smoothOn(-2, -1.1, -0.9, 0.4, 0.6, 2),
                row("clampMin(-1)", in -> in[0].clampMin(-1), S23).smoothOn(-2, -1.1, -0.9, 2),
                row("clampMax(0.5)", in -> in[0].clampMax(0.5), S23).smoothOn(-2, 0.4, 0.6, 2),
                row("nanToNum()", in -> in[0].nanToNum(), S23),
                row("nanToNum(1, 2, 3)", in -> in[0].nanToNum(1, 2, 3), Shape.SCALAR),
                row("lerp", in -> in[0].lerp(in[1], in[2]), S23, S3, Shape.of(2, 1)),
                row("lerp of one shape", in -> in[0].lerp(in[1], in[2]), S234, S234, S234),
                row("lerp(.., 0.3)", in -> in[0].lerp(in[1], 0.3), S23, S23),
                row("rsub(2)", in -> in[0].rsub(2), S23),
                row("rdiv(2)", in -> in[0].rdiv(2), S23).smoothOn(0.5, 2),
                row("rpow(2)", in -> in[0].rpow(2), S23));
    }

    private static Stream<OpCase> products() {
        return Stream.of(
                row("matmul", in -> in[0].matmul(in[1]), S23, Shape.of(3, 2)),
                row("matmul tn", in -> in[0].matmul(in[1], true, false), Shape.of(3, 2), Shape.of(3, 4)),
                row("matmul nt", in -> in[0].matmul(in[1], false, true), S23, Shape.of(4, 3)),
                row("matmul tt", in -> in[0].matmul(in[1], true, true), Shape.of(3, 2), Shape.of(4, 3)),
                row("matmul batch", in -> in[0].matmul(in[1]), S234, Shape.of(2, 4, 2)),
                row("matmul folded", in -> in[0].matmul(in[1]), S234, Shape.of(4, 2)),
                row("matmul broadcast", in -> in[0].matmul(in[1]), S23, Shape.of(2, 3, 2)),
                row("matmul bt", in -> in[0].matmul(in[1], true, false), Shape.of(2, 1, 2, 3), S23),
                row("matmul of vectors", in -> in[0].matmul(in[1]), S3, S3),
                row("matmul of vector and matrix", in -> in[0].matmul(in[1]), S3, Shape.of(3, 2)),
                row("matmul of matrix and vector", in -> in[0].matmul(in[1]), S234, Shape.of(4)),
                row("dot", in -> in[0].dot(in[1]), S3, S3),
                row("outer", in -> in[0].outer(in[1]), S3, Shape.of(2)),
                row("bilinear", in -> in[0].bilinear(in[1], in[2]), S23, Shape.of(2, 3, 4), Shape.of(2, 4)));
    }
}
