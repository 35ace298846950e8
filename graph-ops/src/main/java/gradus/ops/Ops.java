package gradus.ops;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.graph.Node;

/** All ops as static functions, for those who like {@code relu(add(a, b))} better than a chain. */
// Made from Node's families and this package by Facade; OpsTest writes it anew.
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

    /** See {@link Node#cos()}. */
    public static Node cos(Node x) {
        return x.cos();
    }

    /** See {@link Node#exp()}. */
    public static Node exp(Node x) {
        return x.exp();
    }

    /** See {@link Node#log()}. */
    public static Node log(Node x) {
        return x.log();
    }

    /** See {@link Node#sign()}. */
    public static Node sign(Node x) {
        return x.sign();
    }

    /** See {@link Node#sin()}. */
    public static Node sin(Node x) {
        return x.sin();
    }

    /** See {@link Node#sqrt()}. */
    public static Node sqrt(Node x) {
        return x.sqrt();
    }

    /** See {@link Node#logSoftmax(int)}. */
    public static Node logSoftmax(Node x, int axis) {
        return x.logSoftmax(axis);
    }

    /** See {@link Node#relu()}. */
    public static Node relu(Node x) {
        return x.relu();
    }

    /** See {@link Node#sigmoid()}. */
    public static Node sigmoid(Node x) {
        return x.sigmoid();
    }

    /** See {@link Node#softmax(int)}. */
    public static Node softmax(Node x, int axis) {
        return x.softmax(axis);
    }

    /** See {@link Node#softplus()}. */
    public static Node softplus(Node x) {
        return x.softplus();
    }

    /** See {@link Node#tanh()}. */
    public static Node tanh(Node x) {
        return x.tanh();
    }

    /** See {@link Node#eq(Node)}. */
    public static Node eq(Node x, Node b) {
        return x.eq(b);
    }

    /** See {@link Node#eq(double)}. */
    public static Node eq(Node x, double b) {
        return x.eq(b);
    }

    /** See {@link Node#gt(Node)}. */
    public static Node gt(Node x, Node b) {
        return x.gt(b);
    }

    /** See {@link Node#gt(double)}. */
    public static Node gt(Node x, double b) {
        return x.gt(b);
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

    /** See {@link Node#ne(Node)}. */
    public static Node ne(Node x, Node b) {
        return x.ne(b);
    }

    /** See {@link Node#ne(double)}. */
    public static Node ne(Node x, double b) {
        return x.ne(b);
    }

    /** See {@link Node#onlyWhere(Node)}. */
    public static Node onlyWhere(Node x, Node mask) {
        return x.onlyWhere(mask);
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

    /** See {@link Node#sum(int...)}. */
    public static Node sum(Node x, int... axes) {
        return x.sum(axes);
    }

    /** See {@link Node#sumKeepDims(int...)}. */
    public static Node sumKeepDims(Node x, int... axes) {
        return x.sumKeepDims(axes);
    }

    /** See {@link Node#expandTo(Shape)}. */
    public static Node expandTo(Node x, Shape target) {
        return x.expandTo(target);
    }

    /** See {@link Node#flatten()}. */
    public static Node flatten(Node x) {
        return x.flatten();
    }

    /** See {@link Node#pad(int, int, int)}. */
    public static Node pad(Node x, int axis, int before, int after) {
        return x.pad(axis, before, after);
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

    /** See {@link Node#slice(int, int, int)}. */
    public static Node slice(Node x, int axis, int from, int to) {
        return x.slice(axis, from, to);
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

    /** See {@link Node#matmul(Node, boolean, boolean)}. */
    public static Node matmul(Node x, Node b, boolean ta, boolean tb) {
        return x.matmul(b, ta, tb);
    }

    /** See {@link Node#matmul(Node)}. */
    public static Node matmul(Node x, Node b) {
        return x.matmul(b);
    }

    /** See {@link Node#concat(int, Node...)}. */
    public static Node concat(int axis, Node... parts) {
        return Node.concat(axis, parts);
    }

    /** See {@link Indexing#pick(Node, int...)}. */
    public static Node pick(Node x, int... columns) {
        return Indexing.pick(x, columns);
    }

    /** See {@link Losses#binaryCrossEntropyWithLogits(Node, Node)}. */
    public static Node binaryCrossEntropyWithLogits(Node z, Node t) {
        return Losses.binaryCrossEntropyWithLogits(z, t);
    }

    /** See {@link Losses#meanSquaredError(Node, Node)}. */
    public static Node meanSquaredError(Node y, Node t) {
        return Losses.meanSquaredError(y, t);
    }

    /** See {@link Losses#softmaxCrossEntropy(Node, int...)}. */
    public static Node softmaxCrossEntropy(Node logits, int... classes) {
        return Losses.softmaxCrossEntropy(logits, classes);
    }
}
