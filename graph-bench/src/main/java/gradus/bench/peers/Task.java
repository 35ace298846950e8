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

        @Override
        public String toString() {
            return "train " + (convolution ? "conv" : "mlp") + " " + batch + " " + (adam ? "adam" : "sgd") + " "
                    + Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(","));
        }
    }

    /** The product of two square matrices. */
    record Product(int n, boolean single) implements Task {
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
        LENET(10, 100, 1, 28, 28),
        RESNET20(10, 32, 3, 32, 32),
        LSTM(64, 32, 64),
        GPT(65, 16, 128),
        SMALL_GPT(27, 1, 16),
        GENERATE(65, 1, 1);

        /** The tokens that are generated. */
        static final int GENERATED = 100;

        private final int classes;
        private final int[] input;

        Net(int classes, int... input) {
            this.classes = classes;
            this.input = input;
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
