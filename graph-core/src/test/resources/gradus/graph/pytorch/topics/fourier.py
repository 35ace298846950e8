"""Fourier, whose complex numbers are a last axis of size 2."""
import torch
import torch.nn.functional as F
from cases import moved

T, real, C = torch.fft, torch.view_as_real, lambda x: torch.view_as_complex(x.contiguous())
for n in [1, 2, 6, 13, 17, 34]:
    moved("fft(in0)", lambda x: real(T.fft(C(x))), (n, 2))
    moved("ifft(in0)", lambda x: real(T.ifft(C(x))), (2, n, 2))
    moved("rfft(in0)", lambda x: real(T.rfft(x)), (2, n))
    moved(f"irfft(in0, {n})", lambda x: T.irfft(C(x), n), (2, n // 2 + 1, 2))
moved("fft2(in0)", lambda x: real(T.fft2(C(x))), (3, 4, 2))
moved("ifft2(in0)", lambda x: real(T.ifft2(C(x))), (3, 4, 2))
moved("rfft2(in0)", lambda x: real(T.rfft2(x)), (2, 3, 4))
for w in [4, 5]:
    moved(f"irfft2(in0, {w})", lambda x: T.irfft2(C(x), (3, w)), (3, 3, 2))
moved("complexMul(in0, in1)", lambda x, y: real(C(x) * C(y)), (3, 2), (2, 1, 2))
moved("convolve(in0, in1)", lambda x, y: F.conv1d(x.reshape(1, 1, -1), y.flip(0).reshape(1, 1, -1), padding=2).reshape(-1), (5,), (3,))
