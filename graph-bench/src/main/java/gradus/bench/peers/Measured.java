package gradus.bench.peers;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What one contender took for one workload.
 *
 * @param nanoseconds an operation, by round; none where it was not measured
 * @param missing why it was not
 */
record Measured(String workload, String contender, int threads, double[] nanoseconds, String missing) {
    double median() {
        return Ratio.median(nanoseconds);
    }

    /** Returns a line of the file of results. */
    String line() {
        String rounds = Arrays.stream(nanoseconds)
                .mapToObj(t -> Long.toString(Math.round(t)))
                .collect(Collectors.joining(" "));
        return String.join(
                "\t", workload, contender, Integer.toString(threads), rounds, missing.replaceAll("\\s+", " "));
    }

    static Measured of(String line) {
        String[] f = line.split("\t", -1);
        return new Measured(f[0], f[1], Integer.parseInt(f[2]), PeerProcess.numbers(f[3]), f[4]);
    }
}
