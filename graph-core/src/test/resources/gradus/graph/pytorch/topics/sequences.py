"""SequenceLosses. The gradient of PyTorch's ctc_loss is that of scores before log_softmax, so the loss is a sum over all alignments here, whose value is compared with ctc_loss."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from cases import case, draw, inf, mask, rng


def collapsed(path, blank):
    return [k for i, k in enumerate(path) if k != blank and (i == 0 or path[i - 1] != k)]


def ctc(x, targets, input_lengths, target_lengths, blank=0, zero_infinity=False):
    """The terms of the examples."""
    terms = []
    for b, (t, s) in enumerate(zip(input_lengths, target_lengths)):
        wanted = targets[b, :s].long().tolist()
        paths = [p for p in itertools.product(range(x.shape[2]), repeat=t) if collapsed(p, blank) == wanted]
        sums = [sum(x[i, b, k] for i, k in enumerate(p)) for p in paths]
        terms.append(-torch.logsumexp(torch.stack(sums), 0) if paths else x[0, b, 0] * 0 + 0)
    with torch.no_grad():
        theirs = F.ctc_loss(x, targets.long(), input_lengths, target_lengths, blank, "none", zero_infinity)
        assert torch.allclose(theirs, torch.stack(terms), 1e-12, 1e-12), (theirs, terms)
    return torch.stack(terms)


def reduced(terms, reduction, lengths):
    mean = (terms / torch.tensor(lengths).clamp(min=1)).mean()
    return {"NONE": terms, "MEAN": mean, "SUM": terms.sum(), "BATCH_MEAN": terms.sum() / len(lengths)}[reduction]


def log_probabilities(shape):
    return torch.log_softmax(torch.tensor(draw("frames", shape)), -1).numpy()


for shape, targets, frames, labels in [((4, 2, 3), [[1, 2], [1, 1]], [4, 3], [2, 2]), ((3, 1, 3), [[2, 1, 1]], [3], [2]), ((5, 2, 2), [[1, 1], [0, 7]], [5, 2], [2, 0]),
                                       ((1, 2, 3), [[2], [1]], [1, 1], [1, 0])]:
    x, t = log_probabilities(shape), mask(np.array(targets, float))
    lengths = f"<{' '.join(map(str, frames))}>, <{' '.join(map(str, labels))}>"
    case(f"ctc(in0, t1, {lengths})", lambda x, t: reduced(ctc(x, t, frames, labels), "MEAN", labels), x, t)
    for reduction in ["NONE", "MEAN", "SUM", "BATCH_MEAN"]:
        case(f"ctc(in0, t1, {lengths}, {{reduction {reduction}}})", lambda x, t: reduced(ctc(x, t, frames, labels), reduction, labels), x, t)
x, t = log_probabilities((3, 3, 4)), mask([[0.0, 1, 2], [1, 1, 0], [2, 0, 1]])
case("ctc(in0, t1, <3 2 3>, <2 2 3>, {blank 3; zeroInfinity true; reduction NONE})",
     lambda x, t: ctc(x, t, [3, 2, 3], [2, 2, 3], 3, True), x, t)
x = log_probabilities((3, 1, 3))
x[0, 0, 0] = x[1, 0, 2] = -inf
case("ctc(in0, t1, <3>, <2>)", lambda x, t: ctc(x, t, [3], [2]).sum() / 2, x, mask([[1.0, 2]]))
