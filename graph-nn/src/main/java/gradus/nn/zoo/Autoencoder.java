package gradus.nn.zoo;

import gradus.graph.Node;
import gradus.nn.Model;
import gradus.nn.Pass;
import java.util.Arrays;
import java.util.Objects;

/**
 * An autoencoder (Hinton and Salakhutdinov 2006): an encoder to a short code and a decoder back, trained to give its input, {@code [n, in] -> [n,
 * in]}. Both are multilayer perceptrons, the decoder with the encoder's sizes in reverse.
 */
public final class Autoencoder extends Model {
    private final Mlp encoder;
    private final Mlp decoder;

    /** Returns an autoencoder: {@code new Autoencoder(784, 128, 8)} has a code of 8 numbers, and a hidden layer of 128 on both sides. */
    public Autoencoder(int... sizes) {
        this.encoder = layer("encoder", new Mlp(sizes));
        this.decoder = layer("decoder", new Mlp(reversed(sizes)));
    }

    static int[] reversed(int... sizes) {
        int[] reversed = new int[sizes.length];
        Arrays.setAll(reversed, i -> sizes[sizes.length - 1 - i]);
        return reversed;
    }

    /** Returns the code, {@code [n, in] -> [n, code]}. */
    public Node encode(Node x) {
        Objects.requireNonNull(x, "Autoencoder.encode: x is null");
        return encoder.forward(x);
    }

    /** Returns the inputs decoded from codes, {@code [n, code] -> [n, in]}. */
    public Node decode(Node code) {
        Objects.requireNonNull(code, "Autoencoder.decode: code is null");
        return decoder.forward(code);
    }

    @Override
    public Node forward(Node x, Pass pass) {
        return decoder.forward(encoder.forward(x, pass), pass);
    }
}
