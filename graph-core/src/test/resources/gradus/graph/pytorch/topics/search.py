"""Positions in sorted sequences."""
import numpy as np
import torch
from cases import EDGES, case, draw, inf, mask, nan

for right in [False, True]:
    word = str(right).lower()
    find = lambda s, v: torch.searchsorted(s, v, right=right)
    for s, v in [((5,), (3,)), ((5,), ()), ((1,), (2, 2)), ((2, 4), (2, 3)), ((2, 1, 3), (2, 1, 2)), ((0,), (2,)), ((2, 0), (2, 1)), ((3,), (0, 2))]:
        case(f"searchSorted(in0, in1, {word})", find, np.sort(draw("sorted", s)), draw("values", v))
    case(f"searchSorted(in0, in1, {word})", find, [-inf, -1, -0.0, 0.0, 0.5, 0.5, 1, inf], np.array(EDGES))
    case(f"searchSorted(in0, in1, {word})", find, [-1.0, 2, nan], np.array(EDGES))
    case(f"bucketize(in0, in1, {word})", lambda x, b: torch.bucketize(x, b, right=right), np.array(EDGES), [-1.0, 0, 0.5, 1])
    for v in [(), (3,), (2, 3), (0, 2)]:
        case(f"bucketize(in0, in1, {word})", lambda x, b: torch.bucketize(x, b, right=right), draw("values", v), np.sort(draw("sorted", (4,))))
case("searchSorted(in0, in1)", torch.searchsorted, [1.0, 2, 2, 3], [2.0, 4, 0])
case("bucketize(in0, in1)", torch.bucketize, [2.0, 4, 0], [1.0, 2, 2, 3])
case("searchSorted(in0, in1)", torch.searchsorted, [1.0, 2, 2, 3], [2.0, 4, 0], dtype=np.float32)
case("bucketize(in0, in1)", torch.bucketize, [2.0, 4, 0], [1.0, 2, 2, 3], dtype=np.float32)
