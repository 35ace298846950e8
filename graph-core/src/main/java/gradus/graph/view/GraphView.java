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
 * drawing in SVG that needs no other program. A view is immutable, and one graph always gives the same characters.
 *
 * <p>A drawing shows every node once, inputs above what uses them: its name or what made it, its shape, and what was
 * asked for besides. Ends of edges carry the positions of an op's operands where it has several, and {@code ×2} where
 * they are all one node. Of a graph with more nodes than the limit, those with the fewest steps to the root are drawn
 * and the others counted.
 */
public final class GraphView {
    private static final int NODES = 200;

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
        return new GraphView(root, new NodeText(false, null), NODES);
    }

    /**
     * Returns the graph as text: a line for each node, leaves first, inputs before what uses them, as in
     * {@code %2 = mul(x, %1) [3]}. Of a large graph the first lines are shown and the others counted.
     */
    public static String text(Node root) {
        return of(root).text();
    }

    /** Returns this view with values: up to six elements as they are printed, of more the least, mean and largest. */
    public GraphView values() {
        return new GraphView(root, new NodeText(true, text.gradients()), limit);
    }

    /** Returns this view with the gradients that were found, of those nodes that have one, shown as values are. */
    public GraphView gradients(Gradients found) {
        return new GraphView(root, new NodeText(text.values(), found), limit);
    }

    /**
     * Returns this view with another number of nodes that are shown at most.
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

    /** Returns the graph as a complete SVG 1.1 document: no script, nothing to fetch. */
    public String svg() {
        return GraphSvg.draw(outline());
    }

    /**
     * Writes the graph in the format that the file's name ends in: .svg, .dot, .mmd (Mermaid) or .txt.
     *
     * @throws IllegalArgumentException if it ends in none of them; no file is written then
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
        Files.write(file, drawn.getBytes(StandardCharsets.UTF_8)); // writeString refuses half a surrogate pair
    }

    private GraphOutline outline() {
        return GraphOutline.of(root, text, limit);
    }
}
