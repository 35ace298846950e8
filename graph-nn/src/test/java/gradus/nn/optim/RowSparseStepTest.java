package gradus.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.ops.Embeddings;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps with the row-sparse gradient of a table, against steps with the same gradient with its zeros. */
class RowSparseStepTest {
    private static final double LR = 0.1;
    private static final int ROWS = 6;

    static Stream<Arguments> optimizers() {
        return Stream.of(
                row("sgd", p -> new Sgd(p, LR)),
                row("penalty", p -> new Sgd(p, LR).l2(0.3)),
                row("decay", p -> new Sgd(p, LR).weightDecay(0.3)),
                row("momentum", p -> new Sgd(p, LR, 0.9)),
                row("dampened", p -> new Sgd(p, LR, 0.9).dampening(0.4).l2(0.3)),
                row("nesterov", p -> new Sgd(p, LR, 0.9).nesterov().weightDecay(0.3)),
                row("adam", p -> new Adam(p, LR).l2(0.3)),
                row("adamW", p -> new AdamW(p, LR).weightDecay(0.3)),
                row("momentum of the book", p -> new Momentum(p, LR).l2(0.3)),
                row("adagrad", p -> new AdaGrad(p, LR).learningRateDecay(0.1).l2(0.3)),
                row("rmsprop", p -> new RmsProp(p, LR).weightDecay(0.3)),
                row("rmsprop momentum", p -> new RmsProp(p, LR).momentum(0.9)),
                row("rmsprop centered", p -> new RmsProp(p, LR).centered().momentum(0.9)),
                row("adadelta", p -> new AdaDelta(p).l2(0.3)),
                row("amsgrad", p -> new Adam(p, LR).amsgrad()),
                row("nadam", p -> new Nadam(p, LR).weightDecay(0.3)),
                row("radam", p -> new RAdam(p, LR).betas(0.9, 0.9).l2(0.3)),
                row("adamax", p -> new Adamax(p, LR)),
                row("lion", p -> new Lion(p, LR).weightDecay(0.3)),
                row("group", p -> new AdamW(p, LR).group(path -> true, g -> g.learningRateFactor(0.5))));
    }

    private static Arguments row(String name, Function<Map<String, Node>, Optimizer> make) {
        return Arguments.of(name, make);
    }

    private static Node table(DType dtype, int d) {
        return Node.variable(Tensor.uniform(Shape.of(ROWS, d), -1, 1, RandomStream.of(1, "table"))
                .to(dtype));
    }

    private static Gradients gradients(Node table, int... indices) {
        double[] at = Arrays.stream(indices).asDoubleStream().toArray();
        Node rows = Embeddings.embedding(table, Tensor.of(at));
        return rows.sin().mul(rows).sum().backward();
    }

    /** By induction: from the same state, the rows that are used get what an ordinary step gives them. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void the_rows_that_are_used_get_the_ordinary_step_and_the_others_stay_with_their_state(
            String name, Function<Map<String, Node>, Optimizer> make) {
        for (DType dtype : DType.values()) {
            for (int d : new int[] {1, 3, 16, 5000}) {
                Node table = table(dtype, d);
                Optimizer lazy = make.apply(Map.of("t", table));
                for (int[] indices : new int[][] {{4, 1, 1}, {0}, {}, {5, 1, 0, 2, 1}}) {
                    Node copy = Node.variable(table.value());
                    Optimizer ordinary = make.apply(Map.of("t", copy));
                    ordinary.load(lazy.state());
                    Tensor before = table.value();
                    Map<String, Tensor> stateBefore = lazy.state();
                    lazy.step(gradients(table, indices));
                    ordinary.step(gradients(copy, indices).of(Map.of("t", copy)));
                    requireRows(copy.value(), before, table.value(), indices);
                    assertEquals(stateBefore.isEmpty(), lazy.state().isEmpty());
                    lazy.state().forEach((key, after) -> {
                        if (after.shape().equals(table.shape())) {
                            Tensor first = stateBefore.getOrDefault(key, Tensor.zeros(table.shape(), dtype));
                            requireRows(ordinary.state().get(key), first, after, indices);
                        } else {
                            assertEquals(ordinary.state().get(key), after, key);
                        }
                    });
                }
            }
        }
    }

    private static void requireRows(Tensor used, Tensor others, Tensor actual, int... indices) {
        for (int i = 0; i < ROWS; i++) {
            int row = i;
            boolean isUsed = Arrays.stream(indices).anyMatch(index -> index == row);
            assertEquals((isUsed ? used : others).rows(i), actual.rows(i), "row " + i);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void without_lazy_rows_every_step_is_the_ordinary_one(String name, Function<Map<String, Node>, Optimizer> make) {
        Node one = table(DType.FLOAT32, 3);
        Node two = table(DType.FLOAT32, 3);
        Optimizer all = make.apply(Map.of("t", one)).lazyRows(false);
        Optimizer ordinary = make.apply(Map.of("t", two));
        assertEquals("false", all.settings().get("lazyRows"));
        assertNull(ordinary.settings().get("lazyRows"));
        for (int[] indices : new int[][] {{4, 1, 1}, {0}, {5, 1}}) {
            all.step(gradients(one, indices));
            ordinary.step(gradients(two, indices).of(Map.of("t", two)));
            assertEquals(two.value(), one.value());
        }
        assertEquals(ordinary.state(), all.state());
    }

    @ParameterizedTest
    @EnumSource
    void plain_descent_of_the_rows_is_that_of_the_whole_table(DType dtype) {
        Node one = table(dtype, 7);
        Node two = table(dtype, 7);
        Optimizer rows = new Sgd(Map.of("t", one), LR);
        Optimizer all = new Sgd(Map.of("t", two), LR).lazyRows(false);
        Random random = new Random(1);
        for (int step = 0; step < 20; step++) {
            int[] indices = random.ints(1 + random.nextInt(9), 0, ROWS).toArray();
            rows.step(gradients(one, indices));
            all.step(gradients(two, indices));
            assertEquals(two.value(), one.value());
        }
    }

    /** Large enough for several threads. */
    @Test
    void many_rows_are_updated_as_the_whole_table_is() {
        Node one = Node.variable(Tensor.uniform(Shape.of(3000, 50), -1, 1, RandomStream.of(1, "large")));
        Node two = Node.variable(one.value());
        int[] indices = new Random(1).ints(9000, 0, 3000).toArray();
        new Adam(Map.of("t", one), LR).step(gradients(one, indices));
        new Adam(Map.of("t", two), LR).lazyRows(false).step(gradients(two, indices));
        assertEquals(two.value(), one.value());
    }

    @Test
    void a_table_with_tied_weights_is_updated_as_a_whole() {
        Node table = table(DType.FLOAT64, 3);
        Tensor before = table.value();
        Node h = Embeddings.embedding(table, Tensor.of(1.0, 2));
        new Adam(Map.of("t", table), LR)
                .step(h.matmul(table.transpose()).sin().sum().backward());
        assertTrue(table.value().sub(before).abs().min().item() > 0);
    }

    @Test
    void an_optimizer_of_ones_own_gets_the_gradient_with_its_zeros() {
        Node table = table(DType.FLOAT64, 2);
        Tensor before = table.value();
        new Optimizer(Map.of("t", table), LR) {
            @Override
            protected Tensor update(Tensor p, Tensor g, State s) {
                return p.sub(g);
            }
        }.step(Embeddings.embedding(table, Tensor.of(4.0, 4.0)).sum().backward());
        assertEquals(before.sub(Tensor.ones(2, 2).addBlocks(Shape.of(ROWS, 2), 2, Ints.of(8, 8))), table.value());
    }

    // ---- PyTorch

    /** The numbers are written by embedding_steps.py. */
    @ParameterizedTest
    @ValueSource(strings = {"sgd", "adam of rows", "adam of all rows", "adamW of all rows", "momentum of all rows"})
    void three_steps_are_those_of_pytorch(String name) throws IOException {
        double[] values = new double[10];
        Arrays.setAll(values, i -> i / 7.0 - 0.5);
        Node table = Node.variable(Tensor.of(Shape.of(5, 2), values));
        Map<String, Node> p = Map.of("t", table);
        Optimizer optimizer =
                switch (name) {
                    case "sgd" -> new Sgd(p, LR);
                    case "momentum of all rows" -> new Sgd(p, LR, 0.9);
                    case "adam of rows" -> new Adam(p, LR).epsilon(1e-30);
                    case "adam of all rows" -> new Adam(p, LR);
                    default -> new AdamW(p, LR);
                };
        optimizer.lazyRows(!name.contains("all rows"));
        for (double[] indices : new double[][] {{0, 2, 2}, {1}, {2, 4}}) {
            Node rows = Embeddings.embedding(table, Tensor.of(indices));
            double[] slopes = new double[rows.shape().size()];
            Arrays.setAll(slopes, i -> i + 1.0);
            optimizer.step(rows.mul(Node.constant(Tensor.of(rows.shape(), slopes)))
                    .sin()
                    .sum()
                    .backward());
        }
        assertArrayEquals(pytorch().get(name), table.value().toDoubleArray(), 1e-14, name);
    }

    private static Map<String, double[]> pytorch() throws IOException {
        Map<String, double[]> cases = new LinkedHashMap<>();
        try (InputStream in =
                Objects.requireNonNull(RowSparseStepTest.class.getResourceAsStream("embedding_steps.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    cases.put(
                            line.substring(0, colon),
                            Arrays.stream(line.substring(colon + 2).split(" ", -1))
                                    .mapToDouble(Double::parseDouble)
                                    .toArray());
                }
            }
        }
        return cases;
    }

    // ---- memory

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void a_step_on_a_million_rows_allocates_no_table(String name, Function<Map<String, Node>, Optimizer> make) {
        Node table = Node.variable(Tensor.zeros(Shape.of(1_000_000, 16), DType.FLOAT32));
        Optimizer optimizer = make.apply(Map.of("t", table));
        int[] indices = new Random(1).ints(100, 0, 1_000_000).toArray();
        optimizer.step(gradients(table, indices)); // copies the given value, and makes the state
        double[] at = Arrays.stream(indices).asDoubleStream().toArray();
        Node loss = Embeddings.embedding(table, Tensor.of(at)).square().sum();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        optimizer.step(Clip.globalNorm(loss.backward(), optimizer.parameters(), 1));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1_000_000, name + ": " + allocated + " bytes");
    }

    // ---- clipping

    @Test
    void clipping_keeps_the_gradient_row_sparse_and_gives_what_it_gives_by_path() {
        Node table = table(DType.FLOAT64, 3);
        Node w = Node.variable(3.0);
        Map<String, Node> p = Map.of("t", table, "w", w);
        Gradients g = Embeddings.embedding(table, Tensor.of(1.0, 4, 1))
                .mul(w)
                .sum()
                .add(w.mul(100))
                .backward();
        for (double max : new double[] {0.5, 2, 1e6}) {
            for (boolean byValue : new boolean[] {true, false}) {
                Gradients clipped = byValue ? Clip.value(g, max) : Clip.globalNorm(g, p, max);
                Map<String, Tensor> expected = byValue ? Clip.value(g.of(p), max) : Clip.globalNorm(g.of(p), max);
                assertEquals(Ints.of(1, 4), clipped.rowSparse(table).indices());
                p.forEach((path, x) -> {
                    Tensor gap = expected.get(path).sub(clipped.of(x).value()).abs();
                    assertTrue(gap.max().item() <= 1e-15 * max, path + gap);
                });
            }
        }
        Gradients infinite = Embeddings.embedding(table, Tensor.of(1.0))
                .mul(Double.POSITIVE_INFINITY)
                .sum()
                .backward();
        ArithmeticException e =
                assertThrows(ArithmeticException.class, () -> Clip.globalNorm(infinite, Map.of("t", table), 1));
        assertEquals("clip: the gradient of t is not finite", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Clip.globalNorm(g, p, 0));
        assertThrows(IllegalArgumentException.class, () -> Clip.value(g, Double.NaN));
    }
}
