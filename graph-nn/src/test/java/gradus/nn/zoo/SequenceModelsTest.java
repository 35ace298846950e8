package gradus.nn.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Pass;
import gradus.nn.optim.Adam;
import gradus.nn.optim.AdamW;
import gradus.nn.optim.Clip;
import gradus.nn.optim.LearningRate;
import gradus.nn.optim.Optimizer;
import gradus.ops.CrossEntropyOptions;
import gradus.ops.Losses;
import gradus.ops.RecurrentOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Models of sequences learn, and generate. */
class SequenceModelsTest {
    private static final int IGNORED = -100;

    // ---- Gpt: sums of two numbers of two digits, the digits of the sum in reverse

    private static int[] sum(int[] ab) {
        StringBuilder reversed = new StringBuilder(String.format("%03d", ab[0] + ab[1])).reverse();
        return (String.format("%02d+%02d=", ab[0], ab[1]) + reversed)
                .chars()
                .map("0123456789+="::indexOf)
                .toArray();
    }

    private static Tensor tokens(List<int[]> sums, int from, int to) {
        double[] t = new double[sums.size() * (to - from)];
        for (int i = 0; i < sums.size(); i++) {
            int[] all = sum(sums.get(i));
            for (int j = from; j < to; j++) {
                t[i * (to - from) + j - from] = all[j];
            }
        }
        return Tensor.of(Shape.of(sums.size(), to - from), t);
    }

    @Test
    void a_gpt_learns_to_add_numbers_of_two_digits() {
        Random random = new Random(1);
        List<int[]> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(new int[] {i / 100, i % 100});
        }
        Collections.shuffle(all, random);
        List<int[]> unseen = all.subList(8000, 10_000);
        Gpt model = new Gpt(12, 9, 32, 4, 1);
        model.initialize(1);
        model.to(DType.FLOAT32);
        Optimizer adam = new AdamW(model.parameters(), 5e-3);
        LearningRate rate = LearningRate.cosine(5e-3, 2000).warmup(50);
        Tensor prompt = Tensor.full(Shape.of(128, 5), IGNORED, DType.FLOAT64);
        for (int step = 0; step < 400; step++) {
            List<int[]> batch = new ArrayList<>();
            for (int i = 0; i < 128; i++) {
                batch.add(all.get(random.nextInt(8000)));
            }
            Node x = Node.constant(tokens(batch, 0, 8));
            Node target = Node.concat(1, Node.constant(prompt), Node.constant(tokens(batch, 6, 9)));
            Node logits = model.forward(x, Pass.training(1, step));
            Node loss = Losses.softmaxCrossEntropy(logits, target, CrossEntropyOptions.DEFAULT.ignoreIndex(IGNORED));
            adam.learningRate(rate.at(step));
            adam.step(Clip.globalNorm(loss.backward().of(model.parameters()), 1));
        }
        Tensor y = model.generate(tokens(unseen, 0, 6), 3, Sampling.GREEDY, RandomStream.of(1, "none"));
        Tensor expected = tokens(unseen, 0, 9);
        int right = 0;
        for (int i = 0; i < unseen.size(); i++) {
            right += y.slice(0, i, i + 1).equals(expected.slice(0, i, i + 1)) ? 1 : 0;
        }
        double share = right / 2000.0;
        assertTrue(share >= 0.95, () -> "exactly right are " + share);
    }

    /** The tokens chosen with the cache are those of the logits of the whole sequence. */
    @Test
    void generation_with_a_cache_gives_the_tokens_of_generation_without() {
        Gpt model = new Gpt(20, 16, 16, 4, 2);
        model.initialize(3);
        Tensor prompts = Tensor.of(new double[][] {{3, 1, 4}, {15, 9, 2}});
        for (Sampling sampling :
                List.of(Sampling.GREEDY, Sampling.DEFAULT.temperature(0.5).topK(7))) {
            RandomStream random = RandomStream.of(1, "tokens");
            double[][] y = new double[2][16];
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 3; j++) {
                    y[i][j] = prompts.get(i, j);
                }
            }
            for (int t = 3; t < 16; t++) {
                Tensor logits = model.predict(Tensor.of(y).slice(1, 0, t));
                for (int i = 0; i < 2; i++) {
                    double[] row = logits.slice(0, i, i + 1).slice(1, t - 1, t).toDoubleArray();
                    y[i][t] = sampling.next(row, random);
                }
            }
            assertEquals(Tensor.of(y), model.generate(prompts, 13, sampling, RandomStream.of(1, "tokens")));
        }
        assertArrayEquals(
                new int[] {3, 1}, model.generate(new int[] {3, 1}, 0, Sampling.GREEDY, RandomStream.of(1, "a")));
    }

    @Test
    void prompts_that_do_not_fit_are_refused() {
        Gpt model = new Gpt(5, 4, 8, 2, 1);
        RandomStream random = RandomStream.of(1, "r");
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> model.generate(new int[] {1, 2}, 3, Sampling.GREEDY, random))
                .getMessage();
        assertTrue(message.contains("3 more tokens; the sequence may have 0 to 4 in all"), message);
        assertThrows(IllegalArgumentException.class, () -> model.generate(new int[] {}, 1, Sampling.GREEDY, random));
        assertThrows(IllegalArgumentException.class, () -> model.generate(new int[] {5}, 1, Sampling.GREEDY, random));
        assertThrows(IllegalArgumentException.class, () -> new Gpt(5, 4, 8, 3, 1));
        assertThrows(IllegalArgumentException.class, () -> new Gpt(5, 4, 8, 2, 0));
    }

    // ---- Sampling

    @Test
    void tokens_are_drawn_by_their_probabilities() {
        double[] logits = {Math.log(1), Math.log(2), Double.NEGATIVE_INFINITY, Math.log(5)};
        requireFrequencies(Sampling.DEFAULT, logits, 1 / 8.0, 2 / 8.0, 0, 5 / 8.0);
        requireFrequencies(Sampling.DEFAULT.temperature(0.5), logits, 1 / 30.0, 4 / 30.0, 0, 25 / 30.0);
        requireFrequencies(Sampling.DEFAULT.topK(2), logits, 0, 2 / 7.0, 0, 5 / 7.0);
        requireFrequencies(Sampling.DEFAULT.topK(2), new double[] {1, 1, 1}, 0.5, 0.5, 0);
        requireFrequencies(Sampling.GREEDY, logits, 0, 0, 0, 1);
    }

    private static void requireFrequencies(Sampling sampling, double[] logits, double... expected) {
        int n = 20_000;
        RandomStream random = RandomStream.of(7, "draws");
        double[] counts = new double[logits.length];
        for (int i = 0; i < n; i++) {
            counts[sampling.next(logits, random)]++;
        }
        for (int i = 0; i < expected.length; i++) {
            double deviation = Math.sqrt(expected[i] * (1 - expected[i]) / n);
            assertEquals(expected[i], counts[i] / n, 5 * deviation, sampling + ", token " + i);
        }
    }

    @Property(tries = 200)
    void a_token_is_among_the_k_likeliest(
            @ForAll @Size(min = 1, max = 12) List<@DoubleRange(min = -5, max = 5) Double> logits,
            @ForAll @IntRange(min = 1, max = 14) int k,
            @ForAll @DoubleRange(min = 0, max = 3) double temperature) {
        double[] x = logits.stream().mapToDouble(v -> v).toArray();
        int token = new Sampling(temperature, k).next(x, RandomStream.of(1, logits.toString()));
        long larger = logits.stream().filter(v -> v > x[token]).count();
        assertTrue(larger < k, () -> larger + " are larger");
    }

    @Test
    void options_and_logits_that_mean_nothing_are_refused() {
        RandomStream random = RandomStream.of(1, "r");
        assertThrows(IllegalArgumentException.class, () -> Sampling.DEFAULT.temperature(-1));
        assertThrows(IllegalArgumentException.class, () -> Sampling.DEFAULT.temperature(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Sampling.DEFAULT.topK(-1));
        for (double[] bad :
                new double[][] {{}, {1, Double.NaN}, {Double.POSITIVE_INFINITY}, {Double.NEGATIVE_INFINITY}}) {
            assertThrows(IllegalArgumentException.class, () -> Sampling.DEFAULT.next(bad, random));
        }
    }

    // ---- TextClassifier: which of the tokens 1, 2 and 3 comes last, among others

    private record Texts(Tensor tokens, int[] lengths, int[] classes) {}

    private static Texts texts(int n, long seed) {
        Random random = new Random(seed);
        double[][] tokens = new double[n][12];
        int[] lengths = new int[n];
        int[] classes = new int[n];
        for (int i = 0; i < n; i++) {
            lengths[i] = 4 + random.nextInt(9);
            for (int j = 0; j < 12; j++) {
                tokens[i][j] = 4 + random.nextInt(6);
            }
            for (int k = 0; k < 3; k++) {
                tokens[i][random.nextInt(lengths[i])] = 1 + random.nextInt(3);
            }
            for (int j = 0; j < 12; j++) {
                boolean read = j < lengths[i];
                tokens[i][j] = read ? tokens[i][j] : 1 + random.nextInt(3); // has no effect
                classes[i] = read && tokens[i][j] < 4 ? (int) tokens[i][j] - 1 : classes[i];
            }
        }
        return new Texts(Tensor.of(tokens), lengths, classes);
    }

    @Test
    void a_text_classifier_remembers_what_it_has_read() {
        TextClassifier model = new TextClassifier(10, 8, 24, 3);
        model.initialize(2);
        Optimizer adam = new Adam(model.parameters(), 0.01);
        for (int step = 0; step < 250; step++) {
            Texts batch = texts(64, step);
            RecurrentOptions lengths = RecurrentOptions.DEFAULT.lengths(batch.lengths());
            Node logits = model.forward(Node.constant(batch.tokens()), lengths, Pass.training(1, step));
            adam.step(Losses.softmaxCrossEntropy(logits, batch.classes()).backward());
        }
        Texts test = texts(500, -1);
        Tensor logits = model.forward(
                        Node.constant(test.tokens()),
                        RecurrentOptions.DEFAULT.lengths(test.lengths()),
                        Pass.evaluation())
                .value();
        int right = 0;
        for (int i = 0; i < 500; i++) {
            double[] row = logits.slice(0, i, i + 1).toDoubleArray();
            right += Sampling.GREEDY.next(row, RandomStream.of(1, "none")) == test.classes()[i] ? 1 : 0;
        }
        int count = right;
        assertTrue(count >= 480, () -> count + " of 500 are right");
    }
}
