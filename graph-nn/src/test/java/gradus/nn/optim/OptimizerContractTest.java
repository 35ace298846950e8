package gradus.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.Workers;
import gradus.graph.Node;
import gradus.nn.optim.OptimizerCases.Case;
import gradus.ops.Embeddings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimizer promises, run for each of them and each of its options. The numbers are written by optimizer_steps.py. */
class OptimizerContractTest {
    private static final int[] RECORDED = {1, 2, 3, 5, 10, 25, 50};
    private static final Map<String, double[]> PYTORCH = OptimizerCases.lines("optimizer_steps.txt");

    static List<Case> cases() {
        return OptimizerCases.ALL;
    }

    private static Set<String> classes() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("gradus.nn.optim").stream()
                        .filter(c -> c.isAssignableTo(Optimizer.class)
                                && c.getModifiers().contains(JavaModifier.PUBLIC)
                                && !c.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void every_optimizer_is_in_the_table() {
        Set<String> tested = cases().stream()
                .map(c -> c.make()
                        .apply(OptimizerCases.parameters(DType.FLOAT64))
                        .getClass()
                        .getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(classes(), tested);
        assertTrue(tested.size() >= 11, tested::toString);
    }

    // ---- trajectories

    @ParameterizedTest
    @MethodSource("cases")
    void fifty_steps_are_those_of_pytorch(Case c) {
        Optimizer o = c.make().apply(OptimizerCases.parameters(DType.FLOAT64));
        double[] found = OptimizerCases.recorded(RECORDED, step -> {
            OptimizerCases.step(o, step);
            return OptimizerCases.numbers(OptimizerCases.values(o.parameters()));
        });
        assertArrayEquals(PYTORCH.get(c.name()), found, 1e-10, c.name());
    }

    /** The rounding of 50 steps; a centred variance cancels, and so loses more digits. */
    @ParameterizedTest
    @MethodSource("cases")
    void float_follows_double(Case c) {
        Optimizer wide = c.make().apply(OptimizerCases.parameters(DType.FLOAT64));
        Optimizer narrow = c.make().apply(OptimizerCases.parameters(DType.FLOAT32));
        for (int step = 1; step <= 50; step++) {
            OptimizerCases.step(wide, step);
            OptimizerCases.step(narrow, step);
            narrow.parameters().forEach((path, p) -> assertEquals(DType.FLOAT32, p.dtype(), path));
        }
        assertArrayEquals(
                OptimizerCases.numbers(OptimizerCases.values(wide.parameters())),
                OptimizerCases.numbers(OptimizerCases.values(narrow.parameters())),
                1e-4,
                c.name());
    }

    // ---- state

    @ParameterizedTest
    @MethodSource("cases")
    void a_state_that_is_loaded_midway_goes_on_with_the_same_bytes(Case c) {
        for (DType dtype : DType.values()) {
            Optimizer whole = c.make().apply(OptimizerCases.parameters(dtype));
            Optimizer stopped = c.make().apply(OptimizerCases.parameters(dtype));
            for (int step = 1; step <= 20; step++) {
                if (step == 8) {
                    Map<String, Tensor> state = stopped.state();
                    Map<String, Tensor> values = OptimizerCases.values(stopped.parameters());
                    OptimizerCases.step(stopped, 99); // must not change the state that was read
                    Map<String, Node> p = new LinkedHashMap<>();
                    values.forEach((path, t) -> p.put(path, Node.variable(t)));
                    stopped = c.make().apply(p);
                    stopped.load(state);
                    assertEquals(state, stopped.state());
                }
                OptimizerCases.step(whole, step);
                OptimizerCases.step(stopped, step);
            }
            assertEquals(
                    OptimizerCases.values(whole.parameters()), OptimizerCases.values(stopped.parameters()), c.name());
            assertEquals(whole.state(), stopped.state());
        }
    }

    @Test
    void the_state_of_another_optimizer_is_refused_and_changes_nothing() {
        int refused = 0;
        for (Case from : cases()) {
            Optimizer other = from.make().apply(OptimizerCases.parameters(DType.FLOAT64));
            OptimizerCases.step(other, 1);
            for (Case to : cases()) {
                Optimizer o = to.make().apply(OptimizerCases.parameters(DType.FLOAT64));
                OptimizerCases.step(o, 1);
                OptimizerCases.step(o, 2);
                Map<String, Tensor> before = o.state();
                if (before.keySet().equals(other.state().keySet())) {
                    assertEquals(o.getClass(), other.getClass());
                    o.load(other.state());
                    continue;
                }
                boolean sameClass = o.getClass() == other.getClass();
                Set<String> fast = new HashSet<>(before.keySet());
                if (fast.removeIf(name -> name.endsWith(".slowWeights"))
                        && fast.equals(other.state().keySet())) {
                    o.load(other.state()); // lookahead begins with the next step
                    continue;
                }
                refused++;
                String message = message(() -> o.load(other.state()));
                assertTrue(
                        message.contains(
                                sameClass ? "weight." : "not of " + o.getClass().getSimpleName()),
                        message);
                assertEquals(before, o.state());
            }
        }
        assertTrue(refused > 500, refused + " were refused");
    }

    @Test
    void a_state_of_another_optimizer_is_named() {
        Optimizer adam = new Adam(OptimizerCases.parameters(DType.FLOAT64));
        Optimizer sgd = new Sgd(OptimizerCases.parameters(DType.FLOAT64), 0.1, 0.9);
        OptimizerCases.step(adam, 1);
        OptimizerCases.step(sgd, 1);
        assertEquals("optimizer: the state is that of Sgd, not of Adam", message(() -> adam.load(sgd.state())));
        Optimizer radam = new RAdam(OptimizerCases.parameters(DType.FLOAT64)); // keeps tensors of the same names
        assertEquals("optimizer: the state is that of Adam, not of RAdam", message(() -> radam.load(adam.state())));
        Map<String, Tensor> unnamed = adam.state();
        unnamed.remove("optimizer.Adam");
        assertEquals("optimizer: the state has no optimizer.Adam", message(() -> adam.load(unnamed)));
        Optimizer plain = new Sgd(OptimizerCases.parameters(DType.FLOAT64), 0.1);
        assertEquals(
                "optimizer: the state has weight.velocity, but Sgd keeps []; is it the state of another optimizer?",
                message(() -> plain.load(sgd.state())));
        Map<String, Tensor> partly = adam.state();
        partly.remove("bias.square");
        assertEquals(
                "optimizer: the state has no bias.square, which Adam keeps; is it the state of another optimizer?",
                message(() -> adam.load(partly)));
        Optimizer nadam = new Nadam(OptimizerCases.parameters(DType.FLOAT64));
        OptimizerCases.step(nadam, 1);
        Map<String, Tensor> wrong = nadam.state();
        wrong.put("bias.momentumProduct", Tensor.ones(3));
        assertEquals("optimizer: bias.momentumProduct is [3], not a number", message(() -> nadam.load(wrong)));
    }

    @Test
    void lookahead_that_is_set_between_steps_is_saved_and_loaded() {
        Optimizer whole = new Adam(OptimizerCases.parameters(DType.FLOAT64));
        OptimizerCases.step(whole, 1);
        whole.lookahead(2, 0.5);
        Map<String, Node> parameters = OptimizerCases.parameters(DType.FLOAT64);
        whole.parameters()
                .forEach((path, p) -> parameters.get(path).assign(p.value().copy()));
        Optimizer loaded = new Adam(parameters).lookahead(2, 0.5);
        loaded.load(whole.state());
        for (int i = 2; i < 6; i++) {
            OptimizerCases.step(whole, i);
            OptimizerCases.step(loaded, i);
        }
        assertEquals(OptimizerCases.values(whole.parameters()), OptimizerCases.values(loaded.parameters()));
        Map<String, Tensor> wrong = whole.state();
        wrong.put("weight.slowWeights", Tensor.ones(3));
        assertEquals(
                "optimizer: the state has weight.slowWeights of shape [3]; lookahead needs [2, 3]",
                message(() -> loaded.load(wrong)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_same_settings_are_equal_and_each_row_of_a_class_has_others(Case c) {
        Optimizer o = c.make().apply(OptimizerCases.parameters(DType.FLOAT64));
        assertEquals(
                o.settings(),
                c.make().apply(OptimizerCases.parameters(DType.FLOAT64)).settings());
        assertEquals(o.getClass().getSimpleName(), o.settings().get("optimizer"));
        for (Case d : cases()) {
            Optimizer other = d.make().apply(OptimizerCases.parameters(DType.FLOAT64));
            if (!d.name().equals(c.name())) {
                assertNotEquals(o.settings(), other.settings(), c + " and " + d);
            }
        }
    }

    // ---- groups, rows, threads

    @ParameterizedTest
    @MethodSource("cases")
    void a_group_with_a_rate_of_zero_stays_and_the_rest_is_not_affected(Case c) {
        Optimizer o = c.make().apply(OptimizerCases.parameters(DType.FLOAT64));
        Optimizer plain = c.make().apply(OptimizerCases.parameters(DType.FLOAT64));
        Tensor bias = o.parameters().get("bias").value();
        o.group(path -> path.equals("bias"), g -> g.learningRateFactor(0));
        Map<String, Tensor> g = Map.of("weight", Tensor.ones(2, 3), "bias", Tensor.ones(3));
        for (int step = 0; step < 6; step++) {
            o.step(g);
            plain.step(g);
        }
        assertEquals(bias, o.parameters().get("bias").value());
        assertEquals(
                plain.parameters().get("weight").value(),
                o.parameters().get("weight").value());
        assertThrows(IllegalArgumentException.class, () -> o.group(path -> false, x -> x.l2(0)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_parameter_without_a_gradient_stays_with_its_state(Case c) {
        Optimizer o = c.make().apply(OptimizerCases.parameters(DType.FLOAT64));
        OptimizerCases.step(o, 1);
        Tensor bias = o.parameters().get("bias").value();
        Map<String, Tensor> before = o.state();
        o.step(Map.of("weight", Tensor.ones(2, 3)));
        assertEquals(bias, o.parameters().get("bias").value());
        o.state().forEach((name, t) -> {
            if (name.startsWith("bias.")) {
                assertEquals(before.get(name), t, name);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void two_threads_give_the_bytes_of_one(Case c) {
        int threads = Workers.count();
        Map<Integer, Tensor> found = new HashMap<>();
        try {
            for (int n : new int[] {1, 2}) {
                Workers.use(n);
                Shape large = Shape.of(700, 150);
                Node w = Node.variable(Tensor.uniform(large, -1, 1, RandomStream.of(1, "w")));
                Node bias = Node.variable(1.0);
                Optimizer o = c.make().apply(Map.of("weight", w, "bias", bias));
                for (int step = 0; step < 5; step++) {
                    o.step(Map.of("weight", Tensor.uniform(large, -1, 1, RandomStream.of(step, "g"))));
                    double[] rows = new double[600];
                    Arrays.setAll(rows, i -> (i * 7) % 700);
                    o.step(Embeddings.embedding(w, Tensor.of(rows)).sin().sum().backward());
                }
                found.put(n, w.value());
            }
        } finally {
            Workers.use(threads);
        }
        assertEquals(found.get(1), found.get(2));
    }

    @Provide
    Arbitrary<Case> rows() {
        return Arbitraries.of(OptimizerCases.ALL);
    }

    /** With all rows updated, the gradient of a table may be row-sparse or not. */
    @Property(tries = 100)
    void a_row_sparse_gradient_is_the_ordinary_one_without_lazy_rows(
            @ForAll("rows") Case c, @ForAll @IntRange(min = 1, max = 7) int n, @ForAll @IntRange(max = 3) int width) {
        Shape shape = Shape.of(n, width);
        Tensor start = Tensor.uniform(shape, -1, 1, RandomStream.of(n, "table"));
        Node one = Node.variable(start);
        Node two = Node.variable(start);
        Node bias = Node.variable(1.0);
        Optimizer sparse = c.make().apply(Map.of("weight", one, "bias", bias)).lazyRows(false);
        Optimizer dense = c.make().apply(Map.of("weight", two, "bias", bias));
        for (int step = 0; step < 6; step++) {
            Tensor indices = Tensor.of(step % n, (step * step) % n, step % n);
            sparse.step(Embeddings.embedding(one, indices).sin().sum().backward());
            dense.step(Embeddings.embedding(two, indices).sin().sum().backward().of(Map.of("weight", two)));
            assertEquals(two.value(), one.value());
        }
        assertEquals(dense.state(), sparse.state());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_rate_that_is_negative_or_no_number_is_refused_and_changes_nothing(Case c) {
        Optimizer o = c.make().apply(OptimizerCases.parameters(DType.FLOAT64));
        double before = o.learningRate();
        for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals(
                    "optimizer: learning rate " + rate + " must be a number from 0 up",
                    message(() -> o.learningRate(rate)));
        }
        assertEquals(before, o.learningRate());
    }

    private static String message(Executable e) {
        return assertThrows(IllegalArgumentException.class, e).getMessage();
    }

    // ---- clipping

    @Test
    void clipped_steps_are_those_of_pytorch() {
        Map<String, UnaryOperator<Map<String, Tensor>>> clips = Map.of(
                "sgd clip norm", g -> Clip.globalNorm(g, 0.2),
                "sgd clip value", g -> Clip.value(g, 0.05));
        clips.forEach((name, clip) -> {
            Optimizer sgd = new Sgd(OptimizerCases.parameters(DType.FLOAT64), 0.1);
            double[] found = OptimizerCases.recorded(RECORDED, step -> {
                OptimizerCases.step(sgd, step, clip);
                return OptimizerCases.numbers(OptimizerCases.values(sgd.parameters()));
            });
            assertArrayEquals(PYTORCH.get(name), found, 1e-10, name);
        });
    }
}
