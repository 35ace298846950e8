package gradus.nn.view;

import gradus.array.Tensor;
import java.util.List;
import java.util.Objects;

/** Draws grey images with characters, for terminals. */
public final class Pictures {
    private static final String SHADES = " ░▒▓█";

    private Pictures() {}

    /**
     * Returns images side by side, each under its caption. Two rows of an image share a line, as characters are twice as
     * high as wide.
     *
     * @param images each of side * side numbers, 0 white to 1 black
     */
    public static String sideBySide(List<Tensor> images, List<String> captions, int side) {
        Objects.requireNonNull(images, "Pictures: images is null");
        Objects.requireNonNull(captions, "Pictures: captions is null");
        for (Tensor image : images) {
            if (image.size() != side * side) {
                throw new IllegalArgumentException("Pictures: " + image.shape() + " is not an image of side " + side);
            }
        }
        StringBuilder out = new StringBuilder();
        for (String c : captions) {
            out.append(String.format("%-" + (side + 2) + "s", c));
        }
        out.append('\n');
        for (int y = 0; y < side; y += 2) {
            for (Tensor image : images) {
                double[] p = image.toDoubleArray();
                for (int x = 0; x < side; x++) {
                    double lower = y + 1 < side ? p[(y + 1) * side + x] : 0;
                    double dark = Math.max(0, Math.min(1, (p[y * side + x] + lower) / 2));
                    out.append(SHADES.charAt((int) Math.round(dark * (SHADES.length() - 1))));
                }
                out.append("  ");
            }
            out.append('\n');
        }
        return out.toString();
    }
}
