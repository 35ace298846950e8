package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
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

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(OperandMismatch.class, call).getMessage());
    }
}
