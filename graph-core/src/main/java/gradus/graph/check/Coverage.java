package gradus.graph.check;

import java.util.Arrays;
import java.util.Locale;

/** What a comparison has tested: the number of derivatives, and the largest by each input. */
final class Coverage {
    private final FlatLayout inputs;
    private final Largest[] largest;
    private int count;

    /** The largest derivative by an input, as a multiple of the absolute tolerance that it was compared with. */
    private record Largest(double derivative, double absolute) {
        Largest or(double other, double tolerance) {
            boolean more = Math.abs(other) * absolute > derivative * tolerance;
            return more ? new Largest(Math.abs(other), tolerance) : this;
        }
    }

    Coverage(FlatLayout inputs) {
        this.inputs = inputs;
        this.largest = new Largest[inputs.count()];
        Arrays.fill(largest, new Largest(0, 1));
    }

    /** Returns the number of derivatives that were compared. */
    int count() {
        return count;
    }

    /** Counts a derivative whose size does not matter. */
    void add() {
        count++;
    }

    /** Counts a derivative by an input, as the rule and as differences give it, and its absolute tolerance. */
    void add(int input, double rule, double numeric, double absolute) {
        count++;
        largest[input] = largest[input].or(rule, absolute).or(numeric, absolute);
    }

    /** Returns a note if all derivatives by an input are below the absolute tolerance, though not all zero; else "". */
    String untested(int input) {
        Largest l = largest[input];
        return l.derivative == 0 || l.derivative > l.absolute
                ? ""
                : String.format(
                        Locale.ROOT,
                        "largest derivative %.2g is below the absolute tolerance %.2g: nothing was tested for %s",
                        l.derivative,
                        l.absolute,
                        inputs.name(input));
    }
}
