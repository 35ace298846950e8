package gradus.graph.view;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphViewTest {
    private static final List<String> NAMES =
            Arrays.asList(null, "x", "x", "a & b", "<b>\"w\"</b>", "한국어", "wide WWWWWWWWWWWWWWWWWW", "l\n\\n", "");

    private static Node small() {
        Node x = variable(1.0, 2.0).named("x");
        return x.mul(x).sub(constant(3.0)).sum().named("loss");
    }

    // ---- exact output

    @Test
    void a_line_break_in_a_name_becomes_a_space() {
        assertEquals("a b = variable []\n", GraphView.text(Node.variable(1.0).named("a\nb")));
    }

    @Test
    void dot_shows_names_shapes_and_operands() {
        assertEquals(
                """
                digraph gradus {
                  node [fontname="monospace", fontsize=11, style=filled];
                  edge [fontname="monospace", fontsize=9, color="#64748b"];
                  n0 [label="constant\\n[]", shape=hexagon, color="#64748b", fillcolor="#f1f5f9"];
                  n1 [label="x\\nvariable [2]", shape=ellipse, color="#1d4ed8", fillcolor="#dbeafe"];
                  n2 [label="mul\\n[2]", shape=box, color="#b45309", fillcolor="#fef3c7"];
                  n3 [label="sub\\n[2]", shape=box, color="#b45309", fillcolor="#fef3c7"];
                  n4 [label="loss\\nsum []", shape=box, color="#b45309", fillcolor="#fef3c7"];
                  n1 -> n2 [headlabel="×2", labeldistance=1.6];
                  n2 -> n3 [headlabel="1", labeldistance=1.6];
                  n0 -> n3 [headlabel="2", labeldistance=1.6];
                  n3 -> n4;
                }
                """,
                GraphView.of(small()).dot());
    }

    @Test
    void mermaid_shows_names_shapes_operands_and_folded_nodes() {
        assertEquals(
                """
                flowchart TD
                  more["... 1 more node"]:::folded
                  n0{{"constant<br/>[]"}}:::constant
                  n1["mul<br/>[2]"]:::op
                  n2["sub<br/>[2]"]:::op
                  n3["loss<br/>sum []"]:::op
                  more --> n1
                  n1 -->|"1"| n2
                  n0 -->|"2"| n2
                  n2 --> n3
                  classDef constant fill:#f1f5f9,stroke:#64748b,color:#0f172a
                  classDef op fill:#fef3c7,stroke:#b45309,color:#0f172a
                  classDef folded fill:#ffffff,stroke:#64748b,color:#0f172a,stroke-dasharray:4
                """,
                GraphView.of(small()).limit(4).mermaid());
    }

    @Test
    void values_and_gradients_are_shown_for_nodes_that_have_them() {
        Node x = variable(new double[][] {{1, 2}, {3, 4}}).named("x");
        Node mask = variable(new double[][] {{1, 0}, {1, 1}}).named("mask");
        Node big = constant(Tensor.range(0, 300).reshape(150, 2));
        Node y = big.matmul(x.maskedBy(mask)).sum();
        GraphView view = GraphView.of(y).values().gradients(y.backward());
        assertEquals(
                """
                %0 = constant [150, 2], value min 0.0, mean 149.5, max 299.0
                x = variable [2, 2], value [[1. 2.] [3. 4.]], gradient [[22350.     0.] [22500. 22500.]]
                mask = variable [2, 2], value [[1. 0.] [1. 1.]]
                ... and 3 more nodes
                """,
                view.limit(3).text());
        assertTrue(view.svg().contains(">value [[1. 0.] [1. 1.]]</text>"));
        assertTrue(GraphView.of(constant(Tensor.zeros(3, 0))).values().dot().contains("value []"));
        Node holed = constant(Tensor.range(0, 20).map(v -> v == 3 ? Double.NaN : v));
        assertTrue(GraphView.of(holed).values().dot().contains("nan"));
        assertFalse(GraphView.of(y).dot().contains("value"));
    }

    // ---- drawings

    private static Node randomGraph(List<Integer> choices) {
        List<Node> nodes = new ArrayList<>(List.of(variable(0.5).named("first")));
        for (int c : choices) {
            Node a = nodes.get(c / 10 % nodes.size());
            Node b = nodes.get(nodes.size() - 1 - c / 700 % Math.min(4, nodes.size()));
            Node made =
                    switch (c % 6) {
                        case 0 -> variable(c + 0.5);
                        case 1 -> constant(c + 0.25);
                        case 2 -> a.tanh();
                        case 3 ->
                            Node.concat(0, a.reshape(1), b.reshape(1), a.reshape(1))
                                    .sum();
                        default -> a.mul(b);
                    };
            nodes.add(made.named(NAMES.get(c % NAMES.size())));
        }
        Node root = nodes.get(0);
        for (Node n : nodes.subList(nodes.size() / 2, nodes.size())) {
            root = root.add(n);
        }
        return root;
    }

    @Property(tries = 200)
    void no_two_boxes_overlap_and_every_edge_connects_its_boxes(
            @ForAll @Size(max = 70) List<@IntRange(max = 100_000) Integer> choices,
            @ForAll @IntRange(min = 1, max = 90) int limit,
            @ForAll boolean values) {
        Node root = randomGraph(choices);
        GraphView view = GraphView.of(root).limit(limit);
        GraphOutline outline = GraphOutline.of(root, new NodeText(values, null), limit);
        Drawing drawing = Drawing.of((values ? view.values() : view).svg());
        drawing.check();
        assertEquals(outline.boxes().size(), drawing.boxes().size());
        assertEquals(outline.edges().size(), drawing.edges().size());
        for (GraphOutline.Box b : outline.boxes()) {
            assertEquals(b.lines(), drawing.boxes().get(b.id()).lines());
        }
    }

    @Test
    void boxes_of_large_and_single_node_drawings_do_not_overlap() {
        Node[] many = new Node[150];
        Arrays.setAll(many, i -> variable(i + 0.0).named("p" + i).reshape(1));
        Drawing.of(GraphView.of(Node.concat(0, many).sum()).limit(1000).svg()).check();
        Node x = variable(1.0).named("x");
        Node y = x;
        for (int i = 0; i < 90; i++) {
            y = y.mul(x).tanh();
        }
        Drawing.of(GraphView.of(y).svg()).check();
        Drawing one = Drawing.of(GraphView.of(x).svg());
        one.check();
        assertEquals(List.of("x", "variable []"), one.boxes().get("n0").lines());
    }

    @Test
    void an_op_is_below_its_inputs_and_a_leaf_just_above_its_first_use() {
        Node late = variable(1.0).named("late");
        Node y = variable(2.0).tanh().tanh().tanh().mul(late).add(late);
        Drawing d = Drawing.of(GraphView.of(y).svg());
        double lateTop = d.named("late").top();
        assertEquals(
                3, d.boxes().values().stream().filter(b -> b.top() < lateTop).count());
        d.edges()
                .forEach(e -> assertTrue(
                        d.boxes().get(e.from()).bottom() < d.boxes().get(e.to()).top()));
    }

    @Test
    void a_tree_is_drawn_without_crossings() {
        Node[] row = new Node[16];
        Arrays.setAll(row, i -> variable(i + 0.0));
        for (int n = 8; n > 0; n /= 2) {
            for (int i = 0; i < n; i++) {
                row[i] = row[2 * i].add(row[2 * i + 1]);
            }
        }
        Drawing d = Drawing.of(GraphView.of(row[0]).svg());
        d.check();
        assertEquals(0, d.crossings());
    }

    @Test
    void sweeps_remove_the_crossings_of_the_initial_order() {
        Node[] leaf = new Node[4];
        Arrays.setAll(leaf, i -> variable(i + 0.0));
        Node crossed = leaf[0].mul(leaf[1]).add(leaf[2].mul(leaf[3])); // the next row uses them in reverse order
        Node y = crossed.mul(leaf[2].tanh().tanh().add(leaf[0].tanh().tanh()));
        Drawing d = Drawing.of(GraphView.of(y).svg());
        d.check();
        assertEquals(0, d.crossings());
    }

    // ---- folding

    @Test
    void a_chain_of_a_million_nodes_is_folded() {
        Node y = variable(1.0);
        for (int i = 1; i < 1_000_000; i++) {
            y = y.neg();
        }
        GraphView view = GraphView.of(y);
        assertTrue(view.text().endsWith("... and 999800 more nodes\n"));
        assertTrue(view.dot().contains("more [label=\"... 999,800 more nodes\""));
        Drawing d = Drawing.of(view.svg());
        d.check();
        assertEquals(201, d.boxes().size());
        assertEquals(List.of("... 999,800 more nodes"), d.boxes().get("more").lines());
    }

    @Test
    void a_node_with_a_hundred_thousand_inputs_is_folded() {
        Node[] many = new Node[100_000];
        Arrays.setAll(many, i -> variable(1.0, 2.0).named("p"));
        GraphView view = GraphView.of(Node.concat(0, many));
        assertTrue(view.text().startsWith("p = variable [2]\np#2 = variable [2]\np#3"));
        assertTrue(GraphView.of(Node.concat(0, many)).limit(200_000).text().contains("\np#100000 ="));
        assertTrue(view.mermaid().contains("more[\"... 99,801 more nodes\"]"));
        Drawing d = Drawing.of(view.limit(50).svg());
        d.check();
        assertEquals(51, d.boxes().size());
        Arrays.fill(many, many[0]);
        assertTrue(GraphView.of(Node.concat(0, many)).dot().contains("n0 -> n1 [headlabel=\"×100000\""));
    }

    // ---- names

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"",
                "\\",
                "a\\\"; evil [label=\"",
                "</text><script>",
                "&amp; &",
                "]])}}|#35;",
                "이름 가중치",
                "아주긴이름을가진가중치행렬도상자안에들어가야합니다",
                "%% end -->",
                "😀",
                "`md`",
                ""
            })
    void a_name_is_escaped_losslessly_in_every_format(String name) {
        Node y = variable(1.0).named(name).add(variable(2.0).named(name));
        Drawing d = Drawing.of(GraphView.of(y).svg());
        d.check();
        assertEquals(name, d.boxes().get("n0").lines().get(0));
        assertEquals(name, d.boxes().get("n1").lines().get(0));

        Matcher dot = Pattern.compile("n1 \\[label=\"((?:[^\"\\\\]|\\\\.)*)\", shape=ellipse, color=\"#1d4ed8\"")
                .matcher(GraphView.of(y).dot());
        assertTrue(dot.find());
        String label = dot.group(1).replaceAll("\\\\n(?=variable \\[\\]$)", "\n");
        assertEquals(
                name + "\nvariable []", label.replaceAll("\\\\([\"\\\\])", "$1").replace("&amp;", "&"));

        Matcher mermaid = Pattern.compile("n1\\(\\[\"([^\"]*)<br/>variable \\[\\]\"\\]\\):::variable")
                .matcher(GraphView.of(y).mermaid());
        assertTrue(mermaid.find());
        assertEquals(
                name, Pattern.compile("#([0-9]+);").matcher(mermaid.group(1)).replaceAll(m -> {
                    return Matcher.quoteReplacement(Character.toString(Integer.parseInt(m.group(1))));
                }));
    }

    @Test
    void illegal_characters_are_replaced_and_long_names_truncated() {
        Node odd = variable(1.0).named("a\nb\u0001c\ud800d\ufffe");
        Drawing d = Drawing.of(GraphView.of(odd).svg());
        assertEquals("a b c\ufffdd\ufffd", d.boxes().get("n0").lines().get(0));
        String cut = Drawing.of(
                        GraphView.of(variable(1.0).named("😀".repeat(1000))).svg())
                .boxes()
                .get("n0")
                .lines()
                .get(0);
        assertEquals("😀".repeat(40) + "…", cut);
    }

    // ---- views, limits and files

    @Test
    void a_view_is_immutable_and_its_output_deterministic() {
        GraphView view = GraphView.of(small());
        String before = view.svg();
        assertFalse(before.equals(view.values().svg()));
        assertFalse(before.equals(view.limit(2).svg()));
        assertEquals(before, view.svg());
        assertEquals(before, GraphView.of(small()).svg());
    }

    @Test
    void a_limit_below_one_is_refused() {
        GraphView view = GraphView.of(small());
        String found = assertThrows(IllegalArgumentException.class, () -> view.limit(0))
                .getMessage();
        assertEquals("limit: at least one node must be shown, not 0", found);
        assertEquals("x = variable [2]\n... and 4 more nodes\n", view.limit(1).text());
    }

    @Test
    void a_file_is_written_in_the_format_of_its_suffix(@TempDir Path folder) throws IOException {
        GraphView view = GraphView.of(small());
        view.save(folder.resolve("g.SVG"));
        view.save(folder.resolve("g.dot"));
        view.save(folder.resolve("g.mmd"));
        view.save(folder.resolve("g.txt"));
        assertEquals(view.svg(), Files.readString(folder.resolve("g.SVG")));
        assertEquals(view.dot(), Files.readString(folder.resolve("g.dot")));
        assertEquals(view.mermaid(), Files.readString(folder.resolve("g.mmd")));
        assertEquals(GraphView.text(small()), Files.readString(folder.resolve("g.txt")));
        Path pdf = folder.resolve("g.pdf");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> view.save(pdf))
                .getMessage()
                .endsWith("g.pdf ends in none of .svg, .dot, .mmd and .txt"));
        assertFalse(Files.exists(pdf));
    }
}
