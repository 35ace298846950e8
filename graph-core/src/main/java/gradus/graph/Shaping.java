package gradus.graph;

import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Changes of shape, order of axes and number type; {@link Slicing} has slices and concatenation. */
public sealed interface Shaping permits Node {
    /** {@code y = x} in another shape. */
    record Reshape(Shape shape) implements Op {
        @Override
        public String name() {
            return "reshape";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].reshape(shape);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.reshape(c.x(0).shape())};
        }
    }

    /** Returns the same elements in another shape. PyTorch's {@code reshape}. */
    default Node reshape(Shape shape) {
        Objects.requireNonNull(shape, "reshape: shape is null");
        return self().shape().equals(shape) ? self() : Node.of(new Reshape(shape), self());
    }

    /** Returns the same elements in another shape; one size may be -1, which is inferred from the others. */
    default Node reshape(int... dims) {
        try {
            return Node.of(new Reshape(self().shape().reshaped(dims)), self());
        } catch (OperandMismatch e) {
            throw e.naming(self().label());
        }
    }

    /** {@code y = x} with its axes in another order; the gradient is permuted back. */
    record Permute(Ints order) implements Op {
        @Override
        public String name() {
            return "permute";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].permute(order.toArray());
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            int[] back = new int[order.size()];
            for (int i = 0; i < back.length; i++) {
                back[order.get(i)] = i;
            }
            return new Node[] {gy.permute(back)};
        }
    }

    /**
     * Returns the tensor with its axes in another order: axis i of the result is axis {@code order[i]} of this. PyTorch's
     * {@code permute}.
     *
     * @throws OperandMismatch if the order does not name each axis once
     */
    default Node permute(int... order) {
        int rank = self().shape().rank();
        if (order.length != rank) {
            String why = Arrays.toString(order) + " does not name each of " + rank + " axes";
            throw new OperandMismatch("permute", why, self().label());
        }
        if (rank > 0) {
            self().axes("permute", order); // an axis is out of range or given twice
        }
        int[] resolved = Arrays.stream(order).map(a -> a < 0 ? a + rank : a).toArray();
        return Node.of(new Permute(Ints.of(resolved)), self());
    }

    /** {@code y = x} with two axes exchanged, and so is the gradient. */
    record Transpose(int axis1, int axis2) implements Op {
        @Override
        public String name() {
            return "transpose";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].transpose(axis1, axis2);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.transpose(axis1, axis2)};
        }
    }

    /** Returns the transpose of a matrix, or of each matrix of a batch. PyTorch's {@code transpose}. */
    default Node transpose() {
        if (self().shape().rank() < 2) {
            throw new OperandMismatch("transpose", "it exchanges the last two axes, so it needs two", self().label());
        }
        return transpose(-2, -1);
    }

    /** Returns the tensor with two axes exchanged. */
    default Node transpose(int axis1, int axis2) {
        int a = self().axes("transpose", axis1)[0];
        int b = self().axes("transpose", axis2)[0];
        return Node.of(new Transpose(Math.min(a, b), Math.max(a, b)), self());
    }

    /** {@code y = x} broadcast to a shape; {@link Backprop} sums the gradient, as for any broadcast. */
    record ExpandTo(Shape shape) implements Op {
        @Override
        public String name() {
            return "expandTo";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].expandTo(shape);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy};
        }
    }

    /**
     * Returns the tensor broadcast to the target shape, along axes of size 1 and new leading axes. PyTorch's
     * {@code expand}.
     */
    default Node expandTo(Shape target) {
        Objects.requireNonNull(target, "expandTo: target is null");
        return self().shape().equals(target) ? self() : Node.of(new ExpandTo(target), self());
    }

    /** {@code y = x} summed to a shape that broadcasts to that of x; the gradient is broadcast. */
    record SumTo(Shape shape) implements Op {
        @Override
        public String name() {
            return "sumTo";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].sumTo(shape);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.expandTo(c.x(0).shape())};
        }
    }

    /** Returns the sum over the axes along which the target shape was broadcast. PyTorch's {@code sum_to_size}. */
    default Node sumTo(Shape target) {
        Objects.requireNonNull(target, "sumTo: target is null");
        return self().shape().equals(target) ? self() : Node.of(new SumTo(target), self());
    }

    /** {@code y = x} in another number type; the gradient is converted back. */
    record To(DType dtype) implements Op {
        @Override
        public String name() {
            return "to";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].to(dtype);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.to(c.x(0).dtype())};
        }
    }

    /** Returns this node with another number type. PyTorch's {@code to}. */
    default Node to(DType dtype) {
        Objects.requireNonNull(dtype, "to: dtype is null");
        return self().dtype() == dtype ? self() : Node.of(new To(dtype), self());
    }

    /** Returns the elements as a vector. PyTorch's {@code flatten}. */
    default Node flatten() {
        return reshape(-1);
    }

    /**
     * Returns the tensor with the axes from first to last merged into one: {@code flatten(1, -1)} keeps a batch axis.
     *
     * @throws OperandMismatch if the first comes after the last
     */
    default Node flatten(int first, int last) {
        Shape s = self().shape();
        int from = self().axes("flatten", first)[0];
        int to = self().axes("flatten", last)[0];
        if (from > to) {
            throw new OperandMismatch("flatten", "axis " + first + " comes after axis " + last, self().label());
        }
        int size = 1;
        for (int i = from; i <= to; i++) {
            size *= s.dim(i);
        }
        int[] dims = Arrays.copyOf(s.dims(), s.rank() - (to - from));
        dims[from] = size;
        System.arraycopy(s.dims(), to + 1, dims, from + 1, s.rank() - to - 1);
        return reshape(Shape.of(dims));
    }

    /**
     * Returns the tensor with an axis moved to another position; the others keep their order. PyTorch's {@code movedim}.
     */
    default Node moveAxis(int from, int to) {
        int a = self().axes("moveAxis", from)[0];
        int b = self().axes("moveAxis", to)[0];
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < self().shape().rank(); i++) {
            order.add(i);
        }
        order.add(b, order.remove(a));
        return permute(order.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Returns the tensor without the axis if its size is 1, else the tensor itself. PyTorch's {@code squeeze}. */
    default Node squeeze(int axis) {
        Shape s = self().shape();
        int a = self().axes("squeeze", axis)[0];
        return s.dim(a) == 1 ? reshape(s.drop(a)) : self();
    }

    /** Returns the tensor without its axes of size 1. */
    default Node squeeze() {
        int[] wide = Arrays.stream(self().shape().dims()).filter(d -> d != 1).toArray();
        return reshape(Shape.of(wide));
    }

    /** Returns the tensor with a new axis of size 1 at the given position of the result. PyTorch's {@code unsqueeze}. */
    default Node unsqueeze(int axis) {
        int[] dims = self().shape().dims();
        if (axis < -dims.length - 1 || axis > dims.length) {
            String why = "there is no position " + axis + " for a new axis of a tensor of rank " + dims.length;
            throw new OperandMismatch("unsqueeze", why, self().label());
        }
        int a = Math.floorMod(axis, dims.length + 1);
        int[] wide = Arrays.copyOf(dims, dims.length + 1);
        System.arraycopy(dims, a, wide, a + 1, dims.length - a);
        wide[a] = 1;
        return reshape(Shape.of(wide));
    }

    private Node self() {
        return (Node) this;
    }
}
