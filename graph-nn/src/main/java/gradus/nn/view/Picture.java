package gradus.nn.view;

import gradus.nn.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A drawing with a title, as a PNG or an SVG file, or as characters for a terminal. It is immutable; {@link #title} and
 * {@link #size} return another one. {@link Pictures} has the kinds. No display is needed. Files are written beside their
 * place and then moved there, so that a failure leaves an older file whole.
 */
public abstract class Picture implements Cloneable {
    private static final int LEAST = 80;
    static final int MOST = 20_000;
    private static final long MOST_PIXELS = 100_000_000;
    private static final int COLUMNS = 72;
    private static final int LEAST_COLUMNS = 20;
    private static final double TITLE = 16;

    // set on a copy only, before anyone else has it
    String title = "";
    private int width;
    private int height;

    Picture(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /** Returns the width in pixels. */
    public final int width() {
        return width;
    }

    /** Returns the height in pixels. */
    public final int height() {
        return height;
    }

    /** Returns this picture with a title; an empty one takes no room. */
    public Picture title(String title) {
        Objects.requireNonNull(title, "Picture.title: title is null");
        Picture p = copy();
        p.title = title;
        return p;
    }

    /**
     * Returns this picture in another size.
     *
     * @throws IllegalArgumentException if a side is not 80 to 20,000 pixels, or there are more than 100,000,000 pixels
     */
    public Picture size(int width, int height) {
        if (Math.min(width, height) < LEAST || Math.max(width, height) > MOST) {
            throw new IllegalArgumentException(
                    "Picture.size: " + width + " x " + height + "; sides are " + LEAST + " to " + MOST + " pixels");
        }
        if ((long) width * height > MOST_PIXELS) {
            throw new IllegalArgumentException(
                    "Picture.size: " + width + " x " + height + " has more than " + MOST_PIXELS + " pixels");
        }
        Picture p = copy();
        p.width = width;
        p.height = height;
        return p;
    }

    /**
     * Writes a file, PNG or SVG by the end of its name.
     *
     * @throws IllegalArgumentException if the name ends in neither {@code .png} nor {@code .svg}
     * @throws IOException if the file cannot be written; the message names it
     */
    public final void save(Path file) throws IOException {
        Objects.requireNonNull(file, "Picture.save: file is null");
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            png(file);
        } else if (name.endsWith(".svg")) {
            svg(file);
        } else {
            throw new IllegalArgumentException("Picture.save: " + file + " ends in neither .png nor .svg");
        }
    }

    /**
     * Writes a PNG file.
     *
     * @throws IOException if the file cannot be written; the message names it
     */
    public final void png(Path file) throws IOException {
        Objects.requireNonNull(file, "Picture.png: file is null");
        AtomicFile.write(file, png(AwtCanvas.draw(this)));
    }

    /** Returns an image as PNG; ImageIO would keep the bytes of a stream in a temporary file. */
    static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream png = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", png);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes an SVG file; its texts are texts, which can be searched and copied.
     *
     * @throws IOException if the file cannot be written; the message names it
     */
    public final void svg(Path file) throws IOException {
        Objects.requireNonNull(file, "Picture.svg: file is null");
        AtomicFile.write(file, svg().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the SVG document. */
    public final String svg() {
        return SvgCanvas.draw(this);
    }

    /**
     * Returns the drawing with characters, for a terminal; lines end with a line feed, and none is wider than given.
     *
     * @param columns of the terminal
     * @throws IllegalArgumentException if there are fewer than 20
     */
    public final String text(int columns) {
        if (columns < LEAST_COLUMNS) {
            throw new IllegalArgumentException(
                    "Picture.text: " + columns + " columns; at least " + LEAST_COLUMNS + " are needed");
        }
        String heading = title.isEmpty() ? "" : Texts.centred(title, columns) + "\n";
        return heading + body(columns);
    }

    /** Returns the drawing with characters, 72 columns wide. */
    @Override
    public final String toString() {
        return text(COLUMNS);
    }

    /** Draws the whole picture into a box. */
    abstract void draw(Canvas c, Box box);

    /** Returns the drawing with characters, without the title. */
    abstract String body(int columns);

    /** Draws the title, and returns the box below it. */
    final Box drawTitle(Canvas c, Box box) {
        if (title.isEmpty()) {
            return box;
        }
        double size = Math.min(TITLE, Math.max(11, box.width() / 30));
        double room = box.width() - 16;
        while (size > 10 && Texts.width(title, size) > room) {
            size -= 0.5;
        }
        c.text(Texts.fit(title, size, room), box.middle(), box.y() + 8 + size, 0.5, size, Canvas.BLACK);
        double used = size + 14;
        return new Box(box.x(), box.y() + used, box.width(), box.height() - used);
    }

    final Picture copy() {
        try {
            return (Picture) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
