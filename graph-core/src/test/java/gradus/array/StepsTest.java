package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One step of each kind against values computed by hand; the optimizers' tests cover several steps. */
class StepsTest {
    private static final int[] SIZES = {0, 1, 7, 8, 15, 16, 17, 31, 33, 63, 65, 1000, 1023, 70_000};

    /** A step on a parameter, its gradient and three states. */
    private interface Step {
        void on(Tensor p, Tensor g, Tensor m, Tensor v, Tensor w);
    }

    private static final Steps.Adam ADAM = new Steps.Adam(0.9, 0.99, 1e-3);
    private static final Steps.RmsProp RMS = new Steps.RmsProp(0.9, 1e-3, 0.8);

    private static final List<Step> STEPS = List.of(
            (p, g, m, v, w) -> Steps.sgd(p, g, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.momentum(p, g, m, new Steps.Momentum(0.9, 0.3, false), 0.3, 0.01),
            (p, g, m, v, w) -> Steps.momentum(p, g, m, new Steps.Momentum(0.9, 0, true), 0.3, 0.01),
            (p, g, m, v, w) -> Steps.bookMomentum(p, g, m, 0.9, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.adagrad(p, g, v, 1e-3, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.rmsProp(p, g, v, RMS, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.rmsPropMomentum(p, g, v, m, RMS, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.adaDelta(p, g, v, w, 0.9, 1e-3, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.adam(p, g, m, v, ADAM, 2, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.amsgrad(p, g, m, v, w, ADAM, 2, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.nadam(p, g, m, v, ADAM, 20, 0.01, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.unadaptedAdam(p, g, m, v, ADAM, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.rectifiedAdam(p, g, m, v, ADAM, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.adamax(p, g, m, v, ADAM, 20, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.lion(p, g, m, 0.9, 0.99, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.moveTowards(p, g, 0.3),
            (p, g, m, v, w) -> Steps.lookahead(p, m, 0.3));

    /** Their variance cancels, so that in float it is another number. */
    private static final List<Step> CANCELLING = List.of(
            (p, g, m, v, w) -> Steps.centeredRmsProp(p, g, v, m, RMS, 0.3, 0.01),
            (p, g, m, v, w) -> Steps.centeredRmsPropMomentum(p, g, v, m, w, RMS, 0.3, 0.01));

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

    @ParameterizedTest
    @EnumSource
    void a_state_of_another_shape_or_number_type_is_refused_before_anything_changes(DType dtype) {
        Tensor ones = Tensor.ones(Shape.of(4), dtype);
        DType other = dtype == DType.FLOAT64 ? DType.FLOAT32 : DType.FLOAT64;
        List<Step> all = Stream.concat(STEPS.stream(), CANCELLING.stream()).toList();
        for (Tensor wrong :
                List.of(Tensor.ones(Shape.of(5), dtype), Tensor.ones(Shape.of(2, 2), dtype), ones.to(other))) {
            int refused = 0;
            for (Step step : all) {
                for (int k = 2; k < 5; k++) {
                    Tensor[] x = {ones.copy(), ones.copy(), ones.copy(), ones.copy(), ones.copy()};
                    x[k] = wrong;
                    try {
                        step.on(x[0], x[1], x[2], x[3], x[4]);
                    } catch (OperandMismatch e) {
                        refused++;
                        assertTrue(e.getMessage().startsWith("step: "), e::getMessage);
                        assertEquals(ones, x[0]);
                    }
                }
            }
            assertEquals(29, refused); // the states of all steps
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_step_on_many_elements_equals_the_step_on_each_element(DType dtype) {
        for (Step step : Stream.concat(STEPS.stream(), CANCELLING.stream()).toList()) {
            for (int n : SIZES) {
                Tensor[] all = operands(n, dtype, true);
                Tensor[] x = copies(all);
                step.on(x[0], x[1], x[2], x[3], x[4]);
                for (int i = 0; i < n; i += n > 2000 ? 97 : 1) {
                    Tensor[] one = new Tensor[all.length];
                    for (int k = 0; k < one.length; k++) {
                        one[k] = all[k].slice(0, i, i + 1).copy();
                    }
                    step.on(one[0], one[1], one[2], one[3], one[4]);
                    for (int k = 0; k < one.length; k++) {
                        assertEquals(one[k].item(), x[k].get(i), "tensor " + k + " at " + i + " of " + n);
                    }
                }
            }
        }
    }

    /** A float holds 24 bits: some eight roundings of numbers below 4, and of constants, give this error at most. */
    @ParameterizedTest
    @EnumSource
    void steps_in_float_agree_with_steps_in_double(DType dtype) {
        double bound = dtype == DType.FLOAT64 ? 0 : 32 * 0x1p-24;
        for (Step step : STEPS) {
            for (int n : SIZES) {
                Tensor[] wide = operands(n, dtype, false);
                Tensor[] x = copies(wide);
                for (int k = 0; k < wide.length; k++) {
                    wide[k] = wide[k].to(DType.FLOAT64);
                }
                step.on(x[0], x[1], x[2], x[3], x[4]);
                step.on(wide[0], wide[1], wide[2], wide[3], wide[4]);
                for (int k = 0; k < x.length && n > 0; k++) {
                    double gap = x[k].to(DType.FLOAT64).sub(wide[k]).abs().max().item();
                    assertTrue(gap <= bound, "tensor " + k + " of " + n + " is off by " + gap);
                }
            }
        }
    }

    /** Returns a parameter, a gradient, a mean and two mean squares, with odd numbers among them if asked for. */
    private static Tensor[] operands(int n, DType dtype, boolean withOdd) {
        double[] odd = {Double.NaN, 0, -0.0, Double.POSITIVE_INFINITY, Float.MIN_VALUE, 1e30};
        Random r = new Random(n);
        Tensor[] x = new Tensor[5];
        for (int k = 0; k < x.length; k++) {
            double[] data = r.doubles(n, k >= 3 ? 0.5 : -2, 2).toArray();
            for (int i = 0; i < n; i++) {
                data[i] = withOdd && r.nextInt(9) == 0 ? odd[r.nextInt(odd.length)] : data[i];
            }
            x[k] = Tensor.of(data).to(dtype);
        }
        return x;
    }

    private static Tensor[] copies(Tensor... x) {
        Tensor[] y = new Tensor[x.length];
        for (int k = 0; k < x.length; k++) {
            y[k] = x[k].copy();
        }
        return y;
    }
}
