"""MarginLosses, whose labels are 1 and -1, without gradient."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from cases import case, draw, inf, mask, nan, rng

EDGES = [0.0, -0.0, 1, -1, 0.5, 30, -30, 1e4, -1e4, inf, -inf, nan]


def signs(shape):
    return mask(np.asarray(rng("signs", shape).choice([1.0, -1.0], shape)))


def reduced(call, f, *inputs):
    for ours, theirs in {"NONE": "none", "MEAN": "mean", "SUM": "sum"}.items():
        case(call % ours, lambda *x: f(*x, reduction=theirs), *inputs)
    case(call % "BATCH_MEAN", lambda *x: batch_mean(f(*x, reduction="none")), *inputs)


def batch_mean(terms):
    return terms.sum() / (terms.shape[0] if terms.ndim else 1)


def rows(f, reduction, *inputs):
    """A loss of matrices, one term for each row, for rows of any rank; a last operand of lower rank has no axis of columns."""
    lead, n = inputs[0].shape[:-1], inputs[0].shape[-1]
    terms = f(*(x.reshape(-1, n) if x.ndim > len(lead) else x.reshape(-1) for x in inputs)).reshape(lead)
    return {"none": terms, "mean": terms.mean(), "sum": terms.sum()}[reduction]


for shape in [(), (3,), (2, 3), (2, 1, 3)]:
    x, x2, t = draw("score", shape), draw("score 2", shape), signs(shape)
    case("hingeEmbedding(in0, in1)", F.hinge_embedding_loss, x, t)
    reduced("hingeEmbedding(in0, in1, 0.5, %s)", lambda x, t, reduction: F.hinge_embedding_loss(x, t, 0.5, reduction=reduction), x, t)
    case("marginRanking(in0, in1, in2)", F.margin_ranking_loss, x, x2, t)
    reduced("marginRanking(in0, in1, in2, 0.5, %s)", lambda x, y, t, reduction: F.margin_ranking_loss(x, y, t, 0.5, reduction=reduction), x, x2, t)
    case("softMargin(in0, in1)", F.soft_margin_loss, x, t)
    reduced("softMargin(in0, in1, %s)", F.soft_margin_loss, x, t)
for shape in [(4,), (3, 4), (2, 2, 3)]:
    x, x2, x3, k = draw("rows", shape), draw("rows 2", shape), draw("rows 3", shape), mask(np.asarray(rng("k", shape).integers(0, 3, shape[:-1]), float))
    multi = lambda x, k, reduction="mean", p=1, margin=1.0: rows(lambda x, k: F.multi_margin_loss(x, k.long(), p, margin, reduction="none"), reduction, x, k)
    case("multiMargin(in0, in1)", multi, x, k)
    if len(shape) > 1:
        at = ", ".join(str(int(i)) for i in k.ravel())
        case(f"multiMargin(in0, {at})", lambda x: multi(x, torch.tensor(np.asarray(k))), x)
    for p in [1, 2]:
        reduced(f"multiMargin(in0, in1, {p}, 0.5, %s)", lambda x, k, reduction: multi(x, k, reduction, p, 0.5), x, k)
    case("multilabelSoftMargin(in0, in1)", F.multilabel_soft_margin_loss, x * 3, np.abs(x2) / 2)
    reduced("multilabelSoftMargin(in0, in1, %s)", F.multilabel_soft_margin_loss, x * 3, np.abs(x2) / 2)
    t = signs(shape[:-1])
    cosine = lambda x, y, t, reduction="mean", margin=0.0: rows(lambda x, y, t: F.cosine_embedding_loss(x, y, t, margin, reduction="none"), reduction, x, y, t)
    case("cosineEmbedding(in0, in1, in2)", cosine, x, x2, t)
    reduced("cosineEmbedding(in0, in1, in2, 0.25, %s)", lambda x, y, t, reduction: cosine(x, y, t, reduction, 0.25), x, x2, t)
    case("tripletMargin(in0, in1, in2)", F.triplet_margin_loss, x, x2, x3)
    for p, swap in itertools.product([1.0, 2.0, 3.0, inf], [False, True]):
        reduced(f"tripletMargin(in0, in1, in2, {{margin 1.5; p {p}; swap {str(swap).lower()}; reduction %s}})",
                lambda a, b, c, reduction: F.triplet_margin_loss(a, b, c, 1.5, p, swap=swap, reduction=reduction), x, x2, x3)
x, t = np.array(list(itertools.product(EDGES, [1.0, -1]))).T
for call, f in {"hingeEmbedding(in0, in1, 1.0, NONE)": F.hinge_embedding_loss, "softMargin(in0, in1, NONE)": F.soft_margin_loss}.items():
    case(call, lambda x, t: f(x, t, reduction="none"), x, mask(t))
x, x2, t = np.array([v for v in itertools.product(EDGES, [0.0, 1, 1e4, -inf, nan], [1.0, -1])]).T
case("marginRanking(in0, in1, in2, 0.0, NONE)", lambda x, y, t: F.margin_ranking_loss(x, y, t, 0.0, reduction="none"), x, x2, mask(t))
case("multiMargin(in0, in1, 1, 1.0, NONE)", lambda x, k: F.multi_margin_loss(x, k.long(), reduction="none"),
     [[1.0, 1, 0], [2, 1, 2], [-inf, 0, 1], [1e4, -1e4, 0], [0, nan, 0]], mask([0.0, 2, 1, 1, 0]))
case("cosineEmbedding(in0, in1, in2)", F.cosine_embedding_loss, [[0.0, 0], [1, 0]], [[1.0, 2], [0, 1]], mask([1.0, -1]))
case("tripletMargin(in0, in1, in2)", F.triplet_margin_loss, [[0.0, 0], [1, 0]], [[0.0, 0], [0, 1]], [[1e4, 0], [0, 1]])
