package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.ops.DistancesTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TensorProductsTest {
    private static Node random(long seed, int... dims) {
        return constant(Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(seed, "tensors")));
    }

    private static void assertNear(Node expected, Node y) {
        assertEquals(expected.shape(), y.shape());
        assertTrue(expected.sub(y).abs().sum().item() < 1e-12, () -> expected + " and " + y);
    }

    @Test
    void the_cross_product_of_two_axes_is_the_third() {
        Node axes = constant(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
        assertNear(axes, TensorProducts.cross(axes.roll(0, -1), axes.roll(0, -2), 1));
        assertNear(axes.roll(0, -2), TensorProducts.cross(axes, axes.roll(0, -1), -1));
    }

    /** {@code a x b} is orthogonal to both, and {@code |a x b|^2 = |a|^2 |b|^2 - (a b)^2}, Lagrange's identity. */
    @Property(tries = 100)
    void a_cross_product_is_orthogonal_and_has_the_size_of_the_parallelogram(@ForAll long seed) {
        Node a = random(seed, 4, 3, 2);
        Node b = random(seed + 1, 3, 2);
        Node y = TensorProducts.cross(a, b, -2);
        assertNear(constant(Tensor.zeros(4, 2)), y.mul(a).sum(1));
        assertNear(constant(Tensor.zeros(4, 2)), y.mul(b).sum(1));
        assertNear(
                a.square().sum(1).mul(b.square().sum(0)).sub(a.mul(b).sum(1).square()),
                y.square().sum(1));
    }

    @Property(tries = 50)
    void tensordot_is_the_einsum_of_its_axes(
            @ForAll long seed, @ForAll @IntRange(max = 3) int i, @ForAll @IntRange(max = 3) int j) {
        Node a = random(seed, i, 2, j);
        Node b = random(seed + 1, j, 4, i);
        assertNear(Einsum.of("abc,cda->bd", a, b), TensorProducts.tensordot(a, b, new int[] {-1, 0}, new int[] {0, 2}));
        assertNear(Einsum.of("abc,cde->abde", a, b), TensorProducts.tensordot(a, b, 1));
        assertNear(Einsum.of("abc,def->abcdef", a, b), TensorProducts.tensordot(a, b, 0));
    }

    @Test
    void bad_arguments_are_refused_with_sizes() {
        Node a = random(1, 2, 3).named("a");
        Node b = random(2, 4, 3).named("b");
        assertMessage(
                "cross: a [2, 3] x b [4, 3]: sizes 2 and 4 (axis -2) differ and neither is 1",
                () -> TensorProducts.cross(a, b, 1));
        assertMessage(
                "cross: a [2, 3] x a [2, 3]: the sizes along axis 0 are 2 and 2, not 3",
                () -> TensorProducts.cross(a, a, 0));
        assertMessage(
                "cross: [2, 1] x a [2, 3]: the sizes along axis 1 are 1 and 3, not 3",
                () -> TensorProducts.cross(random(1, 2, 1), a, 1));
        assertMessage(
                "tensordot: a [2, 3] x b [4, 3]: the sizes along axes [1] and [0] differ",
                () -> TensorProducts.tensordot(a, b, 1));
        assertMessage(
                "tensordot: a [2, 3] x b [4, 3]: there are not 3 axes in both",
                () -> TensorProducts.tensordot(a, b, 3));
        assertMessage(
                "tensordot: a [2, 3] x b [4, 3]: there are not -1 axes in both",
                () -> TensorProducts.tensordot(a, b, -1));
        assertMessage(
                "tensordot: a [2, 3] x b [4, 3]: 1 axes of the first for 0 of the second; axes are paired",
                () -> TensorProducts.tensordot(a, b, new int[] {1}, new int[0]));
        Node single = b.to(DType.FLOAT32).named("c");
        String types = " x c [4, 3]: the first is FLOAT64, the second FLOAT32; convert one, as with .to(FLOAT64)";
        assertMessage("tensordot: a [2, 3]" + types, () -> TensorProducts.tensordot(a, single, 0));
        assertMessage("cross: a [2, 3]" + types, () -> TensorProducts.cross(a, single, 1));
        assertMessage(
                "tensordot: b [4, 3]: axis 1 is given twice",
                () -> TensorProducts.tensordot(a, b, new int[] {1, 0}, new int[] {1, -1}));
        assertMessage(
                "tensordot: a [2, 3]: axis 2 is out of range: axes run from -2 to 1",
                () -> TensorProducts.tensordot(a, b, new int[] {2}, new int[] {1}));
    }
}
