package gradus.nn.data;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Images of a folder, resized, {@code x [n, c, h, w]} in 0..1. If it has folders, each is a class with the name of the folder, in the order of names, as in
 * torchvision's class of this name; else it has the images themselves, without targets. Images are read when they are asked for; {@link #inMemory} reads
 * them once.
 *
 * <p>Formats are those of {@code javax.imageio}: PNG, JPEG, GIF, BMP and others. Files without the suffix of one, and files and folders whose name starts
 * with a dot, are left out. Transparency is ignored. Resizing is bilinear, with a filter as wide as the reduction (Pillow's {@code BILINEAR}).
 */
public final class ImageFolder implements Dataset {
    private static final Set<String> SUFFIXES = Arrays.stream(ImageIO.getReaderFileSuffixes())
            .map(s -> s.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    private final List<String> classNames;
    private final List<Path> files;
    private final int[] classes;
    private final int channels;
    private final int height;
    private final int width;
    private final DType dtype;

    private ImageFolder(Path folder, int channels, int height, int width, DType dtype) throws IOException {
        Objects.requireNonNull(folder, "ImageFolder: folder is null");
        Objects.requireNonNull(dtype, "ImageFolder: dtype is null");
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "ImageFolder: the size " + height + " x " + width + " must be at least 1 x 1");
        }
        if ((long) height * width > ImageReading.MAX_PIXELS) {
            throw new IllegalArgumentException("ImageFolder: the size " + height + " x " + width + " is more than "
                    + ImageReading.MAX_PIXELS + " pixels");
        }
        List<Path> folders = entries(folder).stream().filter(Files::isDirectory).toList();
        List<Path> found = new ArrayList<>(images(folder));
        List<Integer> targets = new ArrayList<>();
        if (!folders.isEmpty() && !found.isEmpty()) {
            throw new IOException(
                    folder + " has both folders, such as " + folders.get(0).getFileName() + ", and images, such as "
                            + found.get(0).getFileName());
        }
        for (int c = 0; c < folders.size(); c++) {
            List<Path> own = images(folders.get(c));
            if (own.isEmpty()) {
                throw new IOException(folders.get(c) + ": there are no images of this class");
            }
            found.addAll(own);
            targets.addAll(Collections.nCopies(own.size(), c));
        }
        if (found.isEmpty()) {
            throw new IOException(folder + ": there are no images");
        }
        this.classNames = folders.stream().map(f -> f.getFileName().toString()).toList();
        this.files = List.copyOf(found);
        this.classes = targets.stream().mapToInt(c -> c).toArray();
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.dtype = dtype;
    }

    /**
     * Returns the images in grey, [n, 1, h, w]: {@code 0.299 r + 0.587 g + 0.114 b} (ITU-R BT.601).
     *
     * @throws IllegalArgumentException if the size is not from 1 to 2^26 pixels
     * @throws IOException if a folder is missing, cannot be read or has no image, or there are both images and folders; the message names it
     */
    public static ImageFolder grey(Path folder, int height, int width, DType dtype) throws IOException {
        return new ImageFolder(folder, 1, height, width, dtype);
    }

    /**
     * Returns the images in red, green and blue, [n, 3, h, w].
     *
     * @throws IllegalArgumentException if the size is not from 1 to 2^26 pixels
     * @throws IOException if a folder is missing, cannot be read or has no image, or there are both images and folders; the message names it
     */
    public static ImageFolder rgb(Path folder, int height, int width, DType dtype) throws IOException {
        return new ImageFolder(folder, 3, height, width, dtype);
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(
                    folder.toString(), null, Files.exists(folder) ? "not a directory" : "no such directory");
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> !p.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing(p -> p.getFileName().toString()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new IOException("the folder " + folder + " cannot be read: " + e, e);
        }
    }

    private static List<Path> images(Path folder) throws IOException {
        return entries(folder).stream()
                .filter(p -> !Files.isDirectory(p) && SUFFIXES.contains(suffix(p)))
                .toList();
    }

    private static String suffix(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** Returns the names of the classes, by index; none if the folder has the images themselves. */
    public List<String> classNames() {
        return classNames;
    }

    /** Returns the file of each image. */
    public List<Path> files() {
        return files;
    }

    /**
     * Returns the same examples in memory.
     *
     * @throws UncheckedIOException if an image cannot be read; the message names it
     */
    public Dataset inMemory() {
        Batch all = all();
        return Dataset.of(all.inputs(), all.targets());
    }

    @Override
    public int size() {
        return files.size();
    }

    /**
     * Returns the images at these indices.
     *
     * @throws UncheckedIOException if an image cannot be read; the message names it
     */
    @Override
    public Batch at(int... indices) {
        Objects.requireNonNull(indices, "at: indices is null");
        Tensor[] images = new Tensor[indices.length];
        double[] targets = new double[indices.length];
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= files.size()) {
                throw new IllegalArgumentException(
                        "at: index " + indices[i] + " is out of range 0 to " + (files.size() - 1));
            }
            images[i] = image(files.get(indices[i]));
            targets[i] = classNames.isEmpty() ? 0 : classes[indices[i]];
        }
        return new Batch(
                List.of(Tensor.concat(0, images)), classNames.isEmpty() ? List.of() : List.of(Tensor.of(targets)));
    }

    private Tensor image(Path file) {
        try {
            double[] pixels = ImageReading.read(file, channels, height, width);
            return Tensor.of(Shape.of(1, channels, height, width), pixels).to(dtype);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Returns the classes of all images, without reading them. */
    @Override
    public Tensor y() {
        if (classNames.isEmpty()) {
            return Dataset.super.y(); // refuses it
        }
        return Tensor.of(Arrays.stream(classes).asDoubleStream().toArray());
    }

    @Override
    public String toString() {
        return "ImageFolder of " + files.size() + " images, classes " + classNames;
    }
}
