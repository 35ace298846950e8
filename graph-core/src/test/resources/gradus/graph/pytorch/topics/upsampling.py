"""Unfolding and Upsampling."""
import torch.nn.functional as F
from cases import moved

for k, word, given in [((2, 3), "{stride 1}", {}), ((3, 2), "{stride 2 1; padding 1 0; dilation 1 2}", dict(stride=(2, 1), padding=(1, 0), dilation=(1, 2)))]:
    size = ", ".join(map(str, k))
    moved(f"unfold(in0, {size}, {word})", lambda x: F.unfold(x, k, **given), (2, 2, 4, 5))
    moved(f"fold(in0, 4, 5, {size}, {word})", lambda x: F.fold(x, (4, 5), k, **given), (1, 12, 9 if k == (2, 3) else 6))
for shape in [(2, 1, 3), (1, 2, 2, 3), (1, 1, 2, 2, 1)]:
    n = len(shape) - 2
    for scale in [1, 2, 3]:
        moved(f"upsampleNearest(in0, {scale})", lambda x: F.interpolate(x, scale_factor=scale), shape)
    for to in [(5, 4, 7)[:n], (1, 2, 2)[:n], (4, 6, 3)[:n]]:
        moved(f"upsampleNearest(in0, [{','.join(map(str, to))}])", lambda x: F.interpolate(x, to), shape)
for align in [True, False]:
    for to in [(5, 7), (5, 6), (2, 2), (1, 1), (3, 4)]:
        moved(f"upsampleBilinear(in0, [{to[0]},{to[1]}], {str(align).lower()})",
              lambda x: F.interpolate(x, to, mode="bilinear", align_corners=align), (1, 2, 3, 4))
for shape, r in [((2, 4, 1, 3), 2), ((9, 2, 2), 3), ((1, 2, 2), 1)]:
    moved(f"pixelShuffle(in0, {r})", lambda x: F.pixel_shuffle(x, r), shape)
for shape, r in [((2, 2, 2, 4), 2), ((1, 3, 6), 3)]:
    moved(f"pixelUnshuffle(in0, {r})", lambda x: F.pixel_unshuffle(x, r), shape)
