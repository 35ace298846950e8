"""Distances and similarities of vectors, and normalised ones."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from cases import MEET, ROWS, case, draw, inf, nan

for p in [2.0, 1.0, 3.0, 0.5, 1.5, inf, 0.0]:
    call = f"cdist(in0, in1, {p})"
    for a, b in [((2, 3), (4, 3)), ((1, 1), (1, 1)), ((2, 2, 3), (2, 1, 3)), ((2, 1, 2, 2), (3, 3, 2)), ((0, 2), (3, 2))]:
        case(call, lambda x, y: torch.cdist(x, y, p), draw(call, a), draw(call + "b", b))
    if p != inf:  # of several largest differences torch gives each the whole gradient
        case(call, lambda x, y: torch.cdist(x, y, p), [[1.0, 2], [0, 0]], [[1.0, 2], [1, 0], [-0.0, 0]])
    case(call, lambda x, y: torch.cdist(x, y, p), [[1.0, 2], [1e8, 1]], [[1.0, 2.0000001], [1e8, 1.5]])
    case(call, lambda x, y: torch.cdist(x, y, p), draw(call, (2, 3)), draw(call + "b", (4, 3)), dtype=np.float32)
case("cdist(in0, in1)", torch.cdist, draw("cdist", (2, 3)), draw("cdist b", (4, 3)))
for a, b, axis in [((2, 3), (2, 3), 1), ((2, 3), (2, 3), 0), ((3,), (3,), 0), ((2, 3), (3,), -1), ((2, 3, 1), (3, 4), 1), ((0, 3), (0, 3), 1)]:
    f = lambda x, y: F.cosine_similarity(x, y, axis)
    case(f"cosineSimilarity(in0, in1, {axis})", f, draw("cosine", a), draw("cosine b", b))
case("cosineSimilarity(in0, in1, 1)", lambda x, y: F.cosine_similarity(x, y, 1), [[0.0, 0], [1, 2], [1e-9, 0], [3, 4]], [[1.0, 2], [0, 0], [1, 0], [-6, -8]])
case("cosineSimilarity(in0, in1, 1)", lambda x, y: F.cosine_similarity(x, y, 1), [[nan, 1], [inf, 1], [1, 1]], [[1.0, 2], [1, 1], [inf, -inf]])
case("cosineSimilarity(in0, in1, 1)", lambda x, y: F.cosine_similarity(x, y, 1), draw("cosine", (2, 3)), draw("cosine b", (2, 3)), dtype=np.float32)
for shape, axis in [((3,), 0), ((2, 3), 1), ((2, 3), 0), ((2, 1, 3), -3), ((0, 2), 0), ((0, 2), 1)]:
    case(f"normalize(in0, {axis})", lambda x: F.normalize(x, 2, axis), draw("normalize", shape))
    for p in [1.0, 3.0, 0.5, inf, 0.0]:
        case(f"normalize(in0, {p}, {axis})", lambda x: F.normalize(x, p, axis), draw("normalize", shape))
for p in [2.0, 1.0, inf]:
    for row in list(ROWS) + [np.array([1e-13, 0, 0]), np.array([3.0, -4, 0])]:
        case(f"normalize(in0, {p}, 0)", lambda x: F.normalize(x, p, 0), row)
case("normalize(in0, 1)", lambda x: F.normalize(x, 2, 1), draw("normalize", (2, 3)), dtype=np.float32)
