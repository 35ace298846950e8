package gradus.bench.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A task by its sizes; {@link InputData} has its inputs. {@code toString} is the form that the Python script reads. */
public sealed interface Task {
    /** Returns whether the number type is FLOAT32, else FLOAT64. */
    boolean single();

    /** Returns the name of the number type. */
    default String dtype() {
        return single() ? "FLOAT32" : "FLOAT64";
    }

    /** Returns whether this is a step of training, whose loss falls from step to step. */
    default boolean trains() {
        return this instanceof Training || (this instanceof Network n && n.net() != Net.GENERATE);
    }

    /**
     * Returns the multiply-adds of the matrix products and convolutions of one operation, in its forward and its backward pass: those of the
     * definition, whatever way they are computed. 0 where they are not what takes the time.
     */
    default long multiplyAdds() {
        return 0;
    }

    /** A chain of products of scalars, {@code y = w w .. x}: forward and backward, or backward alone. */
    record Chain(int length, boolean forward) implements Task {
        @Override
        public boolean single() {
            return false;
        }

        @Override
        public String toString() {
            return "chain " + length;
        }
    }

    /**
     * A training step: forward pass, mean cross entropy, backward pass, optimizer step. Linear layers of the given sizes with
     * relu between them; with convolution, 30 filters of 5x5 on images of 28x28, relu and max pooling over 2x2 come first.
     */
    record Training(boolean convolution, int batch, boolean adam, int... sizes) implements Task {
        static final int SIDE = 28;
        static final int FILTERS = 30;
        static final int KERNEL = 5;
        static final int POOL = 2;

        @Override
        public boolean single() {
            return true;
        }

        /** Returns the shape of the input, batch first. */
        int[] input() {
            return convolution ? new int[] {batch, 1, SIDE, SIDE} : new int[] {batch, sizes[0]};
        }

        int classes() {
            return sizes[sizes.length - 1];
        }

        /** Counts three products for each layer, and two for the first, as the input has no gradient. */
        @Override
        public long multiplyAdds() {
            long sum = 0;
            for (int i = 1; i < sizes.length; i++) {
                sum += (i == 1 && !convolution ? 2L : 3L) * sizes[i - 1] * sizes[i];
            }
            int positions = (SIDE - KERNEL + 1) * (SIDE - KERNEL + 1);
            return batch * (sum + (convolution ? 2L * FILTERS * KERNEL * KERNEL * positions : 0));
        }

        @Override
        public String toString() {
            return "train " + (convolution ? "conv" : "mlp") + " " + batch + " " + (adam ? "adam" : "sgd") + " "
                    + Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(","));
        }
    }

    /** The product of two square matrices. */
    record Product(int n, boolean single) implements Task {
        @Override
        public long multiplyAdds() {
            return (long) n * n * n;
        }

        @Override
        public String toString() {
            return "product " + n + " " + dtype();
        }
    }

    /** A function of n elements; softmax is over rows of a thousand. */
    record Elements(Function function, int n, boolean single) implements Task {
        static final int ROW = 1000;

        @Override
        public String toString() {
            return function.name().toLowerCase(Locale.ROOT) + " " + n + " " + dtype();
        }
    }

    /**
     * An op of a library: forward pass, and backward pass from a given gradient of its output to all inputs, in FLOAT32. Input i holds
     * numbers of seed i + 1, divided by the square root of its first size if it is a weight of a recurrent network.
     *
     * @param name the op, a key of the tables of both scripts
     * @param settings integers that its name explains there, such as a stride
     * @param shapes those of the inputs
     */
    record Operation(String name, List<Integer> settings, List<List<Integer>> shapes) implements Task {
        /** The settings of a recurrent network. */
        static final List<Integer> RECURRENT = List.of(1);

        /** Counts three times those of the forward pass. */
        @Override
        public long multiplyAdds() {
            List<Integer> x = shapes.get(0);
            return switch (name) {
                case "conv2d" -> {
                    List<Integer> w = shapes.get(1);
                    int stride = settings.get(0);
                    int padding = settings.get(1);
                    long rows = (x.get(2) + 2 * padding - w.get(2)) / stride + 1;
                    long columns = (x.get(3) + 2 * padding - w.get(3)) / stride + 1;
                    yield 3 * x.get(0) * rows * columns * size(w);
                }
                case "lstm", "gru" -> 3L * x.get(0) * x.get(1) * (size(shapes.get(1)) + size(shapes.get(2)));
                case "attention" -> 3 * 2 * size(x) * x.get(2);
                default -> 0;
            };
        }

        private static long size(List<Integer> shape) {
            return shape.stream().mapToLong(n -> n).reduce(1, (a, b) -> a * b);
        }

        @Override
        public boolean single() {
            return true;
        }

        @Override
        public String toString() {
            return "op " + name + " " + joined(settings) + " "
                    + shapes.stream().map(Operation::joined).collect(Collectors.joining(" "));
        }

        private static String joined(List<Integer> numbers) {
            return numbers.isEmpty()
                    ? "-"
                    : numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    /**
     * A training step of a network, or the generation of tokens by one: the networks are classes of {@code gradus.nn.zoo} or made of layers, and
     * of the script torch_networks.py. Parameters of two axes or more have the seeds 1, 2, 3 and so on, in order; biases are 0, scales 1.
     */
    record Network(Net net) implements Task {
        @Override
        public long multiplyAdds() {
            return 3 * net.examples() * net.forward - net.inputGradient();
        }

        @Override
        public boolean single() {
            return true;
        }

        @Override
        public String toString() {
            return "network " + net.name().toLowerCase(Locale.ROOT);
        }
    }

    /** The networks, with the shape of their input, batch first, and the number of classes or tokens. */
    enum Net {
        LENET(416_520, 10, 100, 1, 28, 28),
        RESNET20(40_551_040, 10, 32, 3, 32, 32),
        LSTM(2 * 128 * 512 + 128 * 64, 64, 32, 64),
        GPT(4 * (12 * 128 * 128 + 2 * 128 * 128) + 128 * 65, 65, 16, 128),
        SMALL_GPT(12 * 16 * 16 + 2 * 16 * 16 + 16 * 27, 27, 1, 16),
        GENERATE(0, 65, 1, 1);

        /** The tokens that are generated. */
        static final int GENERATED = 100;

        /** The multiply-adds of the forward pass for an image or a token. */
        private final long forward;

        private final int classes;
        private final int[] input;

        Net(long forward, int classes, int... input) {
            this.forward = forward;
            this.classes = classes;
            this.input = input;
        }

        /** Returns the number of images or tokens in a step. */
        private long examples() {
            return readsTokens() ? (long) input[0] * input[1] : input[0];
        }

        /** Returns the multiply-adds of the gradient of an image, which is not computed: as many as those of the first layer. */
        private long inputGradient() {
            return switch (this) {
                case LENET -> examples() * 6 * 25 * 28 * 28;
                case RESNET20 -> examples() * 16 * 3 * 9 * 32 * 32;
                default -> 0;
            };
        }

        int classes() {
            return classes;
        }

        int[] input() {
            return input.clone();
        }

        /** Returns whether the input is indices of tokens, each of which has a class. */
        boolean readsTokens() {
            return input.length == 2;
        }
    }

    /** A function of a large array, into a new one. */
    enum Function {
        EXP,
        TANH,
        SOFTMAX,
        SUM,
        ADD
    }
}
