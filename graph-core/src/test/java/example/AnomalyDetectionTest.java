package example;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.AnomalyDetection;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Anomaly detection. The test is outside Gradus's packages, since errors name lines of such code only. */
class AnomalyDetectionTest {
    private static final Op WRITES = Op.unary(
            "writes",
            x -> {
                x.toDMatrix().set(0, 0, 7);
                return x.add(1);
            },
            (c, gy) -> gy);

    static Stream<Arguments> mistakes() {
        Node x = variable(4.0, -1.0, 0.0).named("x");
        return Stream.of(
                mistake(
                        ArithmeticException.class,
                        () -> x.log(),
                        "log gave [3]: from 1.38629 to 1.38629, 1 NaN, 1 infinite, of 3, made at example.AnomalyDetectionTest",
                        "input: x [3]: from -1.00000 to 4.00000, 0 NaN"),
                mistake(
                        ArithmeticException.class,
                        () -> x.rdiv(1),
                        "div gave [3]: from -1.00000 to 0.250000, 0 NaN, 1 inf"),
                mistake(ArithmeticException.class, () -> variable(Double.NaN).mul(2), "mul gave []: nothing finite"),
                mistake(
                        ArithmeticException.class,
                        () -> x.relu().sqrt().sum().backward().of(x),
                        "backward: the rule of sqrt gave input 0 the gradient [3]",
                        "made at example.AnomalyDetectionTest"),
                mistake(
                        IllegalArgumentException.class,
                        () -> x.add(variable(1.0, 2.0)),
                        "add: x [3] x [2]",
                        "at example.AnomalyDetectionTest"),
                mistake(
                        IllegalStateException.class,
                        () -> Node.of(WRITES, variable(new double[][] {{1}}).named("w")),
                        "writes changed its input w [1, 1] while computing, made at example.AnomalyDetectionTest"));
    }

    private static Arguments mistake(Class<? extends RuntimeException> type, Supplier<Node> what, String... parts) {
        return Arguments.of(type, what, parts);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void anomaly_detection_names_the_op_its_operands_and_the_line(
            Class<? extends RuntimeException> type, Supplier<Node> what, String[] parts) {
        String found = assertThrows(type, () -> AnomalyDetection.during(what)).getMessage();
        for (String part : parts) {
            assertTrue(found.contains(part), found);
        }
        assertTrue(found.contains("(AnomalyDetectionTest.java:"), found);
    }

    @Test
    void an_infinite_mask_value_is_not_an_anomaly() {
        Node scores = variable(1.0, 2.0, 3.0);
        Node g = AnomalyDetection.during(() -> {
            Node masked = scores.maskedFill(constant(0.0, 1.0, 0.0), Double.NEGATIVE_INFINITY);
            return masked.softmax(0).square().sum().backward().of(scores);
        });
        assertEquals(0, g.value().get(1));
    }

    @Test
    void an_infinite_intermediate_value_of_a_rule_behind_a_mask_is_not_an_anomaly() {
        Node x = variable(0.0, 1.0);
        Node g = AnomalyDetection.during(() -> x.maskedFill(x.eq(0), 1)
                .log()
                .add(x.sqrt().maskedBy(x))
                .sum()
                .backward()
                .of(x));
        assertEquals(Tensor.of(0, 1.5), g.value());
    }

    @Test
    void errors_in_the_backward_pass_name_the_line_at_which_the_node_was_computed() {
        Node w = variable(1.0).named("w");
        Node y = AnomalyDetection.during(() -> w.mul(w));
        w.assign(Tensor.of(2.0));
        String found = assertThrows(IllegalStateException.class, y::backward).getMessage();
        assertTrue(found.contains("w [] was given a new value") && found.contains("AnomalyDetectionTest.java:"), found);
    }

    @Test
    void a_system_property_enables_anomaly_detection_for_the_whole_run() throws Exception {
        Process run = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Dgradus.detectAnomaly=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WholeRun.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(run.getInputStream().readAllBytes(), UTF_8);
        assertTrue(output.contains("log gave []: nothing finite, 1 NaN"), output);
    }

    /** A program that does not use the class. */
    static final class WholeRun {
        public static void main(String[] args) {
            System.out.println(variable(-1.0).log());
        }
    }

    @Test
    void nested_anomaly_detection_ends_with_the_outermost_close() {
        AnomalyDetection outer = AnomalyDetection.set();
        AnomalyDetection inner = AnomalyDetection.set();
        inner.close();
        inner.close();
        assertThrows(ArithmeticException.class, () -> variable(-1.0).log());
        outer.close();
        assertDoesNotThrow(() -> variable(-1.0).log());
        assertFalse(variable(2.0).log().toString().isEmpty());
    }
}
