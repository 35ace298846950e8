"""Recurrent networks: PyTorch's layers, whose weights are the transposes of ours, and which have two biases each."""
import numpy as np
import torch
from cases import case, draw
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def run(layer, result, x, w, u, b, d, states, lengths, reverse):
    """Runs one direction of a layer; reversed, it is the second one of a bidirectional layer whose first has weights 0."""
    zeros = [torch.zeros_like(p) for p in (w.t(), u.t(), b, d)]
    own = [w.t(), u.t(), b, d]
    layer._flat_weights = zeros + own if reverse else own
    packed = x if lengths is None else pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    if states is not None:
        states = [torch.stack([torch.zeros_like(s), s]) if reverse else s[None] for s in states]
        states = tuple(states) if len(states) == 2 else states[0]
    y, last = layer(packed, states)
    if lengths is not None:
        y, _ = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    h = u.shape[0]
    return {"outputs": y[..., -h:], "h": (last[0] if isinstance(last, tuple) else last)[-1], "c": last[1][-1] if isinstance(last, tuple) else None}[result]


def network(name, layer, k, result, n, t, i, h, lengths=None, reverse=False, given=False, activation="", dtype=np.float64):
    gru = name == "gru"
    net = layer(i, h, batch_first=True, bidirectional=reverse).to(torch.float32 if dtype == np.float32 else torch.float64)
    shapes = [(n, t, i), (i, k * h), (h, k * h), (k * h,)] + ([(k * h,)] if gru else []) + ([(n, h)] * (2 if name == "lstm" else 1) if given else [])
    settings = ([f"lengths {' '.join(map(str, lengths))}"] if lengths else []) + (["reverse true"] if reverse else [])
    settings = "{" + "; ".join(settings or ["reverse false"]) + "}"
    plain = settings == "{reverse false}" and not given and not activation
    arguments = [f"in{j}" for j in range(len(shapes))]
    arguments += [] if plain else [activation or "TANH", settings] if name == "rnn" else [settings]

    def f(x, w, u, b, *rest):
        d, states = (rest[0], rest[1:]) if gru else (torch.zeros_like(b), rest)
        return run(net, result, x, w, u, b, d, states or None, lengths, reverse)

    call = f"{name}({', '.join(arguments)}).{result}"
    case(call, f, *(draw(call + str(j), s, -1, 1) for j, s in enumerate(shapes)), dtype=dtype)


RELU = lambda *a, **k: torch.nn.RNN(*a, nonlinearity="relu", **k)
for name, layer, k, results, activation in [("lstm", torch.nn.LSTM, 4, ["outputs", "h", "c"], ""), ("gru", torch.nn.GRU, 3, ["outputs", "h"], ""),
                                            ("rnn", torch.nn.RNN, 1, ["outputs", "h"], ""), ("rnn", RELU, 1, ["outputs", "h"], "RELU")]:
    for result in results:
        network(name, layer, k, result, 2, 3, 2, 2, activation=activation)
        network(name, layer, k, result, 2, 3, 3, 1, given=True, activation=activation)
        network(name, layer, k, result, 3, 4, 1, 2, lengths=[2, 4, 1], given=True, activation=activation)
        network(name, layer, k, result, 3, 4, 2, 2, lengths=[2, 4, 1], reverse=True, given=True, activation=activation)
    network(name, layer, k, "outputs", 1, 2, 2, 3, reverse=True, activation=activation)
    network(name, layer, k, "outputs", 1, 1, 2, 3, activation=activation)
    network(name, layer, k, "outputs", 2, 3, 3, 4, activation=activation, dtype=np.float32)
