"""What fixtures.py makes its lines with: inputs drawn by name, PyTorch's answer to one call, and the cases of a kind of call.

A line is  call | in0 | in1 > output * cotangent < gradient of in0 | gradient of in1.  The call is written as in Java: in0 is
its receiver, or an argument of a static one, and t1 stands for in1 as a tensor that is no node. A tensor is its shape and its
values. A line that ends with the output has no gradient; a gradient - belongs to an input that can have none. What is random
is drawn from a stream named by the call and the shapes, so a new line leaves the others as they are.
"""
import itertools
import pathlib
import warnings
import zlib

import numpy as np
import torch

torch.set_num_threads(1)
warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
inf, nan = np.inf, np.nan
ALONE = [(), (3,), (2, 3), (2, 1, 3), (0, 2)]
PAIRS = [((), ()), ((3,), ()), ((2, 3), (3,)), ((2, 1), (1, 3)), ((2, 1, 3), (3, 1)), ((0, 2), (2,))]
EDGES = [0.0, -0.0, 1, -1, 0.5, -0.5, 1e-8, -1e-8, 30, -30, 1e4, -1e4, inf, -inf, nan]
# all pairs of these meet
MEET = [0.0, -0.0, 1, -2, 0.5, 1e4, inf, -inf, nan]
# rows for what works along an axis: ties, masks, one and all infinite, NaN, zeros of both signs, large ones, one zero, two zeros
ROWS = np.array([[1, 2, 2], [-inf, -inf, -inf], [-inf, 0.5, 1], [inf, 1, -inf], [inf, inf, 1], [nan, 1, 2], [2, 1, nan], [0.0, -0.0, 0.0],
                 [1e4, -1e4, 1e4], [-1e4, -1e4, -9999], [3, 3, 3], [0, 2, 3], [0, -2, 0]])
lines = []


class Mask(np.ndarray):
    """An input without gradient: a mask, or whole numbers that are positions."""


def mask(values):
    return np.asarray(values).view(Mask)


def rng(*name):
    return np.random.default_rng(zlib.crc32(str(name).encode()))


def draw(name, shape, low=-2, high=2):
    return np.round(rng(name, shape).uniform(low, high, shape), 2)


def word(v):
    text = repr(v.item()) if v.dtype != np.float32 else repr(v)
    return text[:-2] if text.endswith(".0") else text


def words(a):
    return " ".join(word(v) for v in a.ravel())


def tensor(a):
    a = np.asarray(a)
    return f"{list(a.shape)} {words(a)}".replace(", ", ",").strip()


def case(call, f, *inputs, dtype=np.float64):
    """Appends the line of one call."""
    xs = []
    for a in inputs:
        fixed = isinstance(a, Mask)
        a = np.asarray(a)
        x = torch.tensor(a if fixed and a.dtype.kind == "i" else a.astype(dtype))
        xs.append(x if fixed else x.requires_grad_())
    y = f(*xs)
    out = y.detach().numpy()
    line = f"{call} | " + " | ".join(tensor(x.detach().numpy()) for x in xs)
    line += " > " + tensor(out if out.dtype.kind == "f" else out.astype(dtype))
    if y.requires_grad and dtype == np.float64:
        r = rng(call, y.shape, "cotangent")
        gy = np.round(r.uniform(0.25, 2, y.shape) * r.choice([-1, 1], y.shape), 2)
        gx = iter(torch.autograd.grad(y, [x for x in xs if x.requires_grad], torch.tensor(gy), allow_unused=True))
        gx = [next(gx) if x.requires_grad else None for x in xs]
        line += f" * {words(gy)} < " + " | ".join("-" if g is None else words(g.detach().numpy()) for g in gx)
    lines.append(("float32 " if dtype == np.float32 else "") + line.rstrip())


def write(family):
    text = "".join(sorted({line + "\n" for line in lines}))
    (HERE / f"{family}.txt").write_text(text)
    lines.clear()


def alone(call, f, low=-2, high=2, edges=()):
    """A function of one number: every shape, the edge values, and single precision."""
    for shape in ALONE:
        case(call, f, draw(call, shape, low, high))
    case(call, f, np.array(EDGES + list(edges)))
    case(call, f, draw(call, (4,), low, high), dtype=np.float32)


def pair(call, f, low=-2, high=2, meet=MEET):
    """A function of two numbers: shapes that broadcast, every two edge values, and single precision."""
    for a, b in PAIRS:
        case(call, f, draw(call + "a", a, low, high), draw(call + "b", b, low, high))
    x, y = np.array(list(itertools.product(meet, meet))).T
    case(call, f, x, y)
    case(call, f, draw(call + "a", (4,), low, high), draw(call + "b", (4,), low, high), dtype=np.float32)


def number(call, f, low=-2, high=2, edges=()):
    """A function of one number with another that is fixed."""
    case(call, f, draw(call, (2, 3), low, high))
    case(call, f, np.array(EDGES + list(edges)))


def axes(call, f, low=-2, high=2, edges=ROWS, empty=True):
    """A reduction f(x, axes, keep): over all, one or several axes, empty ones too."""
    todo = [((), ()), ((3,), ()), ((2, 3), ()), ((2, 3), (0,)), ((2, 3), (-1,)), ((2, 1, 3), (0, 2)), ((2, 1, 3), (1,)), ((0, 2), (1,))]
    todo += [((0, 2), (0,)), ((0, 2), ()), ((2, 0), (1,))] if empty else []
    for shape, over in todo:
        reduced(call, f, draw(call, shape, low, high), over, False)
        if shape in [(2, 3), (0, 2)]:
            reduced(call, f, draw(call + "keep", shape, low, high), over, True)
    for row in edges:
        reduced(call, f, row, (0,), False)
    reduced(call, f, edges[:1], (1,), False)
    reduced(call, f, draw(call, (2, 3), low, high), (1,), False, np.float32)


def reduced(call, f, x, over, keep, dtype=np.float64):
    arguments = [call[call.index("(") + 1:-1]] if "(" in call else []
    written = f"{call.split('(')[0]}{'KeepDims' if keep else ''}({', '.join(arguments + [str(a) for a in over])})"
    case(written, lambda x: folded(f, x, over, keep), x, dtype=dtype)


def folded(f, x, over, keep):
    if over:
        return f(x, over, keep)
    y = f(x.reshape(-1), (0,), False)
    return y.reshape([1] * x.ndim) if keep else y


def each(f):
    """Makes a reduction of one axis one of several."""
    def several(x, over, keep):
        for a in sorted((a % x.ndim for a in over), reverse=True):
            x = f(x, a, keep)
        return x
    return several


def along(call, f, low=-2, high=2, edges=ROWS, shapes=((3,), (2, 3), (2, 1, 3), (0, 2), (2, 0))):
    """A function f(x, axis) that keeps the shape; call has a % for the axis."""
    for shape in shapes:
        for axis in {0, -1}:
            case(call % axis, lambda x: f(x, axis), draw(call, shape, low, high))
    for row in edges:
        case(call % 0, lambda x: f(x, 0), row)
    case(call % 1, lambda x: f(x, 1), draw(call, (2, 3), low, high), dtype=np.float32)


def moved(call, f, *shapes):
    """A function that moves elements."""
    case(call, f, *(draw(call + str(i), s) for i, s in enumerate(shapes)))
