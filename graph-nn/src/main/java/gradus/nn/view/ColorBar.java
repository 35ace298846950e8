package gradus.nn.view;

import gradus.nn.view.Axis.Tick;
import java.awt.image.BufferedImage;
import java.util.function.DoubleToIntFunction;

/** A strip with the colours of numbers and their labels. */
record ColorBar(Axis axis, DoubleToIntFunction color) {
    static final double WIDTH = 74;
    private static final double STRIP = 14;

    /** Draws the strip and its labels into the left part of a box {@link #WIDTH} wide. */
    void draw(Canvas c, Box box) {
        int n = 64;
        BufferedImage image = new BufferedImage(1, n, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < n; i++) {
            image.setRGB(0, n - 1 - i, color.applyAsInt((i + 0.5) / n));
        }
        Box strip = new Box(box.x() + 6, box.y(), STRIP, box.height());
        c.pixels(image, strip);
        c.stroke(strip.outline(), Canvas.INK, 0.8, false);
        for (Tick t : axis.ticks((int) Math.max(2, box.height() / 40))) {
            double y = strip.bottom() - axis.at(t.value()) * strip.height();
            c.text(Texts.fit(t.label(), 11, WIDTH - STRIP - 12), strip.right() + 4, y + 4, 0, 11, Canvas.INK);
        }
    }
}
