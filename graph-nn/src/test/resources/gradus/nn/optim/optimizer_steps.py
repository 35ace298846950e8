"""Writes optimizer_steps.txt: a weight [2, 3] and a bias [3] after some of the steps of PyTorch's optimizers.

Each line is a name and the 9 numbers after each of the steps RECORDED. Where PyTorch has no such optimizer, the formula of the
paper or the book is written out here. Run it in this folder, with PyTorch: python3 optimizer_steps.py
"""

import torch
from torch.optim import swa_utils

RECORDED = [1, 2, 3, 5, 10, 25, 50]
L2 = 0.03


def grid(rows, columns, a, b, c, n, scale):
    return torch.tensor([[((a * i + b * j + c) % n - n // 2) / scale for j in range(columns)] for i in range(rows)],
                        dtype=torch.float64)


class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(grid(2, 3, 3, 5, 0, 7, 5))
        self.bias = torch.nn.Parameter(grid(1, 3, 0, 1, 0, 3, 4)[0])

    def loss(self, t):
        x = grid(4, 2, 7, 3, 5 * t, 11, 4)
        y = grid(4, 3, 5, 2, 3 * t, 7, 3)
        return ((x @ self.weight + self.bias).tanh() - y).square().mean()


def numbers(line):
    return torch.cat([line.weight.detach().reshape(-1), line.bias.detach()]).tolist()


def run(make, before=lambda line: None, after=lambda line, step: None, steps=RECORDED, read=numbers):
    line = Line()
    optimizer = make(line)
    found = []
    for step in range(1, steps[-1] + 1):
        optimizer.zero_grad()
        line.loss(step).backward()
        before(line)
        optimizer.step()
        after(line, step)
        if step in steps:
            found += read(line)
    return found


def torch_case(optimizer, l2=0.0, factor=1.0, **options):
    """L2 penalty of the weight alone; the learning rate of the bias times a factor."""
    lr = options["lr"]
    return lambda line: optimizer([
        {"params": [line.weight], "weight_decay": l2},
        {"params": [line.bias], "weight_decay": 0.0, "lr": lr * factor},
    ], **options)


def decoupled(decay):
    def before(line):
        line.weight.data.mul_(1 - decay)
    return before


class ByFormula:
    """An optimizer written out: update(p, g, state, step) changes p."""

    def __init__(self, line, update):
        self.parameters = [line.weight, line.bias]
        self.update = update
        self.states = [{}, {}]
        self.count = 0

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    def step(self):
        self.count += 1
        for p, s in zip(self.parameters, self.states):
            self.update(p.data, p.grad, s, self.count)


def formula(update, l2=0.0):
    def make(line):
        def with_penalty(p, g, s, step):
            update(p, g + l2 * p if p.dim() == 2 else g, s, step)
        return ByFormula(line, with_penalty)
    return make


def book_momentum(p, g, s, step):
    s["v"] = 0.9 * s.get("v", 0) - 0.1 * g
    p += s["v"]


def lion(lr, beta1, beta2, decay=0.0):
    def update(p, g, s, step):
        m = s.get("m", torch.zeros_like(p))
        if p.dim() == 2:
            p *= 1 - lr * decay
        p -= lr * (beta1 * m + (1 - beta1) * g).sign()
        s["m"] = beta2 * m + (1 - beta2) * g
    return update


def nadam(lr, beta1=0.9, beta2=0.999, eps=1e-8, momentum_decay=4e-3):
    """PyTorch 1.13 documents this formula, but multiplies the next product by mu once more."""
    def mu(step):
        return beta1 * (1 - 0.5 * 0.96 ** (step * momentum_decay))

    def update(p, g, s, step):
        s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
        s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g * g
        s["product"] = s.get("product", 1) * mu(step)
        root = (s["v"] / (1 - beta2 ** step)).sqrt() + eps
        mean = (mu(step + 1) / (1 - s["product"] * mu(step + 1)) * s["m"]
                + (1 - mu(step)) / (1 - s["product"]) * g)
        p -= lr * mean / root
    return update


def lookahead(every, factor):
    slow = {}

    def before(line):
        for name, p in line.named_parameters():
            slow.setdefault(name, p.detach().clone())

    def after(line, step):
        if step % every == 0:
            for name, p in line.named_parameters():
                slow[name] += factor * (p.detach() - slow[name])
                p.data.copy_(slow[name])
    return {"before": before, "after": after}


def averaged(avg_fn, first):
    model = swa_utils.AveragedModel(Line(), avg_fn=avg_fn)

    def after(line, step):
        if step >= first:
            model.update_parameters(line)
    return {"after": after, "read": lambda line: numbers(model.module)}


o = torch.optim
sgd = torch_case(o.SGD, lr=0.1)
cases = {
    "sgd": run(sgd),
    "sgd l2": run(torch_case(o.SGD, lr=0.1, l2=L2)),
    "sgd momentum": run(torch_case(o.SGD, lr=0.1, momentum=0.9)),
    "sgd dampening l2": run(torch_case(o.SGD, lr=0.1, momentum=0.9, dampening=0.4, l2=L2)),
    "sgd nesterov": run(torch_case(o.SGD, lr=0.1, momentum=0.9, nesterov=True)),
    "sgd decoupled": run(torch_case(o.SGD, lr=0.1, momentum=0.9), decoupled(0.1 * L2)),
    "momentum": run(formula(book_momentum)),
    "momentum l2": run(formula(book_momentum, L2)),
    "adagrad": run(torch_case(o.Adagrad, lr=0.01)),
    "adagrad options": run(torch_case(
        o.Adagrad, lr=0.1, lr_decay=0.05, initial_accumulator_value=0.5, eps=1e-3, l2=L2)),
    "adagrad book": run(torch_case(o.Adagrad, lr=0.01, eps=1e-7)),
    "rmsprop": run(torch_case(o.RMSprop, lr=0.01)),
    "rmsprop alpha l2": run(torch_case(o.RMSprop, lr=0.01, alpha=0.9, eps=1e-3, l2=L2)),
    "rmsprop momentum": run(torch_case(o.RMSprop, lr=0.01, momentum=0.9)),
    "rmsprop centered": run(torch_case(o.RMSprop, lr=0.01, centered=True)),
    "rmsprop centered momentum l2": run(torch_case(o.RMSprop, lr=0.01, centered=True, momentum=0.5, l2=L2)),
    "rmsprop book": run(torch_case(o.RMSprop, lr=0.01, eps=1e-7)),
    "adadelta": run(torch_case(o.Adadelta, lr=1.0)),
    "adadelta options": run(torch_case(o.Adadelta, lr=0.5, rho=0.8, eps=1e-3, l2=L2)),
    "adam": run(torch_case(o.Adam, lr=0.001)),
    "adam betas l2": run(torch_case(o.Adam, lr=0.05, betas=(0.5, 0.7), eps=1e-3, l2=L2)),
    "adam amsgrad": run(torch_case(o.Adam, lr=0.05, amsgrad=True, betas=(0.9, 0.9))),
    "adam decoupled": run(torch_case(o.Adam, lr=0.05), decoupled(0.05 * L2)),
    "adam group": run(torch_case(o.Adam, lr=0.05, factor=0.25, l2=L2)),
    "adamw": run(torch_case(o.AdamW, lr=0.001, l2=0.01)),
    "adamw amsgrad": run(torch_case(o.AdamW, lr=0.05, betas=(0.8, 0.9), amsgrad=True, l2=0.1)),
    "nadam": run(formula(nadam(0.002))),
    "nadam options": run(formula(nadam(0.05, 0.8, 0.9, 1e-3, 0.1), L2)),
    "radam": run(torch_case(o.RAdam, lr=0.001)),
    "radam betas l2": run(torch_case(o.RAdam, lr=0.05, betas=(0.8, 0.9), eps=1e-3, l2=L2)),
    "radam short": run(torch_case(o.RAdam, lr=0.01, betas=(0.9, 0.5))),
    "adamax": run(torch_case(o.Adamax, lr=0.002)),
    "adamax betas l2": run(torch_case(o.Adamax, lr=0.05, betas=(0.8, 0.9), eps=1e-3, l2=L2)),
    "lion": run(formula(lion(1e-4, 0.9, 0.99))),
    "lion options": run(formula(lion(0.01, 0.8, 0.9, 0.1), L2)),
    "adam lookahead": run(torch_case(o.Adam, lr=0.05), **lookahead(5, 0.3)),
    "sgd clip norm": run(sgd, lambda line: torch.nn.utils.clip_grad_norm_(line.parameters(), 0.2)),
    "sgd clip value": run(sgd, lambda line: torch.nn.utils.clip_grad_value_(line.parameters(), 0.05)),
    "ema": run(sgd, **averaged(lambda mean, p, n: 0.9 * mean + (1 - 0.9) * p, 1)),
    "swa": run(sgd, steps=[20, 35, 50], **averaged(None, 20)),
}
with open("optimizer_steps.txt", "w") as out:
    for name, values in cases.items():
        out.write(f"{name}: {' '.join(repr(v) for v in values)}\n")


def lbfgs(recorded=(1, 2, 3, 5, 8), **options):
    """Steps of L-BFGS on one batch; each is several iterations."""
    line = Line()
    optimizer = o.LBFGS(line.parameters(), **options)

    def closure():
        optimizer.zero_grad()
        loss = line.loss(1) + 0.1 * line.weight.square().sum()
        loss.backward()
        return loss

    found = []
    for step in range(1, recorded[-1] + 1):
        loss = optimizer.step(closure)
        if step in recorded:
            found += [loss.item()] + numbers(line)
    return found


cases = {
    "lbfgs": lbfgs(lr=0.1, max_iter=3),
    "lbfgs wolfe": lbfgs(line_search_fn="strong_wolfe", max_iter=3),
    "lbfgs wolfe history": lbfgs(line_search_fn="strong_wolfe", max_iter=4, history_size=2, lr=0.1),
    "lbfgs wolfe long steps": lbfgs(line_search_fn="strong_wolfe", max_iter=2, lr=40, max_eval=30),
    "lbfgs wolfe longer steps": lbfgs(line_search_fn="strong_wolfe", max_iter=2, lr=80, max_eval=60),
    "lbfgs wolfe short steps": lbfgs(line_search_fn="strong_wolfe", max_iter=2, lr=0.05, max_eval=60),
    "lbfgs wolfe defaults": lbfgs(line_search_fn="strong_wolfe"),
    "lbfgs evaluations": lbfgs(line_search_fn="strong_wolfe", max_eval=3),
}
with open("lbfgs_steps.txt", "w") as out:
    for name, values in cases.items():
        out.write(f"{name}: {' '.join(repr(v) for v in values)}\n")
