"""Writes the .txt files beside it: calls, their values and their gradients in PyTorch, for TorchTest to compare ours with.

Made with Debian's python3-torch 1.13.1:  /usr/bin/python3 fixtures.py [family or topic ..]
(what a line holds stands in cases.py)
"""
import itertools
import runpy
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True
from cases import ALONE, EDGES, HERE, MEET, PAIRS, ROWS, along, alone, axes, case, draw, each, inf, mask, moved, nan, number, pair, rng, write


def arithmetic():
    pair("add(in1)", torch.add)
    pair("sub(in1)", torch.sub)
    pair("mul(in1)", torch.mul)
    pair("div(in1)", torch.div)
    pair("logAddExp(in1)", torch.logaddexp)
    pair("pow(in1)", torch.pow, 0.25, 2, MEET + [-1, 3, -0.5])
    pair("fmod(in1)", torch.fmod, 0.3, 3)
    pair("remainder(in1)", torch.remainder, 0.3, 3)
    pair("remainder(in1)", torch.remainder, -3, 3)
    case("remainder(in1)", torch.remainder, [5.5, -5.5, 5.5, -5.5, 6, -6, 0.3, 1e300], [2, 2, -2, -2, 3, 3, 0.1, -3])
    case("fmod(in1)", torch.fmod, [5.5, -5.5, 5.5, -5.5, 6, -6], [2, 2, -2, -2, 3, 3])
    for c in [2.5, -1.0, 0.0]:
        number(f"add({c})", lambda x: x + c)
        number(f"sub({c})", lambda x: x - c)
        number(f"mul({c})", lambda x: x * c)
        number(f"div({c})", lambda x: x / c)
        number(f"rsub({c})", lambda x: c - x)
        number(f"rdiv({c})", lambda x: c / x)
        number(f"pow({c})", lambda x: x ** c, 0.25)
        number(f"rpow({c})", lambda x: torch.pow(c, x))
        number(f"remainder({c})", lambda x: torch.remainder(x, c), edges=[3.5, -7.5])
        number(f"fmod({c})", lambda x: torch.fmod(x, c), edges=[3.5, -7.5])
    for c in [0.5, 1.0, 2.0, 3.0, -2.0, -0.5]:
        number(f"pow({c})", lambda x: x ** c, 0.25)
    for a, b in PAIRS:
        for w in {a, b}:
            case("lerp(in1, in2)", torch.lerp, draw("start", a), draw("end", b), draw("weight", w))
        for w in [0.3, 0.0, 1.0, -0.5, 2.0]:
            case(f"lerp(in1, {w})", lambda x, y: torch.lerp(x, y, w), draw("start", a), draw("end", b))
    case("lerp(in1, in2)", torch.lerp, *np.array(list(itertools.product(MEET, MEET, [0.0, -0.0, 0.5, 1, -2, inf, nan]))).T)
    case("lerp(in1, in2)", torch.lerp, draw("start", (4,)), draw("end", (4,)), draw("weight", (4,)), dtype=np.float32)
    alone("neg()", torch.neg)
    alone("square()", torch.square)
    alone("reciprocal()", torch.reciprocal, 0.3)
    write("arithmetic")


def elementary():
    for name in "exp exp2 expm1 abs sign floor ceil round trunc erf erfc".split():
        alone(f"{name}()", getattr(torch, name), edges=[1.5, 2.5, -1.5, 6, -6])
    for name in "log log1p log2 log10 sqrt rsqrt".split():
        alone(f"{name}()", getattr(torch, name), 0.2, 3, [1e-300, 1e300])
    alone("erfinv()", torch.erfinv, -0.99, 0.99, [0.999999, -0.999999, 2, 1e-300])
    poles = [2, 3, -2, -1.5, 0.001, -0.001, 8, 171.5]
    alone("lgamma()", torch.lgamma, 0.2, 5, poles)
    alone("digamma()", torch.digamma, 0.2, 5, poles)
    for n in range(4):
        case(f"polygamma({n})", lambda x: torch.polygamma(n, x), draw("polygamma", (2, 3), 0.2, 5))
        case(f"polygamma({n})", lambda x: torch.polygamma(n, x), [0.0, -0.0, 1, 0.5, 0.001, 2, 10, 100, 1e4, inf, nan])
        case(f"polygamma({n})", lambda x: torch.polygamma(n, x), [-0.5, -1.5, -2.3, -1, -2, -inf])
    write("elementary")


def trigonometry():
    for name in "sin cos tan sinh cosh tanh atan asinh".split():
        alone(f"{name}()", getattr(torch, name), edges=[800, -800])
    for name in "asin acos atanh".split():
        alone(f"{name}()", getattr(torch, name), -0.95, 0.95, [2, -2, 0.999999])
    alone("acosh()", torch.acosh, 1.1, 4, [1.000001, 2])
    pair("atan2(in1)", torch.atan2)
    pair("hypot(in1)", torch.hypot)
    case("hypot(in1)", torch.hypot, [1e200, 3e-200, 1e308, 3], [1e200, 4e-200, 1, -4])
    write("trigonometry")


def activations():
    kinks = [3, -3, 2.999, -2.999, 100, -100]
    for name, f in {"relu": F.relu, "selu": F.selu, "gelu": F.gelu, "silu": F.silu, "mish": F.mish, "softsign": F.softsign,
                    "hardtanh": F.hardtanh, "hardSigmoid": F.hardsigmoid, "hardSwish": F.hardswish, "sigmoid": torch.sigmoid,
                    "logSigmoid": F.logsigmoid, "leakyRelu": F.leaky_relu, "elu": F.elu, "celu": F.celu}.items():
        alone(f"{name}()", f, -4, 4, kinks)
    alone("softplus()", lambda x: F.softplus(x, threshold=1000), -4, 4, kinks)
    alone("geluTanh()", lambda x: F.gelu(x, approximate="tanh"), -4, 4, kinks)
    alone("relu6()", F.relu6, -2, 8, [6, 7])
    number("hardtanh(-0.5, 2.0)", lambda x: F.hardtanh(x, -0.5, 2.0), edges=[2])
    for shape, w in [((3,), (1,)), ((2, 3), (3,)), ((2, 3), (1,)), ((2, 2, 2), (2,)), ((0, 2), (2,))]:
        case("prelu(in1)", F.prelu, draw("prelu", shape), draw("prelu weight", w))
    case("prelu(in1)", F.prelu, np.array(EDGES), [0.25])
    case("prelu(in1)", F.prelu, np.array(EDGES), [0.0])
    case("prelu(in1)", F.prelu, draw("prelu", (4,)), [0.25], dtype=np.float32)
    for shape, axis in [((4,), 0), ((3, 4), 1), ((2, 3), 0), ((2, 2, 3), -2), ((0, 2), 1)]:
        case(f"glu({axis})", lambda x: F.glu(x, axis), draw("glu", shape, -4, 4))
    case("glu(0)", lambda x: F.glu(x, 0), np.array(list(itertools.product(EDGES, EDGES))).T)
    case("glu(0)", lambda x: F.glu(x, 0), draw("glu", (4,)), dtype=np.float32)
    number("leakyRelu(0.2)", lambda x: F.leaky_relu(x, 0.2))
    number("elu(0.5)", lambda x: F.elu(x, 0.5))
    number("celu(0.5)", lambda x: F.celu(x, 0.5))
    along("softmax(%d)", torch.softmax)
    along("logSoftmax(%d)", torch.log_softmax)
    case("softmax(1)", lambda x: x.softmax(1), ROWS[:2])
    write("activations")


def comparing():
    pair("maximum(in1)", torch.maximum)
    pair("minimum(in1)", torch.minimum)
    for name, f in {"gt": torch.gt, "ge": torch.ge, "lt": torch.lt, "le": torch.le, "eq": torch.eq, "ne": torch.ne}.items():
        pair(f"{name}(in1)", f)
        number(f"{name}(0.5)", lambda x: f(x, 0.5))
    for name, f in {"and": torch.logical_and, "or": torch.logical_or}.items():
        pair(f"{name}(in1)", f)
    for c in [0.5, 0.0]:
        number(f"maximum({c})", lambda x: torch.maximum(x, torch.tensor(c, dtype=x.dtype)))
        number(f"minimum({c})", lambda x: torch.minimum(x, torch.tensor(c, dtype=x.dtype)))
    alone("not()", torch.logical_not)
    alone("isNaN()", torch.isnan)
    alone("isInfinite()", torch.isinf)
    alone("isFinite()", torch.isfinite)
    alone("clamp(-1.0, 0.5)", lambda x: x.clamp(-1.0, 0.5))
    alone("clamp(0.0, 0.0)", lambda x: x.clamp(0.0, 0.0))
    alone("clampMin(-0.5)", lambda x: x.clamp_min(-0.5))
    alone("clampMax(0.5)", lambda x: x.clamp_max(0.5))
    number("clampMin(0.0)", lambda x: x.clamp_min(0.0))
    number("clampMax(0.0)", lambda x: x.clamp_max(0.0))
    number("clampMin(-inf)", lambda x: x.clamp_min(-inf))
    alone("nanToNum()", torch.nan_to_num)
    case("nanToNum()", torch.nan_to_num, [nan, inf, -inf, 1], dtype=np.float32)
    alone("nanToNum(0.5, 2.0, -3.0)", lambda x: torch.nan_to_num(x, 0.5, 2.0, -3.0))
    number("clamp(-inf, 0.5)", lambda x: x.clamp(-inf, 0.5))
    number("clamp(1.0, -1.0)", lambda x: x.clamp(1.0, -1.0))
    for shape, m in [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((0, 2), (2,))]:
        hides = mask(rng("mask", shape).permutation(np.arange(np.prod(m, dtype=int)) % 2.0).reshape(m))
        x, other = draw("where", shape), draw("other", m)
        case("maskedBy(in1)", lambda x, m: torch.where(m != 0, x, torch.zeros_like(x)), x, hides)
        case("where(in1, in2)", lambda x, m, y: torch.where(m != 0, x, y), x, hides, other)
        case("where(in1, 2.5)", lambda x, m: torch.where(m != 0, x, torch.full_like(x, 2.5)), x, hides)
        case("maskedFill(in1, 2.5)", lambda x, m: x.masked_fill(m != 0, 2.5), x, hides)
        case("maskedSelect(in1)", lambda x, m: torch.masked_select(x, m != 0), x, hides)
    case("maskedSelect(in1)", lambda x, m: torch.masked_select(x, m != 0), draw("select", (3,)), mask([[1.0, 0, 1], [0, 1, 1]]))
    case("maskedSelect(in1)", lambda x, m: torch.masked_select(x, m != 0), np.array(EDGES), mask(np.arange(len(EDGES)) % 3 - 1.0))
    edges, ones = np.array(EDGES * 2), mask(np.repeat([1.0, 0.0], len(EDGES)))
    case("maskedBy(in1)", lambda x, m: torch.where(m != 0, x, torch.zeros_like(x)), edges, ones)
    case("where(in1, in2)", lambda x, m, y: torch.where(m != 0, x, y), edges, ones, edges[::-1].copy())
    case("maskedFill(in1, -inf)", lambda x, m: x.masked_fill(m != 0, -inf), edges, ones)
    case("where(in1, in2)", lambda x, m, y: torch.where(m != 0, x, y), [1.0, 2, 3, 4], mask([nan, -0.0, -1, 0.5]), [5.0, 6, 7, 8])
    # what the mask hides is not taken: the gradient that reaches it is 0, and there torch's rule may be 0 times infinity
    x, m, y = [0.0, -1, inf, nan, -0.0, 4], mask([0.0, 0, 0, 0, 0, 1]), [1.0, 2, 3, 4, 5, 6]
    for name in "sqrt log rsqrt reciprocal log1p square exp abs".split():
        case(f"{name}().where(in1, in2)", lambda x, m, y: torch.where(m != 0, getattr(torch, name)(x), y), x, m, y)
    for c in [0.5, -1.0]:
        case(f"pow({c}).maskedBy(in1)", lambda x, m: torch.where(m != 0, x ** c, torch.zeros_like(x)), x, m)
    for name in "div pow mul hypot atan2".split():
        case(f"{name}(in1).maskedBy(in2)", lambda x, y, m: torch.where(m != 0, getattr(torch, name)(x, y), torch.zeros_like(x)),
             [1.0, 0, inf, nan, 2, 4], [0.0, 0, inf, 1, nan, 2], m)
    write("comparing")


def reductions():
    axes("sum", lambda x, over, keep: x.sum(over, keep))
    axes("mean", lambda x, over, keep: x.mean(over, keep))
    axes("prod", each(lambda x, a, keep: x.prod(a, keep)))
    axes("max", lambda x, over, keep: x.amax(over, keep), empty=False)
    axes("min", lambda x, over, keep: x.amin(over, keep), empty=False)
    for var, std, unbiased in [("var", "std", True), ("populationVar", "populationStd", False)]:
        axes(var, lambda x, over, keep: x.var(over, unbiased, keep))
        axes(std, lambda x, over, keep: x.std(over, unbiased, keep))
    axes("norm", lambda x, over, keep: torch.linalg.vector_norm(x, 2, over, keep))
    for p in [1.0, 2.0, 3.0, 0.5, inf, 0.0]:
        axes(f"pNorm({p})", lambda x, over, keep: torch.linalg.vector_norm(x, p, over, keep), empty=p < inf)
    moved("pNorm(-1.0)", lambda x: torch.linalg.vector_norm(x, -1.0), (3,))
    axes("logSumExp", lambda x, over, keep: torch.logsumexp(x, over, keep))
    axes("any", each(lambda x, a, keep: torch.any(x, a, keep)))
    axes("all", each(lambda x, a, keep: torch.all(x, a, keep)))
    along("argmax(%d)", torch.argmax, shapes=((3,), (2, 3), (2, 1, 3)))
    along("argmin(%d)", torch.argmin, shapes=((3,), (2, 3), (2, 1, 3)))
    for x in [draw("argmax", s) for s in [(), (3,), (2, 3), (2, 1, 3)]] + list(ROWS):
        case("argmax()", torch.argmax, x)
        case("argmin()", torch.argmin, x)
    for q in [0.0, 0.25, 0.5, 0.9, 1.0]:
        axes(f"quantile({q})", lambda x, over, keep: quantile(x, q, over, keep), empty=False)
    write("reductions")


def quantile(x, q, over, keep):
    """torch.quantile over several axes, and of no rows, which it refuses."""
    if x.numel() == 0:
        return x.sum(over, keep)
    over = [a % x.ndim for a in over]
    left = [a for a in range(x.ndim) if a not in over]
    y = torch.quantile(x.permute(left + over).flatten(len(left)), q, -1)
    return y.reshape([1 if a in over else x.shape[a] for a in range(x.ndim)]) if keep else y


def scans():
    along("cumsum(%d)", torch.cumsum)
    along("cumprod(%d)", torch.cumprod)
    along("logCumSumExp(%d)", torch.logcumsumexp)
    for name in ["cummax", "cummin"]:
        for out, part in [(0, "values"), (1, "indices")]:
            rows = list(ROWS) + [np.array([1, 3, 2, 3, nan, 5, nan]), np.array([2, inf, 1, inf, -inf, -inf, 0.0])]
            along(f"{name}(%d).{part}", lambda x, a: getattr(torch, name)(x, a)[out], edges=rows)
    write("scans")


def shaping():
    moved("reshape(3, -1)", lambda x: x.reshape(3, -1), (2, 3))
    moved("reshape([3,2])", lambda x: x.reshape(3, 2), (2, 3))
    moved("reshape()", lambda x: x.reshape(()), (1, 1))
    moved("reshape(0, 5)", lambda x: x.reshape(0, 5), (2, 0))
    for shape in ALONE:
        moved("flatten()", lambda x: x.reshape(-1), shape)
        moved("squeeze()", torch.squeeze, shape)
        for axis in [0, -1]:
            moved(f"unsqueeze({axis})", lambda x: x.unsqueeze(axis), shape)
    for a, b in [(0, -1), (1, 2), (-2, -2)]:
        moved(f"flatten({a}, {b})", lambda x: x.flatten(a, b), (2, 3, 2))
    for a, b in [(0, -1), (2, 0), (1, 1)]:
        moved(f"moveAxis({a}, {b})", lambda x: x.movedim(a, b), (2, 1, 3))
    moved("unsqueeze(1)", lambda x: x.unsqueeze(1), (2, 3))
    for axis in [0, 1, -2]:
        moved(f"squeeze({axis})", lambda x: x.squeeze(axis), (2, 1, 3))
    for shape in [(2, 3), (2, 1, 3), (0, 2), (2, 2, 1, 2)]:
        moved("transpose()", lambda x: x.transpose(-2, -1), shape)
        moved("transpose(0, -1)", lambda x: x.transpose(0, -1), shape)
    moved("permute(2, 0, -2)", lambda x: x.permute(2, 0, -2), (2, 3, 2))
    moved("permute(1, 0)", lambda x: x.permute(1, 0), (0, 2))
    moved("permute()", lambda x: x.permute(()), ())
    for shape, to in [((), (2, 2)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1, 2), (0, 2)), ((2, 1, 3), (2, 2, 2, 3))]:
        moved(f"expandTo({list(to)})".replace(", ", ","), lambda x: x.expand(to), shape)
    for shape, to in [((2, 2), ()), ((2, 3), (3,)), ((2, 3), (2, 1)), ((0, 2), (1, 2)), ((2, 2, 3), (1, 1, 3))]:
        moved(f"sumTo({list(to)})".replace(", ", ","), lambda x: x.sum_to_size(to), shape)
    write("shaping")


def slicing():
    for shape in [(5,), (5, 2), (2, 5)]:
        a = 0 if shape[0] == 5 else -1
        at = (slice(None),) * (a % len(shape))
        for low, high in [(1, 3), (0, 5), (-3, -1), (2, 2), (-5, 4)]:
            moved(f"slice({a}, {low}, {high})", lambda x: x[at + (slice(low, high),)], shape)
        for low, high, step in [(0, 5, 2), (1, 5, 3), (-4, -1, 2), (3, 3, 2)]:
            moved(f"slice({a}, {low}, {high}, {step})", lambda x: x[at + (slice(low, high, step),)], shape)
        for low, high, step in [(4, 0, -1), (-1, -6, -1), (3, -6, -2), (-2, 0, -3), (2, 2, -1), (-1, -6, -9)]:
            moved(f"slice({a}, {low}, {high}, {step})", lambda x: x.index_select(a, torch.tensor(list(range(5))[low:high:step], dtype=int)), shape)
        for n in [1, 3, 0]:
            moved(f"repeatInterleave({a}, {n})", lambda x: x.repeat_interleave(n, a), shape)
        moved(f"repeatInterleave({a}, 2, 0, 1, 3, 1)", lambda x: x.repeat_interleave(torch.tensor([2, 0, 1, 3, 1]), a), shape)
        for i in [0, 3, -1]:
            moved(f"select({a}, {i})", lambda x: x.select(a, i), shape)
        moved(f"unbind({a})[1]", lambda x: x.unbind(a)[1], shape)
        for n in [1, 2, 3, 4, 7]:
            count = len(torch.zeros(5).chunk(n))
            for i in {0, count - 1}:
                moved(f"chunk({a}, {n})[{i}]", lambda x: x.chunk(n, a)[i], shape)
        for i in range(3):
            moved(f"split({a}, 2, 0, 3)[{i}]", lambda x: x.split([2, 0, 3], a)[i], shape)
    moved("pad(0, 1, 2)", lambda x: F.pad(x, (1, 2)), (3,))
    moved("pad(1, 0, 2)", lambda x: F.pad(x, (0, 2)), (2, 3))
    moved("pad(0, 2, 0)", lambda x: F.pad(x, (0, 0, 2, 0)), (2, 3))
    moved("pad(0, 1, 1)", lambda x: F.pad(x, (0, 0, 1, 1)), (0, 2))
    moved("concat(0, in0, in1)", lambda *x: torch.cat(x, 0), (2,), (3,))
    moved("concat(-1, in0, in1, in0)", lambda x, y: torch.cat([x, y, x], -1), (2, 1), (2, 2))
    moved("concat(0, in0, in1)", lambda *x: torch.cat(x, 0), (0, 2), (2, 2))
    moved("stack(0, in0, in1)", lambda *x: torch.stack(x, 0), (), ())
    moved("stack(-1, in0, in1, in2)", lambda *x: torch.stack(x, -1), (2, 2), (2, 2), (2, 2))
    moved("stack(1, in0, in0)", lambda x: torch.stack([x, x], 1), (0, 2))
    for over in [(0,), (-1,), (0, 1)]:
        moved(f"flip({', '.join(map(str, over))})", lambda x: x.flip(over), (2, 3))
    moved("flip(0)", lambda x: x.flip(0), (0, 2))
    for axis, by in [(0, 1), (1, -1), (-1, 5), (1, 0)]:
        moved(f"roll({axis}, {by})", lambda x: x.roll(by, axis), (2, 3))
    for times in [(2, 1), (1, 3), (2, 1, 2), (0, 1)]:
        for name in ["repeat", "tile"]:
            moved(f"{name}({', '.join(map(str, times))})", lambda x: getattr(x, name)(times), (1, 2))
    moved("tile(2)", lambda x: x.tile((2,)), (2, 2))
    moved("repeat(3)", lambda x: x.repeat(3), ())
    for shape in [(3, 3), (2, 4), (4, 2), (0, 2)]:
        if 0 not in shape:
            moved("diagonal()", torch.diagonal, shape)
            for k in [1, -1, 2]:
                moved(f"diagonal({k}, 0, 1)", lambda x: x.diagonal(k, 0, 1), shape)
        for k in [0, 1, -1, 5, -5]:
            moved(f"tril({k})", lambda x: x.tril(k), shape)
            moved(f"triu({k})", lambda x: x.triu(k), shape)
    for shape in [(3,), (2, 3), (1,), (0,), (2, 2, 2)]:
        moved("embedDiagonal()", torch.diag_embed, shape)
        for k in [1, -1, 2]:
            moved(f"embedDiagonal({k}, 0, 1)", lambda x: torch.diag_embed(x, k, 0, 1), shape)
            moved(f"embedDiagonal({k}, -1, -2)", lambda x: torch.diag_embed(x, k, -1, -2), shape)
    moved("embedDiagonal(1, 2, 0)", lambda x: torch.diag_embed(x, 1, 2, 0), (2, 3))
    case("embedDiagonal()", torch.diag_embed, [nan, -0.0, inf])
    moved("diagonal(0, 1, 2)", lambda x: x.diagonal(0, 1, 2), (2, 2, 3))
    moved("diagonal(1, -1, 0)", lambda x: x.diagonal(1, -1, 0), (2, 2, 3))
    moved("diagonal()", lambda x: x.diagonal(0, -2, -1), (2, 2))
    moved("tril()", torch.tril, (2, 2, 3))
    moved("triu()", torch.triu, (2, 2, 3))
    case("tril(0)", torch.tril, [[nan, inf], [1, nan]])
    case("triu(0)", torch.triu, [[-inf, 2], [nan, -0.0]])
    write("slicing")


def indexing():
    for shape, axis, at in [((3,), 0, [2, 0, 0, 1]), ((2, 3), 0, [[1, 0, 1]]), ((2, 3), 1, [[2, 2], [0, 1]]),
                            ((2, 1, 2), -1, [[[1, 0, 1]], [[0, 0, 0]]]), ((2, 3), 1, np.zeros((2, 0), int))]:
        at = mask(at)
        index = draw("gather", shape)
        case(f"gather({axis}, t1)", lambda x, i: x.gather(axis, i), index, at)
        case(f"scatterAdd({axis}, t1, in2)", lambda x, i, y: x.scatter_add(axis, i, y), index, at, draw("source", at.shape))
    case("gather(0, in1)", lambda x, i: x.gather(0, i), [1.0, 2, 3], mask([2, 0, 2]))
    case("gather(0, t1)", lambda x, i: x.gather(0, i), [nan, inf, -0.0], mask([0, 1, 2, 1]))
    for shape, axis, at in [((3,), 0, [2]), ((3, 4), 1, [3, 0, 3]), ((2, 3), 0, [1, 0, 1]), ((2, 2, 3), 1, [0, 1, 1, 1, 0, 0]), ((3, 0), 0, []),
                            ((2, 2, 3), -1, [2, 0, 1, 1])]:
        other = [n for i, n in enumerate(shape) if i != axis % len(shape)]
        case(f"gather({', '.join(map(str, [axis] + at))})",
             lambda x: x.gather(axis, torch.tensor(at, dtype=int).reshape(other).unsqueeze(axis)).squeeze(axis), draw("gather ints", shape))
    for shape, axis, at in [((3,), 0, [2, 0, 0]), ((2, 3), 0, [1]), ((2, 3), 1, [2, 2, 0, 1]), ((2, 1, 3), -1, [1]), ((0, 2), 1, [1, 1])]:
        case(f"indexSelect({axis}, {', '.join(map(str, at))})", lambda x: x.index_select(axis, torch.tensor(at)), draw("select", shape))
    scatters()
    write("indexing")


def scattering(call, f):
    """A function of a tensor, indices and a source: several elements for one position, and none."""
    for shape, axis, at in [((3,), 0, [2, 0, 2, 2]), ((2, 3), 0, [[1, 0, 1]]), ((2, 3), 1, [[2, 2], [0, 1]]), ((3, 2), 0, [[0, 0]] * 3),
                            ((2, 1, 2), -1, [[[1, 0, 1]], [[0, 0, 0]]]), ((2, 3), 1, np.zeros((2, 0), int))]:
        at = mask(at)
        case(call % axis, lambda x, i, y: f(x, axis, i, y), draw(call, shape), at, draw(call + "source", at.shape))
    case(call % 0, lambda x, i, y: f(x, 0, i, y), draw(call, (3,)), mask([2, 0, 2]), draw(call + "source", (3,)), dtype=np.float32)


def scatters():
    """The part of indexing that writes."""
    def scatter(x, axis, i, y):
        return x.scatter(axis, i, y)
    for shape, axis, at in [((3,), 0, [2, 0]), ((2, 3), 0, [[1, 0, 1]]), ((2, 3), 1, [[2, 1], [0, 1]]), ((2, 3), 1, np.zeros((2, 0), int))]:
        at = mask(at)
        case(f"scatter({axis}, t1, in2)", lambda x, i, y: scatter(x, axis, i, y), draw("scatter", shape), at, draw("source", at.shape))
    case("scatter(0, t1, in2)", lambda x, i, y: scatter(x, 0, i, y), [1.0, nan, -0.0, 2], mask([3, 1]), [-0.0, inf])
    case("scatter(0, t1, in2)", lambda x, i, y: scatter(x, 0, i, y), [1.0, 2, 3], mask([2, 0, 2]), [4.0, 5, 6])
    for name in ["sum", "mean", "prod", "amax", "amin"]:
        for whole in [True, False]:
            call = f"scatterReduce(%d, t1, in2, {name.replace('a', '', 1).upper() if name[0] == 'a' else name.upper()}, {str(whole).lower()})"
            f = lambda x, axis, i, y: x.scatter_reduce(axis, i, y, name, include_self=whole)
            scattering(call, f)
            case(call % 0, lambda x, i, y: f(x, 0, i, y), [1.0, nan, -0.0, 2, -0.0, inf, 3, 0, 0], mask([0, 0, 1, 2, 3, 3, 5, 6, 6, 6, 7]),
                 [1.0, 2, 3, 0.0, 2, nan, -inf, 3, 3, 1, 4])
    case("scatterReduce(0, t1, in2, SUM)", lambda x, i, y: x.scatter_reduce(0, i, y, "sum"), [1.0, 2], mask([1, 1]), [3.0, 4])


def sorting():
    rows = [np.array(r) for r in ([3.0, 1, 2, -5], [1.0, 2, 1, 2, 1], [nan, 1, inf, -inf, nan, 0], [0.0, -0.0, 0.0, -1], [1e4, -1e4, 1e4])]
    for x in [draw("sort", s) for s in [(), (3,), (2, 3), (2, 1, 3), (0, 2), (2, 0)]] + rows:
        for axis in {0, -1} if x.ndim else {}:
            for out, part in [(0, "values"), (1, "indices")]:
                case(f"sort({axis}).{part}", lambda x: x.sort(dim=axis, stable=True)[out], x)
                for down in [False, True]:
                    case(f"sort({axis}, {str(down).lower()}).{part}", lambda x: x.sort(dim=axis, descending=down, stable=True)[out], x)
    for x in [draw("topK", s) for s in [(4,), (3, 2), (2, 3), (2, 1, 3)]] + [np.array([2, nan, inf, -inf, 5])]:
        for k, axis in [(1, 0), (2, 0), (1, -1)]:
            for out, part in [(0, "values"), (1, "indices")]:
                case(f"topK({axis}, {k}).{part}", lambda x: x.topk(k, axis)[out], x)
                case(f"topK({axis}, {k}, false).{part}", lambda x: x.topk(k, axis, largest=False)[out], x)
    for x in [draw("median", s) for s in [(3,), (4,), (2, 3), (2, 1, 4), (0, 2)]] + rows[:1] + [np.array([2, nan, inf, nan, 5])]:
        for axis in {0, -1} if x.size else {-1}:
            for out, part in [(0, "values"), (1, "indices")]:
                case(f"median({axis}).{part}", lambda x: x.median(axis)[out], x)
    write("sorting")


def products():
    for a, b in [((3,), (3,)), ((2, 3), (3,)), ((2,), (2, 3)), ((2, 3), (3, 2)), ((2, 2, 3), (3, 2)), ((2, 2, 3), (2, 3, 1)),
                 ((1, 2, 3), (2, 3, 2)), ((2, 3), (2, 3, 2)), ((2, 0), (0, 3)), ((0, 2), (2, 3)), ((0,), (0,)),
                 ((2, 1, 2, 3), (2, 3, 1)), ((3,), (2, 3, 2)), ((2, 2, 3), (3,))]:
        moved("matmul(in1)", torch.matmul, a, b)
    moved("matmul(in1, true, false)", lambda a, b: a.T @ b, (3, 2), (3, 2))
    moved("matmul(in1, false, true)", lambda a, b: a @ b.T, (2, 3), (1, 3))
    moved("matmul(in1, true, true)", lambda a, b: a.T @ b.T, (3, 2), (1, 3))
    case("matmul(in1)", torch.matmul, [[1.0, 2, 3], [4, 5, 6], [nan, 0, 1], [inf, 0, 1]], [[1.0, 0, inf], [2, -0.0, 0], [3, nan, 1]])
    case("matmul(in1)", torch.matmul, [[1e4, -1e4]], [[1e4], [1]])
    for n in [3, 1, 0]:
        moved("dot(in1)", torch.dot, (n,), (n,))
    case("dot(in1)", torch.dot, [1.0, nan, inf, 0], [0.0, 1, 2, inf])
    for n, m in [(3, 2), (1, 3), (0, 2)]:
        moved("outer(in1)", torch.outer, (n,), (m,))
    case("outer(in1)", torch.outer, [0.0, inf, 1e4], [0.0, nan, -1])
    for n, o, i, j in [(2, 2, 3, 2), (1, 1, 1, 1), (3, 1, 2, 2), (0, 2, 2, 2)]:
        moved("bilinear(in1, in2)", lambda x, w, y: F.bilinear(x, y, w), (n, i), (o, i, j), (n, j))
    moved("bilinear(in1, in2)", lambda x, w, y: F.bilinear(x, y, w), (2, 2, 3), (2, 3, 2), (2, 2, 2))
    for call, f, shapes in [("matmul(in1)", torch.matmul, [(2, 3), (3, 2)]), ("dot(in1)", torch.dot, [(3,), (3,)]),
                            ("outer(in1)", torch.outer, [(2,), (3,)])]:
        case(call, f, *(draw(call + "single", s) for s in shapes), dtype=np.float32)
    write("products")


def topic(path):
    """The functions of one topic of graph-ops, which have no receiver: a script that makes its lines."""
    runpy.run_path(str(path))
    write(path.stem)


if __name__ == "__main__":
    only = sys.argv[1:]
    for family in [arithmetic, elementary, trigonometry, activations, comparing, reductions, scans, shaping, slicing, indexing, sorting, products]:
        if not only or family.__name__ in only:
            family()
    for path in sorted(HERE.glob("topics/*.py")):
        if not only or path.stem in only:
            topic(path)
