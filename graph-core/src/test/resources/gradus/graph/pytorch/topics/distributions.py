"""Distributions: densities, entropies, moments and divergences. Counts and classes have no gradient."""
import numpy as np
import torch
import torch.distributions as D
from cases import case, draw, inf, mask, rng

SHAPES = [((), ()), ((3,), ()), ((2, 3), (3,)), ((2, 1), (1, 3)), ((0, 2), (2,))]


def positive(name, shape, low=0.3, high=3):
    return draw(name, shape, low, high)


def family(call, make, parameters, points, cdf=False, entropy=True, kl=None, shapes=SHAPES, moments=True):
    """A family: call is that of its factory, parameters and points make the parameters and a point from a name and a shape."""
    names = ", ".join(f"in{i}" for i in range(len(parameters)))
    x = f"in{len(parameters)}"
    for shape in shapes:
        p = [f(f"{call}{i}", shape[i % len(shape)]) for i, f in enumerate(parameters)]
        if entropy:
            case(f"{call}({names}).entropy()", lambda *p: make(*p).entropy(), *p)
        for name in ["mean", "variance"] if moments else []:
            case(f"{call}({names}).{name}()", lambda *p: getattr(make(*p), name), *p)
        for batch in [shape[0], (2,) + shape[0]]:
            at = points(call + "x", batch, *p)
            case(f"{call}({names}).logProb({x})", lambda *p: make(*p[:-1]).log_prob(p[-1]), *p, at)
        if cdf:
            case(f"{call}({names}).cdf({x})", lambda *p: make(*p[:-1]).cdf(p[-1]), *p, at)
            case(f"{call}({names}).icdf({x})", lambda *p: make(*p[:-1]).icdf(p[-1]), *p, draw(call + "p", batch, 0.02, 0.98))
        q = [f(f"{call}{i} of q", shape[(i + 1) % len(shape)]) for i, f in enumerate(parameters)]
        divergence(call, make, p, q) if kl is None else kl(call, make, p, q)
    p = [f(f"{call}{i} single", (2,)) for i, f in enumerate(parameters)]
    case(f"{call}({names}).logProb({x})", lambda *p: make(*p[:-1]).log_prob(p[-1]), *p, points(call + "single", (2,), *p), dtype=np.float32)


def divergence(call, make, p, q):
    n = len(p)
    words = [" ".join(f"in{i}" for i in range(a, a + n)) for a in (0, n)]
    case(f"klDivergence({{{call} {words[0]}}}, {{{call} {words[1]}}})",
         lambda *x: D.kl_divergence(make(*x[:n]), make(*x[n:])), *p, *q)


def none(*_):
    pass


def real(name, shape, *_):
    return draw(name, shape)


def above(name, shape, *_):
    return positive(name, shape)


def fraction(name, shape, *_):
    return draw(name, shape, 0.05, 0.95)


family("normal", D.Normal, [real, positive], real, cdf=True)
family("logNormal", D.LogNormal, [real, positive], above, cdf=True)
family("laplace", D.Laplace, [real, positive], real, cdf=True)
family("gumbel", D.Gumbel, [real, positive], real, cdf=True)
family("exponential", D.Exponential, [positive], above, cdf=True)
family("gamma", D.Gamma, [positive, positive], above)
family("beta", D.Beta, [positive, positive], fraction, shapes=SHAPES[:4])  # PyTorch fails for no element
family("studentT", D.StudentT, [lambda name, shape: draw(name, shape, 2.5, 6), real, positive], real, kl=none)
family("uniform", D.Uniform, [lambda name, shape: draw(name, shape, -3, -2), lambda name, shape: draw(name, shape, 2, 3)], real, cdf=True)
for low, high in [(-1.0, 2), (0.0, 0.5), (0.0, 3)]:
    divergence("uniform", D.Uniform, [0.0, 1.0], [low, high])
case("uniform(in0, in1).logProb(in2)", lambda a, b, x: D.Uniform(a, b).log_prob(x), 0.0, 2.0, [0.0, 2, 1])
case("exponential(in0).logProb(in1)", lambda a, x: D.Exponential(a).log_prob(x), [2.0, 3], 0.0)
for a in [0.5, 1, 2]:
    case("gamma(in0, in1).logProb(in2)", lambda a, b, x: D.Gamma(a, b).log_prob(x), a, 2.0, mask([0.0]))
    case("beta(in0, in1).logProb(in2)", lambda a, b, x: D.Beta(a, b).log_prob(x), a, 1.5, mask([0.0, 1]))
case("studentT(in0, in1, in2).mean()", lambda *p: D.StudentT(*p).mean, [0.7, 3], 0.0, 1.0)
case("studentT(in0, in1, in2).variance()", lambda *p: D.StudentT(*p).variance, [1.5, 2], 0.0, 1.0)


def simplex(name, shape, concentration):
    x = rng(name, shape).dirichlet(np.ones(concentration.shape[-1]), shape[:-1])
    return x.reshape(np.broadcast_shapes(shape, concentration.shape))


def vectors(f):
    return lambda name, shape: f(name, shape + (3,))


family("dirichlet", D.Dirichlet, [vectors(positive)], lambda name, shape, a: simplex(name, shape + (3,), a), shapes=[((),), ((2,),), ((2, 1),)],
       kl=lambda call, make, p, q: divergence(call, make, p, [positive("dirichlet q", (2, 3))]))
case("dirichlet(in0).logProb(in1)", lambda a, x: D.Dirichlet(a).log_prob(x), [1.0, 2, 1], mask([0.0, 0.25, 0.75]))


def bits(name, shape, *_):
    return mask(rng(name, shape).integers(0, 2, shape).astype(float))


def counts(name, shape, *_):
    return mask(rng(name, shape).integers(0, 6, shape).astype(float))


def classes(name, shape, *_):
    return mask(rng(name, shape).integers(0, 4, shape).astype(float))


def wide(f):
    return lambda name, shape: f(name, shape + (4,))


SINGLE = [((),), ((3,),), ((2, 1, 3),), ((0, 2),)]
family("bernoulli", D.Bernoulli, [fraction], bits, shapes=SINGLE)
family("bernoulliWithLogits", lambda z: D.Bernoulli(logits=z), [real], bits, shapes=SINGLE)
family("poisson", D.Poisson, [positive], counts, entropy=False, shapes=SINGLE)
case("poisson(in0).logProb(in1)", lambda a, x: D.Poisson(a).log_prob(x), 0.0, mask([0.0, 2]))
family("categorical", D.Categorical, [wide(positive)], classes, shapes=SINGLE[:3], moments=False)
family("categoricalWithLogits", lambda z: D.Categorical(logits=z), [wide(real)], classes, shapes=SINGLE[:3], moments=False)


def index_moments(p):
    i = torch.arange(p.shape[-1], dtype=p.dtype)
    p = p / p.sum(-1, keepdim=True)
    mean = (p * i).sum(-1)
    return mean, (p * i * i).sum(-1) - mean * mean


for i, name in enumerate(["mean", "variance"]):
    case(f"categorical(in0).{name}()", lambda p: index_moments(p)[i], positive("index", (2, 4)))


def factor(name, shape):
    return np.round(np.tril(draw(name, shape + (3, 3)) * 0.5, -1) + np.eye(3) * positive(name, shape + (3, 1), 0.5, 2), 2)


def covariance(name, shape):
    l = factor(name, shape)
    return l @ l.swapaxes(-1, -2)


def symmetric(m, s):
    return D.MultivariateNormal(m, scale_tril=torch.linalg.cholesky((s + s.transpose(-2, -1)) / 2))


def lower(m, l):
    return D.MultivariateNormal(m, scale_tril=l.tril())


for call, make, f in [("multivariateNormal", symmetric, covariance), ("multivariateNormalWithFactor", lower, factor)]:
    family(call, make, [vectors(real), f], lambda name, shape, *_: draw(name, shape + (3,)), shapes=[((), ()), ((2,), ()), ((2, 1), (2,))], moments=False,
           kl=lambda call, make, p, q: divergence(call, make, p, [draw("q mean", (3,)), f(call + "q", (2,))]))
    for name in ["mean", "variance"]:
        case(f"{call}(in0, in1).{name}()", lambda *p: getattr(make(*p), name), draw("moments", (3,)), f("moments", ()))
for name in ["mean", "variance"]:
    case(f"bernoulli(in0).{name}()", lambda p: getattr(D.Bernoulli(p), name), [0.0, 1, 0.5])
