"""Positional encodings, composed: PyTorch has none. Rotations are products of complex numbers."""
import torch
from cases import moved


def rotary(x, positions, base=10000.0, halves=False):
    n, d = x.shape[-2:]
    angles = torch.tensor(positions).to(x.dtype)[:, None] / base ** (torch.arange(0, d, 2).to(x.dtype) / d)
    pairs = torch.stack([x[..., :d // 2], x[..., d // 2:]], -1) if halves else x.reshape(*x.shape[:-1], d // 2, 2)
    turned = torch.view_as_real(torch.view_as_complex(pairs) * torch.polar(torch.ones_like(angles), angles))
    return torch.cat([turned[..., 0], turned[..., 1]], -1) if halves else turned.reshape(x.shape)


def sinusoidal(n, d):
    angles = torch.arange(n).double()[:, None] / 10000 ** (torch.arange(0, d, 2).double() / d)
    return torch.stack([angles.sin(), angles.cos()], -1).reshape(n, d)


for shape in [(3, 4), (2, 2, 5, 6), (2, 0, 2)]:
    moved("rotary(in0)", lambda x: rotary(x, range(x.shape[-2])), shape)
moved("rotary(in0, 7, 100.0, HALVES)", lambda x: rotary(x, range(7, 10), 100.0, True), (2, 3, 6))
moved("rotary(in0, <4 0 9>, 50.0, ADJACENT)", lambda x: rotary(x, [4, 0, 9], 50.0), (3, 4))
for n, d in [(5, 4), (1, 2), (12, 6)]:
    moved(f"sinusoidal({n}, {d}).mul(in0)", lambda x: sinusoidal(n, d) * x, (n, d))
