package gradus.graph;

import gradus.array.Ints;
import gradus.array.Shape;
import gradus.array.Tensor;

/** Cumulative functions along an axis: element i of the result depends on elements 0 to i. */
public sealed interface Scans permits Node {
    /** {@code y[i] = x[0] + .. + x[i]} along an axis, or from the end; the gradient is accumulated from the other end. */
    record Cumsum(int axis, boolean reverse) implements Op {
        @Override
        public String name() {
            return "cumsum";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].cumsum(axis, reverse);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new Cumsum(axis, !reverse), gy)};
        }
    }

    /** Returns the cumulative sum along an axis. PyTorch's {@code cumsum}. */
    default Node cumsum(int axis) {
        return Node.of(new Cumsum(self().axes("cumsum", axis)[0], false), self());
    }

    /**
     * Returns the cumulative product along an axis. It is a parallel scan: each element is multiplied by the one 1, 2, 4,
     * .. before it, so derivatives of any order are right where factors are 0. Hillis and Steele 1986. PyTorch's
     * {@code cumprod}.
     */
    default Node cumprod(int axis) {
        int a = self().axes("cumprod", axis)[0];
        Shape s = self().shape();
        Node y = self();
        for (int by = 1; by < s.dim(a); by *= 2) {
            Node ones = Node.constant(Tensor.ones(s.with(a, by), y.dtype()));
            y = y.mul(Node.concat(a, ones, y.slice(a, 0, s.dim(a) - by)));
        }
        return y;
    }

    /**
     * {@code values, indices}: the largest or the smallest element up to each along an axis, the last of equals, and its position
     * along it; the gradient of the values is scattered to these positions.
     */
    record CumulativeExtreme(boolean largest, int axis) implements Op.Multi {
        @Override
        public String name() {
            return largest ? "cummax" : "cummin";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Tensor indices = largest ? x[0].cumargmax(axis) : x[0].cumargmin(axis);
            Ints positions = FlatIndices.along(name(), Node.constant(x[0]), axis, indices);
            saved.set(positions);
            return new Tensor[] {x[0].takeBlocks(indices.shape(), 1, positions), indices};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            return new Node[] {Node.of(new Indexing.Put(c.x(0).shape(), 1, c.saved(Ints.class)), gy[0])};
        }

        @Override
        public boolean isDifferentiable(int output) {
            return output == 0;
        }

        @Override
        public String outputName(int output) {
            return output == 0 ? "values" : "indices";
        }
    }

    /**
     * Returns the largest element up to each along an axis, and its index: the last of equals, and NaN is the largest. The
     * gradient of a value goes to the element at its index. PyTorch's {@code cummax}.
     */
    default ValuesAndIndices cummax(int axis) {
        return ValuesAndIndices.of(new CumulativeExtreme(true, self().axes("cummax", axis)[0]), self());
    }

    /**
     * Returns the smallest element up to each along an axis, and its index: the last of equals, and NaN is the smallest. The
     * gradient of a value goes to the element at its index. PyTorch's {@code cummin}.
     */
    default ValuesAndIndices cummin(int axis) {
        return ValuesAndIndices.of(new CumulativeExtreme(false, self().axes("cummin", axis)[0]), self());
    }

    /**
     * {@code y[i] = ln(e^x[0] + .. + e^x[i])} along an axis. The gradient is {@code gx[j] = e^(x[j] - y[j]) h[j]}, {@code h[j] =
     * gy[j] + e^(y[j] - y[j + 1]) h[j + 1]}, where no exponential is larger than 1.
     */
    record LogCumSumExp(int axis) implements Op {
        @Override
        public String name() {
            return "logCumSumExp";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].logCumSumExp(axis);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node x = c.x(0);
            Node y = c.y();
            int d = x.shape().dim(axis);
            if (d == 0) {
                return new Node[] {gy};
            }
            Node here = y.slice(axis, 0, d - 1);
            Node next = y.slice(axis, 1, d);
            Node equal = here.isInfinite().and(here.eq(next)); // their difference is NaN
            Node factors = here.sub(next).maskedFill(equal, 0).exp().pad(axis, 0, 1);
            Node share = x.sub(y)
                    .maskedFill(x.eq(Double.NEGATIVE_INFINITY), Double.NEGATIVE_INFINITY)
                    .exp();
            return new Node[] {share.mul(Node.of(new LinearRecurrence(axis, true), gy, factors))};
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {axis};
        }
    }

    /**
     * Returns {@code ln(e^x[0] + .. + e^x[i])} for each i along an axis, without overflow; -inf where all elements up to it are.
     * PyTorch's {@code logcumsumexp}.
     */
    default Node logCumSumExp(int axis) {
        return Node.of(new LogCumSumExp(self().axes("logCumSumExp", axis)[0]), self());
    }

    /**
     * {@code y[i] = a[i] y[i - 1] + x[i]} along an axis, or {@code y[i] = a[i] y[i + 1] + x[i]} from the end; inputs x, a. The
     * gradient is the recurrence in the other direction: {@code gx[i] = a[i + 1] gx[i + 1] + gy[i]}, {@code ga[i] = gx[i] y[i - 1]}.
     */
    record LinearRecurrence(int axis, boolean reverse) implements Op {
        @Override
        public String name() {
            return "linearRecurrence";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].linearRecurrence(x[1], axis, reverse);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = Node.of(new LinearRecurrence(axis, !reverse), gy, shifted(c.x(1), reverse));
            return new Node[] {gx, c.needs(1) ? gx.mul(shifted(c.y(), !reverse)) : null};
        }

        /** Returns the element before each along the axis, or after each, and 0 where there is none. */
        private Node shifted(Node x, boolean fromBefore) {
            int d = x.shape().dim(axis);
            return fromBefore
                    ? x.slice(axis, 0, d - 1).pad(axis, 1, 0)
                    : x.slice(axis, 1, d).pad(axis, 0, 1);
        }
    }

    private Node self() {
        return (Node) this;
    }
}
