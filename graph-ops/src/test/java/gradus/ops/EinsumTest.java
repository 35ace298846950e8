package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EinsumTest {
    private static final String LETTERS = "abcd";

    /** Draws up to four operands of up to three of four letters, and an output of some of theirs. */
    @Property(tries = 300)
    void a_random_equation_is_the_sum_over_all_indices(@ForAll long seed) {
        RandomStream random = RandomStream.of(seed, "equation");
        int[] sizes = {1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(3)};
        List<String> inputs = new ArrayList<>();
        List<Node> operands = new ArrayList<>();
        int n = 1 + random.nextInt(4);
        for (int i = 0; i < n; i++) {
            int rank = random.nextInt(4);
            StringBuilder letters = new StringBuilder();
            int[] dims = new int[rank];
            for (int a = 0; a < rank; a++) {
                int letter = random.nextInt(LETTERS.length());
                letters.append(LETTERS.charAt(letter));
                dims[a] = sizes[letter];
            }
            inputs.add(letters.toString());
            operands.add(constant(Tensor.uniform(Shape.of(dims), -1, 1, random)));
        }
        StringBuilder output = new StringBuilder();
        for (int i = 0; i < LETTERS.length(); i++) {
            String letter = LETTERS.substring(i, i + 1);
            if (String.join("", inputs).contains(letter) && random.nextInt(2) == 0) {
                output.insert(random.nextInt(output.length() + 1), letter);
            }
        }
        String equation = String.join(",", inputs) + "->" + output;
        Tensor y = Einsum.of(equation, operands.toArray(Node[]::new)).value();
        Tensor expected = summed(sizes, inputs, operands, output.toString());
        assertEquals(expected.shape(), y.shape(), equation);
        double gap = expected.sub(y).abs().max().item();
        assertTrue(gap < 1e-13, () -> equation + ": " + expected + " and " + y);
    }

    /** Goes through every value of all four letters. */
    private static Tensor summed(int[] sizes, List<String> inputs, List<Node> operands, String output) {
        Shape out = Shape.of(output.chars().map(c -> sizes[LETTERS.indexOf(c)]).toArray());
        double[] sums = new double[out.size()];
        String used = String.join("", inputs);
        int[] at = new int[LETTERS.length()];
        int[] ends = new int[at.length];
        for (int i = 0; i < at.length; i++) {
            ends[i] = used.indexOf(LETTERS.charAt(i)) < 0 ? 1 : sizes[i];
        }
        for (at[0] = 0; at[0] < ends[0]; at[0]++) {
            for (at[1] = 0; at[1] < ends[1]; at[1]++) {
                for (at[2] = 0; at[2] < ends[2]; at[2]++) {
                    for (at[3] = 0; at[3] < ends[3]; at[3]++) {
                        double product = 1;
                        for (int i = 0; i < inputs.size(); i++) {
                            product *= operands.get(i).value().get(index(inputs.get(i), at));
                        }
                        int flat = 0;
                        for (int i = 0; i < output.length(); i++) {
                            int letter = LETTERS.indexOf(output.charAt(i));
                            flat = flat * sizes[letter] + at[letter];
                        }
                        sums[flat] += product;
                    }
                }
            }
        }
        return Tensor.of(out, sums);
    }

    private static int[] index(String letters, int... at) {
        return letters.chars().map(c -> at[LETTERS.indexOf(c)]).toArray();
    }

    @Test
    void a_long_chain_is_contracted_without_a_large_intermediate() {
        // from left to right, the first product would be [1000, 1000] times [1000, 1000]; from the right it is a vector
        Node a = constant(Tensor.ones(1000, 1000));
        Node v = constant(Tensor.ones(1000));
        assertEquals(1e9, Einsum.of("ij,jk,k->i", a, a, v).value().get(0) * 1e3, 0);
    }

    static Stream<Arguments> bad() {
        Shape s = Shape.of(2, 3);
        return Stream.of(
                Arguments.of("ij,jk->ik", 3, "there is 1 operand, and one more is described here", new Shape[] {s}),
                Arguments.of("ij", 2, "there are 2 operands, of which only 1 are described", new Shape[] {s, s}),
                Arguments.of("ijk->i", 0, "3 indices for the 2 axes of [2, 3]", new Shape[] {s}),
                Arguments.of(
                        "ij jk->ik", 0, "4 indices for the 2 axes of [2, 3]; a comma separates operands", new Shape[] {
                            s, s
                        }),
                Arguments.of("i->i", 0, "1 indices for the 2 axes of [2, 3]", new Shape[] {s}),
                Arguments.of("ij->ik", 5, "no operand has this index", new Shape[] {s}),
                Arguments.of("ij->ii", 5, "an index twice in the output", new Shape[] {s}),
                Arguments.of("i1->i", 1, "expected a letter", new Shape[] {s}),
                Arguments.of("ij-i", 2, "expected a letter", new Shape[] {s}),
                Arguments.of("ii->i", 1, "a diagonal of axes of sizes 2 and 3", new Shape[] {s}),
                Arguments.of("......->", 3, "a second ellipsis in one operand", new Shape[] {s}),
                Arguments.of("ij,ij->", 3, "an axis of size 3, where the same index has size 2 before", new Shape[] {
                    s, Shape.of(3, 3)
                }));
    }

    @Test
    void operands_of_different_number_types_are_refused() {
        Node a = constant(Tensor.ones(2, 3));
        Node b = constant(Tensor.ones(3, 4).to(DType.FLOAT32));
        assertEquals(
                "einsum: [2, 3] x [3, 4]: the first is FLOAT64, the second FLOAT32; convert one, as with .to(FLOAT64)",
                assertThrows(OperandMismatch.class, () -> Einsum.of("ij,jk->ik", a, b))
                        .getMessage());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void an_equation_that_does_not_fit_is_shown_with_its_position(
            String equation, int at, String why, Shape... shapes) {
        Node[] operands = Stream.of(shapes).map(t -> constant(Tensor.ones(t))).toArray(Node[]::new);
        OperandMismatch e = assertThrows(OperandMismatch.class, () -> Einsum.of(equation, operands));
        assertTrue(e.getMessage().contains(why), e.getMessage());
        assertTrue(e.getMessage().endsWith("\n" + equation + "\n" + " ".repeat(at) + "^"), e.getMessage());
    }
}
