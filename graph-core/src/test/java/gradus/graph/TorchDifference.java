package gradus.graph;

import gradus.graph.TorchCase.Finding;
import java.util.List;
import java.util.function.Predicate;

/**
 * An intended difference from PyTorch. The page docs/pytorch.md is generated from {@link TorchDifferences}.
 *
 * @param ops the names of the functions, separated by a space
 * @param where the condition, in words
 * @param ours our value; {@code 0}, {@code NaN}, {@code infinite} and {@code an error} are checked
 * @param theirs the value of PyTorch 1.13, checked in the same way
 * @param holds the condition
 */
record TorchDifference(String ops, String where, String ours, String theirs, String why, Predicate<Finding> holds) {

    /** Returns the names of the functions. */
    List<String> named() {
        return List.of(ops.split(" ", -1));
    }

    /** Returns whether this row explains a finding. */
    boolean explains(Finding f) {
        return named().contains(f.of().op())
                && says(ours, f.ours(), f)
                && says(theirs, f.theirs(), f)
                && f.part().equals("refused") == ours.equals("an error")
                && holds.test(f);
    }

    private static boolean says(String word, double v, Finding f) {
        return switch (word) {
            case "0" -> v == 0;
            case "-0" -> v == 0 && Math.copySign(1, v) < 0;
            case "+0" -> v == 0 && Math.copySign(1, v) > 0;
            case "NaN" -> Double.isNaN(v);
            case "infinite" -> Double.isInfinite(v);
            case "the gradient" -> v == f.of().cotangent().toDoubleArray()[f.index()];
            default -> true;
        };
    }
}
