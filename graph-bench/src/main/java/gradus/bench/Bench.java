package gradus.bench;

import gradus.bench.peers.Compare;

/** What the jar starts: the comparison with the peers, or JMH if its options, such as a benchmark's name, are given. */
public final class Bench {
    private Bench() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0 || args[0].startsWith("--")) {
            Compare.main(args);
        } else {
            org.openjdk.jmh.Main.main(args);
        }
    }
}
