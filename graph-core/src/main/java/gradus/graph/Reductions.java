package gradus.graph;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Reductions over the given axes or, if none is given, over all; {@link Scans} has the cumulative ones. The reduced axes are
 * dropped; the {@code KeepDims} form keeps them with size 1, so that the result broadcasts against the input.
 */
public sealed interface Reductions permits Node {
    /** {@code y = sum of x} over axes; the gradient is repeated along them. */
    record Sum(boolean keepDims, Ints axes) implements Op {
        @Override
        public String name() {
            return "sum";
        }

        @Override
        public Tensor forward(Tensor... x) {
            int[] a = axes.toArray();
            return keepDims ? x[0].sumKeepDims(a) : x[0].sum(a);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {withAxes(gy, c.x(0), axes.toArray()).expandTo(c.x(0).shape())};
        }
    }

    /** Returns the sum over the axes. PyTorch's {@code sum}. */
    default Node sum(int... axes) {
        return Node.of(new Sum(false, resolved("sum", axes)), self());
    }

    /** Returns the sum over the axes, which are kept with size 1. PyTorch's {@code sum(keepdim=True)}. */
    default Node sumKeepDims(int... axes) {
        return Node.of(new Sum(true, resolved("sum", axes)), self());
    }

    /** Returns the mean over the axes. PyTorch's {@code mean}. */
    default Node mean(int... axes) {
        return sum(axes).div(count("mean", axes));
    }

    /** Returns the mean over the axes, which are kept with size 1. PyTorch's {@code mean(keepdim=True)}. */
    default Node meanKeepDims(int... axes) {
        return sumKeepDims(axes).div(count("mean", axes));
    }

    /** {@code y = max of x} over axes; the gradient is split evenly among equal maxima, as in PyTorch's amax. */
    record Max(boolean keepDims, Ints axes) implements Op {
        @Override
        public String name() {
            return "max";
        }

        @Override
        public Tensor forward(Tensor... x) {
            int[] a = axes.toArray();
            return keepDims ? x[0].maxKeepDims(a) : x[0].max(a);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {splitEvenly(c, gy, axes.toArray())};
        }

        @Override
        public int[] combinedAxes() {
            return axes.toArray();
        }
    }

    /** Returns the maximum over the axes. PyTorch's {@code amax}. */
    default Node max(int... axes) {
        return Node.of(new Max(false, resolved("max", axes)), self());
    }

    /** Returns the maximum over the axes, which are kept with size 1. PyTorch's {@code amax(keepdim=True)}. */
    default Node maxKeepDims(int... axes) {
        return Node.of(new Max(true, resolved("max", axes)), self());
    }

    /** {@code y = min of x} over axes; the gradient is split evenly among equal minima, as in PyTorch's amin. */
    record Min(boolean keepDims, Ints axes) implements Op {
        @Override
        public String name() {
            return "min";
        }

        @Override
        public Tensor forward(Tensor... x) {
            int[] a = axes.toArray();
            return keepDims ? x[0].minKeepDims(a) : x[0].min(a);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {splitEvenly(c, gy, axes.toArray())};
        }

        @Override
        public int[] combinedAxes() {
            return axes.toArray();
        }
    }

    /** Returns the minimum over the axes. PyTorch's {@code amin}. */
    default Node min(int... axes) {
        return Node.of(new Min(false, resolved("min", axes)), self());
    }

    /** Returns the minimum over the axes, which are kept with size 1. PyTorch's {@code amin(keepdim=True)}. */
    default Node minKeepDims(int... axes) {
        return Node.of(new Min(true, resolved("min", axes)), self());
    }

    /** {@code y = ln(sum(e^x))} along one axis, which is dropped; {@code gx = gy softmax(x)}. */
    record LogSumExp(int axis) implements Op {
        @Override
        public String name() {
            return "logSumExp";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].logSumExp(axis);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node x = c.x(0);
            return new Node[] {Node.of(new FusedGradients.LogSumExp(axis), x, withAxes(gy, x, axis))};
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {axis};
        }
    }

    /** Returns {@code ln(sum(e^x))} over the axes, without overflow. PyTorch's {@code logsumexp}. */
    default Node logSumExp(int... axes) {
        Node y = self();
        int[] from = over("logSumExp", axes);
        for (int i = from.length - 1; i >= 0; i--) { // from the last, so that the earlier ones keep their number
            y = Node.of(new LogSumExp(from[i]), y);
        }
        return y;
    }

    /**
     * Returns {@code ln(sum(e^x))} over the axes, which are kept with size 1. PyTorch's {@code logsumexp(keepdim=True)}.
     */
    default Node logSumExpKeepDims(int... axes) {
        return logSumExp(axes).reshape(keptShape("logSumExp", axes));
    }

    /**
     * Returns the product over the axes. It multiplies halves pairwise, so derivatives of any order are right where
     * factors are 0, which dividing the product by a factor would not give. PyTorch's {@code prod}.
     */
    default Node prod(int... axes) {
        Node y = rows("prod", axes);
        int n = y.shape().dim(1);
        if (n == 0) {
            return Node.constant(Tensor.ones(droppedShape("prod", axes), y.dtype()));
        }
        while (n > 1) {
            int half = n / 2;
            Node paired = y.slice(1, 0, half).mul(y.slice(1, half, 2 * half));
            y = n % 2 == 0 ? paired : Node.concat(1, paired, y.slice(1, n - 1, n));
            n -= half;
        }
        return y.reshape(droppedShape("prod", axes));
    }

    /** Returns the product over the axes, which are kept with size 1. PyTorch's {@code prod(keepdim=True)}. */
    default Node prodKeepDims(int... axes) {
        return prod(axes).reshape(keptShape("prod", axes));
    }

    /** Returns the sample variance over the axes, {@code sum((x - mean)^2) / (n - 1)}, as PyTorch's {@code var}. */
    default Node var(int... axes) {
        return variance("var", 1, false, axes);
    }

    /**
     * Returns the sample variance, {@link #var}, over the axes, which are kept with size 1. PyTorch's
     * {@code var(keepdim=True)}.
     */
    default Node varKeepDims(int... axes) {
        return variance("var", 1, true, axes);
    }

    /**
     * Returns the population variance over the axes, {@code sum((x - mean)^2) / n}; PyTorch's var with correction 0.
     * PyTorch's {@code var(unbiased=False)}.
     */
    default Node populationVar(int... axes) {
        return variance("populationVar", 0, false, axes);
    }

    /**
     * Returns the population variance, {@link #populationVar}, over the axes, which are kept with size 1. PyTorch's
     * {@code var(unbiased=False, keepdim=True)}.
     */
    default Node populationVarKeepDims(int... axes) {
        return variance("populationVar", 0, true, axes);
    }

    /**
     * Returns the sample standard deviation, the square root of {@link #var}; where it is 0 its gradient is 0, as in
     * PyTorch. PyTorch's {@code std}.
     */
    default Node std(int... axes) {
        return root(variance("std", 1, false, axes));
    }

    /**
     * Returns the sample standard deviation, {@link #std}, over the axes, which are kept with size 1. PyTorch's
     * {@code std(keepdim=True)}.
     */
    default Node stdKeepDims(int... axes) {
        return root(variance("std", 1, true, axes));
    }

    /**
     * Returns the population standard deviation, the square root of {@link #populationVar}; where it is 0 its gradient is
     * 0. PyTorch's {@code std(unbiased=False)}.
     */
    default Node populationStd(int... axes) {
        return root(variance("populationStd", 0, false, axes));
    }

    /**
     * Returns the population standard deviation, {@link #populationStd}, over the axes, which are kept with size 1.
     * PyTorch's {@code std(unbiased=False, keepdim=True)}.
     */
    default Node populationStdKeepDims(int... axes) {
        return root(variance("populationStd", 0, true, axes));
    }

    /**
     * Returns the Euclidean norm over the axes, {@code sqrt(sum(x^2))}. Where it is 0, its gradient and all higher
     * derivatives are 0, also those of its square; use {@code square().sum()} where second derivatives at 0 matter.
     * PyTorch's {@code linalg.vector_norm}.
     */
    default Node norm(int... axes) {
        return root(self().square().sum(over("norm", axes)));
    }

    /**
     * Returns the Euclidean norm over the axes, which are kept with size 1. PyTorch's
     * {@code linalg.vector_norm(keepdim=True)}.
     */
    default Node normKeepDims(int... axes) {
        return root(self().square().sumKeepDims(over("norm", axes)));
    }

    /**
     * Returns the p-norm over the axes, {@code sum(|x|^p)^(1/p)}; for infinite p the maximum of |x|, for p = 0 the number
     * of elements that are not 0. Where it is 0 its gradient is 0. PyTorch's {@code linalg.vector_norm}.
     *
     * @throws IllegalArgumentException if p is negative or NaN
     */
    default Node pNorm(double p, int... axes) {
        if (!(p >= 0)) {
            throw new IllegalArgumentException("pNorm: " + p + " is not 0 or more");
        }
        int[] over = over("pNorm", axes);
        if (p == 0) {
            return self().ne(0).sum(over);
        }
        if (p == 1 || Double.isInfinite(p)) {
            return p == 1 ? self().abs().sum(over) : self().abs().max(over);
        }
        if (p == 2) {
            return norm(over);
        }
        Node a = self().abs();
        Node s = a.add(a.eq(0)).pow(p).maskedBy(a).sum(over); // at 0 the derivative of a^p is infinite for p < 1
        return s.add(s.eq(0)).pow(1 / p).maskedBy(s);
    }

    /**
     * Returns {@link #pNorm} over the axes, which are kept with size 1. PyTorch's
     * {@code linalg.vector_norm(keepdim=True)}.
     */
    default Node pNormKeepDims(double p, int... axes) {
        return pNorm(p, axes).reshape(keptShape("pNorm", axes));
    }

    /**
     * Returns the q-quantile over the axes: element {@code q (n - 1)} of the n elements in ascending order, counted from 0, by
     * linear interpolation between its two neighbours; NaN if an element is. Their gradients have the weights of the interpolation.
     * PyTorch's and NumPy's {@code quantile}.
     *
     * @throws IllegalArgumentException if q is not from 0 to 1
     * @throws OperandMismatch if there is no element
     */
    default Node quantile(double q, int... axes) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("quantile: q = " + q + " is not from 0 to 1");
        }
        Node rows = rows("quantile", axes);
        int n = rows.shape().dim(1);
        if (n == 0) {
            throw new OperandMismatch("quantile", "there is no element", self().label());
        }
        Node sorted = rows.sort(1).values();
        double at = q * (n - 1);
        int below = (int) at;
        Node y = sorted.select(1, below);
        if (at > below) {
            y = y.lerp(sorted.select(1, below + 1), at - below);
        }
        Node last = sorted.select(1, n - 1);
        Node result = last.hasNaN() ? last.where(last.isNaN(), y) : y; // NaN is sorted last
        return result.reshape(droppedShape("quantile", axes));
    }

    /** Returns {@link #quantile} over the axes, which are kept with size 1. PyTorch's {@code quantile(keepdim=True)}. */
    default Node quantileKeepDims(double q, int... axes) {
        return quantile(q, axes).reshape(keptShape("quantile", axes));
    }

    /** Returns 1 where any element over the axes is not 0, else 0; it has no gradient. PyTorch's {@code any}. */
    default Node any(int... axes) {
        return self().ne(0).sum(over("any", axes)).gt(0);
    }

    /** Returns {@link #any} over the axes, which are kept with size 1. PyTorch's {@code any(keepdim=True)}. */
    default Node anyKeepDims(int... axes) {
        return self().ne(0).sumKeepDims(over("any", axes)).gt(0);
    }

    /** Returns 1 where no element over the axes is 0, else 0; it has no gradient. PyTorch's {@code all}. */
    default Node all(int... axes) {
        return self().eq(0).sum(over("all", axes)).eq(0);
    }

    /** Returns {@link #all} over the axes, which are kept with size 1. PyTorch's {@code all(keepdim=True)}. */
    default Node allKeepDims(int... axes) {
        return self().eq(0).sumKeepDims(over("all", axes)).eq(0);
    }

    /** Returns the square root of a sum of squares, 0 with gradient 0 where the sum is 0. */
    private static Node root(Node s) {
        return s.add(s.eq(0)).sqrt().maskedBy(s);
    }

    private Node variance(String op, int correction, boolean keep, int... axes) {
        int[] over = over(op, axes);
        Node y = self().sub(self().meanKeepDims(over)).square().sumKeepDims(over);
        y = y.div(Math.max(0, count(op, over) - correction));
        return keep ? y : y.reshape(droppedShape(op, over));
    }

    /** Returns the axes counted from 0; an error names this op and node. */
    private int[] over(String op, int... axes) {
        return self().axes(op, axes);
    }

    /** Returns a matrix whose rows are reduced: {@code [kept axes, reduced axes]}. */
    private Node rows(String op, int... axes) {
        int[] over = over(op, axes);
        Shape s = self().shape();
        int[] order = IntStream.concat(
                        IntStream.range(0, s.rank()).filter(i -> Arrays.binarySearch(over, i) < 0), IntStream.of(over))
                .toArray();
        int[] sizes = {s.drop(over).size(), (int) count(op, over)};
        return self().permute(order).reshape(Shape.of(sizes));
    }

    /** Returns the axes counted from 0, ascending, as an op holds them. */
    private Ints resolved(String op, int... axes) {
        return axes.length == 0 ? Ints.range(self().shape().rank()) : Ints.of(over(op, axes));
    }

    private Shape keptShape(String op, int... axes) {
        return self().shape().collapse(over(op, axes));
    }

    private Shape droppedShape(String op, int... axes) {
        return self().shape().drop(over(op, axes));
    }

    /** Returns a reduction's gradient with the reduced axes inserted again, with size 1. */
    private static Node withAxes(Node g, Node x, int... axes) {
        Shape s = x.shape();
        return g.reshape(axes.length == 0 ? s : s.collapse(axes));
    }

    private static Node splitEvenly(Op.Call c, Node gy, int... axes) {
        Node hit = c.x(0).eq(withAxes(c.y(), c.x(0), axes));
        Node g = withAxes(gy, c.x(0), axes).expandTo(c.x(0).shape());
        return hit.div(hit.sumKeepDims(axes)).mul(g);
    }

    private double count(String op, int... axes) {
        Shape s = self().shape();
        double n = 1;
        for (int a : over(op, axes)) {
            n *= s.dim(a);
        }
        return n;
    }

    private Node self() {
        return (Node) this;
    }
}
