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
for shape in [(), (3,), (2, 3), (2, 0)]:
    at = mask(np.asarray(rng("hot", shape).integers(0, 4, shape), float))
    case("oneHot(4, t0)", lambda i: F.one_hot(i.long(), 4), at)
case("oneHot(1, 0)", lambda _: F.one_hot(torch.tensor([0]), 1), mask(0.0))


REDUCTIONS = {"NONE": "none", "MEAN": "mean", "SUM": "sum"}
MEET = [0.0, -0.0, 1, -1, 0.5, 1e4, -1e4, inf, -inf, nan]


def batch_mean(terms):
    return terms.sum() / (terms.shape[0] if terms.ndim else 1)


def reduced(call, f, *inputs):
    """A loss f(.., reduction=) with each reduction; call has a % for it."""
    for ours, theirs in REDUCTIONS.items():
        case(call % ours, lambda *x: f(*x, reduction=theirs), *inputs)
    case(call % "BATCH_MEAN", lambda *x: batch_mean(f(*x, reduction="none")), *inputs)


def entropy(z, t, reduction="mean", softmax=True, **options):
    f = F.cross_entropy if softmax else F.nll_loss
    return f(last(z), t.long() if t.ndim < z.ndim else last(t), reduction=reduction, **options)


for shape in [(4,), (3, 4), (2, 3, 4)]:
    z, t = draw("logits", shape), draw("probabilities", shape, 0, 1)
    classes = mask(np.asarray(rng("classes", shape).integers(0, shape[-1], shape[:-1]), float))
    w = mask(draw("class weights", (4,), 0, 2))
    reduced("softmaxCrossEntropy(in0, in1, {reduction %s})", entropy, z, classes)
    reduced("softmaxCrossEntropy(in0, in1, {reduction %s})", entropy, z, t)
    reduced("softmaxCrossEntropy(in0, in1, {reduction %s; weight t2; labelSmoothing 0.1})",
            lambda z, t, w, reduction: entropy(z, t, reduction, weight=w, label_smoothing=0.1), z, classes, w)
    reduced("softmaxCrossEntropy(in0, in1, {reduction %s; labelSmoothing 0.25})",
            lambda z, t, reduction: entropy(z, t, reduction, label_smoothing=0.25), z, classes)
    reduced("softmaxCrossEntropy(in0, in1, {reduction %s; weight t2; labelSmoothing 0.25})",
            lambda z, t, w, reduction: entropy(z, t, reduction, weight=w, label_smoothing=0.25), z, t, w)
    logs = np.log(draw("logs", shape, 0.1, 1))
    case("nll(in0, in1)", lambda z, t: entropy(z, t, softmax=False), logs, classes)
    case("nll(in0, in1)", lambda z, t: -(z * t).sum(-1).mean(), logs, t)
    reduced("nll(in0, in1, {reduction %s; weight t2})", lambda z, t, w, reduction: entropy(z, t, reduction, False, weight=w), logs, classes, w)
    if len(shape) > 1:
        at = ", ".join(str(int(k)) for k in classes.ravel())
        case(f"nll(in0, {at})", lambda z: entropy(z, torch.tensor(np.asarray(classes)), softmax=False), logs)
        case(f"softmaxCrossEntropy(in0, {at})", lambda z: entropy(z, torch.tensor(np.asarray(classes))), z)
        for ignored in [1, -100]:
            some = classes.copy()
            some.ravel()[0] = ignored
            for call, softmax, x in [("softmaxCrossEntropy", True, z), ("nll", False, logs)]:
                for extra in ["", "; weight t2"]:
                    reduced(f"{call}(in0, in1, {{reduction %s; ignoreIndex {ignored}{extra}}})",
                            lambda z, t, w, reduction: entropy(z, t, reduction, softmax, ignore_index=ignored, weight=w if extra else None), x, some, w)
            reduced(f"softmaxCrossEntropy(in0, in1, {{reduction %s; ignoreIndex {ignored}; weight t2; labelSmoothing 0.1}})",
                    lambda z, t, w, reduction: entropy(z, t, reduction, ignore_index=ignored, weight=w, label_smoothing=0.1), z, some, w)
for z, k in [([[1e4, -1e4], [-1e4, 1e4]], [0.0, 0]), ([[0.0, -inf, 1], [2, 2, -0.0]], [2.0, 1]), ([[nan, 1], [0, 1]], [-1.0, 0]), ([[0.0, -inf]], [1.0])]:
    case("softmaxCrossEntropy(in0, in1, {reduction NONE; ignoreIndex -1})", lambda z, t: entropy(z, t, "none", ignore_index=-1), z, mask(k))
case("nll(in0, in1)", lambda z, t: entropy(z, t, softmax=False), [[-inf, 0.0], [-0.0, nan], [-1e4, -inf]], mask([1.0, 0, 0]))
case("nll(in0, in1, {reduction SUM; weight t2})", lambda z, t, w: entropy(z, t, "sum", False, weight=w), [[-inf, 0.0], [-1, -2]], mask([1.0, 0]), mask([0.5, 2]))
for shape in [(), (3,), (2, 3), (2, 1, 3)]:
    z, t, y = draw("z", shape) * 3, draw("t", shape, 0, 1), draw("y", shape, 0.02, 0.98)
    w, p = mask(draw("w", shape[-1:], 0, 2)), mask(draw("p", shape[-1:], 0, 3))
    reduced("binaryCrossEntropyWithLogits(in0, in1, {reduction %s})", F.binary_cross_entropy_with_logits, z, t)
    reduced("binaryCrossEntropyWithLogits(in0, in1, {reduction %s; weight t2; posWeight t3})",
            lambda z, t, w, p, reduction: F.binary_cross_entropy_with_logits(z, t, w, reduction=reduction, pos_weight=p), z, t, w, p)
    case("binaryCrossEntropy(in0, in1)", F.binary_cross_entropy, y, mask(t))
    reduced("binaryCrossEntropy(in0, in1, {reduction %s; weight t2})", lambda y, t, w, reduction: F.binary_cross_entropy(y, t, w, reduction=reduction), y, mask(t), w)
    case("binaryCrossEntropy(in0, in1, {posWeight t2})", lambda y, t, p: -(p * t * y.log() + (1 - t) * (1 - y).log()).mean(), y, t, p)
    logs, q = np.log(y), draw("q", shape, 0.05, 1)
    case("klDiv(in0, in1)", F.kl_div, logs, q)
    for log_target in [False, True]:
        reduced(f"klDiv(in0, in1, {str(log_target).lower()}, %s)", lambda x, t, reduction: F.kl_div(x, t, reduction=reduction, log_target=log_target), logs,
                np.log(q) if log_target else q)
    x, t = draw("prediction", shape), draw("target", shape)
    reduced("meanSquaredError(in0, in1, %s)", F.mse_loss, x, t)
    case("l1(in0, in1)", F.l1_loss, x, t)
    reduced("l1(in0, in1, %s)", F.l1_loss, x, t)
    case("huber(in0, in1)", F.huber_loss, x, t)
    reduced("huber(in0, in1, 0.5, %s)", lambda x, t, reduction: F.huber_loss(x, t, reduction=reduction, delta=0.5), x, t)
    case("smoothL1(in0, in1)", F.smooth_l1_loss, x, t)
    for beta in [0.5, 0.0]:
        reduced(f"smoothL1(in0, in1, {beta}, %s)", lambda x, t, reduction: F.smooth_l1_loss(x, t, reduction=reduction, beta=beta), x, t)
    counts = np.round(draw("counts", shape, 0, 5))
    case("poissonNll(in0, in1)", F.poisson_nll_loss, x, counts)
    for log_input, full in itertools.product([False, True], repeat=2):
        reduced(f"poissonNll(in0, in1, {str(log_input).lower()}, {str(full).lower()}, %s)",
                lambda x, t, reduction: F.poisson_nll_loss(x, t, log_input, full, reduction=reduction), x if log_input else np.abs(x), mask(counts))
    if shape:
        for v in {shape, shape[:-1] + (1,)}:
            v = draw("variance", v, 0.1, 2)
            case("gaussianNll(in0, in1, in2)", F.gaussian_nll_loss, x, t, v)
            for full in [False, True]:
                reduced(f"gaussianNll(in0, in1, in2, {str(full).lower()}, %s)", lambda x, t, v, reduction: F.gaussian_nll_loss(x, t, v, full, reduction=reduction), x, t, v)
    case("sumSquaredError(in0, in1)", lambda x, t: ((x - t) ** 2).sum() / 2, x, t)
    if shape:
        case("crossEntropyError(in0, in1)", lambda y, t: -(t * (y + 1e-7).log()).sum(-1).mean(), y, q)
case("crossEntropyError(in0, 2, 0)", lambda y: -(y[[0, 1], [2, 0]] + 1e-7).log().sum() / 2, draw("y", (2, 3), 0, 1))
case("crossEntropyError(in0, in1)", lambda y, k: -(y.gather(-1, k.long().unsqueeze(-1)) + 1e-7).log().sum() / 2, [[0.0, 1], [0.25, 0.75]], mask([0.0, 1]))


def focal(z, t, alpha=0.25, gamma=2.0):
    p = z.sigmoid()
    return (alpha * t + (1 - alpha) * (1 - t)) * (p * (1 - t) + (1 - p) * t) ** gamma * F.binary_cross_entropy_with_logits(z, t, reduction="none")


def dice(y, t, s=1.0):
    y, t = y.flatten(1), t.flatten(1)
    return 1 - (2 * (y * t).sum(1) + s) / (y.sum(1) + t.sum(1) + s)


def info_nce(q, k, temperature=0.07, reduction="mean"):
    return F.cross_entropy(F.normalize(q) @ F.normalize(k).T / temperature, torch.arange(len(q)), reduction=reduction)


for shape in [(3, 2), (2, 1, 3)]:
    y, t = draw("y", shape, 0.02, 0.98), draw("t", shape, 0, 1)
    case("sigmoidFocal(in0, in1)", lambda z, t: focal(z, t).mean(), y * 4 - 2, t)
    case("sigmoidFocal(in0, in1, 0.5, 1.5, NONE)", lambda z, t: focal(z, t, 0.5, 1.5), y * 4 - 2, t)
    case("dice(in0, in1)", lambda y, t: dice(y, t).mean(), y, t)
    case("dice(in0, in1, 0.5, NONE)", lambda y, t: dice(y, t, 0.5), y, t)
case("infoNce(in0, in1)", info_nce, draw("q", (3, 4)), draw("k", (3, 4)))
case("infoNce(in0, in1, 0.5, NONE)", lambda q, k: info_nce(q, k, 0.5, "none"), draw("q", (3, 4)), draw("k", (3, 4)))
y, t = np.array(list(itertools.product(MEET, MEET))).T
counts = ~(t < 0)
case("poissonNll(in0, in1, true, false, NONE)", lambda x, t: F.poisson_nll_loss(x, t, reduction="none"), y[counts], t[counts])
for call, f in {"meanSquaredError(in0, in1, NONE)": F.mse_loss, "l1(in0, in1, NONE)": F.l1_loss, "huber(in0, in1, 1.0, NONE)": F.huber_loss, "smoothL1(in0, in1, 1.0, NONE)": F.smooth_l1_loss}.items():
    case(call, lambda x, t: f(x, t, reduction="none"), y, t)
case("smoothL1(in0, in1, 0.0, NONE)", lambda x, t: F.smooth_l1_loss(x, t, reduction="none", beta=0.0), y, t)
y, t = np.array(list(itertools.product([0.0, -0.0, 1e-50, 1e-10, 0.5, 1, 1 - 2.0 ** -53], [0.0, 1, 0.25]))).T
case("binaryCrossEntropy(in0, in1, {reduction NONE})", lambda y, t: F.binary_cross_entropy(y, t, reduction="none"), y, mask(t))
for y, t in itertools.product([-inf, -1e4, -1.0, 0.0, nan], [-0.0, 0.0, 1, 0.25]):
    case("klDiv(in0, in1, false, NONE)", lambda y, t: F.kl_div(y, t, reduction="none"), [y], [t])
for y, t in itertools.product([-inf, -1e4, -1.0, 0.0], [-inf, -1e4, 0.0, -1.0]):
    case("klDiv(in0, in1, true, NONE)", lambda y, t: F.kl_div(y, t, reduction="none", log_target=True), [y], [t])
case("gaussianNll(in0, in1, in2, false, NONE)", lambda x, t, v: F.gaussian_nll_loss(x, t, v, reduction="none"),
     [0.0, 1, 1e4, inf, nan, 0], [0.0, 2, -1e4, 0, 0, 0], [0.0, 1e-9, 1e4, 1, 1, 1e-6])
