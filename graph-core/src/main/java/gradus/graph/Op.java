package gradus.graph;

import gradus.array.BinaryFunction;
import gradus.array.Ints;
import gradus.array.RowSparse;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * A differentiable function of tensors: how to compute it, and the rule that turns the gradient of its output into those
 * of its inputs. The rule is written in nodes, so that gradients can be differentiated again. Apply an op with
 * {@link Node#of}.
 *
 * <p>An op is a value: a constant, or a record of its parameters, such as an axis. It holds no state of a call, so one op
 * serves any number of graphs and threads, and graphs can be compared by their ops. What {@code forward} computes and
 * {@code backward} needs again, such as the positions of maxima, belongs to the call: see {@link Saving}. An op with
 * several outputs is a {@link Multi}.
 *
 * <p>Names in rules: x is an input, y an output; gx and gy are the gradients of a scalar with respect to them and have
 * their shapes. A rule need not undo the broadcasting of an input: a gradient that has the output's shape is summed to the
 * input's. Nor need it care for 0 times infinity: see {@link #combinedAxes}.
 */
public interface Op {
    /** The {@link #combinedAxes} of an elementwise op: none. */
    int[] ELEMENTWISE = {};

    /** Returns the name that errors and drawings show, in camelCase. */
    String name();

    /**
     * Computes the output. The inputs must not be changed.
     *
     * @throws gradus.array.OperandMismatch if the inputs do not fit
     */
    Tensor forward(Tensor... x);

    /**
     * Returns the gradient of each input, given that of the output. An input that can have none, such as an index or a
     * mask, has {@code null}; so may one for which {@link Call#needs} is false.
     */
    Node[] backward(Call c, Node gy);

    /**
     * Returns the axes of the inputs along which the op combines elements, negative ones counted from the end:
     * {@link #ELEMENTWISE} if each output element depends on the input elements at its own position alone, {@code {axis}}
     * for a softmax or a maximum along an axis. {@code null}, the default, declares nothing, as for a matrix product.
     *
     * <p>Where no gradient arrives, at an element of an elementwise op or at all elements of a row that is combined, none
     * is passed on, even if the derivative is infinite or NaN there and the rule gives 0 times infinity, NaN: it becomes 0.
     * So {@code x.log().where(x.gt(0), 0)} has gradient 0 where x is 0.
     *
     * <p>An op whose rule never multiplies the gradient by what may be infinite or NaN, such as {@code add}, {@code sub} or
     * {@code where}, need not declare its axes: its rule turns no 0 into NaN, and to declare them costs a pass over each
     * gradient that is not the output's.
     */
    default int[] combinedAxes() {
        return null;
    }

    /**
     * Returns the bounds of the intervals, low then high in pairs, in which this op is smooth and well conditioned for
     * every input: where checks sample.
     */
    default double[] smoothOn() {
        return new double[] {-2, 2};
    }

    /**
     * An op whose {@code forward} saves a value for {@code backward}, which reads it with {@link Call#saved}:
     *
     * <pre>{@code
     * record MaxPool(int size) implements Op.Saving {
     *     public String name() { return "maxPool"; }
     *     public Tensor forward(Op.Saved saved, Tensor... x) {
     *         Maxima maxima = Maxima.of(x[0], size);
     *         saved.set(maxima.positions());
     *         return maxima.values();
     *     }
     *     public Node[] backward(Call c, Node gy) {
     *         return new Node[] {Node.of(new Unpool(c.saved(Positions.class)), gy)};
     *     }
     * }
     * }</pre>
     *
     * <p>The saved value belongs to the call: it is released with the graph, and at once if no graph is recorded. Each
     * recomputation by a checkpoint saves its own.
     *
     * <p>A saved value is a constant to the rule. If it depends on the inputs in a way that has a derivative, as a matrix
     * factorisation does, second derivatives would miss that: make it an output of a {@link Multi}, whose rule has it as a
     * node.
     */
    interface Saving extends Op {
        /** Computes the output, and saves what backward needs. The inputs must not be changed. */
        Tensor forward(Saved saved, Tensor... x);

        /** Computes the output alone. */
        @Override
        default Tensor forward(Tensor... x) {
            return forward(new Saved(), x);
        }
    }

    /** The place for the value that one call of {@code forward} saves. */
    final class Saved {
        private Object value;

        Saved() {}

        /** Saves a value, a record if there are several; it replaces one that was saved before. */
        public void set(Object newValue) {
            value = newValue;
        }

        Object value() {
            return value;
        }
    }

    /**
     * An op with several outputs, each a node with a gradient of its own. Apply it with {@link Node#outputs}.
     *
     * <pre>{@code
     * record SinCos() implements Op.Multi {
     *     public String name() { return "sinCos"; }
     *     public Tensor[] forward(Op.Saved saved, Tensor... x) { return new Tensor[] {sin(x[0]), cos(x[0])}; }
     *     public Node[] backward(Op.Call c, Node... gy) {
     *         Node fromSin = gy[0] == null ? null : gy[0].mul(c.y(1));
     *         Node fromCos = gy[1] == null ? null : gy[1].mul(c.y(0)).neg();
     *         return new Node[] {fromSin == null ? fromCos : fromCos == null ? fromSin : fromSin.add(fromCos)};
     *     }
     * }
     * }</pre>
     */
    interface Multi {
        /** Returns the name that errors and drawings show, in camelCase. */
        String name();

        /** Computes the outputs, and may save what backward needs. The inputs must not be changed. */
        Tensor[] forward(Saved saved, Tensor... x);

        /**
         * Returns the gradient of each input, given those of the outputs: {@code null} for an output that no gradient
         * arrived at, of which there is at least one that is not. It runs once for all outputs.
         */
        Node[] backward(Call c, Node... gy);

        /** Returns the axes along which the op combines elements; see {@link Op#combinedAxes}. */
        default int[] combinedAxes() {
            return null;
        }

        /** Returns whether an output has a gradient; one that has none, such as an index, is a constant. */
        default boolean isDifferentiable(int output) {
            return true;
        }

        /** Returns the name of an output, which errors and drawings show after the op's: its number by default. */
        default String outputName(int output) {
            return Integer.toString(output);
        }
    }

    /** One output of an op with several: the {@link Node#op} of each node that {@link Node#outputs} returns. */
    final class Output implements Op {
        private final Multi op;
        private final int index;

        Output(Multi op, int index) {
            this.op = op;
            this.index = index;
        }

        /** Returns the op that this is an output of. */
        public Multi op() {
            return op;
        }

        /** Returns the position of this output among those of the op, from 0. */
        public int index() {
            return index;
        }

        /** Returns the name of the op and of the output, as in {@code sort.values}. */
        @Override
        public String name() {
            return op.name() + "." + op.outputName(index);
        }

        @Override
        public Tensor forward(Tensor... x) {
            return op.forward(new Saved(), x)[index];
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            throw new IllegalStateException(name() + ": apply " + op.name() + " with Node.outputs");
        }

        @Override
        public int[] combinedAxes() {
            return op.combinedAxes();
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Output other && index == other.index && op.equals(other.op);
        }

        @Override
        public int hashCode() {
            return 31 * op.hashCode() + index;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** The gradient of one input: one formula. */
    @FunctionalInterface
    interface Rule {
        /** Returns gx given gy, or null if there is none. */
        Node backward(Call c, Node gy);
    }

    /** The rule of an input whose derivative is zero wherever there is one, as that of {@code sign}. */
    Rule ZERO = (c, gy) -> Node.constant(Tensor.zeros(gy.shape(), gy.dtype()));

    /** The rule of an input that can have no gradient, as a mask. */
    Rule NONE = (c, gy) -> null;

    /** Returns an op that applies a function to every element. */
    static Formula elementwise(String name, DoubleUnaryOperator f, Rule rule) {
        Objects.requireNonNull(f, "elementwise: f is null");
        return new Formula(name, x -> x.map(f), ELEMENTWISE, rule);
    }

    /** Returns an op that applies to every element a function that has a loop of its own. */
    static Formula elementwise(String name, UnaryFunction f, Rule rule) {
        Objects.requireNonNull(f, "elementwise: f is null");
        return new Formula(name, x -> x.map(f), ELEMENTWISE, rule);
    }

    /** Returns an op of one tensor. */
    static Formula unary(String name, UnaryOperator<Tensor> f, Rule rule) {
        return new Formula(name, Objects.requireNonNull(f, "unary: f is null"), null, rule);
    }

    /** Returns an op that applies a function to every pair of elements, broadcast, with a rule for each side. */
    static Formula elementwise(String name, DoubleBinaryOperator f, Rule left, Rule right) {
        Objects.requireNonNull(f, "elementwise: f is null");
        return new Formula(name, (a, b) -> a.zip(name, b, f), ELEMENTWISE, left, right);
    }

    /** Returns an op that applies to every pair of elements, broadcast, a function that has a loop of its own. */
    static Formula elementwise(String name, BinaryFunction f, Rule left, Rule right) {
        Objects.requireNonNull(f, "elementwise: f is null");
        return new Formula(name, (a, b) -> a.zip(name, b, f), ELEMENTWISE, left, right);
    }

    /** Returns an op of two tensors, with a rule for each. */
    static Formula binary(String name, BinaryOperator<Tensor> f, Rule left, Rule right) {
        return new Formula(name, Objects.requireNonNull(f, "binary: f is null"), null, left, right);
    }

    /** What a rule may read of the call that it differentiates: its inputs, its outputs, and what forward saved. */
    final class Call {
        private final Node node;
        private final Backprop run;

        Call(Node node, Backprop run) {
            this.node = node;
            this.run = run;
        }

        /** Returns an input. Unless gradients are to be differentiated again, it is detached, so nothing is recorded. */
        public Node x(int i) {
            return run.graph ? node.input(i) : node.input(i).borrowed();
        }

        /**
         * Returns the output, detached like an input.
         *
         * @throws IllegalStateException if the op has several
         */
        public Node y() {
            if (node.outputs() != null) {
                throw new IllegalStateException(node.op().name() + ": the op has " + node.outputs().length
                        + " outputs; call y(i) for one of them");
            }
            return run.graph ? node : node.borrowed();
        }

        /** Returns an output of an op with several, detached like an input. */
        public Node y(int i) {
            Node y = node.outputs() == null ? new Node[] {node}[i] : node.outputs()[i];
            return run.graph ? y : y.borrowed();
        }

        /**
         * Returns the value that forward saved.
         *
         * @throws IllegalStateException if it saved none, or one of another type
         */
        public <T> T saved(Class<T> type) {
            Object value = node.saved();
            if (!type.isInstance(value)) {
                throw new IllegalStateException(node.op().name() + ": forward saved "
                        + (value == null ? "nothing" : "a " + value.getClass().getSimpleName()) + ", not a "
                        + type.getSimpleName() + node.createdAt());
            }
            return type.cast(value);
        }

        /** Returns the number of inputs. */
        public int inputs() {
            return node.inputCount();
        }

        /**
         * Returns the gradient of an input that is zero outside some of its rows, the slices along axis 0: row i of the rows
         * {@code [k, ..]} is added at index i of the k indices, which may repeat. Its zeros are allocated only when its value
         * is read; an optimizer reads {@link Gradients#rowSparse} instead. If the rows are a graph, as those of
         * {@link Node#backwardGraph}, so is the gradient, and it is an ordinary one.
         *
         * <pre>{@code
         * record Lookup(Ints indices) implements Op {
         *     public String name() { return "lookup"; }
         *     public Tensor forward(Tensor... x) { return x[0].rows(indices.toArray()); }
         *     public Node[] backward(Call c, Node gy) { return new Node[] {c.rowGradient(0, indices, gy)}; }
         * }
         * }</pre>
         *
         * @throws gradus.array.OperandMismatch if the rows do not have the shape of k rows of the input, or an index is out
         *     of range
         */
        public Node rowGradient(int input, Ints indices, Node rows) {
            Objects.requireNonNull(rows, "rowGradient: rows is null");
            Shape s = node.input(input).shape();
            RowSparse gradient = RowSparse.of(s, indices, rows.borrowedValue());
            if (!rows.isTracked()) {
                return Node.constant(gradient);
            }
            int length = s.size() / Math.max(1, s.dim(0));
            int[] starts = Arrays.stream(indices.toArray()).map(i -> i * length).toArray();
            return Node.of(new Indexing.Put(s, length, Ints.of(starts)), rows);
        }

        /** Returns the input itself, not detached. */
        Node input(int i) {
            return node.input(i);
        }

        String createdAt() {
            return node.createdAt();
        }

        /** Returns whether gradients are to be differentiated again. */
        boolean graph() {
            return run.graph;
        }

        /** Returns whether anything depends on the gradient of an input; a rule need not compute the others. */
        public boolean needs(int i) {
            return run.needs(node.input(i));
        }

        @Override
        public String toString() {
            return node.op().name()
                    + Arrays.toString(node.inputs().stream().map(Node::label).toArray());
        }
    }
}
