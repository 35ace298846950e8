package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values and gradients against those that fixtures.py recorded from PyTorch. */
class TorchTest {
    /** The methods that are not compared with PyTorch. */
    private static final Map<String, String> NO_COUNTERPART = Map.of(
            "cbrt()", "PyTorch has no cube root",
            "to(DType)", "the only op of two number types; tested in BackpropTest");

    private static final Path PAGE = Path.of(System.getProperty("gradus.root"), "docs", "pytorch.md");

    private final TorchComparison comparison = new TorchComparison(List.of(), TorchComparison.FAMILIES);

    @TestFactory
    Stream<DynamicTest> values_and_gradients_are_those_of_pytorch() {
        assertTrue(comparison.size() > 1500, "only " + comparison.size() + " cases were found");
        return comparison.tests();
    }

    @Test
    void every_documented_difference_occurs_for_each_function_that_it_names() {
        assertEquals(Set.of(), comparison.staleDifferences());
    }

    @Test
    void every_wider_tolerance_is_needed_by_each_function_that_it_names() {
        assertEquals(Set.of(), comparison.staleBounds());
    }

    @Test
    void every_function_that_a_difference_or_tolerance_names_has_cases() {
        Set<String> named = TorchDifferences.names();
        named.removeAll(comparison.ops());
        named.removeAll(new TorchComparison(List.of(), TorchComparison.TOPICS).ops());
        assertEquals(Set.of(), named);
    }

    private Map<String, String> withoutFixture() {
        Map<String, String> methods = Stream.concat(
                        Arrays.stream(Node.class.getInterfaces())
                                .filter(family -> family != Differentiable.class)
                                .flatMap(family -> Arrays.stream(family.getDeclaredMethods()))
                                .filter(m -> m.isDefault()),
                        Stream.of("concat", "stack").flatMap(TorchTest::staticMethods))
                .map(TorchTest::signature)
                .collect(Collectors.toMap(
                        s -> s, s -> NO_COUNTERPART.getOrDefault(s, "not compared yet"), (a, b) -> a, TreeMap::new));
        comparison.methods().forEach(m -> methods.remove(signature(m)));
        return methods;
    }

    private static Stream<Method> staticMethods(String name) {
        return Arrays.stream(Node.class.getMethods())
                .filter(m -> Modifier.isStatic(m.getModifiers()) && m.getName().equals(name));
    }

    private static String signature(Method m) {
        return m.getName()
                + Arrays.stream(m.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** Rewrite the page with {@code mvn -q test -pl graph-core -Dtest=TorchTest -Dgradus.write}. */
    @Test
    void the_page_lists_the_differences_and_what_is_not_compared() throws IOException {
        String page = TorchDifferences.page(withoutFixture());
        if (System.getProperty("gradus.write") != null) {
            Files.writeString(PAGE, page);
        }
        assertEquals(page, Files.readString(PAGE));
        assertTrue(withoutFixture().keySet().containsAll(NO_COUNTERPART.keySet()));
    }
}
