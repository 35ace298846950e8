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


class Transposed(nn.Module):
    """A linear layer with the transposed weight of another."""

    def __init__(self, other):
        super().__init__()
        self.other = [other]  # not a part of this module
        self.bias = nn.Parameter(torch.randn(other.in_features))

    def forward(self, x):
        return nn.functional.linear(x, self.other[0].weight.t(), self.bias)


def autoencoder():
    encoder = nn.Linear(3, 2)
    return nn.Sequential(encoder, nn.Tanh(), Transposed(encoder))


class Maxout(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 8))
        self.bias = nn.Parameter(torch.randn(8))

    def forward(self, x):
        return (x @ self.weight + self.bias).unflatten(-1, (2, 4)).amax(-1)


def halves(module, x):
    return module(x[..., :3], x[..., 3:])


case("linear", lambda: nn.Linear(3, 4), rand(5, 3))
case("linear-without-bias", lambda: nn.Linear(3, 4, bias=False), rand(2, 5, 3))
case("linear-transposed", autoencoder, rand(2, 5, 3))
case("bilinear", lambda: nn.Bilinear(3, 4, 2), rand(5, 7), call=halves)
case("bilinear-without-bias", lambda: nn.Bilinear(3, 4, 2, bias=False), rand(2, 5, 7), call=halves)
case("maxout", Maxout, rand(2, 5, 3))
case("flatten", lambda: nn.Flatten(), rand(2, 2, 3))
case("flatten-axes", lambda: nn.Flatten(0, -2), rand(2, 2, 3))
case("unflatten", lambda: nn.Unflatten(1, (2, 3)), rand(2, 6))
case("unflatten-axis", lambda: nn.Unflatten(-2, (3, 2)), rand(2, 6, 2))
case("embedding", lambda: nn.Embedding(5, 2), lambda: torch.tensor([[0, 4, 1], [1, 1, 3]]))

# Signals, images, volumes.

case("conv1d", lambda: nn.Conv1d(2, 3, 2), rand(2, 2, 5))
case("conv1d-reflect", lambda: nn.Conv1d(2, 1, 3, 2, 2, padding_mode="reflect"), rand(2, 2, 5))
case("conv2d", lambda: nn.Conv2d(2, 3, 2), rand(2, 2, 4, 4))
case("conv2d-in-groups", lambda: nn.Conv2d(4, 2, 2, padding=1, groups=2), rand(2, 4, 3, 3))
case("conv2d-options", lambda: nn.Conv2d(2, 2, (3, 2), (2, 1), (1, 0), (1, 2)), rand(2, 2, 5, 6))
case("conv2d-same", lambda: nn.Conv2d(1, 2, (4, 3), padding="same", bias=False), rand(2, 1, 4, 3))
case("conv2d-circular", lambda: nn.Conv2d(2, 1, 3, padding=(1, 2), padding_mode="circular"), rand(1, 2, 3, 4))
case("conv2d-same-reflect", lambda: nn.Conv2d(1, 1, (2, 4), padding="same", padding_mode="reflect"), rand(1, 1, 3, 4))
case("conv3d", lambda: nn.Conv3d(2, 2, 2, (1, 1, 2), groups=2), rand(1, 2, 3, 2, 4))
case("conv3d-replicate", lambda: nn.Conv3d(1, 2, (1, 2, 2), padding=(0, 1, 1), padding_mode="replicate"),
     rand(1, 1, 2, 2, 3))
case("conv-transpose1d", lambda: nn.ConvTranspose1d(2, 3, 3, 2, dilation=2), rand(2, 2, 4))
case("conv-transpose2d", lambda: nn.ConvTranspose2d(4, 2, 3, 2, 1, 1, groups=2), rand(2, 4, 3, 2))
case("conv-transpose2d-without-bias", lambda: nn.ConvTranspose2d(1, 2, (2, 3), (1, 2), bias=False), rand(1, 1, 3, 3))
case("conv-transpose3d", lambda: nn.ConvTranspose3d(2, 1, 2, (2, 1, 1), output_padding=(1, 0, 0)), rand(1, 2, 2, 2, 2))
case("max-pool1d", lambda: nn.MaxPool1d(2), rand(2, 3, 5))
case("max-pool2d", lambda: nn.MaxPool2d(2), rand(2, 2, 4, 4))
case("max-pool2d-options", lambda: nn.MaxPool2d((3, 2), (2, 1), (1, 0), (1, 2), ceil_mode=True), rand(2, 2, 4, 5))
case("max-pool3d", lambda: nn.MaxPool3d(2), rand(1, 2, 2, 4, 4))
case("avg-pool1d", lambda: nn.AvgPool1d(3, 2, 1), rand(2, 3, 5))
case("avg-pool2d", lambda: nn.AvgPool2d(2), rand(2, 2, 4, 4))
case("avg-pool2d-options", lambda: nn.AvgPool2d((3, 2), 2, 1, True, False), rand(2, 2, 4, 5))
case("avg-pool3d", lambda: nn.AvgPool3d((2, 1, 2), (1, 1, 2)), rand(1, 2, 3, 2, 4))
case("adaptive-avg-pool1d", lambda: nn.AdaptiveAvgPool1d(3), rand(2, 2, 5))
case("adaptive-avg-pool2d", lambda: nn.AdaptiveAvgPool2d((3, 2)), rand(2, 2, 4, 5))
case("adaptive-avg-pool3d", lambda: nn.AdaptiveAvgPool3d((2, 1, 3)), rand(1, 2, 3, 2, 4))
case("adaptive-max-pool1d", lambda: nn.AdaptiveMaxPool1d(3), rand(2, 2, 5))
case("adaptive-max-pool2d", lambda: nn.AdaptiveMaxPool2d((3, 2)), rand(2, 2, 4, 5))
case("adaptive-max-pool3d", lambda: nn.AdaptiveMaxPool3d((2, 1, 3)), rand(1, 2, 3, 2, 4))
case("global-avg-pool", lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), rand(2, 3, 4, 2))
case("global-max-pool", lambda: nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), rand(2, 3, 4, 2))

# Normalisation and dropout.


class RmsNorm(nn.Module):
    """nn.RMSNorm of later versions."""

    def __init__(self, shape, eps=2**-52, affine=True):
        super().__init__()
        self.axes = tuple(range(-len(shape), 0))
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(shape)) if affine else None

    def forward(self, x):
        y = x / (x.square().mean(self.axes, keepdim=True) + self.eps).sqrt()
        return y if self.weight is None else y * self.weight


class LayerNormWithoutBias(nn.Module):
    """nn.LayerNorm of later versions with bias=False."""

    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n))

    def forward(self, x):
        return nn.functional.layer_norm(x, self.weight.shape, self.weight)


case("batch-norm", lambda: nn.BatchNorm1d(3), rand(5, 3))
case("batch-norm-1d", lambda: nn.BatchNorm1d(2), rand(3, 2, 4))
case("batch-norm-2d", lambda: nn.BatchNorm2d(2), rand(3, 2, 2, 2))
case("batch-norm-3d", lambda: nn.BatchNorm3d(2), rand(1, 2, 2, 1, 3))
case("batch-norm-cumulative", lambda: nn.BatchNorm1d(3, momentum=None), rand(5, 3))
case("batch-norm-without-affine", lambda: nn.BatchNorm1d(3, 0.01, 0.3, affine=False), rand(5, 3))
case("layer-norm", lambda: nn.LayerNorm(4), rand(2, 3, 4))
case("layer-norm-without-affine", lambda: nn.LayerNorm((4, 2), 0.01, elementwise_affine=False), rand(3, 4, 2))
case("layer-norm-without-bias", lambda: LayerNormWithoutBias(4), rand(2, 3, 4))
case("rms-norm", lambda: RmsNorm((4,)), rand(2, 3, 4))
case("rms-norm-without-affine", lambda: RmsNorm((3, 2), 0.01, False), rand(4, 3, 2))
case("group-norm", lambda: nn.GroupNorm(2, 4), rand(3, 4, 2, 3))
case("group-norm-without-affine", lambda: nn.GroupNorm(3, 6, 0.01, affine=False), rand(3, 6))
case("instance-norm", lambda: nn.InstanceNorm1d(2), rand(3, 2, 4))
case("instance-norm-affine", lambda: nn.InstanceNorm2d(2, 0.01, affine=True), rand(2, 2, 3, 2))
case("instance-norm-running", lambda: nn.InstanceNorm1d(2, affine=True, track_running_stats=True), rand(3, 2, 4))
case("instance-norm-3d", lambda: nn.InstanceNorm3d(2, momentum=0.3, track_running_stats=True), rand(2, 2, 2, 1, 3))
case("local-response-norm", lambda: nn.LocalResponseNorm(3, 0.5, 0.75, 2), rand(2, 5, 3))
case("local-response-norm-2d", lambda: nn.LocalResponseNorm(2), rand(1, 3, 2, 2))
case("dropout", lambda: nn.Dropout(0.4), rand(5, 3), draws=True)
case("spatial-dropout", lambda: nn.Dropout1d(0.4), rand(3, 4, 2), draws=True)
case("alpha-dropout", lambda: nn.AlphaDropout(0.4), rand(5, 3), draws=True)

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
# Layers of layers.


class Residual(nn.Module):
    def __init__(self, layer, shortcut=None):
        super().__init__()
        self.layer = layer
        self.shortcut = shortcut

    def forward(self, x):
        return self.layer(x) + (x if self.shortcut is None else self.shortcut(x))


class Parallel(nn.ModuleList):
    def __init__(self, combine, *layers):
        super().__init__(layers)
        self.combine = combine

    def forward(self, x):
        return self.combine([layer(x) for layer in self])


def mean(outputs):
    return sum(outputs) / len(outputs)


case(
    "sequential",
    lambda: nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Sequential(nn.Dropout(0.3), nn.Linear(4, 2))),
    rand(5, 3),
    draws=True)
case("residual", lambda: Residual(nn.Linear(3, 3)), rand(5, 3))
case("residual-shortcut", lambda: Residual(nn.Sequential(nn.Conv2d(2, 3, 3, padding="same"), nn.BatchNorm2d(3)),
                                           nn.Conv2d(2, 3, 1, bias=False)), rand(2, 2, 3, 3))
case("parallel-sum", lambda: Parallel(sum, nn.Linear(3, 4), nn.Linear(3, 4, bias=False)), rand(5, 3))
case("parallel-mean", lambda: Parallel(mean, nn.Linear(3, 3), nn.Dropout(0.3), nn.Identity()), rand(5, 3), draws=True)
case("parallel-concat", lambda: Parallel(lambda y: torch.cat(y, 1), nn.Conv1d(2, 3, 1), nn.MaxPool1d(3, 1, 1)),
     rand(2, 2, 4))
case("ensemble-outputs", lambda: Parallel(mean, nn.Linear(3, 4), nn.Linear(3, 4, bias=False)), rand(5, 3))
case("ensemble-probabilities", lambda: Parallel(lambda y: mean([t.softmax(-1) for t in y]).log(), nn.Linear(3, 4),
                                                nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.3))), rand(5, 3), draws=True)

for n in sys.argv[1:] or CASES:
    run(n)
