package gradus.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Known results and identities of distributions, and what they refuse. */
class DistributionsTest {
    private static Node c(double... values) {
        return values.length == 1 ? Node.constant(values[0]) : Node.constant(values);
    }

    private static void close(Node expected, Node actual) {
        assertEquals(expected.shape(), actual.shape());
        double[] e = expected.value().toDoubleArray();
        double[] a = actual.value().toDoubleArray();
        for (int i = 0; i < e.length; i++) {
            assertEquals(e[i], a[i], 1e-12 * Math.max(1, Math.abs(e[i])), "element " + i);
        }
    }

    // ---- integrals

    /**
     * Points of the double exponential rule, and the logarithms of their weights: the integral over a support is the sum of a
     * function at the points times the weights.
     */
    private record Rule(Node points, double[] weights) {
        static Rule of(DoubleUnaryOperator map) {
            int n = 1200;
            double[] x = new double[n];
            double[] w = new double[n];
            double step = 8.0 / n;
            for (int i = 0; i < n; i++) {
                double t = -4 + (i + 0.5) * step;
                x[i] = map.applyAsDouble(t);
                w[i] = (map.applyAsDouble(t + 1e-4) - map.applyAsDouble(t - 1e-4)) / 2e-4 * step;
            }
            return new Rule(Node.constant(x), w);
        }

        double integral(Node f) {
            double[] y = f.value().toDoubleArray();
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += weights[i] * (weights[i] == 0 ? 0 : y[i]);
            }
            return sum;
        }
    }

    private static final Rule REAL = Rule.of(t -> 3 * Math.sinh(Math.PI / 2 * Math.sinh(t)));
    private static final Rule POSITIVE = Rule.of(t -> Math.exp(t - Math.exp(-t)));
    private static final Rule UNIT = Rule.of(t -> 1 / (1 + Math.exp(-Math.PI * Math.sinh(t))));

    private static void requireIntegrals(Rule rule, Distribution p, Distribution other) {
        Node x = rule.points;
        Node log = p.logProb(x);
        Node density = log.exp();
        assertEquals(1, rule.integral(density), 1e-6, p + ": total");
        double mean = rule.integral(density.mul(x));
        assertEquals(p.mean().item(), mean, 1e-6, p + ": mean");
        assertEquals(p.variance().item(), rule.integral(density.mul(x.sub(mean).square())), 1e-6, p + ": variance");
        Node shown = density.maskedBy(density.ne(0));
        assertEquals(p.entropy().item(), -rule.integral(shown.mul(log).maskedBy(density.ne(0))), 1e-6, p + ": entropy");
        if (other != null) {
            Node ratio = log.sub(other.logProb(x));
            double expected = Distributions.klDivergence(p, other).item();
            assertEquals(expected, rule.integral(shown.mul(ratio).maskedBy(density.ne(0))), 1e-6, p + ": divergence");
        }
    }

    @Test
    void total_mean_variance_entropy_and_divergence_are_integrals_of_the_density() {
        requireIntegrals(REAL, Distributions.normal(c(0.3), c(1.7)), Distributions.normal(c(-0.5), c(0.9)));
        requireIntegrals(REAL, Distributions.gumbel(c(0.3), c(0.7)), Distributions.gumbel(c(-0.5), c(0.9)));
        requireIntegrals(REAL, Distributions.studentT(c(7), c(0.3), c(0.8)), null);
        requireIntegrals(POSITIVE, Distributions.logNormal(c(0.3), c(0.4)), Distributions.logNormal(c(-0.2), c(0.5)));
        requireIntegrals(POSITIVE, Distributions.exponential(c(1.3)), Distributions.exponential(c(0.6)));
        requireIntegrals(POSITIVE, Distributions.gamma(c(2.3), c(1.4)), Distributions.gamma(c(1.6), c(0.7)));
        requireIntegrals(POSITIVE, Distributions.gamma(c(0.6), c(1.4)), Distributions.gamma(c(0.8), c(0.7)));
        requireIntegrals(UNIT, Distributions.beta(c(2.3), c(0.8)), Distributions.beta(c(1.4), c(1.6)));
    }

    @Test
    void entropies_of_discrete_distributions_are_sums() {
        for (double p : new double[] {0, 0.2, 0.5, 1}) {
            Bernoulli b = Distributions.bernoulli(c(p));
            requireSum(b, c(0, 1));
        }
        requireSum(Distributions.bernoulliWithLogits(c(-3)), c(0, 1));
        requireSum(Distributions.categorical(c(1, 0, 2, 5)), c(0, 1, 2, 3));
        requireSum(Distributions.categoricalWithLogits(c(1, Double.NEGATIVE_INFINITY, 0.5)), c(0, 1, 2));
        Node counts = Node.constant(Tensor.range(0, 400));
        for (double rate : new double[] {0, 1e-3, 0.7, 4, 33.3, 120}) {
            requireSum(Distributions.poisson(c(rate)), counts);
        }
    }

    private static void requireSum(Distribution p, Node x) {
        Node log = p.logProb(x);
        Node probability = log.exp();
        double mean = probability.mul(x).sum().item();
        assertEquals(1, probability.sum().item(), 1e-12, p + ": total");
        assertEquals(p.mean().item(), mean, 1e-11, p + ": mean");
        assertEquals(
                p.variance().item(), probability.mul(x.sub(mean).square()).sum().item(), 1e-10, p + ": variance");
        double entropy = -probability.mul(log.maskedBy(probability.ne(0))).sum().item();
        assertEquals(entropy, p.entropy().item(), 1e-12, p + ": entropy");
    }

    @Test
    void divergences_of_discrete_distributions_are_sums() {
        Bernoulli p = Distributions.bernoulli(c(0.3));
        assertEquals(
                0.3 * Math.log(0.3 / 0.6) + 0.7 * Math.log(0.7 / 0.4),
                Distributions.klDivergence(p, Distributions.bernoulli(c(0.6))).item(),
                1e-15);
        assertEquals(
                Math.log(2),
                Distributions.klDivergence(Distributions.bernoulli(c(0)), Distributions.bernoulli(c(0.5)))
                        .item(),
                1e-15);
        assertEquals(
                Double.POSITIVE_INFINITY,
                Distributions.klDivergence(p, Distributions.bernoulli(c(1))).item());
        Node counts = Node.constant(Tensor.range(0, 100));
        Node log = Distributions.poisson(c(2.5)).logProb(counts);
        double sum = log.exp()
                .mul(log.sub(Distributions.poisson(c(4)).logProb(counts)))
                .sum()
                .item();
        assertEquals(
                sum,
                Distributions.klDivergence(Distributions.poisson(c(2.5)), Distributions.poisson(c(4)))
                        .item(),
                1e-13);
        assertEquals(
                Math.log(3),
                Distributions.klDivergence(Distributions.categorical(c(0, 4, 0)), Distributions.categorical(c(1, 1, 1)))
                        .item(),
                1e-15);
    }

    // ---- closed forms

    @Test
    void divergence_of_two_normals_has_its_closed_form() {
        Node kl = Distributions.klDivergence(Distributions.normal(c(0), c(1)), Distributions.normal(c(1), c(2)));
        assertEquals(Math.log(2) + 2 / 8.0 - 0.5, kl.item(), 1e-15);
        Normal p = Distributions.normal(c(0.4), c(1.5));
        assertEquals(0, Distributions.klDivergence(p, p).item());
    }

    @Test
    void a_uniform_divergence_is_infinite_where_the_second_support_is_smaller() {
        Uniform p = Distributions.uniform(c(0, 0, 0), c(1, 1, 1));
        Uniform q = Distributions.uniform(c(-1, 0.5, 0), c(1, 1, 0.5));
        close(c(Math.log(2), Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY), Distributions.klDivergence(p, q));
    }

    @Test
    void special_cases_of_a_family_are_other_families() {
        Node x = c(0.1, 0.35, 0.8);
        Node one = c(1);
        close(
                Distributions.exponential(c(1.7)).logProb(x),
                Distributions.gamma(one, c(1.7)).logProb(x));
        close(
                Distributions.uniform(c(0), one).logProb(x),
                Distributions.beta(one, one).logProb(x));
        close(
                Distributions.beta(c(1.2), c(0.7)).logProb(x),
                Distributions.dirichlet(c(1.2, 0.7)).logProb(Node.stack(-1, x, x.rsub(1))));
        close(
                Distributions.beta(c(1.2), c(0.7)).entropy(),
                Distributions.dirichlet(c(1.2, 0.7)).entropy());
        Node cauchy = x.square().add(1).mul(Math.PI).log().neg();
        close(cauchy, Distributions.studentT(one, c(0), one).logProb(x));
        close(
                Distributions.bernoulliWithLogits(c(0.4)).entropy(),
                Distributions.categoricalWithLogits(c(0, 0.4)).entropy());
        close(
                Distributions.bernoulli(c(0.4)).logProb(c(1, 0)),
                Distributions.categorical(c(0.6, 0.4)).logProb(c(1, 0)));
    }

    @Test
    void a_multivariate_normal_of_diagonal_covariance_is_independent_normals() {
        Node mean = c(0.3, -1, 2);
        Node std = c(0.5, 2, 1.3);
        Node covariance = Node.constant(Tensor.eye(3)).mul(std.square());
        MultivariateNormal joint = Distributions.multivariateNormal(mean, covariance);
        Normal each = Distributions.normal(mean, std);
        Node x = Node.constant(Tensor.of(new double[][] {{1, 2, 3}, {-0.4, 0.1, 0.2}}));
        close(each.logProb(x).sum(-1), joint.logProb(x));
        close(each.entropy().sum(), joint.entropy());
        close(each.variance(), joint.variance());
        close(covariance, joint.covariance());
        Normal other = Distributions.normal(c(0, 1, 1), c(1, 3, 0.4));
        MultivariateNormal second = Distributions.multivariateNormal(
                other.mean(), Node.constant(Tensor.eye(3)).mul(other.std().square()));
        close(Distributions.klDivergence(each, other).sum(), Distributions.klDivergence(joint, second));
    }

    /** The density by the inverse and the determinant of the covariance. */
    @Test
    void a_multivariate_normal_has_the_density_of_its_covariance_in_each_element_of_a_batch() {
        Node covariance =
                Node.constant(Tensor.ofArray(new double[][][] {{{2, 0.7}, {0.7, 1}}, {{1, -0.4}, {-0.4, 3}}}));
        Node mean = Node.constant(Tensor.of(new double[][] {{1, 2}, {0, -1}}));
        Node x = Node.constant(Tensor.of(new double[][] {{0.3, 0.2}, {1, 1}, {2, -2}}))
                .unsqueeze(1);
        Node d = x.sub(mean).unsqueeze(-1);
        Node square = d.mul(LinearAlgebra.inverse(covariance).matmul(d)).sum(-2, -1);
        Node expected =
                square.add(LinearAlgebra.logDet(covariance.mul(2 * Math.PI))).div(-2);
        close(expected, Distributions.multivariateNormal(mean, covariance).logProb(x));
        Node first = Distributions.multivariateNormal(mean.select(0, 0), covariance.select(0, 0))
                .logProb(x.squeeze(1));
        close(expected.select(1, 0), first);
    }

    // ---- cdf

    @Test
    void the_density_is_the_derivative_of_the_cdf_and_icdf_inverts_it() {
        double[] x = {0.1, 0.7, 1.4, 2.5};
        Normal normal = Distributions.normal(c(0.4), c(1.3));
        requireCdf(normal, normal::cdf, normal::icdf, x);
        LogNormal logNormal = Distributions.logNormal(c(0.4), c(1.3));
        requireCdf(logNormal, logNormal::cdf, logNormal::icdf, x);
        Laplace laplace = Distributions.laplace(c(0.9), c(1.3));
        requireCdf(laplace, laplace::cdf, laplace::icdf, x);
        Gumbel gumbel = Distributions.gumbel(c(0.4), c(1.3));
        requireCdf(gumbel, gumbel::cdf, gumbel::icdf, x);
        Uniform uniform = Distributions.uniform(c(0), c(3));
        requireCdf(uniform, uniform::cdf, uniform::icdf, x);
        Exponential exponential = Distributions.exponential(c(1.3));
        requireCdf(exponential, exponential::cdf, exponential::icdf, x);
    }

    private static void requireCdf(
            Distribution d, UnaryOperator<Node> cdf, UnaryOperator<Node> icdf, double... points) {
        Node x = Node.variable(points);
        Node p = cdf.apply(x);
        close(d.logProb(x).exp(), Node.constant(p.sum().backward().of(x).value()));
        close(x, icdf.apply(p));
    }

    @Test
    void a_cdf_is_0_below_the_support_and_1_above() {
        double inf = Double.POSITIVE_INFINITY;
        Node x = c(-inf, -1, 5, inf);
        close(c(0, 0, 1, 1), Distributions.uniform(c(0), c(2)).cdf(x));
        Node below = c(-inf, -1, 0);
        close(c(0, 0, 0), Distributions.exponential(c(2)).cdf(below));
        close(c(0, 0, 0), Distributions.logNormal(c(2), c(1)).cdf(below));
        close(c(0, 1), Distributions.normal(c(2), c(1)).cdf(c(-inf, inf)));
        close(c(-inf, inf), Distributions.normal(c(2), c(1)).icdf(c(0, 1)));
        assertEquals(
                7.61985302416e-24, Distributions.normal(c(0), c(1)).cdf(c(-10)).item(), 1e-34);
        assertEquals(
                -10,
                Distributions.normal(c(0), c(1)).icdf(c(7.61985302416053e-24)).item(),
                1e-13);
    }

    @Test
    void gradients_of_a_cdf_beyond_the_support_are_0() {
        Node x = Node.variable(-2.0, 0, 3);
        Node y = Distributions.logNormal(c(0), c(1)).cdf(x);
        double[] gx = y.sum().backward().of(x).value().toDoubleArray();
        assertArrayEquals(new double[] {0, 0}, new double[] {gx[0], gx[1]});
    }

    @Test
    void moments_have_their_gradient_where_a_probability_is_0() {
        Node p = Node.variable(0, 1);
        Bernoulli b = Distributions.bernoulli(p);
        assertArrayEquals(
                new double[] {1, 1}, b.mean().sum().backward().of(p).value().toDoubleArray());
        assertArrayEquals(
                new double[] {1, -1},
                b.variance().sum().backward().of(p).value().toDoubleArray());
        Node q = Node.variable(0, 0, 1);
        Node mean = Distributions.categorical(q).mean();
        assertArrayEquals(
                new double[] {-2, -1, 0}, mean.backward().of(q).value().toDoubleArray());
    }

    // ---- shapes and types

    @Test
    void shapes_are_those_of_the_broadcast_parameters() {
        Normal p = Distributions.normal(Node.variable(1.0, 2, 3), Node.constant(Tensor.ones(2, 1)));
        assertEquals(Shape.of(2, 3), p.batchShape());
        assertEquals(Shape.SCALAR, p.eventShape());
        assertEquals(Shape.of(2, 3), p.mean().shape());
        assertEquals(Shape.of(2, 3), p.entropy().shape());
        assertEquals(
                Shape.of(4, 2, 3),
                p.logProb(Node.constant(Tensor.ones(4, 1, 3))).shape());
        Uniform u = Distributions.uniform(c(0), c(1));
        assertEquals(Shape.of(2), u.logProb(c(0.5, 0.2)).shape());
        Dirichlet d = Distributions.dirichlet(Node.constant(Tensor.ones(2, 3)));
        assertEquals(Shape.of(2), d.batchShape());
        assertEquals(Shape.of(3), d.eventShape());
        assertEquals(Shape.of(2, 3), d.mean().shape());
    }

    @Test
    void classes_and_counts_may_have_another_number_type() {
        Node single = Node.constant(Tensor.of(1, 2, 1).to(DType.FLOAT32));
        assertEquals(
                DType.FLOAT32, Distributions.categorical(single).logProb(c(1)).dtype());
        assertEquals(DType.FLOAT32, Distributions.poisson(single).logProb(c(1)).dtype());
        assertEquals(
                DType.FLOAT32,
                Distributions.bernoulliWithLogits(single).logProb(c(1)).dtype());
    }

    @Test
    void probabilities_near_0_and_1_are_exact_by_logits() {
        Bernoulli p = Distributions.bernoulliWithLogits(c(-800, 800));
        close(c(-800, -800), p.logProb(c(1, 0)));
        close(c(0, 0), p.entropy());
        assertEquals(-1e-20, Distributions.bernoulli(c(1e-20)).logProb(c(0)).item(), 1e-34);
    }

    // ---- refusals

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void invalid_parameters_are_named_with_their_position() {
        refused(
                "normal: [2]: std at [1] is -0.5; it must be positive and finite",
                () -> Distributions.normal(c(0, 0), c(1, -0.5)));
        refused("normal: []: mean is NaN; it must be finite", () -> Distributions.normal(c(Double.NaN), c(1)));
        refused(
                "normal: [2] x [3]: sizes 2 and 3 (axis -1) differ and neither is 1",
                () -> Distributions.normal(c(0, 0), c(1, 2, 3)));
        refused(
                "uniform: [2] x [2]: low at [1] is 3.0; it must be below high, 3.0",
                () -> Distributions.uniform(c(0, 3), c(1, 3)));
        refused("gamma: []: rate is 0.0; it must be positive and finite", () -> Distributions.gamma(c(1), c(0)));
        refused(
                "bernoulli: [2]: probs at [1] is 1.5; it must be from 0 to 1",
                () -> Distributions.bernoulli(c(0, 1.5)));
        refused(
                "categorical: [2, 1]: the sum of probs at [1, 0] is 0.0; it must be positive and finite",
                () -> Distributions.categorical(Node.constant(Tensor.of(new double[][] {{1, 0}, {0, 0}}))));
        refused(
                "categoricalWithLogits: []: the largest of logits is -Infinity; it must be above -infinity, as no class would be possible",
                () -> Distributions.categoricalWithLogits(c(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY)));
        refused("dirichlet: []: it takes [.., k] with k from 1 up", () -> Distributions.dirichlet(c(1)));
        refused("poisson: []: rate is -1.0; it must be from 0 up and finite", () -> Distributions.poisson(c(-1)));
        refused(
                "studentT.mean: [2]: df at [1] is 1.0; it must be above 1 for the mean to exist",
                () -> Distributions.studentT(c(2, 1), c(0), c(1)).mean());
        refused(
                "bernoulli: [2]: the error of the exponential of logZero at [0] is 0.5; it must be 0",
                () -> new Bernoulli(c(0.5, 0.5), c(0.5, 0.5).log(), c(1, 0.5).log()));
        refused(
                "categorical: []: the sum of the probabilities is 2.0; it must be 1",
                () -> new Categorical(c(1, 1), c(0, 0)));
        refused(
                "normal: [2] x [2]: the first is FLOAT32, the second FLOAT64; convert one, as with .to(FLOAT32)",
                () -> Distributions.normal(c(0, 0).to(DType.FLOAT32), c(1, 1)));
    }

    @Test
    void covariances_and_factors_are_checked() {
        Node mean = c(0, 0);
        refused(
                "multivariateNormal: [2, 2]: covariance at [0, 1] is 0.5, but its mirror image is 0.4; the matrix must be symmetric",
                () -> Distributions.multivariateNormal(mean, Node.constant(new double[][] {{1, 0.5}, {0.4, 1}})));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Distributions.multivariateNormal(mean, Node.constant(new double[][] {{1, 2}, {2, 1}})))
                .getMessage();
        assertEquals("multivariateNormal: [2, 2]: the covariance is not positive definite", message.substring(0, 67));
        refused(
                "multivariateNormal: [2, 2]: factor at [0, 1] is 0.5; it must be 0, above the diagonal",
                () -> Distributions.multivariateNormalWithFactor(
                        mean, Node.constant(new double[][] {{1, 0.5}, {0, 1}})));
        refused(
                "multivariateNormal: [2, 2]: factor at [1, 1] is -1.0; it must be positive, on the diagonal",
                () -> Distributions.multivariateNormalWithFactor(
                        mean, Node.constant(new double[][] {{1, 0}, {0, -1}})));
        refused(
                "multivariateNormal: [2] x [2, 2]: the first is FLOAT64, the second FLOAT32; convert one, as with .to(FLOAT64)",
                () -> Distributions.multivariateNormal(
                        mean, Node.constant(Tensor.eye(2)).to(DType.FLOAT32)));
        refused(
                "multivariateNormal: [2, 2] x [3, 2, 2]: it takes [.., k] and [.., k, k] whose leading axes broadcast",
                () -> Distributions.multivariateNormalWithFactor(
                        Node.constant(Tensor.zeros(2, 2)),
                        Node.constant(Tensor.eye(2)).expandTo(Shape.of(3, 2, 2))));
        refused(
                "multivariateNormal: [3] x [2, 2]: it takes [.., k] and [.., k, k]",
                () -> Distributions.multivariateNormal(c(1, 2, 3), Node.constant(Tensor.eye(2))));
    }

    @Test
    void points_outside_the_support_are_named_with_their_position() {
        refused(
                "exponential.logProb: [2]: x at [1] is -1.0; it must be from 0 up and finite",
                () -> Distributions.exponential(c(1)).logProb(c(0, -1)));
        refused("normal.logProb: []: x is Infinity; it must be finite", () -> Distributions.normal(c(0), c(1))
                .logProb(c(Double.POSITIVE_INFINITY)));
        refused(
                "normal.logProb: [2] x [3]: sizes 2 and 3 (axis -1) differ and neither is 1",
                () -> Distributions.normal(c(0, 0), c(1)).logProb(c(1, 2, 3)));
        refused(
                "uniform.logProb: [2]: x at [1] is 3.0; it must be from low, 0.0, to high, 2.0",
                () -> Distributions.uniform(c(0), c(2)).logProb(c(1, 3)));
        refused(
                "categorical.logProb: []: x is 2.0; it must be a whole number from 0 to 1",
                () -> Distributions.categorical(c(1, 1)).logProb(c(2)));
        refused("poisson.logProb: []: x is 0.5; it must be a whole number from 0 up", () -> Distributions.poisson(c(1))
                .logProb(c(0.5)));
        refused(
                "dirichlet.logProb: [2]: the sum of the probabilities is 1.1; it must be 1",
                () -> Distributions.dirichlet(c(1, 1)).logProb(c(0.5, 0.6)));
        refused("dirichlet.logProb: [2] x [3]: x must be [.., 2]", () -> Distributions.dirichlet(c(1, 1))
                .logProb(c(1, 0, 0)));
        refused("normal.icdf: []: p is 1.5; it must be from 0 to 1", () -> Distributions.normal(c(0), c(1))
                .icdf(c(1.5)));
        refused("normal.cdf: []: x is NaN; it must be a number", () -> Distributions.normal(c(0), c(1))
                .cdf(c(Double.NaN)));
    }

    @Test
    void a_pair_without_a_closed_form_is_named() {
        refused(
                "klDivergence: there is no closed form for Normal and Laplace; estimate it as the mean of p.logProb(x) - q.logProb(x) for x "
                        + "from p.sample",
                () -> Distributions.klDivergence(Distributions.normal(c(0), c(1)), Distributions.laplace(c(0), c(1))));
        refused(
                "klDivergence: [2] x []: the draws have different shapes",
                () -> Distributions.klDivergence(Distributions.dirichlet(c(1, 1)), Distributions.normal(c(0), c(1))));
        refused(
                "klDivergence: [2] x [3]: sizes 2 and 3 (axis -1) differ and neither is 1",
                () -> Distributions.klDivergence(
                        Distributions.exponential(c(1, 1)), Distributions.exponential(c(1, 1, 1))));
    }

    /** For many degrees of freedom Student's t is the normal distribution: the difference is of the order of 1 / df. */
    @Test
    void students_t_of_many_degrees_of_freedom_is_normal() {
        Node x = Node.constant(1.0);
        Node zero = Node.constant(0.0);
        Node one = Node.constant(1.0);
        double normal = Distributions.normal(zero, one).logProb(x).item();
        for (double df : new double[] {1e3, 1999, 2001, 1e6, 1e10, 1e16}) {
            Node t = Distributions.studentT(Node.constant(df), zero, one).logProb(x);
            assertEquals(normal, t.item(), 1 / df + 1e-13, "df " + df);
        }
    }

    @Test
    void the_derivative_of_the_cdf_of_laplace_at_its_centre_is_the_density() {
        Node x = Node.variable(0.5);
        Laplace p = Distributions.laplace(Node.constant(0.5), Node.constant(2.0));
        assertEquals(0.25, p.cdf(x).backward().of(x).item());
    }
}
