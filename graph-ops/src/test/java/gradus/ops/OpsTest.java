package gradus.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.graph.OpTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpsTest {
    private static final Path FILE = Path.of("src/generated/java/gradus/ops/Ops.java");

    private static final Path PAGE = Path.of(System.getProperty("gradus.root"), "docs", "ops.md");

    /** Rewrite the page with {@code mvn -q test -pl graph-core,graph-ops -Dgradus.write}. */
    @Test
    void the_page_of_all_ops_matches_the_test_cases() throws IOException {
        if (System.getProperty("gradus.write") != null) {
            Files.writeString(PAGE, OpsPage.text());
        }
        assertEquals(OpsPage.text(), Files.readString(PAGE));
    }

    @Test
    void every_op_says_what_it_computes_and_what_its_counterpart_is() {
        Set<String> missing = Stream.of(OpTable.ofNode(), OpsGradientTest.OPS)
                .flatMap(ops -> ops.entrySet().stream())
                .filter(op -> OpDoc.of(op.getValue()).text().isEmpty()
                        || OpDoc.of(op.getValue()).counterpart().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), missing);
    }

    /** Rewrite the file with {@code mvn -q test -pl graph-core,graph-ops -Dgradus.write}. */
    @Test
    void the_static_facade_matches_the_op_methods() throws IOException {
        if (System.getProperty("gradus.write") != null) {
            Files.writeString(FILE, Facade.source());
        }
        assertTrue(Facade.source().contains("Node relu(Node x)"));
        assertEquals(Facade.source(), Files.readString(FILE));
    }
}
