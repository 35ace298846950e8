package gradus.graph.view;

import gradus.graph.Gradients;
import gradus.graph.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Shows the graph that a node was computed from: as text, as DOT for Graphviz, as Mermaid for Markdown pages, and as a
 * drawing in SVG that needs no other program. A view is immutable and its output deterministic.
 *
 * <p>A drawing shows every node once, inputs above their consumers: its name or op, its shape, and optionally its value and
 * gradient. If an op has several operands, the edges into it show their positions, or {@code ×2} if both are the same node. If a
 * graph has more nodes than the limit, the nodes nearest to the root are drawn and the others counted.
 */
public final class GraphView {
    private static final int DEFAULT_LIMIT = 200;

    private final Node root;
    private final NodeText text;
    private final int limit;

    private GraphView(Node root, NodeText text, int limit) {
        this.root = root;
        this.text = text;
        this.limit = limit;
    }

    /** Returns a view of at most 200 nodes, without values and gradients. */
    public static GraphView of(Node root) {
        return new GraphView(root, new NodeText(false, null), DEFAULT_LIMIT);
    }

    /**
     * Returns the graph as text: a line for each node in topological order, as in {@code %2 = mul(x, %1) [3]}. For a large graph
     * the first lines are shown and the others counted.
     */
    public static String text(Node root) {
        return of(root).text();
    }

    /** Returns this view with values: up to six elements, or the minimum, mean and maximum of more. */
    public GraphView values() {
        return new GraphView(root, new NodeText(true, text.gradients()), limit);
    }

    /** Returns this view with gradients, of the nodes that have one, shown as values are. */
    public GraphView gradients(Gradients gradients) {
        return new GraphView(root, new NodeText(text.values(), gradients), limit);
    }

    /**
     * Returns this view with another maximum number of nodes.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public GraphView limit(int nodes) {
        if (nodes < 1) {
            throw new IllegalArgumentException("limit: at least one node must be shown, not " + nodes);
        }
        return new GraphView(root, text, nodes);
    }

    /** Returns the graph as text; see {@link #text(Node)}. */
    public String text() {
        return GraphText.write(root, text, limit);
    }

    /** Returns the graph in Graphviz's language (graphviz.org/doc/info/lang.html). */
    public String dot() {
        return GraphMarkup.dot(outline());
    }

    /** Returns the graph as a Mermaid flowchart (mermaid.js.org/syntax/flowchart.html). */
    public String mermaid() {
        return GraphMarkup.mermaid(outline());
    }

    /** Returns the graph as a complete SVG 1.1 document, without scripts or references to other files. */
    public String svg() {
        return GraphSvg.draw(outline());
    }

    /**
     * Writes the graph in the format of the file's suffix: .svg, .dot, .mmd (Mermaid) or .txt.
     *
     * @throws IllegalArgumentException if the suffix is none of these; no file is written
     */
    public void save(Path file) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        String drawn =
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "svg" -> svg();
                    case "dot" -> dot();
                    case "mmd" -> mermaid();
                    case "txt" -> text();
                    default ->
                        throw new IllegalArgumentException(
                                "save: " + file + " ends in none of .svg, .dot, .mmd and .txt");
                };
        Files.write(file, drawn.getBytes(StandardCharsets.UTF_8)); // writeString throws for an unpaired surrogate
    }

    private GraphOutline outline() {
        return GraphOutline.of(root, text, limit);
    }
}
