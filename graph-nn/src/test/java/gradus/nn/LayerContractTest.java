package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import gradus.array.DType;
import gradus.array.Tensor;
import gradus.array.Workers;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.io.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every layer promises, run for each of them, see {@link LayerCases}. */
class LayerContractTest {
    private static final Pass TRAINING = Pass.training(5, 6);

    static Stream<LayerCase> layers() {
        return LayerCases.all();
    }

    @Test
    void every_public_layer_is_in_the_table() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("gradus.nn");
        var missing = classes.stream()
                .filter(c -> c.getPackageName().equals("gradus.nn") && c.isAssignableTo(Layer.class))
                .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC)
                        && !c.getModifiers().contains(JavaModifier.ABSTRACT)
                        && !c.isInterface())
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
        layers().forEach(c -> missing.remove(c.layer().get().getClass().getSimpleName()));
        assertEquals(new TreeSet<>(), missing);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void shapes_and_paths_are_as_documented(LayerCase c) {
        Model m = c.model();
        assertEquals(
                c.output(),
                c.forward(m, Node.constant(c.x()), Pass.evaluation()).shape());
        assertEquals(c.output(), c.forward(m, Node.constant(c.x()), TRAINING).shape());
        assertEquals(c.paths(), List.copyOf(m.state().keySet()));
        assertTrue(m.state().keySet().containsAll(m.parameters().keySet()));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void evaluation_draws_nothing_and_changes_nothing(LayerCase c) {
        Model m = c.model();
        Map<String, Tensor> before = m.state();
        Tensor y = c.forward(m, Node.constant(c.x()), Pass.evaluation()).value();
        assertEquals(y, c.forward(m, Node.constant(c.x()), Pass.evaluation()).value());
        assertEquals(before, m.state());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void a_training_pass_is_repeated_by_its_seed_and_step(LayerCase c) {
        Model m = c.model();
        Tensor y = c.forward(m, Node.constant(c.x()), TRAINING).value();
        assertEquals(y, c.forward(m, Node.constant(c.x()), Pass.training(5, 6)).value());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void a_layer_that_depends_on_the_pass_refuses_a_call_without_it_in_training(LayerCase c) {
        Model m = c.model();
        Node x = Node.constant(c.x());
        boolean differs = !c.forward(m, x, TRAINING)
                .value()
                .equals(c.forward(m, x, Pass.evaluation()).value());
        assertTrue(m.dependsOnPass() || !differs, "training differs from evaluation");
        if (m.dependsOnPass()) {
            assertThrows(IllegalStateException.class, () -> Pass.duringTraining(() -> m.forward(x)));
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void gradients_in_training_agree_with_finite_differences(LayerCase c) {
        Model m = c.model();
        m.initialize(2);
        Map<String, Tensor> before = m.state();
        if (!m.parameters().isEmpty()) {
            GradientCheck.of(m.parameters(), () -> c.forward(m, Node.constant(c.x()), TRAINING))
                    .restoring(m)
                    .verify();
        }
        if (c.differentiable()) {
            GradientCheck.of(in -> c.forward(m, in[0], TRAINING))
                    .at(c.x())
                    .restoring(m)
                    .order(2)
                    .verify();
        }
        assertEquals(before, m.state());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void state_moves_to_another_instance_by_a_file(LayerCase c, @TempDir Path directory) throws IOException {
        Model one = c.model();
        c.forward(one, Node.constant(c.x()), Pass.training(1, 0));
        Path file = directory.resolve("layer.safetensors");
        ModelFile.save(one, file);
        Model two = c.model();
        two.initialize(77);
        ModelFile.load(two, file);
        assertEquals(one.state(), two.state());
        assertEquals(
                c.forward(one, Node.constant(c.x()), Pass.evaluation()).value(),
                c.forward(two, Node.constant(c.x()), Pass.evaluation()).value());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void a_layer_works_in_both_number_types(LayerCase c) {
        Model m = c.model();
        m.initialize(4);
        Tensor exact = c.forward(m, Node.constant(c.x()), TRAINING).value();
        m.initialize(4);
        Map<String, Tensor> doubles = m.state();
        m.to(DType.FLOAT32);
        m.state().forEach((path, t) -> assertEquals(DType.FLOAT32, t.dtype(), path));
        Node x = Node.constant(c.x().to(DType.FLOAT32));
        Node y = c.forward(m, x, TRAINING);
        if (!m.state().isEmpty() || c.differentiable()) {
            assertEquals(DType.FLOAT32, y.dtype());
        }
        double largest = Math.max(1, exact.abs().max().item());
        assertTrue(exact.sub(y.value().to(DType.FLOAT64)).abs().max().item() < 1e-5 * largest);
        if (!m.parameters().isEmpty()) {
            y.square().sum().backward().of(m.parameters()).forEach((path, g) -> assertEquals(DType.FLOAT32, g.dtype()));
            assertThrows(IllegalArgumentException.class, () -> m.load(doubles));
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void recomputation_gives_the_same_gradients_and_state(LayerCase c) {
        Model m = c.model();
        m.initialize(3);
        if (m.parameters().isEmpty()) {
            return;
        }
        Map<String, Tensor> plain = gradients(m, c.forward(m, Node.constant(c.x()), TRAINING));
        Map<String, Tensor> state = m.state();
        m.initialize(3);
        Node y = Derivatives.checkpoint(v -> c.forward(m, v, TRAINING)).apply(Node.constant(c.x()));
        Map<String, Tensor> again = gradients(m, y);
        plain.forEach((path, g) -> assertTrue(g.sub(again.get(path)).abs().max().item() < 1e-14, path));
        assertEquals(state, m.state());
    }

    private static Map<String, Tensor> gradients(Model m, Node y) {
        return y.square().sum().backward().of(m.parameters());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void initialization_repeats_by_seed(LayerCase c) {
        Model one = c.model();
        Model two = c.model();
        one.initialize(9);
        two.initialize(9);
        assertEquals(one.state(), two.state());
        c.forward(one, Node.constant(c.x()), TRAINING);
        one.initialize(9);
        assertEquals(two.state(), one.state());
    }

    /** A parameter that starts with one value throughout, as a scale of 1, is the same in both. */
    @ParameterizedTest
    @MethodSource("layers")
    void two_equal_layers_start_with_different_weights(LayerCase c) {
        Model both = Sequential.of(c.layer().get(), c.layer().get());
        requireDifferent(both, "as created");
        both.initialize(1);
        requireDifferent(both, "initialized");
    }

    private static void requireDifferent(Model both, String when) {
        both.parameters().forEach((path, p) -> {
            Tensor first = p.value();
            if (path.startsWith("0.") && first.max().item() > first.min().item()) {
                assertNotEquals(first, both.state().get("1" + path.substring(1)), path + ", " + when);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("layers")
    void results_do_not_depend_on_the_number_of_threads(LayerCase c) {
        int before = Workers.count();
        List<Object> results = new ArrayList<>();
        try {
            for (int threads : new int[] {1, 2}) {
                Workers.use(threads);
                Model m = c.model();
                m.initialize(6);
                Node y = c.forward(m, Node.constant(c.x()), TRAINING);
                Object gradients = m.parameters().isEmpty() ? Map.of() : gradients(m, y);
                results.add(List.of(y.value(), gradients, m.state()));
            }
        } finally {
            Workers.use(before);
        }
        assertEquals(results.get(0), results.get(1));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void two_threads_may_evaluate_at_once(LayerCase c) {
        Model m = c.model();
        Tensor y = c.forward(m, Node.constant(c.x()), Pass.evaluation()).value();
        List<CompletableFuture<Tensor>> running = Stream.generate(() -> CompletableFuture.supplyAsync(() ->
                        c.forward(m, Node.constant(c.x()), Pass.evaluation()).value()))
                .limit(8)
                .toList();
        running.forEach(f -> assertEquals(y, f.join()));
    }
}
