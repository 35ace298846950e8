"""Convolution and Pooling."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from cases import case, draw, inf, moved, nan


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
# numbers of one sign, as where sums cancel the order of summation shows
case("conv2d(in0, in1)", F.conv2d, draw("conv single", (1, 2, 4, 4), 0.25), draw("conv single w", (2, 2, 2, 2), 0.25), dtype=np.float32)
