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

# Sequences. The rows are [n, t, ..]; a call with lengths gives the outputs and the last states in one vector.

LENGTHS = torch.tensor([4, 1, 3])
PADDING = torch.tensor([[1, 1, 1], [1, 1, 0]]) == 0


class Positional(nn.Module):
    def __init__(self, length, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(length, dim))

    def forward(self, x):
        return x + self.weight[:x.shape[1]]


def angles(x):
    """Returns p / 10000^(2 i / dim), [t, dim / 2]."""
    t, dim = x.shape[-2:]
    return torch.arange(t)[:, None] / 10_000 ** (torch.arange(0, dim, 2) / dim)


class Sinusoidal(nn.Module):
    def forward(self, x):
        a = angles(x)
        return x + torch.stack([a.sin(), a.cos()], -1).flatten(-2)


class Rotary(nn.Module):
    def forward(self, x):
        z = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
        return torch.view_as_real(z * torch.polar(torch.ones(1), angles(x))).flatten(-2)


class RotaryAttention(nn.MultiheadAttention):
    def forward(self, x):
        def heads(y):
            return y.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)
        q, k, v = map(heads, nn.functional.linear(x, self.in_proj_weight, self.in_proj_bias).chunk(3, -1))
        q, k = Rotary()(q), Rotary()(k)
        weights = (q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5).softmax(-1)
        return self.out_proj((weights @ v).transpose(1, 2).flatten(-2))


def lengths(module, x, *states):
    packed = nn.utils.rnn.pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    y, last = module(packed, *states)
    y, _ = nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    last = last if isinstance(last, tuple) else (last,)
    return torch.cat([part.flatten() for part in (y, *last)])


def lstm_lengths(module, x):
    h = x.permute(1, 0, 2).contiguous()
    return lengths(module, x, (h, h.tanh()))


def gru_lengths(module, x):
    return lengths(module, x, x.permute(1, 0, 2)[:2].contiguous())


def first(module, x):
    return module(x)[0]


def attention(**options):
    return lambda module, x: module(x, x, x, need_weights=False, **options)[0]


def causal(t):
    return torch.ones(t, t).triu(1).bool()


def encoder(heads=2, **options):
    return lambda: nn.TransformerEncoderLayer(4, heads, 5, batch_first=True, **options)


SECOND_BIASES = tuple("bias_hh_l%d%s" % (i, end) for i in (0, 1) for end in ("", "_reverse"))  # added to the first ones
case("embedding-padding", lambda: nn.Embedding(5, 2, padding_idx=2), lambda: torch.tensor([[0, 4, 2], [1, 2, 3]]))
case("tied-linear", lambda: nn.Linear(3, 5, bias=False), rand(2, 4, 3))
case("positional-embedding", lambda: Positional(6, 3), rand(2, 4, 3))
case("positional-embedding-sinusoidal", Sinusoidal, rand(2, 5, 4))
case("positional-embedding-rotary", Rotary, rand(2, 5, 4))
case("layer-norm-of-sequences", lambda: nn.LayerNorm((2, 3)), rand(4, 2, 3))
for name, make, call in (
        ("rnn", lambda: nn.RNN(2, 3, batch_first=True), first),
        ("rnn-relu", lambda: nn.RNN(2, 3, nonlinearity="relu", batch_first=True), first),
        ("rnn-lengths", lambda: nn.RNN(2, 2, 2, batch_first=True), lengths),
        ("lstm", lambda: nn.LSTM(2, 3, batch_first=True), first),
        ("lstm-bidirectional", lambda: nn.LSTM(2, 3, bidirectional=True, batch_first=True), first),
        ("lstm-layers", lambda: nn.LSTM(2, 3, 2, bidirectional=True, batch_first=True), first),
        ("lstm-lengths", lambda: nn.LSTM(2, 2, 2, bidirectional=True, batch_first=True), lstm_lengths)):
    case(name, make, rand(3, 4, 2), call=call, zero=SECOND_BIASES)
case("lstm-dropout", lambda: nn.LSTM(2, 3, 2, dropout=0.3, batch_first=True), rand(3, 4, 2), True, first)
case("gru", lambda: nn.GRU(2, 3, batch_first=True), rand(3, 4, 2), call=first)
case("gru-layers", lambda: nn.GRU(2, 3, 2, batch_first=True), rand(3, 4, 2), call=first)
case("gru-lengths", lambda: nn.GRU(2, 2, bidirectional=True, batch_first=True), rand(3, 4, 2), call=gru_lengths)
MHA = "multi-head-attention"
case(MHA, lambda: nn.MultiheadAttention(4, 2, batch_first=True), rand(2, 3, 4), call=attention())
case(MHA + "-causal", lambda: nn.MultiheadAttention(4, 2, batch_first=True), rand(2, 3, 4),
     call=attention(attn_mask=causal(3)))
case(MHA + "-without-bias", lambda: nn.MultiheadAttention(4, 4, bias=False, batch_first=True), rand(2, 3, 4),
     call=attention())
case(MHA + "-rotary", lambda: RotaryAttention(4, 2, batch_first=True), rand(2, 3, 4))
case(MHA + "-dropout", lambda: nn.MultiheadAttention(4, 2, dropout=0.3, batch_first=True), rand(2, 3, 4), True,
     attention())
case(MHA + "-padding", lambda: nn.MultiheadAttention(4, 2, batch_first=True), rand(2, 3, 4),
     call=attention(key_padding_mask=PADDING))
case(MHA + "-cross", lambda: nn.MultiheadAttention(4, 2, batch_first=True), rand(2, 3, 4),
     call=lambda module, x: module(x, x.tanh()[:, :2], x.square()[:, 1:], need_weights=False)[0])
case("transformer-layer", encoder(dropout=0), rand(2, 3, 4))
case("transformer-layer-dropout", encoder(), rand(2, 3, 4), draws=True)
case("transformer-layer-pre-norm", encoder(dropout=0, norm_first=True, activation="gelu"), rand(2, 3, 4),
     call=lambda module, x: module(x, src_mask=causal(3)))
case("transformer-layer-padding", encoder(heads=1, dropout=0), rand(2, 3, 4),
     call=lambda module, x: module(x, src_key_padding_mask=PADDING))
case(
    "sequential",
    lambda: nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Sequential(nn.Dropout(0.3), nn.Linear(4, 2))),
    rand(5, 3),
    draws=True)

for n in sys.argv[1:] or CASES:
    run(n)
