package gradus.graph;

import gradus.array.BinaryFunction;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * A differentiable function of tensors: how to compute it, and the rule that turns the gradient of its output into
 * those of its inputs. The rule is written in nodes, so that the gradient of a gradient needs nothing more.
 *
 * <p>An op holds no state of a call. One with parameters, an axis say, is a small record. Use one through
 * {@link Node#of}.
 *
 * <p>Names in rules: x in, y out, gx and gy the gradients of a scalar with respect to them, of the same shapes.
 * Broadcasting of an input is no business of a rule: what comes back too large is summed to the input's shape.
 */
public interface Op {
    /** Returns the name that errors and drawings show, in camelCase. */
    String name();

    /** Computes the output. The inputs must not be changed; they throw if they do not fit. */
    Tensor forward(Tensor... x);

    /**
     * Returns the gradient of each input, given that of the output. An input that can have none, such as an index or a
     * mask, has {@code null}; so may one that {@link Call#needs} says is not asked for.
     */
    Node[] backward(Call c, Node gy);

    /**
     * Returns the bounds of the intervals, low then high in pairs, in which this op is smooth and well conditioned for
     * every input: where checks sample.
     */
    default double[] smoothOn() {
        return new double[] {-2, 2};
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
        return new Formula(name, x -> x.map(f), true, rule);
    }

    /** Returns an op that applies to every element a function that has a loop of its own. */
    static Formula elementwise(String name, UnaryFunction f, Rule rule) {
        return new Formula(name, x -> x.map(f), true, rule);
    }

    /** Returns an op of one tensor. */
    static Formula unary(String name, UnaryOperator<Tensor> f, Rule rule) {
        return new Formula(name, f, false, rule);
    }

    /** Returns an op that applies a function to every pair of elements, broadcast, with a rule for each side. */
    static Formula elementwise(String name, DoubleBinaryOperator f, Rule left, Rule right) {
        return new Formula(name, (a, b) -> a.zip(name, b, f), true, left, right);
    }

    /** Returns an op that applies to every pair of elements, broadcast, a function that has a loop of its own. */
    static Formula elementwise(String name, BinaryFunction f, Rule left, Rule right) {
        return new Formula(name, (a, b) -> a.zip(name, b, f), true, left, right);
    }

    /** Returns an op of two tensors, with a rule for each. */
    static Formula binary(String name, BinaryOperator<Tensor> f, Rule left, Rule right) {
        return new Formula(name, f, false, left, right);
    }

    /** What a rule may know of the call it differentiates: its inputs and its output. */
    final class Call {
        private final Node node;
        private final Backprop run;

        Call(Node node, Backprop run) {
            this.node = node;
            this.run = run;
        }

        /** Returns an input. Unless gradients are to be differentiated again, it is detached, so nothing is recorded. */
        public Node x(int i) {
            return run.graph ? node.input(i) : node.input(i).bare();
        }

        /** Returns the output, detached under the same rule. */
        public Node y() {
            return run.graph ? node : node.bare();
        }

        /** Returns the number of inputs. */
        public int inputs() {
            return node.inputCount();
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

        /** Returns whether anything depends on the gradient of an input; a rule may spare itself the others. */
        public boolean needs(int i) {
            return run.needs(node.input(i));
        }
    }
}
