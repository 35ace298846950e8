package gradus.nn.view;

import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/** Confusion matrices and attention weights. */
final class Matrices {
    private Matrices() {}

    static Picture confusion(int[][] counts, List<String> classes) {
        String where = "Pictures.confusion";
        int n = counts.length;
        if (n == 0) {
            throw new IllegalArgumentException(where + ": counts is empty");
        }
        names(where + ": classes", classes, n);
        double[][] shares = new double[n][n];
        String[][][] texts = new String[n][n][];
        double[] recalls = new double[n];
        for (int i = 0; i < n; i++) {
            Objects.requireNonNull(counts[i], where + ": counts[" + i + "] is null");
            if (counts[i].length != n) {
                throw new IllegalArgumentException(
                        where + ": row " + i + " has " + counts[i].length + " counts for " + n + " classes");
            }
            long sum = 0;
            for (int c : counts[i]) {
                if (c < 0) {
                    throw new IllegalArgumentException(where + ": row " + i + " has a count of " + c);
                }
                sum += c;
            }
            for (int j = 0; j < n; j++) {
                shares[i][j] = sum == 0 ? 0 : (double) counts[i][j] / sum;
                texts[i][j] = counts[i][j] == 0
                        ? new String[] {"0"}
                        : new String[] {Integer.toString(counts[i][j]), percent(shares[i][j])};
            }
            recalls[i] = sum == 0 ? Double.NaN : shares[i][i];
        }
        return new HeatMap(
                        shares,
                        classes,
                        classes,
                        new double[] {0, 1},
                        Colors::blues,
                        texts,
                        new String[] {"actual", "predicted"},
                        width -> table(counts, classes, recalls, width))
                .title("Confusion matrix: counts, and shares of the actual class");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share == 1 || share < 0.0005 ? "%.0f%%" : "%.1f%%", 100 * share);
    }

    private static String table(int[][] counts, List<String> classes, double[] recalls, int width) {
        int digits = 1;
        for (int[] row : counts) {
            for (int c : row) {
                digits = Math.max(digits, Integer.toString(c).length());
            }
        }
        int longest = classes.stream().mapToInt(Texts::columns).max().orElse(1);
        int labels = Math.max(6, Math.min(longest, width / 4));
        int each = Math.min(Math.max(digits, longest), (width - labels - 9) / counts.length - 1);
        if (each < digits) {
            return null;
        }
        StringBuilder out = new StringBuilder();
        out.append(Texts.left("actual", labels));
        classes.forEach(c -> out.append(' ').append(Texts.right(c, each)));
        out.append("   recall\n");
        for (int i = 0; i < counts.length; i++) {
            out.append(Texts.left(classes.get(i), labels));
            for (int c : counts[i]) {
                out.append(' ').append(Texts.right(c == 0 ? "." : Integer.toString(c), each));
            }
            String recall = Double.isNaN(recalls[i]) ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * recalls[i]);
            out.append(' ').append(Texts.right(recall, 8)).append('\n');
        }
        return out.toString();
    }

    static Picture attention(Tensor weights, List<String> queries, List<String> keys) {
        int rank = weights.shape().rank();
        if ((rank != 2 && rank != 3) || weights.size() == 0) {
            throw new IllegalArgumentException("Pictures.attention: weights " + weights.shape()
                    + " are neither [queries, keys] nor [heads, queries, keys]");
        }
        int rows = weights.shape().dim(rank - 2);
        int columns = weights.shape().dim(rank - 1);
        names("Pictures.attention: queries", queries, rows);
        names("Pictures.attention: keys", keys, columns);
        double[] all = weights.toDoubleArray();
        double high = Arrays.stream(Numbers.finite("Pictures.attention: weights", all))
                .max()
                .orElseThrow();
        double low =
                Math.min(0, Arrays.stream(all).filter(Double::isFinite).min().orElseThrow());
        List<Picture> heads = new ArrayList<>();
        for (int head = 0; head < all.length / (rows * columns); head++) {
            int from = head * rows * columns;
            double[][] values = IntStream.range(0, rows)
                    .mapToObj(i -> Arrays.copyOfRange(all, from + i * columns, from + (i + 1) * columns))
                    .toArray(double[][]::new);
            Picture p = new HeatMap(
                    values,
                    queries,
                    keys,
                    new double[] {low, high > low ? high : low + 1},
                    Colors::sequence,
                    null,
                    new String[] {"query", "key"},
                    null);
            heads.add(
                    rank == 2
                            ? p.title("Attention weights")
                            : p.title("head " + head).size(Math.min(520, p.width()), Math.min(440, p.height())));
        }
        return rank == 2 ? heads.get(0) : new Panels((int) Math.ceil(Math.sqrt(heads.size())), heads);
    }

    private static void names(String what, List<String> names, int n) {
        if (names.size() != n) {
            throw new IllegalArgumentException(what + ": " + names.size() + " names for " + n);
        }
        for (int i = 0; i < n; i++) {
            Objects.requireNonNull(names.get(i), what + "[" + i + "] is null");
        }
    }
}
