package gradus.ops;

import gradus.array.AttentionOptions;
import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.ScatterMode;
import gradus.graph.ValuesAndIndices;
import java.util.List;

/** All ops as static methods: {@code relu(add(a, b))} instead of {@code a.add(b).relu()}. */
// Generated from Node's families and this package by Facade; OpsTest rewrites it.
public final class Ops {
    private Ops() {}

    /** See {@link Node#add(Node)}. */
    public static Node add(Node x, Node b) {
        return x.add(b);
    }

    /** See {@link Node#add(double)}. */
    public static Node add(Node x, double b) {
        return x.add(b);
    }

    /** See {@link Node#div(Node)}. */
    public static Node div(Node x, Node b) {
        return x.div(b);
    }

    /** See {@link Node#div(double)}. */
    public static Node div(Node x, double b) {
        return x.div(b);
    }

    /** See {@link Node#fmod(Node)}. */
    public static Node fmod(Node x, Node b) {
        return x.fmod(b);
    }

    /** See {@link Node#fmod(double)}. */
    public static Node fmod(Node x, double b) {
        return x.fmod(b);
    }

    /** See {@link Node#lerp(Node, Node)}. */
    public static Node lerp(Node x, Node end, Node weight) {
        return x.lerp(end, weight);
    }

    /** See {@link Node#lerp(Node, double)}. */
    public static Node lerp(Node x, Node end, double weight) {
        return x.lerp(end, weight);
    }

    /** See {@link Node#logAddExp(Node)}. */
    public static Node logAddExp(Node x, Node b) {
        return x.logAddExp(b);
    }

    /** See {@link Node#mul(Node)}. */
    public static Node mul(Node x, Node b) {
        return x.mul(b);
    }

    /** See {@link Node#mul(double)}. */
    public static Node mul(Node x, double b) {
        return x.mul(b);
    }

    /** See {@link Node#neg()}. */
    public static Node neg(Node x) {
        return x.neg();
    }

    /** See {@link Node#pow(Node)}. */
    public static Node pow(Node x, Node b) {
        return x.pow(b);
    }

    /** See {@link Node#pow(double)}. */
    public static Node pow(Node x, double b) {
        return x.pow(b);
    }

    /** See {@link Node#rdiv(double)}. */
    public static Node rdiv(Node x, double b) {
        return x.rdiv(b);
    }

    /** See {@link Node#reciprocal()}. */
    public static Node reciprocal(Node x) {
        return x.reciprocal();
    }

    /** See {@link Node#remainder(Node)}. */
    public static Node remainder(Node x, Node b) {
        return x.remainder(b);
    }

    /** See {@link Node#remainder(double)}. */
    public static Node remainder(Node x, double b) {
        return x.remainder(b);
    }

    /** See {@link Node#rpow(double)}. */
    public static Node rpow(Node x, double b) {
        return x.rpow(b);
    }

    /** See {@link Node#rsub(double)}. */
    public static Node rsub(Node x, double b) {
        return x.rsub(b);
    }

    /** See {@link Node#square()}. */
    public static Node square(Node x) {
        return x.square();
    }

    /** See {@link Node#sub(Node)}. */
    public static Node sub(Node x, Node b) {
        return x.sub(b);
    }

    /** See {@link Node#sub(double)}. */
    public static Node sub(Node x, double b) {
        return x.sub(b);
    }

    /** See {@link Node#abs()}. */
    public static Node abs(Node x) {
        return x.abs();
    }

    /** See {@link Node#cbrt()}. */
    public static Node cbrt(Node x) {
        return x.cbrt();
    }

    /** See {@link Node#ceil()}. */
    public static Node ceil(Node x) {
        return x.ceil();
    }

    /** See {@link Node#digamma()}. */
    public static Node digamma(Node x) {
        return x.digamma();
    }

    /** See {@link Node#erf()}. */
    public static Node erf(Node x) {
        return x.erf();
    }

    /** See {@link Node#erfc()}. */
    public static Node erfc(Node x) {
        return x.erfc();
    }

    /** See {@link Node#erfinv()}. */
    public static Node erfinv(Node x) {
        return x.erfinv();
    }

    /** See {@link Node#exp()}. */
    public static Node exp(Node x) {
        return x.exp();
    }

    /** See {@link Node#exp2()}. */
    public static Node exp2(Node x) {
        return x.exp2();
    }

    /** See {@link Node#expm1()}. */
    public static Node expm1(Node x) {
        return x.expm1();
    }

    /** See {@link Node#floor()}. */
    public static Node floor(Node x) {
        return x.floor();
    }

    /** See {@link Node#lgamma()}. */
    public static Node lgamma(Node x) {
        return x.lgamma();
    }

    /** See {@link Node#log()}. */
    public static Node log(Node x) {
        return x.log();
    }

    /** See {@link Node#log10()}. */
    public static Node log10(Node x) {
        return x.log10();
    }

    /** See {@link Node#log1p()}. */
    public static Node log1p(Node x) {
        return x.log1p();
    }

    /** See {@link Node#log2()}. */
    public static Node log2(Node x) {
        return x.log2();
    }

    /** See {@link Node#polygamma(int)}. */
    public static Node polygamma(Node x, int n) {
        return x.polygamma(n);
    }

    /** See {@link Node#round()}. */
    public static Node round(Node x) {
        return x.round();
    }

    /** See {@link Node#rsqrt()}. */
    public static Node rsqrt(Node x) {
        return x.rsqrt();
    }

    /** See {@link Node#sign()}. */
    public static Node sign(Node x) {
        return x.sign();
    }

    /** See {@link Node#sqrt()}. */
    public static Node sqrt(Node x) {
        return x.sqrt();
    }

    /** See {@link Node#trunc()}. */
    public static Node trunc(Node x) {
        return x.trunc();
    }

    /** See {@link Node#acos()}. */
    public static Node acos(Node x) {
        return x.acos();
    }

    /** See {@link Node#acosh()}. */
    public static Node acosh(Node x) {
        return x.acosh();
    }

    /** See {@link Node#asin()}. */
    public static Node asin(Node x) {
        return x.asin();
    }

    /** See {@link Node#asinh()}. */
    public static Node asinh(Node x) {
        return x.asinh();
    }

    /** See {@link Node#atan()}. */
    public static Node atan(Node x) {
        return x.atan();
    }

    /** See {@link Node#atan2(Node)}. */
    public static Node atan2(Node x, Node b) {
        return x.atan2(b);
    }

    /** See {@link Node#atanh()}. */
    public static Node atanh(Node x) {
        return x.atanh();
    }

    /** See {@link Node#cos()}. */
    public static Node cos(Node x) {
        return x.cos();
    }

    /** See {@link Node#cosh()}. */
    public static Node cosh(Node x) {
        return x.cosh();
    }

    /** See {@link Node#hypot(Node)}. */
    public static Node hypot(Node x, Node b) {
        return x.hypot(b);
    }

    /** See {@link Node#sin()}. */
    public static Node sin(Node x) {
        return x.sin();
    }

    /** See {@link Node#sinh()}. */
    public static Node sinh(Node x) {
        return x.sinh();
    }

    /** See {@link Node#tan()}. */
    public static Node tan(Node x) {
        return x.tan();
    }

    /** See {@link Node#celu()}. */
    public static Node celu(Node x) {
        return x.celu();
    }

    /** See {@link Node#celu(double)}. */
    public static Node celu(Node x, double alpha) {
        return x.celu(alpha);
    }

    /** See {@link Node#elu()}. */
    public static Node elu(Node x) {
        return x.elu();
    }

    /** See {@link Node#elu(double)}. */
    public static Node elu(Node x, double alpha) {
        return x.elu(alpha);
    }

    /** See {@link Node#gelu()}. */
    public static Node gelu(Node x) {
        return x.gelu();
    }

    /** See {@link Node#geluTanh()}. */
    public static Node geluTanh(Node x) {
        return x.geluTanh();
    }

    /** See {@link Node#glu(int)}. */
    public static Node glu(Node x, int axis) {
        return x.glu(axis);
    }

    /** See {@link Node#hardSigmoid()}. */
    public static Node hardSigmoid(Node x) {
        return x.hardSigmoid();
    }

    /** See {@link Node#hardSwish()}. */
    public static Node hardSwish(Node x) {
        return x.hardSwish();
    }

    /** See {@link Node#hardtanh()}. */
    public static Node hardtanh(Node x) {
        return x.hardtanh();
    }

    /** See {@link Node#hardtanh(double, double)}. */
    public static Node hardtanh(Node x, double low, double high) {
        return x.hardtanh(low, high);
    }

    /** See {@link Node#leakyRelu()}. */
    public static Node leakyRelu(Node x) {
        return x.leakyRelu();
    }

    /** See {@link Node#leakyRelu(double)}. */
    public static Node leakyRelu(Node x, double slope) {
        return x.leakyRelu(slope);
    }

    /** See {@link Node#logSigmoid()}. */
    public static Node logSigmoid(Node x) {
        return x.logSigmoid();
    }

    /** See {@link Node#logSoftmax(int)}. */
    public static Node logSoftmax(Node x, int axis) {
        return x.logSoftmax(axis);
    }

    /** See {@link Node#mish()}. */
    public static Node mish(Node x) {
        return x.mish();
    }

    /** See {@link Node#prelu(Node)}. */
    public static Node prelu(Node x, Node weight) {
        return x.prelu(weight);
    }

    /** See {@link Node#relu()}. */
    public static Node relu(Node x) {
        return x.relu();
    }

    /** See {@link Node#relu6()}. */
    public static Node relu6(Node x) {
        return x.relu6();
    }

    /** See {@link Node#selu()}. */
    public static Node selu(Node x) {
        return x.selu();
    }

    /** See {@link Node#sigmoid()}. */
    public static Node sigmoid(Node x) {
        return x.sigmoid();
    }

    /** See {@link Node#silu()}. */
    public static Node silu(Node x) {
        return x.silu();
    }

    /** See {@link Node#softmax(int)}. */
    public static Node softmax(Node x, int axis) {
        return x.softmax(axis);
    }

    /** See {@link Node#softplus()}. */
    public static Node softplus(Node x) {
        return x.softplus();
    }

    /** See {@link Node#softsign()}. */
    public static Node softsign(Node x) {
        return x.softsign();
    }

    /** See {@link Node#tanh()}. */
    public static Node tanh(Node x) {
        return x.tanh();
    }

    /** See {@link Node#and(Node)}. */
    public static Node and(Node x, Node b) {
        return x.and(b);
    }

    /** See {@link Node#clamp(double, double)}. */
    public static Node clamp(Node x, double low, double high) {
        return x.clamp(low, high);
    }

    /** See {@link Node#clampMax(double)}. */
    public static Node clampMax(Node x, double high) {
        return x.clampMax(high);
    }

    /** See {@link Node#clampMin(double)}. */
    public static Node clampMin(Node x, double low) {
        return x.clampMin(low);
    }

    /** See {@link Node#eq(Node)}. */
    public static Node eq(Node x, Node b) {
        return x.eq(b);
    }

    /** See {@link Node#eq(double)}. */
    public static Node eq(Node x, double b) {
        return x.eq(b);
    }

    /** See {@link Node#ge(Node)}. */
    public static Node ge(Node x, Node b) {
        return x.ge(b);
    }

    /** See {@link Node#ge(double)}. */
    public static Node ge(Node x, double b) {
        return x.ge(b);
    }

    /** See {@link Node#gt(Node)}. */
    public static Node gt(Node x, Node b) {
        return x.gt(b);
    }

    /** See {@link Node#gt(double)}. */
    public static Node gt(Node x, double b) {
        return x.gt(b);
    }

    /** See {@link Node#isFinite()}. */
    public static Node isFinite(Node x) {
        return x.isFinite();
    }

    /** See {@link Node#isInfinite()}. */
    public static Node isInfinite(Node x) {
        return x.isInfinite();
    }

    /** See {@link Node#isNaN()}. */
    public static Node isNaN(Node x) {
        return x.isNaN();
    }

    /** See {@link Node#le(Node)}. */
    public static Node le(Node x, Node b) {
        return x.le(b);
    }

    /** See {@link Node#le(double)}. */
    public static Node le(Node x, double b) {
        return x.le(b);
    }

    /** See {@link Node#lt(Node)}. */
    public static Node lt(Node x, Node b) {
        return x.lt(b);
    }

    /** See {@link Node#lt(double)}. */
    public static Node lt(Node x, double b) {
        return x.lt(b);
    }

    /** See {@link Node#maximum(Node)}. */
    public static Node maximum(Node x, Node b) {
        return x.maximum(b);
    }

    /** See {@link Node#maximum(double)}. */
    public static Node maximum(Node x, double b) {
        return x.maximum(b);
    }

    /** See {@link Node#minimum(Node)}. */
    public static Node minimum(Node x, Node b) {
        return x.minimum(b);
    }

    /** See {@link Node#minimum(double)}. */
    public static Node minimum(Node x, double b) {
        return x.minimum(b);
    }

    /** See {@link Node#nanToNum()}. */
    public static Node nanToNum(Node x) {
        return x.nanToNum();
    }

    /** See {@link Node#nanToNum(double, double, double)}. */
    public static Node nanToNum(Node x, double nan, double positiveInfinity, double negativeInfinity) {
        return x.nanToNum(nan, positiveInfinity, negativeInfinity);
    }

    /** See {@link Node#ne(Node)}. */
    public static Node ne(Node x, Node b) {
        return x.ne(b);
    }

    /** See {@link Node#ne(double)}. */
    public static Node ne(Node x, double b) {
        return x.ne(b);
    }

    /** See {@link Node#not()}. */
    public static Node not(Node x) {
        return x.not();
    }

    /** See {@link Node#or(Node)}. */
    public static Node or(Node x, Node b) {
        return x.or(b);
    }

    /** See {@link Node#maskedBy(Node)}. */
    public static Node maskedBy(Node x, Node mask) {
        return x.maskedBy(mask);
    }

    /** See {@link Node#maskedFill(Node, double)}. */
    public static Node maskedFill(Node x, Node mask, double b) {
        return x.maskedFill(mask, b);
    }

    /** See {@link Node#maskedSelect(Node)}. */
    public static Node maskedSelect(Node x, Node mask) {
        return x.maskedSelect(mask);
    }

    /** See {@link Node#tril()}. */
    public static Node tril(Node x) {
        return x.tril();
    }

    /** See {@link Node#tril(int)}. */
    public static Node tril(Node x, int k) {
        return x.tril(k);
    }

    /** See {@link Node#triu()}. */
    public static Node triu(Node x) {
        return x.triu();
    }

    /** See {@link Node#triu(int)}. */
    public static Node triu(Node x, int k) {
        return x.triu(k);
    }

    /** See {@link Node#where(Node, Node)}. */
    public static Node where(Node x, Node mask, Node other) {
        return x.where(mask, other);
    }

    /** See {@link Node#where(Node, double)}. */
    public static Node where(Node x, Node mask, double other) {
        return x.where(mask, other);
    }

    /** See {@link Node#all(int...)}. */
    public static Node all(Node x, int... axes) {
        return x.all(axes);
    }

    /** See {@link Node#allKeepDims(int...)}. */
    public static Node allKeepDims(Node x, int... axes) {
        return x.allKeepDims(axes);
    }

    /** See {@link Node#any(int...)}. */
    public static Node any(Node x, int... axes) {
        return x.any(axes);
    }

    /** See {@link Node#anyKeepDims(int...)}. */
    public static Node anyKeepDims(Node x, int... axes) {
        return x.anyKeepDims(axes);
    }

    /** See {@link Node#logSumExp(int...)}. */
    public static Node logSumExp(Node x, int... axes) {
        return x.logSumExp(axes);
    }

    /** See {@link Node#logSumExpKeepDims(int...)}. */
    public static Node logSumExpKeepDims(Node x, int... axes) {
        return x.logSumExpKeepDims(axes);
    }

    /** See {@link Node#max(int...)}. */
    public static Node max(Node x, int... axes) {
        return x.max(axes);
    }

    /** See {@link Node#maxKeepDims(int...)}. */
    public static Node maxKeepDims(Node x, int... axes) {
        return x.maxKeepDims(axes);
    }

    /** See {@link Node#mean(int...)}. */
    public static Node mean(Node x, int... axes) {
        return x.mean(axes);
    }

    /** See {@link Node#meanKeepDims(int...)}. */
    public static Node meanKeepDims(Node x, int... axes) {
        return x.meanKeepDims(axes);
    }

    /** See {@link Node#min(int...)}. */
    public static Node min(Node x, int... axes) {
        return x.min(axes);
    }

    /** See {@link Node#minKeepDims(int...)}. */
    public static Node minKeepDims(Node x, int... axes) {
        return x.minKeepDims(axes);
    }

    /** See {@link Node#norm(int...)}. */
    public static Node norm(Node x, int... axes) {
        return x.norm(axes);
    }

    /** See {@link Node#normKeepDims(int...)}. */
    public static Node normKeepDims(Node x, int... axes) {
        return x.normKeepDims(axes);
    }

    /** See {@link Node#pNorm(double, int...)}. */
    public static Node pNorm(Node x, double p, int... axes) {
        return x.pNorm(p, axes);
    }

    /** See {@link Node#pNormKeepDims(double, int...)}. */
    public static Node pNormKeepDims(Node x, double p, int... axes) {
        return x.pNormKeepDims(p, axes);
    }

    /** See {@link Node#populationStd(int...)}. */
    public static Node populationStd(Node x, int... axes) {
        return x.populationStd(axes);
    }

    /** See {@link Node#populationStdKeepDims(int...)}. */
    public static Node populationStdKeepDims(Node x, int... axes) {
        return x.populationStdKeepDims(axes);
    }

    /** See {@link Node#populationVar(int...)}. */
    public static Node populationVar(Node x, int... axes) {
        return x.populationVar(axes);
    }

    /** See {@link Node#populationVarKeepDims(int...)}. */
    public static Node populationVarKeepDims(Node x, int... axes) {
        return x.populationVarKeepDims(axes);
    }

    /** See {@link Node#prod(int...)}. */
    public static Node prod(Node x, int... axes) {
        return x.prod(axes);
    }

    /** See {@link Node#prodKeepDims(int...)}. */
    public static Node prodKeepDims(Node x, int... axes) {
        return x.prodKeepDims(axes);
    }

    /** See {@link Node#quantile(double, int...)}. */
    public static Node quantile(Node x, double q, int... axes) {
        return x.quantile(q, axes);
    }

    /** See {@link Node#quantileKeepDims(double, int...)}. */
    public static Node quantileKeepDims(Node x, double q, int... axes) {
        return x.quantileKeepDims(q, axes);
    }

    /** See {@link Node#std(int...)}. */
    public static Node std(Node x, int... axes) {
        return x.std(axes);
    }

    /** See {@link Node#stdKeepDims(int...)}. */
    public static Node stdKeepDims(Node x, int... axes) {
        return x.stdKeepDims(axes);
    }

    /** See {@link Node#sum(int...)}. */
    public static Node sum(Node x, int... axes) {
        return x.sum(axes);
    }

    /** See {@link Node#sumKeepDims(int...)}. */
    public static Node sumKeepDims(Node x, int... axes) {
        return x.sumKeepDims(axes);
    }

    /** See {@link Node#var(int...)}. */
    public static Node var(Node x, int... axes) {
        return x.var(axes);
    }

    /** See {@link Node#varKeepDims(int...)}. */
    public static Node varKeepDims(Node x, int... axes) {
        return x.varKeepDims(axes);
    }

    /** See {@link Node#cummax(int)}. */
    public static ValuesAndIndices cummax(Node x, int axis) {
        return x.cummax(axis);
    }

    /** See {@link Node#cummin(int)}. */
    public static ValuesAndIndices cummin(Node x, int axis) {
        return x.cummin(axis);
    }

    /** See {@link Node#cumprod(int)}. */
    public static Node cumprod(Node x, int axis) {
        return x.cumprod(axis);
    }

    /** See {@link Node#cumsum(int)}. */
    public static Node cumsum(Node x, int axis) {
        return x.cumsum(axis);
    }

    /** See {@link Node#logCumSumExp(int)}. */
    public static Node logCumSumExp(Node x, int axis) {
        return x.logCumSumExp(axis);
    }

    /** See {@link Node#expandTo(Shape)}. */
    public static Node expandTo(Node x, Shape target) {
        return x.expandTo(target);
    }

    /** See {@link Node#flatten()}. */
    public static Node flatten(Node x) {
        return x.flatten();
    }

    /** See {@link Node#flatten(int, int)}. */
    public static Node flatten(Node x, int first, int last) {
        return x.flatten(first, last);
    }

    /** See {@link Node#moveAxis(int, int)}. */
    public static Node moveAxis(Node x, int from, int to) {
        return x.moveAxis(from, to);
    }

    /** See {@link Node#permute(int...)}. */
    public static Node permute(Node x, int... order) {
        return x.permute(order);
    }

    /** See {@link Node#reshape(int...)}. */
    public static Node reshape(Node x, int... dims) {
        return x.reshape(dims);
    }

    /** See {@link Node#reshape(Shape)}. */
    public static Node reshape(Node x, Shape shape) {
        return x.reshape(shape);
    }

    /** See {@link Node#squeeze()}. */
    public static Node squeeze(Node x) {
        return x.squeeze();
    }

    /** See {@link Node#squeeze(int)}. */
    public static Node squeeze(Node x, int axis) {
        return x.squeeze(axis);
    }

    /** See {@link Node#sumTo(Shape)}. */
    public static Node sumTo(Node x, Shape target) {
        return x.sumTo(target);
    }

    /** See {@link Node#to(DType)}. */
    public static Node to(Node x, DType dtype) {
        return x.to(dtype);
    }

    /** See {@link Node#transpose()}. */
    public static Node transpose(Node x) {
        return x.transpose();
    }

    /** See {@link Node#transpose(int, int)}. */
    public static Node transpose(Node x, int axis1, int axis2) {
        return x.transpose(axis1, axis2);
    }

    /** See {@link Node#unsqueeze(int)}. */
    public static Node unsqueeze(Node x, int axis) {
        return x.unsqueeze(axis);
    }

    /** See {@link Node#chunk(int, int)}. */
    public static List<Node> chunk(Node x, int axis, int n) {
        return x.chunk(axis, n);
    }

    /** See {@link Node#diagonal()}. */
    public static Node diagonal(Node x) {
        return x.diagonal();
    }

    /** See {@link Node#diagonal(int, int, int)}. */
    public static Node diagonal(Node x, int offset, int axis1, int axis2) {
        return x.diagonal(offset, axis1, axis2);
    }

    /** See {@link Node#embedDiagonal()}. */
    public static Node embedDiagonal(Node x) {
        return x.embedDiagonal();
    }

    /** See {@link Node#embedDiagonal(int, int, int)}. */
    public static Node embedDiagonal(Node x, int offset, int axis1, int axis2) {
        return x.embedDiagonal(offset, axis1, axis2);
    }

    /** See {@link Node#flip(int...)}. */
    public static Node flip(Node x, int... axes) {
        return x.flip(axes);
    }

    /** See {@link Node#pad(int, int, int)}. */
    public static Node pad(Node x, int axis, int before, int after) {
        return x.pad(axis, before, after);
    }

    /** See {@link Node#repeat(int...)}. */
    public static Node repeat(Node x, int... times) {
        return x.repeat(times);
    }

    /** See {@link Node#repeatInterleave(int, int...)}. */
    public static Node repeatInterleave(Node x, int axis, int... times) {
        return x.repeatInterleave(axis, times);
    }

    /** See {@link Node#roll(int, int)}. */
    public static Node roll(Node x, int axis, int shift) {
        return x.roll(axis, shift);
    }

    /** See {@link Node#select(int, int)}. */
    public static Node select(Node x, int axis, int index) {
        return x.select(axis, index);
    }

    /** See {@link Node#slice(int, int, int, int)}. */
    public static Node slice(Node x, int axis, int from, int to, int step) {
        return x.slice(axis, from, to, step);
    }

    /** See {@link Node#slice(int, int, int)}. */
    public static Node slice(Node x, int axis, int from, int to) {
        return x.slice(axis, from, to);
    }

    /** See {@link Node#split(int, int...)}. */
    public static List<Node> split(Node x, int axis, int... sizes) {
        return x.split(axis, sizes);
    }

    /** See {@link Node#tile(int...)}. */
    public static Node tile(Node x, int... times) {
        return x.tile(times);
    }

    /** See {@link Node#unbind(int)}. */
    public static List<Node> unbind(Node x, int axis) {
        return x.unbind(axis);
    }

    /** See {@link Node#gather(int, int...)}. */
    public static Node gather(Node x, int axis, int... indices) {
        return x.gather(axis, indices);
    }

    /** See {@link Node#gather(int, Tensor)}. */
    public static Node gather(Node x, int axis, Tensor indices) {
        return x.gather(axis, indices);
    }

    /** See {@link Node#gather(int, Node)}. */
    public static Node gather(Node x, int axis, Node indices) {
        return x.gather(axis, indices);
    }

    /** See {@link Node#indexSelect(int, int...)}. */
    public static Node indexSelect(Node x, int axis, int... indices) {
        return x.indexSelect(axis, indices);
    }

    /** See {@link Node#scatter(int, Tensor, Node)}. */
    public static Node scatter(Node x, int axis, Tensor indices, Node source) {
        return x.scatter(axis, indices, source);
    }

    /** See {@link Node#scatterAdd(int, Tensor, Node)}. */
    public static Node scatterAdd(Node x, int axis, Tensor indices, Node source) {
        return x.scatterAdd(axis, indices, source);
    }

    /** See {@link Node#scatterReduce(int, Tensor, Node, ScatterMode, boolean)}. */
    public static Node scatterReduce(Node x, int axis, Tensor indices, Node source, ScatterMode mode, boolean includeSelf) {
        return x.scatterReduce(axis, indices, source, mode, includeSelf);
    }

    /** See {@link Node#scatterReduce(int, Tensor, Node, ScatterMode)}. */
    public static Node scatterReduce(Node x, int axis, Tensor indices, Node source, ScatterMode mode) {
        return x.scatterReduce(axis, indices, source, mode);
    }

    /** See {@link Node#argmax()}. */
    public static Node argmax(Node x) {
        return x.argmax();
    }

    /** See {@link Node#argmax(int)}. */
    public static Node argmax(Node x, int axis) {
        return x.argmax(axis);
    }

    /** See {@link Node#argmin()}. */
    public static Node argmin(Node x) {
        return x.argmin();
    }

    /** See {@link Node#argmin(int)}. */
    public static Node argmin(Node x, int axis) {
        return x.argmin(axis);
    }

    /** See {@link Node#median(int)}. */
    public static ValuesAndIndices median(Node x, int axis) {
        return x.median(axis);
    }

    /** See {@link Node#sort(int, boolean)}. */
    public static ValuesAndIndices sort(Node x, int axis, boolean descending) {
        return x.sort(axis, descending);
    }

    /** See {@link Node#sort(int)}. */
    public static ValuesAndIndices sort(Node x, int axis) {
        return x.sort(axis);
    }

    /** See {@link Node#topK(int, int, boolean)}. */
    public static ValuesAndIndices topK(Node x, int axis, int k, boolean largest) {
        return x.topK(axis, k, largest);
    }

    /** See {@link Node#topK(int, int)}. */
    public static ValuesAndIndices topK(Node x, int axis, int k) {
        return x.topK(axis, k);
    }

    /** See {@link Node#bilinear(Node, Node)}. */
    public static Node bilinear(Node x, Node w, Node z) {
        return x.bilinear(w, z);
    }

    /** See {@link Node#dot(Node)}. */
    public static Node dot(Node x, Node b) {
        return x.dot(b);
    }

    /** See {@link Node#matmul(Node, boolean, boolean)}. */
    public static Node matmul(Node x, Node b, boolean ta, boolean tb) {
        return x.matmul(b, ta, tb);
    }

    /** See {@link Node#matmul(Node)}. */
    public static Node matmul(Node x, Node b) {
        return x.matmul(b);
    }

    /** See {@link Node#outer(Node)}. */
    public static Node outer(Node x, Node b) {
        return x.outer(b);
    }

    /** See {@link Node#retainGradient()}. */
    public static Node retainGradient(Node x) {
        return x.retainGradient();
    }

    /** See {@link Node#stopGradient()}. */
    public static Node stopGradient(Node x) {
        return x.stopGradient();
    }

    /** See {@link Node#concat(int, Node...)}. */
    public static Node concat(int axis, Node... parts) {
        return Node.concat(axis, parts);
    }

    /** See {@link Node#stack(int, Node...)}. */
    public static Node stack(int axis, Node... parts) {
        return Node.stack(axis, parts);
    }

    /** See {@link Attention#scaledDotProductAttention(Node, Node, Node, AttentionOptions)}. */
    public static Node scaledDotProductAttention(Node q, Node k, Node v, AttentionOptions options) {
        return Attention.scaledDotProductAttention(q, k, v, options);
    }

    /** See {@link Attention#scaledDotProductAttention(Node, Node, Node)}. */
    public static Node scaledDotProductAttention(Node q, Node k, Node v) {
        return Attention.scaledDotProductAttention(q, k, v);
    }

    /** See {@link BinarySearch#bucketize(Node, Node, boolean)}. */
    public static Node bucketize(Node x, Node boundaries, boolean right) {
        return BinarySearch.bucketize(x, boundaries, right);
    }

    /** See {@link BinarySearch#bucketize(Node, Node)}. */
    public static Node bucketize(Node x, Node boundaries) {
        return BinarySearch.bucketize(x, boundaries);
    }

    /** See {@link BinarySearch#searchSorted(Node, Node, boolean)}. */
    public static Node searchSorted(Node sorted, Node values, boolean right) {
        return BinarySearch.searchSorted(sorted, values, right);
    }

    /** See {@link BinarySearch#searchSorted(Node, Node)}. */
    public static Node searchSorted(Node sorted, Node values) {
        return BinarySearch.searchSorted(sorted, values);
    }

    /** See {@link Convolution#conv1d(Node, Node, WindowOptions)}. */
    public static Node conv1d(Node x, Node w, WindowOptions options) {
        return Convolution.conv1d(x, w, options);
    }

    /** See {@link Convolution#conv1d(Node, Node, Node, WindowOptions)}. */
    public static Node conv1d(Node x, Node w, Node b, WindowOptions options) {
        return Convolution.conv1d(x, w, b, options);
    }

    /** See {@link Convolution#conv1d(Node, Node)}. */
    public static Node conv1d(Node x, Node w) {
        return Convolution.conv1d(x, w);
    }

    /** See {@link Convolution#conv2d(Node, Node, WindowOptions)}. */
    public static Node conv2d(Node x, Node w, WindowOptions options) {
        return Convolution.conv2d(x, w, options);
    }

    /** See {@link Convolution#conv2d(Node, Node, Node, WindowOptions)}. */
    public static Node conv2d(Node x, Node w, Node b, WindowOptions options) {
        return Convolution.conv2d(x, w, b, options);
    }

    /** See {@link Convolution#conv2d(Node, Node)}. */
    public static Node conv2d(Node x, Node w) {
        return Convolution.conv2d(x, w);
    }

    /** See {@link Convolution#conv3d(Node, Node, WindowOptions)}. */
    public static Node conv3d(Node x, Node w, WindowOptions options) {
        return Convolution.conv3d(x, w, options);
    }

    /** See {@link Convolution#conv3d(Node, Node, Node, WindowOptions)}. */
    public static Node conv3d(Node x, Node w, Node b, WindowOptions options) {
        return Convolution.conv3d(x, w, b, options);
    }

    /** See {@link Convolution#conv3d(Node, Node)}. */
    public static Node conv3d(Node x, Node w) {
        return Convolution.conv3d(x, w);
    }

    /** See {@link Convolution#convTranspose1d(Node, Node, WindowOptions, int...)}. */
    public static Node convTranspose1d(Node x, Node w, WindowOptions options, int... outputPadding) {
        return Convolution.convTranspose1d(x, w, options, outputPadding);
    }

    /** See {@link Convolution#convTranspose1d(Node, Node, Node, WindowOptions, int...)}. */
    public static Node convTranspose1d(Node x, Node w, Node b, WindowOptions options, int... outputPadding) {
        return Convolution.convTranspose1d(x, w, b, options, outputPadding);
    }

    /** See {@link Convolution#convTranspose1d(Node, Node)}. */
    public static Node convTranspose1d(Node x, Node w) {
        return Convolution.convTranspose1d(x, w);
    }

    /** See {@link Convolution#convTranspose2d(Node, Node, WindowOptions, int...)}. */
    public static Node convTranspose2d(Node x, Node w, WindowOptions options, int... outputPadding) {
        return Convolution.convTranspose2d(x, w, options, outputPadding);
    }

    /** See {@link Convolution#convTranspose2d(Node, Node, Node, WindowOptions, int...)}. */
    public static Node convTranspose2d(Node x, Node w, Node b, WindowOptions options, int... outputPadding) {
        return Convolution.convTranspose2d(x, w, b, options, outputPadding);
    }

    /** See {@link Convolution#convTranspose2d(Node, Node)}. */
    public static Node convTranspose2d(Node x, Node w) {
        return Convolution.convTranspose2d(x, w);
    }

    /** See {@link Convolution#convTranspose3d(Node, Node, WindowOptions, int...)}. */
    public static Node convTranspose3d(Node x, Node w, WindowOptions options, int... outputPadding) {
        return Convolution.convTranspose3d(x, w, options, outputPadding);
    }

    /** See {@link Convolution#convTranspose3d(Node, Node, Node, WindowOptions, int...)}. */
    public static Node convTranspose3d(Node x, Node w, Node b, WindowOptions options, int... outputPadding) {
        return Convolution.convTranspose3d(x, w, b, options, outputPadding);
    }

    /** See {@link Convolution#convTranspose3d(Node, Node)}. */
    public static Node convTranspose3d(Node x, Node w) {
        return Convolution.convTranspose3d(x, w);
    }

    /** See {@link Distances#cdist(Node, Node, double)}. */
    public static Node cdist(Node a, Node b, double p) {
        return Distances.cdist(a, b, p);
    }

    /** See {@link Distances#cdist(Node, Node)}. */
    public static Node cdist(Node a, Node b) {
        return Distances.cdist(a, b);
    }

    /** See {@link Distances#cosineSimilarity(Node, Node, int)}. */
    public static Node cosineSimilarity(Node a, Node b, int axis) {
        return Distances.cosineSimilarity(a, b, axis);
    }

    /** See {@link Distances#normalize(Node, double, int)}. */
    public static Node normalize(Node x, double p, int axis) {
        return Distances.normalize(x, p, axis);
    }

    /** See {@link Distances#normalize(Node, int)}. */
    public static Node normalize(Node x, int axis) {
        return Distances.normalize(x, axis);
    }

    /** See {@link Distributions#bernoulli(Node)}. */
    public static Bernoulli bernoulli(Node probs) {
        return Distributions.bernoulli(probs);
    }

    /** See {@link Distributions#bernoulliWithLogits(Node)}. */
    public static Bernoulli bernoulliWithLogits(Node logits) {
        return Distributions.bernoulliWithLogits(logits);
    }

    /** See {@link Distributions#beta(Node, Node)}. */
    public static Beta beta(Node alpha, Node beta) {
        return Distributions.beta(alpha, beta);
    }

    /** See {@link Distributions#categorical(Node)}. */
    public static Categorical categorical(Node probs) {
        return Distributions.categorical(probs);
    }

    /** See {@link Distributions#categoricalWithLogits(Node)}. */
    public static Categorical categoricalWithLogits(Node logits) {
        return Distributions.categoricalWithLogits(logits);
    }

    /** See {@link Distributions#dirichlet(Node)}. */
    public static Dirichlet dirichlet(Node concentration) {
        return Distributions.dirichlet(concentration);
    }

    /** See {@link Distributions#exponential(Node)}. */
    public static Exponential exponential(Node rate) {
        return Distributions.exponential(rate);
    }

    /** See {@link Distributions#gamma(Node, Node)}. */
    public static Gamma gamma(Node concentration, Node rate) {
        return Distributions.gamma(concentration, rate);
    }

    /** See {@link Distributions#gumbel(Node, Node)}. */
    public static Gumbel gumbel(Node loc, Node scale) {
        return Distributions.gumbel(loc, scale);
    }

    /** See {@link Distributions#gumbelSoftmax(Node, double, boolean, RandomStream)}. */
    public static Node gumbelSoftmax(Node logits, double temperature, boolean hard, RandomStream random) {
        return Distributions.gumbelSoftmax(logits, temperature, hard, random);
    }

    /** See {@link Distributions#klDivergence(Distribution, Distribution)}. */
    public static Node klDivergence(Distribution p, Distribution q) {
        return Distributions.klDivergence(p, q);
    }

    /** See {@link Distributions#laplace(Node, Node)}. */
    public static Laplace laplace(Node loc, Node scale) {
        return Distributions.laplace(loc, scale);
    }

    /** See {@link Distributions#logNormal(Node, Node)}. */
    public static LogNormal logNormal(Node loc, Node scale) {
        return Distributions.logNormal(loc, scale);
    }

    /** See {@link Distributions#multivariateNormal(Node, Node)}. */
    public static MultivariateNormal multivariateNormal(Node mean, Node covariance) {
        return Distributions.multivariateNormal(mean, covariance);
    }

    /** See {@link Distributions#multivariateNormalWithFactor(Node, Node)}. */
    public static MultivariateNormal multivariateNormalWithFactor(Node mean, Node factor) {
        return Distributions.multivariateNormalWithFactor(mean, factor);
    }

    /** See {@link Distributions#normal(Node, Node)}. */
    public static Normal normal(Node mean, Node std) {
        return Distributions.normal(mean, std);
    }

    /** See {@link Distributions#poisson(Node)}. */
    public static Poisson poisson(Node rate) {
        return Distributions.poisson(rate);
    }

    /** See {@link Distributions#studentT(Node, Node, Node)}. */
    public static StudentT studentT(Node df, Node loc, Node scale) {
        return Distributions.studentT(df, loc, scale);
    }

    /** See {@link Distributions#uniform(Node, Node)}. */
    public static Uniform uniform(Node low, Node high) {
        return Distributions.uniform(low, high);
    }

    /** See {@link Einsum#of(String, Node...)}. */
    public static Node einsum(String equation, Node... operands) {
        return Einsum.of(equation, operands);
    }

    /** See {@link Embeddings#embedding(Node, Tensor)}. */
    public static Node embedding(Node table, Tensor indices) {
        return Embeddings.embedding(table, indices);
    }

    /** See {@link Embeddings#embedding(Node, Node)}. */
    public static Node embedding(Node table, Node indices) {
        return Embeddings.embedding(table, indices);
    }

    /** See {@link Embeddings#oneHot(int, int...)}. */
    public static Node oneHot(int classes, int... indices) {
        return Embeddings.oneHot(classes, indices);
    }

    /** See {@link Embeddings#oneHot(int, Tensor)}. */
    public static Node oneHot(int classes, Tensor indices) {
        return Embeddings.oneHot(classes, indices);
    }

    /** See {@link Fourier#complexMul(Node, Node)}. */
    public static Node complexMul(Node x, Node y) {
        return Fourier.complexMul(x, y);
    }

    /** See {@link Fourier#convolve(Node, Node)}. */
    public static Node convolve(Node a, Node b) {
        return Fourier.convolve(a, b);
    }

    /** See {@link Fourier#fft(Node)}. */
    public static Node fft(Node x) {
        return Fourier.fft(x);
    }

    /** See {@link Fourier#fft2(Node)}. */
    public static Node fft2(Node x) {
        return Fourier.fft2(x);
    }

    /** See {@link Fourier#ifft(Node)}. */
    public static Node ifft(Node x) {
        return Fourier.ifft(x);
    }

    /** See {@link Fourier#ifft2(Node)}. */
    public static Node ifft2(Node x) {
        return Fourier.ifft2(x);
    }

    /** See {@link Fourier#irfft(Node, int)}. */
    public static Node irfft(Node x, int n) {
        return Fourier.irfft(x, n);
    }

    /** See {@link Fourier#irfft2(Node, int)}. */
    public static Node irfft2(Node x, int w) {
        return Fourier.irfft2(x, w);
    }

    /** See {@link Fourier#rfft(Node)}. */
    public static Node rfft(Node x) {
        return Fourier.rfft(x);
    }

    /** See {@link Fourier#rfft2(Node)}. */
    public static Node rfft2(Node x) {
        return Fourier.rfft2(x);
    }

    /** See {@link LinearAlgebra#cholesky(Node)}. */
    public static Node cholesky(Node a) {
        return LinearAlgebra.cholesky(a);
    }

    /** See {@link LinearAlgebra#cond(Node)}. */
    public static Node cond(Node a) {
        return LinearAlgebra.cond(a);
    }

    /** See {@link LinearAlgebra#det(Node)}. */
    public static Node det(Node a) {
        return LinearAlgebra.det(a);
    }

    /** See {@link LinearAlgebra#eigh(Node)}. */
    public static LinearAlgebra.Eigen eigh(Node a) {
        return LinearAlgebra.eigh(a);
    }

    /** See {@link LinearAlgebra#expm(Node)}. */
    public static Node expm(Node a) {
        return LinearAlgebra.expm(a);
    }

    /** See {@link LinearAlgebra#inverse(Node)}. */
    public static Node inverse(Node a) {
        return LinearAlgebra.inverse(a);
    }

    /** See {@link LinearAlgebra#kron(Node, Node)}. */
    public static Node kron(Node a, Node b) {
        return LinearAlgebra.kron(a, b);
    }

    /** See {@link LinearAlgebra#logDet(Node)}. */
    public static Node logDet(Node a) {
        return LinearAlgebra.logDet(a);
    }

    /** See {@link LinearAlgebra#lstsq(Node, Node)}. */
    public static Node lstsq(Node a, Node b) {
        return LinearAlgebra.lstsq(a, b);
    }

    /** See {@link LinearAlgebra#matrixNorm(Node, double)}. */
    public static Node matrixNorm(Node a, double p) {
        return LinearAlgebra.matrixNorm(a, p);
    }

    /** See {@link LinearAlgebra#matrixNorm(Node)}. */
    public static Node matrixNorm(Node a) {
        return LinearAlgebra.matrixNorm(a);
    }

    /** See {@link LinearAlgebra#matrixPower(Node, int)}. */
    public static Node matrixPower(Node a, int k) {
        return LinearAlgebra.matrixPower(a, k);
    }

    /** See {@link LinearAlgebra#nuclearNorm(Node)}. */
    public static Node nuclearNorm(Node a) {
        return LinearAlgebra.nuclearNorm(a);
    }

    /** See {@link LinearAlgebra#pinv(Node)}. */
    public static Node pinv(Node a) {
        return LinearAlgebra.pinv(a);
    }

    /** See {@link LinearAlgebra#qr(Node)}. */
    public static LinearAlgebra.Qr qr(Node a) {
        return LinearAlgebra.qr(a);
    }

    /** See {@link LinearAlgebra#slogDet(Node)}. */
    public static LinearAlgebra.SignAndLog slogDet(Node a) {
        return LinearAlgebra.slogDet(a);
    }

    /** See {@link LinearAlgebra#solve(Node, Node)}. */
    public static Node solve(Node a, Node b) {
        return LinearAlgebra.solve(a, b);
    }

    /** See {@link LinearAlgebra#svd(Node)}. */
    public static LinearAlgebra.Svd svd(Node a) {
        return LinearAlgebra.svd(a);
    }

    /** See {@link LinearAlgebra#trace(Node)}. */
    public static Node trace(Node a) {
        return LinearAlgebra.trace(a);
    }

    /** See {@link LinearAlgebra#triangularSolve(Node, Node, boolean)}. */
    public static Node triangularSolve(Node a, Node b, boolean lower) {
        return LinearAlgebra.triangularSolve(a, b, lower);
    }

    /** See {@link Losses#binaryCrossEntropy(Node, Node, BinaryCrossEntropyOptions)}. */
    public static Node binaryCrossEntropy(Node y, Node t, BinaryCrossEntropyOptions options) {
        return Losses.binaryCrossEntropy(y, t, options);
    }

    /** See {@link Losses#binaryCrossEntropy(Node, Node)}. */
    public static Node binaryCrossEntropy(Node y, Node t) {
        return Losses.binaryCrossEntropy(y, t);
    }

    /** See {@link Losses#binaryCrossEntropyWithLogits(Node, Node, BinaryCrossEntropyOptions)}. */
    public static Node binaryCrossEntropyWithLogits(Node z, Node t, BinaryCrossEntropyOptions options) {
        return Losses.binaryCrossEntropyWithLogits(z, t, options);
    }

    /** See {@link Losses#binaryCrossEntropyWithLogits(Node, Node)}. */
    public static Node binaryCrossEntropyWithLogits(Node z, Node t) {
        return Losses.binaryCrossEntropyWithLogits(z, t);
    }

    /** See {@link Losses#crossEntropyError(Node, int...)}. */
    public static Node crossEntropyError(Node y, int... classes) {
        return Losses.crossEntropyError(y, classes);
    }

    /** See {@link Losses#crossEntropyError(Node, Node)}. */
    public static Node crossEntropyError(Node y, Node t) {
        return Losses.crossEntropyError(y, t);
    }

    /** See {@link Losses#dice(Node, Node, double, Reduction)}. */
    public static Node dice(Node y, Node t, double smoothing, Reduction reduction) {
        return Losses.dice(y, t, smoothing, reduction);
    }

    /** See {@link Losses#dice(Node, Node)}. */
    public static Node dice(Node y, Node t) {
        return Losses.dice(y, t);
    }

    /** See {@link Losses#gaussianNll(Node, Node, Node, boolean, Reduction)}. */
    public static Node gaussianNll(Node mean, Node t, Node variance, boolean full, Reduction reduction) {
        return Losses.gaussianNll(mean, t, variance, full, reduction);
    }

    /** See {@link Losses#gaussianNll(Node, Node, Node)}. */
    public static Node gaussianNll(Node mean, Node t, Node variance) {
        return Losses.gaussianNll(mean, t, variance);
    }

    /** See {@link Losses#huber(Node, Node, double, Reduction)}. */
    public static Node huber(Node y, Node t, double delta, Reduction reduction) {
        return Losses.huber(y, t, delta, reduction);
    }

    /** See {@link Losses#huber(Node, Node)}. */
    public static Node huber(Node y, Node t) {
        return Losses.huber(y, t);
    }

    /** See {@link Losses#infoNce(Node, Node, double, Reduction)}. */
    public static Node infoNce(Node queries, Node keys, double temperature, Reduction reduction) {
        return Losses.infoNce(queries, keys, temperature, reduction);
    }

    /** See {@link Losses#infoNce(Node, Node)}. */
    public static Node infoNce(Node queries, Node keys) {
        return Losses.infoNce(queries, keys);
    }

    /** See {@link Losses#klDiv(Node, Node, boolean, Reduction)}. */
    public static Node klDiv(Node logProbabilities, Node t, boolean logTarget, Reduction reduction) {
        return Losses.klDiv(logProbabilities, t, logTarget, reduction);
    }

    /** See {@link Losses#klDiv(Node, Node)}. */
    public static Node klDiv(Node logProbabilities, Node t) {
        return Losses.klDiv(logProbabilities, t);
    }

    /** See {@link Losses#l1(Node, Node, Reduction)}. */
    public static Node l1(Node y, Node t, Reduction reduction) {
        return Losses.l1(y, t, reduction);
    }

    /** See {@link Losses#l1(Node, Node)}. */
    public static Node l1(Node y, Node t) {
        return Losses.l1(y, t);
    }

    /** See {@link Losses#meanSquaredError(Node, Node, Reduction)}. */
    public static Node meanSquaredError(Node y, Node t, Reduction reduction) {
        return Losses.meanSquaredError(y, t, reduction);
    }

    /** See {@link Losses#meanSquaredError(Node, Node)}. */
    public static Node meanSquaredError(Node y, Node t) {
        return Losses.meanSquaredError(y, t);
    }

    /** See {@link Losses#nll(Node, int...)}. */
    public static Node nll(Node logProbabilities, int... classes) {
        return Losses.nll(logProbabilities, classes);
    }

    /** See {@link Losses#nll(Node, Node, CrossEntropyOptions)}. */
    public static Node nll(Node logProbabilities, Node target, CrossEntropyOptions options) {
        return Losses.nll(logProbabilities, target, options);
    }

    /** See {@link Losses#nll(Node, Node)}. */
    public static Node nll(Node logProbabilities, Node target) {
        return Losses.nll(logProbabilities, target);
    }

    /** See {@link Losses#poissonNll(Node, Node, boolean, boolean, Reduction)}. */
    public static Node poissonNll(Node x, Node t, boolean logInput, boolean full, Reduction reduction) {
        return Losses.poissonNll(x, t, logInput, full, reduction);
    }

    /** See {@link Losses#poissonNll(Node, Node)}. */
    public static Node poissonNll(Node logRate, Node t) {
        return Losses.poissonNll(logRate, t);
    }

    /** See {@link Losses#sigmoidFocal(Node, Node, double, double, Reduction)}. */
    public static Node sigmoidFocal(Node z, Node t, double alpha, double gamma, Reduction reduction) {
        return Losses.sigmoidFocal(z, t, alpha, gamma, reduction);
    }

    /** See {@link Losses#sigmoidFocal(Node, Node)}. */
    public static Node sigmoidFocal(Node z, Node t) {
        return Losses.sigmoidFocal(z, t);
    }

    /** See {@link Losses#smoothL1(Node, Node, double, Reduction)}. */
    public static Node smoothL1(Node y, Node t, double beta, Reduction reduction) {
        return Losses.smoothL1(y, t, beta, reduction);
    }

    /** See {@link Losses#smoothL1(Node, Node)}. */
    public static Node smoothL1(Node y, Node t) {
        return Losses.smoothL1(y, t);
    }

    /** See {@link Losses#softmaxCrossEntropy(Node, int...)}. */
    public static Node softmaxCrossEntropy(Node logits, int... classes) {
        return Losses.softmaxCrossEntropy(logits, classes);
    }

    /** See {@link Losses#softmaxCrossEntropy(Node, Tensor)}. */
    public static Node softmaxCrossEntropy(Node logits, Tensor target) {
        return Losses.softmaxCrossEntropy(logits, target);
    }

    /** See {@link Losses#softmaxCrossEntropy(Node, Node, CrossEntropyOptions)}. */
    public static Node softmaxCrossEntropy(Node logits, Node target, CrossEntropyOptions options) {
        return Losses.softmaxCrossEntropy(logits, target, options);
    }

    /** See {@link Losses#softmaxCrossEntropy(Node, Node)}. */
    public static Node softmaxCrossEntropy(Node logits, Node target) {
        return Losses.softmaxCrossEntropy(logits, target);
    }

    /** See {@link Losses#sumSquaredError(Node, Node)}. */
    public static Node sumSquaredError(Node y, Node t) {
        return Losses.sumSquaredError(y, t);
    }

    /** See {@link MarginLosses#cosineEmbedding(Node, Node, Node, double, Reduction)}. */
    public static Node cosineEmbedding(Node x1, Node x2, Node t, double margin, Reduction reduction) {
        return MarginLosses.cosineEmbedding(x1, x2, t, margin, reduction);
    }

    /** See {@link MarginLosses#cosineEmbedding(Node, Node, Node)}. */
    public static Node cosineEmbedding(Node x1, Node x2, Node t) {
        return MarginLosses.cosineEmbedding(x1, x2, t);
    }

    /** See {@link MarginLosses#hingeEmbedding(Node, Node, double, Reduction)}. */
    public static Node hingeEmbedding(Node x, Node t, double margin, Reduction reduction) {
        return MarginLosses.hingeEmbedding(x, t, margin, reduction);
    }

    /** See {@link MarginLosses#hingeEmbedding(Node, Node)}. */
    public static Node hingeEmbedding(Node x, Node t) {
        return MarginLosses.hingeEmbedding(x, t);
    }

    /** See {@link MarginLosses#marginRanking(Node, Node, Node, double, Reduction)}. */
    public static Node marginRanking(Node x1, Node x2, Node t, double margin, Reduction reduction) {
        return MarginLosses.marginRanking(x1, x2, t, margin, reduction);
    }

    /** See {@link MarginLosses#marginRanking(Node, Node, Node)}. */
    public static Node marginRanking(Node x1, Node x2, Node t) {
        return MarginLosses.marginRanking(x1, x2, t);
    }

    /** See {@link MarginLosses#multiMargin(Node, int...)}. */
    public static Node multiMargin(Node x, int... classes) {
        return MarginLosses.multiMargin(x, classes);
    }

    /** See {@link MarginLosses#multiMargin(Node, Node, int, double, Reduction)}. */
    public static Node multiMargin(Node x, Node classes, int p, double margin, Reduction reduction) {
        return MarginLosses.multiMargin(x, classes, p, margin, reduction);
    }

    /** See {@link MarginLosses#multiMargin(Node, Node)}. */
    public static Node multiMargin(Node x, Node classes) {
        return MarginLosses.multiMargin(x, classes);
    }

    /** See {@link MarginLosses#multilabelSoftMargin(Node, Node, Reduction)}. */
    public static Node multilabelSoftMargin(Node x, Node t, Reduction reduction) {
        return MarginLosses.multilabelSoftMargin(x, t, reduction);
    }

    /** See {@link MarginLosses#multilabelSoftMargin(Node, Node)}. */
    public static Node multilabelSoftMargin(Node x, Node t) {
        return MarginLosses.multilabelSoftMargin(x, t);
    }

    /** See {@link MarginLosses#softMargin(Node, Node, Reduction)}. */
    public static Node softMargin(Node x, Node t, Reduction reduction) {
        return MarginLosses.softMargin(x, t, reduction);
    }

    /** See {@link MarginLosses#softMargin(Node, Node)}. */
    public static Node softMargin(Node x, Node t) {
        return MarginLosses.softMargin(x, t);
    }

    /** See {@link MarginLosses#tripletMargin(Node, Node, Node, TripletMarginOptions)}. */
    public static Node tripletMargin(Node anchor, Node positive, Node negative, TripletMarginOptions options) {
        return MarginLosses.tripletMargin(anchor, positive, negative, options);
    }

    /** See {@link MarginLosses#tripletMargin(Node, Node, Node)}. */
    public static Node tripletMargin(Node anchor, Node positive, Node negative) {
        return MarginLosses.tripletMargin(anchor, positive, negative);
    }

    /** See {@link Normalization#batchNorm(Node, Node, Node, Node, Node, double)}. */
    public static Node batchNorm(Node x, Node gamma, Node beta, Node mean, Node var, double epsilon) {
        return Normalization.batchNorm(x, gamma, beta, mean, var, epsilon);
    }

    /** See {@link Normalization#batchNorm(Node, Node, Node, double)}. */
    public static BatchNormalized batchNorm(Node x, Node gamma, Node beta, double epsilon) {
        return Normalization.batchNorm(x, gamma, beta, epsilon);
    }

    /** See {@link Normalization#batchNorm(Node, double)}. */
    public static BatchNormalized batchNorm(Node x, double epsilon) {
        return Normalization.batchNorm(x, epsilon);
    }

    /** See {@link Normalization#groupNorm(Node, int, Node, Node, double)}. */
    public static Node groupNorm(Node x, int groups, Node gamma, Node beta, double epsilon) {
        return Normalization.groupNorm(x, groups, gamma, beta, epsilon);
    }

    /** See {@link Normalization#groupNorm(Node, int, double)}. */
    public static Node groupNorm(Node x, int groups, double epsilon) {
        return Normalization.groupNorm(x, groups, epsilon);
    }

    /** See {@link Normalization#instanceNorm(Node, Node, Node, double)}. */
    public static Node instanceNorm(Node x, Node gamma, Node beta, double epsilon) {
        return Normalization.instanceNorm(x, gamma, beta, epsilon);
    }

    /** See {@link Normalization#instanceNorm(Node, double)}. */
    public static Node instanceNorm(Node x, double epsilon) {
        return Normalization.instanceNorm(x, epsilon);
    }

    /** See {@link Normalization#layerNorm(Node, Shape, double)}. */
    public static Node layerNorm(Node x, Shape row, double epsilon) {
        return Normalization.layerNorm(x, row, epsilon);
    }

    /** See {@link Normalization#layerNorm(Node, Node, Node, double)}. */
    public static Node layerNorm(Node x, Node gamma, Node beta, double epsilon) {
        return Normalization.layerNorm(x, gamma, beta, epsilon);
    }

    /** See {@link Normalization#layerNorm(Node, Node, Node)}. */
    public static Node layerNorm(Node x, Node gamma, Node beta) {
        return Normalization.layerNorm(x, gamma, beta);
    }

    /** See {@link Normalization#localResponseNorm(Node, int, double, double, double)}. */
    public static Node localResponseNorm(Node x, int size, double alpha, double beta, double k) {
        return Normalization.localResponseNorm(x, size, alpha, beta, k);
    }

    /** See {@link Normalization#rmsNorm(Node, Shape, double)}. */
    public static Node rmsNorm(Node x, Shape row, double epsilon) {
        return Normalization.rmsNorm(x, row, epsilon);
    }

    /** See {@link Normalization#rmsNorm(Node, Node, double)}. */
    public static Node rmsNorm(Node x, Node gamma, double epsilon) {
        return Normalization.rmsNorm(x, gamma, epsilon);
    }

    /** See {@link Normalization#weightNorm(Node, Node, int)}. */
    public static Node weightNorm(Node v, Node g, int axis) {
        return Normalization.weightNorm(v, g, axis);
    }

    /** See {@link Padding#pad(Node, PaddingMode, int...)}. */
    public static Node pad(Node x, PaddingMode mode, int... widths) {
        return Padding.pad(x, mode, widths);
    }

    /** See {@link Padding#pad(Node, double, int...)}. */
    public static Node pad(Node x, double value, int... widths) {
        return Padding.pad(x, value, widths);
    }

    /** See {@link Pooling#adaptiveAvgPool1d(Node, int)}. */
    public static Node adaptiveAvgPool1d(Node x, int ol) {
        return Pooling.adaptiveAvgPool1d(x, ol);
    }

    /** See {@link Pooling#adaptiveAvgPool2d(Node, int, int)}. */
    public static Node adaptiveAvgPool2d(Node x, int oh, int ow) {
        return Pooling.adaptiveAvgPool2d(x, oh, ow);
    }

    /** See {@link Pooling#adaptiveAvgPool3d(Node, int, int, int)}. */
    public static Node adaptiveAvgPool3d(Node x, int od, int oh, int ow) {
        return Pooling.adaptiveAvgPool3d(x, od, oh, ow);
    }

    /** See {@link Pooling#adaptiveMaxPool1d(Node, int)}. */
    public static Node adaptiveMaxPool1d(Node x, int ol) {
        return Pooling.adaptiveMaxPool1d(x, ol);
    }

    /** See {@link Pooling#adaptiveMaxPool2d(Node, int, int)}. */
    public static Node adaptiveMaxPool2d(Node x, int oh, int ow) {
        return Pooling.adaptiveMaxPool2d(x, oh, ow);
    }

    /** See {@link Pooling#adaptiveMaxPool3d(Node, int, int, int)}. */
    public static Node adaptiveMaxPool3d(Node x, int od, int oh, int ow) {
        return Pooling.adaptiveMaxPool3d(x, od, oh, ow);
    }

    /** See {@link Pooling#avgPool1d(Node, int, WindowOptions, boolean)}. */
    public static Node avgPool1d(Node x, int size, WindowOptions options, boolean countIncludePad) {
        return Pooling.avgPool1d(x, size, options, countIncludePad);
    }

    /** See {@link Pooling#avgPool1d(Node, int, int, int, boolean)}. */
    public static Node avgPool1d(Node x, int size, int stride, int padding, boolean countIncludePad) {
        return Pooling.avgPool1d(x, size, stride, padding, countIncludePad);
    }

    /** See {@link Pooling#avgPool1d(Node, int)}. */
    public static Node avgPool1d(Node x, int size) {
        return Pooling.avgPool1d(x, size);
    }

    /** See {@link Pooling#avgPool2d(Node, int, int, WindowOptions, boolean)}. */
    public static Node avgPool2d(Node x, int h, int w, WindowOptions options, boolean countIncludePad) {
        return Pooling.avgPool2d(x, h, w, options, countIncludePad);
    }

    /** See {@link Pooling#avgPool2d(Node, int, int, int, boolean)}. */
    public static Node avgPool2d(Node x, int size, int stride, int padding, boolean countIncludePad) {
        return Pooling.avgPool2d(x, size, stride, padding, countIncludePad);
    }

    /** See {@link Pooling#avgPool2d(Node, int)}. */
    public static Node avgPool2d(Node x, int size) {
        return Pooling.avgPool2d(x, size);
    }

    /** See {@link Pooling#avgPool3d(Node, int, int, int, boolean)}. */
    public static Node avgPool3d(Node x, int size, int stride, int padding, boolean countIncludePad) {
        return Pooling.avgPool3d(x, size, stride, padding, countIncludePad);
    }

    /** See {@link Pooling#avgPool3d(Node, int, int, int, WindowOptions, boolean)}. */
    public static Node avgPool3d(Node x, int d, int h, int w, WindowOptions options, boolean countIncludePad) {
        return Pooling.avgPool3d(x, d, h, w, options, countIncludePad);
    }

    /** See {@link Pooling#avgPool3d(Node, int)}. */
    public static Node avgPool3d(Node x, int size) {
        return Pooling.avgPool3d(x, size);
    }

    /** See {@link Pooling#globalAvgPool(Node)}. */
    public static Node globalAvgPool(Node x) {
        return Pooling.globalAvgPool(x);
    }

    /** See {@link Pooling#globalMaxPool(Node)}. */
    public static Node globalMaxPool(Node x) {
        return Pooling.globalMaxPool(x);
    }

    /** See {@link Pooling#lpPool1d(Node, double, int, WindowOptions)}. */
    public static Node lpPool1d(Node x, double p, int size, WindowOptions options) {
        return Pooling.lpPool1d(x, p, size, options);
    }

    /** See {@link Pooling#lpPool1d(Node, double, int)}. */
    public static Node lpPool1d(Node x, double p, int size) {
        return Pooling.lpPool1d(x, p, size);
    }

    /** See {@link Pooling#lpPool2d(Node, double, int, int, WindowOptions)}. */
    public static Node lpPool2d(Node x, double p, int h, int w, WindowOptions options) {
        return Pooling.lpPool2d(x, p, h, w, options);
    }

    /** See {@link Pooling#lpPool2d(Node, double, int)}. */
    public static Node lpPool2d(Node x, double p, int size) {
        return Pooling.lpPool2d(x, p, size);
    }

    /** See {@link Pooling#lpPool3d(Node, double, int, int, int, WindowOptions)}. */
    public static Node lpPool3d(Node x, double p, int d, int h, int w, WindowOptions options) {
        return Pooling.lpPool3d(x, p, d, h, w, options);
    }

    /** See {@link Pooling#lpPool3d(Node, double, int)}. */
    public static Node lpPool3d(Node x, double p, int size) {
        return Pooling.lpPool3d(x, p, size);
    }

    /** See {@link Pooling#maxPool1d(Node, int, WindowOptions)}. */
    public static Node maxPool1d(Node x, int size, WindowOptions options) {
        return Pooling.maxPool1d(x, size, options);
    }

    /** See {@link Pooling#maxPool1d(Node, int, int, int)}. */
    public static Node maxPool1d(Node x, int size, int stride, int padding) {
        return Pooling.maxPool1d(x, size, stride, padding);
    }

    /** See {@link Pooling#maxPool1d(Node, int)}. */
    public static Node maxPool1d(Node x, int size) {
        return Pooling.maxPool1d(x, size);
    }

    /** See {@link Pooling#maxPool1dWithIndices(Node, int, WindowOptions)}. */
    public static ValuesAndIndices maxPool1dWithIndices(Node x, int size, WindowOptions options) {
        return Pooling.maxPool1dWithIndices(x, size, options);
    }

    /** See {@link Pooling#maxPool1dWithIndices(Node, int)}. */
    public static ValuesAndIndices maxPool1dWithIndices(Node x, int size) {
        return Pooling.maxPool1dWithIndices(x, size);
    }

    /** See {@link Pooling#maxPool2d(Node, int, int, WindowOptions)}. */
    public static Node maxPool2d(Node x, int h, int w, WindowOptions options) {
        return Pooling.maxPool2d(x, h, w, options);
    }

    /** See {@link Pooling#maxPool2d(Node, int, int, int)}. */
    public static Node maxPool2d(Node x, int size, int stride, int padding) {
        return Pooling.maxPool2d(x, size, stride, padding);
    }

    /** See {@link Pooling#maxPool2d(Node, int)}. */
    public static Node maxPool2d(Node x, int size) {
        return Pooling.maxPool2d(x, size);
    }

    /** See {@link Pooling#maxPool2dWithIndices(Node, int, int, WindowOptions)}. */
    public static ValuesAndIndices maxPool2dWithIndices(Node x, int h, int w, WindowOptions options) {
        return Pooling.maxPool2dWithIndices(x, h, w, options);
    }

    /** See {@link Pooling#maxPool2dWithIndices(Node, int)}. */
    public static ValuesAndIndices maxPool2dWithIndices(Node x, int size) {
        return Pooling.maxPool2dWithIndices(x, size);
    }

    /** See {@link Pooling#maxPool3d(Node, int, int, int, WindowOptions)}. */
    public static Node maxPool3d(Node x, int d, int h, int w, WindowOptions options) {
        return Pooling.maxPool3d(x, d, h, w, options);
    }

    /** See {@link Pooling#maxPool3d(Node, int, int, int)}. */
    public static Node maxPool3d(Node x, int size, int stride, int padding) {
        return Pooling.maxPool3d(x, size, stride, padding);
    }

    /** See {@link Pooling#maxPool3d(Node, int)}. */
    public static Node maxPool3d(Node x, int size) {
        return Pooling.maxPool3d(x, size);
    }

    /** See {@link Pooling#maxPool3dWithIndices(Node, int, int, int, WindowOptions)}. */
    public static ValuesAndIndices maxPool3dWithIndices(Node x, int d, int h, int w, WindowOptions options) {
        return Pooling.maxPool3dWithIndices(x, d, h, w, options);
    }

    /** See {@link Pooling#maxPool3dWithIndices(Node, int)}. */
    public static ValuesAndIndices maxPool3dWithIndices(Node x, int size) {
        return Pooling.maxPool3dWithIndices(x, size);
    }

    /** See {@link Positions#rotary(Node, int[], double, Pairing)}. */
    public static Node rotary(Node x, int[] positions, double base, Positions.Pairing pairing) {
        return Positions.rotary(x, positions, base, pairing);
    }

    /** See {@link Positions#rotary(Node, int, double, Pairing)}. */
    public static Node rotary(Node x, int offset, double base, Positions.Pairing pairing) {
        return Positions.rotary(x, offset, base, pairing);
    }

    /** See {@link Positions#rotary(Node)}. */
    public static Node rotary(Node x) {
        return Positions.rotary(x);
    }

    /** See {@link Positions#sinusoidal(int, int, DType)}. */
    public static Node sinusoidal(int n, int d, DType dtype) {
        return Positions.sinusoidal(n, d, dtype);
    }

    /** See {@link Positions#sinusoidal(int, int)}. */
    public static Node sinusoidal(int n, int d) {
        return Positions.sinusoidal(n, d);
    }

    /** See {@link Recurrent#gru(Node, Node, Node, Node, Node, Node, RecurrentOptions)}. */
    public static Recurrent.Output gru(Node x, Node w, Node u, Node b, Node d, Node h, RecurrentOptions options) {
        return Recurrent.gru(x, w, u, b, d, h, options);
    }

    /** See {@link Recurrent#gru(Node, Node, Node, Node, Node, RecurrentOptions)}. */
    public static Recurrent.Output gru(Node x, Node w, Node u, Node b, Node d, RecurrentOptions options) {
        return Recurrent.gru(x, w, u, b, d, options);
    }

    /** See {@link Recurrent#gru(Node, Node, Node, Node, Node)}. */
    public static Recurrent.Output gru(Node x, Node w, Node u, Node b, Node d) {
        return Recurrent.gru(x, w, u, b, d);
    }

    /** See {@link Recurrent#lstm(Node, Node, Node, Node, Node, Node, RecurrentOptions)}. */
    public static Recurrent.LstmOutput lstm(Node x, Node w, Node u, Node b, Node h, Node c, RecurrentOptions options) {
        return Recurrent.lstm(x, w, u, b, h, c, options);
    }

    /** See {@link Recurrent#lstm(Node, Node, Node, Node, RecurrentOptions)}. */
    public static Recurrent.LstmOutput lstm(Node x, Node w, Node u, Node b, RecurrentOptions options) {
        return Recurrent.lstm(x, w, u, b, options);
    }

    /** See {@link Recurrent#lstm(Node, Node, Node, Node)}. */
    public static Recurrent.LstmOutput lstm(Node x, Node w, Node u, Node b) {
        return Recurrent.lstm(x, w, u, b);
    }

    /** See {@link Recurrent#rnn(Node, Node, Node, Node, Node, Activation, RecurrentOptions)}. */
    public static Recurrent.Output rnn(Node x, Node w, Node u, Node b, Node h, Recurrent.Activation activation, RecurrentOptions options) {
        return Recurrent.rnn(x, w, u, b, h, activation, options);
    }

    /** See {@link Recurrent#rnn(Node, Node, Node, Node, Activation, RecurrentOptions)}. */
    public static Recurrent.Output rnn(Node x, Node w, Node u, Node b, Recurrent.Activation activation, RecurrentOptions options) {
        return Recurrent.rnn(x, w, u, b, activation, options);
    }

    /** See {@link Recurrent#rnn(Node, Node, Node, Node)}. */
    public static Recurrent.Output rnn(Node x, Node w, Node u, Node b) {
        return Recurrent.rnn(x, w, u, b);
    }

    /** See {@link SequenceLosses#ctc(Node, Tensor, int[], int[], CtcOptions)}. */
    public static Node ctc(Node logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths, CtcOptions options) {
        return SequenceLosses.ctc(logProbabilities, targets, inputLengths, targetLengths, options);
    }

    /** See {@link SequenceLosses#ctc(Node, Tensor, int[], int[])}. */
    public static Node ctc(Node logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths) {
        return SequenceLosses.ctc(logProbabilities, targets, inputLengths, targetLengths);
    }

    /** See {@link TensorProducts#cross(Node, Node, int)}. */
    public static Node cross(Node a, Node b, int axis) {
        return TensorProducts.cross(a, b, axis);
    }

    /** See {@link TensorProducts#tensordot(Node, Node, int[], int[])}. */
    public static Node tensordot(Node a, Node b, int[] axesOfA, int[] axesOfB) {
        return TensorProducts.tensordot(a, b, axesOfA, axesOfB);
    }

    /** See {@link TensorProducts#tensordot(Node, Node, int)}. */
    public static Node tensordot(Node a, Node b, int axes) {
        return TensorProducts.tensordot(a, b, axes);
    }

    /** See {@link Unfolding#fold(Node, int, int, int, int, WindowOptions)}. */
    public static Node fold(Node x, int h, int w, int kh, int kw, WindowOptions options) {
        return Unfolding.fold(x, h, w, kh, kw, options);
    }

    /** See {@link Unfolding#unfold(Node, int, int, WindowOptions)}. */
    public static Node unfold(Node x, int kh, int kw, WindowOptions options) {
        return Unfolding.unfold(x, kh, kw, options);
    }

    /** See {@link Unpooling#maxUnpool1d(Node, Tensor, int)}. */
    public static Node maxUnpool1d(Node x, Tensor indices, int l) {
        return Unpooling.maxUnpool1d(x, indices, l);
    }

    /** See {@link Unpooling#maxUnpool2d(Node, Tensor, int, int)}. */
    public static Node maxUnpool2d(Node x, Tensor indices, int h, int w) {
        return Unpooling.maxUnpool2d(x, indices, h, w);
    }

    /** See {@link Unpooling#maxUnpool3d(Node, Tensor, int, int, int)}. */
    public static Node maxUnpool3d(Node x, Tensor indices, int d, int h, int w) {
        return Unpooling.maxUnpool3d(x, indices, d, h, w);
    }

    /** See {@link Upsampling#pixelShuffle(Node, int)}. */
    public static Node pixelShuffle(Node x, int r) {
        return Upsampling.pixelShuffle(x, r);
    }

    /** See {@link Upsampling#pixelUnshuffle(Node, int)}. */
    public static Node pixelUnshuffle(Node x, int r) {
        return Upsampling.pixelUnshuffle(x, r);
    }

    /** See {@link Upsampling#upsampleBilinear(Node, Shape, boolean)}. */
    public static Node upsampleBilinear(Node x, Shape size, boolean alignCorners) {
        return Upsampling.upsampleBilinear(x, size, alignCorners);
    }

    /** See {@link Upsampling#upsampleNearest(Node, Shape)}. */
    public static Node upsampleNearest(Node x, Shape size) {
        return Upsampling.upsampleNearest(x, size);
    }

    /** See {@link Upsampling#upsampleNearest(Node, int)}. */
    public static Node upsampleNearest(Node x, int scale) {
        return Upsampling.upsampleNearest(x, scale);
    }
}
