package gradus.graph.check;

import gradus.array.RandomStream;
import gradus.array.Restorable;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The run of a gradient check: one {@link GradientComparison} per order, at one point. If the point was drawn and lies near
 * a kink, the elements near it are drawn again. Variables and state are restored in any case.
 */
final class GradientRun {
    private static final int REDRAWS = 10;

    private final Function<Node[], Node[]> f;
    private final List<String> names;
    private final Node[] bound;
    private final GradientPoint point;
    private final GradientSettings settings;
    private final Runnable restore;
    private int[] kinks = {};

    /** Prepares a check; the state to come back to is the present one. */
    GradientRun(
            Function<Node[], Node[]> f,
            List<String> names,
            Node[] bound,
            GradientPoint point,
            GradientSettings settings) {
        this.f = f;
        this.names = names;
        this.bound = bound;
        this.point = point;
        this.settings = settings;
        List<Runnable> snapshots =
                settings.state().stream().map(Restorable::snapshot).toList();
        this.restore = () -> snapshots.forEach(Runnable::run);
    }

    Report run() {
        Tensor[] own = Arrays.stream(bound).map(Node::value).toArray(Tensor[]::new);
        try {
            return bound.length > 0 ? orders(own) : atPoint();
        } finally {
            for (int i = 0; i < own.length; i++) {
                bound[i].assign(own[i]);
            }
            restore.run();
        }
    }

    private Report atPoint() {
        RandomStream random = RandomStream.of(settings.seed(), "gradient check, point");
        Tensor[] at = point.tensors(settings.dtype(), random);
        Report report = orders(at);
        if (report.verdict() == Verdict.NOT_FINITE && point.isDrawn()) {
            return report.withDetail("set the interval to draw from with smoothOn(low, high)");
        }
        int redrawn = 0;
        for (int i = 0; i < REDRAWS && point.isDrawn() && report.verdict() == Verdict.KINK; i++) {
            at = point.redrawn(at, random, kinks);
            redrawn += kinks.length;
            report = orders(at);
        }
        return redrawn == 0 ? report : report.withDetail("near a kink, " + redrawn + " numbers were drawn again");
    }

    private Report orders(Tensor... at) {
        FlatFunction first = new FlatFunction(f, names, bound, restore, at);
        FlatFunction g = first;
        Report report = null;
        GradientComparison ofOrderOne = null;
        int compared = 0;
        for (int k = 1; k <= settings.order(); k++) {
            g = k == 1 ? g : g.gradient(settings.seed() + k);
            GradientComparison comparison =
                    new GradientComparison(g, settings.withSeed(settings.seed() + (k == 1 ? 0 : k)), k);
            ofOrderOne = k == 1 ? comparison : ofOrderOne;
            report = comparison.run();
            compared += report.comparisons();
            if (report.verdict() != Verdict.OK) {
                kinks = comparison.kinks(); // of the point; those of cotangents, which come after it, lie outside
                break;
            }
        }
        Report all = report.withComparisons(compared);
        return all.verdict() == Verdict.OK ? influence(first, ofOrderOne, all) : all;
    }

    /** Notes for which inputs a check that found nothing wrong has tested nothing. */
    private Report influence(FlatFunction g, GradientComparison compared, Report report) {
        if (g.x.length == 0) {
            return report;
        }
        boolean[] reached = g.reached();
        int[] idle = IntStream.range(0, reached.length)
                .filter(i -> !reached[i] && g.inputs.shape(i).size() > 0)
                .toArray();
        Report noted = report;
        for (int i : idle) {
            noted = noted.withDetail(names.get(i) + " has no influence on the output: is it used?");
        }
        for (int i = 0; i < reached.length; i++) {
            String untested = compared.coverage().untested(i);
            noted = untested.isEmpty() ? noted : noted.withDetail(untested);
        }
        boolean any = IntStream.range(0, reached.length).anyMatch(i -> reached[i]);
        return any ? noted : noted.withVerdict(Verdict.NO_INFLUENCE);
    }
}
