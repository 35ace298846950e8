"""Writes learning_rates.txt: the learning rates of PyTorch's schedulers, of the steps 0 to 59; of a plateau by the epoch.

Run it in this folder, with PyTorch: python3 learning_rates.py
"""

import warnings

import torch
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")
STEPS = 60
RATE = 0.2
# falls, then noise around a level, falls again, and stays
LOSSES = ([2.0 - 0.1 * i for i in range(10)] + [1.1 + 0.01 * ((7 * i) % 5) for i in range(25)]
          + [1.0, 0.99, float("nan"), 0.989999, 0.98] + [0.98] * 20)


def rates(make, n=STEPS, rate=RATE, step=lambda scheduler, i: scheduler.step()):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = make(optimizer)
    found = []
    for i in range(n):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if i < n - 1:
            step(scheduler, i)
    return found


def plateau(**options):
    return rates(lambda o: s.ReduceLROnPlateau(o, **options), n=STEPS + 1,
                 step=lambda scheduler, i: scheduler.step(LOSSES[i % STEPS]))


def one_cycle(**options):
    n = options["total_steps"]
    return rates(lambda o: s.OneCycleLR(o, max_lr=RATE, cycle_momentum=False, **options), n)


cases = {
    "step": rates(lambda o: s.StepLR(o, 7, 0.5)),
    "multiStep": rates(lambda o: s.MultiStepLR(o, [5, 12, 40], 0.3)),
    "exponential": rates(lambda o: s.ExponentialLR(o, 0.93)),
    "polynomial": rates(lambda o: s.PolynomialLR(o, 50, 1.0)),
    "polynomial of power 2.5": rates(lambda o: s.PolynomialLR(o, 41, 2.5)),
    "cosine": rates(lambda o: s.CosineAnnealingLR(o, 59)),
    "cosine to a minimum": rates(lambda o: s.CosineAnnealingLR(o, 59, 0.01)),
    "cosine with restarts": rates(lambda o: s.CosineAnnealingWarmRestarts(o, 11)),
    "cosine with longer restarts": rates(lambda o: s.CosineAnnealingWarmRestarts(o, 5, 2)),
    "warmup": rates(lambda o: s.LinearLR(o, 0.1, 1.0, 9)),
    "then": rates(lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.25, 1.0, 3), s.ExponentialLR(o, 0.9)], [10])),
    "one cycle": one_cycle(total_steps=60),
    "one cycle, short": one_cycle(total_steps=7),
    "one cycle, one step": one_cycle(total_steps=1),
    "one cycle, linear": one_cycle(total_steps=60, anneal_strategy="linear", pct_start=0.42),
    "one cycle, three phases": one_cycle(total_steps=60, three_phase=True, div_factor=10.0, final_div_factor=100.0),
    "one cycle, rising": one_cycle(total_steps=60, pct_start=1.0),
    "one cycle, falling": one_cycle(total_steps=60, pct_start=0.0),
    "plateau": plateau(),
    "plateau, options": plateau(factor=0.5, patience=2, threshold=0.02, cooldown=3, min_lr=0.01),
    "plateau, no patience": plateau(factor=0.9, patience=0),
    "plateau, to the least change": plateau(factor=0.0001, patience=3),
}
with open("learning_rates.txt", "w") as out:
    out.write(f"losses: {' '.join(repr(v).replace('nan', 'NaN') for v in LOSSES)}\n")
    for name, values in cases.items():
        out.write(f"{name}: {' '.join(repr(v) for v in values)}\n")
