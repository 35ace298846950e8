package gradus.bench.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * PyTorch through DJL. Training is written with DJL's arrays; its optimizers are PyTorch's own code, one call per parameter.
 * Arrays are closed explicitly, or by a scope where that is not slower.
 */
public final class TorchPeer implements Peer {
    private final NDManager manager;

    public TorchPeer() {
        System.setProperty("ai.djl.offline", "true");
        manager = NDManager.newBaseManager();
    }

    @Override
    public String version() {
        return "PyTorch " + Engine.getInstance().getVersion() + " (DJL " + Engine.getDjlVersion() + ")";
    }

    @Override
    public void threads(int n) {
        ai.djl.pytorch.jni.JniUtils.setNumThreads(n);
    }

    @Override
    public Step step(Task task, double rate) {
        if (task instanceof Task.Chain c && c.forward()) {
            return new Chain(c.length());
        } else if (task instanceof Task.Training t) {
            return new Training(t, (float) rate);
        } else if (task instanceof Task.Product p) {
            NDArray a = array(p.single(), 1, p.n(), p.n());
            NDArray b = array(p.single(), 2, p.n(), p.n());
            return new Single(() -> a.matMul(b));
        } else if (task instanceof Task.Elements e) {
            int[] shape = e.function() == Task.Function.SOFTMAX
                    ? new int[] {e.n() / Task.Elements.ROW, Task.Elements.ROW}
                    : new int[] {e.n()};
            NDArray x = array(e.single(), 1, shape);
            NDArray x2 = array(e.single(), 2, shape);
            return switch (e.function()) {
                case EXP -> new Single(x::exp);
                case TANH -> new Single(x::tanh);
                case SOFTMAX -> new Single(() -> x.softmax(1));
                case SUM -> new Single(x::sum);
                case ADD -> new Single(() -> x.add(x2));
            };
        }
        throw new UnsupportedOperationException(task.toString());
    }

    private NDArray array(boolean single, int seed, int... dims) {
        Shape shape = shape(dims);
        int n = (int) shape.size();
        return single
                ? manager.create(InputData.floats(n, seed, 1), shape)
                : manager.create(InputData.doubles(n, seed, 1), shape);
    }

    private static Shape shape(int... dims) {
        long[] d = new long[dims.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = dims[i];
        }
        return new Shape(d);
    }

    /** A new array from given ones, closed when the next is made. */
    private static final class Single implements Step {
        private final Supplier<NDArray> making;
        private NDArray y;

        Single(Supplier<NDArray> making) {
            this.making = making;
        }

        @Override
        public Object run() {
            if (y != null) {
                y.close();
            }
            y = making.get();
            return y;
        }

        @Override
        public double[] result() {
            NDArray all = y.toType(DataType.FLOAT64, true).flatten();
            double[] values = all.toDoubleArray();
            all.close();
            return Results.of(values);
        }
    }

    private final class Chain implements Step {
        private final int length;
        private final NDArray x = manager.create(1.0);
        private final NDArray w;
        private NDArray y = manager.create(0.0);

        Chain(int length) {
            this.length = length;
            w = manager.create(InputData.factor(length));
            w.setRequiresGradient(true);
        }

        @Override
        public Object run() {
            try (NDArray old = w.getGradient();
                    GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                old.muli(0);
                y.close();
                y = x.mul(w);
                for (int i = 1; i < length; i++) {
                    NDArray next = y.mul(w);
                    y.close();
                    y = next;
                }
                gradients.backward(y);
                return y;
            }
        }

        @Override
        public double[] result() {
            return new double[] {y.getDouble(), w.getGradient().getDouble()};
        }
    }

    private final class Training implements Step {
        private final Task.Training task;
        private final NDArray x;
        private final NDArray classes;
        private final List<NDArray> parameters = new ArrayList<>();
        private final Optimizer optimizer;
        private NDArray loss = manager.create(0f);

        Training(Task.Training task, float rate) {
            this.task = task;
            x = array(true, InputData.INPUT, task.input());
            int[] c = InputData.classes(task.batch(), task.classes());
            long[] index = new long[c.length];
            for (int i = 0; i < c.length; i++) {
                index[i] = c[i];
            }
            classes = manager.create(index, new Shape(c.length, 1));
            if (task.convolution()) {
                int k = Task.Training.KERNEL;
                parameter(new Shape(Task.Training.FILTERS, 1, k, k), k * k, false);
                parameter(new Shape(Task.Training.FILTERS), k * k, false);
            }
            int[] s = task.sizes();
            for (int i = 0; i + 1 < s.length; i++) {
                parameter(new Shape(s[i], s[i + 1]), s[i], true);
                parameter(new Shape(s[i + 1]), s[i], false);
            }
            Tracker fixed = Tracker.fixed(rate);
            optimizer = task.adam()
                    ? Optimizer.adam().optLearningRateTracker(fixed).build()
                    : Optimizer.sgd().setLearningRateTracker(fixed).build();
        }

        /** PyTorch's linear layers store their weights transposed. */
        private void parameter(Shape shape, int fanIn, boolean transposed) {
            float[] drawn = InputData.floats((int) shape.size(), parameters.size() + 1, 1 / Math.sqrt(fanIn));
            NDArray p = transposed
                    ? manager.create(
                            InputData.transposed(drawn, (int) shape.get(0), (int) shape.get(1)),
                            new Shape(shape.get(1), shape.get(0)))
                    : manager.create(drawn, shape);
            p.setRequiresGradient(true);
            parameters.add(p);
        }

        @Override
        public Object run() {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                loss.close();
                try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                    loss = loss();
                    gradients.backward(loss);
                }
                NDScope.unregister(loss);
            }
            // outside the scope, which would close the optimizer's state
            for (int i = 0; i < parameters.size(); i++) {
                NDArray p = parameters.get(i);
                try (NDArray gradient = p.getGradient()) {
                    optimizer.update(Integer.toString(i), p, gradient);
                }
            }
            return loss;
        }

        private NDArray loss() {
            NDArray h = x;
            int next = 0;
            if (task.convolution()) {
                Shape one = new Shape(1, 1);
                Shape pool = new Shape(Task.Training.POOL, Task.Training.POOL);
                h = only(h.getNDArrayInternal()
                        .convolution(h, parameters.get(0), parameters.get(1), one, new Shape(0, 0), one, 1));
                h = h.getNDArrayInternal().relu();
                h = h.getNDArrayInternal().maxPool(pool, pool, new Shape(0, 0), false);
                h = h.reshape(task.batch(), task.sizes()[0]);
                next = 2;
            }
            for (; next < parameters.size(); next += 2) {
                h = only(h.getNDArrayInternal().linear(h, parameters.get(next), parameters.get(next + 1)));
                h = next + 2 < parameters.size() ? h.getNDArrayInternal().relu() : h;
            }
            return h.logSoftmax(1).gather(classes, 1).mean().neg();
        }

        private NDArray only(NDList list) {
            return list.singletonOrThrow();
        }

        @Override
        public double[] result() {
            return new double[] {loss.getFloat()};
        }
    }
}
