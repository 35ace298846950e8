package gradus.graph;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** An op given by a function of one or two tensors and one rule per input; only the rules whose gradient is needed run. */
public final class Formula implements Op {
    private static final double[] EVERYWHERE = {-2, 2};

    private final String name;
    private final UnaryOperator<Tensor> unary;
    private final BinaryOperator<Tensor> binary;
    private final Rule[] rules;
    private final int[] combinedAxes;
    private final double[] smooth;

    /** An op of one tensor. */
    Formula(String name, UnaryOperator<Tensor> f, int[] combinedAxes, Rule rule) {
        this(name, f, null, combinedAxes, EVERYWHERE, rule);
    }

    /** An op of two. */
    Formula(String name, BinaryOperator<Tensor> f, int[] combinedAxes, Rule left, Rule right) {
        this(name, null, f, combinedAxes, EVERYWHERE, left, right);
    }

    private Formula(
            String name,
            UnaryOperator<Tensor> unary,
            BinaryOperator<Tensor> binary,
            int[] combinedAxes,
            double[] smooth,
            Rule... rules) {
        this.name = Objects.requireNonNull(name, "Op: name is null");
        for (Rule rule : rules) {
            Objects.requireNonNull(
                    rule, () -> name + ": a rule is null; Op.NONE is that of an input without a gradient");
        }
        this.unary = unary;
        this.binary = binary;
        this.rules = rules;
        this.combinedAxes = combinedAxes;
        this.smooth = smooth;
    }

    /**
     * Returns this op, with the intervals in which its inputs are sampled by checks, as {@code smoothOn(-2, -.1, .1, 2)}
     * for one that has a kink at 0.
     */
    public Formula smoothOn(double... bounds) {
        return new Formula(name, unary, binary, combinedAxes, bounds.clone(), rules);
    }

    /** Returns this op, whose function of whole tensors is an elementwise one. */
    Formula elementByElement() {
        return new Formula(name, unary, binary, ELEMENTWISE, smooth, rules);
    }

    @Override
    public int[] combinedAxes() {
        return combinedAxes;
    }

    @Override
    public double[] smoothOn() {
        return smooth.clone();
    }

    /** Returns the number of inputs. */
    public int arity() {
        return rules.length;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Tensor forward(Tensor... x) {
        if (x.length != rules.length) {
            Object[] shapes = Arrays.stream(x).map(Tensor::shape).toArray();
            throw new OperandMismatch(name, "it takes " + rules.length + " inputs, not " + x.length, shapes);
        }
        return unary == null ? binary.apply(x[0], x[1]) : unary.apply(x[0]);
    }

    /** Computes without an array around the inputs, which counts where these are single numbers. */
    Tensor of(Tensor x) {
        return unary == null ? forward(x) : unary.apply(x);
    }

    Tensor of(Tensor a, Tensor b) {
        return binary == null ? forward(a, b) : binary.apply(a, b);
    }

    @Override
    public Node[] backward(Call c, Node gy) {
        Node[] gx = new Node[rules.length];
        for (int i = 0; i < gx.length; i++) {
            gx[i] = c.needs(i) ? rules[i].backward(c, gy) : null;
        }
        return gx;
    }

    @Override
    public String toString() {
        return name;
    }
}
