package gradus.bench.peers;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.Workers;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.Conv2d;
import gradus.nn.Flatten;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.MaxPool2d;
import gradus.nn.Sequential;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.ops.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Gradus, through its public API. */
public final class GradusPeer implements Peer {
    @Override
    public String version() {
        return "Gradus";
    }

    @Override
    public void threads(int n) {
        Workers.use(n);
    }

    @Override
    public Step step(Task task, double rate) {
        if (task instanceof Task.Chain c) {
            return new Chain(c);
        } else if (task instanceof Task.Training t) {
            return new Training(t, rate);
        } else if (task instanceof Task.Product p) {
            Tensor a = tensor(p.single(), 1, 1, Shape.of(p.n(), p.n()));
            Tensor b = tensor(p.single(), 2, 1, Shape.of(p.n(), p.n()));
            return new Single(() -> a.matmul(b));
        } else if (task instanceof Task.Elements e) {
            Shape shape = e.function() == Task.Function.SOFTMAX
                    ? Shape.of(e.n() / Task.Elements.ROW, Task.Elements.ROW)
                    : Shape.of(e.n());
            Node x = Node.constant(tensor(e.single(), 1, 1, shape));
            Node x2 = Node.constant(tensor(e.single(), 2, 1, shape));
            Supplier<Node> f =
                    switch (e.function()) {
                        case EXP -> x::exp;
                        case TANH -> x::tanh;
                        case SOFTMAX -> () -> x.softmax(1);
                        case SUM -> x::sum;
                        case ADD -> () -> x.add(x2);
                    };
            return new Single(() -> f.get().value());
        }
        if (task instanceof Task.Network n) {
            return new GradusNetwork(n.net(), rate);
        }
        if (task instanceof Task.Operation o) {
            return new GradusOperation(o);
        }
        throw new UnsupportedOperationException(task.toString());
    }

    static Tensor tensor(boolean single, int seed, double scale, Shape shape) {
        int n = (int) shape.size();
        return single
                ? Tensor.of(shape, InputData.floats(n, seed, scale))
                : Tensor.of(shape, InputData.doubles(n, seed, scale));
    }

    /** A new tensor from given ones. */
    private static final class Single implements Step {
        private final Supplier<Tensor> making;
        private Tensor y;

        Single(Supplier<Tensor> making) {
            this.making = making;
        }

        @Override
        public Object run() {
            y = making.get();
            return y;
        }

        @Override
        public double[] result() {
            return Results.of(y.toDoubleArray());
        }
    }

    private static final class Chain implements Step {
        private final Task.Chain task;
        private final Node w = Node.variable(1.0);
        private final Node built;
        private Node y;
        private Gradients gradients;

        Chain(Task.Chain task) {
            this.task = task;
            w.assign(Tensor.of(InputData.factor(task.length())));
            built = task.forward() ? null : forward();
        }

        private Node forward() {
            Node h = Node.constant(1.0);
            for (int i = 0; i < task.length(); i++) {
                h = h.mul(w);
            }
            return h;
        }

        @Override
        public Object run() {
            y = task.forward() ? forward() : built;
            gradients = y.backward();
            return gradients;
        }

        @Override
        public double[] result() {
            return new double[] {y.item(), gradients.of(w).item()};
        }
    }

    private static final class Training implements Step {
        private final Sequential model;
        private final Node x;
        private final int[] classes;
        private final Optimizer optimizer;
        private Node loss;

        Training(Task.Training task, double rate) {
            model = Sequential.of(layers(task).toArray(Layer[]::new));
            model.to(DType.FLOAT32);
            int seed = 1;
            for (Map.Entry<String, Node> p : model.parameters().entrySet()) {
                Shape s = p.getValue().shape();
                double scale = 1 / Math.sqrt(fanIn(task, seed));
                p.getValue().assign(tensor(true, seed, scale, s));
                seed++;
            }
            x = Node.constant(tensor(true, InputData.INPUT, 1, Shape.of(task.input())));
            classes = InputData.classes(task.batch(), task.classes());
            optimizer = task.adam() ? new Adam(model.parameters(), rate) : new Sgd(model.parameters(), rate);
        }

        /** Returns the fan-in of a parameter's layer; seeds number the parameters from 1. */
        private static int fanIn(Task.Training task, int seed) {
            int layer = (seed - 1) / 2 - (task.convolution() ? 1 : 0);
            return layer < 0 ? Task.Training.KERNEL * Task.Training.KERNEL : task.sizes()[layer];
        }

        private static List<Layer> layers(Task.Training task) {
            List<Layer> layers = new ArrayList<>();
            if (task.convolution()) {
                layers.add(new Conv2d(1, Task.Training.FILTERS, Task.Training.KERNEL));
                layers.add(Node::relu);
                layers.add(new MaxPool2d(Task.Training.POOL));
                layers.add(new Flatten());
            }
            int[] s = task.sizes();
            for (int i = 0; i + 1 < s.length; i++) {
                if (i > 0) {
                    layers.add(Node::relu);
                }
                layers.add(new Linear(s[i], s[i + 1]));
            }
            return layers;
        }

        @Override
        public Object run() {
            loss = Losses.softmaxCrossEntropy(model.forward(x), classes);
            optimizer.step(loss.backward());
            return loss;
        }

        @Override
        public double[] result() {
            return new double[] {loss.item()};
        }
    }
}
