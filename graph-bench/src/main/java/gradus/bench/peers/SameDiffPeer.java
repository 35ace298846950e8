package gradus.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

/** SameDiff, on ND4J's arrays in native memory; training is its {@code fit} on one batch. */
public final class SameDiffPeer implements Peer {
    @Override
    public String version() {
        return "SameDiff " + Results.version(Nd4j.class);
    }

    @Override
    public void threads(int n) {
        Nd4j.getEnvironment().setMaxThreads(n);
        Nd4j.getEnvironment().setMaxMasterThreads(n);
    }

    @Override
    public Step step(Task task, double rate) {
        if (task instanceof Task.Training t) {
            return new Training(t, rate);
        } else if (task instanceof Task.Product p) {
            INDArray a = array(p.single(), 1, 1, p.n(), p.n());
            INDArray b = array(p.single(), 2, 1, p.n(), p.n());
            return new Single(() -> a.mmul(b));
        } else if (task instanceof Task.Elements e) {
            long[] shape = e.function() == Task.Function.SOFTMAX
                    ? new long[] {e.n() / Task.Elements.ROW, Task.Elements.ROW}
                    : new long[] {e.n()};
            INDArray x = array(e.single(), 1, 1, shape);
            INDArray x2 = array(e.single(), 2, 1, shape);
            return switch (e.function()) {
                case EXP -> new Single(() -> Transforms.exp(x, true));
                case TANH -> new Single(() -> Transforms.tanh(x, true));
                case SOFTMAX -> new Single(() -> Transforms.softmax(x, true));
                case SUM -> new Single(x::sum);
                case ADD -> new Single(() -> x.add(x2));
            };
        }
        throw new UnsupportedOperationException(task.toString());
    }

    private static INDArray array(boolean single, int seed, double scale, long... shape) {
        int n = 1;
        for (long d : shape) {
            n *= (int) d;
        }
        return single
                ? Nd4j.create(InputData.floats(n, seed, scale), shape, 'c')
                : Nd4j.create(InputData.doubles(n, seed, scale), shape, 'c');
    }

    /** A new array from given ones, closed when the next is made. */
    private static final class Single implements Step {
        private final Supplier<INDArray> making;
        private INDArray y;

        Single(Supplier<INDArray> making) {
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
            return Results.of(y.castTo(DataType.DOUBLE).dup('c').ravel().toDoubleVector());
        }
    }

    private static final class Training implements Step {
        private final SameDiff graph = SameDiff.create();
        private final List<INDArray> arrays = new ArrayList<>();
        private final SingletonDataSetIterator batch;
        private final Map<String, INDArray> placeholders;
        private double next;

        Training(Task.Training task, double rate) {
            int n = task.batch();
            int[] in = task.input();
            long[] shape = new long[in.length];
            for (int i = 0; i < in.length; i++) {
                shape[i] = in[i];
            }
            INDArray onehot = Nd4j.zeros(DataType.FLOAT, n, task.classes());
            int[] classes = InputData.classes(n, task.classes());
            for (int i = 0; i < n; i++) {
                onehot.putScalar(i, classes[i], 1);
            }
            INDArray x = array(true, InputData.INPUT, 1, shape);
            placeholders = Map.of("x", x, "y", onehot);
            batch = new SingletonDataSetIterator(new DataSet(x, onehot));
            SDVariable logits = logits(task, graph.placeHolder("x", DataType.FLOAT, shape));
            SDVariable y = graph.placeHolder("y", DataType.FLOAT, n, task.classes());
            graph.setLossVariables(graph.loss.softmaxCrossEntropy("loss", y, logits, null));
            graph.setTrainingConfig(new TrainingConfig.Builder()
                    .updater(task.adam() ? new Adam(rate) : new Sgd(rate))
                    .dataSetFeatureMapping("x")
                    .dataSetLabelMapping("y")
                    .build());
            next = loss();
        }

        private double loss() {
            return graph.output(placeholders, "loss").get("loss").getDouble();
        }

        private SDVariable parameter(int fanIn, long... shape) {
            INDArray p = array(true, arrays.size() + 1, 1 / Math.sqrt(fanIn), shape);
            arrays.add(p);
            return graph.var("p" + arrays.size(), p);
        }

        private SDVariable logits(Task.Training task, SDVariable x) {
            SDVariable h = x;
            if (task.convolution()) {
                h = convolution(task, x);
            }
            int[] s = task.sizes();
            for (int i = 0; i + 1 < s.length; i++) {
                h = i == 0 ? h : graph.nn.relu(h, 0);
                h = graph.nn.linear(h, parameter(s[i], s[i], s[i + 1]), parameter(s[i], s[i + 1]));
            }
            return h;
        }

        private SDVariable convolution(Task.Training task, SDVariable x) {
            int k = Task.Training.KERNEL;
            int pool = Task.Training.POOL;
            int filters = Task.Training.FILTERS;
            // its weights are [kh, kw, in, out]; ours, with one channel in, [out, 1, kh, kw]
            float[] drawn = InputData.transposed(InputData.floats(filters * k * k, 1, 1.0 / k), filters, k * k);
            INDArray w = Nd4j.create(drawn, new long[] {k, k, 1, filters}, 'c');
            arrays.add(w);
            SDVariable weight = graph.var("p1", w);
            SDVariable bias = parameter(k * k, filters);
            Conv2DConfig valid = Conv2DConfig.builder()
                    .kH(k)
                    .kW(k)
                    .sH(1)
                    .sW(1)
                    .paddingMode(PaddingMode.VALID)
                    .dataFormat(Conv2DConfig.NCHW)
                    .build();
            Pooling2DConfig maximum = Pooling2DConfig.builder()
                    .kH(pool)
                    .kW(pool)
                    .sH(pool)
                    .sW(pool)
                    .paddingMode(PaddingMode.VALID)
                    .isNHWC(false)
                    .build();
            SDVariable h = graph.nn.relu(graph.cnn.conv2d(x, weight, bias, valid), 0);
            return graph.cnn.maxPooling2d(h, maximum).reshape(task.batch(), task.sizes()[0]);
        }

        @Override
        public Object run() {
            batch.reset();
            return graph.fit(batch, 1);
        }

        /** Returns the loss before the last step, as the others do; SameDiff computes it only by a separate call. */
        @Override
        public double[] result() {
            double before = next;
            next = loss();
            return new double[] {before};
        }
    }
}
