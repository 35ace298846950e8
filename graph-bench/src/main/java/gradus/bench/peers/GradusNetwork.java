package gradus.bench.peers;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Embedding;
import gradus.nn.Linear;
import gradus.nn.Lstm;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.nn.zoo.Gpt;
import gradus.nn.zoo.LeNet5;
import gradus.nn.zoo.ResNet;
import gradus.nn.zoo.Sampling;
import gradus.ops.Losses;

/** A network of the zoo, trained or generating. */
final class GradusNetwork implements Step {
    private final Task.Net net;
    private final Model model;
    private final Optimizer optimizer;
    private final Node x;
    private final Node target;
    private Node loss;
    private int[] tokens;
    private int step;

    GradusNetwork(Task.Net net, double rate) {
        this.net = net;
        int classes = net.classes();
        model = switch (net) {
            case LENET -> new LeNet5();
            case RESNET20 -> ResNet.cifar(20);
            case LSTM -> Sequential.of(new Embedding(classes, 128), new Lstm(128, 128), new Linear(128, classes));
            case GPT, GENERATE -> new Gpt(classes, 128, 128, 4, 4);
            case SMALL_GPT -> new Gpt(classes, 16, 16, 4, 1);
        };
        model.to(DType.FLOAT32);
        int seed = 1;
        for (var e : model.parameters().entrySet()) {
            Shape s = e.getValue().shape();
            if (s.rank() > 1) {
                int fanIn = s.rank() == 2 ? s.dim(0) : s.size() / s.dim(0);
                e.getValue().assign(GradusPeer.tensor(true, seed++, 1 / Math.sqrt(fanIn), s));
            } else {
                double value = e.getKey().endsWith("gamma") ? 1 : 0;
                e.getValue().assign(Tensor.full(s, value, DType.FLOAT32));
            }
        }
        Shape input = Shape.of(net.input());
        x = Node.constant(
                net.readsTokens()
                        ? indices(input, InputData.INPUT)
                        : GradusPeer.tensor(true, InputData.INPUT, 1, input));
        target = Node.constant(indices(net.readsTokens() ? input : Shape.of(input.dim(0)), InputData.CLASSES));
        optimizer = net.readsTokens() ? new Adam(model.parameters(), rate) : new Sgd(model.parameters(), rate);
    }

    private Tensor indices(Shape shape, int seed) {
        double[] y = new double[shape.size()];
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.floor((InputData.at(i, seed) + 1) / 2 * net.classes());
        }
        return Tensor.of(shape, y);
    }

    @Override
    public Object run() {
        if (net == Task.Net.GENERATE) {
            tokens = ((Gpt) model)
                    .generate(new int[] {1}, Task.Net.GENERATED, Sampling.GREEDY, RandomStream.of(0, "none"));
            return tokens;
        }
        loss = Losses.softmaxCrossEntropy(model.forward(x, Pass.training(1, step++)), target);
        optimizer.step(loss.backward());
        return loss;
    }

    @Override
    public double[] result() {
        return net == Task.Net.GENERATE ? new double[] {tokens[1], tokens[2], tokens[10]} : new double[] {loss.item()};
    }
}
