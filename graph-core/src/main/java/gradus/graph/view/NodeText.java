package gradus.graph.view;

import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** What a view says of a node, in words, whatever the format. */
record NodeText(boolean values, Gradients gradients) {
    private static final int FEW = 6;
    private static final int LONGEST = 40;
    private static final MathContext ROUGHLY = new MathContext(4);

    /** Returns {@code variable}, {@code constant} or the name of the op. */
    static String kind(Node n) {
        if (n.inputs().isEmpty()) {
            return n.isTracked() ? "variable" : "constant";
        }
        return n.op().name();
    }

    /** Returns the lines of a node's label: its name, if there is one; kind and shape; numbers that were asked for. */
    List<String> label(Node n) {
        List<String> lines = new ArrayList<>();
        String kind = cut(kind(n));
        lines.add(n.name() == null ? kind : cut(n.name()));
        lines.add(n.name() == null ? n.shape().toString() : kind + " " + n.shape());
        lines.addAll(numbers(n));
        return lines;
    }

    /** Returns the value and the gradient, those of them that were asked for and are there. */
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
        if (x.size() <= FEW) {
            String s = x.toString().replaceAll("\n+ *", " ");
            if (s.length() <= LONGEST) {
                return s;
            }
        }
        return "min " + rough(x.min()) + ", mean " + rough(x.mean()) + ", max " + rough(x.max());
    }

    private static String rough(Tensor x) {
        double v = x.item();
        return Tensor.of(Double.isFinite(v) ? new BigDecimal(v).round(ROUGHLY).doubleValue() : v)
                .toString();
    }

    /** Returns a name that fits into a box: one line, nothing that XML forbids, cut where it is very long. */
    private static String cut(String name) {
        StringBuilder s = new StringBuilder();
        int shown = 0;
        for (int i = 0; i < name.length() && shown <= LONGEST; shown++) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            boolean line = Character.isWhitespace(c) || Character.isISOControl(c);
            boolean legal = Character.getType(c) != Character.SURROGATE && c != 0xfffe && c != 0xffff;
            s.appendCodePoint(shown == LONGEST ? '…' : line ? ' ' : legal ? c : 0xfffd);
        }
        return s.toString();
    }
}
