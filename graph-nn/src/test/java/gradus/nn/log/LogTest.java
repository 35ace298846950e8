package gradus.nn.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Sgd;
import gradus.nn.train.Callback;
import gradus.nn.train.History;
import gradus.nn.train.Progress;
import gradus.nn.train.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The callbacks that show and record a training. */
class LogTest {
    private static final List<Dataset> PARTS = Synthetic.moons(60, 0.1, 1).split(1, 0.8, 0.2);

    @TempDir
    private Path directory;

    private static Trainer trainer(Callback callback) {
        Sequential model = Sequential.of(new Linear(2, 8), Node::tanh, new Linear(8, 2));
        model.initialize(1);
        return Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.25))
                .batchSize(16)
                .callback(callback);
    }

    // ---- the bar

    private static String printed(boolean terminal, int width, int epochs, boolean validated) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Trainer trainer = trainer(new ProgressBar(new PrintStream(out, true, StandardCharsets.UTF_8), terminal, width))
                .epochs(epochs);
        (validated ? trainer.validation(PARTS.get(1)) : trainer).fit(PARTS.get(0));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void without_a_terminal_there_is_one_line_an_epoch_in_all_locales() {
        Locale before = Locale.getDefault();
        String german;
        try {
            Locale.setDefault(Locale.GERMANY);
            german = printed(false, 80, 2, true);
        } finally {
            Locale.setDefault(before);
        }
        assertEquals(printed(false, 80, 2, true), german);
        List<String> lines = german.lines().toList();
        assertEquals(2, lines.size());
        String number = "\\d+\\.\\d+";
        assertTrue(
                lines.get(1)
                        .matches("epoch 2/2  loss " + number + "  accuracy " + number + "  validation loss " + number
                                + "  accuracy " + number),
                german);
        assertFalse(german.contains("\r"));
    }

    @Test
    void in_a_terminal_the_bar_is_ascii_of_its_width_and_the_lines_stay() {
        for (int width : new int[] {20, 30, 45, 80, 200}) {
            String all = printed(true, width, 12, false);
            assertTrue(all.matches("[\\r\\n -~]*"), all);
            List<String> bars = Arrays.stream(all.split("[\\r\\n]+"))
                    .filter(s -> s.contains("%"))
                    .toList();
            assertEquals(36, bars.size());
            assertTrue(bars.stream().allMatch(b -> b.length() < width), () -> width + String.join("\n", bars));
            assertEquals(width >= 45, bars.get(0).contains("["), bars.get(0));
            assertTrue(
                    all.lines()
                            .allMatch(s -> s.substring(s.lastIndexOf('\r') + 1).length() < width),
                    all);
            Matcher epochs = Pattern.compile("epoch [ 1]\\d/12\\s+loss 0\\.\\d{4}\\s+accuracy [01]\\.\\d+\\R")
                    .matcher(all);
            assertEquals(12, epochs.results().count(), all);
        }
        String first = printed(true, 50, 1, false).split("\r", -1)[1];
        assertTrue(first.matches("epoch 1/1 \\[======> {12}\\]  33%  loss 0\\.\\d{4}"), first);
        assertEquals(
                "ProgressBar: the width 19 must be at least 20",
                assertThrows(IllegalArgumentException.class, () -> new ProgressBar(System.err, true, 19))
                        .getMessage());
    }

    // ---- CSV

    @Test
    void a_csv_log_has_a_row_an_epoch_and_goes_on_after_a_stop() throws IOException {
        Path file = directory.resolve("log.csv");
        Path whole = directory.resolve("whole.csv");
        History h =
                trainer(new CsvLog(whole)).validation(PARTS.get(1)).epochs(5).fit(PARTS.get(0));
        List<String> lines = Files.readAllLines(whole);
        assertEquals("epoch,step,learning rate,loss,accuracy,validation loss,validation accuracy", lines.get(0));
        History.Epoch third = h.epochs().get(2);
        assertEquals(
                "3,9,0.25," + third.trainLoss() + "," + third.trainAccuracy() + "," + third.validationLoss() + ","
                        + third.validationAccuracy(),
                lines.get(3));
        assertEquals(6, lines.size());
        Path checkpoint = directory.resolve("run");
        for (int epochs : new int[] {2, 4, 5}) {
            trainer(new CsvLog(file))
                    .validation(PARTS.get(1))
                    .epochs(epochs)
                    .checkpoint(checkpoint)
                    .fit(PARTS.get(0));
            // a row that was written before a kill, and one that was not completed
            Files.writeString(
                    file,
                    epochs < 5 ? (epochs + 1) + ",0,0,0,0,0,0\n" + (epochs + 2) + ",7" : "",
                    StandardOpenOption.APPEND);
        }
        assertEquals(Files.readString(whole), Files.readString(file));
        trainer(new CsvLog(file))
                .metric("a \"b\", c", gradus.nn.train.Metric.mean((y, b) -> 0.5))
                .fit(PARTS.get(0));
        assertEquals(
                "epoch,step,learning rate,loss,accuracy,\"a \"\"b\"\", c\"",
                Files.readAllLines(file).get(0));
        assertEquals(2, Files.readAllLines(file).size(), "a training from the first epoch on starts anew");
    }

    @Test
    void a_csv_log_of_other_columns_is_refused_and_stays() throws IOException {
        Path file = directory.resolve("log.csv");
        Path checkpoint = directory.resolve("run");
        trainer(p -> {}).checkpoint(checkpoint).fit(PARTS.get(0));
        Files.writeString(file, "something\n1\n");
        String found = assertThrows(UncheckedIOException.class, () -> trainer(new CsvLog(file))
                        .epochs(2)
                        .checkpoint(checkpoint)
                        .fit(PARTS.get(0)))
                .getMessage();
        assertEquals(
                "CsvLog: " + file + " cannot be written: its columns are something, those of the training"
                        + " epoch,step,learning rate,loss,accuracy",
                found);
        assertEquals("something\n1\n", Files.readString(file));
    }

    // ---- TensorBoard

    /** CRC-32C bit by bit: the reflected polynomial 0x82F63B78. */
    private static int crc(byte[] data) {
        int crc = -1;
        for (byte b : data) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = (crc >>> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }
        return ~crc;
    }

    private static void requireChecksum(byte[] data, byte[] masked) {
        int rotated = ByteBuffer.wrap(masked).order(ByteOrder.LITTLE_ENDIAN).getInt() - 0xa282ead8;
        assertEquals(crc(data), (rotated >>> 17) | (rotated << 15));
    }

    private static List<byte[]> records(Path file) throws IOException {
        List<byte[]> records = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            while (in.available() > 0) {
                byte[] length = in.readNBytes(8);
                requireChecksum(length, in.readNBytes(4));
                byte[] data = in.readNBytes((int)
                        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
                requireChecksum(data, in.readNBytes(4));
                records.add(data);
            }
        }
        return records;
    }

    /** Returns the fields of a message by number: Long, Double, Float, or a list of byte[]. */
    @SuppressWarnings("unchecked")
    private static Map<Integer, Object> fields(byte[] message) {
        Map<Integer, Object> fields = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long key = varint(in);
            int number = (int) (key >>> 3);
            switch ((int) (key & 7)) {
                case 0 -> fields.put(number, varint(in));
                case 1 -> fields.put(number, in.getDouble());
                case 5 -> fields.put(number, in.getFloat());
                case 2 -> {
                    byte[] content = new byte[(int) varint(in)];
                    in.get(content);
                    ((List<byte[]>) fields.computeIfAbsent(number, n -> new ArrayList<byte[]>())).add(content);
                }
                default -> throw new AssertionError("wire type of " + key);
            }
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void an_event_file_is_read_back_by_an_independent_reader() throws IOException {
        assertEquals(0xE3069283, crc("123456789".getBytes(StandardCharsets.US_ASCII))); // the check value of CRC-32C
        Path log = directory.resolve("runs/first");
        History h = trainer(new TensorBoardLog(log))
                .validation(PARTS.get(1))
                .epochs(60)
                .fit(PARTS.get(0));
        trainer(new TensorBoardLog(log)).fit(PARTS.get(0));
        List<Path> files;
        try (Stream<Path> all = Files.list(log)) {
            files = all.sorted().toList();
        }
        assertEquals(2, files.size(), "a file for each training");
        List<byte[]> records = records(files.get(0)).size() > 2 ? records(files.get(0)) : records(files.get(1));
        assertEquals(61, records.size());
        Map<Integer, Object> version = fields(records.get(0));
        assertEquals("brain.Event:2", new String(((List<byte[]>) version.get(3)).get(0), StandardCharsets.UTF_8));
        for (int epoch : new int[] {1, 60}) {
            Map<Integer, Object> event = fields(records.get(epoch));
            assertTrue((double) event.get(1) > 1.7e9, "seconds since 1970");
            assertEquals(3L * epoch, event.get(2), "180 has two bytes");
            Map<String, Float> values = new LinkedHashMap<>();
            for (byte[] value :
                    (List<byte[]>) fields(((List<byte[]>) event.get(5)).get(0)).get(1)) {
                Map<Integer, Object> v = fields(value);
                values.put(new String(((List<byte[]>) v.get(1)).get(0), StandardCharsets.UTF_8), (Float) v.get(2));
            }
            History.Epoch e = h.epochs().get(epoch - 1);
            Map<String, Float> expected = new LinkedHashMap<>();
            expected.put("loss/train", (float) e.trainLoss());
            expected.put("loss/validation", (float) e.validationLoss());
            expected.put("accuracy/train", (float) e.trainAccuracy());
            expected.put("accuracy/validation", (float) e.validationAccuracy());
            expected.put("learning rate", 0.25f);
            assertEquals(expected, values);
        }
    }

    // ---- pictures

    @Test
    void curves_are_drawn_after_each_epoch_and_nothing_else_is_left() throws IOException {
        List<Long> sizes = new ArrayList<>();
        Path png = directory.resolve("loss.png");
        trainer(new CurveFile(png))
                .validation(PARTS.get(1))
                .epochs(3)
                .callback(p -> sizes.add(size(png)))
                .fit(PARTS.get(0));
        assertEquals(3, sizes.stream().filter(s -> s > 1000).distinct().count(), sizes::toString);
        Path svg = directory.resolve("accuracy.SVG");
        trainer(new CurveFile(svg, "accuracy")).fit(PARTS.get(0));
        assertTrue(Files.readString(svg).contains("<svg"));
        try (Stream<Path> all = Files.list(directory)) {
            assertEquals(2, all.count());
        }
        assertEquals(
                "CurveFile: there is no metric recall; there are loss and [accuracy]",
                assertThrows(IllegalArgumentException.class, () -> trainer(new CurveFile(png, "recall"))
                                .fit(PARTS.get(0)))
                        .getMessage());
        assertEquals(
                "CurveFile: loss.gif ends neither with .png nor with .svg",
                assertThrows(IllegalArgumentException.class, () -> new CurveFile(Path.of("loss.gif")))
                        .getMessage());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the callbacks use is public. */
    @Test
    void progress_has_what_a_bar_needs() {
        List<String> seen = new ArrayList<>();
        trainer(new Callback() {
                    @Override
                    public void onEpoch(Progress p) {
                        seen.add("epoch of " + p.lastEpoch());
                    }

                    @Override
                    public void onBatch(Progress p) {
                        seen.add(p.examplesDone() + "/" + p.examples());
                    }
                })
                .fit(PARTS.get(0));
        assertEquals(List.of("16/48", "32/48", "48/48", "epoch of 1"), seen);
    }

    @Test
    void a_file_that_is_no_log_is_named() throws IOException {
        Path file = Files.write(directory.resolve("log.csv"), new byte[] {(byte) 0xe4, 10});
        assertEquals(
                "CsvLog: " + file + " cannot be written: what is there is no log, as it is not UTF-8",
                assertThrows(
                                UncheckedIOException.class,
                                () -> trainer(new CsvLog(file)).epochs(1).fit(PARTS.get(0)))
                        .getMessage());
        assertEquals(
                "CurveFile: / ends neither with .png nor with .svg",
                assertThrows(IllegalArgumentException.class, () -> new CurveFile(Path.of("/")))
                        .getMessage());
    }
}
