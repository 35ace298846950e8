"""Normalisation. PyTorch 1.13 has no rms_norm, so it is composed, and its batch_norm returns no statistics."""
import numpy as np
import torch
import torch.nn.functional as F
from cases import case, draw, inf, mask, moved, nan

# large offsets, rows of equal numbers, infinite elements and NaN
ROWS = [[1e4, 1e4 + 1, 1e4 - 2], [1e8, 1e8 + 1, 1e8 - 2], [3, 3, 3], [0.1, 0.1, 0.1], [inf, 1, 2], [-inf, inf, 2], [nan, 1, 2], [0.0, -0.0, 0.0]]


def rms(x, axes, eps):
    return x * torch.rsqrt(x.square().mean(axes, keepdim=True) + eps)


def columns(v, x):
    return v.reshape([-1] + [1] * (x.ndim - 2))


def train(x, g=None, b=None, eps=0.1):
    return F.batch_norm(x, None, None, g, b, True, 0.1, eps)


moved("layerNorm(in0, in1, in2)", lambda x, g, b: F.layer_norm(x, g.shape, g, b), (4, 5), (5,), (5,))
for x, row in [((2, 3), (3,)), ((2, 2, 3), (2, 3)), ((2, 1, 33), (33,)), ((3, 1), (1,)), ((0, 3), (3,)), ((2, 0), (0,))]:
    over = tuple(range(-len(row), 0))
    shape = f"[{','.join(map(str, row))}]"
    moved("layerNorm(in0, in1, in2, 0.1)", lambda x, g, b: F.layer_norm(x, row, g, b, 0.1), x, row, row)
    moved(f"layerNorm(in0, {shape}, 0.001)", lambda x: F.layer_norm(x, row, eps=0.001), x)
    moved("rmsNorm(in0, in1, 0.1)", lambda x, g: rms(x, over, 0.1) * g, x, row)
    moved(f"rmsNorm(in0, {shape}, 0.001)", lambda x: rms(x, over, 0.001), x)
for row in ROWS:
    case("layerNorm(in0, in1, in2)", lambda x, g, b: F.layer_norm(x, (3,), g, b), [row, [1, 2, 4]], [1.5, -2, 0.5], [0.5, 1, 0])
    case("layerNorm(in0, [3], 0.001)", lambda x: F.layer_norm(x, (3,), eps=0.001), row)
    case("rmsNorm(in0, in1, 0.1)", lambda x, g: rms(x, -1, 0.1) * g, [row, [1, 2, 4]], [1.5, -2, 0.5])

for x in [(4, 3), (33, 2), (2, 3, 2), (3, 2, 2, 5), (2, 1, 2, 1, 3), (2, 17), (2, 1)]:
    c = x[1]
    over = [0] + list(range(2, len(x)))
    moved("batchNorm(in0, in1, in2, 0.1).values", train, x, (c,), (c,))
    moved("batchNorm(in0, 0.1).values", train, x)
    moved("batchNorm(in0, 0.1).mean", lambda x: x.mean(over), x)
    moved("batchNorm(in0, 0.1).var", lambda x: x.var(over, False), x)
    given = [draw(f"given {i}", (c,), 0.1, 2) for i in range(4)]
    case("batchNorm(in0, in1, in2, in3, in4, 0.1)", lambda x, g, b, m, v: F.batch_norm(x, m, v, g, b, False, 0.1, 0.1),
         draw("given x", x), *given[:2], mask(given[2]), mask(given[3]))
    case("batchNorm(in0, in1, in2, in3, in4, 0.1)",
         lambda x, g, b, m, v: (x - columns(m, x)) / torch.sqrt(columns(v, x) + 0.1) * columns(g, x) + columns(b, x), draw("given x", x), *given)
for row in ROWS:
    x = np.array([row, [1, 2, 4]]).T
    case("batchNorm(in0, in1, in2, 0.1).values", train, x, [1.5, -2], [0.5, 1])
    case("batchNorm(in0, 0.1).values", train, x.T[None])
    case("batchNorm(in0, 0.1).mean", lambda x: x.mean(0), x)
    case("batchNorm(in0, 0.1).var", lambda x: x.var(0, False), x)

for x, groups in [((2, 4, 3), 2), ((3, 6), 3), ((1, 2, 2, 2), 1), ((2, 3, 2, 1, 2), 3), ((0, 4, 2), 2)]:
    c = (x[1],)
    moved(f"groupNorm(in0, {groups}, in1, in2, 0.1)", lambda x, g, b: F.group_norm(x, groups, g, b, 0.1), x, c, c)
    moved(f"groupNorm(in0, {groups}, 0.001)", lambda x: F.group_norm(x, groups, eps=0.001), x)
for x in [(2, 3, 4), (1, 2, 2, 3), (2, 1, 1, 2, 2)]:
    c = (x[1],)
    moved("instanceNorm(in0, in1, in2, 0.1)", lambda x, g, b: F.instance_norm(x, weight=g, bias=b, eps=0.1), x, c, c)
    moved("instanceNorm(in0, 0.001)", lambda x: F.instance_norm(x, eps=0.001), x)
for x, size in [((2, 4, 2), 3), ((1, 3, 2, 2), 2), ((1, 2, 3), 7), ((1, 2, 1, 2, 2), 1)]:
    moved(f"localResponseNorm(in0, {size}, 0.5, 0.75, 2.0)", lambda x: F.local_response_norm(x, size, 0.5, 0.75, 2.0), x)
case("localResponseNorm(in0, 3, 0.5, 0.75, 1.0)", lambda x: F.local_response_norm(x, 3, 0.5, 0.75, 1.0), [[[1, inf], [nan, 2], [0.0, 3], [-0.0, 1e4]]])
for v, axis in [((3, 2, 2), 0), ((3, 4), 0), ((3, 4), -1), ((2, 3, 2), 1), ((4,), 0)]:
    other = [n if i == axis % len(v) else 1 for i, n in enumerate(v)]
    moved(f"weightNorm(in0, in1, {axis})", lambda x, g: torch._weight_norm(x, g.reshape(other), axis % len(v)), v, (v[axis],))
case("weightNorm(in0, in1, 0)", lambda x, g: torch._weight_norm(x, g.reshape(-1, 1), 0), [[1.0, inf], [nan, 1], [1e4, -1e4]], [1.0, 2, 3])

# single precision, of elements that are not near their mean
for call, f, inputs in [
        ("layerNorm(in0, in1, in2)", lambda x, g, b: F.layer_norm(x, (3,), g, b), [[[1, 5, 9.5], [1, -2, 2]], [2, 1, -1], [1, 3, -2]]),
        ("rmsNorm(in0, in1, 0.1)", lambda x, g: rms(x, -1, 0.1) * g, [[[1, 5, 9.5], [1, -2, 2]], [2, 1, -1]]),
        ("batchNorm(in0, 0.1).values", train, [[[1, 5], [2, -7], [-7, 3]]]),
        ("groupNorm(in0, 2, 0.1)", lambda x: F.group_norm(x, 2, eps=0.1), [[[1, 5, 2, -7]]]),
        ("instanceNorm(in0, 0.1)", lambda x: F.instance_norm(x, eps=0.1), [[[[1, 5], [2, -7]]]]),
        ("localResponseNorm(in0, 2, 0.5, 0.75, 2.0)", lambda x: F.local_response_norm(x, 2, 0.5, 0.75, 2.0), [[[[1, 5], [2, -7]]]]),
        ("weightNorm(in0, in1, 0)", lambda x, g: torch._weight_norm(x, g.reshape(-1, 1), 0), [[[1, 5], [2, -7]], [2, 3]])]:
    case(call, f, *inputs, dtype=np.float32)
