package gradus.graph;

import static gradus.graph.ScatterMode.MAX;
import static gradus.graph.ScatterMode.MIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Ops are values: equal parameters give equal ops, however the parameters are written, and others do not. Exempt are the ops
 * that hold a function of the user's, which is compared by identity: {@code observeGradient}, {@code replaceGradient} and
 * {@code checkpoint}.
 */
class OpEqualityTest {
    private static final Node X = Node.variable(Tensor.ones(3, 4));
    private static final Tensor INDICES = Tensor.zeros(3, 4);

    @TestFactory
    Stream<DynamicTest> a_case_that_is_built_twice_has_equal_ops() {
        return CoreOps.cases().stream().map(c -> DynamicTest.dynamicTest(c.toString(), c::verifyOpsAreValues));
    }

    /** Pairs of calls that give equal ops: an axis, a bound or a size may be written in several ways. */
    private static Stream<List<UnaryOperator<Node>>> equal() {
        return Stream.of(
                List.of(x -> x.sum(), x -> x.sum(0, 1), x -> x.sum(-1, 0)),
                List.of(x -> x.sumKeepDims(-1), x -> x.sumKeepDims(1)),
                List.of(x -> x.max(1, 0), x -> x.max()),
                List.of(x -> x.min(-2), x -> x.min(0)),
                List.of(x -> x.logSumExp(-1), x -> x.logSumExp(1)),
                List.of(x -> x.cumsum(-1), x -> x.cumsum(1)),
                List.of(x -> x.cummax(-1).values(), x -> x.cummax(1).values()),
                List.of(x -> x.logCumSumExp(-1), x -> x.logCumSumExp(1)),
                List.of(x -> x.median(-1).values(), x -> x.median(1).values()),
                List.of(x -> x.topK(0, 2).values(), x -> x.topK(-2, 2, true).values()),
                List.of(x -> extreme(x, MAX, true), x -> extreme(x, MAX, true)),
                List.of(x -> x.slice(-1, -1, -5, -1), x -> x.slice(1, 3, -5, -1)),
                List.of(x -> x.softmax(-1), x -> x.softmax(1)),
                List.of(x -> x.logSoftmax(-1), x -> x.logSoftmax(1)),
                List.of(x -> x.leakyRelu(), x -> x.leakyRelu(0.01)),
                List.of(x -> x.elu(), x -> x.elu(1)),
                List.of(x -> x.celu(), x -> x.celu(1)),
                List.of(x -> x.clamp(0, 1), x -> x.clamp(0, 1)),
                List.of(x -> x.clampMin(0), x -> x.clamp(0, Double.POSITIVE_INFINITY)),
                List.of(x -> x.hardtanh(), x -> x.hardtanh(-1, 1)),
                List.of(x -> x.nanToNum(), x -> x.nanToNum(0, Double.MAX_VALUE, -Double.MAX_VALUE)),
                List.of(x -> x.digamma(), x -> x.polygamma(0)),
                List.of(x -> x.reshape(2, -1), x -> x.reshape(2, 6), x -> x.reshape(Shape.of(2, 6))),
                List.of(x -> x.permute(-1, 0), x -> x.permute(1, 0)),
                List.of(x -> x.transpose(), x -> x.transpose(0, 1), x -> x.transpose(-1, -2)),
                List.of(x -> x.expandTo(Shape.of(2, 3, 4)), x -> x.expandTo(Shape.of(2, 3, 4))),
                List.of(x -> x.sumTo(Shape.of(4)), x -> x.sumTo(Shape.of(4))),
                List.of(x -> x.to(DType.FLOAT32), x -> x.to(DType.FLOAT32)),
                List.of(x -> x.slice(-1, -3, -1), x -> x.slice(1, 1, 3), x -> x.slice(1, 1, 3, 1)),
                List.of(x -> x.slice(-1, 0, 4, 2), x -> x.slice(1, 0, -1, 2)),
                List.of(x -> x.pad(-2, 1, 2), x -> x.pad(0, 1, 2)),
                List.of(x -> Node.concat(-1, x, x), x -> Node.concat(1, x, x)),
                List.of(x -> x.gather(-1, INDICES), x -> x.gather(1, INDICES)),
                List.of(x -> x.indexSelect(0, -1), x -> x.indexSelect(-2, 2)),
                List.of(x -> x.argmax(-1), x -> x.argmax(1)),
                List.of(x -> x.matmul(x, true, false), x -> x.matmul(x, true, false)));
    }

    /** Calls of one op with different parameters. */
    private static Stream<List<UnaryOperator<Node>>> unequal() {
        Tensor one = Tensor.ones(3, 4);
        return Stream.of(
                List.of(x -> x.sum(), x -> x.sum(0), x -> x.sum(1), x -> x.sumKeepDims(0), x -> x.max(0)),
                List.of(x -> x.max(), x -> x.max(0), x -> x.max(1), x -> x.maxKeepDims(0), x -> x.min(0)),
                List.of(x -> x.min(), x -> x.min(0), x -> x.min(1), x -> x.minKeepDims(0)),
                List.of(x -> x.logSumExp(0), x -> x.logSumExp(1)),
                List.of(x -> x.cumsum(0), x -> x.cumsum(1), x -> Node.of(new Scans.Cumsum(0, true), x)),
                List.of(x -> x.cummax(0).values(), x -> x.cummax(1).values(), x -> x.cummin(1)
                        .values()),
                List.of(x -> x.logCumSumExp(0), x -> x.logCumSumExp(1)),
                List.of(x -> recurrence(x, 0, true), x -> recurrence(x, 0, false), x -> recurrence(x, 1, true)),
                List.of(x -> x.median(0).values(), x -> x.median(1).values(), x -> x.sort(1)
                        .values()),
                List.of(x -> x.topK(0, 2).values(), x -> x.topK(0, 2, false).values(), x -> x.topK(0, 1)
                        .values()),
                List.of(x -> extreme(x, MAX, true), x -> extreme(x, MIN, true), x -> extreme(x, MAX, false)),
                List.of(x -> x.softmax(0), x -> x.softmax(1), x -> x.logSoftmax(1)),
                List.of(x -> x.logSoftmax(0), x -> x.logSoftmax(1)),
                List.of(x -> x.leakyRelu(), x -> x.leakyRelu(0.2)),
                List.of(x -> x.elu(), x -> x.elu(2), x -> x.celu()),
                List.of(x -> x.celu(), x -> x.celu(2)),
                List.of(x -> x.clamp(0, 1), x -> x.clamp(0, 2), x -> x.clamp(-1, 1)),
                List.of(x -> x.hardtanh(), x -> x.hardtanh(-1, 2), x -> x.relu6()),
                List.of(
                        x -> x.nanToNum(),
                        x -> x.nanToNum(0, 1, 2),
                        x -> x.nanToNum(1, 1, 2),
                        x -> x.nanToNum(0, 1, 3)),
                List.of(x -> x.digamma(), x -> x.polygamma(1)),
                List.of(x -> x.reshape(2, 6), x -> x.reshape(6, 2), x -> x.flatten()),
                List.of(x -> x.permute(0, 1), x -> x.permute(1, 0)),
                List.of(x -> x.unsqueeze(0).transpose(0, 1), x -> x.unsqueeze(0).transpose(0, 2)),
                List.of(x -> x.expandTo(Shape.of(2, 3, 4)), x -> x.expandTo(Shape.of(1, 3, 4))),
                List.of(x -> x.sumTo(Shape.of(4)), x -> x.sumTo(Shape.of(1, 4))),
                List.of(x -> Node.of(new Shaping.To(DType.FLOAT64), x), x -> x.to(DType.FLOAT32)),
                List.of(x -> x.slice(0, 0, 2), x -> x.slice(1, 0, 2), x -> x.slice(0, 1, 2), x -> x.slice(0, 0, 1)),
                List.of(x -> x.pad(0, 1, 2), x -> x.pad(1, 1, 2), x -> x.pad(0, 2, 2), x -> x.pad(0, 1, 1)),
                List.of(x -> Node.concat(0, x, x), x -> Node.concat(1, x, x)),
                List.of(x -> x.gather(0, INDICES), x -> x.gather(1, INDICES), x -> x.gather(1, one)),
                List.of(x -> x.indexSelect(0, 1), x -> x.indexSelect(0, 2), x -> x.indexSelect(0, 1, 2)),
                List.of(x -> x.flip(0), x -> x.flip(1)),
                List.of(x -> put(x, 0, 0), x -> put(x, 1, 0), x -> put(x, 0, 1)),
                List.of(x -> x.argmax(0), x -> x.argmax(1), x -> x.argmin(0)),
                List.of(x -> x.matmul(x, true, false), x -> x.matmul(x, false, true)));
    }

    private static Node recurrence(Node x, int axis, boolean reverse) {
        return Node.of(new Scans.LinearRecurrence(axis, reverse), x, x);
    }

    private static Node extreme(Node x, ScatterMode mode, boolean includeSelf) {
        return x.scatterReduce(0, INDICES, x, mode, includeSelf).inputs().get(0);
    }

    private static Node put(Node x, int row, int axis) {
        Node target = Node.constant(Tensor.zeros(x.shape()));
        return target.scatterAdd(axis, Tensor.full(x.shape(), row, DType.FLOAT64), x)
                .inputs()
                .get(1);
    }

    @Test
    void equivalent_parameters_give_equal_ops() {
        equal().forEach(calls -> {
            Op first = calls.get(0).apply(X).op();
            for (UnaryOperator<Node> call : calls) {
                Op op = call.apply(X).op();
                assertEquals(first, op);
                assertEquals(first.hashCode(), op.hashCode());
            }
        });
    }

    @Test
    void different_parameters_give_different_ops() {
        unequal().forEach(calls -> {
            List<Op> ops = calls.stream().map(c -> c.apply(X).op()).toList();
            for (int i = 0; i < ops.size(); i++) {
                for (int j = 0; j < i; j++) {
                    assertNotEquals(ops.get(i), ops.get(j));
                }
            }
        });
    }

    @Test
    void every_op_with_parameters_is_a_record_without_arrays_and_in_the_tables_above() {
        Set<String> inTables = Stream.concat(equal(), unequal())
                .flatMap(Collection::stream)
                .map(c -> c.apply(X).op().getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        for (Class<?> family : Node.class.getInterfaces()) {
            for (Class<?> op : family.getDeclaredClasses()) {
                if (Op.class.isAssignableFrom(op)) {
                    assertTrue(op.isRecord(), op + " is no record");
                    RecordComponent[] parts = op.getRecordComponents();
                    assertTrue(Arrays.stream(parts).noneMatch(c -> c.getType().isArray()), op + " holds an array");
                    assertTrue(parts.length == 0 || inTables.contains(op.getSimpleName()), op + " is in no table");
                }
            }
        }
    }
}
