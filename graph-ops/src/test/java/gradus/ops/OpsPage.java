package gradus.ops;

import gradus.graph.CoreOps;
import gradus.graph.OpCase;
import gradus.graph.OpTable;
import gradus.graph.TorchComparison;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Generates docs/ops.md: every op and what its test cases check. */
final class OpsPage {
    private static final Set<String> COMPARED = TorchComparison.allNames(Facade.TOPICS);

    private OpsPage() {}

    static String text() {
        StringBuilder out = new StringBuilder(
                """
                # All ops

                Generated from the documentation of the methods and from the test cases; a test fails if an op has no case, or broadcasts and has no
                case that does. *PyTorch* is its name there, or that of another source. *Checked* is the highest order of derivative that is
                compared with finite differences in FLOAT64, in how many cases of different shapes; the value of each is compared in FLOAT32
                too. Of an op marked *compared*, values and gradients are compared with [PyTorch's](pytorch.md).
                """);
        families(OpTable.ofNode()).forEach((family, ops) -> section(out, family, ops, CoreOps.cases()));
        families(OpsGradientTest.OPS).forEach((topic, ops) -> section(out, topic, ops, OpsGradientTest.CASES));
        return out.toString();
    }

    private static Map<String, Map<String, List<Method>>> families(Map<String, List<Method>> ops) {
        Map<String, Map<String, List<Method>>> families = new LinkedHashMap<>();
        ops.forEach((name, methods) -> families.computeIfAbsent(
                        methods.get(0).getDeclaringClass().getSimpleName(), f -> new TreeMap<>())
                .put(name, methods));
        return new TreeMap<>(families);
    }

    private static void section(StringBuilder out, String family, Map<String, List<Method>> ops, List<OpCase> cases) {
        out.append("\n## ").append(family).append("\n\n");
        out.append("| op | arguments | computes | PyTorch | checked |\n|---|---|---|---|---|\n");
        ops.forEach((name, methods) -> {
            List<OpCase> own = cases.stream().filter(c -> c.op().equals(name)).toList();
            int order = own.stream().mapToInt(OpCase::order).max().orElse(0);
            OpDoc doc = OpDoc.of(methods);
            String takes = methods.stream().map(OpsPage::parameters).sorted().collect(Collectors.joining("<br>"));
            out.append("| `%s` | %s | %s | %s | order %d, %d cases%s |%n"
                    .formatted(
                            methods.get(0).getName().equals("of")
                                    ? methods.get(0).getDeclaringClass().getSimpleName() + ".of"
                                    : name,
                            takes,
                            doc.text(),
                            doc.counterpart(),
                            order,
                            own.size(),
                            COMPARED.contains(name) ? ", compared" : ""));
        });
    }

    private static String parameters(Method m) {
        return Arrays.stream(m.getParameters())
                .map(p -> (p.isVarArgs()
                                ? p.getType().getComponentType().getSimpleName() + "..."
                                : p.getType().getSimpleName())
                        + " " + p.getName())
                .collect(Collectors.joining(", ", "`(", ")`"));
    }
}
