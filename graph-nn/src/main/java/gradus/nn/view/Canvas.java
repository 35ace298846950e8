package gradus.nn.view;

import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** What a picture is drawn on. Lengths are pixels from the upper left corner, colours are {@code 0xRRGGBB}. */
interface Canvas {
    int BLACK = 0x000000;
    int INK = 0x333333;
    int GREY = 0x888888;
    int GRID = 0xdddddd;
    int WHITE = 0xffffff;
    double FACE_EDGE = 0.4;

    /** Draws the lines of a path. */
    void stroke(Path2D path, int color, double width, boolean dashed);

    /** Fills a path. */
    void fill(Path2D path, int color);

    /** Fills faces one over the other, each with its colour and thin dark edges. */
    void faces(List<Path2D> faces, int[] colors);

    /** Draws round dots. */
    void dots(double[] x, double[] y, double radius, int color);

    /**
     * Writes a text on the baseline y.
     *
     * @param anchor the share of the text's width that lies left of x: 0, 0.5 or 1
     */
    void text(String text, double x, double y, double anchor, double size, int color);

    /** Writes a text upwards, with its middle at (x, y) or, for anchor 0, its beginning. */
    void textUpwards(String text, double x, double y, double anchor, double size, int color);

    /** Draws an image into a box, each of its pixels as a rectangle of one colour. */
    void pixels(BufferedImage image, Box box);

    /** What is drawn from here to {@link #unclip} is shown inside a box only. */
    void clip(Box box);

    /** Ends {@link #clip}. */
    void unclip();
}
