"""PyTorch from Python, as a contender: the protocol of PeerMain, the inputs of InputData."""
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from torch_networks import Network

THREADS = int(sys.argv[1])
torch.set_num_threads(THREADS)
try:
    torch.set_num_interop_threads(1)
except RuntimeError:
    pass
INPUT, CLASSES, COTANGENT = 100, 101, 50
SIDE, FILTERS, KERNEL, POOL, ROW, CHECKED = 28, 30, 5, 2, 1000, 3


def at(n, seed):
    """Returns the first n numbers of a seed, in [-1, 1)."""
    mask = np.uint64(0xFFFFFFFF)
    h = (np.arange(n, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(seed * 97003)) & mask
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(0x45D9F3B)) & mask
    h ^= h >> np.uint64(16)
    return h.astype(np.float64) / 2147483648.0 - 1


def tensor(seed, shape, dtype, scale=1.0):
    return torch.from_numpy(at(int(np.prod(shape)), seed) * scale).to(dtype).reshape(shape)


def sample(y):
    y = y.detach().double().flatten()
    n = len(y)
    return [float(y.abs().sum())] + [float(y[i]) for i in (0, n // 3, n // 2, n - 1)]


class Chain:
    def __init__(self, length):
        self.length = length
        self.x = torch.tensor(1.0, dtype=torch.float64)
        self.w = torch.tensor(1 + 0.1 / length, dtype=torch.float64, requires_grad=True)

    def run(self):
        self.w.grad = None
        y, w = self.x, self.w
        for _ in range(self.length):
            y = y * w
        y.backward()
        self.y = y

    def result(self):
        return [float(self.y), float(self.w.grad)]


class Single:
    def __init__(self, make):
        self.make = make

    def run(self):
        self.y = self.make()

    def result(self):
        return sample(self.y)


class Training:
    def __init__(self, convolution, batch, adam, sizes, rate):
        layers, self.seed = [], 1
        if convolution:
            layers += [self.drawn(torch.nn.Conv2d(1, FILTERS, KERNEL), KERNEL * KERNEL, False),
                       torch.nn.ReLU(), torch.nn.MaxPool2d(POOL), torch.nn.Flatten()]
        for i in range(len(sizes) - 1):
            if i > 0:
                layers.append(torch.nn.ReLU())
            layers.append(self.drawn(torch.nn.Linear(sizes[i], sizes[i + 1]), sizes[i], True))
        self.model = torch.nn.Sequential(*layers)
        shape = (batch, 1, SIDE, SIDE) if convolution else (batch, sizes[0])
        self.x = tensor(INPUT, shape, torch.float32)
        self.classes = torch.from_numpy(((at(batch, CLASSES) + 1) / 2 * sizes[-1]).astype(np.int64))
        parameters = list(self.model.parameters())
        self.optimizer = torch.optim.Adam(parameters, lr=rate) if adam else torch.optim.SGD(parameters, lr=rate)

    def drawn(self, layer, fan_in, transposed):
        """Initializes a layer; PyTorch stores the weights of a linear layer transposed."""
        for p, flip in ((layer.weight, transposed), (layer.bias, False)):
            shape = tuple(reversed(p.shape)) if flip else tuple(p.shape)
            values = tensor(self.seed, shape, torch.float32, 1 / np.sqrt(fan_in))
            p.data = values.t().contiguous() if flip else values
            self.seed += 1
        return layer

    def run(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.loss = F.cross_entropy(self.model(self.x), self.classes)
        self.loss.backward()
        self.optimizer.step()

    def result(self):
        return [float(self.loss)]


def attention(q, k, v):
    return torch.softmax(q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5, -1) @ v


def recurrent(name, x):
    """PyTorch's weights are the transposes of ours, and its LSTM has a second bias."""
    state = torch.zeros(1, x[0].shape[0], x[2].shape[1])
    biases = list(x[3:]) if len(x) == 5 else [x[3], torch.zeros_like(x[3])]
    state = (state, state) if name == "lstm" else state
    return getattr(torch._VF, name)(x[0], state, [x[1], x[2]] + biases, True, 1, 0.0, True, False, True)[0]


# the ops by name: of the inputs and the settings
OPS = {
    "layerNorm": lambda x, s: F.layer_norm(x[0], x[1].shape, x[1], x[2]),
    "batchNorm": lambda x, s: F.batch_norm(x[0], None, None, x[1], x[2], training=True),
    "attention": lambda x, s: attention(*x),
    "lstm": lambda x, s: recurrent("lstm", x),
    "gru": lambda x, s: recurrent("gru", x),
    "conv2d": lambda x, s: F.conv2d(x[0], x[1], None, s[0], s[1], 1, s[2]),
    "maxPool2d": lambda x, s: F.max_pool2d(x[0], s[0], s[1], s[2]),
    "avgPool2d": lambda x, s: F.avg_pool2d(x[0], s[0], s[1], s[2]),
    "sort": lambda x, s: x[0].sort(stable=True)[0],
    "cumsum": lambda x, s: x[0].cumsum(-1),
    "softmax": lambda x, s: x[0].softmax(-1),
    "logSumExp": lambda x, s: x[0].logsumexp(-1),
}


class Operation:
    """An op, forward and backward; its result is a sample of the output and of the first gradient."""

    def __init__(self, name, settings, shapes):
        weights = name in ("lstm", "gru")
        self.x = [tensor(i + 1, shape, torch.float32, shape[0] ** -0.5 if weights and i > 0 else 1.0) for i, shape in enumerate(shapes)]
        self.x = [x.t().contiguous() if weights and i in (1, 2) else x for i, x in enumerate(self.x)]
        self.x = [x.requires_grad_() for x in self.x]
        self.settings, self.gy, self.sparse = settings, None, name == "embedding"
        if self.sparse:
            indices = torch.from_numpy(((at(settings[0], CLASSES) + 1) / 2 * shapes[0][0]).astype(np.int64))
            self.op = lambda x, s: F.embedding(indices, x[0], sparse=True)
        else:
            self.op = OPS[name]

    def run(self):
        self.y = self.op(self.x, self.settings)
        if self.gy is None:
            self.gy = tensor(COTANGENT, tuple(self.y.shape), torch.float32)
        self.gx = torch.autograd.grad(self.y, self.x, self.gy)

    def result(self):
        return sample(self.y) + ([] if self.sparse else sample(self.gx[0]))


def integers(word):
    return [] if word == "-" else [int(n) for n in word.split(",")]


def step(task, rate):
    kind = task[0]
    if kind == "network":
        return Network(task[1], rate, at, tensor)
    if kind == "op":
        return Operation(task[1], integers(task[2]), [tuple(integers(w)) for w in task[3:]])
    if kind == "chain":
        return Chain(int(task[1]))
    if kind == "train":
        sizes = [int(n) for n in task[4].split(",")]
        return Training(task[1] == "conv", int(task[2]), task[3] == "adam", sizes, rate)
    n, dtype = int(task[1]), {"FLOAT32": torch.float32, "FLOAT64": torch.float64}[task[2]]
    if kind == "product":
        a, b = tensor(1, (n, n), dtype), tensor(2, (n, n), dtype)
        return Single(lambda: a @ b)
    shape = (n // ROW, ROW) if kind == "softmax" else (n,)
    x, x2 = tensor(1, shape, dtype), tensor(2, shape, dtype)
    return Single({
        "exp": lambda: torch.exp(x),
        "tanh": lambda: torch.tanh(x),
        "softmax": lambda: torch.softmax(x, 1),
        "sum": lambda: torch.sum(x),
        "add": lambda: x + x2,
    }[kind])


def answer(line):
    print("> " + line, flush=True)


def check(task, rate):
    s = step(task, rate)
    results = []
    for _ in range(CHECKED if task[0] == "train" or task[0] == "network" and task[1] != "generate" else 1):
        s.run()
        results += s.result()
    return " ".join(map(repr, results))


def iteration(s, seconds):
    """Returns nanoseconds per operation, over some seconds."""
    count, start = 0, time.perf_counter()
    while True:
        s.run()
        count += 1
        now = time.perf_counter()
        if now - start >= seconds:
            return (now - start) / count * 1e9


def timed(task, warmup, rounds, millis, rate):
    s = step(task, rate)
    iteration(s, warmup / 1000)
    results = []
    for _ in range(1 + rounds):
        answer("ready")
        sys.stdin.readline()
        iteration(s, 0.3 * millis / 1000)  # not timed: other processes have used the caches
        results.append(iteration(s, millis / 1000))
    return " ".join(map(repr, results[1:]))


torch.ones(64, 64) @ torch.ones(64, 64)  # loads the BLAS
with open("/proc/self/maps") as maps:
    if "openblas" not in maps.read():
        answer("! PyTorch runs on a plain BLAS; install libopenblas0-pthread")
        sys.exit(1)
answer("PyTorch " + torch.__version__.removesuffix("a0") + " (Python, OpenBLAS)")
while True:
    words = sys.stdin.readline().split()
    if not words:
        break
    try:
        if words[0] == "check":
            answer(check(words[3:], float(words[2])))
        else:
            answer(timed(words[6:], int(words[3]), int(words[4]), int(words[5]), float(words[2])))
    except Exception as e:
        answer("! " + repr(e))
