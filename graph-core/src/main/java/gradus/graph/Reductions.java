package gradus.graph;

import gradus.array.Shape;
import gradus.array.Tensor;

/**
 * The family of functions that make one number of many, over given axes or, if none is given, over all. The axes
 * disappear; in the {@code KeepDims} form they stay with size 1, so that the result broadcasts against the input.
 */
public sealed interface Reductions permits Node {
    /** {@code y = sum of x} over axes; the gradient is repeated along them. */
    record Sum(boolean keepDims, int... axes) implements Op {
        @Override
        public String name() {
            return "sum";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return keepDims ? x[0].sumKeepDims(axes) : x[0].sum(axes);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            return new Node[] {aligned(gy, c.x(0), axes).expandTo(c.x(0).shape())};
        }
    }

    /** Returns the sum over the axes. */
    default Node sum(int... axes) {
        return Node.of(new Sum(false, axes.clone()), self());
    }

    /** Returns the sum over the axes, which stay with size 1. */
    default Node sumKeepDims(int... axes) {
        return Node.of(new Sum(true, axes.clone()), self());
    }

    /** Returns the mean over the axes. */
    default Node mean(int... axes) {
        return sum(axes).div(count("mean", axes));
    }

    /** Returns the mean over the axes, which stay with size 1. */
    default Node meanKeepDims(int... axes) {
        return sumKeepDims(axes).div(count("mean", axes));
    }

    /** {@code y = max of x} over axes; equal largest elements share the gradient evenly, as PyTorch's amax does. */
    record Max(boolean keepDims, int... axes) implements Op {
        @Override
        public String name() {
            return "max";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return keepDims ? x[0].maxKeepDims(axes) : x[0].max(axes);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            return new Node[] {shared(c, gy, axes)};
        }
    }

    /** Returns the largest element over the axes. */
    default Node max(int... axes) {
        return Node.of(new Max(false, axes.clone()), self());
    }

    /** Returns the largest element over the axes, which stay with size 1. */
    default Node maxKeepDims(int... axes) {
        return Node.of(new Max(true, axes.clone()), self());
    }

    /** {@code y = min of x} over axes; equal smallest elements share the gradient evenly, as PyTorch's amin does. */
    record Min(boolean keepDims, int... axes) implements Op {
        @Override
        public String name() {
            return "min";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return keepDims ? x[0].minKeepDims(axes) : x[0].min(axes);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            return new Node[] {shared(c, gy, axes)};
        }
    }

    /** Returns the smallest element over the axes. */
    default Node min(int... axes) {
        return Node.of(new Min(false, axes.clone()), self());
    }

    /** Returns the smallest element over the axes, which stay with size 1. */
    default Node minKeepDims(int... axes) {
        return Node.of(new Min(true, axes.clone()), self());
    }

    /** {@code y = ln(sum(e^x))} along one axis, which disappears. */
    record LogSumExp(int axis) implements Op {
        @Override
        public String name() {
            return "logSumExp";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return x[0].logSumExp(axis);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            return new Node[] {aligned(gy, c.x(0), axis).mul(c.x(0).softmax(axis))};
        }
    }

    /** Returns ln(sum(e^x)) over the axes, without overflow. */
    default Node logSumExp(int... axes) {
        Node y = self();
        int[] from = y.axes("logSumExp", axes);
        for (int i = from.length - 1; i >= 0; i--) { // from the last, so that the earlier ones keep their number
            y = Node.of(new LogSumExp(from[i]), y);
        }
        return y;
    }

    /** Returns ln(sum(e^x)) over the axes, which stay with size 1. */
    default Node logSumExpKeepDims(int... axes) {
        Shape kept = self().shape().collapse(self().axes("logSumExp", axes));
        return logSumExp(axes).reshape(kept);
    }

    /** Returns a reduction's gradient with its axes back in place, with size 1. */
    private static Node aligned(Node g, Node x, int... axes) {
        Shape s = x.shape();
        return g.reshape(s.collapse(s.axes("sum", axes)));
    }

    private static Node shared(Op.Call c, Node gy, int... axes) {
        Node hit = c.x(0).eq(aligned(c.y(), c.x(0), axes));
        return hit.div(hit.sumKeepDims(axes)).mul(aligned(gy, c.x(0), axes));
    }

    private double count(String op, int... axes) {
        Shape s = self().shape();
        double n = 1;
        for (int a : self().axes(op, axes)) {
            n *= s.dim(a);
        }
        return n;
    }

    private Node self() {
        return (Node) this;
    }
}
