package gradus.nn.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Trials that start together, and of which the best go on with larger budgets.
 *
 * @param first the number of the first trial
 * @param count how many trials there are
 * @param budgets in ascending order; one 0 where there is no budget
 * @param factor by which the number of trials is divided from budget to budget
 */
record Bracket(int first, int count, List<Integer> budgets, int factor) {
    /** Returns the budgets {@code max / factor^k}, rounded down, that are at least min, in ascending order. */
    static List<Integer> budgets(int min, int max, int factor) {
        List<Integer> budgets = new ArrayList<>();
        for (int b = max; b >= min; b /= factor) {
            budgets.add(b);
        }
        Collections.reverse(budgets);
        return budgets;
    }

    /** Returns the brackets of Hyperband: {@code s_max + 1} of them, from the smallest budgets to the largest alone. */
    static List<Bracket> hyperband(int max, int factor) {
        List<Integer> budgets = budgets(1, max, factor);
        List<Bracket> brackets = new ArrayList<>();
        int first = 1;
        for (int s = budgets.size() - 1; s >= 0; s--) {
            long power = Math.round(Math.pow(factor, s));
            int count = Math.toIntExact((budgets.size() * power + s) / (s + 1)); // rounded up
            brackets.add(new Bracket(first, count, budgets.subList(budgets.size() - 1 - s, budgets.size()), factor));
            first = Math.addExact(first, count);
        }
        return brackets;
    }
}
