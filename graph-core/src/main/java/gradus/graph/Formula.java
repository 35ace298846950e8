package gradus.graph;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * An op given by a function and one rule per input; only the rules whose gradient is needed are run.
 *
 * <p>Where an op works element by element, an element that no gradient arrives at passes none on, even if its slope is
 * infinite or NaN there: the formula's 0 x infinity is 0. So {@code x.log().where(x.gt(0), zero)} has gradient 0 where x
 * is 0, without any rule taking care of it.
 */
public final class Formula implements Op {
    private static final double[] EVERYWHERE = {-2, 2};

    private final String name;
    private final UnaryOperator<Tensor> unary;
    private final BinaryOperator<Tensor> binary;
    private final Rule[] rules;
    private final boolean elementwise;
    private final double[] smooth;

    /** An op of one tensor. */
    Formula(String name, UnaryOperator<Tensor> f, boolean elementwise, Rule rule) {
        this(name, f, null, elementwise, EVERYWHERE, rule);
    }

    /** An op of two. */
    Formula(String name, BinaryOperator<Tensor> f, boolean elementwise, Rule left, Rule right) {
        this(name, null, f, elementwise, EVERYWHERE, left, right);
    }

    private Formula(
            String name,
            UnaryOperator<Tensor> unary,
            BinaryOperator<Tensor> binary,
            boolean elementwise,
            double[] smooth,
            Rule... rules) {
        this.name = name;
        this.unary = unary;
        this.binary = binary;
        this.rules = rules;
        this.elementwise = elementwise;
        this.smooth = smooth;
    }

    /**
     * Returns this op, with the intervals in which its inputs are sampled by checks, as {@code smoothOn(-2, -.1, .1, 2)}
     * for one that has a kink at 0.
     */
    public Formula smoothOn(double... bounds) {
        return new Formula(name, unary, binary, elementwise, bounds.clone(), rules);
    }

    /** Returns this op of whole tensors, known to work element by element. */
    Formula elementByElement() {
        return new Formula(name, unary, binary, true, smooth, rules);
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

    /** Computes without an array, as there are many small ones. */
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
            if (elementwise && gx[i] != null) {
                gx[i] = settled(gx[i], gy);
            }
        }
        return gx;
    }

    /** Returns gx with 0 for the NaN that 0 times infinity gave, at the elements where gy is 0. */
    static Node settled(Node gx, Node gy) {
        boolean clean = gx == gy || !gx.shape().equals(gy.shape()) || !gx.hasNaN();
        return clean ? gx : gx.maskedFill(gx.isNaN().and(gy.eq(0)), 0);
    }

    /** Returns gx with 0 for NaN in the rows along an axis where all of gy is 0: of an op whose rows mix. */
    static Node settled(Node gx, Node gy, int axis) {
        return gx.hasNaN() ? settled(gx, gy.ne(0).sumKeepDims(axis).expandTo(gy.shape())) : gx;
    }

    @Override
    public String toString() {
        return name;
    }
}
