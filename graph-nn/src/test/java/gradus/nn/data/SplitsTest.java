package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

class SplitsTest {
    /** Examples whose input is their index, of classes 0 to 2 in the given numbers. */
    private static Dataset classes(int... counts) {
        int[] classes = IntStream.range(0, counts.length)
                .flatMap(c -> IntStream.generate(() -> c).limit(counts[c]))
                .toArray();
        return Dataset.of(Tensor.range(0, classes.length).reshape(classes.length, 1), classes);
    }

    private static int[] indices(Dataset part) {
        return part.x().reshape(-1).toIntArray();
    }

    private static void assertDisjointAndComplete(int n, List<Dataset> parts) {
        int[] all = parts.stream()
                .flatMapToInt(p -> Arrays.stream(indices(p)))
                .sorted()
                .toArray();
        assertArrayEquals(IntStream.range(0, n).toArray(), all);
    }

    @Property(tries = 50)
    void a_stratified_part_has_every_class_in_proportion(
            @ForAll @IntRange(min = 5, max = 60) int a, @ForAll @IntRange(min = 5, max = 60) int b, @ForAll long seed) {
        Dataset d = classes(a, b);
        List<Dataset> parts = Splits.stratified(d, seed, 0.6, 0.2, 0.2);
        assertDisjointAndComplete(a + b, parts);
        assertArrayEquals(
                indices(parts.get(1)),
                indices(Splits.stratified(d, seed, 0.6, 0.2, 0.2).get(1)));
        for (int p = 0; p < 3; p++) {
            int[] counts = ClassBalance.counts(parts.get(p));
            double fraction = p == 0 ? 0.6 : 0.2;
            assertEquals(fraction * a, counts[0], 1);
            assertEquals(fraction * b, counts[1], 1);
        }
    }

    @Test
    void a_stratified_part_is_not_ordered_by_class() {
        int[] classes = Splits.stratified(classes(50, 50), 1, 0.5).get(0).classes();
        int changes = 0;
        for (int i = 1; i < classes.length; i++) {
            changes += classes[i] == classes[i - 1] ? 0 : 1;
        }
        assertTrue(changes > 10, changes + " changes of class");
    }

    @Property(tries = 50)
    void no_group_is_in_two_parts(@ForAll @IntRange(min = 10, max = 80) int n, @ForAll long seed) {
        int[] groups = IntStream.range(0, n).map(i -> i % 5 - 2).toArray();
        List<Dataset> parts = Splits.byGroups(classes(n), seed, groups, 0.6, 0.4);
        assertDisjointAndComplete(n, parts);
        Set<Integer> first = groups(parts.get(0), groups);
        Set<Integer> second = groups(parts.get(1), groups);
        assertEquals(3, first.size());
        assertEquals(2, second.size());
        first.retainAll(second);
        assertEquals(Set.of(), first);
    }

    private static Set<Integer> groups(Dataset part, int... groups) {
        Set<Integer> found = new HashSet<>();
        Arrays.stream(indices(part)).forEach(i -> found.add(groups[i]));
        return found;
    }

    @Property(tries = 50)
    void each_example_is_tested_once(
            @ForAll @IntRange(min = 7, max = 60) int n, @ForAll @IntRange(min = 2, max = 7) int k, @ForAll long seed) {
        List<Splits.Fold> folds = Splits.kFold(classes(n), k, seed);
        assertEquals(k, folds.size());
        assertDisjointAndComplete(n, folds.stream().map(Splits.Fold::test).toList());
        for (Splits.Fold fold : folds) {
            assertDisjointAndComplete(n, List.of(fold.train(), fold.test()));
            assertTrue(Math.abs(fold.test().size() - (double) n / k) < 1);
        }
    }

    @Property(tries = 50)
    void a_stratified_fold_has_every_class_in_proportion(
            @ForAll @IntRange(min = 5, max = 40) int a, @ForAll @IntRange(min = 5, max = 40) int b, @ForAll long seed) {
        List<Splits.Fold> folds = Splits.stratifiedKFold(classes(a, b), 5, seed);
        assertDisjointAndComplete(a + b, folds.stream().map(Splits.Fold::test).toList());
        for (Splits.Fold fold : folds) {
            int[] counts = ClassBalance.counts(fold.test());
            assertTrue(Math.abs(counts[0] - a / 5.0) < 1 && Math.abs(counts[1] - b / 5.0) < 1);
        }
    }

    @Test
    void balanced_weights_are_those_of_scikit_learn() {
        assertArrayEquals(new int[] {6, 3, 1}, ClassBalance.counts(classes(6, 3, 1)));
        assertEquals(Tensor.of(10 / 18.0, 10 / 9.0, 10 / 3.0), ClassBalance.weights(classes(6, 3, 1)));
        assertArrayEquals(new int[] {6, 0, 1}, ClassBalance.counts(classes(6, 0, 1)));
    }

    @Test
    void oversampling_repeats_the_examples_of_rare_classes_evenly() {
        Dataset d = ClassBalance.oversampled(classes(7, 3), 5);
        assertArrayEquals(new int[] {7, 7}, ClassBalance.counts(d));
        int[] times = new int[10];
        Arrays.stream(indices(d)).forEach(i -> times[i]++);
        for (int i = 0; i < 10; i++) {
            assertTrue(i < 7 ? times[i] == 1 : times[i] == 2 || times[i] == 3, Arrays.toString(times));
        }
        assertEquals(d.x(), ClassBalance.oversampled(classes(7, 3), 5).x());
    }

    static Stream<Arguments> refusals() {
        Dataset d = classes(6, 0, 1);
        Dataset values = Dataset.of(Tensor.zeros(2, 1), Tensor.of(0, 1.5));
        return Stream.of(
                bad(
                        () -> Splits.stratified(d, 1, 0.5, 0.5),
                        "stratified: class 2 has 1 examples, none of which is in the part of fraction 0.5"),
                bad(() -> Splits.stratified(d, 1, 0.5, 0.6), "stratified: fractions [0.5, 0.6] sum to more than 1"),
                bad(() -> Splits.stratified(d, 1, 0.0), "stratified: fraction 0.0 must be positive"),
                bad(
                        () -> Splits.stratified(values, 1, 0.5),
                        "stratified: classes: the target of example 1 is 1.5; a class is a whole number from 0 up"),
                bad(() -> Splits.byGroups(d, 1, new int[6], 0.5), "byGroups: 6 groups for 7 examples"),
                bad(() -> Splits.byGroups(d, 1, new int[7], 0.4, 0.6), "byGroups: a fraction 0.4 of 1 groups is none"),
                bad(() -> Splits.kFold(d, 8, 1), "kFold: k 8 must be from 2 to the number of examples, 7"),
                bad(() -> Splits.kFold(d, 1, 1), "kFold: k 1 must be from 2 to the number of examples, 7"),
                bad(
                        () -> Splits.stratifiedKFold(d, 3, 1),
                        "stratifiedKFold: class 2 has 1 examples, too few for 3 folds"),
                bad(() -> Splits.stratifiedKFold(d, 1, 1), "stratifiedKFold: k 1 must be at least 2"),
                bad(() -> ClassBalance.weights(d), "weights: class 1 of 3 has no example"),
                bad(() -> ClassBalance.oversampled(d, 1), "oversampled: class 1 of 3 has no example"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void what_cannot_be_divided_is_named(Executable what, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
    }
}
