package gradus.graph;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RowSparse;
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
 * result is used only if the versions of its inputs are those of the forward pass, before and after the rule ran. A constant
 * has no version: what is computed from frozen variables alone, or in a NoGradient block, is not protected. One
 * thread at a time replaces the value of a variable; for a second one that is an error.
 */
public final class Node
        implements Arithmetic,
                Elementary,
                Trigonometry,
                Activations,
                Comparing,
                Masking,
                Reductions,
                Scans,
                Shaping,
                Slicing,
                Indexing,
                Sorting,
                Products,
                Differentiable {
    private static final Node[] NO_INPUTS = {};
    private static final VarHandle ARRAY_STATE = arrayStateHandle();

    /** Other objects may refer to the value's array: {@link #update} copies it before it writes. */
    private static final byte SHARED = 0;
    /** No other object refers to the value's array: {@link #update} writes it in place. */
    private static final byte OWNED = 1;
    /** A thread is replacing the value; it is the only one that writes the value and the version. */
    private static final byte REPLACING = 2;

    private final Op op;
    private final Node[] inputs;
    private final int depth;
    private boolean tracked;
    /** Null as long as this is a row-sparse gradient whose zeros were not asked for. */
    private Tensor value;
    /**
     * Of a variable, twice the number of times its value was replaced, odd while it is being written; of a computed node,
     * the sum of its inputs' versions when it was computed. Versions only grow, so equal sums mean equal versions.
     */
    private int version;
    /** Who may refer to the value's array. It is set to REPLACING before an array that will be written becomes the value. */
    private byte arrayState = SHARED;
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
     * @param rowSparse the value in row-sparse form, if this is a gradient that has it, or null
     * @param outputs all outputs of the call that this is one of, if the op has several, or null
     */
    private record Remarks(
            String name, String origin, boolean frozen, Object saved, RowSparse rowSparse, Node... outputs) {
        static final Remarks NONE = new Remarks(null, null, false, null, null, (Node[]) null);
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

    /** Returns a constant with this value, whose zeros are not allocated before {@link #value} is called. */
    static Node constant(RowSparse value) {
        Node node = new Node(null, NO_INPUTS, null, false, 0, 0);
        node.remarks = new Remarks(null, null, false, null, value, (Node[]) null);
        return node;
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
        return x.tracked || AnomalyDetection.isSet() ? made(op, x) : constant(x.unowned(Forward.value(op, x)));
    }

    /** Returns the node that an op computes from two inputs; {@link #of(Op, Node...)} without an array. */
    public static Node of(Op op, Node a, Node b) {
        if (op == null || a == null || b == null) {
            throw missing(op, a, b);
        }
        return a.tracked || b.tracked || AnomalyDetection.isSet()
                ? made(op, a, b)
                : constant(b.unowned(a.unowned(Forward.value(op, a, b))));
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
        for (Node n : in) {
            tracked |= n.tracked;
            depth = Math.max(depth, n.depth);
            version += n.version;
        }
        VarHandle.acquireFence(); // versions are read before values
        if (!(op instanceof Formula) && op instanceof Op.Saving s) {
            return saving(s, tracked && recorded, depth + 1, version, in);
        }
        Tensor y = unowned(Forward.value(op, in), in);
        return tracked && recorded ? new Node(op, in, y, true, depth + 1, version) : constant(y);
    }

    private static Node saving(Op.Saving op, boolean tracked, int depth, int version, Node... in) {
        Op.Saved saved = new Op.Saved();
        Tensor y = unowned(Forward.value(op, saved, in), in);
        if (!tracked) {
            return constant(y);
        }
        Node node = new Node(op, in, y, true, depth, version);
        node.remarks = new Remarks(null, null, false, saved.value(), null, (Node[]) null);
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
        Remarks call = new Remarks(null, null, false, saved.value(), null, all);
        for (int i = 0; i < y.length; i++) {
            Tensor output = unowned(y[i], in);
            if (tracked && op.isDifferentiable(i)) {
                all[i] = new Node(new Op.Output(op, i), in, output, true, depth, version);
                all[i].remarks = call;
            } else {
                all[i] = constant(output);
            }
        }
        return all.clone();
    }

    /** Returns a node whose value was computed already, while a graph is recorded. */
    static Node precomputed(Op op, Tensor value, Object saved, Node... in) {
        boolean tracked = Arrays.stream(in).anyMatch(Node::isTracked);
        int depth = 1 + Arrays.stream(in).mapToInt(Node::depth).max().orElse(0);
        int version = Arrays.stream(in).mapToInt(n -> n.version).sum();
        Tensor y = unowned(value, in);
        if (!tracked) {
            return constant(y);
        }
        Node node = new Node(op, in, y, true, depth, version);
        node.remarks = new Remarks(null, null, false, saved, null, (Node[]) null);
        return node;
    }

    /** Returns a tensor that was computed from these nodes, so that it never changes. */
    private static Tensor unowned(Tensor y, Node... in) {
        VarHandle.acquireFence(); // the values were read before the states of their arrays
        boolean shared = true;
        for (Node n : in) {
            shared &= n.arrayState == SHARED;
        }
        Tensor kept = y;
        for (int i = 0; !shared && i < in.length; i++) {
            kept = in[i].unowned(kept);
        }
        return kept;
    }

    /** Returns a tensor that was computed from this node, so that it never changes: a reshaped one has its array. */
    private Tensor unowned(Tensor y) {
        VarHandle.acquireFence(); // the value was read before the state of its array
        return arrayState == SHARED || !y.sharesArrayWith(value) ? y : handedOut(y);
    }

    /** Returns a tensor that has the array of this variable, which shares it from now on; a copy if it is being written. */
    private Tensor handedOut(Tensor y) {
        boolean shared =
                ARRAY_STATE.compareAndSet(this, OWNED, SHARED) || (byte) ARRAY_STATE.getVolatile(this) == SHARED;
        return shared ? y : y.copy();
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

    /**
     * Returns the value. The tensor never changes: the next {@link #update} writes another one. While a thread is in
     * {@code update}, it is a copy of what has been written so far.
     */
    public Tensor value() {
        Tensor v = borrowedValue();
        VarHandle.acquireFence(); // the value is read before the state of its array, and that before its elements
        boolean shared = arrayState == SHARED;
        VarHandle.acquireFence();
        return shared ? v : handedOut(v);
    }

    /**
     * Returns the value of a node of one element.
     *
     * @throws OperandMismatch if there are none or several
     */
    public double item() {
        return borrowedValue().item();
    }

    /** Returns the sizes along the axes. */
    public Shape shape() {
        Tensor v = value;
        return v == null ? remarks.rowSparse.shape() : v.shape();
    }

    /** Returns the number type. */
    public DType dtype() {
        Tensor v = value;
        return v == null ? remarks.rowSparse.dtype() : v.dtype();
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
        remarks =
                new Remarks(newName, remarks.origin, remarks.frozen, remarks.saved, remarks.rowSparse, remarks.outputs);
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
     * @throws IllegalStateException if this is no variable, or its value is being replaced: by another thread, or in a step
     *     of {@link #update}
     * @throws OperandMismatch if the shape differs
     */
    public void assign(Tensor newValue) {
        Objects.requireNonNull(newValue, "assign: newValue is null");
        requireVariable("assign");
        if (!newValue.shape().equals(shape())) {
            throw new OperandMismatch("assign", "a variable keeps its shape", label(), newValue.shape());
        }
        startReplacing("assign");
        value = newValue;
        endReplacing(SHARED);
    }

    /**
     * Lets an optimizer write a variable's value in place. The tensor given to it is shared with no other object: a value
     * that was read or given from outside is copied first.
     *
     * @throws IllegalStateException if this is no variable, or its value is being replaced: by another thread, or by the
     *     step itself
     */
    public void update(Consumer<Tensor> step) {
        Objects.requireNonNull(step, "update: step is null");
        requireVariable("update");
        byte state = startReplacing("update");
        try {
            if (state == SHARED) {
                value = value.copy();
                state = OWNED;
            }
            step.accept(value);
        } finally {
            endReplacing(state);
        }
    }

    /**
     * Makes the version odd before anything is written: a graph that reads any of it has an older version than the last.
     *
     * @return the state of the array before
     * @throws IllegalStateException if the value is being replaced already
     */
    private byte startReplacing(String method) {
        byte before;
        do {
            before = (byte) ARRAY_STATE.getVolatile(this);
            if (before == REPLACING) {
                throw new IllegalStateException(method + ": the value of " + label()
                        + " is being replaced already, by another thread or by a step of update that is running");
            }
        } while (!ARRAY_STATE.compareAndSet(
                this, before, REPLACING)); // a thread that reads the value may make it shared
        version++;
        VarHandle.releaseFence();
        return before;
    }

    private void endReplacing(byte after) {
        VarHandle.releaseFence();
        version++;
        ARRAY_STATE.setVolatile(this, after);
    }

    private static VarHandle arrayStateHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Node.class, "arrayState", byte.class);
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
            byte state = startReplacing(what);
            remarks = new Remarks(remarks.name, remarks.origin, frozen, null, null, (Node[]) null);
            tracked = !frozen;
            endReplacing(state);
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
        remarks = new Remarks(remarks.name, line, remarks.frozen, remarks.saved, remarks.rowSparse, remarks.outputs);
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

    /** Returns the value for reading only: it is not handed out, so the variable still owns its array. */
    Tensor borrowedValue() {
        Tensor v = value;
        if (v == null) {
            v = remarks.rowSparse.dense(); // threads that do so at the same time compute the same
            value = v;
        }
        return v;
    }

    /** Returns the value of a gradient in row-sparse form, or null if it does not have that. */
    RowSparse rowSparse() {
        return remarks.rowSparse;
    }

    boolean hasNaN() {
        return borrowedValue().hasNaN();
    }

    boolean hasZeroRow(int... axes) {
        return borrowedValue().hasZeroRow(axes);
    }

    /** Adds another's value in place to that of this constant, to whose array no other object refers. */
    void increase(Node x) {
        if (x.rowSparse() == null) {
            Steps.add(value, x.value);
        } else {
            Steps.add(value, x.rowSparse());
        }
    }

    /** Returns the sum of this gradient and another. It is row-sparse if both are; if one is, no zeros are added. */
    Node plus(Node b) {
        RowSparse p = rowSparse();
        RowSparse q = b.rowSparse();
        if ((p == null && q == null) || tracked || b.tracked || AnomalyDetection.isSet()) {
            return add(b);
        }
        if (p != null && q != null) {
            return constant(p.add(q));
        }
        Tensor sum = (p == null ? this : b).value.copy();
        Steps.add(sum, p == null ? q : p);
        return constant(sum);
    }

    /** Returns this node detached, for use within one backward pass: the variable still owns its array. */
    Node borrowed() {
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
     * Checks the same after the rule has read the inputs. An input whose array is that of a gradient which the rule returned
     * shares it from now on.
     */
    void requireUnchanged(Node... gradients) {
        VarHandle.acquireFence(); // values were read before versions
        int now = 0;
        boolean shared = true;
        for (Node n : inputs) {
            now += n.version;
            shared &= n.arrayState == SHARED;
        }
        if (now != version) {
            throw replaced();
        }
        if (!shared && gradients != null) {
            share(gradients);
        }
    }

    private void share(Node... gradients) {
        for (Node x : inputs) {
            Tensor v = x.value;
            for (Node g : gradients) {
                if (g != null && g.sharesArrayWith(v) && !x.unowned(v).sharesArrayWith(v)) {
                    throw replaced(); // it was copied, as its array is being written
                }
            }
        }
        VarHandle.acquireFence();
        if (Arrays.stream(inputs).mapToInt(n -> n.version).sum() != version) { // it was written before it was shared
            throw replaced();
        }
    }

    private boolean sharesArrayWith(Tensor t) {
        return rowSparse() == null ? value.sharesArrayWith(t) : rowSparse().sharesArrayWith(t);
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
        return name() == null ? borrowedValue().toString() : name() + " = " + borrowedValue();
    }
}
