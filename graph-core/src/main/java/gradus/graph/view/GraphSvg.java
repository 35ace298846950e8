package gradus.graph.view;

import gradus.graph.view.GraphOutline.Box;
import gradus.graph.view.GraphOutline.Edge;
import gradus.graph.view.GraphOutline.Kind;
import java.util.List;

/**
 * Draws an outline as SVG. The viewer's fonts are unknown, so widths are upper estimates for a monospace font: a box may be too
 * wide for its text, but not too narrow.
 */
final class GraphSvg {
    private static final double SIZE = 13;
    private static final double LINE = 17;
    private static final double PAD = 8;
    private static final double SIDE = 20; // padding for the rounded and pointed ends of leaves
    private static final double MIN_WIDTH = 64;
    private static final double TIP = 12;
    private static final int MAX_OPERANDS = 12;
    private static final String FONTS =
            "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";

    private final GraphOutline outline;
    private final GraphLayout layout;
    private final boolean[] numbered; // by box: whether the positions of its operands are written
    private final StringBuilder out = new StringBuilder();

    private GraphSvg(GraphOutline outline) {
        this.outline = outline;
        List<Box> boxes = outline.boxes();
        List<Edge> edges = outline.edges();
        int[] entering = new int[boxes.size()];
        edges.forEach(e -> entering[e.to()]++);
        numbered = new boolean[boxes.size()];
        double[] width = new double[boxes.size()];
        double[] height = new double[boxes.size()];
        for (int b = 0; b < width.length; b++) {
            List<String> lines = boxes.get(b).lines();
            width[b] = lines.stream().mapToDouble(GraphSvg::width).max().orElse(0) + 2 * SIDE;
            width[b] = Math.max(MIN_WIDTH, Math.ceil(width[b]));
            height[b] = lines.size() * LINE + 2 * PAD;
            numbered[b] = entering[b] <= MAX_OPERANDS;
        }
        double[] port = new double[edges.size()];
        double[] ports = new double[boxes.size()];
        for (int e = 0; e < port.length; e++) {
            int to = edges.get(e).to();
            port[e] = numbered[to]
                    ? 16 + 2 * width(edges.get(e).operands())
                    : Math.min(12, (width[to] - 2 * PAD) / entering[to]);
            ports[to] += port[e];
            width[to] = numbered[to] ? Math.max(width[to], ports[to]) : width[to];
        }
        layout = new GraphLayout(width, height, port, edges);
    }

    static String draw(GraphOutline outline) {
        return new GraphSvg(outline).draw();
    }

    private String draw() {
        String w = number(Math.ceil(layout.width));
        String h = number(Math.ceil(layout.height));
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\""
                .formatted(w, h, w, h));
        out.append(" font-family=\"%s\" font-size=\"%s\" text-anchor=\"middle\" fill=\"%s\">\n"
                .formatted(FONTS, number(SIZE), GraphOutline.INK));
        out.append(
                        "<title>A computation graph</title>\n<defs><marker id=\"arrow\" markerWidth=\"8\" markerHeight=\"9\"")
                .append(" refX=\"8\" refY=\"4\" orient=\"auto\" markerUnits=\"userSpaceOnUse\">")
                .append("<path d=\"M0,0 L8,4 L0,8 Z\" fill=\"%s\"/></marker></defs>\n".formatted(GraphOutline.EDGE_INK))
                .append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        out.append("<g fill=\"none\" stroke=\"%s\" stroke-width=\"1.3\">\n".formatted(GraphOutline.EDGE_INK));
        for (int e = 0; e < outline.edges().size(); e++) {
            edge(e);
        }
        out.append("</g>\n<g font-size=\"10\" fill=\"#475569\" text-anchor=\"start\">\n");
        for (int e = 0; e < outline.edges().size(); e++) {
            operands(e);
        }
        out.append("</g>\n");
        for (int b = 0; b < outline.boxes().size(); b++) {
            box(b);
        }
        return out.append("</svg>\n").toString();
    }

    // ---- edges

    private void edge(int e) {
        Edge edge = outline.edges().get(e);
        double[] path = layout.path(e);
        StringBuilder d = new StringBuilder("M" + point(path[0], path[1]));
        for (int i = 2; i < path.length; i += 2) {
            double x = path[i];
            double y = path[i + 1];
            if (i % 4 == 2) {
                d.append(" L").append(point(x, y));
            } else { // to another x, with vertical tangents
                double middle = (path[i - 1] + y) / 2;
                d.append(" C").append(point(path[i - 2], middle)).append(' ').append(point(x, middle));
                d.append(' ').append(point(x, y));
            }
        }
        boolean folded = outline.boxes().get(edge.from()).kind() == Kind.FOLDED;
        out.append("<path class=\"edge\" data-from=\"%s\" data-to=\"%s\" d=\"%s\"%s marker-end=\"url(#arrow)\"/>\n"
                .formatted(
                        outline.boxes().get(edge.from()).id(),
                        outline.boxes().get(edge.to()).id(),
                        d,
                        folded ? " stroke-dasharray=\"4 3\"" : ""));
    }

    private void operands(int e) {
        Edge edge = outline.edges().get(e);
        if (!edge.operands().isEmpty() && numbered[edge.to()]) {
            out.append("<text x=\"%s\" y=\"%s\">%s</text>\n"
                    .formatted(
                            number(layout.port[e] + 5), number(layout.top(edge.to()) - 5), escaped(edge.operands())));
        }
    }

    // ---- boxes

    private void box(int b) {
        Box box = outline.boxes().get(b);
        out.append("<g class=\"node %s\" id=\"%s\">\n".formatted(box.kind().word(), box.id()));
        out.append(outlineOf(b, box.kind()));
        double x = layout.left(b) + layout.boxWidth[b] / 2;
        double y = layout.top(b) + PAD + LINE - 5;
        for (int i = 0; i < box.lines().size(); i++) {
            String weight = i == 0 && box.kind() != Kind.FOLDED ? " font-weight=\"bold\"" : "";
            out.append("<text x=\"%s\" y=\"%s\"%s xml:space=\"preserve\">%s</text>\n"
                    .formatted(
                            number(x),
                            number(y + i * LINE),
                            weight,
                            escaped(box.lines().get(i))));
        }
        out.append("</g>\n");
    }

    private String outlineOf(int b, Kind kind) {
        double x = layout.left(b);
        double y = layout.top(b);
        double w = layout.boxWidth[b];
        double h = layout.boxHeight[b];
        String paint = " fill=\"%s\" stroke=\"%s\" stroke-width=\"1.3\"/>\n".formatted(kind.fill, kind.line);
        if (kind == Kind.CONSTANT) { // a hexagon
            return "<polygon points=\"%s %s %s %s %s %s\""
                            .formatted(
                                    point(x, y + h / 2),
                                    point(x + TIP, y),
                                    point(x + w - TIP, y),
                                    point(x + w, y + h / 2),
                                    point(x + w - TIP, y + h),
                                    point(x + TIP, y + h))
                    + paint;
        }
        return "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\""
                        .formatted(number(x), number(y), number(w), number(h))
                + (kind == Kind.VARIABLE ? " rx=\"20\"" : kind == Kind.FOLDED ? " stroke-dasharray=\"4 3\"" : "")
                + paint;
    }

    // ---- text and numbers

    /** Returns an upper estimate of the width of a line in bold; Hangul, Han and emoji are twice as wide. */
    private static double width(String line) {
        return line.codePoints()
                .mapToDouble(c -> SIZE * (c < 0x80 ? 0.62 : c < 0x1100 ? 0.9 : 1.3))
                .sum();
    }

    private static String escaped(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String point(double x, double y) {
        return number(x) + "," + number(y);
    }

    /** Returns a number with at most one decimal. */
    private static String number(double v) {
        long tenths = Math.round(v * 10);
        return tenths % 10 == 0
                ? Long.toString(tenths / 10)
                : (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10 + "." + Math.abs(tenths) % 10;
    }
}
