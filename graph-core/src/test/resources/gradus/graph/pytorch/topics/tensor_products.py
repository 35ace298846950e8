"""Cross products, and products over several axes."""
import numpy as np
import torch
from cases import case, draw, inf, moved, nan

for a, b, axis in [((3,), (3,), 0), ((2, 3), (2, 3), -1), ((3, 2), (3, 2), 0), ((2, 3), (1, 3), 1), ((2, 3, 1), (1, 3, 2), -2), ((0, 3), (0, 3), 1)]:
    moved(f"cross(in0, in1, {axis})", lambda x, y: torch.linalg.cross(x, y, dim=axis), a, b)
case("cross(in0, in1, 1)", lambda x, y: torch.linalg.cross(x, y, dim=1), [[1.0, 0, 0], [nan, 1, 2], [inf, 1, -0.0]], [[0.0, 1, 0], [1, 2, 3], [1, 2, 3]])
case("cross(in0, in1, 0)", lambda x, y: torch.linalg.cross(x, y, dim=0), draw("cross", (3,)), draw("cross b", (3,)), dtype=np.float32)
for a, b, n in [((2, 3), (3, 2), 1), ((2, 3), (2,), 0), ((), (), 0), ((2, 3, 2), (3, 2, 2), 2), ((2, 3), (2, 3), 2), ((2, 0), (0, 3), 1)]:
    moved(f"tensordot(in0, in1, {n})", lambda x, y: torch.tensordot(x, y, n), a, b)
for a, b, i, j in [((2, 3, 4), (4, 2), [2], [0]), ((2, 3, 4), (4, 3, 2), [2, 0], [0, -1]), ((2, 3), (3, 2), [0, 1], [1, 0]), ((3, 2), (3, 4), [-2], [0]),
                   ((2, 1), (3,), [], [])]:
    words = [f"<{' '.join(map(str, n))}>" for n in (i, j)]
    moved(f"tensordot(in0, in1, {words[0]}, {words[1]})", lambda x, y: torch.tensordot(x, y, (i, j)), a, b)
case("tensordot(in0, in1, 1)", lambda x, y: torch.tensordot(x, y, 1), draw("tensordot", (2, 3)), draw("tensordot b", (3, 2)), dtype=np.float32)
