"""The networks of Task.Net in PyTorch, with the parameters in the order of Gradus's."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

INPUT, CLASSES, GENERATED = 100, 101, 100
SIZES = {
    "lenet": (10, (100, 1, 28, 28)),
    "resnet20": (10, (32, 3, 32, 32)),
    "lstm": (64, (32, 64)),
    "gpt": (65, (16, 128)),
    "small_gpt": (27, (1, 16)),
    "generate": (65, (1, 1)),
}


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class Residual(nn.Module):
    def __init__(self, n, out):
        super().__init__()
        self.grows, self.stride = out - n, out // n
        self.conv1 = nn.Conv2d(n, out, 3, self.stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(out)

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        if self.grows:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.grows))
        return F.relu(y + x)


def resnet():
    layers, n = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for out in (16, 32, 64):
        for _ in range(3):
            layers.append(Residual(n, out))
            n = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(64, 128)
        self.lstm = nn.LSTM(128, 128, batch_first=True)
        self.head = nn.Linear(128, 64)

    def forward(self, x):
        return self.head(self.lstm(self.token(x))[0])


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.linear1, self.linear2 = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)

    def forward(self, x, mask, cache):
        n, t, dim = x.shape
        q, k, v = [p.view(n, t, self.heads, -1).transpose(1, 2) for p in self.qkv(self.norm1(x)).chunk(3, -1)]
        if cache is not None:
            if self in cache:
                k, v = torch.cat((cache[self][0], k), 2), torch.cat((cache[self][1], v), 2)
            cache[self] = (k, v)
        scores = q @ k.transpose(-2, -1) * (dim // self.heads) ** -0.5
        if mask is not None:
            scores = scores.masked_fill(mask, float("-inf"))
        y = torch.softmax(scores, -1) @ v
        x = x + self.out(y.transpose(1, 2).reshape(n, t, dim))
        return x + self.linear2(F.gelu(self.linear1(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self, tokens, length, dim, heads, layers):
        super().__init__()
        self.token, self.position = nn.Embedding(tokens, dim), nn.Embedding(length, dim)
        self.blocks = nn.ModuleList(Block(dim, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(dim)
        self.register_buffer("mask", torch.ones(length, length).triu(1).bool())

    def forward(self, x, at=0, cache=None):
        t = x.shape[1]
        y = self.token(x) + self.position.weight[at:at + t]
        for block in self.blocks:
            y = block(y, self.mask[:t, :t] if t > 1 else None, cache)
        return self.norm(y) @ self.token.weight.t()

    @torch.no_grad()
    def generate(self, first):
        tokens, cache, x = [first], {}, torch.tensor([[first]])
        for at in range(GENERATED):
            x = self(x, at, cache)[:, -1].argmax(-1, keepdim=True)
            tokens.append(int(x))
        return tokens


MAKERS = {
    "lenet": lenet,
    "resnet20": resnet,
    "lstm": Lstm,
    "gpt": lambda: Gpt(65, 128, 128, 4, 4),
    "small_gpt": lambda: Gpt(27, 16, 16, 4, 1),
    "generate": lambda: Gpt(65, 128, 128, 4, 4),
}


class Network:
    """A training step, or the generation of tokens."""

    def __init__(self, name, rate, at, tensor):
        self.name, self.model = name, MAKERS[name]()
        classes, shape = SIZES[name]
        indices = lambda seed, n: torch.from_numpy(np.floor((at(n, seed) + 1) / 2 * classes).astype(np.int64))
        flipped = {id(m.weight) for m in self.model.modules() if isinstance(m, nn.Linear)}
        flipped |= {id(p) for m in self.model.modules() if isinstance(m, nn.LSTM) for p in m.parameters() if p.dim() == 2}
        scales = {id(m.weight) for m in self.model.modules() if isinstance(m, (nn.LayerNorm, nn.BatchNorm2d))}
        seed = 1
        for p in self.model.parameters():
            if p.dim() == 1:
                p.data.fill_(1 if id(p) in scales else 0)
                continue
            size = tuple(reversed(p.shape)) if id(p) in flipped else tuple(p.shape)
            fan_in = size[0] if len(size) == 2 else p.numel() // size[0]
            values = tensor(seed, size, torch.float32, fan_in ** -0.5)
            p.data = values.t().contiguous() if id(p) in flipped else values
            seed += 1
        tokens = len(shape) == 2
        n = int(np.prod(shape))
        self.x = indices(INPUT, n).reshape(shape) if tokens else tensor(INPUT, shape, torch.float32)
        self.target = indices(CLASSES, n if tokens else shape[0])
        self.optimizer = (torch.optim.Adam if tokens else torch.optim.SGD)(self.model.parameters(), lr=rate)

    def run(self):
        if self.name == "generate":
            self.tokens = self.model.generate(1)
            return
        self.optimizer.zero_grad(set_to_none=True)
        self.loss = F.cross_entropy(self.model(self.x).flatten(0, -2), self.target)
        self.loss.backward()
        self.optimizer.step()

    def result(self):
        return [float(self.tokens[i]) for i in (1, 2, 10)] if self.name == "generate" else [float(self.loss)]
