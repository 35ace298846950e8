package gradus.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.graph.OpTable;
import gradus.graph.TorchComparison;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** This module's values and gradients against PyTorch's, from the same fixtures as the core's. */
class OpsTorchTest {
    /** Draws of random numbers, which PyTorch's differ from; DistributionsTest compares them with their formulas. */
    private static final Set<String> RANDOM = Set.of("gumbelSoftmax");

    private final TorchComparison comparison = new TorchComparison(Facade.TOPICS, TorchComparison.TOPICS);

    @TestFactory
    Stream<DynamicTest> values_and_gradients_are_those_of_pytorch() {
        assertTrue(comparison.size() > 60, "only " + comparison.size() + " cases were found");
        return comparison.tests();
    }

    @Test
    void every_documented_difference_occurs_for_each_function_that_it_names() {
        assertEquals(Set.of(), comparison.staleDifferences());
    }

    @Test
    void every_wider_tolerance_is_needed_by_each_function_that_it_names() {
        assertEquals(Set.of(), comparison.staleBounds());
    }

    @Test
    void every_function_is_compared_with_pytorch() {
        Set<String> functions = Facade.TOPICS.stream()
                .flatMap(c -> Arrays.stream(c.getDeclaredMethods()))
                .filter(OpTable::isOp)
                .map(OpTable::name)
                .collect(Collectors.toCollection(TreeSet::new));
        comparison.methods().forEach(m -> functions.remove(OpTable.name(m)));
        functions.removeAll(RANDOM);
        assertEquals(Set.of(), functions);
    }
}
