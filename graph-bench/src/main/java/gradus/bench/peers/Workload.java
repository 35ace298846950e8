package gradus.bench.peers;

import static gradus.bench.peers.Contender.Kind.DJL;
import static gradus.bench.peers.Contender.Kind.EJML;
import static gradus.bench.peers.Contender.Kind.LIMIT;
import static gradus.bench.peers.Contender.Kind.PYTHON;
import static gradus.bench.peers.Contender.Kind.SAMEDIFF;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A task with its target.
 *
 * @param id the name on the command line and between processes; the part before the first hyphen is the row on the page
 * @param text the description on the page
 * @param against the contenders that the target names
 * @param target how many times faster than the fastest of them Gradus is to be, or the share of the machine's limit; 0 for none
 * @param plain whether Gradus runs without the Vector API's module
 */
public record Workload(String id, String text, Task task, Set<Contender.Kind> against, double target, boolean plain) {
    private static final int BATCH = 100;
    private static final int LARGE_BATCH = 256;
    private static final int PRODUCT = 1024;
    private static final int MILLION = 1_000_000;

    /** The peers of training. */
    private static final Set<Contender.Kind> ALL = Set.of(DJL, SAMEDIFF, PYTHON);

    private static final List<Workload> TABLE = table();

    /** Returns all workloads in the page's order. */
    static List<Workload> all() {
        return TABLE;
    }

    static Workload of(String id) {
        return TABLE.stream()
                .filter(w -> w.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload " + id));
    }

    /** Returns the row on the page, such as W3. */
    String row() {
        return id.split("-")[0];
    }

    /** Returns the learning rate of the steps whose losses are compared: large enough for losses to fall. */
    double checkRate() {
        boolean adam = task instanceof Task.Training t
                ? t.adam()
                : task instanceof Task.Network n && n.net().readsTokens();
        return adam ? 1e-3 : 1e-2;
    }

    private static List<Workload> table() {
        List<Workload> t = new ArrayList<>();
        add(
                t,
                "W1",
                "chain of 1,000 products of scalars, forward and backward",
                new Task.Chain(1000, true),
                Set.of(DJL, PYTHON),
                60);
        add(t, "W2", "2-16-16-2, batch 100, SGD", mlp(BATCH, false, 2, 16, 16, 2), Set.of(PYTHON), 8);
        for (boolean adam : new boolean[] {false, true}) {
            String by = adam ? "Adam" : "SGD";
            String id = adam ? "-adam" : "-sgd";
            add(t, "W3" + id, "784-50-10, batch 100, " + by, mlp(BATCH, adam, 784, 50, 10), ALL, 2);
            add(
                    t,
                    "W4" + id,
                    "784-6x100-10, batch 100, " + by,
                    mlp(BATCH, adam, 784, 100, 100, 100, 100, 100, 100, 10),
                    ALL,
                    2);
            add(
                    t,
                    "W5" + id,
                    "784-1024-1024-10, batch 256, " + by,
                    mlp(LARGE_BATCH, adam, 784, 1024, 1024, 10),
                    ALL,
                    1.5);
        }
        add(
                t,
                "W6",
                "conv 30@5x5, relu, pool 2, 100, 10 on 28x28, batch 100, Adam",
                new Task.Training(true, BATCH, true, 4320, 100, 10),
                ALL,
                1.5);
        for (boolean single : new boolean[] {true, false}) {
            Task product = new Task.Product(PRODUCT, single);
            String type = single ? "-f32" : "-f64";
            add(t, "W7" + type, "product 1024^3, share of the multiply-add limit", product, Set.of(LIMIT), 0.8);
            t.add(new Workload("W7b" + type, "product 1024^3, without any flag", product, Set.of(EJML), 8, true));
        }
        for (boolean single : new boolean[] {true, false}) {
            for (Task.Function f : Task.Function.values()) {
                String name = f.name().toLowerCase(Locale.ROOT);
                add(
                        t,
                        "W8-" + name + (single ? "-f32" : "-f64"),
                        (f == Task.Function.SOFTMAX ? "softmax of rows [1000, 1000]" : name + " of 1e6"),
                        new Task.Elements(f, MILLION, single),
                        ALL,
                        1);
            }
        }
        operations(t);
        networks(t);
        add(t, "W9", "backward of 1,000 scalar nodes, per node", new Task.Chain(1000, false), Set.of(), 0);
        add(
                t,
                "W9-large",
                "backward of 10,000,000 scalar nodes, per node",
                new Task.Chain(10 * MILLION, false),
                Set.of(),
                0);
        add(
                t,
                "R",
                "add of 1e7, share of the copy limit",
                new Task.Elements(Task.Function.ADD, 10 * MILLION, true),
                Set.of(LIMIT),
                0);
        t.sort((a, b) -> order(a).compareTo(order(b)));
        return List.copyOf(t);
    }

    private static void networks(List<Workload> t) {
        network(t, "NET-lenet", "LeNet-5, batch 100, SGD", Task.Net.LENET, 1);
        network(t, "NET-resnet20", "ResNet-20, 32 images of 32 x 32, SGD", Task.Net.RESNET20, 1);
        network(t, "NET-lstm", "LSTM of 128 units, 32 sequences of 64 tokens, Adam", Task.Net.LSTM, 1);
        network(t, "NET-gpt", "GPT, 4 layers, 128 wide, 16 x 128 tokens, Adam", Task.Net.GPT, 1);
        network(t, "NET-smallgpt", "GPT, 1 layer, 16 wide, 16 tokens, Adam", Task.Net.SMALL_GPT, 15);
        network(t, "NET-generate", "100 tokens of the GPT, with its cache", Task.Net.GENERATE, 1);
    }

    private static void network(List<Workload> t, String id, String text, Task.Net net, double target) {
        add(t, id, text, new Task.Network(net), Set.of(PYTHON), target);
    }

    /** The ops of graph-ops and the functions along an axis, forward and backward. */
    private static void operations(List<Workload> t) {
        for (int[] r : new int[][] {{32, 64, 64, 128}, {64, 32, 256, 256}}) { // batch, steps, inputs, states
            for (String name : new String[] {"lstm", "gru"}) {
                int gates = (name.equals("lstm") ? 4 : 3) * r[3];
                List<List<Integer>> shapes = new ArrayList<>(
                        List.of(List.of(r[0], r[1], r[2]), List.of(r[2], gates), List.of(r[3], gates), List.of(gates)));
                if (name.equals("gru")) {
                    shapes.add(List.of(gates));
                }
                String text =
                        name + " [" + r[0] + ", " + r[1] + ", " + r[2] + "] to " + r[3] + ", forward and backward";
                Task task = new Task.Operation(name, Task.Operation.RECURRENT, shapes);
                add(t, "RNN-" + name + r[3], text, task, Set.of(PYTHON), 1);
            }
        }
        op(
                t,
                "LN-256",
                "layer norm [8192, 256]",
                "layerNorm",
                List.of(),
                List.of(8192, 256),
                List.of(256),
                List.of(256));
        op(
                t,
                "LN-1024",
                "layer norm [512, 1024]",
                "layerNorm",
                List.of(),
                List.of(512, 1024),
                List.of(1024),
                List.of(1024));
        op(
                t,
                "BN-image",
                "batch norm [32, 64, 28, 28]",
                "batchNorm",
                List.of(),
                List.of(32, 64, 28, 28),
                List.of(64),
                List.of(64));
        op(
                t,
                "BN-flat",
                "batch norm [128, 256]",
                "batchNorm",
                List.of(),
                List.of(128, 256),
                List.of(256),
                List.of(256));
        List<Integer> heads = List.of(8, 8, 128, 64);
        List<Integer> length = List.of(1, 8, 1024, 64);
        op(t, "ATT-128", "attention [8, 8, 128, 64]", "attention", List.of(), heads, heads, heads);
        op(t, "ATT-1024", "attention [1, 8, 1024, 64]", "attention", List.of(), length, length, length);
        op(
                t,
                "CONV-56",
                "conv 3x3, 64 to 64, [8, 64, 56, 56]",
                "conv2d",
                List.of(1, 1, 1),
                List.of(8, 64, 56, 56),
                List.of(64, 64, 3, 3));
        op(
                t,
                "CONV-14",
                "conv 3x3, 256 to 256, [8, 256, 14, 14]",
                "conv2d",
                List.of(1, 1, 1),
                List.of(8, 256, 14, 14),
                List.of(256, 256, 3, 3));
        op(
                t,
                "CONV-1x1",
                "conv 1x1, 256 to 128, [8, 256, 28, 28]",
                "conv2d",
                List.of(1, 0, 1),
                List.of(8, 256, 28, 28),
                List.of(128, 256, 1, 1));
        op(
                t,
                "CONV-depthwise",
                "depthwise conv 3x3, [8, 64, 56, 56]",
                "conv2d",
                List.of(1, 1, 64),
                List.of(8, 64, 56, 56),
                List.of(64, 1, 3, 3));
        op(t, "POOL-max", "max pool 2x2, [32, 64, 28, 28]", "maxPool2d", List.of(2, 2, 0), List.of(32, 64, 28, 28));
        op(
                t,
                "POOL-max3",
                "max pool 3x3 by 2, [8, 64, 112, 112]",
                "maxPool2d",
                List.of(3, 2, 1),
                List.of(8, 64, 112, 112));
        op(t, "POOL-avg", "average pool 2x2, [32, 64, 28, 28]", "avgPool2d", List.of(2, 2, 0), List.of(32, 64, 28, 28));
        op(t, "EMB", "embedding of 4096 indices, [10000, 128]", "embedding", List.of(4096), List.of(10_000, 128));
        op(t, "SORT", "sort of 1e6", "sort", List.of(), List.of(MILLION));
        op(t, "CUM", "cumsum along rows, [1000, 1000]", "cumsum", List.of(), List.of(1000, 1000));
        op(t, "SM", "softmax along rows, [1000, 1000]", "softmax", List.of(), List.of(1000, 1000));
        op(t, "LSE", "logSumExp along rows, [1000, 1000]", "logSumExp", List.of(), List.of(1000, 1000));
    }

    @SafeVarargs
    private static void op(
            List<Workload> t, String id, String text, String name, List<Integer> settings, List<Integer>... shapes) {
        add(
                t,
                id,
                text + ", forward and backward",
                new Task.Operation(name, settings, List.of(shapes)),
                Set.of(PYTHON),
                1);
    }

    /** The sort is stable: W7b comes after W7, and SGD before Adam. */
    private static String order(Workload w) {
        return w.row();
    }

    private static void add(
            List<Workload> t, String id, String text, Task task, Set<Contender.Kind> against, double target) {
        t.add(new Workload(id, text, task, against, target, false));
    }

    private static Task mlp(int batch, boolean adam, int... sizes) {
        return new Task.Training(false, batch, adam, sizes);
    }
}
