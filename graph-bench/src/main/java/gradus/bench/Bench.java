package gradus.bench;

import gradus.bench.peers.Compare;

/**
 * The main class of the jar: runs the comparison with the peers, or JMH if the arguments are JMH's, such as a
 * benchmark's name.
 */
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
