package gradus.nn.zoo;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.ops.BinaryCrossEntropyOptions;
import gradus.ops.Losses;
import gradus.ops.Reduction;
import java.util.Arrays;
import java.util.Objects;

/**
 * A variational autoencoder (Kingma and Welling 2014) of inputs from 0 to 1, {@code [n, in] -> [n, in]}: the encoder gives mean and log variance of
 * a normal distribution of codes, the decoder the logits of the input. In training the code is drawn, {@code mean + exp(logVar / 2) e} with
 * e from N(0, 1); in evaluation it is the mean.
 *
 * <p>After training, {@link #generate} decodes codes from N(0, 1): new examples.
 */
public final class VariationalAutoencoder extends Model {
    private final Mlp encoder;
    private final Linear mean;
    private final Linear logVar;
    private final Mlp decoder;
    private final int code;

    /** The distribution of the code of each input: its mean and the logarithm of its variance, both {@code [n, code]}. */
    public record Code(Node mean, Node logVar) {}

    /** Returns an autoencoder: {@code new VariationalAutoencoder(784, 128, 8)} has a code of 8 numbers, and a hidden layer of 128 on both sides. */
    public VariationalAutoencoder(int... sizes) {
        Objects.requireNonNull(sizes, "VariationalAutoencoder: sizes is null");
        if (sizes.length < 3) {
            throw new IllegalArgumentException(
                    "VariationalAutoencoder: it takes the numbers of inputs, of hidden units and of the code");
        }
        int hidden = sizes[sizes.length - 2];
        this.code = sizes[sizes.length - 1];
        this.encoder = layer("encoder", new Mlp(Arrays.copyOf(sizes, sizes.length - 1)));
        this.mean = layer("mean", new Linear(hidden, code));
        this.logVar = layer("logVar", new Linear(hidden, code));
        this.decoder = layer("decoder", new Mlp(Autoencoder.reversed(sizes)));
    }

    /** Returns the distribution of the codes of inputs. */
    public Code encode(Node x) {
        Objects.requireNonNull(x, "VariationalAutoencoder.encode: x is null");
        Node hidden = encoder.forward(x).relu();
        return new Code(mean.forward(hidden), logVar.forward(hidden));
    }

    /** Returns the logits of the inputs decoded from codes, {@code [n, code] -> [n, in]}. */
    public Node decode(Node z) {
        Objects.requireNonNull(z, "VariationalAutoencoder.decode: z is null");
        return decoder.forward(z);
    }

    /** Returns the logits of the inputs again. */
    @Override
    public Node forward(Node x, Pass pass) {
        return decode(sample(encode(x), pass));
    }

    private Node sample(Code c, Pass pass) {
        if (!pass.isTraining()) {
            return c.mean();
        }
        Shape s = c.mean().shape();
        Tensor e = Tensor.normal(s, 0, 1, pass.random(path())).to(c.mean().dtype());
        return c.mean().add(c.logVar().div(2).exp().mul(Node.constant(e)));
    }

    @Override
    protected boolean dependsOnPass() {
        return true;
    }

    /**
     * Returns the negative evidence lower bound, the mean over the examples of the cross entropy of all their elements plus the KL
     * divergence of the code from N(0, 1), {@code -1/2 sum(1 + logVar - mean^2 - e^logVar)}.
     */
    public Node loss(Node x, Pass pass) {
        Objects.requireNonNull(x, "VariationalAutoencoder.loss: x is null");
        Objects.requireNonNull(pass, "VariationalAutoencoder.loss: pass is null");
        Code c = encode(x);
        Node logits = decode(sample(c, pass));
        Node reconstruction = Losses.binaryCrossEntropyWithLogits(
                logits, x, BinaryCrossEntropyOptions.DEFAULT.reduction(Reduction.SUM));
        Node kl = c.logVar()
                .add(1)
                .sub(c.mean().square())
                .sub(c.logVar().exp())
                .sum()
                .mul(-0.5);
        return reconstruction.add(kl).div(x.shape().dim(0));
    }

    /** Returns n new examples, the decoded probabilities of codes drawn from N(0, 1): {@code [n, in]}. */
    public Tensor generate(int n, RandomStream random) {
        Objects.requireNonNull(random, "VariationalAutoencoder.generate: random is null");
        if (n < 1) {
            throw new IllegalArgumentException("VariationalAutoencoder.generate: n " + n + " must be at least 1");
        }
        Tensor z = Tensor.normal(Shape.of(n, code), 0, 1, random).to(dtype());
        return Node.constant(decoder.predict(z)).sigmoid().value();
    }
}
