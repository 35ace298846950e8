package gradus.graph;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Steps;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A value in a computation graph, with the op and the inputs that made it. Calling a method on nodes computes at once
 * and remembers what is needed to differentiate later. The methods stand in the families below, each op with its rule:
 * this class is their table of contents.
 *
 * <p>A <em>variable</em> is a leaf whose gradient can be asked for; a <em>constant</em> is one without. Nodes computed
 * from constants alone remember nothing and are constants themselves.
 *
 * <p>Nodes are immutable but for a variable's value, which {@link #assign} and {@link #update} replace; graphs that
 * were built from the old value can then no longer be differentiated, and say so. Any number of threads may build and
 * differentiate graphs over shared nodes while no variable among them is being replaced.
 */
public final class Node
        implements Arithmetic,
                Elementary,
                Trigonometry,
                Activations,
                Comparing,
                Masking,
                Reductions,
                Shaping,
                Slicing,
                Indexing,
                Products,
                Differentiable {
    private static final Node[] NO_INPUTS = {};

    private final Op op;
    private final Node[] inputs;
    private final int depth;
    private boolean tracked;
    private Tensor value;
    /** Of a leaf, how often its value was replaced; of a computed node, the sum of its inputs' versions at that time. */
    private int version;
    /** Whether the value's array is known to nobody else, so that it may be written in place. */
    private boolean owned;
    /** Whether this computed node's gradient is kept. */
    private boolean retained;
    /** What few nodes have. */
    private Remarks remarks = Remarks.NONE;

    /**
     * A node's name, the line that made it if {@link AnomalyDetection} was set, and whether it is a frozen variable: in an
     * object of its own, since few of ten million nodes have any.
     */
    private record Remarks(String name, String origin, boolean frozen) {
        static final Remarks NONE = new Remarks(null, null, false);
    }

    private Node(Op op, Node[] inputs, Tensor value, boolean tracked, int depth, int version) {
        this.op = op;
        this.inputs = inputs;
        this.value = value;
        this.tracked = tracked;
        this.depth = depth;
        this.version = version;
    }

    // ---- making leaves

    /** Returns a variable with this value. */
    public static Node variable(Tensor value) {
        return new Node(null, NO_INPUTS, value, true, 0, 0);
    }

    /** Returns a scalar variable, shape []. */
    public static Node variable(double value) {
        return variable(Tensor.of(value));
    }

    /** Returns a vector variable, shape [n]; the array is copied. */
    public static Node variable(double... values) {
        return variable(Tensor.of(values));
    }

    /** Returns a matrix variable, shape [m, n]; the arrays are copied. */
    public static Node variable(double[][] rows) {
        return variable(Tensor.of(rows));
    }

    /** Returns a FLOAT32 vector variable, shape [n]; the array is copied. */
    public static Node variable(float[] values) {
        return variable(Tensor.of(values));
    }

    /** Returns a FLOAT32 matrix variable, shape [m, n]; the arrays are copied. */
    public static Node variable(float[][] rows) {
        return variable(Tensor.of(rows));
    }

    /** Returns a constant with this value. */
    public static Node constant(Tensor value) {
        return new Node(null, NO_INPUTS, value, false, 0, 0);
    }

    /** Returns a scalar constant, shape []. */
    public static Node constant(double value) {
        return constant(Tensor.of(value));
    }

    /** Returns a vector constant, shape [n]; the array is copied. */
    public static Node constant(double... values) {
        return constant(Tensor.of(values));
    }

    /** Returns a matrix constant, shape [m, n]; the arrays are copied. */
    public static Node constant(double[][] rows) {
        return constant(Tensor.of(rows));
    }

    /** Returns a FLOAT32 vector constant, shape [n]; the array is copied. */
    public static Node constant(float[] values) {
        return constant(Tensor.of(values));
    }

    /** Returns a FLOAT32 matrix constant, shape [m, n]; the arrays are copied. */
    public static Node constant(float[][] rows) {
        return constant(Tensor.of(rows));
    }

    // ---- applying ops

    /**
     * Returns the node that an op computes from these inputs.
     *
     * @throws OperandMismatch if they do not fit; it names the op, and those inputs that have a name
     */
    public static Node of(Op op, Node... inputs) {
        return made(op, inputs.clone()); // the caller's array may change later
    }

    /** Returns the node that an op computes from one input; {@link #of(Op, Node...)} without an array. */
    public static Node of(Op op, Node x) {
        return x.tracked || OpenScopes.any() ? made(op, x) : constant(Forward.value(op, x));
    }

    /** Returns the node that an op computes from two inputs; {@link #of(Op, Node...)} without an array. */
    public static Node of(Op op, Node a, Node b) {
        return a.tracked || b.tracked || OpenScopes.any() ? made(op, a, b) : constant(Forward.value(op, a, b));
    }

    private static Node made(Op op, Node... in) {
        if (!OpenScopes.any()) {
            return computed(op, true, in);
        }
        boolean recorded = !NoGradient.isOpen();
        return AnomalyDetection.isSet() ? AnomalyDetection.guarded(op, recorded, in) : computed(op, recorded, in);
    }

    /** Computes a node, a constant if no graph is recorded; the array of inputs is taken over. */
    static Node computed(Op op, boolean recorded, Node... in) {
        boolean tracked = false;
        int depth = 0;
        int version = 0;
        for (Node n : in) {
            tracked |= n.tracked;
            depth = Math.max(depth, n.depth);
            version += n.version;
        }
        Tensor y = Forward.value(op, in);
        for (Node n : in) {
            if (n.owned && y.sharesArrayWith(n.value)) {
                n.owned = false; // a reshaped view must not change with its variable
            }
        }
        return tracked && recorded ? new Node(op, in, y, true, depth + 1, version) : constant(y);
    }

    /** Returns the nodes one after the other along an axis; see {@link Slicing}. */
    public static Node concat(int axis, Node... parts) {
        return Slicing.concat(axis, parts);
    }

    /** Returns the nodes, of one shape, side by side along a new axis; see {@link Slicing}. */
    public static Node stack(int axis, Node... parts) {
        return Slicing.stack(axis, parts);
    }

    /** Returns what a function makes of this node, so that a chain stays fluent: {@code x.apply(Lib::foo).relu()}. */
    public <R> R apply(Function<? super Node, R> f) {
        return f.apply(this);
    }

    // ---- reading

    /** Returns the value. */
    public Tensor value() {
        owned = false; // somebody may keep it, so the next update in place starts with a copy
        return value;
    }

    /**
     * Returns the value of a node of one element.
     *
     * @throws OperandMismatch if there are none or several
     */
    public double item() {
        return value.item();
    }

    /** Returns the sizes along the axes. */
    public Shape shape() {
        return value.shape();
    }

    /** Returns the number type. */
    public DType dtype() {
        return value.dtype();
    }

    /** Returns whether a variable that is not frozen is among what this node is computed from, itself included. */
    public boolean isTracked() {
        return tracked;
    }

    /** Returns whether this is a variable, a leaf whose gradient can be asked for; false while it is frozen. */
    public boolean isVariable() {
        return tracked && inputs.length == 0;
    }

    /** Returns whether this is a variable that is frozen. */
    public boolean isFrozen() {
        return remarks.frozen;
    }

    /** Returns the op that computed this node; null for a variable or a constant. */
    public Op op() {
        return op;
    }

    /** Returns the nodes that this one was computed from, in the op's order; empty for a variable or a constant. */
    public List<Node> inputs() {
        return Collections.unmodifiableList(Arrays.asList(inputs));
    }

    /**
     * Returns the number of ops on the longest path from a leaf to this node, 0 for a leaf: sorted by it, nodes are in
     * topological order.
     */
    public int depth() {
        return depth;
    }

    /** Returns the name given by {@link #named}, or null. */
    public String name() {
        return remarks.name;
    }

    /** Returns the name, if there is one, and the shape, as errors show them: {@code h [32, 128]}. */
    public String label() {
        return name() == null ? shape().toString() : name() + " " + shape();
    }

    /** Gives this node a name, for errors and drawings, and returns it. */
    public Node named(String newName) {
        remarks = new Remarks(newName, remarks.origin, remarks.frozen);
        return this;
    }

    /** Returns a constant with this node's value: nothing behind it is differentiated. */
    public Node detach() {
        return tracked ? constant(value()) : this;
    }

    // ---- replacing a variable's value

    /**
     * Gives a variable another value of its shape, of either number type. Graphs built from the old one can no longer
     * be differentiated.
     *
     * @throws IllegalStateException if this is no variable
     * @throws OperandMismatch if the shape differs
     */
    public void assign(Tensor newValue) {
        requireVariable("assign");
        if (!newValue.shape().equals(shape())) {
            throw new OperandMismatch("assign", "a variable keeps its shape", label(), newValue.shape());
        }
        value = newValue;
        owned = false;
        version++;
    }

    /**
     * Lets an optimizer write a variable's value in place. The tensor handed to it is shared with nobody: a value that
     * was read or given from outside is copied first.
     *
     * @throws IllegalStateException if this is no variable
     */
    public void update(Consumer<Tensor> step) {
        requireVariable("update");
        if (!owned) {
            value = value.copy();
            owned = true;
        }
        version++;
        step.accept(value);
    }

    /**
     * Makes graphs that are built from now on treat this variable as a constant. Its value can still be replaced. Graphs
     * that were built before can no longer be differentiated.
     *
     * @return this node
     * @throws IllegalStateException if this is no variable
     */
    public Node freeze() {
        return frozen("freeze", true);
    }

    /**
     * Makes graphs that are built from now on treat this as a variable again. Graphs that were built before can no longer
     * be differentiated.
     *
     * @return this node
     * @throws IllegalStateException if this is no variable
     */
    public Node unfreeze() {
        return frozen("unfreeze", false);
    }

    private Node frozen(String what, boolean frozen) {
        requireVariable(what);
        if (frozen != isFrozen()) {
            remarks = new Remarks(remarks.name, remarks.origin, frozen);
            tracked = !frozen;
            version++;
        }
        return this;
    }

    private void requireVariable(String what) {
        if (!isVariable() && !isFrozen()) {
            throw new IllegalStateException(
                    what + ": " + label() + " is " + (tracked ? "computed" : "a constant") + ", not a variable");
        }
    }

    // ---- for the rest of this package

    Node retained() {
        if (!tracked) {
            throw new IllegalStateException("retainGradient: " + label() + " is a constant, which has no gradient");
        }
        retained = true;
        return this;
    }

    boolean isRetained() {
        return retained;
    }

    void createdAt(String line) {
        remarks = new Remarks(remarks.name, line, remarks.frozen);
    }

    /** Returns where this node was made, for the end of a message; empty unless a trap was set. */
    String createdAt() {
        return remarks.origin == null ? "" : ", made at " + remarks.origin;
    }

    /** Returns the axes counted from 0, ascending; an error names this node. */
    int[] axes(String forOp, int... axes) {
        try {
            return shape().axes(forOp, axes);
        } catch (OperandMismatch e) {
            throw e.naming(label());
        }
    }

    /** Returns a number as a constant of this node's number type. */
    Node number(double b) {
        return constant(Tensor.scalar(b, dtype()));
    }

    /** Returns the value without taking it for kept. */
    Tensor bareValue() {
        return value;
    }

    boolean hasNaN() {
        return value.hasNaN();
    }

    /** Adds another's value to that of this constant, whose array nobody else knows. */
    void increase(Node x) {
        Steps.add(value, x.value);
    }

    /** Returns the positions that sort an axis; an error names this node. */
    Tensor order(String forOp, int axis, boolean descending) {
        return value.argsort(axes(forOp, axis)[0], descending);
    }

    /** Returns this node detached, for use within one backward pass: the value is not taken for kept. */
    Node bare() {
        return tracked ? constant(value) : this;
    }

    int inputCount() {
        return inputs.length;
    }

    Node input(int i) {
        return inputs[i];
    }

    /**
     * Complains if a variable that this node was computed from has been replaced since: a rule would read its new value.
     */
    void requireUnchanged() {
        int now = 0;
        for (Node n : inputs) {
            now += n.version;
        }
        if (now != version) {
            String names = Arrays.stream(inputs)
                    .filter(n -> (n.isVariable() || n.isFrozen()) && n.version > 0)
                    .map(Node::label)
                    .distinct()
                    .reduce((a, b) -> a + " or " + b)
                    .orElse("a variable");
            throw new IllegalStateException("backward: " + op.name() + ": " + names
                    + " was given a new value, frozen or unfrozen after this graph was built; compute the graph again first"
                    + createdAt());
        }
    }

    /** Returns the name, if there is one, and the value, printed as NumPy would. */
    @Override
    public String toString() {
        return name() == null ? value.toString() : name() + " = " + value;
    }
}
