package gradus.nn.view;

import gradus.array.Shape;
import gradus.array.Tensor;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleToIntFunction;

/** Images in rows, each enlarged without blurring, with a caption under it. */
final class ImageGrid extends Picture {
    private static final String SHADES = " ░▒▓█";
    private static final int GAP = 6;
    private static final double CAPTION = 12;
    private static final int MOST = 4096;

    private final int channels;
    private final int height;
    private final int width;
    private final double[] pixels; // [n, channels, height, width], 0 to 1
    private final int across;
    private final List<String> captions;
    private final DoubleToIntFunction color;

    private ImageGrid(
            int[] size, double[] pixels, int across, List<String> captions, DoubleToIntFunction color, int[] cell) {
        super(cell[0], cell[1]);
        channels = size[1];
        height = size[2];
        width = size[3];
        this.pixels = pixels;
        this.across = across;
        this.captions = captions;
        this.color = color;
    }

    /** Returns images [n, h, w], [n, 1, h, w] or [n, 3, h, w]. */
    static ImageGrid of(String where, Tensor images, List<String> captions) {
        Shape s = images.shape();
        boolean colored = s.rank() == 4 && s.dim(1) == 3;
        boolean grey = s.rank() == 3 || (s.rank() == 4 && s.dim(1) == 1);
        if (!(grey || colored) || images.size() == 0) {
            throw new IllegalArgumentException(
                    where + ": " + s + " are no images; [n, h, w], [n, 1, h, w] or [n, 3, h, w] is needed");
        }
        int[] size = {s.dim(0), colored ? 3 : 1, s.dim(-2), s.dim(-1)};
        return of(where, size, images.toDoubleArray(), captions, false);
    }

    /** Returns the filters [out, in, kh, kw] of a convolution, one row for each output where there are several inputs. */
    static ImageGrid filters(Tensor weight) {
        Shape s = weight.shape();
        if (s.rank() != 4 || weight.size() == 0) {
            throw new IllegalArgumentException(
                    "Pictures.filters: " + s + " is no weight of a convolution, [out, in, kh, kw]");
        }
        int[] size = {s.dim(0) * s.dim(1), 1, s.dim(2), s.dim(3)};
        ImageGrid grid = of("Pictures.filters", size, weight.toDoubleArray(), List.of(), true);
        return s.dim(1) == 1 ? grid : grid.withAcross(s.dim(1));
    }

    private static ImageGrid of(String where, int[] size, double[] values, List<String> captions, boolean signed) {
        if (!captions.isEmpty() && captions.size() != size[0]) {
            throw new IllegalArgumentException(where + ": " + captions.size() + " captions for " + size[0] + " images");
        }
        for (int i = 0; i < captions.size(); i++) {
            Objects.requireNonNull(captions.get(i), where + ": captions[" + i + "] is null");
        }
        if (size[0] > MOST) {
            throw new IllegalArgumentException(where + ": " + size[0] + " images; at most " + MOST + " are drawn");
        }
        double[] finite = Numbers.finite(where + ": the images", values);
        double low = Arrays.stream(finite).min().orElseThrow();
        double high = Arrays.stream(finite).max().orElseThrow();
        if (signed) {
            high = Math.max(Math.abs(low), Math.abs(high));
            low = -high;
        } else if (low >= 0 && high <= 1) {
            low = 0;
            high = 1;
        }
        double from = low;
        double span = high > low ? high - low : 1;
        double[] shares = Arrays.stream(values).map(v -> (v - from) / span).toArray();
        int across = (int) Math.ceil(Math.sqrt(size[0] * 1.6 * size[2] / size[3]));
        across = Math.max(1, Math.min(size[0], across));
        DoubleToIntFunction color = signed ? Colors::diverging : Colors::grey;
        return new ImageGrid(size, shares, across, List.copyOf(captions), color, cell(size, across, captions));
    }

    private static int[] cell(int[] size, int across, List<String> captions) {
        int down = (size[0] + across - 1) / across;
        double scale = Math.max(1, Math.min(112.0 / Math.max(size[2], size[3]), 900.0 / (across * size[3])));
        double caption = captions.isEmpty() ? 0 : CAPTION + 6;
        double captionWidth = captions.stream()
                .mapToDouble(c -> Texts.width(c, CAPTION))
                .max()
                .orElse(0);
        double wide = across * (Math.max(scale * size[3], Math.min(150, captionWidth)) + GAP) + GAP;
        double high = down * (scale * size[2] + GAP + caption) + GAP;
        return new int[] {(int) Math.max(160, Math.min(4000, wide)), (int) Math.max(120, Math.min(4000, high)) + 30};
    }

    private ImageGrid withAcross(int across) {
        int[] size = {count(), channels, height, width};
        return new ImageGrid(size, pixels, across, captions, color, cell(size, across, captions));
    }

    private int count() {
        return pixels.length / (channels * height * width);
    }

    @Override
    void draw(Canvas c, Box whole) {
        Box box = drawTitle(c, whole);
        int down = (count() + across - 1) / across;
        double caption = captions.isEmpty() ? 0 : CAPTION + 6;
        double cellWidth = (box.width() - GAP) / across;
        double cellHeight = (box.height() - GAP) / down;
        double scale = Math.min((cellWidth - GAP) / width, (cellHeight - GAP - caption) / height);
        boolean together = captions.isEmpty() && scale > 0;
        double gap = Math.max(2, Math.min(GAP, scale * 2));
        if (together) { // the images close to each other, in the middle
            cellWidth = scale * width + gap;
            cellHeight = scale * height + gap;
        }
        double left = box.middle() - (cellWidth * across - gap) / 2;
        double top = box.y() + GAP + (box.height() - GAP - cellHeight * down) / 2;
        for (int i = 0; i < count(); i++) {
            double x = left + i % across * cellWidth + (together ? 0 : (cellWidth - scale * width) / 2);
            int row = i / across;
            double y = top + row * cellHeight;
            Box place = new Box(x, y, scale * width, scale * height);
            c.pixels(image(i), place);
            c.stroke(place.outline(), 0xaaaaaa, 0.5, false);
            if (!captions.isEmpty()) {
                String text = Texts.fit(captions.get(i), CAPTION, cellWidth - 2);
                c.text(text, place.middle(), place.bottom() + CAPTION + 2, 0.5, CAPTION, Canvas.INK);
            }
        }
    }

    private BufferedImage image(int i) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int plane = height * width;
        for (int k = 0; k < plane; k++) {
            int at = i * channels * plane + k;
            image.setRGB(
                    k % width,
                    k / width,
                    channels == 3
                            ? Colors.rgb(pixels[at], pixels[at + plane], pixels[at + 2 * plane])
                            : color.applyAsInt(pixels[at]));
        }
        return image;
    }

    /** As many images beside each other as there is room for; a wider one is made smaller by means of its pixels. */
    @Override
    String body(int columns) {
        int shrink = (width + columns - 1) / columns;
        int w = (width + shrink - 1) / shrink;
        int h = (height + shrink - 1) / shrink;
        int perLine = Math.max(1, Math.min(Math.min(across, count()), (columns + 2) / (w + 2)));
        StringBuilder out = new StringBuilder();
        for (int from = 0; from < count(); from += perLine) {
            int to = Math.min(count(), from + perLine);
            out.append(from > 0 ? "\n" : "");
            if (!captions.isEmpty()) {
                StringBuilder line = new StringBuilder();
                for (String c : captions.subList(from, to)) {
                    line.append(Texts.left(c, w)).append("  ");
                }
                out.append(line.toString().stripTrailing()).append('\n');
            }
            for (int y = 0; y < h; y += 2) {
                StringBuilder line = new StringBuilder();
                for (int i = from; i < to; i++) {
                    for (int x = 0; x < w; x++) {
                        line.append(shade((light(i, x, y, shrink) + (y + 1 < h ? light(i, x, y + 1, shrink) : 0)) / 2));
                    }
                    line.append("  ");
                }
                out.append(line.toString().stripTrailing()).append('\n');
            }
        }
        return out.toString();
    }

    static char shade(double light) {
        return SHADES.charAt((int) Math.round(Math.max(0, Math.min(1, light)) * (SHADES.length() - 1)));
    }

    private double light(int i, int x, int y, int shrink) {
        double sum = 0;
        int n = 0;
        for (int r = y * shrink; r < Math.min(height, (y + 1) * shrink); r++) {
            for (int col = x * shrink; col < Math.min(width, (x + 1) * shrink); col++) {
                for (int ch = 0; ch < channels; ch++, n++) {
                    sum += pixels[((i * channels + ch) * height + r) * width + col];
                }
            }
        }
        return sum / n;
    }
}
