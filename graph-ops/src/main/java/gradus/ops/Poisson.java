package gradus.ops;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.apache.commons.numbers.gamma.RegularizedGamma;

/**
 * The Poisson distribution, of probability {@code rate^x exp(-rate) / x!} for whole x from 0 up. See {@link Distributions#poisson}.
 *
 * @param rate the expected value
 */
public record Poisson(Node rate) implements Distribution {
    /**
     * Checks the parameter.
     *
     * @throws gradus.array.OperandMismatch if it is negative or not finite
     */
    public Poisson {
        DistributionChecks.require(
                "poisson", "rate", rate, v -> v >= 0 && v < Double.POSITIVE_INFINITY, "from 0 up and finite");
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
    }

    /**
     * Returns {@code x log(rate) - rate - log x!}.
     *
     * @throws gradus.array.OperandMismatch if x does not broadcast, or an element is no whole number from 0 up
     */
    @Override
    public Node logProb(Node x) {
        Node count = DistributionChecks.requireDiscrete(
                "poisson.logProb", rate, x, v -> v >= 0 && v == Math.rint(v), "a whole number from 0 up");
        return count.mul(rate.log().maskedBy(count.ne(0)))
                .sub(rate)
                .sub(count.add(1).lgamma());
    }

    /** Returns {@code -sum of p log p}, summed term by term: it takes time proportional to the square root of the rate. */
    @Override
    public Node entropy() {
        return Node.of(new Entropy(0), rate);
    }

    @Override
    public Node mean() {
        return rate;
    }

    /** Returns the rate. */
    @Override
    public Node variance() {
        return rate;
    }

    /** Returns draws by inversion of the cdf; they are constants. */
    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node u = Noise.of("poisson.sample", shape, rate.shape(), DType.FLOAT64, random, Noise::open);
        Tensor draws = u.value().zip("poisson.sample", rate.value().to(DType.FLOAT64), Poisson::quantile);
        return Node.constant(draws.to(rate.dtype()));
    }

    /** Returns the smallest k of cdf u or more; the search starts at the approximation of Cornish and Fisher. */
    static double quantile(double u, double rate) {
        if (rate == 0) {
            return 0;
        }
        double z = -Math.sqrt(2) * InverseErfc.value(2 * u);
        double k = Math.max(0, Math.floor(rate + z * Math.sqrt(rate) + (z * z - 1) / 6));
        if (rate > 1e8) { // the approximation is within 1 of a standard deviation of 1e4 or more
            return k;
        }
        while (cdf(k, rate) < u) {
            k++;
        }
        while (k > 0 && cdf(k - 1, rate) >= u) {
            k--;
        }
        return k;
    }

    static double cdf(double k, double rate) {
        return RegularizedGamma.Q.value(k + 1, rate);
    }

    /**
     * The derivative of order m of the entropy H with respect to the rate. By {@code d/drate E[g(x)] = E[g(x + 1) - g(x)]}, {@code
     * dH/drate = E[log((x + 1) / rate)]}; that of {@code E[log(x + 1)]} is the expected value of the next difference.
     */
    record Entropy(int m) implements Op {
        /** Terms below this fraction of the largest are left out. */
        private static final double SMALL = 1e-25;
        /** The sum takes as many terms as some standard deviations hold: above this rate its asymptotic series is exact. */
        private static final double LARGE = 1e8;

        @Override
        public String name() {
            return "poissonEntropy";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].to(DType.FLOAT64)
                    .map((DoubleUnaryOperator) this::expected)
                    .to(x[0].dtype());
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node slope = Node.of(new Entropy(m + 1), c.x(0));
            return new Node[] {gy.mul(m == 1 ? slope.sub(c.x(0).reciprocal()) : slope)};
        }

        @Override
        public int[] combinedAxes() {
            return ELEMENTWISE;
        }

        /** Sums from the largest probability, which counts as 1, in both directions. */
        private double expected(double rate) {
            if (rate > LARGE) {
                return asymptotic(rate);
            }
            double mode = Math.floor(rate);
            double sum = 0;
            double total = 0;
            double p = 1;
            for (double k = mode; p > SMALL; k++) {
                sum += p * term(k, rate, p);
                total += p;
                p *= rate / (k + 1);
            }
            p = mode / rate;
            for (double k = mode - 1; k >= 0 && p > SMALL; k--) {
                sum += p * term(k, rate, p);
                total += p;
                p *= k / rate;
            }
            return sum / total + (m == 0 ? Math.log(total) : 0);
        }

        /** From {@code H = log(2 pi e rate) / 2 - 1 / (12 rate) - ..}, exact for large rates. */
        private double asymptotic(double rate) {
            if (m == 0) {
                return (Math.log(2 * Math.PI * rate) + 1) / 2 - 1 / (12 * rate);
            }
            double factorial = 1; // (m - 1)!
            for (int i = 2; i < m; i++) {
                factorial *= i;
            }
            double sign = m % 2 == 0 ? 1 : -1;
            double power = factorial / Math.pow(rate, m);
            double ofEntropy = -sign * power / 2 - sign * power * m / (12 * rate);
            return m == 1 ? ofEntropy : ofEntropy + sign * power * rate / (m - 1);
        }

        private double term(double k, double rate, double p) {
            if (m < 2) {
                return m == 0 ? -Math.log(p) : Math.log((k + 1) / rate);
            }
            double difference = 0; // of order m - 2 of log(1 + 1 / (k + 1))
            double sign = m % 2 == 0 ? 1 : -1;
            double binomial = 1;
            for (int i = 0; i <= m - 2; i++) {
                difference += sign * binomial * Math.log1p(1 / (k + 1 + i));
                binomial *= (m - 2.0 - i) / (i + 1);
                sign = -sign;
            }
            return difference;
        }
    }
}
