package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.graph.TorchCase.Finding;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The comparison of Gradus's values and gradients with PyTorch's, for some families of functions. */
public final class TorchComparison {
    /** The families of Node's methods, and so the fixtures' names. */
    static final List<String> FAMILIES = List.of(
            "arithmetic",
            "elementary",
            "trigonometry",
            "activations",
            "comparing",
            "reductions",
            "scans",
            "shaping",
            "slicing",
            "indexing",
            "sorting",
            "products");

    /** The fixtures of the static functions of graph-ops. */
    public static final List<String> TOPICS = List.of(
            "attention",
            "convolutions",
            "distances",
            "distributions",
            "fourier",
            "linear",
            "losses",
            "margins",
            "normalization",
            "padding",
            "positions",
            "recurrent",
            "search",
            "sequences",
            "tensor_products",
            "upsampling");

    private final List<Class<?>> topics;
    private final List<TorchCase> cases;

    /**
     * Reads the families.
     *
     * @param topics the classes whose static functions are called besides Node's methods
     */
    public TorchComparison(List<Class<?>> topics, List<String> families) {
        this.topics = topics;
        this.cases = families.stream().flatMap(f -> TorchCase.read(f).stream()).toList();
    }

    /** Returns the names of all functions that are compared with PyTorch, Node's and those of the topics. */
    public static Set<String> allNames(List<Class<?>> topics) {
        List<String> all = Stream.concat(FAMILIES.stream(), TOPICS.stream()).toList();
        return new TorchComparison(topics, all)
                .methods().stream().map(OpTable::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the number of cases. */
    public int size() {
        return cases.size();
    }

    /** Returns a test for every function: each difference is a documented one. */
    public Stream<DynamicTest> tests() {
        Map<String, List<TorchCase>> byOp =
                cases.stream().collect(Collectors.groupingBy(TorchCase::op, TreeMap::new, Collectors.toList()));
        return byOp.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> requireExplained(e.getValue())));
    }

    private void requireExplained(List<TorchCase> ofOneOp) {
        List<String> unexplained = ofOneOp.stream()
                .flatMap(c -> c.findings(topics).stream())
                .filter(f -> !explained(f))
                .map(Finding::toString)
                .toList();
        assertTrue(
                unexplained.isEmpty(),
                () -> unexplained.size() + " differ:\n"
                        + unexplained.stream().limit(20).collect(Collectors.joining("\n")));
    }

    private static boolean explained(Finding f) {
        return TorchDifferences.ALL.stream().anyMatch(d -> d.explains(f));
    }

    /** Returns the documented differences that occur in no case, one for each function of these families that they name. */
    public Set<String> staleDifferences() {
        List<Finding> findings =
                cases.stream().flatMap(c -> c.findings(topics).stream()).toList();
        Set<String> ops = ops();
        Set<String> stale = new TreeSet<>();
        for (TorchDifference d : TorchDifferences.ALL) {
            for (String op : d.named()) {
                if (ops.contains(op)
                        && findings.stream().noneMatch(f -> f.of().op().equals(op) && d.explains(f))) {
                    stale.add(op + ": " + d.where());
                }
            }
        }
        return stale;
    }

    /** Returns the functions of these families that have a tolerance of their own without needing it. */
    public Set<String> staleBounds() {
        Set<String> stale = ops();
        stale.retainAll(TorchDifferences.bounded());
        cases.stream()
                .filter(c -> stale.contains(c.op()) && isDouble(c))
                .filter(c ->
                        c.findings(topics, TorchDifferences.DOUBLES).stream().anyMatch(f -> !explained(f)))
                .toList()
                .forEach(c -> stale.remove(c.op()));
        return stale;
    }

    private static boolean isDouble(TorchCase c) {
        return c.inputs().get(0).dtype() == DType.FLOAT64;
    }

    /** Returns the names of the functions that there are cases of, without KeepDims. */
    public Set<String> ops() {
        return cases.stream().map(TorchCase::op).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the methods that cases in double precision call: the others are without gradients. */
    public Set<Method> methods() {
        return cases.stream()
                .filter(TorchComparison::isDouble)
                .flatMap(c -> c.methods(topics).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
