package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class IndexingTest {
    @Property
    void a_gather_by_ints_is_a_gather_by_a_tensor_of_size_one_along_the_axis(
            @ForAll long seed, @ForAll @IntRange(min = -3, max = 2) int axis) {
        RandomStream random = RandomStream.of(seed, "gather");
        Shape s = Shape.of(1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(4));
        Node x = Node.variable(Tensor.uniform(s, -1, 1, random));
        Shape one = s.with(axis, 1);
        int[] indices = IntStream.range(0, one.size())
                .map(i -> random.nextInt(s.dim(axis)))
                .toArray();
        Tensor tensor = Tensor.of(one, IntStream.of(indices).asDoubleStream().toArray());
        Node y = x.gather(axis, indices);
        Node expected = x.gather(axis, tensor).squeeze(axis);
        assertEquals(expected.value(), y.value());
        Tensor gy = Tensor.uniform(y.shape(), -1, 1, random);
        assertEquals(expected.backward(gy).of(x).value(), y.backward(gy).of(x).value());
    }

    @Test
    void indices_of_a_gather_that_do_not_fit_are_refused_with_sizes() {
        Node x = Node.variable(Tensor.ones(3, 4)).named("x");
        assertMessage(
                "gather: x [3, 4]: 2 indices along axis 1 do not fit the other axes, [3]", () -> x.gather(1, 0, 1));
        assertMessage("gather: x [3, 4]: index 4 is out of range along axis 1 of size 4", () -> x.gather(1, 0, 4, 1));
        assertMessage("gather: x [3, 4]: axis 2 is out of range: axes run from -2 to 1", () -> x.gather(2, 0, 1, 1));
    }

    /** Indices with repetitions along axis 0, of 4 positions at most, and a source. */
    private static Tensor indices(long seed, int rows, int d) {
        RandomStream random = RandomStream.of(seed, "indices");
        double[] at = new double[2 * rows];
        Arrays.setAll(at, i -> random.nextInt(d));
        return Tensor.of(Shape.of(rows, 2), at);
    }

    private static Tensor random(long seed, int... dims) {
        return Tensor.uniform(Shape.of(dims), -2, 2, RandomStream.of(seed, "values"));
    }

    @Property(tries = 200)
    void the_last_of_several_elements_is_scattered_and_gets_the_gradient(
            @ForAll long seed, @ForAll @IntRange(max = 6) int rows, @ForAll @IntRange(min = 1, max = 4) int d) {
        Tensor at = indices(seed, rows, d);
        Node x = Node.variable(random(seed, d, 2));
        Node source = Node.variable(random(seed + 1, rows, 2));
        Node y = x.scatter(0, at, source);
        Gradients g = y.mul(y).sum().backward();
        for (int j = 0; j < 2; j++) {
            boolean[] written = new boolean[d];
            for (int i = rows - 1; i >= 0; i--) {
                int p = (int) at.get(i, j);
                double expected = source.value().get(i, j);
                assertEquals(written[p] ? 0 : 2 * expected, g.of(source).value().get(i, j));
                assertEquals(
                        written[p] ? y.value().get(p, j) : expected, y.value().get(p, j));
                written[p] = true;
            }
            for (int p = 0; p < d; p++) {
                double expected = x.value().get(p, j);
                assertEquals(written[p] ? 0 : 2 * expected, g.of(x).value().get(p, j));
                assertEquals(
                        written[p] ? y.value().get(p, j) : expected, y.value().get(p, j));
            }
        }
    }

    @Property(tries = 200)
    void scatterReduce_combines_each_group_as_the_reduction_of_its_elements(
            @ForAll long seed,
            @ForAll @IntRange(max = 12) int rows,
            @ForAll @IntRange(min = 1, max = 4) int d,
            @ForAll ScatterMode mode,
            @ForAll boolean includeSelf) {
        Tensor at = indices(seed, rows, d);
        Node x = Node.variable(random(seed, d, 2).map(Math::rint)); // with ties and zeros
        Node source = Node.variable(random(seed + 1, rows, 2).map(Math::rint));
        Node y = x.scatterReduce(0, at, source, mode, includeSelf);
        Node[] expected = new Node[2 * d];
        for (int p = 0; p < d; p++) {
            for (int j = 0; j < 2; j++) {
                List<Node> group = new ArrayList<>();
                for (int i = 0; i < rows; i++) {
                    if (at.get(i, j) == p) {
                        group.add(source.select(0, i).select(0, j));
                    }
                }
                if (includeSelf || group.isEmpty()) {
                    group.add(x.select(0, p).select(0, j));
                }
                Node all = Node.stack(0, group.toArray(new Node[0]));
                expected[2 * p + j] = switch (mode) {
                    case SUM -> all.sum();
                    case MEAN -> all.mean();
                    case PROD -> all.prod();
                    case MAX -> all.max();
                    case MIN -> all.min();
                };
            }
        }
        Node z = Node.stack(0, expected).reshape(d, 2);
        assertTrue(z.value().sub(y.value()).abs().max().item() < 1e-13);
        Tensor gy = random(seed + 2, d, 2);
        for (Node in : new Node[] {x, source}) {
            Tensor gap = y.backward(gy).of(in).value().sub(z.backward(gy).of(in).value());
            assertTrue(gap.abs().sum().item() < 1e-12, () -> mode + " " + gap);
        }
    }

    @Property(tries = 200)
    void a_slice_by_a_negative_step_is_numpys(
            @ForAll @IntRange(max = 7) int d,
            @ForAll @IntRange(min = -8, max = 7) int from,
            @ForAll @IntRange(min = -9, max = 7) int to,
            @ForAll @IntRange(min = -4, max = -1) int step) {
        int first = from < 0 ? from + d : from;
        int end = to < 0 ? to + d : to;
        Node x = Node.constant(Tensor.range(0, d));
        if (first >= d || end < -1 || first < end) {
            assertMessage(
                    "slice: [" + d + "]: from " + from + " to " + to + " by " + step
                            + " is out of range along axis 0 of size " + d,
                    () -> x.slice(0, from, to, step));
            return;
        }
        double[] expected = IntStream.iterate(first, i -> i > end, i -> i + step)
                .asDoubleStream()
                .toArray();
        assertEquals(Tensor.of(expected), x.slice(0, from, to, step).value());
    }

    @Property(tries = 100)
    void embedDiagonal_is_undone_by_diagonal(
            @ForAll @IntRange(max = 4) int n,
            @ForAll @IntRange(min = -3, max = 3) int offset,
            @ForAll @IntRange(min = -3, max = 2) int axis1,
            @ForAll @IntRange(min = -3, max = 2) int axis2) {
        Node x = Node.constant(random(1, 2, n));
        if (Math.floorMod(axis1, 3) == Math.floorMod(axis2, 3)) {
            assertMessage(
                    "embedDiagonal: [2, " + n + "]: axes " + axis1 + " and " + axis2 + " of the result are the same",
                    () -> x.embedDiagonal(offset, axis1, axis2));
            return;
        }
        Node y = x.embedDiagonal(offset, axis1, axis2);
        assertEquals(x.value(), y.diagonal(offset, axis1, axis2).value());
        assertEquals(x.value().abs().sum().item(), y.value().abs().sum().item(), 1e-14);
    }

    @Test
    void what_does_not_fit_is_refused_with_sizes() {
        Node x = Node.variable(Tensor.ones(2, 3)).named("x");
        Node s = Node.constant(Tensor.ones(2, 2)).named("s");
        Tensor at = Tensor.zeros(2, 2);
        String shapes = "x [2, 3] x s [2, 2]: the source must have the shape of the indices [2, 1]";
        assertMessage("scatter: " + shapes, () -> x.scatter(1, Tensor.zeros(2, 1), s));
        assertMessage("scatterReduce: " + shapes, () -> x.scatterReduce(1, Tensor.zeros(2, 1), s, ScatterMode.SUM));
        assertMessage(
                "scatter: x [2, 3] x s [2, 2]: x is FLOAT64, the source FLOAT32; convert one, as with .to(FLOAT64)",
                () -> x.scatter(1, at, s.to(DType.FLOAT32).named("s")));
        assertMessage(
                "scatterReduce: x [2, 3]: index 3 is out of range along axis 1 of size 3",
                () -> x.scatterReduce(1, Tensor.full(at.shape(), 3, DType.FLOAT64), s, ScatterMode.MAX));
        assertMessage(
                "maskedSelect: x [2, 3] x s [2, 2]: sizes 3 and 2 (axis -1) differ and neither is 1",
                () -> x.maskedSelect(s));
        assertMessage(
                "repeatInterleave: x [2, 3]: [1, 2] must hold one count of 0 or more, or one for each of the 3 slices along axis 1",
                () -> x.repeatInterleave(1, 1, 2));
        assertMessage(
                "repeatInterleave: x [2, 3]: [-1] must hold one count of 0 or more, or one for each of the 2 slices along axis 0",
                () -> x.repeatInterleave(0, -1));
        assertMessage(
                "repeatInterleave: x [2, 3]: 4294967294 slices are too many",
                () -> x.repeatInterleave(0, Integer.MAX_VALUE));
        assertMessage("embedDiagonal: []: a scalar has no axis to make a diagonal of", () -> Node.constant(1)
                .embedDiagonal());
        assertMessage(
                "embedDiagonal: x [2, 3]: axis 3 is out of range: those of the result run from -3 to 2",
                () -> x.embedDiagonal(0, 0, 3));
        assertMessage(
                "embedDiagonal: x [2, 3]: offset -2147483648 is too large",
                () -> x.embedDiagonal(Integer.MIN_VALUE, 0, 1));
        assertMessage("glu: x [2, 3]: size 3 along axis -1 is odd", () -> x.glu(-1));
        assertMessage(
                "prelu: x [2, 3] x s [2, 2]: the weight must be a single number, or one for each channel, axis 1 of x",
                () -> x.prelu(s));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(OperandMismatch.class, call).getMessage());
    }
}
