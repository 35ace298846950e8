package gradus.nn;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Restorable;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.nn.init.Fans;
import gradus.nn.init.Initializer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A layer with parts: parameters, buffers and inner layers, each declared once, by name, in the constructor:
 *
 * <pre>{@code
 * final class Residual extends Model {
 *     private final Layer inner;
 *     Residual(Layer inner) { this.inner = layer("inner", inner); }
 *     @Override public Node forward(Node x, Pass pass) { return x.add(inner.forward(x, pass)); }
 * }
 * }</pre>
 *
 * <p>From the parts follow paths such as {@code 3.inner.weight}, and all methods below. A shared layer or parameter,
 * which is reached by several paths, has the first only. A field, or an array, list or map in one, that has an
 * undeclared model or variable is an error when parameters or state are asked for, as its parameters would never be
 * trained or saved. Static fields and parts deeper inside other objects are not searched; a {@code Trainer} refuses
 * their variables when gradients reach them.
 *
 * <p>{@code forward(x)} evaluates; {@code forward(x, pass)} is given the pass, which it hands on to inner layers. A model
 * that behaves differently in training refuses {@code forward(x)} inside a model that was given a pass, and inside a
 * training step of a {@code Trainer}; {@code forward(x, Pass.evaluation())} evaluates anywhere.
 */
public abstract class Model implements Layer, Restorable {
    /** The declared parts by name: {@link Parameter}, {@link Buffer} or {@link Layer}. */
    private final Map<String, Object> parts = new LinkedHashMap<>();

    private Model owner;
    private String name;
    /** Whether no undeclared part was found since the last declaration here or inside. */
    private boolean checked;
    /** Whether parameters or state were asked for. */
    private boolean used;

    /** Called by subclasses, which declare their parts next. */
    protected Model() {}

    // ---- declaring parts

    /**
     * Declares an inner layer and returns it.
     *
     * @throws IllegalArgumentException if the name is taken, empty or has a dot, or the layer contains this model
     */
    protected final <L extends Layer> L layer(String partName, L inner) {
        requirePart(partName, inner, "inner");
        if (inner instanceof Model m && (m == this || m.contains(this))) {
            throw new IllegalArgumentException(this + ": layer " + partName + " contains this model itself");
        }
        declare(partName, inner);
        if (inner instanceof Model m) {
            if (m.owner == null) {
                m.owner = this;
                m.name = partName;
            }
            nameParameters();
        }
        return inner;
    }

    /**
     * Declares a FLOAT64 parameter and returns its variable, which stays the same for the life of the model.
     *
     * @param initializer draws its values, at once and at each {@link #initialize}
     * @throws IllegalArgumentException if the name is taken, empty or has a dot
     */
    protected final Node parameter(String partName, Shape shape, Initializer initializer) {
        requirePart(partName, shape, "shape");
        requirePart(partName, initializer, "initializer");
        return declare(new Parameter(partName, shape, null, initializer), partName);
    }

    /**
     * Declares a FLOAT64 parameter whose numbers of inputs and outputs are not those that {@link Fans#of} derives from
     * its shape, and returns its variable.
     *
     * @param initializer draws its values, at once and at each {@link #initialize}
     * @throws IllegalArgumentException if the name is taken, empty or has a dot
     */
    protected final Node parameter(String partName, Shape shape, Fans fans, Initializer initializer) {
        requirePart(partName, shape, "shape");
        requirePart(partName, fans, "fans");
        requirePart(partName, initializer, "initializer");
        return declare(new Parameter(partName, shape, fans, initializer), partName);
    }

    private Node declare(Parameter p, String partName) {
        declare(partName, p);
        return p.node();
    }

    /**
     * Declares a tensor that is saved with the model but not trained, and returns it.
     *
     * @param initial its value at first and after each {@link #initialize}
     * @throws IllegalArgumentException if the name is taken, empty or has a dot
     */
    protected final Buffer buffer(String partName, Tensor initial) {
        requirePart(partName, initial, "initial");
        Buffer b = new Buffer(partName, initial);
        declare(partName, b);
        return b;
    }

    private void declare(String partName, Object part) {
        if (partName.isEmpty() || partName.contains(".")) {
            throw new IllegalArgumentException(this + ": a part is called '" + partName
                    + "'; a name has at least one character, and no dot, which separates names in a path");
        }
        for (Model m = this; m != null; m = m.owner) {
            m.checked = false;
        }
        if (parts.putIfAbsent(partName, part) != null) {
            throw new IllegalArgumentException(this + ": there are two parts called " + partName);
        }
    }

    /**
     * Removes parts, as a setting that follows the constructor does: {@code new Linear(2, 3).withoutBias()}.
     *
     * @throws IllegalStateException if the parts may be in use: this model is part of another, or its parameters were
     *     asked for
     */
    final void undeclare(String setting, String... partNames) {
        requireUnused(setting);
        for (String partName : partNames) {
            parts.remove(partName);
        }
    }

    /** Draws a parameter by another initializer, now and at each {@link #initialize}, and returns its new variable. */
    final Node redeclare(String setting, String partName, Initializer initializer) {
        Parameter old = parameterAt(setting, partName);
        return redeclare(setting, partName, old.shape(), old.fans(), initializer);
    }

    /** Gives a parameter another shape as well; the fans are null if only the shape tells them. */
    final Node redeclare(String setting, String partName, Shape shape, Fans fans, Initializer initializer) {
        Objects.requireNonNull(initializer, () -> getClass().getSimpleName() + "." + setting + ": initializer is null");
        requireUnused(setting);
        parameterAt(setting, partName);
        Parameter p = new Parameter(partName, shape, fans, initializer);
        parts.replace(partName, p);
        return p.node();
    }

    private Parameter parameterAt(String setting, String partName) {
        if (!(parts.get(partName) instanceof Parameter p)) {
            throw new IllegalStateException(this + "." + setting + ": there is no " + partName);
        }
        return p;
    }

    /**
     * Declares a parameter of another model as one of this model too, and returns its variable. A model around both has
     * it once, by its first path.
     */
    final Node share(String partName, Model other, String otherName) {
        Parameter p = other.parameterAt("share", otherName);
        other.used = true; // a setting would declare another one
        return declare(p, partName);
    }

    /** Refuses a setting that comes too late. */
    final void requireUnused(String setting) {
        if (used || owner != null) {
            throw new IllegalStateException(this + "." + setting
                    + ": settings come first, before the layer is part of another or its parameters"
                    + " are asked for");
        }
    }

    private void requirePart(String partName, Object argument, String argumentName) {
        Objects.requireNonNull(partName, () -> this + ": partName is null");
        Objects.requireNonNull(argument, () -> this + ": part " + partName + ": " + argumentName + " is null");
    }

    private boolean contains(Model m) {
        return parts.values().stream().anyMatch(p -> p == m || (p instanceof Model inner && inner.contains(m)));
    }

    /** Names variables by their path, for errors and drawings. */
    private void nameParameters() {
        walk((path, part) -> {
            if (part instanceof Parameter p) {
                p.node().named(path);
            }
        });
    }

    // ---- computing

    /** Returns the output for an input; inner layers get the same pass. */
    @Override
    public abstract Node forward(Node x, Pass pass);

    /**
     * Returns the output for an input, evaluating.
     *
     * @throws IllegalStateException if this model needs the pass, and is called by a model that was given one, or in a
     *     training pass of a model around it
     */
    @Override
    public final Node forward(Node x) {
        Inputs.require(getClass().getSimpleName(), x);
        if (dependsOnPass() && (Pass.isTrainingHere() || Callers.haveAPass())) {
            throw new IllegalStateException((path() + " " + this).strip()
                    + ": it behaves differently in training, but was called without the pass; call forward(x, pass), or"
                    + " forward(x, Pass.evaluation()) if it is to evaluate always");
        }
        if (Cache.isInUse() && usesCache()) {
            throw new IllegalStateException(
                    (path() + " " + this).strip()
                            + ": it keeps what it needs for the next call in a cache, but was called without the pass; call forward(x, pass)");
        }
        return forward(x, Pass.evaluation());
    }

    /** Returns the value for an input, evaluating, without recording a graph: memory for one layer at a time. */
    public final Tensor predict(Tensor x) {
        Objects.requireNonNull(x, "predict: x is null");
        return NoGradient.run(() -> forward(Node.constant(x), Pass.evaluation()))
                .value();
    }

    /**
     * Returns whether this model may behave differently in training: by default if it has buffers, or an inner layer
     * does. A model of your own that draws from {@code pass.random} overrides this.
     */
    protected boolean dependsOnPass() {
        for (Object part : parts.values()) {
            if (part instanceof Buffer || (part instanceof Model m && m.dependsOnPass())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether this model keeps something in a {@link Cache} from call to call: by default if an inner layer does. A model of your own
     * that calls {@code pass.keep} overrides this; without the pass it is then refused while a cache is in use.
     */
    protected boolean usesCache() {
        return layers().values().stream().anyMatch(l -> l instanceof Model m && m.usesCache());
    }

    /**
     * Returns the path of this model from the outermost one that contains it, such as {@code 3.inner}; empty for that one.
     */
    protected final String path() {
        return owner == null ? "" : owner.path().isEmpty() ? name : owner.path() + "." + name;
    }

    // ---- parts by path

    /** Returns the inner layers by name, in the order of their declaration, those of inner layers not included. */
    public final Map<String, Layer> layers() {
        Map<String, Layer> inner = new LinkedHashMap<>();
        parts.forEach((partName, part) -> {
            if (part instanceof Layer l) {
                inner.put(partName, l);
            }
        });
        return Collections.unmodifiableMap(inner);
    }

    /** Returns the parameters that are trained, by path: all but the frozen ones, in the order of their declaration. */
    public final Map<String, Node> parameters() {
        Map<String, Node> trained = new LinkedHashMap<>();
        walkDeclared((path, part) -> {
            if (part instanceof Parameter p && !p.node().isFrozen()) {
                trained.put(path, p.node());
            }
        });
        return trained;
    }

    /** Returns all parameters by path, frozen ones included, in the order of their declaration. */
    public final Map<String, Node> allParameters() {
        Map<String, Node> all = new LinkedHashMap<>();
        walkDeclared((path, part) -> {
            if (part instanceof Parameter p) {
                all.put(path, p.node());
            }
        });
        return all;
    }

    /** Returns the values of all buffers, by path. */
    public final Map<String, Tensor> buffers() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        walkDeclared((path, part) -> {
            if (part instanceof Buffer b) {
                all.put(path, b.value());
            }
        });
        return all;
    }

    /** Returns the values of all parameters, frozen ones included, and of all buffers, by path. */
    public final Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        walkDeclared((path, part) -> {
            if (part instanceof Parameter p) {
                state.put(path, p.node().value());
            } else if (part instanceof Buffer b) {
                state.put(path, b.value());
            }
        });
        return state;
    }

    /**
     * Replaces the values of all parameters and buffers, by path. Nothing is changed unless everything matches.
     *
     * @throws IllegalArgumentException if a path is missing or unknown, or a shape or number type differs; it names them
     */
    public final void load(Map<String, Tensor> state) {
        Objects.requireNonNull(state, "load: state is null");
        state.forEach((path, t) -> Objects.requireNonNull(t, () -> "load: " + path + " is null"));
        Map<String, Tensor> own = state();
        List<String> wrong = new ArrayList<>();
        missing(own.keySet(), state.keySet()).forEach(path -> wrong.add(path + " is missing"));
        missing(state.keySet(), own.keySet()).forEach(path -> wrong.add(path + " is unknown to the model"));
        own.forEach((path, t) -> {
            Tensor other = state.get(path);
            if (other != null && (!other.shape().equals(t.shape()) || other.dtype() != t.dtype())) {
                wrong.add(path + " is " + other.dtype() + " " + other.shape() + ", the model's is " + t.dtype() + " "
                        + t.shape());
            }
        });
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("load: nothing was changed: " + String.join("; ", wrong));
        }
        walk((path, part) -> {
            if (part instanceof Parameter p) {
                p.node().assign(state.get(path));
            } else if (part instanceof Buffer b) {
                b.set(state.get(path));
            }
        });
    }

    private static Set<String> missing(Set<String> wanted, Set<String> found) {
        Set<String> rest = new TreeSet<>(wanted);
        rest.removeAll(found);
        return rest;
    }

    /**
     * Draws all parameters again, each from the random stream of the seed and its path, and resets the buffers: the same
     * seed gives the same values, bit for bit, everywhere.
     */
    public final void initialize(long seed) {
        walkDeclared((path, part) -> {
            if (part instanceof Parameter p) {
                p.initialize(RandomStream.of(seed, path));
            } else if (part instanceof Buffer b) {
                b.reset();
            }
        });
    }

    /** Returns the number type of the parameters and buffers, or null if there are none. */
    public final DType dtype() {
        requireDeclared();
        return firstType();
    }

    /** Reads no value of a parameter: one that was handed out is copied by the next step. */
    private DType firstType() {
        for (Object part : parts.values()) {
            DType type = null;
            if (part instanceof Parameter p) {
                type = p.node().dtype();
            } else if (part instanceof Buffer b) {
                type = b.value().dtype();
            } else if (part instanceof Model m) {
                type = m.firstType();
            }
            if (type != null) {
                return type;
            }
        }
        return null;
    }

    /** Converts all parameters and buffers to a number type. */
    public final void to(DType dtype) {
        Objects.requireNonNull(dtype, "to: dtype is null");
        walkDeclared((path, part) -> {
            if (part instanceof Parameter p) {
                p.to(dtype);
            } else if (part instanceof Buffer b) {
                b.to(dtype);
            }
        });
    }

    /**
     * Excludes parameters from training: graphs built from now on treat them as constants, and {@link #parameters} leaves
     * them out.
     *
     * @param paths of parameters or of inner layers, {@code "0"} or {@code "0.weight"}; all parameters if none is given
     * @throws IllegalArgumentException if nothing has such a path
     */
    public final void freeze(String... paths) {
        at("freeze", paths).forEach(p -> p.node().freeze());
    }

    /** Includes parameters in training again; the opposite of {@link #freeze}. */
    public final void unfreeze(String... paths) {
        at("unfreeze", paths).forEach(p -> p.node().unfreeze());
    }

    private List<Parameter> at(String what, String... paths) {
        Objects.requireNonNull(paths, () -> what + ": paths is null");
        Map<String, Parameter> all = new LinkedHashMap<>();
        walkDeclared((path, part) -> {
            if (part instanceof Parameter p) {
                all.put(path, p);
            }
        });
        if (paths.length == 0) {
            return List.copyOf(all.values());
        }
        List<Parameter> found = new ArrayList<>();
        for (String wanted : paths) {
            Objects.requireNonNull(wanted, () -> what + ": a path is null");
            int before = found.size();
            all.forEach((path, p) -> {
                if (path.equals(wanted) || path.startsWith(wanted + ".")) {
                    found.add(p);
                }
            });
            if (found.size() == before) {
                throw new IllegalArgumentException(
                        what + ": nothing is called " + wanted + "; there are " + all.keySet());
            }
        }
        return found;
    }

    /**
     * Returns what puts all buffers back to their present values. Parameters are left alone, as a gradient check moves
     * them between two evaluations.
     */
    @Override
    public final Runnable snapshot() {
        Map<Buffer, Tensor> values = new LinkedHashMap<>();
        walk((path, part) -> {
            if (part instanceof Buffer b) {
                values.put(b, b.value());
            }
        });
        return () -> values.forEach(Buffer::set);
    }

    /** Returns a table with a row for each layer: its path, its class, and the number of its parameters. */
    public final String summary() {
        requireDeclared();
        return Summary.of(this);
    }

    /**
     * Returns a table with a row for each layer: its path, its class, the shape of its output, the number of its
     * parameters, and its multiply-adds for one example. These are counted in matrix products, convolutions, recurrent
     * networks and attention; elementwise ops have none. What is inside a model of your own is in parentheses, as it is part
     * of that model's numbers; outputs are known where a {@link Sequential}, {@link Residual} or {@link Parallel} that was
     * given the pass computes them.
     *
     * @param example the shape of one example, without the batch axis: {@code [1, 28, 28]}
     */
    public final String summary(Shape example) {
        Objects.requireNonNull(example, "summary: example is null");
        requireDeclared();
        return Summary.of(this, example);
    }

    /**
     * Returns the table for a model that is called with several inputs: {@code model.summary(x -> model.forward(x[0],
     * x[1]), Shape.of(3), Shape.of(4))}.
     *
     * @param forward calls the model, evaluating, with inputs of zeros
     * @param examples the shapes of one example of each input, without the batch axis
     */
    public final String summary(Function<Node[], Node> forward, Shape... examples) {
        Objects.requireNonNull(forward, "summary: forward is null");
        Objects.requireNonNull(examples, "summary: examples is null");
        for (int i = 0; i < examples.length; i++) {
            int at = i;
            Objects.requireNonNull(examples[i], () -> "summary: examples[" + at + "] is null");
        }
        requireDeclared();
        return Summary.of(this, forward, examples);
    }

    /** Visits parameters, buffers and inner layers in the order of their declaration, each once, by path. */
    final void walk(BiConsumer<String, Object> visitor) {
        walk("", visitor, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private void walkDeclared(BiConsumer<String, Object> visitor) {
        requireDeclared();
        walk(visitor);
    }

    private void requireDeclared() {
        used = true;
        if (!checked) {
            Model outermost = this;
            while (outermost.owner != null) {
                outermost = outermost.owner;
            }
            Undeclared.check(this, outermost);
            checked = true;
        }
    }

    private void walk(String prefix, BiConsumer<String, Object> visitor, Set<Object> seen) {
        seen.add(this);
        parts.forEach((partName, part) -> {
            if (seen.add(part)) {
                visitor.accept(prefix + partName, part);
                if (part instanceof Model inner) {
                    inner.walk(prefix + partName + ".", visitor, seen);
                }
            }
        });
    }

    /** Returns the class's name, {@code Model} for an anonymous one; subclasses add their sizes. */
    @Override
    public String toString() {
        return getClass().isAnonymousClass() ? "Model" : getClass().getSimpleName();
    }
}
