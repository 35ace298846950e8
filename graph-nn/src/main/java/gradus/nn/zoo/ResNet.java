package gradus.nn.zoo;

import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Conv2d;
import gradus.nn.GlobalAvgPool;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Residual;
import gradus.nn.Sequential;
import gradus.nn.init.He;
import java.util.ArrayList;
import java.util.List;

/**
 * A residual network for small images (He et al. 2016, section 4.2, for CIFAR-10): {@code [n, channels, h, w] -> [n, classes]}. A convolution to 16
 * channels, three stages of blocks with 16, 32 and 64 channels, the mean over the image, and a linear layer. The first block of the second
 * and third stage halves the image. With b blocks a stage it has 6 b + 2 layers: {@code ResNet.cifar(20)} has 3 blocks.
 *
 * <p>Where a block changes the shape, its shortcut takes every second element and fills the new channels with 0, option A of the paper, which
 * has no parameters.
 */
public final class ResNet extends Model {
    private final Sequential layers;

    /** Returns the network for images of three channels and 10 classes, by its number of layers: 20, 32, 44, 56, 110. */
    public static ResNet cifar(int depth) {
        if (depth < 8 || depth % 6 != 2) {
            throw new IllegalArgumentException(
                    "ResNet.cifar: depth " + depth + " must be 6 b + 2 for b blocks a stage, as 20");
        }
        return new ResNet(3, (depth - 2) / 6, 10);
    }

    /** Returns a network for images of so many channels, with so many blocks a stage. */
    public ResNet(int channels, int blocks, int classes) {
        if (blocks < 1) {
            throw new IllegalArgumentException("ResNet: blocks " + blocks + " must be at least 1");
        }
        List<Layer> all = new ArrayList<>();
        all.add(convolution(channels, 16, 1));
        all.add(new BatchNorm(16));
        all.add(Node::relu);
        int in = 16;
        for (int out : new int[] {16, 32, 64}) {
            for (int i = 0; i < blocks; i++) {
                all.add(block(in, out));
                in = out;
            }
        }
        all.add(new GlobalAvgPool());
        all.add(new Linear(64, classes));
        layers = layer("layers", Sequential.of(all.toArray(Layer[]::new)));
    }

    private static Conv2d convolution(int in, int out, int stride) {
        return new Conv2d(in, out, 3).stride(stride).padding(1).withoutBias().weightInitializer(He.normal());
    }

    /** Returns {@code y = relu(f(x) + shortcut(x))}, where f is two convolutions of 3 x 3, each followed by batch normalisation. */
    private static Layer block(int in, int out) {
        Sequential f = Sequential.of(
                convolution(in, out, out / in),
                new BatchNorm(out),
                Node::relu,
                convolution(out, out, 1),
                new BatchNorm(out));
        return Sequential.of(
                in == out ? new Residual(f) : new Residual(f, x -> halved(x).pad(1, 0, out - in)), Node::relu);
    }

    /** Returns every second row and column of images. */
    private static Node halved(Node x) {
        return x.slice(2, 0, x.shape().dim(2), 2).slice(3, 0, x.shape().dim(3), 2);
    }

    @Override
    public Node forward(Node x, Pass pass) {
        return layers.forward(x, pass);
    }
}
