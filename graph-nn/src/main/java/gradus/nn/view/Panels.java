package gradus.nn.view;

import java.util.List;

/** Pictures in rows; made smaller where they would take more than 20,000 pixels side by side. */
final class Panels extends Picture {
    private static final double GAP = 8;

    private final int across;
    private final List<? extends Picture> parts;

    Panels(int across, List<? extends Picture> parts) {
        super(
                side(across, parts.stream().mapToInt(Picture::width).max().orElse(0)),
                side(
                        (parts.size() + across - 1) / across,
                        parts.stream().mapToInt(Picture::height).max().orElse(0)));
        this.across = across;
        this.parts = List.copyOf(parts);
    }

    private static int side(int parts, int each) {
        return (int) Math.min(MOST, (long) parts * each);
    }

    @Override
    void draw(Canvas c, Box box) {
        Box all = drawTitle(c, box);
        int down = (parts.size() + across - 1) / across;
        double width = all.width() / across;
        double height = all.height() / down;
        for (int i = 0; i < parts.size(); i++) {
            double x = all.x() + i % across * width;
            int row = i / across;
            double y = all.y() + row * height;
            parts.get(i).draw(c, new Box(x, y, width - GAP / 2, height - GAP / 2));
        }
    }

    @Override
    String body(int columns) {
        StringBuilder out = new StringBuilder();
        for (Picture p : parts) {
            out.append(out.isEmpty() ? "" : "\n").append(p.text(columns));
        }
        return out.toString();
    }
}
