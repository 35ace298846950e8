package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FourierTest {
    private static Tensor random(long seed, int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(seed, "signal"));
    }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        double gap = expected.sub(actual).abs().max().item();
        assertTrue(gap <= tolerance, () -> gap + " off: " + expected + " and " + actual);
    }

    /** The sum of the definition, its angles reduced before they are rounded. */
    private static Tensor slow(Tensor x) {
        int n = x.shape().dim(0);
        double[] y = new double[2 * n];
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
                double angle = -2 * Math.PI * ((long) j * k % n) / n;
                y[2 * k] += x.get(j, 0) * Math.cos(angle) - x.get(j, 1) * Math.sin(angle);
                y[2 * k + 1] += x.get(j, 0) * Math.sin(angle) + x.get(j, 1) * Math.cos(angle);
            }
        }
        return Tensor.of(Shape.of(n, 2), y);
    }

    @Property(tries = 200)
    void the_transform_of_any_length_is_its_definition(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int n) {
        Tensor x = random(seed, n, 2);
        assertNear(slow(x), Fourier.fft(constant(x)).value(), 2e-15 * n);
    }

    @Property(tries = 100)
    void inverses_undo_the_transforms_and_energy_is_kept(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int h, @ForAll @IntRange(min = 1, max = 60) int w) {
        Node z = constant(random(seed, h, w, 2));
        Node f = Fourier.fft(z);
        assertNear(z.value(), Fourier.ifft(f).value(), 1e-14);
        assertEquals(
                z.value().mul(z.value()).sum().item() * w,
                f.value().mul(f.value()).sum().item(),
                1e-12 * h * w * w);
        assertNear(z.value(), Fourier.ifft2(Fourier.fft2(z)).value(), 1e-14);
        Node x = z.select(-1, 0);
        assertNear(x.value(), Fourier.irfft(Fourier.rfft(x), w).value(), 1e-14);
        assertNear(x.value(), Fourier.irfft2(Fourier.rfft2(x), w).value(), 1e-14);
        Node real = Node.stack(-1, x, x.mul(0));
        assertNear(
                Fourier.fft(real).slice(-2, 0, w / 2 + 1).value(),
                Fourier.rfft(x).value(),
                1e-15 * w);
    }

    @Test
    void the_derivative_of_a_sine_by_transforms_is_the_cosine() {
        int n = 100;
        double[] sine = new double[n];
        double[] cosine = new double[n];
        for (int i = 0; i < n; i++) {
            sine[i] = Math.sin(3 * 2 * Math.PI * i / n);
            cosine[i] = 3 * Math.cos(3 * 2 * Math.PI * i / n);
        }
        double[] factors = new double[n / 2 * 2 + 2]; // i k, but for the highest frequency
        for (int k = 0; k < n / 2; k++) {
            factors[2 * k + 1] = k;
        }
        Node spectrum = Fourier.rfft(constant(Tensor.of(sine)));
        Node derivative =
                Fourier.irfft(Fourier.complexMul(spectrum, constant(Tensor.of(Shape.of(n / 2 + 1, 2), factors))), n);
        assertNear(Tensor.of(cosine), derivative.value(), 1e-12);
    }

    @Property(tries = 50)
    void convolve_is_the_sum_of_products(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n, @ForAll @IntRange(min = 1, max = 40) int m) {
        Tensor a = random(seed, n);
        Tensor b = random(seed + 1, m);
        double[] y = new double[n + m - 1];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                y[i + j] += a.get(i) * b.get(j);
            }
        }
        assertNear(Tensor.of(y), Fourier.convolve(constant(a), constant(b)).value(), 1e-14 * (n + m));
    }

    static Stream<Arguments> bad() {
        Node x = constant(Tensor.ones(4, 3));
        Node z = constant(Tensor.ones(4, 2));
        Node image = constant(Tensor.ones(2, 4, 2));
        Node single = constant(Tensor.ones(2).to(DType.FLOAT32));
        String types = "the first is FLOAT64, the second FLOAT32; convert one, as with .to(FLOAT64)";
        return Stream.of(
                bad(
                        "fft: [4, 3]: it takes complex numbers [.., n, 2], not empty; rfft takes real ones",
                        () -> Fourier.fft(x)),
                bad("fft: [0, 2]", () -> Fourier.fft(constant(Tensor.zeros(0, 2)))),
                bad(
                        "fft2: [4, 2]: it takes complex numbers [.., h, w, 2], not empty; rfft2 takes real ones",
                        () -> Fourier.fft2(z)),
                bad("rfft: []: it takes [.., n] with n from 1 up", () -> Fourier.rfft(constant(1.0))),
                bad("rfft2: [4]: ", () -> Fourier.rfft2(constant(Tensor.ones(4)))),
                bad("irfft: [4, 2]: n must be at least 1, not 0", () -> Fourier.irfft(z, 0)),
                bad("irfft2: [2, 4, 2]: w must be at least 1, not -1", () -> Fourier.irfft2(image, -1)),
                bad("irfft2: [2, 4, 2]: for w = 4 it takes [.., h, 3, 2]", () -> Fourier.irfft2(image, 4)),
                bad(
                        "complexMul: [4, 2] x [3, 2]: sizes 4 and 3 (axis -2) differ and neither is 1",
                        () -> Fourier.complexMul(z, constant(Tensor.ones(3, 2)))),
                bad("complexMul: [4, 2] x [2]: " + types, () -> Fourier.complexMul(z, single)),
                bad(
                        "convolve: [4, 3] x [3, 5]: sizes 4 and 3 (axis -2) differ and neither is 1",
                        () -> Fourier.convolve(x, constant(Tensor.ones(3, 5)))),
                bad("convolve: [4, 3] x [2]: " + types, () -> Fourier.convolve(x, single)),
                bad("irfft: [4, 2]: for n = 8 it takes [.., 5, 2]", () -> Fourier.irfft(z, 8)),
                bad("complexMul: [4, 3]: it takes complex numbers [.., 2]", () -> Fourier.complexMul(z, x)),
                bad("convolve: [] x [4, 2]: it takes [.., n] and [.., m]", () -> Fourier.convolve(constant(1.0), z)));
    }

    private static Arguments bad(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_does_not_fit_is_named(String message, Executable call) {
        OperandMismatch e = assertThrows(OperandMismatch.class, call);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
