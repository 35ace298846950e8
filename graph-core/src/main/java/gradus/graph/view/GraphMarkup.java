package gradus.graph.view;

import gradus.graph.view.GraphOutline.Box;
import gradus.graph.view.GraphOutline.Edge;
import gradus.graph.view.GraphOutline.Kind;
import java.util.List;
import java.util.stream.Collectors;

/** Writes an outline as DOT or Mermaid, whose programs compute the layout. */
final class GraphMarkup {
    private GraphMarkup() {}

    // ---- DOT

    static String dot(GraphOutline outline) {
        StringBuilder out = new StringBuilder("digraph gradus {\n")
                .append("  node [fontname=\"monospace\", fontsize=11, style=filled];\n")
                .append("  edge [fontname=\"monospace\", fontsize=9, color=\"" + GraphOutline.EDGE_INK + "\"];\n");
        for (Box b : outline.boxes()) {
            String label = b.lines().stream().map(GraphMarkup::forDot).collect(Collectors.joining("\\n"));
            out.append("  %s [label=\"%s\", %s];\n".formatted(b.id(), label, dotStyle(b.kind())));
        }
        for (Edge e : outline.edges()) {
            out.append("  ").append(id(outline, e.from())).append(" -> ").append(id(outline, e.to()));
            out.append(e.operands().isEmpty() ? ";\n" : " [headlabel=\"" + e.operands() + "\", labeldistance=1.6];\n");
        }
        return out.append("}\n").toString();
    }

    private static String dotStyle(Kind kind) {
        String shape =
                switch (kind) {
                    case VARIABLE -> "ellipse";
                    case CONSTANT -> "hexagon";
                    case OP -> "box";
                    case FOLDED -> "box, style=dashed";
                };
        return "shape=" + shape + ", color=\"" + kind.line + "\", fillcolor=\"" + kind.fill + "\"";
    }

    /** A backslash begins an escape in DOT, and an ampersand an HTML entity. */
    private static String forDot(String s) {
        return s.replace("\\", "\\\\").replace("\"", "\\\"").replace("&", "&amp;");
    }

    // ---- Mermaid

    static String mermaid(GraphOutline outline) {
        StringBuilder out = new StringBuilder("flowchart TD\n");
        for (Box b : outline.boxes()) {
            String label = b.lines().stream().map(GraphMarkup::forMermaid).collect(Collectors.joining("<br/>"));
            List<String> ends = mermaidShape(b.kind());
            out.append("  %s%s\"%s\"%s:::%s\n"
                    .formatted(b.id(), ends.get(0), label, ends.get(1), b.kind().word()));
        }
        for (Edge e : outline.edges()) {
            String arrow = e.operands().isEmpty() ? " --> " : " -->|\"" + e.operands() + "\"| ";
            out.append("  ").append(id(outline, e.from())).append(arrow).append(id(outline, e.to()));
            out.append('\n');
        }
        for (Kind k : Kind.values()) {
            if (outline.boxes().stream().anyMatch(b -> b.kind() == k)) {
                out.append("  classDef %s fill:%s,stroke:%s,color:%s%s\n"
                        .formatted(
                                k.word(),
                                k.fill,
                                k.line,
                                GraphOutline.INK,
                                k == Kind.FOLDED ? ",stroke-dasharray:4" : ""));
            }
        }
        return out.toString();
    }

    private static List<String> mermaidShape(Kind kind) {
        return switch (kind) {
            case VARIABLE -> List.of("([", "])");
            case CONSTANT -> List.of("{{", "}}");
            case OP, FOLDED -> List.of("[", "]");
        };
    }

    /**
     * Writes as numeric entities, Mermaid's only escape, every ASCII character that could mean something to it, to
     * Markdown or to HTML.
     */
    private static String forMermaid(String s) {
        StringBuilder out = new StringBuilder();
        s.codePoints().forEach(c -> {
            boolean plain = c >= 128 || Character.isLetterOrDigit(c) || " _.,[]()%-".indexOf(c) >= 0;
            out.append(plain ? Character.toString(c) : "#" + c + ";");
        });
        return out.toString();
    }

    // ----

    private static String id(GraphOutline outline, int box) {
        return outline.boxes().get(box).id();
    }
}
