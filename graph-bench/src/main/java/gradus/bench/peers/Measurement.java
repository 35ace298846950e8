package gradus.bench.peers;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The times of one contender for one workload, or under the name {@link TargetResult#BYTES} what Gradus allocates.
 *
 * @param nanoseconds nanoseconds per operation, by round, or bytes; empty if it was not measured
 * @param missing the reason why it was not measured
 */
record Measurement(String workload, String contender, int threads, double[] nanoseconds, String missing) {
    double median() {
        return Ratio.median(nanoseconds);
    }

    /** Returns the median with its unit, or why there is none. */
    String text() {
        if (!missing.isEmpty()) {
            return missing;
        }
        return contender.equals(TargetResult.BYTES) ? Ratio.bytes(median()) : Ratio.time(median());
    }

    /** Returns a line of the file of results. */
    String line() {
        String rounds = Arrays.stream(nanoseconds)
                .mapToObj(t -> Long.toString(Math.round(t)))
                .collect(Collectors.joining(" "));
        return String.join(
                "\t", workload, contender, Integer.toString(threads), rounds, missing.replaceAll("\\s+", " "));
    }

    static Measurement of(String line) {
        String[] f = line.split("\t", -1);
        return new Measurement(f[0], f[1], Integer.parseInt(f[2]), PeerProcess.numbers(f[3]), f[4]);
    }
}
