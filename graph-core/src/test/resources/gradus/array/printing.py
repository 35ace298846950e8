"""Writes printing.txt: arrays and how NumPy prints them. Run here with NumPy 2: python3 printing.py > printing.txt"""
import numpy as np

random = np.random.default_rng(7)
special = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-5, 1e-4, 9.9e-5, 1e8, 99999999.0, 1e16, 1e15, 1e100, 1e-100, 0.1, 1 / 3, 123456.789]
shapes = [(), (1,), (3,), (5,), (20,), (40,), (2, 3), (3, 2), (4, 1), (2, 2, 2), (1, 3, 2), (2, 1, 2, 2), (1001,), (2, 600), (40, 40), (11, 11, 11), (3, 400, 2)]


def draw(kind, shape):
    n = int(np.prod(shape))
    if kind == 0:
        a = random.integers(-20, 20, n).astype(float)
    elif kind == 1:
        a = random.normal(size=n)
    elif kind == 2:
        a = random.normal(size=n) * 10.0 ** random.integers(-6, 6, n)
    elif kind == 3:
        a = random.choice(special, n)
    elif kind == 4:
        a = np.round(random.normal(size=n), 2)
    else:
        a = random.normal(size=n) * 10.0 ** random.integers(-120 if kind == 5 else -30, 120 if kind == 5 else 30, n)
    return a.reshape(shape)


for shape in shapes:
    large = int(np.prod(shape)) > 1000
    for kind in [0, 1] if large else range(7):
        for dtype in ["float64", "float32"]:
            if kind == 5 and dtype == "float32":
                continue
            with np.errstate(over="ignore"):
                a = np.full(shape, 0.0) if large else draw(kind, shape)
                if large:  # told by a formula, to keep the file small: (i * 37 % 1009) / 8 or / 1000
                    a = ((np.arange(a.size) * 37 % 1009) / (8 if kind == 0 else 1000)).reshape(shape)
                a = a.astype(dtype)
            values = f"formula {8 if kind == 0 else 1000}" if large else " ".join(float(v).hex() for v in a.flat)
            print(f"= {dtype} {list(shape)} {values}")
            print(str(a[()]) if shape == () else str(a))
