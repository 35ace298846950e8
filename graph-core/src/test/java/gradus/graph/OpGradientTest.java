package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of every op of Node, third derivatives of elementwise ones, and values in FLOAT32. */
class OpGradientTest {
    @TestFactory
    Stream<DynamicTest> gradients_agree_with_finite_differences() {
        List<OpCase> cases = CoreOps.cases();
        assertTrue(cases.size() > 400, "only " + cases.size() + " cases were found");
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.toString(), c::verify));
    }

    @Test
    void every_op_has_a_case_and_a_broadcast_one_if_it_broadcasts() {
        assertEquals(Set.of(), OpTable.uncovered(OpTable.ofNode(), CoreOps.cases()));
        assertTrue(OpTable.ofNode().size() > 130, OpTable.ofNode().keySet() + " are too few");
    }

    @Test
    void a_null_argument_is_named_with_its_op() {
        assertEquals(Map.of(), NullArguments.unnamed(OpTable.ofNode().values()));
    }

    @Test
    void an_op_without_a_case_or_a_broadcast_one_is_reported() {
        List<OpCase> cases = CoreOps.cases().stream()
                .filter(c -> !c.op().equals("sum") && !(c.op().equals("where") && c.broadcasts()))
                .toList();
        assertEquals(new TreeSet<>(Set.of("sum", "where, broadcast")), OpTable.uncovered(OpTable.ofNode(), cases));
    }
}
