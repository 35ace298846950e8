package gradus.nn.data;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads an image file as numbers 0 to 1 of a given size. */
final class ImageReading {
    /** A small file can declare any size; this many pixels are 8192 x 8192. */
    static final long MAX_PIXELS = 1L << 26;

    private ImageReading() {}

    /** Returns the image, [c, h, w], grey for one channel, and red, green and blue for three. */
    static double[] read(Path file, int channels, int height, int width) throws IOException {
        BufferedImage image = decoded(file);
        int h = image.getHeight();
        int w = image.getWidth();
        double[] resized = new double[channels * height * width];
        for (int c = 0; c < channels; c++) {
            double[] rows = resized(channel(image, channels, c), h, w, width); // [h, width]
            double[] columns = resized(transposed(rows, h, width), width, h, height); // [width, height]
            System.arraycopy(transposed(columns, width, height), 0, resized, c * height * width, height * width);
        }
        return resized;
    }

    private static BufferedImage decoded(Path file) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            if (in == null) {
                throw new IOException(file + " cannot be read");
            }
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(file + " is not an image in a known format");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MAX_PIXELS) {
                    throw new IOException("it has " + reader.getHeight(0) + " x " + reader.getWidth(0)
                            + " pixels, more than " + MAX_PIXELS);
                }
                return reader.read(0);
            } catch (IOException | RuntimeException e) { // readers throw many kinds for damaged files
                throw new IOException(file + " cannot be read as an image: " + e.getMessage(), e);
            } finally {
                reader.dispose();
            }
        }
    }

    /** Returns one channel, [h, w] in 0..1. */
    private static double[] channel(BufferedImage image, int channels, int c) {
        int h = image.getHeight();
        int w = image.getWidth();
        double[] values = new double[h * w];
        Raster raster = image.getRaster();
        if (image.getColorModel() instanceof ComponentColorModel model && model.getNumColorComponents() == 1) {
            // getRGB takes grey values as linear light and would make them brighter
            double max = (1L << model.getComponentSize(0)) - 1;
            for (int i = 0; i < values.length; i++) {
                values[i] = raster.getSampleDouble(raster.getMinX() + i % w, raster.getMinY() + i / w, 0) / max;
            }
            return values;
        }
        for (int i = 0; i < values.length; i++) {
            int rgb = image.getRGB(i % w, i / w);
            int r = rgb >> 16 & 0xff;
            int g = rgb >> 8 & 0xff;
            int b = rgb & 0xff;
            values[i] =
                    channels == 1 ? (0.299 * r + 0.587 * g + 0.114 * b) / 255 : (rgb >> (16 - 8 * c) & 0xff) / 255.0;
        }
        return values;
    }

    /** Returns each row [w] of an image resized to {@code width}: weighted means with a triangular filter. */
    private static double[] resized(double[] image, int h, int w, int width) {
        double scale = (double) w / width;
        double support = Math.max(1, scale);
        double[] result = new double[h * width];
        for (int i = 0; i < width; i++) {
            double center = (i + 0.5) * scale;
            int from = Math.max(0, (int) Math.floor(center - support));
            int to = Math.min(w, (int) Math.ceil(center + support));
            double sum = 0;
            for (int j = from; j < to; j++) {
                double weight = Math.max(0, 1 - Math.abs(j + 0.5 - center) / support);
                sum += weight;
                for (int row = 0; row < h; row++) {
                    result[row * width + i] += weight * image[row * w + j];
                }
            }
            for (int row = 0; row < h; row++) {
                result[row * width + i] /= sum;
            }
        }
        return result;
    }

    private static double[] transposed(double[] matrix, int rows, int columns) {
        double[] t = new double[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            t[i % columns * rows + i / columns] = matrix[i];
        }
        return t;
    }
}
