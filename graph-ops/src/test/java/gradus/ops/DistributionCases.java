package gradus.ops;

import static gradus.graph.OpCase.row;
import static gradus.ops.Distributions.beta;
import static gradus.ops.Distributions.categorical;
import static gradus.ops.Distributions.dirichlet;
import static gradus.ops.Distributions.gamma;
import static gradus.ops.Distributions.klDivergence;
import static gradus.ops.Distributions.studentT;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.OpCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The test cases of {@link Distributions}: parameters and points are functions of the inputs that have legal values. */
final class DistributionCases {
    private static final Shape S2 = Shape.of(2);
    private static final Shape S3 = Shape.of(3);
    private static final Shape S23 = Shape.of(2, 3);
    private static final Shape NONE = Shape.of(0, 3);

    static final List<OpCase> ALL = new ArrayList<>();

    static {
        two("normal", in -> Distributions.normal(in[0], positive(in[1])), x -> x);
        two("logNormal", in -> Distributions.logNormal(in[0], positive(in[1]).mul(0.3)), DistributionCases::positive);
        two("laplace", in -> Distributions.laplace(in[0], positive(in[1])), x -> x.add(5));
        two("gumbel", in -> Distributions.gumbel(in[0], positive(in[1])), x -> x);
        two("uniform", in -> Distributions.uniform(in[0].sub(5), in[1].add(5)), x -> x);
        two("gamma", in -> gamma(positive(in[0]), positive(in[1])), DistributionCases::positive);
        two("beta", in -> beta(positive(in[0]), positive(in[1])), Node::sigmoid);
        family("exponential", in -> Distributions.exponential(positive(in[0])), DistributionCases::positive, S23);
        family("poisson", in -> Distributions.poisson(positive(in[0])), x -> constant(x, 0, 3, 1), S3);
        family("bernoulli", in -> Distributions.bernoulli(in[0].sigmoid()), x -> constant(x, 0, 1, 1), S3);
        family("bernoulliWithLogits", in -> Distributions.bernoulliWithLogits(in[0]), x -> constant(x, 0, 1, 1), S23);
        family("categorical", in -> categorical(positive(in[0])), x -> constant(x, 2, 0), S23);
        family("categoricalWithLogits", in -> Distributions.categoricalWithLogits(in[0]), x -> constant(x, 2, 0), S23);
        family("dirichlet", in -> dirichlet(positive(in[0])), x -> x.softmax(-1), S23);
        family(
                "studentT",
                in -> studentT(positive(in[0]).add(2), in[1], positive(in[2])),
                x -> x,
                S23,
                S3,
                Shape.of(2, 1));
        family(
                "multivariateNormal",
                in -> Distributions.multivariateNormal(in[0], covariance(in[1])),
                x -> x,
                S3,
                Shape.of(3, 3));
        family(
                "multivariateNormalWithFactor",
                in -> Distributions.multivariateNormalWithFactor(in[0], factor(in[1])),
                x -> x,
                S2,
                Shape.of(3, 2, 2));
        quantiles(
                "normal",
                (p, x) -> p.mul(Distributions.normal(p, positive(p)).cdf(x)),
                (p, q) -> Distributions.normal(p, positive(p)).icdf(q));
        quantiles(
                "logNormal",
                (p, x) -> Distributions.logNormal(p, positive(p)).cdf(positive(x)),
                (p, q) -> Distributions.logNormal(p, positive(p).mul(0.2)).icdf(q));
        quantiles(
                "laplace",
                (p, x) -> Distributions.laplace(p, positive(p)).cdf(x.add(5)),
                (p, q) -> Distributions.laplace(p, positive(p)).icdf(q.div(2)));
        quantiles(
                "laplace above",
                (p, x) -> Distributions.laplace(p, positive(p)).cdf(x.sub(5)),
                (p, q) -> Distributions.laplace(p, positive(p)).icdf(q.add(1).div(2)));
        quantiles("gumbel", (p, x) -> Distributions.gumbel(p, positive(p)).cdf(x), (p, q) -> Distributions.gumbel(
                        p, positive(p))
                .icdf(q));
        quantiles(
                "uniform",
                (p, x) -> Distributions.uniform(p.sub(5), p.square().add(5)).cdf(x),
                (p, q) -> Distributions.uniform(p.sub(5), p.square().add(5)).icdf(q));
        quantiles(
                "exponential",
                (p, x) -> Distributions.exponential(positive(p)).cdf(positive(x)),
                (p, q) -> Distributions.exponential(positive(p)).icdf(q));
        ALL.add(row(
                "klDivergence of uniform",
                in -> klDivergence(
                        Distributions.uniform(in[0].sub(5), in[1].add(5)),
                        Distributions.uniform(in[0].sub(9), in[2].add(9))),
                S23,
                S3,
                S3));
        ALL.add(row(
                "studentT variance",
                in -> studentT(positive(in[0]).add(2), in[1], positive(in[2])).variance(),
                S3,
                S3,
                S3));
        ALL.add(row(
                "gamma with small concentrations sample",
                in -> gamma(positive(in[0]).mul(0.1), positive(in[0])).sample(stream()),
                S23));
        ALL.add(row("gumbelSoftmax", in -> Distributions.gumbelSoftmax(in[0], 0.7, false, stream()), S23));
        ALL.add(row("gumbelSoftmax of a vector", in -> Distributions.gumbelSoftmax(in[0], 2, false, stream()), S3));
    }

    private DistributionCases() {}

    /** Adds the cases of a family of two parameters. */
    private static void two(String name, Function<Node[], Distribution> make, UnaryOperator<Node> point) {
        family(name, make, point, S23, S3);
        family(name, make, point, NONE, S3);
        family(name, make, point, Shape.of(2, 1), Shape.of(1, 3));
    }

    /** Adds the cases of a family: the parameters have these shapes, and the point is made of the first one's. */
    private static void family(
            String name, Function<Node[], Distribution> make, UnaryOperator<Node> point, Shape... shapes) {
        int n = shapes.length;
        Shape[] withPoint = Arrays.copyOf(shapes, n + 1);
        withPoint[n] = shapes[0];
        ALL.add(row(name + " logProb", in -> make.apply(in).logProb(point.apply(in[n])), withPoint));
        ALL.add(row(name + " entropy", in -> make.apply(in).entropy(), shapes));
        ALL.add(row(
                name + " mean and variance",
                in -> make.apply(in).mean().add(make.apply(in).variance()),
                shapes));
        if (make.apply(ones(shapes)).sample(stream()).isTracked()) {
            ALL.add(row(name + " sample", in -> make.apply(in).sample(S2, stream()), shapes));
        }
        if (!List.of("studentT", "uniform").contains(name)) {
            Shape[] pair = Arrays.copyOf(shapes, 2 * n);
            System.arraycopy(shapes, 0, pair, n, n);
            ALL.add(row(
                    "klDivergence of " + name,
                    in -> klDivergence(make.apply(Arrays.copyOf(in, n)), make.apply(Arrays.copyOfRange(in, n, 2 * n))),
                    pair));
        }
    }

    private static void quantiles(String name, BinaryOperator<Node> cdf, BinaryOperator<Node> icdf) {
        ALL.add(row(name + " cdf", in -> cdf.apply(in[0], in[1]), S3, S23));
        ALL.add(row(name + " icdf", in -> icdf.apply(in[0], in[1].sigmoid()), S3, S23));
    }

    private static Node[] ones(Shape... shapes) {
        return Arrays.stream(shapes).map(s -> Node.variable(Tensor.ones(s))).toArray(Node[]::new);
    }

    private static RandomStream stream() {
        return RandomStream.of(3, "sample");
    }

    private static Node positive(Node x) {
        return x.square().add(0.5);
    }

    /** Returns a point of a discrete distribution, whatever the input. */
    private static Node constant(Node x, double... values) {
        return Node.constant(Tensor.of(values).to(x.dtype()));
    }

    private static Node factor(Node x) {
        Node eye = Node.constant(Tensor.eye(x.shape().dim(-1), x.dtype()));
        return x.mul(0.5).tril(-1).add(positive(x).mul(eye));
    }

    private static Node covariance(Node x) {
        Node l = factor(x);
        return l.matmul(l, false, true);
    }
}
