package gradus.nn.view;

import java.awt.geom.Path2D;

/** A rectangle in pixels. */
record Box(double x, double y, double width, double height) {
    double right() {
        return x + width;
    }

    double bottom() {
        return y + height;
    }

    double middle() {
        return x + width / 2;
    }

    Path2D outline() {
        Path2D path = new Path2D.Double();
        path.moveTo(x, y);
        path.lineTo(right(), y);
        path.lineTo(right(), bottom());
        path.lineTo(x, bottom());
        path.closePath();
        return path;
    }
}
