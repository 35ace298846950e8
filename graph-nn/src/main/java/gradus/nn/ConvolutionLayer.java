package gradus.nn;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.nn.init.Fans;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import java.util.Objects;

/**
 * The settings and parameters of convolutions and transposed convolutions over 1, 2 or 3 axes. A setting changes the
 * layer itself and returns it; it comes before the layer is part of another or its parameters are asked for.
 *
 * @param <L> the class of the layer, which settings return
 */
abstract class ConvolutionLayer<L extends ConvolutionLayer<L>> extends Model {
    private static final String[] INPUTS = {"signals [n, %d, l]", "images [n, %d, h, w]", "volumes [n, %d, d, h, w]"};

    private final int in;
    private final int out;
    private final Ints kernel;
    private WindowOptions options;
    private Initializer weightInitializer;
    private Initializer biasInitializer;
    private Node weight;
    private Node bias;

    /** Declares the parameters; there is a number of the kernel for each axis. */
    ConvolutionLayer(int in, int out, WindowOptions options, int... kernel) {
        this.in = in;
        this.out = out;
        this.kernel = Ints.of(kernel);
        requireSizes();
        this.options = checked(options);
        this.weight = parameter("weight", weightShape(), fans(), byFan());
        this.bias = parameter("bias", Shape.of(out), byFan());
    }

    /** Returns the axes of the weight, without those of the kernel: {@code [out, in / groups]} for a convolution. */
    abstract int[] weightChannels(int in, int out, int groups);

    /** Returns the result; the bias is null if there is none. */
    abstract Node apply(Node x, Node w, Node b, WindowOptions windows);

    /** Returns what {@link #toString} shows after the options. */
    abstract String moreOptions();

    // ---- settings

    /** Removes the bias. Returns this layer. */
    public final L withoutBias() {
        undeclare("withoutBias", "bias");
        bias = null;
        return self();
    }

    /** Sets the stride: one number for all axes, or one for each; 1 by default. Returns this layer. */
    public final L stride(int... stride) {
        return with("stride", options.stride(stride));
    }

    /**
     * Sets the padding: one number for all sides; or one for each axis, in front and behind; or, for two axes or three,
     * two for each axis, as in {@code padding(top, bottom, left, right)}; 0 by default. Returns this layer.
     */
    public final L padding(int... padding) {
        return with("padding", options.padding(padding));
    }

    /** Sets the dilation: one number for all axes, or one for each; 1 by default. Returns this layer. */
    public final L dilation(int... dilation) {
        return with("dilation", options.dilation(dilation));
    }

    /**
     * Divides the channels into groups: each group of outputs depends on one group of inputs; 1 by default. The weights
     * are drawn again. Returns this layer.
     *
     * @throws IllegalArgumentException if the number does not divide the channels
     */
    public final L groups(int groups) {
        with("groups", options.groups(groups));
        redeclareWeight("groups");
        if (bias != null) {
            redeclareBias("groups");
        }
        return self();
    }

    /**
     * Draws the weight by an initializer, which is given the fans of one group: {@code in / groups} and {@code out /
     * groups}, times the elements of the kernel. (PyTorch's fan-out does not divide by the groups, and the two are the
     * other way round for transposed convolutions.) Returns this layer.
     */
    public final L weightInitializer(Initializer initializer) {
        weightInitializer =
                Objects.requireNonNull(initializer, () -> name() + ".weightInitializer: initializer is null");
        redeclareWeight("weightInitializer");
        return self();
    }

    /** Draws the bias by an initializer. Returns this layer. */
    public final L biasInitializer(Initializer initializer) {
        biasInitializer = Objects.requireNonNull(initializer, () -> name() + ".biasInitializer: initializer is null");
        redeclareBias("biasInitializer");
        return self();
    }

    /** Replaces the options. */
    final L with(String setting, WindowOptions newOptions) {
        requireUnused(setting);
        options = checked(newOptions);
        return self();
    }

    final WindowOptions options() {
        return options;
    }

    final int kernel(int axis) {
        return kernel.get(axis);
    }

    final int axes() {
        return kernel.size();
    }

    final String name() {
        return getClass().getSimpleName();
    }

    @SuppressWarnings("unchecked") // every subclass names itself
    final L self() {
        return (L) this;
    }

    private void redeclareWeight(String setting) {
        Initializer drawn = weightInitializer == null ? byFan() : weightInitializer;
        weight = redeclare(setting, "weight", weightShape(), fans(), drawn);
    }

    private void redeclareBias(String setting) {
        bias = redeclare(setting, "bias", biasInitializer == null ? byFan() : biasInitializer);
    }

    // ---- shapes

    private Shape weightShape() {
        int[] channels = weightChannels(in, out, options.groups());
        int[] dims = new int[axes() + 2];
        dims[0] = channels[0];
        dims[1] = channels[1];
        for (int i = 0; i < axes(); i++) {
            dims[i + 2] = kernel(i);
        }
        return Shape.of(dims);
    }

    /** Returns PyTorch's default, which takes the second axis of the weight, times the kernel, for the fan-in. */
    private Initializer byFan() {
        Shape s = weightShape();
        return Initializers.fanIn(s.size() / s.dim(0));
    }

    private Fans fans() {
        long elements = 1;
        for (int i = 0; i < axes(); i++) {
            elements *= kernel(i);
        }
        return new Fans(in / options.groups() * elements, out / options.groups() * elements);
    }

    private void requireSizes() {
        boolean positive = in >= 1 && out >= 1;
        for (int i = 0; i < axes(); i++) {
            positive &= kernel(i) >= 1;
        }
        if (!positive) {
            throw new IllegalArgumentException(name() + ": channels " + in + " and " + out + " and kernel "
                    + Windows.by(kernel) + " must be at least 1");
        }
    }

    private WindowOptions checked(WindowOptions o) {
        Objects.requireNonNull(o, () -> name() + ": options is null");
        Windows.requireAxes(name(), o, axes());
        if (o.ceilMode()) {
            throw new IllegalArgumentException(name() + ": a convolution has no ceilMode");
        }
        if (in % o.groups() != 0 || out % o.groups() != 0) {
            throw new IllegalArgumentException(
                    name() + ": " + o.groups() + " groups do not divide channels " + in + " and " + out);
        }
        return o;
    }

    @Override
    public final Node forward(Node x, Pass pass) {
        Inputs.require(name(), x, pass);
        Shape s = x.shape();
        if (s.rank() != axes() + 2 || s.dim(1) != in) {
            throw new OperandMismatch(
                    name(), "it takes " + INPUTS[axes() - 1].replace("%d", "" + in), x.label(), weight.label());
        }
        return apply(x, weight, bias, options);
    }

    @Override
    public final String toString() {
        if (weight == null) {
            return name(); // an error of the constructor
        }
        String more = options.equals(WindowOptions.DEFAULT) ? "" : " " + options;
        return name() + weight.shape() + more + moreOptions() + (bias == null ? " without bias" : "");
    }
}
