package gradus.nn.data;

import gradus.array.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Divides data sets into disjoint parts, as {@link Dataset#split} does, with a condition on what each part has: stratified (each class in
 * proportion), by groups (no group in two parts), and folds of cross-validation. The same seed gives the same parts. Parts are views.
 */
public final class Splits {
    private static final int MOST_CLASSES = 1 << 20;

    private Splits() {}

    /**
     * One round of cross-validation.
     *
     * @param train the examples of the other folds
     * @param test the examples of this fold
     */
    public record Fold(Dataset train, Dataset test) {
        /** Checks for null. */
        public Fold {
            Objects.requireNonNull(train, "Fold: train is null");
            Objects.requireNonNull(test, "Fold: test is null");
        }
    }

    /**
     * Returns random parts of the given fractions, of each class separately, so that every part has every class in proportion, rounded. Each part is in
     * random order.
     *
     * @throws IllegalArgumentException if a target is not a class, fractions are not those of a {@link Dataset#split}, or a part
     *     would lack a class, which the message names
     */
    public static List<Dataset> stratified(Dataset examples, long seed, double... fractions) {
        Objects.requireNonNull(examples, "stratified: examples is null");
        Objects.requireNonNull(fractions, "stratified: fractions is null");
        requireFractions("stratified", fractions);
        int[][] byClass = byClass("stratified", examples);
        List<List<Integer>> parts = emptyParts(fractions.length);
        RandomStream random = RandomStream.of(seed, "stratified");
        for (int c = 0; c < byClass.length; c++) {
            int[] order = shuffled(random, byClass[c]);
            int[] ends = ends(order.length, fractions);
            for (int p = 0, from = 0; p < ends.length; from = ends[p++]) {
                if (order.length > 0 && ends[p] == from) {
                    throw new IllegalArgumentException("stratified: class " + c + " has " + order.length
                            + " examples, none of which is in the part of fraction " + fractions[p]);
                }
                add(parts.get(p), order, from, ends[p]);
            }
        }
        return parts.stream().map(p -> view(examples, random, p)).toList();
    }

    /**
     * Returns random parts with whole groups: examples of one group, of one patient or one writer for example, are all in one part. The groups are divided by
     * the fractions, not the examples. scikit-learn's {@code GroupShuffleSplit}.
     *
     * @param groups the group of each example, any numbers
     * @throws IllegalArgumentException if there is not one group for each example, fractions are not those of a {@link Dataset#split}, or
     *     a part has no group
     */
    public static List<Dataset> byGroups(Dataset examples, long seed, int[] groups, double... fractions) {
        Objects.requireNonNull(examples, "byGroups: examples is null");
        Objects.requireNonNull(groups, "byGroups: groups is null");
        Objects.requireNonNull(fractions, "byGroups: fractions is null");
        if (groups.length != examples.size()) {
            throw new IllegalArgumentException(
                    "byGroups: " + groups.length + " groups for " + examples.size() + " examples");
        }
        requireFractions("byGroups", fractions);
        int[] distinct = Arrays.stream(groups).distinct().sorted().toArray();
        RandomStream random = RandomStream.of(seed, "groups");
        int[] order = shuffled(random, distinct);
        int[] ends = ends(order.length, fractions);
        List<Dataset> parts = new ArrayList<>();
        for (int p = 0, from = 0; p < ends.length; from = ends[p++]) {
            if (ends[p] == from) {
                throw new IllegalArgumentException(
                        "byGroups: a fraction " + fractions[p] + " of " + order.length + " groups is none");
            }
            int[] own = Arrays.copyOfRange(order, from, ends[p]);
            Arrays.sort(own);
            List<Integer> indices = IntStream.range(0, groups.length)
                    .filter(i -> Arrays.binarySearch(own, groups[i]) >= 0)
                    .boxed()
                    .toList();
            parts.add(view(examples, random, indices));
        }
        return parts;
    }

    /**
     * Returns k rounds of cross-validation: the examples in random order are divided into k folds, whose sizes differ by one at most, and
     * each is the test set once.
     *
     * @throws IllegalArgumentException if k is not from 2 to the number of examples
     */
    public static List<Fold> kFold(Dataset examples, int k, long seed) {
        Objects.requireNonNull(examples, "kFold: examples is null");
        if (k < 2 || k > examples.size()) {
            throw new IllegalArgumentException(
                    "kFold: k " + k + " must be from 2 to the number of examples, " + examples.size());
        }
        int[] order = RandomStream.of(seed, "folds").permutation(examples.size());
        return folds(examples, k, order);
    }

    /**
     * Returns k rounds of cross-validation whose folds have every class in proportion: the numbers of a class in two folds differ by one at
     * most. scikit-learn's {@code StratifiedKFold}.
     *
     * @throws IllegalArgumentException if k is less than 2, a target is not a class, or a class has fewer than k examples, which the message
     *     names
     */
    public static List<Fold> stratifiedKFold(Dataset examples, int k, long seed) {
        Objects.requireNonNull(examples, "stratifiedKFold: examples is null");
        if (k < 2) {
            throw new IllegalArgumentException("stratifiedKFold: k " + k + " must be at least 2");
        }
        int[][] byClass = byClass("stratifiedKFold", examples);
        RandomStream random = RandomStream.of(seed, "folds");
        List<Integer> order = new ArrayList<>();
        for (int c = 0; c < byClass.length; c++) {
            if (byClass[c].length > 0 && byClass[c].length < k) {
                throw new IllegalArgumentException("stratifiedKFold: class " + c + " has " + byClass[c].length
                        + " examples, too few for " + k + " folds");
            }
            add(order, shuffled(random, byClass[c]), 0, byClass[c].length);
        }
        return folds(examples, k, ints(order));
    }

    /** Deals the examples out in turn: the fold of position i is i mod k. */
    private static List<Fold> folds(Dataset examples, int k, int... order) {
        List<Fold> folds = new ArrayList<>();
        for (int f = 0; f < k; f++) {
            int fold = f;
            int[] train = IntStream.range(0, order.length)
                    .filter(i -> i % k != fold)
                    .map(i -> order[i])
                    .toArray();
            int[] test = IntStream.range(0, order.length)
                    .filter(i -> i % k == fold)
                    .map(i -> order[i])
                    .toArray();
            folds.add(new Fold(examples.subset(train), examples.subset(test)));
        }
        return List.copyOf(folds);
    }

    /** Refuses fractions if there are none, one is not positive, or they sum to more than 1. */
    static void requireFractions(String op, double... fractions) {
        if (fractions.length == 0) {
            throw new IllegalArgumentException(op + ": there are no fractions");
        }
        double sum = 0;
        for (double f : fractions) {
            if (!(f > 0)) {
                throw new IllegalArgumentException(op + ": fraction " + f + " must be positive");
            }
            sum += f;
        }
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException(
                    op + ": fractions " + Arrays.toString(fractions) + " sum to more than 1");
        }
    }

    /** Returns where each part of n things ends. */
    static int[] ends(int n, double... fractions) {
        int[] ends = new int[fractions.length];
        double upTo = 0;
        for (int p = 0; p < ends.length; p++) {
            upTo += fractions[p];
            ends[p] = (int) Math.round(upTo * n);
        }
        return ends;
    }

    /** Returns the indices of the examples of each class. */
    static int[][] byClass(String op, Dataset examples) {
        int[] classes = classes(op, examples);
        int largest = Arrays.stream(classes).max().orElse(-1);
        if (largest >= MOST_CLASSES) {
            throw new IllegalArgumentException(
                    op + ": there is a class " + largest + "; at most " + MOST_CLASSES + " classes are supported");
        }
        int count = largest + 1;
        List<List<Integer>> indices = emptyParts(count);
        for (int i = 0; i < classes.length; i++) {
            indices.get(classes[i]).add(i);
        }
        return indices.stream().map(Splits::ints).toArray(int[][]::new);
    }

    private static int[] classes(String op, Dataset examples) {
        try {
            return examples.classes();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IllegalArgumentException(op + ": " + e.getMessage(), e);
        }
    }

    private static List<List<Integer>> emptyParts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> (List<Integer>) new ArrayList<Integer>())
                .toList();
    }

    private static Dataset view(Dataset examples, RandomStream random, List<Integer> indices) {
        return examples.subset(shuffled(random, ints(indices)));
    }

    static int[] shuffled(RandomStream random, int... values) {
        return Arrays.stream(random.permutation(values.length))
                .map(i -> values[i])
                .toArray();
    }

    private static void add(List<Integer> to, int[] from, int start, int end) {
        Arrays.stream(from, start, end).forEach(to::add);
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(i -> i).toArray();
    }
}
