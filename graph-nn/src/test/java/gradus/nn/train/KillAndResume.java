package gradus.nn.train;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Dropout;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.io.SafeTensors;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Ema;
import gradus.nn.optim.LearningRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Kills a training process at random moments, each time resumes it from its checkpoint, and compares the weights and the
 * average with those of a training that was never stopped, byte for byte. Every second process is asked to end (SIGTERM), the
 * others are killed (SIGKILL). Arguments: the number of kills, 50 by default, and a seed.
 */
final class KillAndResume {
    private static final List<Dataset> PARTS = Synthetic.moons(420, 0.1, 5).split(1, 0.8, 0.2);

    private KillAndResume() {}

    public static void main(String[] args) throws Exception {
        int kills = args.length > 0 ? Integer.parseInt(args[0]) : 50;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        System.out.println(run(kills, seed, Files.createTempDirectory("kill")));
        System.out.println(kills + " kills: the same bytes");
    }

    private static Sequential model() {
        Sequential model =
                Sequential.of(new Linear(2, 16), new BatchNorm(16), Node::relu, new Dropout(0.2), new Linear(16, 2));
        model.to(DType.FLOAT32);
        model.initialize(4);
        return model;
    }

    private static Trainer trainer(Sequential model, Ema average) {
        return Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 1e-3).l2(1e-4))
                .learningRate(LearningRate.cosine(1e-3, 2000).warmup(5))
                .average(average)
                .accumulate(2)
                .validation(PARTS.get(1))
                .batchSize(32)
                .seed(9);
    }

    /** Trains until it is killed. */
    static final class Endless {
        public static void main(String[] args) {
            long parent = Long.parseLong(args[1]);
            Sequential model = model();
            trainer(model, new Ema(model, 0.99))
                    .epochs(100_000)
                    .checkpoint(Path.of(args[0]))
                    .stopOnSignal()
                    .callback(p -> {
                        if (ProcessHandle.of(parent).isEmpty()) {
                            p.stop(); // nobody is left to kill it
                        }
                    })
                    .fit(PARTS.get(0));
        }
    }

    /**
     * Returns a summary.
     *
     * @throws AssertionError if a byte differs, or a file is broken
     */
    static String run(int kills, long seed, Path directory) throws Exception {
        Path file = directory.resolve("run.safetensors");
        RandomStream random = RandomStream.of(seed, "kill");
        int within = 0;
        for (int i = 0; i < kills; i++) {
            kill(file, i % 2 == 0, random.nextInt(4) > 0 || i == 0, random.nextInt(300));
            within += Files.exists(file) && !examples(file).equals("0") ? 1 : 0;
        }
        long batches = Long.parseLong(SafeTensors.read(file).metadata().get("batches"));
        int epochs =
                (int) SafeTensors.read(file).metadata().get("epochs").lines().count() + 2;
        Sequential whole = model();
        Ema wholeAverage = new Ema(whole, 0.99);
        trainer(whole, wholeAverage).epochs(epochs).fit(PARTS.get(0));
        Sequential resumed = model();
        Ema resumedAverage = new Ema(resumed, 0.99);
        History h =
                trainer(resumed, resumedAverage).epochs(epochs).checkpoint(file).fit(PARTS.get(0));
        require(h.epochs().size() == epochs, "epochs");
        require(whole.state().equals(resumed.state()), "weights");
        Map<String, Tensor> average = resumedAverage.state();
        require(wholeAverage.state().equals(average), "average");
        return batches + " batches before the last resumption, " + within + " stops within an epoch";
    }

    private static String examples(Path file) throws IOException {
        return SafeTensors.read(file).metadata().get("examples");
    }

    private static void require(boolean same, String what) {
        if (!same) {
            throw new AssertionError("KillAndResume: the " + what + " differ");
        }
    }

    /** Runs a process and ends it some milliseconds after it has written, or after it was started. */
    private static void kill(Path file, boolean politely, boolean afterWriting, int millis) throws Exception {
        FileTime before = Files.exists(file) ? Files.getLastModifiedTime(file) : null;
        Path log = file.resolveSibling("log");
        Process p = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Endless.class.getName(),
                        file.toString(),
                        Long.toString(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        for (int tries = 0; afterWriting && tries < 3000 && p.isAlive(); tries++) {
            if (Files.exists(file) && !Files.getLastModifiedTime(file).equals(before)) {
                break;
            }
            Thread.sleep(10);
        }
        Thread.sleep(millis);
        require(p.isAlive(), "process ended by itself: " + Files.readString(log) + "; the outcomes");
        if (politely) {
            p.destroy();
        } else {
            p.destroyForcibly();
        }
        if (!p.waitFor(20, TimeUnit.SECONDS)) {
            p.destroyForcibly();
            throw new AssertionError("KillAndResume: the process did not end");
        }
        require(!afterWriting || Files.exists(file), "file was not written: " + Files.readString(log));
    }
}
