package gradus.graph.check;

import static gradus.graph.Op.elementwise;
import static gradus.graph.Op.unary;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Restorable;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Functions that draw random numbers, keep running statistics, or write to their inputs. */
class GradientStateTest {
    private static final Tensor ROWS = Tensor.of(new double[][] {{0.3, -1.2, 0.4}, {0.7, 1.9, -0.6}});

    private static Node dropout(Node x, RandomStream random) {
        Tensor kept = Tensor.uniform(x.shape(), 0, 1, random).map(p -> p < 0.5 ? 0 : 2);
        return x.mul(Node.constant(kept));
    }

    @Test
    void draws_are_replayed_and_the_stream_is_restored() {
        RandomStream random = RandomStream.of(3, "dropout");
        random.nextGaussian(); // the stream holds a spare draw
        Runnable back = random.snapshot();
        double next = random.nextGaussian();
        back.run();
        GradientCheck check =
                GradientCheck.of(in -> dropout(in[0].exp(), random).tanh()).at(ROWS);
        assertEquals(Verdict.OK, check.order(2).restoring(random).run().verdict());
        assertEquals(next, random.nextGaussian());
        Report report = check.run();
        assertEquals(Verdict.NONDETERMINISTIC, report.verdict());
        assertTrue(report.toString().contains("restoring(..)"), report::toString);
    }

    @Test
    void a_network_that_draws_and_keeps_statistics_is_checked_by_its_variables() {
        Node w = Node.variable(Tensor.of(new double[][] {{0.5, -0.2}, {0.1, 0.9}, {-0.7, 0.3}}));
        Node mean = Node.variable(0.0, 0.0);
        RandomStream random = RandomStream.of(4, "dropout");
        Node x = Node.constant(ROWS);
        GradientCheck check = GradientCheck.of(Map.of("w", w), () -> dropout(centred(x.matmul(w), mean), random)
                .tanh());
        assertEquals(Verdict.NONDETERMINISTIC, check.run().verdict());
        mean.assign(Tensor.of(1, 2));
        check.restoring(mean).restoring(random).order(2).verify();
        assertEquals(Tensor.of(1, 2), mean.value());
    }

    /** Subtracts a running mean, and updates it with that of the batch. */
    private static Node centred(Node x, Node mean) {
        Node y = x.sub(mean.detach());
        mean.assign(mean.value().mul(0.9).add(x.value().mean(0).mul(0.1)));
        return y;
    }

    @Test
    void statistics_in_an_array_are_restored() {
        double[] count = {0};
        Function<Node[], Node> f = in -> in[0].exp().mul(++count[0]);
        Restorable state = () -> {
            double[] was = count.clone();
            return () -> System.arraycopy(was, 0, count, 0, was.length);
        };
        assertEquals(
                Verdict.NONDETERMINISTIC, GradientCheck.of(f).at(ROWS).run().verdict());
        count[0] = 7;
        Report report = GradientCheck.of(in -> f.apply(in).relu().sum())
                .at(Tensor.of(0.5, 0.25))
                .restoring(state)
                .run();
        assertEquals(Verdict.OK, report.verdict(), report::toString);
        assertEquals(7, count[0]);
    }

    @Test
    void state_is_restored_when_the_function_throws() {
        RandomStream random = RandomStream.of(5, "fails");
        Runnable back = random.snapshot();
        long next = random.nextLong();
        back.run();
        GradientCheck check = GradientCheck.of(in -> {
                    random.nextLong();
                    throw new UnsupportedOperationException("no");
                })
                .at(ROWS)
                .restoring(random);
        assertThrows(UnsupportedOperationException.class, check::run);
        assertEquals(next, random.nextLong());
    }

    private static Tensor expInPlace(Tensor x) {
        double[] shared = x.toDMatrix().data;
        for (int i = 0; i < shared.length; i++) {
            shared[i] = Math.exp(shared[i]);
        }
        return x;
    }

    @Test
    void an_op_that_writes_to_its_input_is_caught() {
        Op exp = unary("exp", GradientStateTest::expInPlace, (c, gy) -> gy.mul(c.y()));
        GradientCheck check =
                GradientCheck.of(in -> in[0].add(Node.of(exp, in[1]))).at(ROWS, ROWS);
        IllegalStateException e = assertThrows(IllegalStateException.class, check::run);
        assertTrue(e.getMessage().contains("input 1 at [0, 0] was changed from 0.3 to 1.34"), e::getMessage);
        Node w = Node.variable(ROWS.copy());
        GradientCheck ofModel = GradientCheck.of(Map.of("layer.w", w), () -> Node.of(exp, w));
        e = assertThrows(IllegalStateException.class, ofModel::run);
        assertTrue(e.getMessage().contains("layer.w at [0, 0]"), e::getMessage);
        assertEquals(ROWS, w.value());
    }

    @Test
    void a_rule_that_writes_to_an_input_or_to_the_gradient_of_its_output_is_caught() {
        Op input = elementwise("exp", Math::exp, (c, gy) -> gy.mul(Node.constant(expInPlace(c.x(0).value()))));
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> GradientCheck.of(input).at(ROWS).run());
        assertTrue(e.getMessage().contains("input 0 at [0, 0]"), e::getMessage);
        Op upstream = elementwise("neg", x -> -x, (c, gy) -> Node.constant(expInPlace(gy.value())));
        e = assertThrows(
                IllegalStateException.class,
                () -> GradientCheck.of(upstream).at(ROWS).run());
        assertTrue(e.getMessage().contains("the gradient of output at [0, 0]"), e::getMessage);
        assertEquals(0.3, ROWS.get(0, 0), "the point given is never handed out");
    }

    @Test
    void a_snapshot_restores_the_stream_each_time_it_is_run() {
        RandomStream random = RandomStream.of(6, "snapshots");
        Runnable back = random.snapshot();
        double[] first = {random.nextGaussian(), random.nextGaussian(), random.nextDouble()};
        back.run();
        double[] second = {random.nextGaussian(), random.nextGaussian(), random.nextDouble()};
        back.run();
        double[] third = {random.nextGaussian(), random.nextGaussian(), random.nextDouble()};
        assertEquals(Arrays.toString(first), Arrays.toString(second));
        assertEquals(Arrays.toString(first), Arrays.toString(third));
    }
}
