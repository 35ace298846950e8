package gradus.graph;

import gradus.array.Tensor;
import java.util.function.Function;

/** An op given by a function and one rule per input; only the rules whose gradient is needed are run. */
public final class Formula implements Op {
    private static final double[] EVERYWHERE = {-2, 2};

    private final String name;
    private final Function<Tensor[], Tensor> f;
    private final Rule[] rules;
    private final double[] smooth;

    Formula(String name, Function<Tensor[], Tensor> f, Rule... rules) {
        this(name, f, rules, EVERYWHERE);
    }

    private Formula(String name, Function<Tensor[], Tensor> f, Rule[] rules, double... smooth) {
        this.name = name;
        this.f = f;
        this.rules = rules;
        this.smooth = smooth;
    }

    /**
     * Returns this op, with the intervals in which its inputs are sampled by checks, as {@code smoothOn(-2, -.1, .1, 2)}
     * for one that has a kink at 0.
     */
    public Formula smoothOn(double... bounds) {
        return new Formula(name, f, rules, bounds.clone());
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
    public Tensor compute(Tensor... x) {
        return f.apply(x);
    }

    @Override
    public Node[] pull(Call c, Node gy) {
        Node[] gx = new Node[rules.length];
        for (int i = 0; i < gx.length; i++) {
            gx[i] = c.needs(i) ? rules[i].pull(c, gy) : null;
        }
        return gx;
    }

    @Override
    public String toString() {
        return name;
    }
}
