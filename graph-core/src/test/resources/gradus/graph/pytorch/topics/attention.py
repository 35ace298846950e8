"""Scaled dot-product attention, composed: PyTorch 1.13 has no public function of this name."""
import math

import numpy as np
import torch
from cases import case, draw, inf, mask, nan

NAME = "scaledDotProductAttention"


def attention(q, k, v, keep=None, scale=None):
    scores = q @ k.transpose(-2, -1) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    return torch.softmax(scores if keep is None else scores.masked_fill(keep == 0, -inf), -1) @ v


def causal(n, m, offset=0):
    return torch.ones(n, m).tril(offset)


def operands(name, q, k, v):
    return draw(name + "q", q), draw(name + "k", k), draw(name + "v", v)


for shapes in [((3, 2), (4, 2), (4, 3)), ((2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 1)), ((2, 1, 3, 2), (3, 3, 2), (2, 1, 3, 2)), ((0, 2), (3, 2), (3, 1)), ((2, 1), (1, 1), (1, 2))]:
    case(f"{NAME}(in0, in1, in2)", attention, *operands(NAME, *shapes))
case(f"{NAME}(in0, in1, in2)", attention, *operands("float", (2, 3, 4), (2, 5, 4), (2, 5, 2)), dtype=np.float32)
x = operands("options", (2, 3, 2), (2, 4, 2), (2, 4, 3))
case(f"{NAME}(in0, in1, in2, {{causal true}})", lambda q, k, v: attention(q, k, v, causal(3, 4)), *x)
case(f"{NAME}(in0, in1, in2, {{causal true; offset 1}})", lambda q, k, v: attention(q, k, v, causal(3, 4, 1)), *x)
case(f"{NAME}(in0, in1, in2, {{scale 0.7}})", lambda q, k, v: attention(q, k, v, scale=0.7), *x)
for keep in [[[1, 0, 1, 1], [0, 1, 0, 0], [1, 1, 1, 1]], [[[1, 1, 0, 0]], [[1, 1, 1, 0]]], [1, 0, 0, 1], [[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]]]:
    case(f"{NAME}(in0, in1, in2, {{mask t3}})", lambda q, k, v, m: attention(q, k, v, m), *x, mask(np.array(keep, dtype=float)))
# scores that are equal, large, infinite or NaN; the other rows are not affected
for row in [[0.0, 0], [1e4, -1e4], [inf, 1], [nan, 1]]:
    case(f"{NAME}(in0, in1, in2)", attention, np.array([[1.0, 2], row]), np.array([[1.0, 1], [2, 1], [1, 1]]), np.array([[1.0, 4], [2, 3], [3, 5]]))
