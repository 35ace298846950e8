package gradus.graph.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The boxes and edges of an SVG drawing of a graph, parsed from its XML. */
record Drawing(double width, double height, Map<String, Box> boxes, List<Edge> edges) {
    /** A box with its lines of text. */
    record Box(double left, double top, double right, double bottom, List<String> lines) {
        boolean contains(double x, double y) {
            return x > left + 0.2 && x < right - 0.2 && y > top + 0.2 && y < bottom - 0.2;
        }
    }

    /** An edge as points along its curve. */
    record Edge(String from, String to, List<double[]> points) {}

    private static final int STEPS = 16;
    private static final double ROUNDED = 0.11; // coordinates are written with one decimal

    static Drawing of(String svg) {
        Element root = parsed(svg);
        double[] view = numbers(root.getAttribute("viewBox"));
        Map<String, Box> boxes = new LinkedHashMap<>();
        for (Element g : elements(root, "g")) {
            if (g.getAttribute("class").startsWith("node ")) {
                Box before = boxes.put(g.getAttribute("id"), box(g));
                assertTrue(before == null, "two boxes of one name");
            }
        }
        List<Edge> edges = new ArrayList<>();
        for (Element p : elements(root, "path")) {
            if (p.getAttribute("class").equals("edge")) {
                edges.add(new Edge(p.getAttribute("data-from"), p.getAttribute("data-to"), points(p)));
            }
        }
        return new Drawing(view[2], view[3], boxes, edges);
    }

    private static Element parsed(String svg) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Element root = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)))
                    .getDocumentElement();
            assertEquals("http://www.w3.org/2000/svg", root.getNamespaceURI());
            return root;
        } catch (Exception e) {
            throw new AssertionError(svg, e);
        }
    }

    private static List<Element> elements(Element in, String tag) {
        NodeList found = in.getElementsByTagName(tag);
        List<Element> list = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            list.add((Element) found.item(i));
        }
        return list;
    }

    private static double[] numbers(String s) {
        return Arrays.stream(s.trim().split("[ ,]+", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static Box box(Element g) {
        List<String> lines =
                elements(g, "text").stream().map(Element::getTextContent).toList();
        List<Element> polygons = elements(g, "polygon");
        if (polygons.isEmpty()) {
            Element r = elements(g, "rect").get(0);
            double x = Double.parseDouble(r.getAttribute("x"));
            double y = Double.parseDouble(r.getAttribute("y"));
            double right = x + Double.parseDouble(r.getAttribute("width"));
            return new Box(x, y, right, y + Double.parseDouble(r.getAttribute("height")), lines);
        }
        double[] p = numbers(polygons.get(0).getAttribute("points")); // from the left end, clockwise
        return new Box(p[0], p[3], p[6], p[9], lines);
    }

    /** Parses a path of moves, lines and cubic curves. */
    private static List<double[]> points(Element path) {
        List<double[]> points = new ArrayList<>();
        for (String part : path.getAttribute("d").split(" (?=[A-Z])", -1)) {
            double[] p = numbers(part.substring(1));
            double[] from = points.isEmpty() ? p : points.get(points.size() - 1);
            double[] c = p.length == 6 ? p : new double[] {from[0], from[1], p[0], p[1], p[0], p[1]};
            for (int i = 0; i <= STEPS; i++) {
                double t = (double) i / STEPS;
                double s = 1 - t;
                double[] at = new double[2];
                for (int k = 0; k < 2; k++) {
                    at[k] = s * s * s * from[k]
                            + 3 * s * s * t * c[k]
                            + 3 * s * t * t * c[k + 2]
                            + t * t * t * c[k + 4];
                }
                points.add(at);
            }
        }
        return points;
    }

    Box named(String name) {
        return boxes.values().stream()
                .filter(b -> b.lines().get(0).equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Requires that boxes are inside the drawing, do not overlap and hold their text, and that edges end at their boxes and cross no other. */
    void check() {
        List<Box> all = List.copyOf(boxes.values());
        for (int i = 0; i < all.size(); i++) {
            Box a = all.get(i);
            assertTrue(
                    a.left() >= 0 && a.top() >= 0 && a.right() <= width && a.bottom() <= height, () -> "outside " + a);
            for (String line : a.lines()) { // a character of a common monospace font is 0.6 em wide
                long wide = line.codePoints().filter(c -> c >= 0x1100).count();
                long letters = line.codePoints().count();
                assertTrue((letters + wide) * 0.6 * 13 <= a.right() - a.left() - 20, () -> "too narrow: " + a);
            }
            for (Box b : all.subList(0, i)) {
                boolean apart =
                        a.right() < b.left() || b.right() < a.left() || a.bottom() < b.top() || b.bottom() < a.top();
                assertTrue(apart, () -> a + " overlaps " + b);
            }
        }
        edges.forEach(e -> check(e, all));
    }

    private void check(Edge e, List<Box> all) {
        Box from = boxes.get(e.from());
        Box to = boxes.get(e.to());
        assertNotNull(from);
        assertNotNull(to);
        double[] start = e.points().get(0);
        double[] end = e.points().get(e.points().size() - 1);
        assertEquals(from.bottom(), start[1], ROUNDED, () -> e.from() + " to " + e.to());
        assertEquals(to.top(), end[1], ROUNDED, () -> e.from() + " to " + e.to());
        assertTrue(start[0] > from.left() && start[0] < from.right(), () -> e.from() + " to " + e.to());
        assertTrue(end[0] > to.left() && end[0] < to.right(), () -> e.from() + " to " + e.to());
        for (double[] p : e.points()) {
            assertTrue(p[0] >= 0 && p[0] <= width && p[1] >= 0 && p[1] <= height, "an edge leaves the drawing");
            for (Box b : all) {
                assertTrue(!b.contains(p[0], p[1]), () -> e.from() + " to " + e.to() + " runs through " + b);
            }
        }
    }

    /** Counts the pairs of edges between the same two rows whose ends lie in opposite orders. */
    int crossings() {
        int sum = 0;
        for (Edge a : edges) {
            for (Edge b : edges) {
                double[] a0 = a.points().get(0);
                double[] b0 = b.points().get(0);
                double[] a1 = a.points().get(a.points().size() - 1);
                double[] b1 = b.points().get(b.points().size() - 1);
                boolean sameRows = a0[1] == b0[1] && a1[1] == b1[1];
                sum += sameRows && a0[0] < b0[0] && a1[0] > b1[0] ? 1 : 0;
            }
        }
        return sum;
    }
}
