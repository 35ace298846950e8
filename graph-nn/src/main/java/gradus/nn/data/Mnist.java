package gradus.nn.data;

import gradus.array.DType;
import gradus.array.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** Reads MNIST, Fashion-MNIST and other data sets in the same four IDX files, gzipped or not, from a folder. */
public final class Mnist {
    private Mnist() {}

    /** Returns the 60,000 training images, [n, 784] in 0..1, and their classes, 0 to 9. */
    public static Dataset train(Path folder, DType dtype) throws IOException {
        return read(folder, "train", dtype);
    }

    /** Returns the 10,000 test images, [n, 784] in 0..1, and their classes, 0 to 9. */
    public static Dataset test(Path folder, DType dtype) throws IOException {
        return read(folder, "t10k", dtype);
    }

    /** Returns whether the folder has the training images. */
    public static boolean hasTrain(Path folder) {
        Objects.requireNonNull(folder, "Mnist: folder is null");
        return Files.isRegularFile(zippedOrNot(folder, "train-images-idx3-ubyte"));
    }

    private static Dataset read(Path folder, String part, DType dtype) throws IOException {
        Objects.requireNonNull(folder, "Mnist: folder is null");
        Objects.requireNonNull(dtype, "Mnist: dtype is null");
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(
                    folder.toString(), null, Files.exists(folder) ? "no folder" : "no such folder");
        }
        Path imageFile = zippedOrNot(folder, part + "-images-idx3-ubyte");
        Path labelFile = zippedOrNot(folder, part + "-labels-idx1-ubyte");
        Tensor images = Idx.read(imageFile, 255, dtype);
        Tensor labels = Idx.read(labelFile, 1, DType.FLOAT64);
        if (images.shape().rank() != 3) {
            throw new IOException(imageFile + ": images have 3 axes, not " + images.shape());
        }
        if (labels.shape().rank() != 1 || labels.size() != images.shape().dim(0)) {
            throw new IOException(
                    labelFile + ": labels " + labels.shape() + " do not go with images " + images.shape());
        }
        if (labels.size() == 0) {
            throw new IOException(imageFile + ": there are no images");
        }
        if (labels.max().item() > 9) {
            throw new IOException(labelFile + ": label " + (int) labels.max().item() + " is not between 0 and 9");
        }
        return Dataset.of(images.reshape(images.shape().dim(0), -1), labels);
    }

    private static Path zippedOrNot(Path folder, String name) {
        Path zipped = folder.resolve(name + ".gz");
        return Files.isRegularFile(zipped) ? zipped : folder.resolve(name);
    }
}
