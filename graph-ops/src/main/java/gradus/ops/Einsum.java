package gradus.ops;

import gradus.array.Shape;
import gradus.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Einstein summation: products of any number of operands, summed over the indices that the output leaves out. Pairs of operands
 * are contracted by matrix products, the pair first whose result is smallest compared with its operands; so it can be
 * differentiated to any order.
 */
public final class Einsum {
    private Einsum() {}

    /** An operand and the index of each of its axes. */
    private record Term(String indices, Node node) {
        int size(char index) {
            return node.shape().dim(indices.indexOf(index));
        }
    }

    /**
     * Returns the sum of products that an equation states, such as {@code "bij,bjk->bik"} for the product of matrices. PyTorch's
     * {@code einsum}. The equation is in NumPy's notation:
     *
     * <ul>
     *   <li>each letter, a to z or A to Z, names an axis; axes of one letter have one size, or size 1, which is broadcast;
     *   <li>a letter twice in an operand takes the diagonal: {@code "ii->i"};
     *   <li>a letter that the output leaves out is summed over: {@code "ij->"};
     *   <li>{@code ...} stands for the axes that have no letter; they broadcast;
     *   <li>without {@code ->} the output is the axes of {@code ...}, and then the letters that occur once, in alphabetical
     *       order, capitals first.
     * </ul>
     *
     * @throws gradus.array.OperandMismatch if the equation does not parse, or does not fit the operands; it shows the position
     */
    public static Node of(String equation, Node... operands) {
        Objects.requireNonNull(equation, "einsum: equation is null");
        Objects.requireNonNull(operands, "einsum: operands is null");
        for (int i = 0; i < operands.length; i++) {
            int at = i;
            Objects.requireNonNull(operands[i], () -> "einsum: operand " + at + " is null");
        }
        Operands.requireSameType("einsum", operands);
        EinsumEquation parsed = EinsumEquation.parse(equation, operands);
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            terms.add(withoutBroadcast(
                    parsed.sizes(), diagonals(new Term(parsed.inputs().get(i), operands[i]))));
        }
        for (int i = 0; i < terms.size(); i++) {
            List<Term> others = new ArrayList<>(terms);
            others.remove(i);
            terms.set(i, summed(terms.get(i), needed(others, parsed.output())));
        }
        while (terms.size() > 1) {
            Term[] pair = cheapestPair(terms, parsed.output());
            terms.remove(pair[0]);
            terms.remove(pair[1]);
            terms.add(contracted(pair[0], pair[1], needed(terms, parsed.output())));
        }
        Term last = terms.get(0);
        return reordered(last, parsed.output());
    }

    /** Takes the diagonal of axes with one index. */
    private static Term diagonals(Term t) {
        for (int i = 0; i < t.indices.length(); i++) {
            char index = t.indices.charAt(i);
            int j = t.indices.indexOf(index, i + 1);
            if (j > 0) {
                String rest = new StringBuilder(t.indices)
                        .deleteCharAt(j)
                        .deleteCharAt(i)
                        .toString();
                return diagonals(new Term(rest + index, t.node.diagonal(0, i, j)));
            }
        }
        return t;
    }

    /** Drops axes of size 1 whose index has a larger size elsewhere. */
    private static Term withoutBroadcast(Map<Character, Integer> sizes, Term t) {
        StringBuilder kept = new StringBuilder();
        List<Integer> dims = new ArrayList<>();
        for (int i = 0; i < t.indices.length(); i++) {
            char index = t.indices.charAt(i);
            if (t.size(index) == sizes.get(index)) {
                kept.append(index);
                dims.add(t.size(index));
            }
        }
        return kept.length() == t.indices.length() ? t : new Term(kept.toString(), t.node.reshape(shape(dims)));
    }

    /** Returns the indices that other terms or the output have. */
    private static String needed(List<Term> others, String output) {
        StringBuilder needed = new StringBuilder(output);
        others.forEach(t -> needed.append(t.indices));
        return needed.toString();
    }

    /** Sums over the axes whose indices are not needed. */
    private static Term summed(Term t, String needed) {
        StringBuilder kept = new StringBuilder();
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < t.indices.length(); i++) {
            if (needed.indexOf(t.indices.charAt(i)) < 0) {
                axes.add(i);
            } else {
                kept.append(t.indices.charAt(i));
            }
        }
        return axes.isEmpty() ? t : new Term(kept.toString(), t.node.sum(ints(axes)));
    }

    /** Returns the pair whose result is smallest compared with its operands. */
    private static Term[] cheapestPair(List<Term> terms, String output) {
        Term[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < terms.size(); i++) {
            for (int j = i + 1; j < terms.size(); j++) {
                Term a = terms.get(i);
                Term b = terms.get(j);
                List<Term> others = new ArrayList<>(terms);
                others.remove(a);
                others.remove(b);
                double cost = resultSize(a, b, needed(others, output))
                        - a.node.shape().size()
                        - b.node.shape().size();
                if (cost < least) {
                    least = cost;
                    best = new Term[] {a, b};
                }
            }
        }
        return best;
    }

    private static double resultSize(Term a, Term b, String needed) {
        double size = 1;
        for (int i = 0; i < a.indices.length(); i++) {
            char index = a.indices.charAt(i);
            size *= needed.indexOf(index) < 0 ? 1 : a.size(index);
        }
        for (int i = 0; i < b.indices.length(); i++) {
            char index = b.indices.charAt(i);
            size *= needed.indexOf(index) < 0 || a.indices.indexOf(index) >= 0 ? 1 : b.size(index);
        }
        return size;
    }

    /** Multiplies two terms and sums over their common indices that are not needed. */
    private static Term contracted(Term a, Term b, String needed) {
        String common = filtered(a.indices, i -> b.indices.indexOf(i) >= 0);
        String batch = filtered(common, i -> needed.indexOf(i) >= 0);
        String inner = filtered(common, i -> needed.indexOf(i) < 0);
        String left = filtered(a.indices, i -> b.indices.indexOf(i) < 0);
        String right = filtered(b.indices, i -> a.indices.indexOf(i) < 0);
        Shape batchShape = shape(a, batch);
        int k = shape(a, inner).size();
        Shape leftShape = shape(a, left);
        Shape rightShape = shape(b, right);
        Node x = reordered(a, batch + left + inner);
        Node y = reordered(b, batch + inner + right);
        Node product;
        if (inner.isEmpty()) {
            product = x.reshape(flat(batchShape, leftShape.size(), 1))
                    .mul(y.reshape(flat(batchShape, 1, rightShape.size())));
        } else {
            product = x.reshape(flat(batchShape, leftShape.size(), k))
                    .matmul(y.reshape(flat(batchShape, k, rightShape.size())));
        }
        Shape result = MatrixBatch.join(MatrixBatch.join(batchShape, leftShape), rightShape);
        return new Term(batch + left + right, product.reshape(result));
    }

    private static Shape flat(Shape batch, int rows, int columns) {
        return batch.rank() == 0 ? Shape.of(rows, columns) : Shape.of(batch.size(), rows, columns);
    }

    private static Node reordered(Term t, String order) {
        int[] axes = order.chars().map(i -> t.indices.indexOf(i)).toArray();
        return order.equals(t.indices) ? t.node : t.node.permute(axes);
    }

    /** A condition on an index. */
    @FunctionalInterface
    private interface IndexTest {
        boolean holds(char index);
    }

    private static String filtered(String indices, IndexTest test) {
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < indices.length(); i++) {
            char index = indices.charAt(i);
            if (test.holds(index)) {
                kept.append(index);
            }
        }
        return kept.toString();
    }

    private static Shape shape(Term t, String indices) {
        return Shape.of(indices.chars().map(i -> t.size((char) i)).toArray());
    }

    private static Shape shape(List<Integer> dims) {
        return Shape.of(ints(dims));
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
