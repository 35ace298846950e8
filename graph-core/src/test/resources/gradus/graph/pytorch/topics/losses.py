"""Losses and Embeddings, which have no receiver."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from cases import case, draw, inf, mask, moved, nan, rng


def last(x):
    """The last axis moved to where PyTorch has the classes: axis 1 of a batch."""
    return x.movedim(-1, min(1, x.ndim - 1))


for z, at in [(draw("logits", (3, 4)), [3, 0, 3]), (draw("logits", (1, 1)), [0]),
              (np.array([[1e4, -1e4], [-1e4, 1e4], [800, 801]]), [0, 0, 1]), (np.array([[0.0, -inf, 1], [2, 2, -0.0]]), [2, 1]),
              (np.array([[nan, 1], [0, 1]]), [1, 0]), (np.array([[0.0, -inf]]), [1])]:
    columns = ", ".join(map(str, at))
    case(f"softmaxCrossEntropy(in0, {columns})", lambda z: F.cross_entropy(z, torch.tensor(at)), z)
    case("softmaxCrossEntropy(in0, in1)", lambda z, t: F.cross_entropy(z, t.long()), z, mask(np.array(at, dtype=float)))
for shape in [(4,), (3, 4), (2, 3, 4), (2, 1, 3, 5)]:
    z = draw("logits", shape)
    classes = mask(np.asarray(rng("classes", shape).integers(0, shape[-1], shape[:-1]), float))
    case("softmaxCrossEntropy(in0, in1)", lambda z, t: F.cross_entropy(last(z), t.long()), z, classes)
    case("softmaxCrossEntropy(in0, t1)", lambda z, t: F.cross_entropy(last(z), t.long()), z, classes)
    t = draw("probabilities", shape, 0, 1)
    case("softmaxCrossEntropy(in0, in1)", lambda z, t: F.cross_entropy(last(z), last(t)), z, t)
for z, t in [([[1e4, -1e4], [-1e4, 1e4]], [[1.0, 0], [0.5, 0.5]]), ([[0.0, -inf, 1], [2, 2, -0.0]], [[0.25, 0.5, 0.25], [1, 0, 0]]),
             ([[0.0, -inf, 1]], [[0.25, 0, 0.75]]), ([[nan, 1.0]], [[0.0, 1]])]:
    case("softmaxCrossEntropy(in0, in1)", F.cross_entropy, z, t)
for shape in [(), (3,), (2, 3), (2, 0), (2, 1, 2)]:
    at = mask(np.asarray(rng("rows", shape).integers(0, 4, shape), float))
    case("embedding(in0, in1)", lambda x, i: F.embedding(i.long(), x), draw("table", (4, 3)), at)
    case("embedding(in0, t1)", lambda x, i: F.embedding(i.long(), x), draw("table", (4, 3)), at)
case("embedding(in0, in1)", lambda x, i: F.embedding(i.long(), x), [[nan, inf], [0.0, -0.0]], mask([1.0, 0, 1]))
for shape in [(3,), (2, 3), (2, 1, 3)]:
    y, t = draw("prediction", shape), draw("target", shape)
    case("meanSquaredError(in0, in1)", F.mse_loss, y, t)
    case("binaryCrossEntropyWithLogits(in0, in1)", F.binary_cross_entropy_with_logits, y * 3, np.abs(t) / 2)
for y, t in itertools.product([0.0, -0.0, 1e4, -1e4, inf, -inf, nan, 1], [0.0, 1, 0.25]):
    case("meanSquaredError(in0, in1)", F.mse_loss, [y], [t])
    case("binaryCrossEntropyWithLogits(in0, in1)", F.binary_cross_entropy_with_logits, [y], [t])
case("oneHot(3, 2, 0, 0)", lambda _: F.one_hot(torch.tensor([2, 0, 0]), 3), mask(0.0))
case("oneHot(1, 0)", lambda _: F.one_hot(torch.tensor([0]), 1), mask(0.0))
