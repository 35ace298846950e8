package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    private Path directory;

    /** Writes an image of rows of colors 0xrrggbb. */
    private Path png(String name, int type, int[]... rgb) throws IOException {
        BufferedImage image = new BufferedImage(rgb[0].length, rgb.length, type);
        for (int y = 0; y < rgb.length; y++) {
            for (int x = 0; x < rgb[0].length; x++) {
                if (type == BufferedImage.TYPE_BYTE_GRAY) {
                    image.getRaster().setSample(x, y, 0, rgb[y][x]);
                } else {
                    image.setRGB(x, y, rgb[y][x]);
                }
            }
        }
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
        return file;
    }

    @Test
    void folders_are_classes_in_the_order_of_their_names() throws IOException {
        png("dog/2.png", BufferedImage.TYPE_INT_RGB, new int[] {0xff0000});
        png("cat/9.bmp", BufferedImage.TYPE_INT_RGB, new int[] {0x0000ff});
        png("cat/10.PNG", BufferedImage.TYPE_INT_RGB, new int[] {0x00ff00});
        Files.writeString(directory.resolve("cat/notes.txt"), "no image");
        Files.createDirectory(directory.resolve(".hidden"));
        ImageFolder d = ImageFolder.rgb(directory, 1, 1, DType.FLOAT32);
        assertEquals(List.of("cat", "dog"), d.classNames());
        assertEquals(
                List.of("10.PNG", "9.bmp", "2.png"),
                d.files().stream().map(f -> f.getFileName().toString()).toList());
        assertArrayEquals(new int[] {0, 0, 1}, d.classes());
        assertEquals(Shape.of(3, 3, 1, 1), d.x().shape());
        assertEquals(DType.FLOAT32, d.x().dtype());
        assertEquals(Tensor.of(new float[][] {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}), d.x().reshape(3, 3));
        assertEquals(d.all(), d.inMemory().all());
        assertEquals(true, d.inMemory().isInMemory());
        assertEquals(false, d.isInMemory());
        assertArrayEquals(new int[] {1, 0}, d.at(2, 0).classes());
    }

    @Test
    void grey_values_are_the_bytes_and_colors_are_weighted() throws IOException {
        png("grey.png", BufferedImage.TYPE_BYTE_GRAY, new int[] {0, 128, 255});
        Dataset d = ImageFolder.grey(directory, 1, 3, DType.FLOAT64);
        assertEquals(Tensor.of(0, 128 / 255.0, 1), d.x().reshape(-1));
        Dataset rgb = ImageFolder.rgb(directory, 1, 3, DType.FLOAT64);
        assertEquals(d.x(), rgb.x().slice(1, 2, 3));
        assertThrows(IllegalStateException.class, d::y);
        assertEquals(List.of(), ImageFolder.grey(directory, 1, 3, DType.FLOAT64).classNames());
        png("color.png", BufferedImage.TYPE_INT_ARGB, new int[] {0xffff0000, 0xff00ff00, 0xff0000ff});
        assertArrayEquals(
                new double[] {0.299, 0.587, 0.114}, d(directory).at(0).x().toDoubleArray(), 1e-15);
    }

    private static ImageFolder d(Path folder) throws IOException {
        return ImageFolder.grey(folder, 1, 3, DType.FLOAT64);
    }

    @Test
    void a_smaller_image_has_weighted_means_and_a_larger_one_is_interpolated() throws IOException {
        png("a.png", BufferedImage.TYPE_BYTE_GRAY, new int[] {0, 51, 102, 255}, new int[] {0, 51, 102, 255});
        Tensor half = ImageFolder.grey(directory, 1, 2, DType.FLOAT64).x().reshape(-1);
        // a triangle of half-width 2 around 1 has the weights 3/4, 3/4, 1/4 inside of the image
        double left = (0.75 * 0 + 0.75 * 0.2 + 0.25 * 0.4) / 1.75;
        double right = (0.25 * 0.2 + 0.75 * 0.4 + 0.75 * 1) / 1.75;
        assertArrayEquals(new double[] {left, right}, half.toDoubleArray(), 1e-12);
        Tensor twice = ImageFolder.grey(directory, 2, 8, DType.FLOAT64).x().reshape(2, 8);
        assertArrayEquals(
                new double[] {0, 0.05, 0.15, 0.25, 0.35, 0.55, 0.85, 1},
                twice.slice(0, 1, 2).toDoubleArray(),
                1e-12);
    }

    @Test
    void files_and_folders_that_cannot_be_read_are_named() throws IOException {
        Path none = directory.resolve("none");
        assertEquals(none + ": no such directory", refusal(none));
        assertEquals(directory + ": there are no images", refusal(directory));
        Path image = png("a/1.png", BufferedImage.TYPE_INT_RGB, new int[] {1, 2, 3});
        Files.createDirectory(directory.resolve("b"));
        assertEquals(directory.resolve("b") + ": there are no images of this class", refusal(directory));
        png("1.png", BufferedImage.TYPE_INT_RGB, new int[] {1});
        assertEquals(directory + " has both folders, such as a, and images, such as 1.png", refusal(directory));
        assertEquals(image + ": not a directory", refusal(image));
        assertEquals(
                "ImageFolder: the size 0 x 2 must be at least 1 x 1",
                assertThrows(IllegalArgumentException.class, () -> ImageFolder.rgb(directory, 0, 2, DType.FLOAT64))
                        .getMessage());
    }

    private static String refusal(Path folder) {
        return assertThrows(IOException.class, () -> ImageFolder.grey(folder, 2, 2, DType.FLOAT64))
                .getMessage();
    }

    @Test
    void a_damaged_or_hostile_image_is_named_when_it_is_read() throws IOException {
        int[] row = new int[300];
        Arrays.setAll(row, i -> i * 7919);
        byte[] whole = Files.readAllBytes(png("a.png", BufferedImage.TYPE_INT_RGB, row));
        Path file = directory.resolve("a.png");
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertTrue(unreadable().startsWith(file + " cannot be read as an image"), unreadable());
        Files.writeString(file, "no image");
        assertEquals(file + " is not an image in a known format", unreadable());
        Files.write(file, declaring(50_000, 50_000));
        assertTrue(unreadable().contains("it has 50000 x 50000 pixels, more than 67108864"), unreadable());
    }

    private String unreadable() throws IOException {
        Dataset d = ImageFolder.grey(directory, 2, 2, DType.FLOAT64);
        return assertThrows(UncheckedIOException.class, () -> d.at(0)).getMessage();
    }

    /** Returns the signature and header of a PNG. */
    private static byte[] declaring(int width, int height) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(header)) {
            out.write("IHDR".getBytes(StandardCharsets.US_ASCII));
            out.writeInt(width);
            out.writeInt(height);
            out.write(new byte[] {8, 2, 0, 0, 0});
        }
        CRC32 crc = new CRC32();
        crc.update(header.toByteArray());
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(png)) {
            out.writeLong(0x89504E470D0A1A0AL);
            out.writeInt(13);
            out.write(header.toByteArray());
            out.writeInt((int) crc.getValue());
            out.writeInt(0);
            out.write("IDAT".getBytes(StandardCharsets.US_ASCII));
            out.writeInt(0x35AF061E);
        }
        return png.toByteArray();
    }
}
