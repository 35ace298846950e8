package gradus.nn.zoo;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.init.Initializers;
import java.util.Objects;

/**
 * The perceptron (Rosenblatt 1958): a linear classifier of two classes, {@code y = 1 if x w + b > 0 else 0}. It learns AND, OR and NAND, and
 * cannot learn XOR, as no line separates its classes.
 *
 * <p>The step function has no useful gradient. The perceptron rule {@code w += rate (t - y) x} is gradient descent on {@link #loss}, whose
 * gradient it is.
 *
 * <p>Parameters {@code weight [in]} and {@code bias []}, 0 at first.
 */
public final class Perceptron extends Model {
    private final Node weight;
    private final Node bias;
    private final int in;

    /** Returns a perceptron of this many inputs. */
    public Perceptron(int in) {
        if (in < 1) {
            throw new IllegalArgumentException("Perceptron: inputs " + in + " must be at least 1");
        }
        this.in = in;
        this.weight = parameter("weight", Shape.of(in), Initializers.constant(0));
        this.bias = parameter("bias", Shape.SCALAR, Initializers.constant(0));
    }

    /** Returns the scores {@code x w + b}, {@code [n, in] -> [n]}. */
    @Override
    public Node forward(Node x, Pass pass) {
        Objects.requireNonNull(x, "Perceptron.forward: x is null");
        if (x.shape().rank() != 2 || x.shape().dim(1) != in) {
            throw new OperandMismatch("Perceptron", "it takes [n, " + in + "]", x.label());
        }
        return x.matmul(weight).add(bias);
    }

    /** Returns the classes, 1 where the score is above 0: {@code [n, in] -> [n]}. */
    public Tensor classes(Tensor x) {
        Objects.requireNonNull(x, "Perceptron.classes: x is null");
        return Node.constant(predict(x)).gt(0).value();
    }

    /**
     * Returns the mean of {@code (y - t) score} for the classes y of the scores: 0 if all are right; its gradient by w is the mean of
     * {@code (y - t) x}.
     *
     * @param x inputs [n, in]
     * @param t classes [n], 0 or 1
     */
    public Node loss(Node x, Node t) {
        Objects.requireNonNull(x, "Perceptron.loss: x is null");
        Objects.requireNonNull(t, "Perceptron.loss: t is null");
        Node score = forward(x);
        if (!t.shape().equals(score.shape())) {
            throw new OperandMismatch("Perceptron.loss", "one class for each input", score.label(), t.label());
        }
        return score.gt(0).sub(t).mul(score).mean();
    }
}
