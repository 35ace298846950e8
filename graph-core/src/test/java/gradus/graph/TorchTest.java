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
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values and gradients against PyTorch's, on the calls that fixtures.py made there. */
class TorchTest {
    private static final List<String> FAMILIES = List.of(
            "arithmetic",
            "elementary",
            "trigonometry",
            "activations",
            "comparing",
            "reductions",
            "shaping",
            "pieces",
            "selecting",
            "products");

    /** The methods that PyTorch could not be asked about. */
    private static final Map<String, String> NO_COUNTERPART = Map.of(
            "cbrt()", "PyTorch has no cube root",
            "to(DType)", "the one op of two number types; a case has one, and BackpropTest has this op");

    private static final Path PAGE = Path.of(System.getProperty("gradus.root"), "docs", "pytorch.md");

    private final TorchComparison comparison = new TorchComparison(List.of(), FAMILIES);

    @TestFactory
    Stream<DynamicTest> values_and_gradients_are_those_of_pytorch() {
        assertTrue(comparison.size() > 1500, "only " + comparison.size() + " cases were found");
        return comparison.tests();
    }

    @Test
    void every_difference_on_purpose_is_borne_out_by_each_function_that_it_names() {
        assertEquals(Set.of(), comparison.staleDifferences());
    }

    @Test
    void every_wider_bound_is_needed_by_each_function_that_it_names() {
        assertEquals(Set.of(), comparison.staleBounds());
    }

    @Test
    void every_function_that_a_difference_or_a_bound_names_has_cases() {
        Set<String> named = TorchDifferences.names();
        named.removeAll(comparison.ops());
        named.removeAll(new TorchComparison(List.of(), List.of("losses")).ops());
        assertEquals(Set.of(), named);
    }

    @Test
    void pytorch_was_asked_about_every_method_of_the_families_but_those_it_lacks() {
        Set<String> methods = Stream.concat(
                        Arrays.stream(Node.class.getInterfaces())
                                .filter(family -> family != Differentiable.class)
                                .flatMap(family -> Arrays.stream(family.getDeclaredMethods()))
                                .filter(m -> m.isDefault()),
                        Stream.of("concat", "stack").flatMap(TorchTest::staticMethods))
                .map(TorchTest::signature)
                .collect(Collectors.toCollection(TreeSet::new));
        comparison.methods().forEach(m -> methods.remove(signature(m)));
        assertEquals(new TreeSet<>(NO_COUNTERPART.keySet()), methods);
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

    /** Write the page anew with {@code mvn -q test -pl graph-core -Dtest=TorchTest -Dgradus.write}. */
    @Test
    void the_page_of_differences_is_what_the_list_says() throws IOException {
        if (System.getProperty("gradus.write") != null) {
            Files.writeString(PAGE, TorchDifferences.page());
        }
        assertEquals(TorchDifferences.page(), Files.readString(PAGE));
    }
}
