"""LinearAlgebra and Einsum. Matrices with a large diagonal are far from those where a function is singular."""
import numpy as np
import torch
from cases import case, draw, each, inf, moved


def signs(u):
    """The signs with which the first element of each column of at least half the largest size is positive."""
    with torch.no_grad():
        large = u.abs() >= u.abs().amax(-2, keepdim=True) / 2
        return u.gather(-2, large.int().argmax(-2, keepdim=True)).sign()


def qr(x):
    q, r = torch.linalg.qr(x)
    positive = r.diagonal(dim1=-2, dim2=-1).sign().detach()
    return q * positive.unsqueeze(-2), r * positive.unsqueeze(-1) + 0  # no -0 below the diagonal


def svd(x):
    u, s, vt = torch.linalg.svd(x, full_matrices=False)
    sign = signs(u)
    return u * sign, s, vt * sign.transpose(-2, -1)


def eigh(x):
    values, vectors = torch.linalg.eigh((x + x.transpose(-2, -1)) / 2)
    return values, vectors * signs(vectors)


L = torch.linalg

def diagonal(call, *shape):
    x = draw(call, shape) * 0.5
    for i in range(min(shape[-2:])):
        x[..., i, i] += 4 + i
    return np.round(x, 2)

for shape in [(3, 3), (2, 1, 2, 2), (1, 1)]:
    a = diagonal("regular", *shape)
    case("inverse(in0)", L.inv, a)
    case("det(in0)", L.det, a)
    case("logDet(in0)", torch.logdet, a)
    case("slogDet(in0).logAbsDet", lambda x: L.slogdet(x)[1], -a)
    case("slogDet(in0).sign", lambda x: L.slogdet(x)[0].detach(), -a)
    case("cholesky(in0)", lambda x: L.cholesky((x + x.transpose(-2, -1)) / 2), a)
    case("solve(in0, in1)", L.solve, a, draw("b", shape[-2:] if len(shape) < 3 else (3,) + shape[-2:]))
    for lower in [True, False]:
        case(f"triangularSolve(in0, in1, {str(lower).lower()})", lambda x, b: L.solve_triangular(x, b, upper=not lower), a, draw("b", (shape[-1], 2)))
    case("eigh(in0).values", lambda x: eigh(x)[0], a)
    case("eigh(in0).vectors", lambda x: eigh(x)[1], a)
    for k in [3, 1, -2]:
        case(f"matrixPower(in0, {k})", lambda x: L.matrix_power(x, k), a)
    case("expm(in0)", L.matrix_exp, a)
    case("expm(in0)", L.matrix_exp, a * 0.05)
case("solve(in0, in1)", lambda x, b: L.solve(x, b), diagonal("vector", 3, 3), draw("vector", (3,)))
for shape in [(3, 2), (2, 4), (2, 3, 3)]:
    a = diagonal("full", *shape)
    for i, part in enumerate(["q", "r"]):
        case(f"qr(in0).{part}", lambda x: qr(x)[i], a)
    for i, part in enumerate(["u", "s", "vt"]):
        case(f"svd(in0).{part}", lambda x: svd(x)[i], a)
    case("pinv(in0)", L.pinv, a)
    case("matrixNorm(in0)", L.matrix_norm, a)
    case("nuclearNorm(in0)", lambda x: L.matrix_norm(x, "nuc"), a)
    case("cond(in0)", L.cond, a)
    for p in [1.0, -1.0, 2.0, -2.0, inf, -inf]:
        case(f"matrixNorm(in0, {p})", lambda x: L.matrix_norm(x, p), a)
case("lstsq(in0, in1)", lambda x, b: L.lstsq(x, b).solution, diagonal("lstsq", 4, 2), draw("b", (4, 2)))
case("trace(in0)", torch.trace, draw("trace", (2, 3)))
case("kron(in0, in1)", torch.kron, draw("kron", (2, 3)), draw("kron b", (3, 2)))
for equation, shapes in {"ij->ji": [(2, 3)], "ii->i": [(3, 3)], "ij->": [(2, 3)], "ij,jk->ik": [(2, 3), (3, 2)], "bij,bjk->bik": [(2, 2, 3), (2, 3, 1)],
                         "i,j->ij": [(2,), (3,)], "...ij,...jk": [(2, 1, 2, 3), (3, 3, 2)], "i,ij,j->": [(2,), (2, 3), (3,)], "ba,cb": [(2, 3), (4, 2)]}.items():
    moved(f'einsum("{equation}", {", ".join(f"in{i}" for i in range(len(shapes)))})', lambda *x: torch.einsum(equation, *x), *shapes)
