package gradus.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TensorTest {
    /** More rows than are worked on together, and none of the sizes even. */
    @ParameterizedTest
    @CsvSource({"37, 41, 53", "256, 3, 5", "257, 9, 7", "1027, 17, 19", "1, 1025, 1031"})
    void products_agree_with_ejml(int m, int n, int k) {
        DMatrixRMaj a = RandomMatrices_DDRM.rectangle(m, k, new java.util.Random(1));
        DMatrixRMaj b = RandomMatrices_DDRM.rectangle(k, n, new java.util.Random(2));
        DMatrixRMaj y = new DMatrixRMaj(m, n);
        CommonOps_DDRM.mult(a, b, y);
        Tensor p = Tensor.of(a);
        Tensor q = Tensor.of(b);
        assertArrayEquals(y.data, p.matmul(q).toDoubleArray(), 1e-14 * k);
        assertArrayEquals(
                y.data, p.transpose().matmul(q.transpose(), true, true).toDoubleArray(), 1e-14 * k);
        Tensor single = p.to(DType.FLOAT32).matmul(q.to(DType.FLOAT32));
        assertArrayEquals(y.data, single.toDoubleArray(), 1e-6 * k);
    }

    @Test
    void ejml_matrices_are_converted_in_both_directions() {
        DMatrixRMaj m = new DMatrixRMaj(new double[][] {{1, 2, 3}, {4, 5, 6}});
        Tensor t = Tensor.of(m);
        assertEquals(Shape.of(2, 3), t.shape());
        assertSame(m.data, t.toDMatrix().data, "FLOAT64 shares its array");
        assertEquals(6f, t.toFMatrix().get(1, 2));
        FMatrixRMaj f = t.to(DType.FLOAT32).toFMatrix();
        assertEquals(DType.FLOAT32, Tensor.of(f).dtype());
        assertEquals(5, Tensor.of(f).toDMatrix().get(1, 1));
        assertEquals(t, Tensor.of(t.toSimpleMatrix()));
        assertEquals(Tensor.of(f), Tensor.of(Tensor.of(f).toSimpleMatrix()));
        DMatrixRMaj shrunk = new DMatrixRMaj(3, 3);
        shrunk.reshape(1, 2);
        assertEquals(Shape.of(1, 2), Tensor.of(shrunk).shape());
        assertEquals(2, new SimpleMatrix(t.toDMatrix()).getNumRows());
    }

    @Test
    void arrays_are_copied_in_and_out() {
        double[] a = {1, 2};
        Tensor t = Tensor.of(a);
        a[0] = 9;
        t.toDoubleArray()[1] = 9;
        assertEquals(Tensor.of(1, 2), t);
    }

    @Test
    void nested_arrays_of_any_depth_are_read() {
        Tensor t = Tensor.ofArray(new double[][][] {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}});
        assertEquals(Tensor.range(1, 9).reshape(2, 2, 2), t);
        assertEquals(Shape.of(0, 0), Tensor.of(new double[0][0]).shape());
        assertEquals(DType.FLOAT32, Tensor.of(new float[][] {{1}}).dtype());
    }

    @Test
    void the_gradient_of_logSumExp_is_the_product_with_softmax_also_where_it_is_not_finite() {
        double inf = Double.POSITIVE_INFINITY;
        double nan = Double.NaN;
        for (int n : new int[] {3, 40}) {
            double[][] rows = new double[7][n];
            for (double[] row : rows) {
                Arrays.setAll(row, j -> Math.sin(j));
            }
            Arrays.fill(rows[0], -inf);
            rows[1][1] = -inf;
            rows[2][1] = inf;
            rows[3][0] = inf;
            rows[3][2] = inf;
            rows[4][1] = nan;
            rows[5][0] = inf;
            rows[5][1] = nan;
            for (DType dtype : DType.values()) {
                Tensor x = Tensor.of(rows).to(dtype);
                for (double g : new double[] {2, -0.5, 0, -0.0, inf, nan}) {
                    Tensor gy = Tensor.ones(7, 1).to(dtype).mul(g);
                    double[] expected = x.softmax(1).mul(gy).toDoubleArray();
                    assertArrayEquals(expected, x.logSumExpGradient(gy, 1).toDoubleArray(), 1e-7);
                    Tensor turned = x.permute(1, 0).logSumExpGradient(gy.permute(1, 0), 0);
                    assertArrayEquals(expected, turned.permute(1, 0).toDoubleArray(), 1e-7);
                }
            }
        }
    }

    @Test
    void a_row_of_zeros_is_found_along_any_axes() {
        Tensor x = Tensor.ones(2, 3, 4);
        assertFalse(x.hasZeroRow(1));
        double[] some = x.toDoubleArray();
        for (int k = 0; k < 3; k++) {
            some[12 + 4 * k + 2] = k == 1 ? -0.0 : 0; // x[1, :, 2]
        }
        for (DType dtype : DType.values()) {
            Tensor y = Tensor.of(x.shape(), some).to(dtype);
            assertTrue(y.hasZeroRow(1));
            assertTrue(y.hasZeroRow(-2));
            assertFalse(y.hasZeroRow(0) || y.hasZeroRow(2) || y.hasZeroRow(0, 1) || y.hasZeroRow(0, 2));
            assertFalse(y.hasZeroRow());
            assertTrue(y.mul(0).hasZeroRow());
            Tensor first = y.slice(1, 0, 1);
            assertTrue(first.hasZeroRow(1), "elements");
            assertFalse(first.hasZeroRow(0, 2), "axes that are not adjacent");
            assertTrue(first.mul(0).hasZeroRow(0, 2));
        }
        assertFalse(Tensor.of(Double.NaN, 1).hasZeroRow(0), "NaN is not 0");
        assertTrue(Tensor.of(0.0).reshape().hasZeroRow());
    }

    @Test
    void logSumExp_and_softmax_neither_overflow_nor_cancel() {
        assertEquals(1e4 + Math.log(2), Tensor.of(1e4, 1e4).logSumExp(0).item());
        assertEquals(Math.exp(-50), -Tensor.of(0, -50).logSoftmax(0).get(0), 1e-36, "not 0: log1p keeps it");
        assertEquals(-1e4, Tensor.of(1e4, 0).logSoftmax(0).get(1));
        double none = Double.NEGATIVE_INFINITY;
        Tensor masked = Tensor.of(new double[][] {{none, none}, {none, 3}});
        assertEquals(Tensor.of(none, 3), masked.logSumExp(1));
        assertEquals(Tensor.of(new double[][] {{0, 0}, {0, 1}}), masked.softmax(1));
        assertEquals(Tensor.of(new double[][] {{none, none}, {none, 0}}), masked.logSoftmax(1));
        for (double[] row : new double[][] {{Double.NaN, 1}, {1, Double.NaN}, {0, Double.NaN, 2}}) {
            assertTrue(Double.isNaN(Tensor.of(row).logSumExp(0).item()), "NaN is passed on");
            assertTrue(Double.isNaN(Tensor.of(row).softmax(0).get(0)), "NaN is passed on");
        }
    }

    @Test
    void a_long_sum_is_accurate() {
        Tensor tenths = Tensor.full(Shape.of(1_000_000), 0.1, DType.FLOAT64);
        assertEquals(1e5, tenths.sum().item(), 1e-9);
        assertEquals(1e5, tenths.to(DType.FLOAT32).sum().item(), 1e-2);
        assertEquals(1e5, tenths.to(DType.FLOAT32).reshape(-1, 1).sum(0).item(), 1e-2);
    }

    @Test
    void sizes_beside_an_empty_axis_may_be_of_any_size_and_order() {
        assertEquals(0, Shape.of(65536, 65536, 0).size());
        assertEquals(
                Shape.of(0, 65536, 65536),
                Tensor.zeros(65536, 65536, 0).permute(2, 0, 1).shape());
        assertEquals(Shape.of(3), Shape.of(2, 3, 4).drop(2, 0));
    }

    @Test
    void the_mean_is_the_sum_over_the_count() {
        Tensor x = Tensor.range(0, 6).reshape(2, 3);
        assertEquals(Tensor.of(1, 4), x.mean(1));
        assertEquals(2.5, x.mean().item());
    }

    @Test
    void argmax_returns_the_first_of_equal_elements_and_prefers_NaN() {
        Tensor x = Tensor.of(new double[][] {{1, 3, 3}, {2, Double.NaN, 9}});
        assertArrayEquals(new int[] {1, 1}, x.argmax(1).toIntArray());
        assertArrayEquals(
                new int[] {1, 1, 1},
                Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}}).argmax(0).toIntArray());
    }

    @Test
    void rows_and_blocks_are_by_position() {
        Tensor x = Tensor.range(0, 6).reshape(3, 2);
        assertEquals(Tensor.of(new double[][] {{4, 5}, {0, 1}, {4, 5}}), x.rows(2, 0, -1));
        assertEquals(Tensor.of(new double[][] {{1, 2}, {4, 5}}), x.takeBlocks(Shape.of(2, 2), 2, Ints.of(1, 4)));
        assertEquals(
                Tensor.of(new double[][] {{0, 0}, {1, 5}, {4, 0}}),
                Tensor.of(1, 2, 3, 4).addBlocks(Shape.of(3, 2), 2, Ints.of(2, 3)));
    }

    @Test
    void sorting_is_stable_and_NaN_sorts_last() {
        Tensor x = Tensor.of(new double[][] {{2, Double.NaN, -1, 2, 0}, {-0.0, 0, 1, 1, -3}});
        assertEquals(Tensor.of(new double[][] {{2, 4, 0, 3, 1}, {4, 0, 1, 2, 3}}), x.argsort(1, false));
        assertEquals(Tensor.of(new double[][] {{1, 0, 3, 4, 2}, {2, 3, 0, 1, 4}}), x.argsort(-1, true));
        assertArrayEquals(new int[] {1, 4}, x.argmin(1).toIntArray());
    }

    @Test
    void equality_is_of_type_shape_and_bits() {
        assertEquals(Tensor.of(Double.NaN), Tensor.of(Double.NaN));
        assertNotEquals(Tensor.of(0.0), Tensor.of(-0.0));
        assertNotEquals(Tensor.of(1.0), Tensor.of(1.0).to(DType.FLOAT32));
        assertNotEquals(Tensor.of(1, 2), Tensor.of(1, 2).reshape(1, 2));
        assertEquals(Tensor.of(1, 2).hashCode(), Tensor.of(1, 2).hashCode());
    }

    static Stream<Arguments> printed() {
        return Stream.of(
                Arguments.of(Tensor.of(3.0), "3.0"),
                Arguments.of(Tensor.of(1, 2.25, 3), "[1.   2.25 3.  ]"),
                Arguments.of(Tensor.of(1, Double.NaN, Double.NEGATIVE_INFINITY), "[  1.  nan -inf]"),
                Arguments.of(Tensor.of(new double[][] {{-1, 10}, {0.5, 2}}), "[[-1.  10. ]\n [ 0.5  2. ]]"),
                Arguments.of(Tensor.of(1.5, 1e-5), "[1.5e+00 1.0e-05]"),
                Arguments.of(Tensor.of(1.0 / 3), "0.3333333333333333"),
                Arguments.of(Tensor.of(new float[] {0.1f}), "[0.1]"),
                Arguments.of(Tensor.zeros(0, 3), "[]"),
                Arguments.of(Tensor.ones(2, 1, 2), "[[[1. 1.]]\n\n [[1. 1.]]]"),
                Arguments.of(Tensor.ones(1001), "[1. 1. 1. ... 1. 1. 1.]"));
    }

    @ParameterizedTest
    @MethodSource("printed")
    void tensors_are_printed_as_by_numpy(Tensor x, String expected) {
        assertEquals(expected, x.toString());
    }

    static Stream<Arguments> mismatches() {
        Tensor a = Tensor.ones(2, 3);
        return Stream.of(
                bad(() -> a.add(Tensor.ones(2)), "add: [2, 3] x [2]: sizes 3 and 2"),
                bad(() -> a.add(a.to(DType.FLOAT32)), "FLOAT64, the second FLOAT32; convert one, as with .to(FLOAT64)"),
                bad(() -> a.matmul(a), "matmul: [2, 3] x [2, 3]: inner sizes 3 and 2 differ"),
                bad(() -> a.matmul(Tensor.ones(3)), "matmul: [2, 3] x [3]: each operand needs two axes"),
                bad(() -> Tensor.ones(2, 2, 3).matmul(Tensor.ones(3, 3, 1)), "matmul: [2, 2, 3] x [3, 3, 1]: sizes 2"),
                bad(() -> a.sum(2), "sum: [2, 3]: axis 2 is out of range: axes run from -2 to 1"),
                bad(() -> a.sum(0, -2), "sum: [2, 3]: axis 0 is given twice"),
                bad(() -> Tensor.of(1.0).softmax(0), "softmax: []: axis 0 is out of range: a scalar has no axis"),
                bad(() -> Tensor.zeros(0, 3).max(0), "max: [0, 3]: there is no element along axes [0]"),
                bad(() -> a.reshape(4), "reshape: [2, 3]: 6 elements do not fill [4]"),
                bad(() -> a.reshape(4, -1), "reshape: [2, 3]: 6 elements do not fill [4, -1]"),
                bad(
                        () -> Tensor.zeros(0, 3).reshape(-1, 0),
                        "reshape: [0, 3]: -1 beside a size of 0 may be any size: [-1, 0]"),
                bad(() -> a.reshape(65536, 65536, -1), "do not fill [65536, 65536, -1]"),
                bad(() -> Tensor.eye(-1), "eye: n -1 is negative"),
                bad(() -> a.reshape(-1, -1), "only one size may be -1"),
                bad(() -> a.permute(0), "permute: [2, 3]: [0] does not name each of 2 axes"),
                bad(() -> a.slice(1, 2, 5), "slice: [2, 3]: from 2 to 5 is out of range along axis 1 of size 3"),
                bad(() -> a.pad(0, -1, 0), "pad: [2, 3]: widths -1 and 0"),
                bad(() -> a.expandTo(Shape.of(3, 3)), "expandTo: [2, 3]: sizes must agree with [3, 3]"),
                bad(() -> a.sumTo(Shape.of(2)), "sumTo: [2, 3]: it was not broadcast from [2]"),
                bad(() -> a.get(0, 3), "get: [2, 3]: index 3 is out of range along axis 1"),
                bad(() -> a.get(0), "get: [2, 3]: 1 indices for 2 axes"),
                bad(a::item, "item: [2, 3]: there are 6 elements, not one"),
                bad(() -> Tensor.of(1.5, 2).toIntArray(), "toIntArray: [2]: 1.5 at position 0"),
                bad(() -> a.rows(2), "rows: [2, 3]: row 2 is out of range of 2"),
                bad(
                        () -> a.takeBlocks(Shape.of(2), 1, Ints.of(0, 6)),
                        "takeBlocks: [2, 3]: position 6 is out of range of [2, 3]"),
                bad(
                        () -> a.takeBlocks(Shape.of(2), 2, Ints.of(0, 5)),
                        "takeBlocks: [2, 3]: 2 blocks of 2 do not fill [2]"),
                bad(
                        () -> a.addBlocks(Shape.of(4), 3, Ints.of(0, 2)),
                        "addBlocks: [2, 3]: position 2 is out of range of [4]"),
                bad(() -> a.where(a, a.to(DType.FLOAT32)), "where: [2, 3] x [2, 3] x [2, 3]: the first is FLOAT64"),
                bad(() -> Tensor.concat(0, a, Tensor.ones(2, 2)), "concat: [2, 3] x [2, 2]: sizes differ"),
                bad(() -> Tensor.concat(0), "concat: there is nothing"),
                bad(() -> Tensor.of(Shape.of(2), 1, 2, 3), "of: [2]: 3 values do not fill 2"),
                bad(() -> Tensor.of(new double[][] {{1}, {1, 2}}), "of: [2, 1]: the array at [1] has length 2, not 1"),
                bad(() -> Tensor.ofArray("no"), "nested arrays of double or float are read, not String"),
                bad(() -> Tensor.ones(3).toDMatrix(), "toDMatrix: [3]: only two axes make a matrix"),
                bad(() -> Tensor.of(new double[][] {{1}, null}), "the array at [1] is null"),
                bad(
                        () -> Tensor.uniform(Shape.of(2), 0, Double.POSITIVE_INFINITY, RandomStream.of(1, "")),
                        "the bounds 0.0 and Infinity are not finite"),
                bad(
                        () -> Tensor.normal(Shape.of(2), Double.NaN, 1, RandomStream.of(1, "")),
                        "mean NaN and standard deviation 1.0 are not finite"),
                bad(
                        () -> Tensor.normal(Shape.of(2), 0, Double.POSITIVE_INFINITY, RandomStream.of(1, "")),
                        "mean 0.0 and standard deviation Infinity are not finite"),
                bad(() -> Tensor.uniform(Shape.of(2), 1, 0, RandomStream.of(1, "")), "the bounds 1.0 and 0.0"),
                bad(() -> Tensor.normal(Shape.of(2), 0, -1, RandomStream.of(1, "")), "deviation -1.0"),
                bad(
                        () -> Tensor.bernoulli(Shape.of(2), 1.5, 1, DType.FLOAT64, RandomStream.of(1, "")),
                        "bernoulli: [2]: probability 1.5 must be from 0 to 1"),
                bad(() -> Tensor.range(Integer.MIN_VALUE, 0), "more than 2^31"),
                bad(() -> a.shape().with(5, 1), "with: [2, 3]: axis 5 is out of range"),
                bad(() -> Tensor.ofLittleEndian(Shape.of(2), DType.FLOAT32, new byte[7]), "7 bytes are no FLOAT32"),
                bad(() -> Shape.of(2, -1), "size -1 is negative"),
                bad(() -> Shape.of(1 << 20, 1 << 20), "more than 2^31"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void a_mismatch_names_the_operation_the_shapes_and_what_would_fit(Executable what, String message) {
        String found = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }

    @Test
    void uniform_draws_between_bounds_whose_difference_overflows_are_spread() {
        Tensor x = Tensor.uniform(Shape.of(1000), -1.7e308, 1.7e308, RandomStream.of(1, "wide"));
        assertTrue(x.max().item() > 1.5e308 && x.max().item() < 1.7e308);
        assertTrue(x.min().item() < -1.5e308 && x.min().item() >= -1.7e308);
        assertEquals(0, x.div(1.7e308).mean().item(), 0.1);
        assertThrows(
                IllegalArgumentException.class, () -> RandomStream.of(1, "").nextDouble(Double.NEGATIVE_INFINITY, 0));
    }
}
