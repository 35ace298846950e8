package gradus.graph;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.view.GraphView;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BackpropTest {
    private record Returning(Node... gradients) implements Op {
        @Override
        public String name() {
            return "returning";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].neg();
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return gradients;
        }
    }

    @Test
    void a_chain_of_a_million_nodes_is_computed_differentiated_and_printed() {
        Node x = variable(1.0);
        Node y = x;
        double expected = 1;
        for (int i = 0; i < 1_000_000; i++) {
            y = y.mul(1 + 1e-7);
            expected *= 1 + 1e-7;
        }
        assertEquals(expected, y.backward().of(x).item());
        assertTrue(GraphView.text(y).contains("more nodes"));
    }

    @Test
    void a_deep_graph_differentiates_twice() {
        Node x = variable(1.1);
        Node y = x;
        for (int i = 1; i < 200; i++) {
            y = y.mul(x);
        }
        Node dy = y.backwardGraph().of(x);
        assertEquals(200 * 199 * Math.pow(1.1, 198), dy.backward().of(x).item(), 1e-6 * Math.pow(1.1, 198) * 200 * 199);
    }

    @Test
    void the_gradient_of_a_node_used_a_thousand_times_is_the_sum_over_all_uses() {
        Node x = variable(3.0, -1.0);
        Node shared = x.square();
        Node sum = constant(0.0, 0.0);
        for (int i = 1; i <= 1000; i++) {
            sum = sum.add(shared.mul(i));
        }
        double total = 1000 * 1001 / 2.0;
        assertEquals(
                Tensor.of(6 * total, -2 * total), sum.sum().backward().of(x).value());
        Node[] many = new Node[1000];
        Arrays.fill(many, shared);
        assertEquals(
                Tensor.of(6000, -2000),
                Node.concat(0, many).sum().backward().of(x).value());
    }

    @Test
    void a_thousand_variables_at_one_depth_have_separate_gradients() {
        Node[] x = IntStream.range(0, 1000).mapToObj(i -> variable((double) i)).toArray(Node[]::new);
        Node[] squares = Arrays.stream(x).map(n -> n.square().unsqueeze(0)).toArray(Node[]::new);
        Gradients g = Node.concat(0, squares).sum().backward();
        for (int i = 0; i < x.length; i++) {
            assertEquals(2.0 * i, g.of(x[i]).item());
        }
    }

    @Test
    void no_gradient_is_not_a_zero_gradient() {
        Node x = variable(1.0);
        Node mask = variable(1.0);
        Gradients g = x.maskedBy(mask).backward();
        assertTrue(g.reached(x));
        assertFalse(g.reached(mask));
        assertEquals(0, g.of(mask).item());
        assertTrue(x.sign().backward().reached(x), "sign has a gradient, and it is zero");
    }

    @Test
    void an_infinite_derivative_behind_a_mask_gives_a_zero_gradient() {
        Node x = variable(Double.NaN, Double.POSITIVE_INFINITY, 2.0);
        Node y = x.maskedBy(constant(0.0, 0.0, 1.0));
        assertEquals(Tensor.of(0, 0, 2), y.value());
        assertEquals(Tensor.of(0, 0, 1), y.sum().backward().of(x).value());
    }

    @Test
    void no_graph_is_recorded_from_constants_or_in_a_first_order_backward_pass() {
        assertFalse(constant(1.0).add(constant(2.0)).isTracked());
        Node x = variable(2.0);
        assertFalse(x.square().backward().of(x).isTracked());
        assertTrue(x.square().backwardGraph().of(x).isTracked());
    }

    @Test
    void conversion_to_another_number_type_is_differentiable() {
        Node x = variable(1.0, 2.0);
        Node w = variable(new float[] {3, 4});
        Gradients g = x.to(DType.FLOAT32).mul(w).sum().backward();
        assertEquals(Tensor.of(3, 4), g.of(x).value());
        assertEquals(Tensor.of(new float[] {1, 2}), g.of(w).value());
    }

    @Test
    void an_update_in_place_changes_no_tensor_that_was_given_or_read() {
        Tensor given = Tensor.of(1, 2);
        Node p = variable(given);
        p.update(t -> gradus.array.Steps.sgd(t, Tensor.of(1, 1), 1, 0));
        assertEquals(Tensor.of(1, 2), given);
        Tensor read = p.value();
        p.update(t -> gradus.array.Steps.sgd(t, Tensor.of(1, 1), 1, 0));
        assertEquals(Tensor.of(0, 1), read);
        assertEquals(Tensor.of(-1, 0), p.value());
        p.update(t -> assertNotSame(t, given));
        Tensor[] seen = new Tensor[2];
        p.update(t -> seen[0] = t);
        p.add(1);
        p.update(t -> seen[1] = t);
        assertSame(seen[0], seen[1], "not read in between, so not copied");
    }

    @Test
    void a_reshaped_view_does_not_change_with_its_variable() {
        Node w = variable(1.0, 2.0);
        w.update(t -> gradus.array.Steps.sgd(t, Tensor.of(1, 1), 0.5, 0)); // from now on it owns its array
        Node row = w.reshape(1, 2);
        Tensor before = row.value();
        Node gated = variable(3.0, 4.0);
        Node y = gated.maskedBy(row.reshape(2)).sum();
        w.update(t -> gradus.array.Steps.sgd(t, Tensor.of(1, 1), 0.5, 0));
        assertEquals(Tensor.of(new double[][] {{0.5, 1.5}}), before);
        assertEquals(Tensor.of(1, 1), y.backward().of(gated).value());
    }

    @Test
    void arrays_that_the_caller_changes_later_change_no_graph() {
        Node p = variable(3.0);
        Node q = variable(5.0);
        Node[] in = {p, q};
        Node y = Node.of(Arithmetic.MUL, in);
        in[1] = variable(7.0);
        assertEquals(5, y.backward().of(p).item());
        int[] axes = {0};
        Node x = variable(new double[][] {{1, 2}, {3, 4}});
        Node m = x.max(axes).sum();
        axes[0] = 1;
        assertEquals(
                Tensor.of(new double[][] {{0, 0}, {1, 1}}), m.backward().of(x).value());
    }

    static Stream<Arguments> refusals() {
        Node x = variable(1.0, 2.0).named("x");
        Node w = variable(1.0).named("w");
        Node stale = w.mul(x).sum();
        w.assign(Tensor.of(2.0));
        return Stream.of(
                bad(() -> x.mul(2).backward(), "backward: [2] has not one element"),
                bad(() -> x.mul(2).backward(Tensor.of(1, 2, 3)), "the seed [3] FLOAT64 must have the shape"),
                bad(() -> x.backward(Tensor.of(new float[] {1, 2})), "the seed [2] FLOAT32"),
                bad(() -> constant(1.0).named("c").backward(), "backward: c [] reaches no variable: it was computed"),
                bad(() -> x.detach().backward(Tensor.of(1, 2)), "backward: [2] reaches no variable"),
                bad(() -> constant(1.0).backwardGraph(), "backwardGraph: [] reaches no variable"),
                bad(() -> x.argmax(0).backward(), "backward: the gradient of [] reaches no variable: on every path"),
                bad(() -> x.gt(1).sum().backward(), "backward: the gradient of [] reaches no variable"),
                bad(() -> x.stopGradient().sum().backwardGraph(), "backwardGraph: the gradient of [] reaches no"),
                bad(() -> variable((Tensor) null), "variable: value is null"),
                bad(() -> constant((Tensor) null), "constant: value is null"),
                bad(() -> x.mul((Node) null), "mul: input 1 of 2 is null"),
                bad(() -> Node.of(Elementary.EXP, (Node) null), "exp: input 0 of 1 is null"),
                bad(() -> Node.of(Masking.WHERE, x, null, x), "where: input 1 of 3 is null"),
                bad(() -> Node.of(null, x), "Node.of: op is null"),
                bad(() -> Node.outputs(new Sorting.Sort("sort", 0, false, 2), (Node) null), "sort: input 0 of 1 is"),
                bad(() -> x.assign(null), "assign: newValue is null"),
                bad(() -> x.update(null), "update: step is null"),
                bad(() -> x.apply(null), "apply: f is null"),
                bad(() -> x.backward(null), "backward: seed is null"),
                bad(() -> x.backwardGraph(null), "backwardGraph: seed is null"),
                bad(() -> x.observeGradient(null), "observeGradient: observer is null"),
                bad(() -> x.replaceGradient(null), "replaceGradient: f is null"),
                bad(() -> x.sum().backward().of((Node) null), "Gradients: x is null"),
                bad(() -> x.sum().backward().reached(null), "Gradients: x is null"),
                bad(() -> Op.unary("u", null, Op.NONE), "unary: f is null"),
                bad(() -> Op.unary("u", v -> v, null), "u: a rule is null"),
                bad(stale::backward, "mul: w [] was given a new value, frozen or unfrozen after this graph was built"),
                bad(() -> x.sum().backward().of(x.mul(2)), "computed by mul, and was not kept; call retainGradient()"),
                bad(() -> x.sum().backward().of(constant(1.0).named("c")), "gradient of c []: it is a constant"),
                bad(() -> constant(1.0).assign(Tensor.of(2.0)), "assign: [] is a constant, not a variable"),
                bad(() -> x.add(1).update(t -> {}), "update: [2] is computed, not a variable"),
                bad(() -> Node.of(new Returning(), x).sum().backward(), "rule of returning returned 0 gradients for 1"),
                bad(
                        () -> Node.of(new Returning((Node[]) null), x).sum().backward(),
                        "rule of returning returned null for 1 inputs"),
                bad(
                        () -> Node.of(new Returning(constant(1.0, 2.0, 3.0)), x)
                                .sum()
                                .backward(),
                        "rule of returning returned a gradient [3] FLOAT64 for the input x [2]"),
                bad(
                        () -> Node.of(new Returning(constant(new float[] {1, 2})), x)
                                .sum()
                                .backward(),
                        "returned a gradient [2] FLOAT32 for the input x [2] FLOAT64"),
                bad(
                        () -> variable(Tensor.zeros(32, 128))
                                .named("h")
                                .matmul(variable(Tensor.zeros(64, 10)).named("W2")),
                        "matmul: h [32, 128] x W2 [64, 10]: inner sizes 128 and 64 differ"),
                bad(() -> x.matmul(w), "matmul: x [2] x w []: use mul to multiply by a scalar"),
                bad(() -> x.sum(3), "sum: x [2]: axis 3 is out of range"),
                bad(
                        () -> x.unsqueeze(3),
                        "unsqueeze: x [2]: there is no position 3 for a new axis of a tensor of rank 1"),
                bad(() -> x.norm(3), "norm: x [2]: axis 3"),
                bad(() -> x.std(0, 0), "std: x [2]: axis 0"),
                bad(() -> x.any(-2), "any: x [2]: axis -2"),
                bad(() -> x.transpose(), "transpose: x [2]: it exchanges the last two axes"),
                bad(() -> Node.stack(0), "stack: no nodes were given"),
                bad(() -> Node.stack(0, x, w), "stack: x [2] x w []: the shapes differ"),
                bad(() -> x.gather(0, Tensor.of(0.5)), "gather: x [2] x []: the indices must have as many axes"),
                bad(() -> x.gather(0, Tensor.of(0.5, 1)), "gather: x [2]: indices must be whole numbers"),
                bad(
                        () -> x.gather(0, Tensor.of(0, 2)),
                        "gather: x [2]: index 2 is out of range along axis 0 of size 2"),
                bad(() -> x.indexSelect(0, -3), "indexSelect: x [2]: index -3 is out of range"),
                bad(() -> x.topK(0, 3), "topK: x [2]: there are 2 elements along axis 0, not 3"),
                bad(() -> x.select(0, 2), "select: x [2]: index 2 is out of range"),
                bad(() -> x.slice(0, 0, 3, 2), "slice: x [2]: from 0 to 3 is out of range"),
                bad(() -> x.slice(0, 0, 2, 0), "slice: the step is 0"),
                bad(() -> x.split(0, 1, 2), "split: x [2]: [1, 2] do not add up"),
                bad(() -> x.chunk(0, 0), "chunk: number of chunks 0 is less than 1"),
                bad(
                        () -> Node.constant(Tensor.zeros(0, 3)).chunk(0, Integer.MAX_VALUE),
                        "chunk: [0, 3]: 2147483647 empty slices of axis 0 are more than 2^20"),
                bad(
                        () -> x.pad(0, Integer.MAX_VALUE, 1),
                        "pad: x [2]: widths 2147483647 and 1 are negative or too large"),
                bad(() -> x.repeat(Integer.MAX_VALUE), "repeat: x [2]: 2147483647 times an axis of 2 is too long"),
                bad(() -> x.diagonal(), "diagonal: x [2]: axis 1"),
                bad(() -> x.tril(), "tril: x [2]: axis -2"),
                bad(() -> x.flatten(1, 0), "flatten: x [2]: axis 1"),
                bad(() -> x.gt(0).where(x, x.neg()), "the mask holds"),
                bad(() -> x.dot(w), "dot: x [2] x w []: it takes two vectors"),
                bad(() -> x.outer(w), "outer: x [2] x w []: it takes two vectors"),
                bad(() -> x.bilinear(w, x), "bilinear: x [2] x w [] x x [2]: it takes [n, i]"),
                bad(() -> x.scatterAdd(0, Tensor.of(0, 1), w), "scatterAdd: x [2] x w []: the source must have"),
                bad(() -> x.clamp(1, -1), "clamp: the bounds 1.0 and -1.0 are not in ascending order"),
                bad(() -> x.pNorm(-1), "pNorm: -1.0 is not 0 or more"),
                bad(() -> x.celu(0), "celu: alpha must not be 0"),
                bad(() -> x.polygamma(-1), "polygamma: order -1 is not from 0 to 100"),
                bad(() -> Node.of(Arithmetic.ADD, x), "add: x [2]: it takes 2 inputs, not 1"),
                bad(() -> Node.of(Elementary.EXP, x, w), "exp: x [2] x w []: it takes 1 inputs, not 2"),
                bad(() -> x.reshape(3), "reshape: x [2]: 2 elements do not fill [3]"),
                bad(() -> x.logSumExp(2), "logSumExp: x [2]: axis 2"),
                bad(() -> x.matmul(constant(1.0, 2.0, 3.0)), "matmul: x [2] x [3]: inner sizes 2 and 3 differ"),
                bad(
                        () -> constant(Tensor.zeros(2, 3, 4))
                                .named("h")
                                .matmul(x.reshape(2, 1).named("c")),
                        "matmul: h [2, 3, 4] x c [2, 1]: inner sizes 4 and 2 differ"),
                bad(() -> x.assign(Tensor.of(1, 2, 3)), "assign: x [2] x [3]: a variable keeps its shape"),
                bad(() -> Node.of(Op.unary("nothing", t -> null, Op.NONE), x), "nothing: forward returned null"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void invalid_calls_are_refused_with_names(Executable what, String message) {
        String found = assertThrows(RuntimeException.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }

    @Test
    void threads_can_differentiate_graphs_of_shared_parameters_at_the_same_time() throws Exception {
        Node w = variable(Tensor.range(0, 12).reshape(3, 4).div(10));
        Node shared = w.tanh();
        Callable<Tensor> task = () -> shared.retainGradient()
                .matmul(w, false, true)
                .softmax(-1)
                .log()
                .sum()
                .backward()
                .of(w)
                .value();
        Tensor alone = task.call();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<Future<Tensor>> results = pool.invokeAll(java.util.Collections.nCopies(10_000, task));
            for (Future<Tensor> r : results) {
                assertEquals(alone, r.get());
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void threads_can_read_the_gradients_of_many_variables_at_the_same_time() throws Exception {
        Node[] x = new Node[9];
        java.util.Arrays.setAll(x, i -> variable((double) i));
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int k = 0; k < 2000; k++) {
                Gradients g = Node.stack(0, x).square().sum().backward();
                Callable<Double> read = () -> g.of(x[8]).item() + g.of(x[1]).item();
                for (Future<Double> r : pool.invokeAll(List.of(read, read))) {
                    assertEquals(18, r.get());
                }
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void a_graph_is_printed_as_text_inputs_first() {
        Node x = variable(1.0, 2.0).named("x");
        Node other = variable(2.0).named("x");
        assertTrue(GraphView.text(x.mul(other)).contains("mul(x, x#2)"), "one name for two nodes");
        String text = GraphView.text(x.mul(x).add(1).sum());
        assertEquals(
                """
                x = variable [2]
                %1 = constant []
                %2 = mul(x, x) [2]
                %3 = add(%2, %1) [2]
                %4 = sum(%3) []
                """,
                text);
        assertEquals(Shape.SCALAR, x.sum().shape());
    }
}
