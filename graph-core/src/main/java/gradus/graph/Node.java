package gradus.graph;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Steps;
import gradus.array.Tensor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A value in a computation graph, with the op and the inputs that it was computed from. A method called on nodes computes
 * its result at once and records what is needed to differentiate it later. The methods are declared in the families below,
 * each op with its rule: this class is their table of contents.
 *
 * <p>A <em>variable</em> is a leaf that has a gradient; a <em>constant</em> is a leaf without. What is computed from
 * constants and {@linkplain #freeze frozen} variables alone, or in a {@link NoGradient} block, is a constant and records
 * nothing.
 *
 * <p>Nodes are immutable but for a variable's value, which {@link #assign} and {@link #update} replace; to differentiate a
 * graph that was built from the old value is an error. Any number of threads may build and differentiate graphs over
 * shared nodes. A graph that was built or is being differentiated while another thread replaces one of its variables is
 * refused in the same way: each variable has a version, which changes before and after its value is written, and a rule's
 * result is used only if the versions of its inputs are those of the forward pass, before and after the rule ran.
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
    private static final VarHandle VERSION = versionHandle();

    private final Op op;
    private final Node[] inputs;
    private final int depth;
    private boolean tracked;
    private Tensor value;
    /**
     * Of a variable, twice the number of times its value was replaced, odd while it is being written; of a computed node,
     * the sum of its inputs' versions when it was computed. Versions only grow, so equal sums mean equal versions.
     */
    private int version;
    /** Whether no other object refers to the value's array, so that it may be written in place. */
    private boolean owned;
    /** Whether this computed node's gradient is kept. */
    private boolean retained;
    /** What few nodes have, in an object of its own: a graph may have ten million nodes. */
    private Remarks remarks = Remarks.NONE;

    /**
     * What few nodes have.
     *
     * @param name the name given by {@link #named}, or null
     * @param origin the line of the user's code that computed the node, if {@link AnomalyDetection} was set, or null
     * @param frozen whether this is a variable that is frozen
     * @param saved what forward saved for backward, or null
     * @param outputs all outputs of the call that this is one of, if the op has several, or null
     */
    private record Remarks(String name, String origin, boolean frozen, Object saved, Node... outputs) {
        static final Remarks NONE = new Remarks(null, null, false, null, (Node[]) null);
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
        return new Node(null, NO_INPUTS, Objects.requireNonNull(value, "variable: value is null"), true, 0, 0);
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
        return new Node(null, NO_INPUTS, Objects.requireNonNull(value, "constant: value is null"), false, 0, 0);
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
        return made(op, checked(op, inputs));
    }

    /** Returns the node that an op computes from one input; {@link #of(Op, Node...)} without an array. */
    public static Node of(Op op, Node x) {
        if (op == null || x == null) {
            throw missing(op, x);
        }
        // of constants the result is a constant, whether or not a NoGradient block is open somewhere
        return x.tracked || x.owned || AnomalyDetection.isSet() ? made(op, x) : constant(Forward.value(op, x));
    }

    /** Returns the node that an op computes from two inputs; {@link #of(Op, Node...)} without an array. */
    public static Node of(Op op, Node a, Node b) {
        if (op == null || a == null || b == null) {
            throw missing(op, a, b);
        }
        return a.tracked || b.tracked || a.owned || b.owned || AnomalyDetection.isSet()
                ? made(op, a, b)
                : constant(Forward.value(op, a, b));
    }

    /**
     * Returns the nodes that an op with several outputs computes from these inputs, one for each output. An output that has
     * no gradient is a constant.
     *
     * @throws OperandMismatch if they do not fit; it names the op, and those inputs that have a name
     */
    public static Node[] outputs(Op.Multi op, Node... inputs) {
        Node[] in = checked(op, inputs);
        if (!OpenScopes.any()) {
            return computed(op, true, in);
        }
        boolean recorded = !NoGradient.isOpen();
        return AnomalyDetection.isSet()
                ? AnomalyDetection.guarded(op.name(), () -> computed(op, recorded, in), in)
                : computed(op, recorded, in);
    }

    private static Node made(Op op, Node... in) {
        if (!OpenScopes.any()) {
            return computed(op, true, in);
        }
        boolean recorded = !NoGradient.isOpen();
        return AnomalyDetection.isSet()
                ? AnomalyDetection.guarded(op.name(), () -> new Node[] {computed(op, recorded, in)}, in)[0]
                : computed(op, recorded, in);
    }

    /** Computes a node, a constant if no graph is recorded; the array of inputs is taken over. */
    private static Node computed(Op op, boolean recorded, Node... in) {
        boolean tracked = false;
        int depth = 0;
        int version = 0;
        boolean owned = false;
        for (Node n : in) {
            tracked |= n.tracked;
            depth = Math.max(depth, n.depth);
            version += n.version;
            owned |= n.owned;
        }
        VarHandle.acquireFence(); // versions are read before values
        if (!(op instanceof Formula) && op instanceof Op.Saving s) {
            return saving(s, tracked && recorded, depth + 1, version, in);
        }
        Tensor y = Forward.value(op, in);
        if (owned) {
            disown(y, in);
        }
        return tracked && recorded ? new Node(op, in, y, true, depth + 1, version) : constant(y);
    }

    private static Node saving(Op.Saving op, boolean tracked, int depth, int version, Node... in) {
        Op.Saved saved = new Op.Saved();
        Tensor y = Forward.value(op, saved, in);
        disown(y, in);
        if (!tracked) {
            return constant(y);
        }
        Node node = new Node(op, in, y, true, depth, version);
        node.remarks = new Remarks(null, null, false, saved.value(), (Node[]) null);
        return node;
    }

    private static Node[] computed(Op.Multi op, boolean recorded, Node... in) {
        int version = Arrays.stream(in).mapToInt(n -> n.version).sum();
        VarHandle.acquireFence(); // versions are read before values
        Op.Saved saved = new Op.Saved();
        Tensor[] y = Forward.values(op, saved, in);
        boolean tracked = recorded && Arrays.stream(in).anyMatch(Node::isTracked);
        int depth = 1 + Arrays.stream(in).mapToInt(Node::depth).max().orElse(0);
        Node[] all = new Node[y.length];
        Remarks call = new Remarks(null, null, false, saved.value(), all);
        for (int i = 0; i < y.length; i++) {
            disown(y[i], in);
            if (tracked && op.isDifferentiable(i)) {
                all[i] = new Node(new Op.Output(op, i), in, y[i], true, depth, version);
                all[i].remarks = call;
            } else {
                all[i] = constant(y[i]);
            }
        }
        return all.clone();
    }

    /** Returns a node whose value was computed already, while a graph is recorded. */
    static Node precomputed(Op op, Tensor y, Object saved, Node... in) {
        boolean tracked = Arrays.stream(in).anyMatch(Node::isTracked);
        int depth = 1 + Arrays.stream(in).mapToInt(Node::depth).max().orElse(0);
        int version = Arrays.stream(in).mapToInt(n -> n.version).sum();
        disown(y, in);
        if (!tracked) {
            return constant(y);
        }
        Node node = new Node(op, in, y, true, depth, version);
        node.remarks = new Remarks(null, null, false, saved, (Node[]) null);
        return node;
    }

    /** Notes which variables share the array of a value: a reshaped view must not change with its variable. */
    private static void disown(Tensor y, Node... in) {
        for (Node n : in) {
            if (n.owned && y.sharesArrayWith(n.value)) {
                n.owned = false;
            }
        }
    }

    /** Returns a copy of the inputs, as the caller's array may change later. */
    private static Node[] checked(Object op, Node... inputs) {
        Node[] in = Objects.requireNonNull(inputs, "Node.of: inputs is null").clone();
        if (op == null || Arrays.asList(in).contains(null)) {
            throw missing(op, in);
        }
        return in;
    }

    private static NullPointerException missing(Object op, Node... in) {
        if (op == null) {
            return new NullPointerException("Node.of: op is null");
        }
        String name = op instanceof Op o ? o.name() : ((Op.Multi) op).name();
        return new NullPointerException(
                name + ": input " + Arrays.asList(in).indexOf(null) + " of " + in.length + " is null");
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
        return Objects.requireNonNull(f, "apply: f is null").apply(this);
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

    /** Returns whether this is a variable, a leaf that has a gradient; false while it is frozen. */
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
        remarks = new Remarks(newName, remarks.origin, remarks.frozen, remarks.saved, remarks.outputs);
        return this;
    }

    /** Returns a constant with this node's value: nothing behind it is differentiated. */
    public Node detach() {
        return tracked || isFrozen() ? constant(value()) : this;
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
        Objects.requireNonNull(newValue, "assign: newValue is null");
        requireVariable("assign");
        if (!newValue.shape().equals(shape())) {
            throw new OperandMismatch("assign", "a variable keeps its shape", label(), newValue.shape());
        }
        startReplacing();
        value = newValue;
        owned = false;
        endReplacing();
    }

    /**
     * Lets an optimizer write a variable's value in place. The tensor given to it is shared with no other object: a value
     * that was read or given from outside is copied first.
     *
     * @throws IllegalStateException if this is no variable
     */
    public void update(Consumer<Tensor> step) {
        Objects.requireNonNull(step, "update: step is null");
        requireVariable("update");
        startReplacing();
        try {
            if (!owned) {
                value = value.copy();
                owned = true;
            }
            step.accept(value);
        } finally {
            endReplacing();
        }
    }

    /** Makes the version odd before anything is written: a graph that reads any of it has an older version than the last. */
    private void startReplacing() {
        VERSION.getAndAdd(this, 1);
        VarHandle.releaseFence();
    }

    private void endReplacing() {
        VarHandle.releaseFence();
        VERSION.getAndAdd(this, 1);
    }

    private static VarHandle versionHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Node.class, "version", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
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
            startReplacing();
            remarks = new Remarks(remarks.name, remarks.origin, frozen, null, (Node[]) null);
            tracked = !frozen;
            endReplacing();
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
        remarks = new Remarks(remarks.name, line, remarks.frozen, remarks.saved, remarks.outputs);
    }

    /** Returns where this node was computed, for the end of a message; empty unless anomaly detection was set. */
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

    /** Returns what forward saved for the rule, or null. */
    Object saved() {
        return remarks.saved;
    }

    /** Returns all outputs of the call that this node is one of, or null if the op has one. */
    Node[] outputs() {
        return remarks.outputs;
    }

    /** Returns the value for reading only: it is not handed on, so the variable still owns its array. */
    Tensor bareValue() {
        return value;
    }

    boolean hasNaN() {
        return value.hasNaN();
    }

    /** Adds another's value in place to that of this constant, to whose array no other object refers. */
    void increase(Node x) {
        Steps.add(value, x.value);
    }

    /** Returns this node detached, for use within one backward pass: the variable still owns its array. */
    Node bare() {
        return tracked || isFrozen() ? constant(value) : this;
    }

    int inputCount() {
        return inputs.length;
    }

    Node input(int i) {
        return inputs[i];
    }

    /**
     * Checks, before the rule reads the inputs, that none of them was replaced since this node was computed.
     *
     * @return whether a leaf is among them, which another thread might replace while the rule runs
     * @throws IllegalStateException if one was replaced
     */
    boolean requireUnchanged() {
        int now = 0;
        int odd = 0;
        boolean leaf = false;
        for (Node n : inputs) {
            int v = n.version;
            now += v;
            if (n.depth == 0) {
                leaf = true;
                odd |= v;
            }
        }
        VarHandle.acquireFence(); // versions are read before values
        if (now != version || (odd & 1) != 0) { // odd: an input is being written, and was when this node was computed
            throw replaced();
        }
        return leaf;
    }

    /**
     * Checks the same after the rule has read the inputs, and notes which of them share their array with the gradients that
     * it returned.
     */
    void requireUnchanged(Node... gradients) {
        VarHandle.acquireFence(); // values were read before versions
        int now = 0;
        boolean owner = false;
        for (Node n : inputs) {
            now += n.version;
            owner |= n.owned;
        }
        if (now != version) {
            throw replaced();
        }
        if (owner && gradients != null) {
            for (Node g : gradients) {
                if (g != null) {
                    disown(g.value, inputs);
                }
            }
        }
    }

    private IllegalStateException replaced() {
        String names = Arrays.stream(inputs)
                .filter(n -> (n.isVariable() || n.isFrozen()) && n.version > 0)
                .map(Node::label)
                .distinct()
                .reduce((a, b) -> a + " or " + b)
                .orElse("a variable");
        return new IllegalStateException("backward: " + op.name() + ": " + names
                + " was given a new value, frozen or unfrozen after this graph was built; compute the graph again first"
                + createdAt());
    }

    /** Returns the name, if there is one, and the value, printed as NumPy would. */
    @Override
    public String toString() {
        return name() == null ? value.toString() : name() + " = " + value;
    }
}
