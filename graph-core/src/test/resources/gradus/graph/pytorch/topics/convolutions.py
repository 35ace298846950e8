"""Convolution and Pooling."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from cases import case, draw, inf, mask, moved, nan


def options(**settings):
    """The word for settings that are not PyTorch's defaults."""
    words = ["same" if v == "same" else " ".join(map(str, [k] + (list(v) if isinstance(v, tuple) else [v]))) for k, v in settings.items()]
    return "{" + "; ".join(words) + "}"


for x, w in [((2, 2, 5, 4), (3, 2, 2, 3)), ((1, 1, 3, 3), (1, 1, 3, 3)), ((0, 2, 3, 3), (2, 2, 2, 2))]:
    moved("conv2d(in0, in1)", F.conv2d, x, w)
for x, w, given in [((2, 1, 5, 5), (2, 1, 1, 1), dict(stride=3)), ((2, 2, 5, 4), (3, 2, 3, 2), dict(stride=2, padding=1)),
                    ((1, 1, 20, 19), (2, 1, 3, 3), dict(padding=1)), ((1, 4, 6, 5), (6, 2, 2, 2), dict(dilation=2, groups=2)),
                    ((2, 3, 4, 5), (3, 1, 3, 3), dict(stride=2, padding=2, dilation=2, groups=3)),
                    ((1, 2, 5, 4), (2, 2, 3, 2), dict(stride=(2, 1), padding=(0, 1), dilation=(1, 2))),
                    ((1, 2, 4, 5), (2, 2, 2, 3), dict(padding="same")), ((1, 2, 3, 5), (2, 1, 2, 3), dict(padding="same", dilation=(1, 2), groups=2))]:
    moved(f"conv2d(in0, in1, {options(**given)})", lambda x, w: F.conv2d(x, w, **given), x, w)
for x, w, sides, stride in [((1, 2, 4, 3), (2, 2, 2, 2), (1, 0, 0, 2), 1), ((1, 1, 5, 4), (1, 1, 3, 2), (0, 2, 1, 1), 2)]:
    top, bottom, left, right = sides
    moved(f"conv2d(in0, in1, {options(stride=stride, padding=sides)})", lambda x, w: F.conv2d(F.pad(x, (left, right, top, bottom)), w, stride=stride), x, w)
moved("conv2d(in0, in1, in2, {stride 1})", F.conv2d, (2, 2, 4, 4), (3, 2, 3, 2), (3,))
moved("conv1d(in0, in1)", F.conv1d, (2, 2, 6), (3, 2, 3))
for x, w, given in [((2, 4, 7), (2, 2, 2), dict(stride=2, padding=1, dilation=2, groups=2)), ((1, 2, 6), (2, 2, 4), dict(padding="same"))]:
    moved(f"conv1d(in0, in1, {options(**given)})", lambda x, w: F.conv1d(x, w, **given), x, w)
moved("convTranspose2d(in0, in1)", F.conv_transpose2d, (2, 2, 3, 2), (2, 3, 2, 3))
for x, w, given, more in [((1, 4, 3, 3), (4, 1, 3, 2), dict(stride=2, padding=1, groups=2), 1), ((1, 1, 2, 3), (1, 2, 2, 2), dict(dilation=2), 0)]:
    moved(f"convTranspose2d(in0, in1, {options(**given)}, {more})", lambda x, w: F.conv_transpose2d(x, w, output_padding=more, **given), x, w)
for stride, padding, dilation in itertools.product([1, 2, 3], [0, 1, 2], [1, 2, 3]):
    for more in range(1, max(stride, dilation)):
        given = dict(stride=stride, padding=padding, dilation=dilation)
        moved(f"convTranspose2d(in0, in1, {options(**given)}, {more})", lambda x, w: F.conv_transpose2d(x, w, output_padding=more, **given),
              (1, 2, 3, 2), (2, 1, 2, 3))
# numbers along each axis, biases, one axis and three
moved("conv2d(in0, in1, {padding 1; groups 3})", lambda x, w: F.conv2d(x, w, padding=1, groups=3), (2, 3, 5, 6), (3, 1, 3, 3))
moved("conv2d(in0, in1, in2, {stride 2; padding 1; groups 2})", lambda x, w, b: F.conv2d(x, w, b, stride=2, padding=1, groups=2), (2, 2, 6, 5), (4, 1, 3, 2), (4,))
moved("conv1d(in0, in1, in2, {stride 2; padding 1})", lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1), (2, 2, 7), (3, 2, 3), (3,))
moved("conv3d(in0, in1)", F.conv3d, (2, 2, 3, 3, 4), (2, 2, 2, 2, 3))
for x, w, given in [((1, 2, 4, 3, 3), (2, 2, 2, 2, 2), dict(stride=2, padding=1)), ((1, 4, 3, 4, 5), (2, 2, 2, 2, 2), dict(dilation=2, groups=2)),
                    ((1, 1, 5, 4, 3), (1, 1, 2, 3, 2), dict(stride=(2, 1, 3), padding=(0, 1, 1), dilation=(1, 1, 2))),
                    ((1, 2, 3, 3, 3), (2, 1, 2, 3, 3), dict(padding="same", groups=2))]:
    moved(f"conv3d(in0, in1, {options(**given)})", lambda x, w: F.conv3d(x, w, **given), x, w)
    moved(f"conv3d(in0, in1, in2, {options(**given)})", lambda x, w, b: F.conv3d(x, w, b, **given), x, w, w[:1])
for n, pad in [(1, (1,)), (2, (0, 1)), (3, (1, 0, 1))]:
    f, sizes, kernel = getattr(F, f"conv_transpose{n}d"), (2, 3, 2)[:n], (2, 3, 2)[:n]
    given, more = dict(stride=2, padding=pad, groups=2), (1, 0, 1)[:n]
    words = ", ".join(map(str, more))
    moved(f"convTranspose{n}d(in0, in1)", f, (1, 2) + sizes, (2, 2) + kernel)
    moved(f"convTranspose{n}d(in0, in1, {options(**given)}, {words})", lambda x, w: f(x, w, output_padding=more, **given), (1, 4) + sizes, (4, 1) + kernel)
    moved(f"convTranspose{n}d(in0, in1, in2, {options(**given)}, {words})", lambda x, w, b: f(x, w, b, output_padding=more, **given),
          (1, 4) + sizes, (4, 2) + kernel, (4,))
    moved(f"convTranspose{n}d(in0, in1, in2, {{dilation 2}})", lambda x, w, b: f(x, w, b, dilation=2), (1, 1) + sizes, (1, 2) + kernel, (2,))
for shape, args in [((2, 1, 4, 5), (2,)), ((1, 2, 5, 5), (3, 2, 1)), ((2, 4, 4), (2, 1, 0)), ((1, 3, 3), (1, 2, 0)), ((1, 2, 7, 6), (2, 3, 1))]:
    call = ", ".join(map(str, args))
    moved(f"maxPool2d(in0, {call})", lambda x: F.max_pool2d(x, *args), shape)
    for pad in [True, False] if len(args) == 3 else []:
        moved(f"avgPool2d(in0, {call}, {str(pad).lower()})", lambda x: F.avg_pool2d(x, *args, count_include_pad=pad), shape)
moved("avgPool2d(in0, 2)", lambda x: F.avg_pool2d(x, 2), (2, 1, 4, 5))
for call, args in [("2", (2,)), ("2, 1, 0", (2, 1, 0)), ("3, 1, 1", (3, 1, 1))]:
    for rows in [[[1, 1, 2, 2], [1, 1, 2, 1]], [[nan, 1, -inf, -inf], [nan, 2, -inf, -inf]], [[inf, inf, 0.0, -0.0], [1, nan, -0.0, 0.0]],
                 [[3, inf, -0.0, 0.0], [-inf, inf, -1, -1]]]:
        case(f"maxPool2d(in0, {call})", lambda x: F.max_pool2d(x[None], *args)[0], rows)


def lp_pool3d(x, p, k, stride=None, ceil_mode=False):
    """Not in 1.13; the same formula as lp_pool2d."""
    out = F.avg_pool3d(x.pow(p), k, stride, 0, ceil_mode)
    return (torch.sign(out) * F.relu(torch.abs(out))).mul(np.prod(k if isinstance(k, tuple) else (k,) * 3)).pow(1 / p)


powers = {1: lambda x, p, k, *rest: F.lp_pool1d(x, p, k[0] if isinstance(k, tuple) else k, *rest), 2: F.lp_pool2d, 3: lp_pool3d}
for n, sizes in [(1, (7,)), (2, (6, 5)), (3, (3, 4, 3))]:
    top, mean = getattr(F, f"max_pool{n}d"), getattr(F, f"avg_pool{n}d")
    shape = (1, 3 - n // 2) + sizes
    moved(f"maxPool{n}d(in0, 2)", lambda x: top(x, 2), shape)
    moved(f"maxPool{n}d(in0, 3, 2, 1)", lambda x: top(x, 3, 2, 1), shape)
    moved(f"avgPool{n}d(in0, 2)", lambda x: mean(x, 2), shape)
    moved(f"avgPool{n}d(in0, 3, 2, 1, true)", lambda x: mean(x, 3, 2, 1), shape)
    for k, stride, pad in itertools.product([(2, 3, 3), (3, 2, 1)], [1, 2, 3] if n < 3 else [2], [0, 1]):
        k, pad = k[:n], tuple(min(pad, v // 2) for v in k[:n])
        for up in [True, False] if n < 3 else [True]:
            call = f"in0, {', '.join(map(str, k))}, {{stride {stride}; padding {' '.join(map(str, pad))}; ceilMode {str(up).lower()}}}"
            moved(f"maxPool{n}d({call})", lambda x: top(x, k, stride, pad, ceil_mode=up), shape)
            for count in [True, False]:
                moved(f"avgPool{n}d({call}, {str(count).lower()})", lambda x: mean(x, k, stride, pad, up, count), shape)
            both = lambda x: top(x, k, stride, pad, ceil_mode=up, return_indices=True)
            moved(f"maxPool{n}dWithIndices({call}).values", lambda x: both(x)[0], shape)
            moved(f"maxPool{n}dWithIndices({call}).indices", lambda x: both(x)[1], shape)
    for to in [t[:n] for t in [(1, 1, 1), (2, 3, 1), (3, 2, 5), (7, 4, 2)]]:
        moved(f"adaptiveAvgPool{n}d(in0, {', '.join(map(str, to))})", lambda x: getattr(F, f"adaptive_avg_pool{n}d")(x, to), shape)
        moved(f"adaptiveMaxPool{n}d(in0, {', '.join(map(str, to))})", lambda x: getattr(F, f"adaptive_max_pool{n}d")(x, to), shape)
    power = powers[n]
    for p in [1.0, 2.0, 3.0, 1.5]:
        x = draw(f"lpPool{n}d {p}", shape, 0.3)
        case(f"lpPool{n}d(in0, {p}, 2)", lambda x: power(x, p, 2), x)
        for k, stride, up in itertools.product([(2, 3, 3), (3, 2, 1)], [1, 2], [True, False]):
            call = f"in0, {p}, {', '.join(map(str, k[:n]))}, {{stride {stride}; ceilMode {str(up).lower()}}}"
            case(f"lpPool{n}d({call})", lambda x: power(x, p, k[:n], stride, up), x)
    for p in [1.0, 2.0, 4.0]:
        moved(f"lpPool{n}d(in0, {p}, 2)", lambda x: power(x, p, 2), shape)
    moved("globalAvgPool(in0)", lambda x: getattr(F, f"adaptive_avg_pool{n}d")(x, 1).flatten(1), shape)
    moved("globalMaxPool(in0)", lambda x: x.flatten(2).amax(2), shape)
moved("maxPool2dWithIndices(in0, 2).values", lambda x: F.max_pool2d(x, 2), (1, 4, 4))
moved("maxPool2dWithIndices(in0, 2).indices", lambda x: F.max_pool2d(x, 2, return_indices=True)[1], (1, 4, 4))
for rows in [[[1, 1, 2, 2], [1, 1, 2, 1]], [[nan, 1, -inf, -inf], [nan, 2, -inf, -inf]]]:
    case("maxPool2dWithIndices(in0, 2).indices", lambda x: F.max_pool2d(x[None], 2, return_indices=True)[1][0], rows)
    case("adaptiveMaxPool2d(in0, 1, 3)", lambda x: F.adaptive_max_pool2d(x[None], (1, 3))[0], rows)
    case("adaptiveAvgPool2d(in0, 1, 3)", lambda x: F.adaptive_avg_pool2d(x[None], (1, 3))[0], rows)
    case("avgPool2d(in0, 2, 1, 1, false)", lambda x: F.avg_pool2d(x[None], 2, 1, 1, count_include_pad=False)[0], rows)
unpooled = lambda x, i: F.max_unpool2d(x, i, 2, 2, output_size=(3, 5))
case("maxUnpool2d(in0, t1, 3, 5)", unpooled, draw("unpool", (1, 2, 2, 3)), mask(np.array([[[3, 0, 14], [7, 9, 2]], [[1, 13, 5], [4, 6, 0]]])[None]))
case("maxUnpool1d(in0, t1, 7)", lambda x, i: F.max_unpool1d(x, i, 2, 2, output_size=(7,)), draw("unpool", (1, 2, 3)), mask(np.array([[[3, 0, 6], [1, 5, 2]]])))
case("maxUnpool3d(in0, t1, 2, 3, 4)", lambda x, i: F.max_unpool3d(x, i, 2, 2, output_size=(2, 3, 4)), draw("unpool", (1, 2, 1, 1, 2)),
     mask(np.array([[23, 0], [7, 13]]).reshape(1, 2, 1, 1, 2)))
for row in [[0, 0, 3, 4], [0.0, -0.0, -3, 4], [inf, 1, -inf, 2], [nan, 1, 0, 2], [1e-200, 0, 1e200, 1], [-1, -2, -1, 2]]:
    for p in [1.0, 2.0, 3.0]:
        case(f"lpPool1d(in0, {p}, 2)", lambda x: F.lp_pool1d(x[None], p, 2)[0], row)
        case(f"lpPool2d(in0, {p}, 1, 2, {{stride 1 2}})", lambda x: F.lp_pool2d(x[None], p, (1, 2))[0], [row, row])
    case("adaptiveMaxPool3d(in0, 1, 1, 3)", lambda x: F.adaptive_max_pool3d(x[None], (1, 1, 3))[0], [[row]])
# numbers of one sign, as where sums cancel the order of summation shows
case("conv2d(in0, in1)", F.conv2d, draw("conv single", (1, 2, 4, 4), 0.25), draw("conv single w", (2, 2, 2, 2), 0.25), dtype=np.float32)
