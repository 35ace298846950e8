"""Writes what PyTorch's layers compute, one safetensors file for each: python3 layers.py [NAME..]

A file has the name of a row of LayerCases.java. It holds the state dict before ("state.NAME") and after ("after.NAME") a call in
training, the input, the output in training ("train.output"), the gradients of sum(cotangent * output) by the input ("train.grad")
and by the parameters ("grad.NAME"), and the output in evaluation after that ("eval.output"). A layer that draws random numbers is
called in evaluation only.
"""

import json
import os
import struct
import sys

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
HERE = os.path.dirname(os.path.abspath(__file__))
CASES = {}


def case(name, make, x, draws=False, call=lambda module, x: module(x), zero=()):
    """Adds a layer. Gradients whose names end with one of zero are written as 0, as of a second bias that is added to the first."""
    CASES[name] = (make, x, draws, call, zero)


def rand(*shape):
    return lambda: torch.rand(*shape) * 2 - 1


def write(path, tensors):
    header, data, at = {}, b"", 0
    for name, t in tensors.items():
        t = t.detach().contiguous()
        kind = {torch.float64: "F64", torch.int64: "I64"}[t.dtype]
        raw = t.numpy().tobytes()
        header[name] = {"dtype": kind, "shape": list(t.shape), "data_offsets": [at, at + len(raw)]}
        data += raw
        at += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def run(name):
    make, x, draws, call, zero = CASES[name]
    torch.manual_seed(sum(map(ord, name)))
    module, x = make(), x()
    for p in module.parameters():  # also those that start with 0 or 1
        p.data += 0.1 * torch.randn_like(p)
    out = {"state." + n: t.clone() for n, t in module.state_dict().items()}
    indices = x.dtype == torch.int64
    out["input"] = x.double() if indices else x.clone()
    if not draws:
        module.train()
        x = x if indices else x.requires_grad_()
        y = call(module, x)
        out["train.output"] = y
        out["cotangent"] = torch.randn_like(y)
        y.backward(out["cotangent"])
        if not indices:
            out["train.grad"] = x.grad
        for n, p in module.named_parameters():
            out["grad." + n] = torch.zeros_like(p) if n.endswith(tuple(zero)) and zero else p.grad
        out.update({"after." + n: t.clone() for n, t in module.state_dict().items()})
    module.eval()
    out["eval.output"] = call(module, x)
    write(os.path.join(HERE, name + ".safetensors"), out)


case("linear", lambda: nn.Linear(3, 4), rand(5, 3))
case("linear-without-bias", lambda: nn.Linear(3, 4, bias=False), rand(2, 5, 3))
case("batch-norm", lambda: nn.BatchNorm1d(3), rand(5, 3))
case("batch-norm-2d", lambda: nn.BatchNorm2d(2), rand(3, 2, 2, 2))
case("dropout", lambda: nn.Dropout(0.4), rand(5, 3), draws=True)
case("flatten", lambda: nn.Flatten(), rand(2, 2, 3))
case("embedding", lambda: nn.Embedding(5, 2), lambda: torch.tensor([[0, 4, 1], [1, 1, 3]]))
case("conv2d", lambda: nn.Conv2d(2, 3, 2), rand(2, 2, 4, 4))
case("conv2d-in-groups", lambda: nn.Conv2d(4, 2, 2, padding=1, groups=2), rand(2, 4, 3, 3))
case("max-pool2d", lambda: nn.MaxPool2d(2), rand(2, 2, 4, 4))
case("avg-pool2d", lambda: nn.AvgPool2d(2), rand(2, 2, 4, 4))
case(
    "sequential",
    lambda: nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Sequential(nn.Dropout(0.3), nn.Linear(4, 2))),
    rand(5, 3),
    draws=True)

for n in sys.argv[1:] or CASES:
    run(n)
