"""Writes embedding_steps.txt: a table of embeddings after three steps of PyTorch's optimizers.

Run it in this folder, with PyTorch: python3 embedding_steps.py
"""

import torch
import torch.nn.functional as F

INDICES = [[0, 2, 2], [1], [2, 4]]


def run(sparse, optimizer):
    table = (torch.arange(10, dtype=torch.float64).reshape(5, 2) / 7 - 0.5).requires_grad_()
    steps = optimizer([table])
    for indices in INDICES:
        steps.zero_grad()
        rows = F.embedding(torch.tensor(indices), table, sparse=sparse)
        (rows * torch.arange(1, 1 + rows.numel(), dtype=torch.float64).reshape(rows.shape)).sin().sum().backward()
        steps.step()
    return " ".join(repr(v) for v in table.detach().reshape(-1).tolist())


optim = torch.optim
cases = {
    "sgd": run(True, lambda p: optim.SGD(p, lr=0.1)),
    # SparseAdam adds epsilon before the bias correction, Adam after it, so there is next to none
    "adam of rows": run(True, lambda p: optim.SparseAdam(p, lr=0.1, eps=1e-30)),
    "adam of all rows": run(False, lambda p: optim.Adam(p, lr=0.1)),
    "adamW of all rows": run(False, lambda p: optim.AdamW(p, lr=0.1, weight_decay=0.01)),
    "momentum of all rows": run(False, lambda p: optim.SGD(p, lr=0.1, momentum=0.9)),
}
with open("embedding_steps.txt", "w") as out:
    for name, values in cases.items():
        out.write(f"{name}: {values}\n")
