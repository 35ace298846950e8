package gradus.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.numbers.gamma.RegularizedGamma;
import org.junit.jupiter.api.Test;

/** Draws: their distribution, their gradients, and that a seed determines them. Bounds are of fixed seeds. */
class DistributionSamplesTest {
    private static final int N = 20_000;

    private static RandomStream stream() {
        return RandomStream.of(42, "draws");
    }

    private static Node c(double... values) {
        return values.length == 1 ? Node.constant(values[0]) : Node.constant(values);
    }

    private static double[] draws(Distribution p) {
        return p.sample(Shape.of(N), stream()).value().toDoubleArray();
    }

    /** Requires that the mean of values is an expected one, within four standard errors. */
    private static void requireMean(double expected, String what, double... values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double square = Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow();
        double error = Math.sqrt(square / values.length);
        assertTrue(Math.abs(mean - expected) <= 4 * error, what + ": " + mean + " is not " + expected + " +- " + error);
    }

    private static void requireMoments(Distribution p) {
        double[] x = draws(p);
        double mean = p.mean().item();
        requireMean(mean, p + " mean", x);
        requireMean(
                p.variance().item(),
                p + " variance",
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).toArray());
    }

    @Test
    void means_and_variances_of_draws_are_those_of_the_distribution() {
        requireMoments(Distributions.normal(c(0.5), c(1.5)));
        requireMoments(Distributions.logNormal(c(0.5), c(0.4)));
        requireMoments(Distributions.laplace(c(0.5), c(1.5)));
        requireMoments(Distributions.gumbel(c(0.5), c(1.5)));
        requireMoments(Distributions.uniform(c(0.5), c(1.5)));
        requireMoments(Distributions.exponential(c(1.5)));
        requireMoments(Distributions.gamma(c(2.5), c(1.5)));
        requireMoments(Distributions.gamma(c(0.2), c(1.5)));
        requireMoments(Distributions.beta(c(0.5), c(1.5)));
        requireMoments(Distributions.studentT(c(9), c(0.5), c(1.5)));
        requireMoments(Distributions.bernoulli(c(0.3)));
        requireMoments(Distributions.categorical(c(1, 2, 0, 5)));
        requireMoments(Distributions.poisson(c(0.8)));
        requireMoments(Distributions.poisson(c(70)));
        requireMoments(Distributions.poisson(c(3e9)));
    }

    /** The largest distance of the empirical cdf from a cdf exceeds {@code 1.95 / sqrt n} with probability 0.001. */
    private static void requireCdf(Distribution p, DoubleUnaryOperator cdf) {
        double[] x = draws(p);
        Arrays.sort(x);
        double distance = 0;
        for (int i = 0; i < N; i++) {
            double f = cdf.applyAsDouble(x[i]);
            distance = Math.max(distance, Math.max(f - (double) i / N, (i + 1.0) / N - f));
        }
        assertTrue(distance < 1.95 / Math.sqrt(N), p + ": " + distance);
    }

    private static DoubleUnaryOperator number(Function<Node, Node> f) {
        return x -> f.apply(Node.constant(x)).item();
    }

    @Test
    void the_empirical_cdf_of_draws_is_the_cdf() {
        Normal normal = Distributions.normal(c(0.5), c(1.5));
        requireCdf(normal, number(normal::cdf));
        LogNormal logNormal = Distributions.logNormal(c(0.5), c(0.4));
        requireCdf(logNormal, number(logNormal::cdf));
        Laplace laplace = Distributions.laplace(c(0.5), c(1.5));
        requireCdf(laplace, number(laplace::cdf));
        Gumbel gumbel = Distributions.gumbel(c(0.5), c(1.5));
        requireCdf(gumbel, number(gumbel::cdf));
        Uniform uniform = Distributions.uniform(c(0.5), c(1.5));
        requireCdf(uniform, number(uniform::cdf));
        Exponential exponential = Distributions.exponential(c(1.5));
        requireCdf(exponential, number(exponential::cdf));
        requireCdf(Distributions.gamma(c(0.3), c(2)), x -> RegularizedGamma.P.value(0.3, 2 * x));
        requireCdf(Distributions.gamma(c(7), c(2)), x -> RegularizedGamma.P.value(7, 2 * x));
        requireCdf(Distributions.beta(c(0.6), c(2)), x -> RegularizedBeta.value(x, 0.6, 2));
        requireCdf(Distributions.studentT(c(1.5), c(0), c(1)), x -> {
            double tail = RegularizedBeta.value(1.5 / (1.5 + x * x), 0.75, 0.5) / 2;
            return x < 0 ? tail : 1 - tail;
        });
    }

    @Test
    void draws_of_vectors_have_the_means_and_covariances_of_their_distribution() {
        Node covariance = Node.constant(new double[][] {{2, -0.8}, {-0.8, 1}});
        MultivariateNormal p = Distributions.multivariateNormal(c(1, -2), covariance);
        Node x = p.sample(Shape.of(N), stream());
        Node d = x.sub(p.mean());
        for (int i = 0; i < 2; i++) {
            requireMean(
                    p.mean().value().get(i),
                    "mean " + i,
                    x.select(-1, i).value().toDoubleArray());
            for (int j = 0; j < 2; j++) {
                double[] products = d.select(-1, i).mul(d.select(-1, j)).value().toDoubleArray();
                requireMean(covariance.value().get(i, j), "covariance " + i + ", " + j, products);
            }
        }
        Dirichlet q = Distributions.dirichlet(c(0.4, 2, 1));
        Node y = q.sample(Shape.of(N), stream());
        for (int i = 0; i < 3; i++) {
            double mean = q.mean().value().get(i);
            Node column = y.select(-1, i);
            requireMean(mean, "mean " + i, column.value().toDoubleArray());
            requireMean(
                    q.variance().value().get(i),
                    "variance " + i,
                    column.sub(mean).square().value().toDoubleArray());
        }
    }

    @Test
    void a_batch_of_vectors_is_drawn_as_each_alone() {
        Node factors = Node.constant(Tensor.ofArray(new double[][][] {{{2, 0}, {1, 1}}, {{1, 0}, {-1, 3}}}));
        MultivariateNormal batch = Distributions.multivariateNormalWithFactor(c(1, 2), factors);
        Node draws = batch.sample(Shape.of(4), stream());
        assertEquals(Shape.of(4, 2, 2), draws.shape());
        Node z = Node.constant(Tensor.normal(Shape.of(4, 2, 2), 0, 1, stream()));
        for (int i = 0; i < 2; i++) {
            Node expected =
                    z.select(1, i).matmul(factors.select(0, i), false, true).add(c(1, 2));
            assertArrayEquals(
                    expected.value().toDoubleArray(), draws.select(1, i).value().toDoubleArray(), 1e-14);
        }
    }

    // ---- gradients

    /** The mean of {@code d log p(x) / d parameter} is 0 at the parameters that x was drawn with. */
    private static void requireScore(Function<Node[], Distribution> make, double... parameters) {
        Node[] each = Arrays.stream(parameters)
                .mapToObj(v -> Node.variable(Tensor.full(Shape.of(N), v, DType.FLOAT64)))
                .toArray(Node[]::new);
        Distribution p = make.apply(each);
        Node logs = p.logProb(p.sample(stream()).detach());
        for (int i = 0; i < each.length; i++) {
            double[] score = logs.sum().backward().of(each[i]).value().toDoubleArray();
            requireMean(0, make.apply(each).getClass().getSimpleName() + " score of " + i, score);
        }
    }

    @Test
    void the_mean_score_is_zero() {
        requireScore(in -> Distributions.normal(in[0], in[1]), 0.5, 1.5);
        requireScore(in -> Distributions.logNormal(in[0], in[1]), 0.5, 1.5);
        requireScore(in -> Distributions.laplace(in[0], in[1]), 0.5, 1.5);
        requireScore(in -> Distributions.gumbel(in[0], in[1]), 0.5, 1.5);
        requireScore(in -> Distributions.exponential(in[0]), 1.5);
        requireScore(in -> Distributions.gamma(in[0], in[1]), 0.4, 1.5);
        requireScore(in -> Distributions.beta(in[0], in[1]), 0.7, 1.5);
        requireScore(in -> Distributions.studentT(in[0], in[1], in[2]), 3, 0.5, 1.5);
        requireScore(in -> Distributions.bernoulli(in[0]), 0.3);
        requireScore(in -> Distributions.bernoulliWithLogits(in[0]), -1);
        requireScore(in -> Distributions.poisson(in[0]), 3);
        requireScore(in -> Distributions.dirichlet(Node.stack(-1, in[0], in[1], in[2])), 0.5, 1, 3);
        requireScore(in -> Distributions.categoricalWithLogits(Node.stack(-1, in[0], in[1], in[2])), 0.5, 1, 0);
    }

    /** The mean gradient of {@code x^2} of draws is that of {@code mean^2 + variance}. */
    private static void requirePathwise(Function<Node[], Distribution> make, double... parameters) {
        Node[] one = Arrays.stream(parameters).mapToObj(Node::variable).toArray(Node[]::new);
        Distribution p = make.apply(one);
        Node expected = p.mean().square().add(p.variance());
        Node[] each = Arrays.stream(parameters)
                .mapToObj(v -> Node.variable(Tensor.full(Shape.of(N), v, DType.FLOAT64)))
                .toArray(Node[]::new);
        Node squares = make.apply(each).sample(stream()).square();
        for (int i = 0; i < each.length; i++) {
            requireMean(
                    expected.backward().of(one[i]).item(),
                    p.getClass().getSimpleName() + " gradient of " + i,
                    squares.sum().backward().of(each[i]).value().toDoubleArray());
        }
    }

    @Test
    void gradients_of_an_expected_square_through_draws_are_the_analytic_ones() {
        requirePathwise(in -> Distributions.normal(in[0], in[1]), 0.5, 1.5);
        requirePathwise(in -> Distributions.logNormal(in[0], in[1]), 0.5, 0.3);
        requirePathwise(in -> Distributions.laplace(in[0], in[1]), 0.5, 1.5);
        requirePathwise(in -> Distributions.gumbel(in[0], in[1]), 0.5, 1.5);
        requirePathwise(in -> Distributions.uniform(in[0], in[1]), 0.5, 1.5);
        requirePathwise(in -> Distributions.exponential(in[0]), 1.5);
        requirePathwise(in -> Distributions.gamma(in[0], in[1]), 0.4, 1.5);
        requirePathwise(in -> Distributions.gamma(in[0], in[1]), 12, 1.5);
        requirePathwise(in -> Distributions.beta(in[0], in[1]), 0.7, 1.5);
        requirePathwise(in -> Distributions.studentT(in[0], in[1], in[2]), 9, 0.5, 1.5);
    }

    @Test
    void draws_of_a_dirichlet_distribution_have_the_gradient_of_its_moments() {
        double[] a = {0.5, 1, 3};
        Node one = Node.variable(a);
        Dirichlet p = Distributions.dirichlet(one);
        Node expected = p.mean().square().add(p.variance()).select(-1, 1);
        double[] exact = expected.backward().of(one).value().toDoubleArray();
        Node each = Node.variable(Tensor.of(a).expandTo(Shape.of(N, 3)).copy());
        Node square =
                Distributions.dirichlet(each).sample(stream()).select(-1, 1).square();
        Node gradients = Node.constant(square.sum().backward().of(each).value());
        for (int i = 0; i < 3; i++) {
            requireMean(
                    exact[i],
                    "gradient of " + i,
                    gradients.select(-1, i).value().toDoubleArray());
        }
    }

    // ---- extreme parameters

    @Test
    void draws_of_tiny_concentrations_stay_inside_the_support() {
        Node x = Distributions.gamma(c(1e-3), c(1)).sample(Shape.of(1000), stream());
        assertEquals(Double.MIN_NORMAL, x.value().min().item());
        assertTrue(x.log().isFinite().all().item() == 1);
        Node y = Distributions.beta(c(1e-3), c(1e-3)).sample(Shape.of(1000), stream());
        assertFalse(y.value().hasNaN());
        requireMean(0.5, "beta", y.value().toDoubleArray());
        Node z = Distributions.dirichlet(c(1e-4, 1e-4, 1e-4)).sample(Shape.of(1000), stream());
        assertArrayEquals(Tensor.ones(1000).toDoubleArray(), z.sum(-1).value().toDoubleArray(), 1e-12);
        assertEquals(0, Distributions.poisson(c(0)).sample(stream()).item());
        Node single = Node.constant(Tensor.scalar(1e-2, DType.FLOAT32));
        Node w = Distributions.gamma(single, single).sample(Shape.of(1000), stream());
        assertEquals(DType.FLOAT32, w.dtype());
        assertTrue(w.value().min().item() >= Float.MIN_NORMAL);
    }

    @Test
    void densities_at_draws_of_tiny_concentrations_are_finite() {
        for (DType type : DType.values()) {
            Node a = Node.variable(Tensor.of(1e-3, 1e-3).to(type));
            Beta beta = Distributions.beta(a, a);
            Dirichlet dirichlet = Distributions.dirichlet(a);
            Node x = beta.sample(Shape.of(1000), stream());
            Node y = dirichlet.sample(Shape.of(1000), stream());
            double least = type == DType.FLOAT64 ? Double.MIN_NORMAL : Float.MIN_NORMAL;
            double largest = type == DType.FLOAT64 ? Math.nextDown(1.0) : Math.nextDown(1f);
            for (Node draws : new Node[] {x, y}) {
                assertEquals(type, draws.dtype());
                assertEquals(least, draws.value().min().item());
                assertEquals(largest, draws.value().max().item());
            }
            Node density = beta.logProb(x).sum().add(dirichlet.logProb(y).sum());
            assertTrue(Double.isFinite(density.item()));
            assertTrue(density.backward().of(a).isFinite().all().item() == 1);
        }
    }

    @Test
    void draws_of_discrete_distributions_are_constants_of_possible_values() {
        Node p = Node.variable(0, 0.5, 1);
        Node x = Distributions.bernoulli(p).sample(Shape.of(50), stream());
        assertFalse(x.isTracked());
        assertEquals(0, x.select(1, 0).sum().item());
        assertEquals(50, x.select(1, 2).sum().item());
        Node classes = Distributions.categorical(c(0, 1, 0, 2, 0)).sample(Shape.of(200), stream());
        assertTrue(Arrays.stream(classes.value().toDoubleArray()).allMatch(v -> v == 1 || v == 3));
        Node rates = Node.constant(new double[][] {{0.1, 5, 200}});
        double[] counts = Distributions.poisson(rates)
                .sample(Shape.of(300), stream())
                .value()
                .toDoubleArray();
        assertTrue(Arrays.stream(counts).allMatch(v -> v >= 0 && v == Math.rint(v)));
    }

    /** The probability of each count from 0 to 20 is the share of the unit interval that its draws come from. */
    @Test
    void a_poisson_quantile_inverts_the_cdf() {
        double rate = 7.3;
        double below = 0;
        for (int k = 0; k <= 20; k++) {
            double p = Distributions.poisson(c(rate)).logProb(c(k)).exp().item();
            assertEquals(k, Poisson.quantile(below + p * 1e-6, rate));
            assertEquals(k, Poisson.quantile(below + p * (1 - 1e-6), rate));
            below += p;
        }
    }

    // ---- seeds

    @Test
    void the_same_seed_gives_the_same_draws_and_another_one_others() {
        Distribution[] all = {
            Distributions.normal(c(0), c(1)),
            Distributions.gamma(c(0.7), c(1)),
            Distributions.poisson(c(4)),
            Distributions.dirichlet(c(1, 2)),
            Distributions.categorical(c(1, 1, 1)),
        };
        for (Distribution p : all) {
            Tensor x = p.sample(Shape.of(30), RandomStream.of(1, "a")).value();
            assertEquals(x, p.sample(Shape.of(30), RandomStream.of(1, "a")).value());
            assertNotEquals(x, p.sample(Shape.of(30), RandomStream.of(2, "a")).value());
        }
    }

    @Test
    void a_missing_stream_or_shape_is_named() {
        Normal p = Distributions.normal(c(0), c(1));
        assertEquals(
                "normal.sample: random is null",
                assertThrows(NullPointerException.class, () -> p.sample(null)).getMessage());
        assertEquals(
                "normal.sample: shape is null",
                assertThrows(NullPointerException.class, () -> p.sample(null, stream()))
                        .getMessage());
    }

    // ---- Gumbel-softmax

    @Test
    void a_relaxed_draw_is_the_softmax_of_logits_and_gumbel_noise() {
        Node logits = Node.constant(new double[][] {{0.5, -1, 2}, {0, 0, Double.NEGATIVE_INFINITY}});
        Node g = Distributions.gumbel(c(0), c(1)).sample(Shape.of(2, 3), stream());
        Node expected = logits.add(g).div(0.3).softmax(-1);
        assertEquals(
                expected.value(),
                Distributions.gumbelSoftmax(logits, 0.3, false, stream()).value());
    }

    @Test
    void a_hard_draw_is_one_hot_and_has_the_gradient_of_the_relaxed_one() {
        Node logits = Node.variable(new double[][] {{0.5, -1, 2}, {0, 0.3, 0.2}});
        Node weights = Node.constant(new double[][] {{1, 2, -3}, {0.5, -1, 4}});
        Node hard = Distributions.gumbelSoftmax(logits, 0.8, true, stream());
        Node soft = Distributions.gumbelSoftmax(logits, 0.8, false, stream());
        assertArrayEquals(
                soft.argmax(-1).value().toDoubleArray(), hard.argmax(-1).value().toDoubleArray());
        assertArrayEquals(new double[] {1, 1}, hard.sum(-1).value().toDoubleArray());
        assertArrayEquals(new double[] {1, 1}, hard.square().sum(-1).value().toDoubleArray());
        assertEquals(
                soft.mul(weights).sum().backward().of(logits).value(),
                hard.mul(weights).sum().backward().of(logits).value());
    }

    @Test
    void hard_draws_are_distributed_as_the_classes() {
        Node logits = c(0.5, -1, 1);
        double[] p = Distributions.categoricalWithLogits(logits).probs().value().toDoubleArray();
        Node draws = Distributions.gumbelSoftmax(logits.expandTo(Shape.of(N, 3)), 1, true, stream());
        for (int i = 0; i < 3; i++) {
            requireMean(p[i], "class " + i, draws.select(-1, i).value().toDoubleArray());
        }
    }

    @Test
    void gumbel_softmax_refuses_a_temperature_that_is_not_positive() {
        assertEquals(
                "gumbelSoftmax: temperature 0.0 must be positive and finite",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Distributions.gumbelSoftmax(c(1, 2), 0, false, stream()))
                        .getMessage());
    }
}
