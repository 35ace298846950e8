package gradus.nn.log;

import gradus.nn.train.Callback;
import gradus.nn.train.History.Epoch;
import gradus.nn.train.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Writes loss, metrics and learning rate of each epoch into an event file, which {@code tensorboard --logdir DIR} shows, over the
 * number of steps. Tags are {@code loss/train}, {@code loss/validation}, {@code NAME/train}, {@code NAME/validation} and
 * {@code learning rate}, so that the curves of training and validation stand side by side.
 *
 * <p>Each training makes a file of its own in the directory; of one that resumes, TensorBoard joins the files. The file has the
 * records of TensorFlow's TFRecord format, and in each an {@code Event} with a {@code Summary} of {@code simple_value}s, in
 * Protocol Buffers.
 */
public final class TensorBoardLog implements Callback {
    private static final int MASK = 0xa282ead8;

    private final Path directory;
    private Path file;

    /** Returns a log in a directory, which is made with the first epoch if it does not exist. */
    public TensorBoardLog(Path directory) {
        this.directory = Objects.requireNonNull(directory, "TensorBoardLog: directory is null");
    }

    /**
     * Appends the values of the epoch.
     *
     * @throws UncheckedIOException if the file cannot be written; it names it
     */
    @Override
    public void onEpoch(Progress p) {
        double time = System.currentTimeMillis() / 1000.0;
        try {
            if (file == null) {
                file = create(time);
            }
            Files.write(file, record(event(time, p.step(), 5, summary(p))), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "TensorBoardLog: " + (file == null ? directory : file) + " cannot be written: " + e.getMessage(),
                    e);
        }
    }

    /** Makes a file that no other training has made, with the record of its version. */
    private Path create(double time) throws IOException {
        Files.createDirectories(directory);
        for (int i = 0; ; i++) {
            Path next = directory.resolve("events.out.tfevents." + (long) time + ".gradus." + i);
            if (!Files.exists(next)) {
                byte[] version = "brain.Event:2".getBytes(StandardCharsets.UTF_8);
                return Files.write(next, record(event(time, 0, 3, version)), StandardOpenOption.CREATE_NEW);
            }
        }
    }

    private static byte[] summary(Progress p) {
        Epoch e = p.epoch();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        value(out, "loss/train", e.trainLoss());
        value(out, "loss/validation", e.validationLoss());
        e.trainMetrics().forEach((name, v) -> value(out, name + "/train", v));
        e.validationMetrics().forEach((name, v) -> value(out, name + "/validation", v));
        value(out, "learning rate", p.optimizer().learningRate());
        return out.toByteArray();
    }

    /** Adds {@code Summary.value = 1} with {@code Value.tag = 1} and {@code Value.simple_value = 2}; NaN is left out. */
    private static void value(ByteArrayOutputStream summary, String tag, double v) {
        if (Double.isNaN(v)) {
            return;
        }
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        bytes(value, 1, tag.getBytes(StandardCharsets.UTF_8));
        value.write((2 << 3) | 5); // a number of 4 bytes
        value.writeBytes(little(4).putFloat((float) v).array());
        bytes(summary, 1, value.toByteArray());
    }

    /** Returns an {@code Event} of {@code wall_time = 1}, {@code step = 2}, and one more field: 3 is the version, 5 a summary. */
    private static byte[] event(double time, long step, int field, byte[] content) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.write((1 << 3) | 1); // a number of 8 bytes
        event.writeBytes(little(8).putDouble(time).array());
        event.write(2 << 3);
        varint(event, step);
        bytes(event, field, content);
        return event.toByteArray();
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] content) {
        out.write((field << 3) | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void varint(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest > 0x7f) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Returns a record: the length, its checksum, the data, their checksum. */
    private static byte[] record(byte[] data) {
        byte[] length = little(8).putLong(data.length).array();
        return little(16 + data.length)
                .put(length)
                .putInt(masked(length))
                .put(data)
                .putInt(masked(data))
                .array();
    }

    /** Returns the CRC-32C of bytes, rotated and shifted, as checksums of data with checksums are. */
    private static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data, 0, data.length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
