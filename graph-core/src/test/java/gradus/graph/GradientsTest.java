package gradus.graph;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Gradients by path. */
class GradientsTest {
    private final Node w = variable(2.0, 3.0);
    private final Node b = variable(1.0);
    private final Node unused = variable(5.0);

    private Map<String, Node> parameters() {
        Map<String, Node> all = new LinkedHashMap<>();
        all.put("z.weight", w);
        all.put("unused", unused);
        all.put("a.bias", b);
        return all;
    }

    @Test
    void gradients_by_path_are_in_the_order_of_the_paths_and_only_of_what_was_reached() {
        Map<String, Tensor> g = w.square().sum().add(b).backward().of(parameters());
        assertEquals(List.of("z.weight", "a.bias"), List.copyOf(g.keySet()));
        assertEquals(Tensor.of(4, 6), g.get("z.weight"));
        assertEquals(Tensor.of(1.0), g.get("a.bias"));
        assertThrows(UnsupportedOperationException.class, () -> g.remove("a.bias"));
    }

    @Test
    void the_variables_that_were_reached_can_be_listed_without_computed_nodes() {
        Node kept = w.square().retainGradient();
        Gradients g = kept.sum().add(b).backward();
        assertTrue(g.reached(kept));
        assertEquals(Set.of(w, b), Set.copyOf(g.variables()));
        assertEquals(2, g.variables().size());
    }

    @Test
    void a_zero_gradient_counts_as_reached_and_a_frozen_variable_has_no_gradient() {
        b.freeze();
        Map<String, Tensor> g = w.sign().sum().add(b).backward().of(parameters());
        assertEquals(Map.of("z.weight", Tensor.zeros(2)), g);
    }

    @Test
    void gradients_of_another_models_variables_are_refused_with_the_paths() {
        Gradients g = variable(1.0).square().backward();
        String found = assertThrows(IllegalStateException.class, () -> g.of(parameters()))
                .getMessage();
        assertTrue(found.startsWith("gradient: the scalar depends on none of [z.weight, unused, a.bias]"), found);
        assertTrue(g.of(Map.of()).isEmpty());
    }

    @Test
    void nodes_without_a_gradient_are_refused() {
        Gradients g = w.sum().backward();
        Map<String, Node> withConstant = Map.of("c", constant(1.0).named("c"));
        String found = assertThrows(IllegalArgumentException.class, () -> g.of(withConstant))
                .getMessage();
        assertTrue(found.startsWith("gradient of c []: it is a constant"), found);
        Map<String, Node> withNull = new LinkedHashMap<>();
        withNull.put("layer.weight", null);
        found = assertThrows(NullPointerException.class, () -> g.of(withNull)).getMessage();
        assertEquals("Gradients: layer.weight is null", found);
    }

    @Test
    void the_sum_of_two_gradients_is_the_gradient_of_the_sum() {
        Gradients first = w.square().sum().backward();
        Gradients second = w.mul(3).sum().add(b).backward();
        Gradients sum = first.add(second);
        assertEquals(Tensor.of(7, 9), sum.of(w).value());
        assertEquals(1, sum.of(b).item());
        assertEquals(0, sum.of(unused).item());
        assertEquals(Tensor.of(14, 18), sum.add(sum).of(w).value());
        assertEquals(
                List.of(Tensor.of(4, 6), Tensor.of(3, 3)),
                List.of(first.of(w).value(), second.of(w).value()));
        String found =
                assertThrows(NullPointerException.class, () -> first.add(null)).getMessage();
        assertEquals("Gradients.add: others is null", found);
    }
}
