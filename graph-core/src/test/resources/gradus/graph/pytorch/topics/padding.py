"""Padding modes; torch pads at most the last three axes by reflection or replication, and needs axes before them."""
import numpy as np
import torch.nn.functional as F
from cases import case, draw, inf, moved, nan


def pad(mode, shape, widths):
    words = ", ".join(map(str, widths))
    moved(f"pad(in0, {mode.upper()}, {words})", lambda x: F.pad(x, widths, mode), shape)


for value in [0.0, 2.5, -1.0]:
    for shape, widths in [((3,), (1, 2)), ((2, 3), (1, 2, 0, 1)), ((2, 3), (-1, 2)), ((2, 3), (0, -1, 2, -1)), ((2, 1, 3), (0, 0, 1, 1, 2, 0)), ((0, 2), (1, 1, 1, 0)),
                          ((2, 2), ()), ((2, 3), (-2, 0))]:
        moved(f"pad(in0, {', '.join(map(str, (value,) + widths))})", lambda x: F.pad(x, widths, "constant", value), shape)
moved("pad(in0, ZEROS, 1, -1, 2, 0)", lambda x: F.pad(x, (1, -1, 2, 0)), (2, 3))
for widths in [(1, 2), (3, 3), (0, 0), (-1, 2), (2, -1), (3, -4), (-3, 3), (-4, 2)]:
    for mode in ["reflect", "replicate"]:
        pad(mode, (1, 2, 4), widths)
        pad(mode, (1, 1, 4, 2), (0, 1) + widths)
    pad("replicate", (1, 4), tuple(3 * w if w > 0 else w for w in widths))
for widths in [(1, 2), (4, 3), (0, 0), (-1, 2), (2, -1), (-2, 2), (-2, -1)]:
    pad("circular", (1, 2, 4), widths)
    pad("circular", (1, 1, 4, 2), (0, 1) + widths)
for mode in ["reflect", "replicate", "circular"]:
    pad(mode, (1, 1, 3, 2, 4), (1, 2, 1, 0, 2, 1))
    case(f"pad(in0, {mode.upper()}, 2, 1)", lambda x: F.pad(x, (2, 1), mode), [[[nan, -0.0, inf]]])
    case(f"pad(in0, {mode.upper()}, 2, 1)", lambda x: F.pad(x, (2, 1), mode), draw("pad", (1, 1, 4)), dtype=np.float32)
