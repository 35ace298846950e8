package gradus.testing;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck;
import gradus.graph.check.GradientMismatch;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Assertions that check the gradients of a function in one line, in any test framework:
 *
 * <pre>{@code assertGradients(in -> in[0].matmul(in[1]).softmax(-1), a, b);}</pre>
 *
 * <p>Each method throws an {@link AssertionError} with the report of {@link GradientCheck}, whose defaults apply.
 * Use that class for other tolerances, another seed, FLOAT32, or a report instead of an error.
 */
public final class GradientAssertions {
    private GradientAssertions() {}

    /**
     * Checks the gradient of a function, with respect to all its inputs, at a point.
     *
     * @param at one tensor per input
     * @throws GradientMismatch if rules and numeric derivatives differ, or cannot be compared
     */
    public static void assertGradients(Function<Node[], Node> f, Tensor... at) {
        assertGradients(1, f, at);
    }

    /**
     * Checks all derivatives of a function up to an order, at a point.
     *
     * @param order 1 or more
     * @param at one tensor per input
     * @throws GradientMismatch if rules and numeric derivatives differ, or cannot be compared
     */
    public static void assertGradients(int order, Function<Node[], Node> f, Tensor... at) {
        GradientCheck.of(f).at(at).order(order).verify();
    }

    /**
     * Checks the rule of an op at a point.
     *
     * @param at one tensor per input
     * @throws AssertionError if rule and numeric derivatives differ, or cannot be compared; it names the op, and its cause is a
     *     {@link GradientMismatch}
     */
    public static void assertGradients(Op op, Tensor... at) {
        assertGradients(1, op, at);
    }

    /**
     * Checks the rule of an op, and the derivatives of the rule up to an order, at a point.
     *
     * @param order 1 or more
     * @param at one tensor per input
     * @throws AssertionError if rule and numeric derivatives differ, or cannot be compared; it names the op, and its cause is a
     *     {@link GradientMismatch}
     */
    public static void assertGradients(int order, Op op, Tensor... at) {
        Objects.requireNonNull(op, "assertGradients: op is null");
        try {
            assertGradients(order, in -> Node.of(op, in), at);
        } catch (GradientMismatch e) {
            throw new AssertionError(op.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks the gradient of a model's loss with respect to its parameters, at their current values, which are
     * restored afterwards.
     *
     * @param parameters by path, as {@code model.parameters()} has them
     * @param loss computes the loss again at each call
     * @throws GradientMismatch if rules and numeric derivatives differ, or cannot be compared; it names the parameter
     */
    public static void assertGradients(Map<String, Node> parameters, Supplier<Node> loss) {
        assertGradients(1, parameters, loss);
    }

    /**
     * Checks all derivatives of a model's loss up to an order, at the current values of its parameters.
     *
     * @param order 1 or more
     * @param parameters by path, as {@code model.parameters()} has them
     * @param loss computes the loss again at each call
     * @throws GradientMismatch if rules and numeric derivatives differ, or cannot be compared; it names the parameter
     */
    public static void assertGradients(int order, Map<String, Node> parameters, Supplier<Node> loss) {
        GradientCheck.of(parameters, loss).order(order).verify();
    }
}
