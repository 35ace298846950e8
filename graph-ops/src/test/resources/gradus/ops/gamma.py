"""Writes gamma.txt: the log quantile of the gamma distribution of rate 1, and derivatives of its cdf with respect to the shape.

Made with Debian's python3-mpmath 1.2.1, to 40 digits or more:  /usr/bin/python3 gamma.py
A line is  a u y D1 D2 D3  with F(a, y) = P(a, e^y) = u, and D[k] = (d^k F/da^k) / (dF/dy) at the y that is written.
"""
import pathlib

from mpmath import diff, exp, findroot, gammainc, log, loggamma, mp, mpf

mp.dps = 80


def cdf(a, y):
    return gammainc(a, 0, exp(y), regularized=True)


def upper(a, y):
    return gammainc(a, exp(y), regularized=True)


def quantile(a, u):
    """By bisection, then Newton's method, on the logarithm of the smaller tail."""
    tail, p = (cdf, u) if u <= 0.5 else (upper, 1 - u)
    low, high = (log(u) + loggamma(a + 1)) / a, log(a + 80 + 20 * a ** 0.5)
    for _ in range(40):
        middle = (low + high) / 2
        below = (cdf(a, middle) < u) if u <= 0.5 else (upper(a, middle) > p)
        low, high = (middle, high) if below else (low, middle)
    y = (low + high) / 2
    for _ in range(8):
        q = exp(a * y - exp(y) - loggamma(a))
        t = tail(a, y)
        y -= (t / q) * log(t / p) * (1 if u <= 0.5 else -1)
    return y


lines = []
for a in [0.001, 0.03, 0.25, 0.7, 0.999, 1.0, 1.5, 3.0, 10.0, 87.5, 1000.0]:
    for u in [2.0 ** -40, 0.001, 0.1, 0.4, 0.5, 0.7, 0.97, 0.9999, 1 - 2.0 ** -40]:
        a_, u_ = mpf(a), mpf(u)
        y = float(quantile(a_, u_))
        y_ = mpf(y)
        q = exp(a_ * y_ - exp(y_) - loggamma(a_))
        # where F is near 1 the derivatives of -Q keep their digits
        f = (lambda s: cdf(s, y_)) if u < 0.5 else (lambda s: -upper(s, y_))
        d = [float(diff(f, a_, k) / q) for k in (1, 2, 3)]
        lines.append(" ".join(repr(v) for v in [a, u, y] + d) + "\n")
pathlib.Path(__file__).with_suffix(".txt").write_text("".join(lines))
