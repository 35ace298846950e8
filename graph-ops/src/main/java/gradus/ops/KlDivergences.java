package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.graph.Node;

/** The closed forms of Kullback-Leibler divergences, one for each pair of families. */
final class KlDivergences {
    private KlDivergences() {}

    /**
     * Returns the divergence of p from q, or null if there is no closed form of this pair.
     *
     * @throws OperandMismatch if the batches do not broadcast
     */
    static Node of(Distribution p, Distribution q) {
        if (p instanceof Normal a && q instanceof Normal b) {
            return normal(a, b);
        } else if (p instanceof LogNormal a && q instanceof LogNormal b) {
            return normal(a.ofLog(), b.ofLog()); // a bijection of x leaves the divergence as it is
        } else if (p instanceof MultivariateNormal a && q instanceof MultivariateNormal b) {
            return MultivariateNormal.divergence(a, b);
        } else if (p instanceof Laplace a && q instanceof Laplace b) {
            return laplace(a, b);
        } else if (p instanceof Gumbel a && q instanceof Gumbel b) {
            return gumbel(a, b);
        } else if (p instanceof Uniform a && q instanceof Uniform b) {
            return uniform(a, b);
        } else if (p instanceof Exponential a && q instanceof Exponential b) {
            Node ratio = b.rate().div(a.rate());
            return ratio.sub(ratio.log()).sub(1);
        } else if (p instanceof Gamma a && q instanceof Gamma b) {
            return gamma(a, b);
        } else if (p instanceof Beta a && q instanceof Beta b) {
            return beta(a, b);
        } else if (p instanceof Dirichlet a && q instanceof Dirichlet b) {
            return dirichlet(a, b);
        } else if (p instanceof Bernoulli a && q instanceof Bernoulli b) {
            Node one = Categorical.pTimes(a.probs(), a.logOne().sub(b.logOne()));
            return one.add(Categorical.pTimes(a.probs().rsub(1), a.logZero().sub(b.logZero())));
        } else if (p instanceof Categorical a && q instanceof Categorical b) {
            return Categorical.pTimes(a.probs(), a.logProbs().sub(b.logProbs())).sum(-1);
        } else if (p instanceof Poisson a && q instanceof Poisson b) {
            Node p0 = a.rate();
            Node logs = p0.log().sub(b.rate().log()).maskedBy(p0.ne(0));
            return p0.mul(logs).sub(p0.sub(b.rate()));
        }
        return null;
    }

    private static Node normal(Normal p, Normal q) {
        Node ratio = p.std().div(q.std()).square();
        Node distance = p.mean().sub(q.mean()).div(q.std()).square();
        return ratio.add(distance).sub(1).sub(ratio.log()).div(2);
    }

    private static Node laplace(Laplace p, Laplace q) {
        Node ratio = p.scale().div(q.scale());
        Node distance = p.loc().sub(q.loc()).abs();
        Node tail = ratio.mul(distance.div(p.scale()).neg().exp());
        return tail.add(distance.div(q.scale())).sub(ratio.log()).sub(1);
    }

    private static Node gumbel(Gumbel p, Gumbel q) {
        Node ratio = p.scale().div(q.scale());
        Node shift = q.loc().sub(p.loc()).div(q.scale());
        return ratio.mul(Gumbel.EULER)
                .sub(ratio.log())
                .sub(shift)
                .add(shift.add(ratio.add(1).lgamma()).exp())
                .sub(1 + Gumbel.EULER);
    }

    /** Infinite where the support of p is no part of that of q. */
    private static Node uniform(Uniform p, Uniform q) {
        Node inside = p.low().ge(q.low()).and(p.high().le(q.high()));
        Node log = q.high().sub(q.low()).div(p.high().sub(p.low())).log();
        return log.where(inside, Double.POSITIVE_INFINITY);
    }

    private static Node gamma(Gamma p, Gamma q) {
        Node a = p.concentration();
        Node b = q.concentration();
        Node ratio = q.rate().div(p.rate());
        return a.sub(b)
                .mul(a.digamma())
                .sub(a.lgamma())
                .add(b.lgamma())
                .sub(b.mul(ratio.log()))
                .add(a.mul(ratio.sub(1)));
    }

    private static Node beta(Beta p, Beta q) {
        Node total = p.alpha().add(p.beta());
        Node alpha = p.alpha().sub(q.alpha());
        Node beta = p.beta().sub(q.beta());
        return q.logBeta()
                .sub(p.logBeta())
                .add(alpha.mul(p.alpha().digamma()))
                .add(beta.mul(p.beta().digamma()))
                .sub(alpha.add(beta).mul(total.digamma()));
    }

    private static Node dirichlet(Dirichlet p, Dirichlet q) {
        Node a = p.concentration();
        Node b = q.concentration();
        Node logs = a.digamma().sub(a.sumKeepDims(-1).digamma());
        return q.logNormalizer().sub(p.logNormalizer()).add(a.sub(b).mul(logs).sum(-1));
    }
}
