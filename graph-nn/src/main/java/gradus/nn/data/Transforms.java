package gradus.nn.data;

import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * Transforms of examples, most of them random: augmentation of training images. Images are the last two axes, [.., h, w]; all channels of an
 * image get the same draw. What comes from outside of an image is 0.
 */
public final class Transforms {
    private Transforms() {}

    /** Returns the transform that gives examples another shape of as many elements: [784] becomes [1, 28, 28]. */
    public static Transform reshape(int... dims) {
        Objects.requireNonNull(dims, "reshape: dims is null");
        Shape shape = Shape.of(dims);
        return (x, random) -> x.reshape(shape);
    }

    /**
     * Returns the transform of targets that makes a class, shape [], a vector [classes] of 0 with 1 at its index.
     *
     * @throws IllegalArgumentException if there are fewer than 2 classes; the transform throws it if a target is not one of the classes
     */
    public static Transform oneHot(int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("oneHot: classes " + classes + " must be at least 2");
        }
        return (y, random) -> {
            double c = y.item();
            if (!(c >= 0 && c < classes) || c != Math.rint(c)) {
                throw new IllegalArgumentException(
                        "oneHot: the target " + c + " is not a class from 0 to " + (classes - 1));
            }
            double[] vector = new double[classes];
            vector[(int) c] = 1;
            return Tensor.of(vector).to(y.dtype());
        };
    }

    /**
     * Returns the transform that moves an image by whole pixels, drawn for each axis from {@code -most} to {@code most}.
     *
     * @throws IllegalArgumentException if {@code most} is negative
     */
    public static Transform shift(int most) {
        requireNotNegative("shift", "most", most);
        return (x, random) -> {
            Shape shape = image("shift", x);
            int down = random.nextInt(2 * most + 1) - most;
            int right = random.nextInt(2 * most + 1) - most;
            return shifted(shifted(x, -2, down, shape.dim(-2)), -1, right, shape.dim(-1));
        };
    }

    private static Tensor shifted(Tensor x, int axis, int by, int size) {
        int shift = Math.max(-size, Math.min(size, by)); // farther, too, nothing is left of the image
        Tensor padded = x.pad(axis, Math.max(shift, 0), Math.max(-shift, 0));
        return padded.slice(axis, Math.max(-shift, 0), Math.max(-shift, 0) + size);
    }

    /**
     * Returns the transform that rotates an image about its center by an angle drawn from U(-most, most), with bilinear interpolation.
     *
     * @param most the largest angle in degrees, from 0 to 180
     * @throws IllegalArgumentException if it is out of range
     */
    public static Transform rotate(double most) {
        if (!(most >= 0 && most <= 180)) {
            throw new IllegalArgumentException("rotate: most " + most + " must be from 0 to 180 degrees");
        }
        return (x, random) -> rotated(x, random.nextDouble(-most, most));
    }

    /** Returns an image rotated by an angle in degrees, counterclockwise with the first row at the top. */
    static Tensor rotated(Tensor x, double degrees) {
        Shape shape = image("rotate", x);
        int h = shape.dim(-2);
        int w = shape.dim(-1);
        double cos = StrictMath.cos(Math.toRadians(degrees));
        double sin = StrictMath.sin(Math.toRadians(degrees));
        double[] from = x.toDoubleArray();
        double[] to = new double[from.length];
        for (int row = 0; row < h; row++) {
            for (int column = 0; column < w; column++) {
                double dx = column - (w - 1) / 2.0;
                double dy = row - (h - 1) / 2.0;
                double sx = cos * dx - sin * dy + (w - 1) / 2.0;
                double sy = sin * dx + cos * dy + (h - 1) / 2.0;
                int left = (int) Math.floor(sx);
                int top = (int) Math.floor(sy);
                for (int channel = 0; channel < from.length; channel += h * w) {
                    double sum = 0;
                    for (int corner = 0; corner < 4; corner++) {
                        int r = top + corner / 2;
                        int c = left + corner % 2;
                        if (r >= 0 && r < h && c >= 0 && c < w) {
                            sum += (1 - Math.abs(sy - r)) * (1 - Math.abs(sx - c)) * from[channel + r * w + c];
                        }
                    }
                    to[channel + row * w + column] = sum;
                }
            }
        }
        return Tensor.of(shape, to).to(x.dtype());
    }

    /** Returns the transform that exchanges left and right of an image with probability 1/2. */
    public static Transform horizontalFlip() {
        return (x, random) -> {
            Shape shape = image("horizontalFlip", x);
            return random.nextDouble() < 0.5 ? flipped(x, shape.dim(-1)) : x;
        };
    }

    private static Tensor flipped(Tensor x, int w) {
        double[] from = x.toDoubleArray();
        double[] to = new double[from.length];
        Arrays.setAll(to, i -> from[i - i % w + (w - 1 - i % w)]);
        return Tensor.of(x.shape(), to).to(x.dtype());
    }

    /**
     * Returns the transform that sets zeros around an image, as many on each side, and takes a random part of it. torchvision's
     * {@code RandomCrop(size, padding)}.
     *
     * @param height the rows of the part
     * @param width the columns of the part
     * @param padding the zeros on each side, from 0 up
     * @throws IllegalArgumentException if an argument is out of range; the transform throws it if the part is larger than the padded image
     */
    public static Transform crop(int height, int width, int padding) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("crop: the size " + height + " x " + width + " must be at least 1 x 1");
        }
        requireNotNegative("crop", "padding", padding);
        return (x, random) -> {
            Shape shape = image("crop", x);
            int down = shape.dim(-2) + 2 * padding - height;
            int right = shape.dim(-1) + 2 * padding - width;
            if (down < 0 || right < 0) {
                throw new IllegalArgumentException("crop: the part " + height + " x " + width
                        + " is larger than the image " + shape + " with padding " + padding);
            }
            int top = random.nextInt(down + 1);
            int left = random.nextInt(right + 1);
            Tensor padded = x.pad(-2, padding, padding).pad(-1, padding, padding);
            return padded.slice(-2, top, top + height).slice(-1, left, left + width);
        };
    }

    /**
     * Returns the transform that adds a draw from N(0, std) to each element.
     *
     * @throws IllegalArgumentException if std is not a number from 0 up
     */
    public static Transform noise(double std) {
        if (!(std >= 0) || Double.isInfinite(std)) {
            throw new IllegalArgumentException("noise: std " + std + " must be a number from 0 up");
        }
        return (x, random) -> x.add(Tensor.normal(x.shape(), 0, std, random).to(x.dtype()));
    }

    private static Shape image(String op, Tensor x) {
        if (x.shape().rank() < 2 || x.size() == 0) {
            throw new IllegalArgumentException(
                    op + ": an image is [.., h, w], not " + x.shape() + "; Transforms.reshape gives it axes");
        }
        return x.shape();
    }

    private static void requireNotNegative(String op, String name, int value) {
        if (value < 0 || value > 1 << 20) {
            throw new IllegalArgumentException(op + ": " + name + " " + value + " must be from 0 to 2^20");
        }
    }
}
