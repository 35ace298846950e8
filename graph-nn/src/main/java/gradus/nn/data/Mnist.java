package gradus.nn.data;

import gradus.array.DType;
import gradus.array.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** Reads MNIST, Fashion-MNIST and other data sets in the same four IDX files, gzipped or not, from a directory. */
public final class Mnist {
    private Mnist() {}

    /** Returns the 60,000 training images, [n, 784] in 0..1, and their classes, 0 to 9. */
    public static Dataset train(Path directory, DType dtype) throws IOException {
        return read(directory, "train", dtype);
    }

    /** Returns the 10,000 test images, [n, 784] in 0..1, and their classes, 0 to 9. */
    public static Dataset test(Path directory, DType dtype) throws IOException {
        return read(directory, "t10k", dtype);
    }

    /** Returns whether the directory has the training images. */
    public static boolean hasTrain(Path directory) {
        Objects.requireNonNull(directory, "Mnist: directory is null");
        return Files.isRegularFile(zippedOrNot(directory, "train-images-idx3-ubyte"));
    }

    private static Dataset read(Path directory, String part, DType dtype) throws IOException {
        Objects.requireNonNull(directory, "Mnist: directory is null");
        Objects.requireNonNull(dtype, "Mnist: dtype is null");
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(
                    directory.toString(), null, Files.exists(directory) ? "not a directory" : "no such directory");
        }
        Path imageFile = zippedOrNot(directory, part + "-images-idx3-ubyte");
        Path labelFile = zippedOrNot(directory, part + "-labels-idx1-ubyte");
        Tensor images = Idx.read(imageFile, 255, dtype);
        Tensor labels = Idx.read(labelFile, 1, DType.FLOAT64);
        if (images.shape().rank() != 3) {
            throw new IOException(imageFile + ": images have 3 axes, not " + images.shape());
        }
        if (labels.shape().rank() != 1 || labels.size() != images.shape().dim(0)) {
            throw new IOException(labelFile + ": labels " + labels.shape() + " do not match images " + images.shape());
        }
        if (labels.size() == 0) {
            throw new IOException(imageFile + ": there are no images");
        }
        if (labels.max().item() > 9) {
            throw new IOException(labelFile + ": label " + (int) labels.max().item() + " is not between 0 and 9");
        }
        return Dataset.of(images.reshape(images.shape().dim(0), -1), labels);
    }

    private static Path zippedOrNot(Path directory, String name) {
        Path zipped = directory.resolve(name + ".gz");
        return Files.isRegularFile(zipped) ? zipped : directory.resolve(name);
    }
}
