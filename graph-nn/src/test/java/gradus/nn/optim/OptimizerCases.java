package gradus.nn.optim;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Every optimizer, with each of its options: the rows of all tests of optimizers, and the model of optimizer_steps.py. */
final class OptimizerCases {
    static final double L2 = 0.03;

    private OptimizerCases() {}

    /** An optimizer by the name of its line in optimizer_steps.txt. */
    record Case(String name, Function<Map<String, Node>, Optimizer> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Case> ALL = List.of(
            new Case("sgd", p -> new Sgd(p, 0.1)),
            new Case("sgd l2", p -> new Sgd(p, 0.1).l2(L2)),
            new Case("sgd momentum", p -> new Sgd(p, 0.1, 0.9)),
            new Case(
                    "sgd dampening l2",
                    p -> new Sgd(p, 0.1).momentum(0.9).dampening(0.4).l2(L2)),
            new Case("sgd nesterov", p -> new Sgd(p, 0.1, 0.9).nesterov()),
            new Case("sgd decoupled", p -> new Sgd(p, 0.1, 0.9).weightDecay(L2)),
            new Case("momentum", p -> new Momentum(p, 0.1)),
            new Case(
                    "momentum l2",
                    p -> new Momentum(p).momentum(0.9).learningRate(0.1).l2(L2)),
            new Case("adagrad", p -> new AdaGrad(p)),
            new Case("adagrad options", p -> new AdaGrad(p, 0.1)
                    .learningRateDecay(0.05)
                    .initialAccumulator(0.5)
                    .epsilon(1e-3)
                    .l2(L2)),
            new Case("adagrad book", AdaGrad::book),
            new Case("rmsprop", p -> new RmsProp(p)),
            new Case(
                    "rmsprop alpha l2",
                    p -> new RmsProp(p).alpha(0.9).epsilon(1e-3).l2(L2)),
            new Case("rmsprop momentum", p -> new RmsProp(p, 0.01).momentum(0.9)),
            new Case("rmsprop centered", p -> new RmsProp(p).centered()),
            new Case(
                    "rmsprop centered momentum l2",
                    p -> new RmsProp(p).centered().momentum(0.5).l2(L2)),
            new Case("rmsprop book", RmsProp::book),
            new Case("adadelta", p -> new AdaDelta(p)),
            new Case(
                    "adadelta options",
                    p -> new AdaDelta(p, 0.5).rho(0.8).epsilon(1e-3).l2(L2)),
            new Case("adam", p -> new Adam(p)),
            new Case(
                    "adam betas l2",
                    p -> new Adam(p, 0.05).betas(0.5, 0.7).epsilon(1e-3).l2(L2)),
            new Case("adam amsgrad", p -> new Adam(p, 0.05).betas(0.9, 0.9).amsgrad()),
            new Case("adam decoupled", p -> new Adam(p, 0.05).weightDecay(L2)),
            new Case(
                    "adam group",
                    p -> new Adam(p, 0.05).l2(L2).group(path -> path.equals("bias"), g -> g.learningRateFactor(0.25))),
            new Case("adamw", p -> new AdamW(p)),
            new Case(
                    "adamw amsgrad",
                    p -> new AdamW(p, 0.05).betas(0.8, 0.9).amsgrad().weightDecay(0.1)),
            new Case("nadam", p -> new Nadam(p)),
            new Case("nadam options", p -> new Nadam(p, 0.05)
                    .betas(0.8, 0.9)
                    .epsilon(1e-3)
                    .momentumDecay(0.1)
                    .l2(L2)),
            new Case("radam", p -> new RAdam(p)),
            new Case(
                    "radam betas l2",
                    p -> new RAdam(p, 0.05).betas(0.8, 0.9).epsilon(1e-3).l2(L2)),
            new Case("radam short", p -> new RAdam(p, 0.01).betas(0.9, 0.5)),
            new Case("adamax", p -> new Adamax(p)),
            new Case(
                    "adamax betas l2",
                    p -> new Adamax(p, 0.05).betas(0.8, 0.9).epsilon(1e-3).l2(L2)),
            new Case("lion", p -> new Lion(p)),
            new Case(
                    "lion options",
                    p -> new Lion(p, 0.01).betas(0.8, 0.9).l2(L2).weightDecay(0.1)),
            new Case("adam lookahead", p -> new Adam(p, 0.05).lookahead(5, 0.3)));

    /** The model of the script: {@code weight [2, 3]} and {@code bias [3]}. */
    static Map<String, Node> parameters(DType dtype) {
        Map<String, Node> p = new LinkedHashMap<>();
        p.put("weight", Node.variable(grid(2, 3, 3, 5, 0, 7, 5).to(dtype)));
        p.put("bias", Node.variable(grid(1, 3, 0, 1, 0, 3, 4).reshape(3).to(dtype)));
        return p;
    }

    /** Returns the loss of a step, counted from 1. */
    static Node loss(Map<String, Node> p, int step) {
        DType dtype = p.get("weight").dtype();
        Node x = Node.constant(grid(4, 2, 7, 3, 5 * step, 11, 4).to(dtype));
        Node y = Node.constant(grid(4, 3, 5, 2, 3 * step, 7, 3).to(dtype));
        return x.matmul(p.get("weight"))
                .add(p.get("bias"))
                .tanh()
                .sub(y)
                .square()
                .mean();
    }

    private static Tensor grid(int rows, int columns, int a, int b, int c, int n, double scale) {
        double[] values = new double[rows * columns];
        Arrays.setAll(values, k -> ((a * (k / columns) + b * (k % columns) + c) % n - n / 2) / scale);
        return Tensor.of(Shape.of(rows, columns), values);
    }

    /** Takes a step, of gradients that may be changed before. */
    static void step(Optimizer optimizer, int step, UnaryOperator<Map<String, Tensor>> change) {
        Map<String, Node> p = optimizer.parameters();
        optimizer.step(change.apply(loss(p, step).backward().of(p)));
    }

    static void step(Optimizer optimizer, int step) {
        optimizer.step(loss(optimizer.parameters(), step).backward());
    }

    /** Returns the numbers of the weight and then of the bias. */
    static double[] numbers(Map<String, Tensor> p) {
        return Tensor.concat(0, p.get("weight").reshape(6), p.get("bias")).toDoubleArray();
    }

    static Map<String, Tensor> values(Map<String, Node> p) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        p.forEach((path, node) -> values.put(path, node.value()));
        return values;
    }

    /** Returns the lines of a file of numbers by their names. */
    static Map<String, double[]> lines(String file) {
        Map<String, double[]> lines = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(OptimizerCases.class.getResourceAsStream(file), file)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    lines.put(
                            line.substring(0, colon),
                            Arrays.stream(line.substring(colon + 2).split(" ", -1))
                                    .mapToDouble(Double::parseDouble)
                                    .toArray());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    /** Returns the numbers after some of the steps, one after another. */
    static double[] recorded(int[] steps, IntFunction<double[]> afterStep) {
        double[] all = {};
        for (int step = 1; step <= steps[steps.length - 1]; step++) {
            double[] now = afterStep.apply(step);
            if (Arrays.binarySearch(steps, step) >= 0) {
                double[] longer = Arrays.copyOf(all, all.length + now.length);
                System.arraycopy(now, 0, longer, all.length, now.length);
                all = longer;
            }
        }
        return all;
    }
}
