package gradus.graph;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * The result of one call in PyTorch: a line of a fixture, which {@code fixtures.py} writes and {@code cases.py} describes.
 *
 * @param cotangent the gradient of the output, or null if it has none
 * @param gradients those of the inputs; null for an input that can have none
 */
record TorchCase(
        String line, String call, List<Tensor> inputs, Tensor output, Tensor cotangent, List<Tensor> gradients) {
    private static final Pattern LINE = Pattern.compile(
            "(?<type>float32 )?(?<call>[^|]*) \\| (?<in>[^>]*) >(?<out>[^*]*?)(?: \\*(?<gy>[^<]*) <(?<gx>.*))?");

    private static final Pattern MASK = Pattern.compile("\\)\\.(?:where|maskedBy)\\(in(\\d)");

    /**
     * An element whose value differs from PyTorch's.
     *
     * @param part {@code output}, {@code gradient of in0} and so on, or {@code refused} if we throw
     */
    record Finding(TorchCase of, String part, int index, double ours, double theirs) {
        /** Returns the element of an input at this index; NaN if there is none. */
        double x(int input) {
            Tensor x = of.inputs().get(input);
            return index < x.size() ? x.toDoubleArray()[index] : Double.NaN;
        }

        /** Returns whether a condition holds for some element of the first input. */
        boolean any(DoublePredicate condition) {
            return DoubleStream.of(of.inputs().get(0).toDoubleArray()).anyMatch(condition);
        }

        /** Returns whether the mask of the chain's last call hides this element. */
        boolean hidden() {
            Matcher m = MASK.matcher(of.call());
            return m.find() && x(Integer.parseInt(m.group(1))) == 0;
        }

        /** Returns whether the values agree to a relative tolerance. */
        boolean near(double tolerance) {
            return Math.abs(ours - theirs) <= tolerance * Math.abs(ours);
        }

        /** Returns whether this is about a gradient. */
        boolean gradient() {
            return part.startsWith("gradient");
        }

        @Override
        public String toString() {
            String line = of.line().length() > 160 ? of.line().substring(0, 160) + " .." : of.line();
            return line + "\n    " + part + "[" + index + "]: ours " + ours + ", PyTorch's " + theirs;
        }
    }

    /** Returns every case of a family, the name of a file. */
    static List<TorchCase> read(String family) {
        try (InputStream in = TorchCase.class.getResourceAsStream("pytorch/" + family + ".txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().map(TorchCase::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TorchCase parse(String line) {
        Matcher m = LINE.matcher(line);
        if (!m.matches()) {
            throw new IllegalStateException("no case: " + line);
        }
        DType dtype = m.group("type") == null ? DType.FLOAT64 : DType.FLOAT32;
        List<Tensor> inputs = Arrays.stream(m.group("in").split(" \\| ", -1))
                .map(text -> tensor(text, dtype))
                .toList();
        Tensor output = tensor(m.group("out").strip(), dtype);
        List<Tensor> gradients = new ArrayList<>();
        if (m.group("gy") == null) {
            return new TorchCase(line, m.group("call"), inputs, output, null, gradients);
        }
        String[] words = m.group("gx").split("\\|", -1);
        for (int i = 0; i < inputs.size(); i++) {
            String text = words[i].strip();
            gradients.add(text.equals("-") ? null : Tensor.of(inputs.get(i).shape(), numbers(text)));
        }
        Tensor cotangent = Tensor.of(output.shape(), numbers(m.group("gy").strip()));
        return new TorchCase(line, m.group("call"), inputs, output, cotangent, gradients);
    }

    /** Returns the name of the function that the line is about, the first of the chain, kept axes or not. */
    String op() {
        return call.substring(0, call.indexOf('(')).replace("KeepDims", "");
    }

    /** Returns the methods that the call uses. */
    List<Method> methods(List<Class<?>> topics) {
        return new TorchCall(call, topics).methods(nodes());
    }

    /**
     * Evaluates the call and returns every element that differs.
     *
     * @throws UnsupportedOperationException if there is no such method
     */
    List<Finding> findings(List<Class<?>> topics) {
        return findings(topics, TorchDifferences.bound(this));
    }

    /** Returns every element that differs by more than a tolerance. */
    List<Finding> findings(List<Class<?>> topics, TorchDifferences.Bound bound) {
        List<Finding> found = new ArrayList<>();
        Node[] in = nodes();
        Object y;
        try {
            y = new TorchCall(call, topics).run(in);
        } catch (IllegalArgumentException refused) {
            return List.of(new Finding(this, "refused", 0, Double.NaN, Double.NaN));
        }
        compare(found, "output", y instanceof Node n ? n.value() : (Tensor) y, output, bound);
        if (cotangent != null && found.stream().noneMatch(f -> f.part.equals("shape"))) {
            Node[] g = Derivatives.gradients((Node) y, Node.constant(cotangent), false, in);
            for (int i = 0; i < in.length; i++) {
                if (gradients.get(i) != null) {
                    compare(found, "gradient of in" + i, g[i].value(), gradients.get(i), bound);
                }
            }
        }
        return found;
    }

    /** Returns the inputs as nodes, variables unless they can have no gradient. */
    private Node[] nodes() {
        Node[] in = new Node[inputs.size()];
        for (int i = 0; i < in.length; i++) {
            boolean fixed = cotangent == null || gradients.get(i) == null;
            in[i] = fixed ? Node.constant(inputs.get(i)) : Node.variable(inputs.get(i));
        }
        return in;
    }

    private void compare(List<Finding> found, String part, Tensor ours, Tensor theirs, TorchDifferences.Bound bound) {
        if (!ours.shape().equals(theirs.shape())) {
            found.add(new Finding(this, "shape", 0, ours.size(), theirs.size()));
            return;
        }
        double[] a = ours.toDoubleArray();
        double[] b = theirs.toDoubleArray();
        for (int i = 0; i < a.length; i++) {
            if (!agree(a[i], b[i], bound) || (part.equals("output") && signsDiffer(a[i], b[i]))) {
                found.add(new Finding(this, part, i, a[i], b[i]));
            }
        }
    }

    private static boolean agree(double a, double b, TorchDifferences.Bound bound) {
        double within = Math.max(bound.absolute(), bound.relative() * Math.min(Math.abs(a), Math.abs(b)));
        return a == b || (Double.isNaN(a) && Double.isNaN(b)) || Math.abs(a - b) <= within;
    }

    private static boolean signsDiffer(double a, double b) {
        return a == 0 && b == 0 && Math.copySign(1, a) != Math.copySign(1, b);
    }

    private static Tensor tensor(String text, DType dtype) {
        int end = text.indexOf(']') + 1;
        return Tensor.of(
                        shape(text.substring(0, end)),
                        numbers(text.substring(end).strip()))
                .to(dtype);
    }

    /** Reads {@code [2,3]}. */
    static Shape shape(String text) {
        String sizes = text.substring(1, text.length() - 1);
        return sizes.isEmpty()
                ? Shape.SCALAR
                : Shape.of(Arrays.stream(sizes.split(",", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    private static double[] numbers(String text) {
        return text.isEmpty()
                ? new double[0]
                : Arrays.stream(text.split(" ", -1))
                        .mapToDouble(TorchCase::number)
                        .toArray();
    }

    /** Reads a number as Python writes it. */
    static double number(String word) {
        return switch (word) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(word);
        };
    }
}
