package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The steps by hand, one each; the optimizers' tests follow them over several. */
class StepsTest {
    @ParameterizedTest
    @EnumSource
    void one_step_of_each_kind(DType dtype) {
        Tensor g = Tensor.of(new double[] {0.5}).to(dtype);
        Tensor p = Tensor.of(new double[] {2}).to(dtype);
        Steps.sgd(p, g, 0.5, 0.25); // d = 0.5 + 0.25 * 2 = 1
        assertEquals(1.5, p.item());
        Tensor v = Tensor.of(new double[] {2}).to(dtype);
        Steps.momentum(p, g, v, new Steps.Momentum(0.5, 0.5, false), 0.5, 0); // v = 1 + 0.25
        assertEquals(1.25, v.item());
        assertEquals(0.875, p.item());
        Steps.momentum(p, g, v, new Steps.Momentum(0.5, 0, true), 1, 0); // v = 0.625 + 0.5; p -= 0.5 + 0.5 v
        assertEquals(0.875 - 0.5 - 0.5625, p.item());
        Tensor m = Tensor.zeros(Shape.of(1), dtype);
        Tensor s = Tensor.zeros(Shape.of(1), dtype);
        double before = p.item();
        Steps.adam(p, g, m, s, new Steps.Adam(0.5, 0.5, 0), 1, 0.25, 0); // the first step is lr, whatever the gradient
        assertEquals(before - 0.25, p.item(), dtype == DType.FLOAT64 ? 1e-15 : 1e-7);
        assertThrows(OperandMismatch.class, () -> Steps.sgd(p, Tensor.ones(Shape.of(2), dtype), 1, 0));
        DType other = dtype == DType.FLOAT64 ? DType.FLOAT32 : DType.FLOAT64;
        assertThrows(OperandMismatch.class, () -> Steps.sgd(p, g.to(other), 1, 0));
    }
}
