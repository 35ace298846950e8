"""Prints the coefficients of gradus.array.Polynomials for the normal distribution, and writes erfc.txt.

Made with Debian's python3-mpmath 1.2.1, to 50 digits or more:  /usr/bin/python3 erfc.py
A line of erfc.txt is x, a double and often a float, then to 22 digits  erf erfc Phi gelu geluTanh silu  of x, and the derivatives of
the last three.
"""
import pathlib
import random
import struct

from mpmath import chebyfit, cos, erf, erfc, exp, log, lu_solve, matrix, mp, mpf, npdf, nstr, pi, polyval, sqrt

mp.dps = 60


def as_float(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def tail(a):
    """e^(a^2/2) Q(a), where Q(a) = erfc(a / sqrt 2) / 2."""
    return exp(a * a / 2) * erfc(a / sqrt(2)) / 2


def rational(n, m, end, middle=3):
    """Returns the best P/R for tail on [0, end], of degrees n and m, in relative error, with R(0) = 1, by Remez's algorithm.

    Extrema are searched on a grid in s = (a - middle) / (a + middle). The equation
    P(a) - tail(a) R(a) = (-1)^i E tail(a) R(a)  is made linear by the R of the step before on its right.
    """
    high = (mpf(end) - middle) / (end + middle)

    def node(k, count):
        s = (high - 1) / 2 - (high + 1) / 2 * cos(pi * k / (count - 1))
        a = middle * (1 + s) / (1 - s)
        return a, tail(a)

    unknowns = n + m + 2
    grid = [node(k, 2000) for k in range(2000)]
    points = [node(k, unknowns) for k in range(unknowns)]
    r = [mpf(1)]
    for _ in range(20):
        system, right = matrix(unknowns, unknowns), matrix(unknowns, 1)
        for i, (a, f) in enumerate(points):
            row = [a ** j for j in range(n + 1)] + [-f * a ** j for j in range(1, m + 1)]
            row.append(-((-1) ** i) * f * polyval(r[::-1], a))
            scale = (a + middle) ** -m
            for j, v in enumerate(row):
                system[i, j] = v * scale
            right[i] = f * scale
        x = list(lu_solve(system, right))
        p, r = x[: n + 1], [mpf(1)] + x[n + 1:-1]
        errors = [polyval(p[::-1], a) / polyval(r[::-1], a) / f - 1 for a, f in grid]
        lobes = [[0]]
        for k in range(1, len(grid)):
            if errors[k] * errors[k - 1] < 0:
                lobes.append([])
            lobes[-1].append(k)
        assert len(lobes) == unknowns
        points = [grid[max(lobe, key=lambda k: abs(errors[k]))] for lobe in lobes]
        largest = max(map(abs, errors))
        if largest < 1.01 * abs(x[-1]):
            return p, r, largest
    raise ArithmeticError("no convergence")


def show(name, coefficients, error):
    print(name, "largest relative error 2^%s" % nstr(log(error, 2), 4))
    for c in coefficients:
        digits = ("%.*g" % (d, as_float(c)) for d in range(1, 10))
        print("   ", float(c), next(s for s in digits if as_float(float(s)) == as_float(c)) + "f")


def references(count):
    rng = random.Random(1)
    xs = [0.0, 5e-324, 1e-310, 1e-20, 0.5, 0.75, 1.0, 8.3, 26.5, 27.2, 37.5, 38.4, 38.5, 38.6]
    xs += map(as_float, [1e-45, 1e-39, 1e-8, 0.499999, 3.9, 9.2, 10.0, 13.2, 14.1, 14.17, 14.5])
    xs += [-x for x in xs]
    for spread in (0.1, 1, 4, 14, 27, 39, 100, 750):
        for _ in range(count):
            xs += [rng.uniform(-spread, spread), as_float(rng.uniform(-spread, spread))]
    c, d = sqrt(8 / pi), mpf("0.044715") * sqrt(8 / pi)
    for x in xs:
        x_ = mpf(x)
        phi, cdf = npdf(x_), erfc(-x_ / sqrt(2)) / 2
        s, v = 1 / (1 + exp(-x_)), x_ * (c + d * x_ * x_)
        t = 1 / (1 + exp(-v))
        values = [erf(x_), erfc(x_), cdf, x_ * cdf, x_ * t, x_ * s]
        values += [cdf + x_ * phi, t + x_ * t / (1 + exp(v)) * (c + 3 * d * x_ * x_), s + x_ * s / (1 + exp(x_))]
        yield " ".join([repr(x)] + [nstr(y, 22) for y in values]) + "\n"


if __name__ == "__main__":
    for n, m, end in (5, 6, 15), (10, 11, 39):
        p, r, error = rational(n, m, end)
        show("e^(a^2/2) Q(a) up to %s: numerator" % end, p, error)
        show("denominator", r, error)
    for terms in 6, 10:
        c, error = chebyfit(lambda w: erf(sqrt(w)) / sqrt(w) if w else 2 / sqrt(pi), [0, mpf(1) / 4], terms, error=True)
        show("erf(z) / z in z^2 up to 1/4", c[::-1], error)
    pathlib.Path(__file__).with_suffix(".txt").write_text("".join(references(25)))
