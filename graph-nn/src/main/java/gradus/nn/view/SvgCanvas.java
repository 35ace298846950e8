package gradus.nn.view;

import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Writes SVG 1.1: texts as texts, coordinates to a tenth of a pixel, images as PNG inside. */
final class SvgCanvas implements Canvas {
    private static final String FONTS = "Helvetica, Arial, 'DejaVu Sans', 'Liberation Sans', sans-serif";

    private static final int MOST_COLORS = 64;

    private final StringBuilder out = new StringBuilder();

    private SvgCanvas() {}

    static String draw(Picture picture) {
        SvgCanvas c = new SvgCanvas();
        String size = String.format(
                Locale.ROOT,
                "width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\"",
                picture.width(),
                picture.height());
        c.out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" ")
                .append(size)
                .append(" font-family=\"")
                .append(FONTS)
                .append(
                        "\" style=\"image-rendering:pixelated\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        picture.draw(c, new Box(0, 0, picture.width(), picture.height()));
        return c.out.append("</svg>\n").toString();
    }

    @Override
    public void stroke(Path2D path, int color, double width, boolean dashed) {
        out.append("<path d=\"")
                .append(data(path))
                .append("\" fill=\"none\" stroke=\"")
                .append(hex(color));
        out.append("\" stroke-width=\"").append(number(width)).append("\" stroke-linejoin=\"round\"");
        out.append(dashed ? " stroke-dasharray=\"5 4\"/>\n" : "/>\n");
    }

    @Override
    public void fill(Path2D path, int color) {
        out.append("<path d=\"")
                .append(data(path))
                .append("\" fill=\"")
                .append(hex(color))
                .append("\"/>\n");
    }

    @Override
    public void faces(List<Path2D> faces, int[] colors) {
        out.append("<g stroke=\"").append(hex(INK)).append("\" stroke-width=\"").append(number(FACE_EDGE));
        out.append("\" stroke-linejoin=\"round\">\n");
        for (int i = 0; i < colors.length; i++) {
            fill(faces.get(i), colors[i]);
        }
        out.append("</g>\n");
    }

    /** Dots are lines of no length with round ends: a few bytes for each. */
    @Override
    public void dots(double[] x, double[] y, double radius, int color) {
        out.append("<path d=\"");
        for (int i = 0; i < x.length; i++) {
            out.append('M')
                    .append(number(x[i]))
                    .append(' ')
                    .append(number(y[i]))
                    .append("h0");
        }
        out.append("\" stroke=\"")
                .append(hex(color))
                .append("\" stroke-width=\"")
                .append(number(2 * radius));
        out.append("\" stroke-linecap=\"round\"/>\n");
    }

    @Override
    public void text(String text, double x, double y, double anchor, double size, int color) {
        write(text, x, y, anchor, size, color, "");
    }

    @Override
    public void textUpwards(String text, double x, double y, double anchor, double size, int color) {
        write(text, x, y, anchor, size, color, " transform=\"rotate(-90 " + number(x) + " " + number(y) + ")\"");
    }

    private void write(String text, double x, double y, double anchor, double size, int color, String transform) {
        out.append("<text x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" font-size=\"");
        out.append(number(size))
                .append("\" fill=\"")
                .append(hex(color))
                .append('"')
                .append(transform);
        out.append(anchor == 0 ? "" : anchor == 1 ? " text-anchor=\"end\"" : " text-anchor=\"middle\"");
        out.append('>').append(Texts.xml(text)).append("</text>\n");
    }

    @Override
    public void pixels(BufferedImage image, Box box) {
        byte[] png;
        try {
            png = Picture.png(small(image));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a buffer in memory
        }
        out.append("<image x=\"").append(number(box.x())).append("\" y=\"").append(number(box.y()));
        out.append("\" width=\"")
                .append(number(box.width()))
                .append("\" height=\"")
                .append(number(box.height()));
        out.append("\" preserveAspectRatio=\"none\"");
        out.append(" xlink:href=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(png))
                .append("\"/>\n");
    }

    /** Returns the image with a byte for each pixel, if it is grey or has few colours: a smaller file. */
    private static BufferedImage small(BufferedImage image) {
        int w = image.getWidth();
        int h = image.getHeight();
        int[] colors = image.getRGB(0, 0, w, h, null, 0, w);
        int[] palette = Arrays.stream(colors).distinct().toArray();
        boolean grey =
                Arrays.stream(palette).allMatch(c -> (c >> 16 & 0xff) == (c & 0xff) && (c >> 8 & 0xff) == (c & 0xff));
        if (!grey && palette.length > MOST_COLORS) {
            return image;
        }
        BufferedImage bytes;
        if (grey) {
            bytes = new BufferedImage(w, h, BufferedImage.TYPE_BYTE_GRAY);
        } else {
            int bits = palette.length <= 2 ? 1 : palette.length <= 4 ? 2 : palette.length <= 16 ? 4 : 8;
            IndexColorModel model =
                    new IndexColorModel(bits, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
            bytes = new BufferedImage(
                    w, h, bits < 8 ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_BYTE_INDEXED, model);
        }
        for (int i = 0; i < colors.length; i++) {
            int color = colors[i];
            int value = grey
                    ? color & 0xff
                    : IntStream.range(0, palette.length)
                            .filter(k -> palette[k] == color)
                            .findFirst()
                            .orElseThrow();
            bytes.getRaster().setSample(i % w, i / w, 0, value); // setRGB would convert between grey scales
        }
        return bytes;
    }

    /** An inner svg element shows nothing outside its box, and needs no identifier. */
    @Override
    public void clip(Box b) {
        String box = number(b.x()) + " " + number(b.y()) + " " + number(b.width()) + " " + number(b.height());
        out.append("<svg x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" viewBox=\"%s\" preserveAspectRatio=\"none\">\n"
                .formatted(number(b.x()), number(b.y()), number(b.width()), number(b.height()), box));
    }

    @Override
    public void unclip() {
        out.append("</svg>\n");
    }

    /** A path of straight lines; what follows a move or a line without a letter is another line. */
    private static String data(Path2D path) {
        StringBuilder d = new StringBuilder();
        double[] p = new double[6];
        for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
            switch (i.currentSegment(p)) {
                case PathIterator.SEG_MOVETO -> d.append('M');
                case PathIterator.SEG_LINETO -> d.append(' ');
                default -> {
                    d.append('Z');
                    continue;
                }
            }
            d.append(number(p[0])).append(' ').append(number(p[1]));
        }
        return d.toString();
    }

    private static String number(double v) {
        long tenths = Math.round(v * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : String.format(Locale.ROOT, "%.1f", tenths / 10.0);
    }

    private static String hex(int color) {
        return String.format(Locale.ROOT, "#%06x", color);
    }
}
