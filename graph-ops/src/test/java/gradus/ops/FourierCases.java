package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Fourier}. */
final class FourierCases {
    static final List<OpCase> ALL = List.of(
            row("fft", in -> Fourier.fft(in[0]), Shape.of(2, 4, 2)),
            row("fft of 17", in -> Fourier.fft(in[0]), Shape.of(17, 2)),
            row("ifft", in -> Fourier.ifft(in[0]), Shape.of(6, 2)),
            row("rfft", in -> Fourier.rfft(in[0]), Shape.of(2, 5)),
            row("rfft of 6", in -> Fourier.rfft(in[0]), Shape.of(6)),
            row("rfft of 1", in -> Fourier.rfft(in[0]), Shape.of(1)),
            row("irfft(.., 6)", in -> Fourier.irfft(in[0], 6), Shape.of(2, 4, 2)),
            row("irfft(.., 7)", in -> Fourier.irfft(in[0], 7), Shape.of(4, 2)),
            row("fft2", in -> Fourier.fft2(in[0]), Shape.of(3, 2, 2)),
            row("ifft2", in -> Fourier.ifft2(in[0]), Shape.of(2, 2, 3, 2)),
            row("rfft2", in -> Fourier.rfft2(in[0]), Shape.of(3, 4)),
            row("irfft2(.., 3)", in -> Fourier.irfft2(in[0], 3), Shape.of(2, 2, 2)),
            row("complexMul", in -> Fourier.complexMul(in[0], in[1]), Shape.of(3, 2), Shape.of(2, 1, 2)),
            row("convolve", in -> Fourier.convolve(in[0], in[1]), Shape.of(2, 4), Shape.of(3)));

    private FourierCases() {}
}
