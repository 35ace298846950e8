package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiFunction;

/** Loops over an axis of a node, as functions. */
public final class Control {
    private Control() {}

    /**
     * The results of one step of a {@link #scan}.
     *
     * @param carry what the next step gets, of the shape of what this one got
     * @param output what is collected, of the same shape in each step
     */
    public record Step(Node carry, Node output) {
        public Step {
            Objects.requireNonNull(carry, "scan: the carry of a step is null");
            Objects.requireNonNull(output, "scan: the output of a step is null");
        }
    }

    /**
     * The results of a {@link #scan}.
     *
     * @param carry that of the last step
     * @param outputs those of all steps, {@code [n, ..]}
     */
    public record Scan(Node carry, Node outputs) {}

    /**
     * Returns what a function computes when it is called on the elements of the first axis in turn, and each call gets the carry of
     * the one before: {@code [..], [n, ..] -> [..], [n, ..]}. Every step stays in the graph. JAX's {@code lax.scan}.
     *
     * @param f a step: from the carry and {@code xs[i]} to the next carry and an output; it may use other nodes
     * @param init the first carry
     * @param xs what the steps get, with one step or more
     * @throws OperandMismatch if xs is a scalar or empty, or a carry or output has another shape than the one before
     */
    public static Scan scan(BiFunction<Node, Node, Step> f, Node init, Node xs) {
        requireArguments(f, init, xs);
        return segment(f, init, xs);
    }

    /**
     * Returns {@link #scan} of the same values and gradients, whose graph holds the carry of every k-th step only: the steps between are
     * computed again in the backward pass. With {@code k = sqrt(n)} it holds least.
     *
     * @param k the number of steps that are computed again at a time
     * @throws OperandMismatch if xs is a scalar or empty, a carry or output has another shape than the one before, or carry and output
     *     have different number types
     */
    public static Scan scan(BiFunction<Node, Node, Step> f, Node init, Node xs, int k) {
        requireArguments(f, init, xs);
        if (k < 1) {
            throw new IllegalArgumentException(
                    "scan: a checkpoint after every " + k + " steps; there must be one at least");
        }
        int n = xs.shape().dim(0);
        Node[] outputs = new Node[(n + k - 1) / k];
        Node carry = init;
        for (int i = 0; i < outputs.length; i++) {
            Node part = xs.slice(0, i * k, Math.min(n, (i + 1) * k));
            Shape[] shape = new Shape[1]; // of the outputs, known after the first call
            Node all = Derivatives.checkpoints(in -> {
                        Scan scan = segment(f, in[0], in[1]);
                        shape[0] = scan.outputs.shape();
                        if (scan.outputs.dtype() != scan.carry.dtype()) {
                            throw new OperandMismatch(
                                    "scan",
                                    "with checkpoints the carry and the output of a step must have one number type",
                                    scan.carry.label() + " " + scan.carry.dtype(),
                                    scan.outputs.label() + " " + scan.outputs.dtype());
                        }
                        return Node.concat(0, scan.carry.flatten(), scan.outputs.flatten());
                    })
                    .apply(new Node[] {carry, part});
            int size = init.shape().size();
            carry = all.slice(0, 0, size).reshape(init.shape());
            outputs[i] = all.slice(0, size, all.shape().size()).reshape(shape[0]);
        }
        requireSame("output", Arrays.stream(outputs).map(o -> o.select(0, 0)).toArray(Node[]::new));
        return new Scan(carry, Node.concat(0, outputs));
    }

    private static Scan segment(BiFunction<Node, Node, Step> f, Node init, Node xs) {
        Node[] outputs = new Node[xs.shape().dim(0)];
        Node carry = init;
        for (int i = 0; i < outputs.length; i++) {
            Step step = Objects.requireNonNull(f.apply(carry, xs.select(0, i)), "scan: f returned null");
            requireSame("carry", carry, step.carry);
            carry = step.carry;
            outputs[i] = step.output;
        }
        requireSame("output", outputs);
        return new Scan(carry, Node.stack(0, outputs));
    }

    private static void requireSame(String what, Node... nodes) {
        for (Node n : nodes) {
            if (!n.shape().equals(nodes[0].shape()) || n.dtype() != nodes[0].dtype()) {
                throw new OperandMismatch(
                        "scan",
                        "the " + what + " of a step must keep its shape and number type",
                        nodes[0].label() + " " + nodes[0].dtype(),
                        n.label() + " " + n.dtype());
            }
        }
    }

    private static void requireArguments(BiFunction<Node, Node, Step> f, Node init, Node xs) {
        Objects.requireNonNull(f, "scan: f is null");
        Objects.requireNonNull(init, "scan: init is null");
        Objects.requireNonNull(xs, "scan: xs is null");
        if (xs.shape().rank() == 0 || xs.shape().dim(0) == 0) {
            throw new OperandMismatch("scan", "it takes [n, ..] with n from 1 up", xs.label());
        }
    }
}
