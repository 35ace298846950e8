package gradus.nn.view;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws into an image in memory; needs no display. */
final class AwtCanvas implements Canvas {
    private final Graphics2D g;

    private AwtCanvas(Graphics2D g) {
        this.g = g;
    }

    static BufferedImage draw(Picture picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, picture.width(), picture.height());
            picture.draw(new AwtCanvas(g), new Box(0, 0, picture.width(), picture.height()));
        } finally {
            g.dispose();
        }
        return image;
    }

    @Override
    public void stroke(Path2D path, int color, double width, boolean dashed) {
        float[] dashes = dashed ? new float[] {5, 4} : null;
        g.setStroke(new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0));
        g.setColor(new Color(color));
        g.draw(path);
    }

    @Override
    public void fill(Path2D path, int color) {
        g.setColor(new Color(color));
        g.fill(path);
    }

    @Override
    public void faces(List<Path2D> faces, int[] colors) {
        for (int i = 0; i < colors.length; i++) {
            fill(faces.get(i), colors[i]);
            stroke(faces.get(i), INK, FACE_EDGE, false);
        }
    }

    @Override
    public void dots(double[] x, double[] y, double radius, int color) {
        g.setColor(new Color(color));
        for (int i = 0; i < x.length; i++) {
            g.fill(new Ellipse2D.Double(x[i] - radius, y[i] - radius, 2 * radius, 2 * radius));
        }
    }

    @Override
    public void text(String text, double x, double y, double anchor, double size, int color) {
        g.setColor(new Color(color));
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) size));
        double width = g.getFontMetrics().getStringBounds(text, g).getWidth();
        g.drawString(text, (float) (x - anchor * width), (float) y);
    }

    @Override
    public void textUpwards(String text, double x, double y, double anchor, double size, int color) {
        AffineTransform before = g.getTransform();
        g.rotate(-Math.PI / 2, x, y);
        text(text, x, y, anchor, size, color);
        g.setTransform(before);
    }

    @Override
    public void pixels(BufferedImage image, Box box) {
        AffineTransform to = AffineTransform.getTranslateInstance(box.x(), box.y());
        to.scale(box.width() / image.getWidth(), box.height() / image.getHeight());
        g.drawImage(image, to, null);
    }

    @Override
    public void clip(Box box) {
        g.setClip(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()));
    }

    @Override
    public void unclip() {
        g.setClip(null);
    }
}
