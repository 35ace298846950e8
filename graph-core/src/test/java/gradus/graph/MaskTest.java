package gradus.graph;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.view.GraphView;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A masked element has a gradient of exactly 0, even where the derivative behind the mask is infinite or NaN. */
class MaskTest {
    private static final double[] EDGE_VALUES = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, -1, 1, 1e-320, -1e4, 1e4, 1e300, 2
    };

    /** Every op that works element by element, alone and with itself as both operands. */
    private static List<OpCase> elementwise() {
        Set<String> otherwise = Set.of("softmax", "logSoftmax", "glu", "prelu"); // along an axis, or with a vector
        return CoreOps.cases().stream()
                .filter(c -> !otherwise.contains(c.op()) && keepsShape(c))
                .collect(Collectors.toMap(OpCase::op, c -> c, (a, b) -> a, java.util.TreeMap::new))
                .values()
                .stream()
                .toList();
    }

    private static boolean keepsShape(OpCase c) {
        List<Method> methods = OpTable.ofNode().getOrDefault(c.op(), List.of()); // none for an op that only rules use
        return methods.stream()
                .map(Method::getDeclaringClass)
                .anyMatch(
                        Set.of(
                                Arithmetic.class,
                                Elementary.class,
                                Trigonometry.class,
                                Activations.class,
                                Comparing.class)::contains);
    }

    @TestFactory
    Stream<DynamicTest> masked_elements_have_a_gradient_of_exactly_zero_for_every_op() {
        List<OpCase> cases = elementwise();
        assertTrue(cases.size() > 70, cases.size() + " ops are too few");
        return cases.stream()
                .map(c -> DynamicTest.dynamicTest(
                        c.op(), () -> IntStream.range(0, 20).forEach(seed -> masked(c, seed))));
    }

    private static void masked(OpCase c, int seed) {
        RandomStream random = RandomStream.of(seed, c.op());
        int n = 9;
        double[] keep = new double[n];
        for (int i = 0; i < n; i++) {
            keep[i] = random.nextInt(3) == 0 ? 1 : 0;
        }
        Node mask = constant(Tensor.of(Shape.of(3, 3), keep));
        Node[] in = new Node[c.shapes().size()];
        for (int k = 0; k < in.length; k++) {
            double[] x = new double[n];
            for (int i = 0; i < n; i++) {
                x[i] = EDGE_VALUES[random.nextInt(EDGE_VALUES.length)];
            }
            in[k] = variable(Tensor.of(Shape.of(3, 3), x));
        }
        Node y = c.f().apply(in);
        List<UnaryOperator<Node>> masks =
                List.of(v -> v.where(mask, 3), v -> v.maskedFill(mask.not(), -1), v -> v.maskedBy(mask));
        Node loss = masks.get(seed % 3).apply(y).mul(constant(2.5)).sum();
        Node one = constant(1.0);
        for (boolean graph : new boolean[] {false, true}) {
            Node[] g = Derivatives.gradients(loss, one, graph, in);
            for (int k = 0; k < in.length; k++) {
                assertZero(g[k], keep, c + " at " + in[k]);
            }
        }
    }

    private static void assertZero(Node g, double[] keep, String where) {
        double[] v = g.value().toDoubleArray();
        for (int i = 0; i < keep.length; i++) {
            if (keep[i] == 0) {
                assertTrue(v[i] == 0, where + " the gradient is " + g);
            }
        }
    }

    /** {@code y = ln x}, as a user writes it, with no code for masks. */
    private record UsersLog(boolean elementwise) implements Op {
        @Override
        public String name() {
            return "usersLog";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].map(Math::log);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.mul(c.x(0).rdiv(1))};
        }

        @Override
        public int[] combinedAxes() {
            return elementwise ? ELEMENTWISE : null;
        }
    }

    @Test
    void masks_apply_to_a_users_op_that_declares_itself_elementwise() {
        Node x = variable(0.0, 2.0, 0.0);
        Node mask = constant(0.0, 1.0, 0.0);
        for (boolean graph : new boolean[] {false, true}) {
            Node said = Node.of(new UsersLog(true), x).where(mask, 0).sum();
            assertEquals(Tensor.of(0, 0.5, 0), Derivatives.gradients(said, constant(1.0), graph, x)[0].value());
        }
        Node unsaid = Node.of(new UsersLog(false), x).where(mask, 0).sum();
        assertEquals(
                Tensor.of(Double.NaN, 0.5, Double.NaN), unsaid.backward().of(x).value());
        Node row = Node.of(new UsersLog(true), x).add(constant(new double[][] {{1, 2, 3}, {4, 5, 6}}));
        assertEquals(
                Tensor.of(0, 1, 0), row.maskedBy(mask).sum().backward().of(x).value(), "broadcast afterwards");
    }

    /** {@code y = sum(x) / max(x)} along the last axis, which stays with size 1 or disappears. */
    private record Peak(boolean keepDims) implements Op {
        @Override
        public String name() {
            return "peak";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Tensor y = x[0].sumKeepDims(-1).div(x[0].maxKeepDims(-1));
            return keepDims ? y : y.reshape(y.shape().drop(y.shape().rank() - 1));
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node x = c.x(0);
            Node m = x.maxKeepDims(-1);
            Node g = keepDims ? gy : gy.unsqueeze(-1);
            return new Node[] {
                g.div(m).sub(g.mul(x.sumKeepDims(-1)).div(m.square()).mul(x.eq(m)))
            };
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {-1};
        }
    }

    @Test
    void masks_of_rows_apply_to_a_users_op_that_combines_along_an_axis() {
        Node x = variable(new double[][] {{0, 0}, {1, 4}, {Double.NaN, 1}});
        for (boolean keepDims : new boolean[] {false, true}) {
            Node mask = constant(0.0, 1.0, 0.0);
            Node loss = Node.of(new Peak(keepDims), x)
                    .where(keepDims ? mask.unsqueeze(-1) : mask, 0)
                    .sum();
            for (boolean graph : new boolean[] {false, true}) {
                Node g = Derivatives.gradients(loss, constant(1.0), graph, x)[0];
                assertEquals(Tensor.of(new double[][] {{0, 0}, {0.25, 0.25 - 5.0 / 16}, {0, 0}}), g.value());
            }
        }
    }

    /** {@code ln x and 1 / x}. */
    private record LogAndReciprocal() implements Op.Multi {
        @Override
        public String name() {
            return "logAndReciprocal";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            return new Tensor[] {x[0].map(Math::log), x[0].map(v -> 1 / v)};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            Node fromLog = gy[0] == null ? constant(0.0) : gy[0].mul(c.y(1));
            Node fromReciprocal =
                    gy[1] == null ? constant(0.0) : gy[1].mul(c.y(1).square().neg());
            return new Node[] {fromLog.add(fromReciprocal)};
        }

        @Override
        public int[] combinedAxes() {
            return Op.ELEMENTWISE;
        }
    }

    @Test
    void masks_apply_to_an_op_of_several_outputs_where_all_of_them_are_masked() {
        Node x = variable(0.0, 2.0);
        Node mask = constant(0.0, 1.0);
        Node[] y = Node.outputs(new LogAndReciprocal(), x);
        assertEquals(
                Tensor.of(0, 0.5), y[0].where(mask, 0).sum().backward().of(x).value());
        assertEquals(
                Tensor.of(0, 0.25),
                y[0].where(mask, 0)
                        .add(y[1].where(mask, 0))
                        .sum()
                        .backward()
                        .of(x)
                        .value());
        Tensor partly = y[0].where(mask, 0).add(y[1]).sum().backward().of(x).value();
        assertTrue(Double.isNaN(partly.get(0)), "the second output is not masked");
    }

    @Test
    void masks_of_rows_apply_through_reductions() {
        double inf = Double.POSITIVE_INFINITY;
        Node x = variable(new double[][] {{1, 2, 4}, {Double.NaN, -inf, 0}, {inf, inf, -1}});
        Node rows = constant(1.0, 0.0, 0.0);
        List<UnaryOperator<Node>> reductions = List.of(
                v -> v.log().sum(1),
                v -> v.sqrt().mean(1),
                v -> v.max(1),
                v -> v.min(1),
                v -> v.logSumExp(1),
                v -> v.norm(1),
                v -> v.std(1),
                v -> v.softmax(1).square().sum(1),
                v -> v.logSoftmax(1).mean(1),
                v -> v.prod(1),
                v -> v.cumprod(1).sum(1));
        for (UnaryOperator<Node> f : reductions) {
            Tensor g = f.apply(x).where(rows, 0).sum().backward().of(x).value();
            assertEquals(Tensor.zeros(2, 3), g.slice(0, 1, 3).abs(), () -> GraphView.text(f.apply(x)));
        }
    }

    @Test
    void a_mask_of_either_number_type_stops_an_infinite_gradient() {
        Node x = variable(4.0, 9.0, 16.0);
        Node mask = constant(new float[] {1, 0, 1});
        for (Node y : List.of(x.where(mask, 0), x.maskedFill(mask.not(), 0), x.maskedBy(mask))) {
            assertEquals(
                    Tensor.of(0.25, 0, 0.125), y.sqrt().sum().backward().of(x).value());
        }
        Node b = variable(4.0, 0.0, 1.0);
        assertEquals(Tensor.of(0, 1, 0), x.where(mask, b).sum().backward().of(b).value());
    }

    /** Where nothing is masked, a gradient of zero still has a derivative. */
    @Test
    void a_gradient_of_zero_without_a_mask_can_be_differentiated() {
        Node x = variable(0.0, 2.0);
        Node u = variable(0.0, 0.0);
        Node g = x.sqrt().backwardGraph(u).of(x); // u / (2 sqrt x), 0/0 at the first
        assertEquals(Tensor.of(0, 0), g.value());
        assertEquals(0.5 / Math.sqrt(2), g.sum().backward().of(u).value().get(1), 1e-15);
    }

    /** {@code y = the sums of rows}, whose rule gives NaN, declared to combine both axes although one remains. */
    private record Rows() implements Op {
        @Override
        public String name() {
            return "rows";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].sum(0);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.expandTo(c.x(0).shape()).mul(Double.POSITIVE_INFINITY)};
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {0, 1};
        }
    }

    @Test
    void an_op_that_combines_axes_and_reduces_only_some_is_masked_as_a_whole() {
        Node x = variable(new double[][] {{1, 2, 3}, {4, 5, 6}});
        Node y = Node.of(new Rows(), x);
        assertEquals(0, y.backward(Tensor.zeros(3)).of(x).value().abs().max().item());
        assertTrue(y.backward(Tensor.of(1, 0, 0)).of(x).hasNaN());
    }
}
