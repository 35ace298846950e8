package gradus.graph.view;

import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The text that a view shows for a node, in every format. */
record NodeText(boolean values, Gradients gradients) {
    private static final int MAX_ELEMENTS = 6;
    private static final int MAX_LENGTH = 40;
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    /** Returns {@code variable}, {@code constant} or the name of the op. */
    static String kind(Node n) {
        if (n.inputs().isEmpty()) {
            return n.isTracked() ? "variable" : "constant";
        }
        return n.op().name();
    }

    /** Returns the lines of a node's label: its name, if it has one; kind and shape; value and gradient, if enabled. */
    List<String> label(Node n) {
        List<String> lines = new ArrayList<>();
        String kind = truncated(kind(n));
        lines.add(n.name() == null ? kind : truncated(n.name()));
        lines.add(n.name() == null ? n.shape().toString() : kind + " " + n.shape());
        lines.addAll(numbers(n));
        return lines;
    }

    /** Returns the lines of the value and the gradient, where they are enabled and there is one. */
    List<String> numbers(Node n) {
        List<String> lines = new ArrayList<>();
        if (values) {
            lines.add("value " + numbers(n.value()));
        }
        if (gradients != null && gradients.reached(n)) {
            lines.add("gradient " + numbers(gradients.of(n).value()));
        }
        return lines;
    }

    private static String numbers(Tensor x) {
        if (x.size() <= MAX_ELEMENTS) {
            String s = x.toString().replaceAll("\n+ *", " ");
            if (s.length() <= MAX_LENGTH) {
                return s;
            }
        }
        return "min " + rounded(x.min()) + ", mean " + rounded(x.mean()) + ", max " + rounded(x.max());
    }

    private static String rounded(Tensor x) {
        double v = x.item();
        return Tensor.of(
                        Double.isFinite(v)
                                ? new BigDecimal(v).round(FOUR_DIGITS).doubleValue()
                                : v)
                .toString();
    }

    /** Returns a name as a label: one line, without characters that XML forbids, truncated if it is long. */
    private static String truncated(String name) {
        StringBuilder s = new StringBuilder();
        int shown = 0;
        for (int i = 0; i < name.length() && shown <= MAX_LENGTH; shown++) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            boolean line = Character.isWhitespace(c) || Character.isISOControl(c);
            boolean legal = Character.getType(c) != Character.SURROGATE && c != 0xfffe && c != 0xffff;
            s.appendCodePoint(shown == MAX_LENGTH ? '…' : line ? ' ' : legal ? c : 0xfffd);
        }
        return s.toString();
    }
}
