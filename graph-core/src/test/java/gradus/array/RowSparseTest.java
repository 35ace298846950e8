package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Sums of rows, against the dense tensor and sums that are computed element by element. */
class RowSparseTest {
    private static final Shape TABLE = Shape.of(4, 2);

    private static final RowSparse X =
            RowSparse.of(TABLE, Ints.of(3, 1, 3), Tensor.of(new double[][] {{1, 2}, {3, 4}, {10, 20}}));

    @Test
    void rows_at_one_index_are_added_and_indices_are_ascending() {
        assertEquals(Ints.of(1, 3), X.indices());
        assertEquals(Tensor.of(new double[][] {{3, 4}, {11, 22}}), X.rows());
        assertEquals(Tensor.of(new double[][] {{0, 0}, {3, 4}, {0, 0}, {11, 22}}), X.dense());
        assertEquals(TABLE, X.shape());
        assertEquals("RowSparse[[4, 2] FLOAT64, 2 rows]", X.toString());
        RowSparse negative = X.map(Tensor::neg);
        assertEquals(X.indices(), negative.indices());
        assertEquals(X.dense().map(v -> v == 0 ? 0 : -v), negative.dense());
    }

    @Property
    void a_sum_of_parts_is_the_sum_of_the_dense_tensors(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 7) int v,
            @ForAll @IntRange(max = 5) int d,
            @ForAll @IntRange(min = 1, max = 6) int parts) {
        for (DType dtype : DType.values()) {
            Random random = new Random(seed);
            Shape shape = random.nextBoolean() ? Shape.of(v, d) : Shape.of(v, d, 2);
            RowSparse sum = null;
            Tensor dense = Tensor.zeros(shape, dtype);
            for (int i = 0; i < parts; i++) {
                RowSparse part = drawn(random, shape, dtype);
                if (random.nextInt(3) == 0) {
                    part = part.add(drawn(random, shape, dtype));
                }
                sum = sum == null ? part : sum.add(part);
                dense = dense.add(part.dense());
            }
            assertEquals(dense, sum.dense());
            int[] at = sum.indices().toArray();
            assertTrue(Arrays.equals(at, Arrays.stream(at).distinct().sorted().toArray()), "ascending");
            assertEquals(dense, RowSparse.of(shape, sum.indices(), sum.rows()).dense());
            assertEquals(dense.rows(at), sum.rows());
            Tensor grown = dense.neg();
            Steps.add(grown, sum);
            assertEquals(Tensor.zeros(shape, dtype), grown.add(0)); // not -0
        }
    }

    /** Returns small whole numbers, whose sums are the same in every order. */
    private static RowSparse drawn(Random random, Shape shape, DType dtype) {
        int[] at = random.ints(random.nextInt(9), 0, shape.dim(0)).toArray();
        Shape rows = shape.with(0, at.length);
        double[] values = random.ints(rows.size(), 1, 9).asDoubleStream().toArray();
        return RowSparse.of(shape, Ints.of(at), Tensor.of(rows, values).to(dtype));
    }

    @Test
    void the_number_of_threads_changes_no_bit() {
        Random random = new Random(1);
        int[] at = random.ints(5000, 0, 700).toArray();
        Tensor rows = Tensor.uniform(Shape.of(at.length, 33), -1, 1, RandomStream.of(1, "rows"))
                .to(DType.FLOAT32);
        int before = Workers.count();
        try {
            Workers.use(1);
            Tensor one = RowSparse.of(Shape.of(700, 33), Ints.of(at), rows).rows();
            Workers.use(4);
            Tensor four = RowSparse.of(Shape.of(700, 33), Ints.of(at), rows).rows();
            assertEquals(one, four);
        } finally {
            Workers.use(before);
        }
    }

    @Test
    void ten_thousand_parts_are_added_together() {
        RowSparse sum = X;
        for (int i = 1; i < 10_000; i++) {
            sum = sum.add(X);
        }
        assertEquals(X.rows().mul(10_000), sum.rows());
        assertEquals(X.dense().mul(10_000), sum.dense());
    }

    @Test
    void an_array_that_is_shared_is_known() {
        Tensor rows = Tensor.ones(1, 2);
        RowSparse x = X.add(RowSparse.of(TABLE, Ints.of(0), rows)).add(X);
        assertTrue(x.sharesArrayWith(rows));
        assertFalse(x.sharesArrayWith(rows.copy()));
    }

    @Test
    void what_does_not_fit_is_refused() {
        assertMessage(
                "rowSparse: [4, 2] x [2, 2]: 1 indices need rows [1, 2]",
                () -> RowSparse.of(TABLE, Ints.of(1), Tensor.ones(2, 2)));
        assertMessage(
                "rowSparse: [] x [1]: 1 indices need rows of a shape with an axis",
                () -> RowSparse.of(Shape.SCALAR, Ints.of(0), Tensor.ones(1)));
        for (int index : new int[] {4, -1}) {
            assertMessage(
                    "rowSparse: [4, 2] x [1, 2]: index " + index + " is out of range",
                    () -> RowSparse.of(TABLE, Ints.of(index), Tensor.ones(1, 2)));
        }
        RowSparse other = RowSparse.of(Shape.of(5, 2), Ints.of(1), Tensor.ones(1, 2));
        assertMessage("rowSparse: [4, 2] x [5, 2]: the shapes differ", () -> X.add(other));
        RowSparse single = X.map(x -> x.to(DType.FLOAT32));
        assertMessage(
                "rowSparse: [4, 2] x [4, 2]: the first is FLOAT64, the second FLOAT32; convert one, as with .to(FLOAT64)",
                () -> X.add(single));
        assertThrows(OperandMismatch.class, () -> Steps.add(Tensor.ones(5, 2), X));
        assertThrows(OperandMismatch.class, () -> Steps.add(Tensor.ones(4, 2).to(DType.FLOAT32), X));
        assertThrows(OperandMismatch.class, () -> Steps.onRows(X, rows -> {}, Tensor.ones(5, 2)));
        assertThrows(OperandMismatch.class, () -> Steps.onRows(X, rows -> {}, Tensor.ones(4, 2), Tensor.ones(5, 2)));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(OperandMismatch.class, call).getMessage());
    }
}
