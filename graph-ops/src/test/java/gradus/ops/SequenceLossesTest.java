package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceLossesTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final CtcOptions OPTIONS = CtcOptions.DEFAULT;

    /** Returns what is left of a path after equal neighbours are merged and blanks removed. */
    private static int[] collapsed(int blank, int... path) {
        return IntStream.range(0, path.length)
                .filter(i -> path[i] != blank && (i == 0 || path[i] != path[i - 1]))
                .map(i -> path[i])
                .toArray();
    }

    @Property(tries = 200)
    void the_loss_and_its_gradient_are_sums_over_all_alignments(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll @IntRange(min = 2, max = 3) int c,
            @ForAll @IntRange(min = 0, max = 3) int s) {
        RandomStream random = RandomStream.of(seed, "ctc");
        int blank = random.nextInt(c);
        double[] x = Tensor.uniform(Shape.of(t, 1, c), -3, 0, random).toDoubleArray();
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(5) == 0 ? -INF : x[i];
        }
        int[] target = IntStream.range(0, s)
                .map(i -> (blank + 1 + random.nextInt(c - 1)) % c)
                .toArray();
        double total = 0;
        double[] through = new double[x.length];
        int paths = (int) Math.pow(c, t);
        for (int code = 0; code < paths; code++) {
            int[] path = new int[t];
            double p = 1;
            for (int i = 0, rest = code; i < t; i++, rest /= c) {
                path[i] = rest % c;
                p *= Math.exp(x[i * c + path[i]]);
            }
            if (Arrays.equals(target, collapsed(blank, path))) {
                total += p;
                for (int i = 0; i < t; i++) {
                    through[i * c + path[i]] += p;
                }
            }
        }
        Node logs = variable(Tensor.of(Shape.of(t, 1, c), x));
        Tensor targets =
                Tensor.of(Shape.of(1, s), Arrays.stream(target).asDoubleStream().toArray());
        CtcOptions options = OPTIONS.blank(blank).zeroInfinity(true).reduction(Reduction.SUM);
        Node loss = SequenceLosses.ctc(logs, targets, new int[] {t}, new int[] {s}, options);
        assertEquals(total == 0 ? 0 : -Math.log(total), loss.item(), 1e-13);
        double[] slope = loss.backward().of(logs).value().toDoubleArray();
        for (int i = 0; i < x.length; i++) {
            assertEquals(total == 0 ? 0 : -through[i] / total, slope[i], 1e-13);
        }
    }

    /** Returns the sum of the losses of targets without equal neighbours, by a composition of ops for each frame. */
    private static Node composed(Node logs, int[][] targets, int... frames) {
        Node sum = constant(0.0);
        for (int b = 0; b < targets.length; b++) {
            int states = 2 * targets[b].length + 1;
            double[] labels = new double[states];
            double[] starts = new double[states];
            double[] skips = new double[states];
            for (int i = 0; i < states; i++) {
                labels[i] = i % 2 == 0 ? 0 : targets[b][i / 2];
                starts[i] = i < 2 ? 0 : -INF;
                skips[i] = i % 2 == 0 || i < 3 ? -INF : 0;
            }
            Node e = logs.select(1, b)
                    .gather(
                            1,
                            Tensor.of(Shape.of(1, states), labels)
                                    .expandTo(Shape.of(logs.shape().dim(0), states)));
            Node none = constant(-INF).expandTo(Shape.of(1));
            Node a = e.select(0, 0).add(constant(starts));
            for (int t = 1; t < frames[b]; t++) {
                Node once = Node.concat(0, none, a.slice(0, 0, states - 1));
                Node twice = Node.concat(0, none, once.slice(0, 0, states - 1)).add(constant(skips));
                a = Node.stack(0, a, once, twice).logSumExp(0).add(e.select(0, t));
            }
            sum = sum.sub(a.slice(0, Math.max(0, states - 2), states).logSumExp(0));
        }
        return sum;
    }

    @Property(tries = 30)
    void the_loss_and_its_derivatives_are_those_of_a_composition(@ForAll long seed) {
        RandomStream random = RandomStream.of(seed, "ctc");
        Tensor at = Tensor.uniform(Shape.of(7, 3, 4), -4, 0, random);
        Tensor v = Tensor.normal(at.shape(), 0, 1, random);
        int[][] targets = {{1, 2, 1}, {3}, {}};
        int[] frames = {7, 4 + random.nextInt(3), 2};
        Tensor padded = Tensor.of(new double[][] {{1, 2, 1}, {3, -1, -1}, {-1, -1, -1}});
        UnaryOperator<Node> fused =
                x -> SequenceLosses.ctc(x, padded, frames, new int[] {3, 1, 0}, OPTIONS.reduction(Reduction.SUM));
        UnaryOperator<Node> composed = x -> composed(x, targets, frames);
        UnaryOperator<Node> slope = Derivatives.grad(
                x -> Derivatives.grad(fused).apply(x).mul(constant(v)).sum());
        UnaryOperator<Node> expected = Derivatives.grad(
                x -> Derivatives.grad(composed).apply(x).mul(constant(v)).sum());
        assertNear(
                composed.apply(constant(at)).value(), fused.apply(constant(at)).value());
        assertNear(Derivatives.vjp(composed, at, Tensor.of(1.0)), Derivatives.vjp(fused, at, Tensor.of(1.0)));
        assertNear(Derivatives.hvp(composed, at, v), Derivatives.hvp(fused, at, v));
        assertNear(Derivatives.vjp(expected, at, v), Derivatives.vjp(slope, at, v)); // the third
    }

    private static void assertNear(Tensor expected, Tensor actual) {
        double gap = expected.sub(actual).abs().max().item();
        assertTrue(gap < 1e-12, () -> gap + " off: " + expected + " and " + actual);
    }

    @Test
    void with_equal_probabilities_the_loss_counts_the_alignments() {
        int t = 300;
        int s = 40;
        double[] labels = IntStream.range(0, s).mapToDouble(i -> 1 + i % 2).toArray();
        Node x = variable(Tensor.full(Shape.of(t, 1, 3), -Math.log(3), DType.FLOAT64));
        Node loss = SequenceLosses.ctc(
                x, Tensor.of(Shape.of(1, s), labels), new int[] {t}, new int[] {s}, OPTIONS.reduction(Reduction.SUM));
        double alignments = 0; // s labels that differ from their neighbours: t + s choose 2 s
        for (int i = 1; i <= 2 * s; i++) {
            alignments += Math.log(t - s + i) - Math.log(i);
        }
        assertEquals(t * Math.log(3) - alignments, loss.item(), 1e-11);
        assertEquals(-t, loss.backward().of(x).value().sum().item(), 1e-10);
    }

    @Property(tries = 20)
    void examples_do_not_depend_on_each_other_and_frames_beyond_a_length_have_no_effect(@ForAll long seed) {
        Tensor x = Tensor.uniform(Shape.of(6, 3, 4), -5, 0, RandomStream.of(seed, "ctc"));
        Tensor targets = Tensor.of(new double[][] {{1, 1, 2}, {3, 2, 0}, {1, -9, 77}});
        int[] frames = {6, 3, 4};
        int[] labels = {3, 2, 1};
        double[] changed = x.toDoubleArray();
        for (int b = 0; b < 3; b++) {
            for (int i = frames[b]; i < 6; i++) {
                changed[(i * 3 + b) * 4 + i % 4] = i % 2 == 0 ? Double.NaN : INF;
            }
        }
        Node all = variable(Tensor.of(x.shape(), changed));
        Node terms = SequenceLosses.ctc(all, targets, frames, labels, OPTIONS.reduction(Reduction.NONE));
        Tensor slope = terms.sum().backward().of(all).value();
        double mean = 0;
        for (int b = 0; b < 3; b++) {
            Node one = variable(x.slice(0, 0, frames[b]).slice(1, b, b + 1));
            Tensor target = targets.slice(0, b, b + 1);
            Node loss = SequenceLosses.ctc(
                    one, target, new int[] {frames[b]}, new int[] {labels[b]}, OPTIONS.reduction(Reduction.SUM));
            assertEquals(loss.item(), terms.value().get(b), 1e-13);
            mean += loss.item() / labels[b] / 3;
            Tensor gap = loss.backward()
                    .of(one)
                    .value()
                    .sub(slope.slice(0, 0, frames[b]).slice(1, b, b + 1))
                    .abs();
            assertTrue(gap.max().item() < 1e-13, gap::toString);
            if (frames[b] < 6) {
                Tensor beyond = slope.slice(0, frames[b], 6).slice(1, b, b + 1).abs();
                assertEquals(0, beyond.max().item());
            }
        }
        assertEquals(mean, SequenceLosses.ctc(all, targets, frames, labels).item(), 1e-13);
    }

    static Stream<Arguments> bad() {
        Node x = constant(Tensor.zeros(3, 2, 4));
        Tensor t = Tensor.of(new double[][] {{1, 1}, {2, 3}});
        int[] frames = {3, 2};
        int[] labels = {2, 2};
        Node masked = constant(Tensor.full(Shape.of(3, 2, 4), -INF, DType.FLOAT64));
        return Stream.of(
                bad(
                        () -> SequenceLosses.ctc(constant(1.0), t, frames, labels),
                        "ctc: [] x [2, 2]: it takes log-probabilities [t, n, c] and targets [n, s] with n from 1 up"),
                bad(
                        () -> SequenceLosses.ctc(x, Tensor.ones(3, 2), frames, labels),
                        "ctc: [3, 2, 4] x [3, 2]: it takes"),
                bad(
                        () -> SequenceLosses.ctc(x.add(0.5), t, frames, labels),
                        "ctc: [3, 2, 4]: element at [0, 0, 0] is 0.5; these are not log-probabilities: take logSoftmax first"),
                bad(() -> SequenceLosses.ctc(x, t, new int[] {3}, labels), "1 input lengths for 2 examples"),
                bad(
                        () -> SequenceLosses.ctc(x, t, new int[] {3, 4}, labels),
                        "input length 4 of example 1 is not from 1 to 3"),
                bad(() -> SequenceLosses.ctc(x, t, new int[] {0, 1}, labels), "input length 0 of example 0"),
                bad(
                        () -> SequenceLosses.ctc(x, t, frames, new int[] {2, 3}),
                        "target length 3 of example 1 is not from 0 to 2"),
                bad(() -> SequenceLosses.ctc(x, t, frames, labels, OPTIONS.blank(4)), "blank 4 is none of 4 classes"),
                bad(() -> SequenceLosses.ctc(x, t, frames, labels, OPTIONS.blank(3)), "label 3 at [1, 1] is the blank"),
                bad(
                        () -> SequenceLosses.ctc(x, Tensor.of(new double[][] {{1, 4}, {1, 1}}), frames, labels),
                        "label 4 at [0, 1] is out of range: they run from 0 to 3"),
                bad(
                        () -> SequenceLosses.ctc(x, t, new int[] {2, 2}, labels),
                        "ctc: [3, 2, 4]: example 0 has no alignment: its labels need 3 frames, it has 2; zeroInfinity ignores it"),
                bad(
                        () -> SequenceLosses.ctc(masked, t, frames, labels),
                        "example 0 has no alignment: each has probability 0"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_does_not_fit_is_named(Executable what, String message) {
        String found = assertThrows(OperandMismatch.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }

    @Test
    void null_lengths_are_named() {
        Node x = constant(Tensor.zeros(1, 1, 2));
        String message = assertThrows(
                        NullPointerException.class, () -> SequenceLosses.ctc(x, Tensor.ones(1, 1), new int[] {1}, null))
                .getMessage();
        assertEquals("ctc: targetLengths is null", message);
    }
}
