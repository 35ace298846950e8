package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.simple.SimpleEVD;
import org.ejml.simple.SimpleMatrix;
import org.ejml.simple.SimpleSVD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LinearAlgebraTest {
    private static Tensor random(long seed, int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(seed, "matrix"));
    }

    private static Tensor definite(long seed, int n) {
        Tensor a = random(seed, n, n);
        return a.matmul(a, false, true).add(Tensor.eye(n));
    }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        double scale =
                Math.max(1, expected.size() == 0 ? 0 : expected.abs().max().item());
        double gap = expected.size() == 0 ? 0 : expected.sub(actual).abs().max().item();
        assertTrue(gap <= tolerance * scale, () -> gap + " off: " + expected + " and " + actual);
    }

    // ---- against EJML

    @Property(tries = 40)
    void solve_inverse_and_det_are_those_of_ejml(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n) {
        Tensor a = random(seed, n, n).add(Tensor.eye(n).mul(n));
        Tensor b = random(seed + 1, n, 3);
        SimpleMatrix m = a.toSimpleMatrix();
        assertNear(
                Tensor.of(m.solve(b.toSimpleMatrix())),
                LinearAlgebra.solve(constant(a), constant(b)).value(),
                1e-12);
        assertNear(Tensor.of(m.invert()), LinearAlgebra.inverse(constant(a)).value(), 1e-12);
        double det = m.determinant();
        assertEquals(det, LinearAlgebra.det(constant(a)).item(), 1e-12 * Math.abs(det));
        LinearAlgebra.SignAndLog s = LinearAlgebra.slogDet(constant(a));
        assertEquals(Math.signum(det), s.sign().item());
        assertEquals(Math.log(Math.abs(det)), s.logAbsDet().item(), 1e-12 * n * n);
    }

    @Property(tries = 40)
    void singular_values_and_eigenvalues_are_those_of_ejml(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int m, @ForAll @IntRange(min = 1, max = 40) int n) {
        Tensor a = random(seed, m, n);
        SimpleSVD<SimpleMatrix> svd = a.toSimpleMatrix().svd();
        double[] s = LinearAlgebra.svd(constant(a)).s().value().toDoubleArray();
        assertEquals(Math.min(m, n), s.length);
        for (int i = 0; i < s.length; i++) {
            assertEquals(svd.getSingleValue(i), s[i], 1e-13 * s[0]);
        }
        Tensor b = definite(seed, n);
        SimpleEVD<SimpleMatrix> evd = b.toSimpleMatrix().eig();
        double[] expected = Stream.iterate(0, i -> i < n, i -> i + 1)
                .mapToDouble(i -> evd.getEigenvalue(i).getReal())
                .sorted()
                .toArray();
        double[] values = LinearAlgebra.eigh(constant(b)).values().value().toDoubleArray();
        for (int i = 0; i < n; i++) {
            assertEquals(expected[i], values[i], 1e-12 * expected[n - 1]);
        }
    }

    // ---- definitions

    @Property(tries = 40)
    void factors_multiply_to_the_matrix_and_are_orthonormal(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int m, @ForAll @IntRange(min = 1, max = 40) int n) {
        Node a = constant(random(seed, 2, m, n));
        LinearAlgebra.Qr qr = LinearAlgebra.qr(a);
        assertNear(a.value(), qr.q().matmul(qr.r()).value(), 1e-13);
        assertOrthonormalColumns(qr.q());
        assertEquals(qr.r().triu().value(), qr.r().value());
        LinearAlgebra.Svd svd = LinearAlgebra.svd(a);
        assertNear(
                a.value(), svd.u().mul(svd.s().unsqueeze(-2)).matmul(svd.vt()).value(), 1e-12);
        assertOrthonormalColumns(svd.u());
        assertOrthonormalColumns(svd.vt().transpose(-2, -1));
        Node b = constant(definite(seed, n));
        LinearAlgebra.Eigen eigen = LinearAlgebra.eigh(b);
        assertNear(
                eigen.vectors().mul(eigen.values()).value(),
                b.matmul(eigen.vectors()).value(),
                1e-12);
        assertOrthonormalColumns(eigen.vectors());
        Node l = LinearAlgebra.cholesky(b);
        assertNear(b.value(), l.matmul(l.transpose()).value(), 1e-13);
        assertEquals(l.tril().value(), l.value());
    }

    private static void assertOrthonormalColumns(Node q) {
        Tensor product = q.transpose(-2, -1).matmul(q).value();
        assertNear(Tensor.eye(q.shape().dim(-1)).expandTo(product.shape()), product, 1e-13);
    }

    @Property(tries = 40)
    void the_pseudoinverse_satisfies_the_penrose_conditions_at_any_rank(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int m,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 12) int rank) {
        Node a = constant(random(seed, m, rank).matmul(random(seed + 1, rank, n)));
        Node p = LinearAlgebra.pinv(a);
        Node ap = a.matmul(p);
        Node pa = p.matmul(a);
        double tolerance = 1e-11 * Math.max(1, p.value().abs().max().item());
        assertNear(a.value(), ap.matmul(a).value(), tolerance);
        assertNear(p.value(), pa.matmul(p).value(), tolerance);
        assertNear(ap.value(), ap.transpose().value(), tolerance);
        assertNear(pa.value(), pa.transpose().value(), tolerance);
    }

    @Property(tries = 30)
    void expm_of_a_symmetric_matrix_is_that_of_its_eigenvalues(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = -8, max = 6) int exponent) {
        Tensor a = random(seed, n, n);
        Node s = constant(a.add(a.transpose()).mul(Math.scalb(1.0, exponent)));
        LinearAlgebra.Eigen eigen = LinearAlgebra.eigh(s);
        Node expected =
                eigen.vectors().mul(eigen.values().exp()).matmul(eigen.vectors().transpose());
        double size = Math.max(1, eigen.values().value().abs().max().item());
        assertNear(expected.value(), LinearAlgebra.expm(s).value(), 1e-13 * size * n);
    }

    @Test
    void expm_of_a_rotation_generator_is_the_rotation() {
        Node x = variable(0.7);
        Node generator = constant(new double[][] {{0, -1}, {1, 0}});
        Node y = LinearAlgebra.expm(generator.mul(x));
        assertEquals(Math.cos(0.7), y.value().get(0, 0), 1e-15);
        assertEquals(Math.sin(0.7), y.value().get(1, 0), 1e-15);
        assertEquals(Math.cos(0.7), y.select(0, 1).select(0, 0).backward().of(x).item(), 1e-15);
    }

    // ---- known gradients

    @Property(tries = 30)
    void the_gradient_of_logDet_is_the_transposed_inverse(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int n) {
        Node a = variable(definite(seed, n));
        Tensor expected = LinearAlgebra.inverse(a).transpose().value();
        assertNear(expected, LinearAlgebra.logDet(a).backward().of(a).value(), 1e-12);
    }

    @Test
    void the_gradient_of_det_at_a_singular_matrix_is_the_matrix_of_cofactors() {
        Node a = variable(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
        Tensor gradient = LinearAlgebra.det(a).backward().of(a).value();
        assertNear(Tensor.of(new double[][] {{-3, 6, -3}, {6, -12, 6}, {-3, 6, -3}}), gradient, 1e-14);
        Node zero = variable(Tensor.zeros(2, 3, 3));
        assertNear(
                Tensor.zeros(2, 3, 3),
                LinearAlgebra.det(zero).sum().backward().of(zero).value(),
                0);
    }

    @Test
    void the_gradient_of_the_nuclear_norm_is_u_times_vt_also_where_singular_values_are_equal() {
        Node a = variable(Tensor.eye(3));
        assertNear(Tensor.eye(3), LinearAlgebra.nuclearNorm(a).backward().of(a).value(), 1e-15);
    }

    @Test
    void a_determinant_that_overflows_has_a_logarithm() {
        Node a = constant(Tensor.eye(300).mul(1e3));
        assertEquals(Double.POSITIVE_INFINITY, LinearAlgebra.det(a).item(), 0);
        assertEquals(900 * Math.log(10), LinearAlgebra.slogDet(a).logAbsDet().item(), 1e-10);
    }

    @Test
    void badly_scaled_matrices_are_not_singular() {
        Node a = constant(new double[][] {{1e-200, 0}, {0, 1e200}});
        assertEquals(1e200, LinearAlgebra.inverse(a).value().get(0, 0), 1e186);
        Node b = constant(new double[][] {{1e20, 1e20}, {0, 1}});
        assertEquals(-1, LinearAlgebra.inverse(b).value().get(0, 1), 1e-15);
    }

    @Test
    void float32_is_computed_in_double_and_rounded() {
        Tensor a = random(7, 5, 5).add(Tensor.eye(5).mul(3)).to(DType.FLOAT32);
        Tensor exact = LinearAlgebra.inverse(constant(a.to(DType.FLOAT64))).value();
        assertEquals(exact.to(DType.FLOAT32), LinearAlgebra.inverse(constant(a)).value());
    }

    // ---- refusals

    static Stream<Arguments> bad() {
        Node singular = variable(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
        Node pair = Node.stack(0, constant(Tensor.eye(3)), singular);
        Node b = constant(Tensor.ones(3));
        Node nan = constant(new double[][] {{1, Double.NaN}, {0, 1}});
        Node equal = variable(Tensor.eye(2));
        return Stream.of(
                bad("inverse: [3, 3]: the matrix is singular", () -> LinearAlgebra.inverse(singular)),
                bad("solve: [2, 3, 3]: the matrix at [1] is singular", () -> LinearAlgebra.solve(pair, b)),
                bad("inverse: [2, 3, 3]: the matrix at [1] is singular", () -> LinearAlgebra.inverse(pair)),
                bad("matrixPower: [3, 3]: the matrix is singular", () -> LinearAlgebra.matrixPower(singular, -1)),
                bad(
                        "slogDet: [2, 3, 3]: the matrix at [1] is singular",
                        () -> LinearAlgebra.slogDet(pair).logAbsDet().sum().backward()),
                bad(
                        "cond: [2, 0, 3]: a matrix without elements has no condition number",
                        () -> LinearAlgebra.cond(constant(Tensor.zeros(2, 0, 3)))),
                bad(
                        "kron: [2, 3, 3] x [3, 3, 3]: sizes 2 and 3 (axis -3) differ and neither is 1",
                        () -> LinearAlgebra.kron(pair, constant(Tensor.ones(3, 3, 3)))),
                bad(
                        "solve: [2, 3, 3] x [3, 3, 1]: sizes 2 and 3 (axis -3) differ and neither is 1",
                        () -> LinearAlgebra.solve(pair, constant(Tensor.ones(3, 3, 1)))),
                bad(
                        "kron: [3, 3] x [2, 2]: the first is FLOAT64, the second FLOAT32",
                        () -> LinearAlgebra.kron(singular, equal.to(DType.FLOAT32))),
                bad(
                        "lstsq: [3, 3] x [3]: the first is FLOAT64, the second FLOAT32",
                        () -> LinearAlgebra.lstsq(singular, b.to(DType.FLOAT32))),
                bad(
                        "cholesky: [2, 2]: the symmetric part (A + A^T) / 2 of the matrix is not positive definite",
                        () -> LinearAlgebra.cholesky(constant(new double[][] {{1, 4}, {0, 1}}))),
                bad(
                        "solve: [3, 3] x [4]: it takes [.., n, n] and [.., n, k] or [n]; a batch of vectors is [.., n, 1]",
                        () -> LinearAlgebra.solve(singular, constant(Tensor.ones(4)))),
                bad(
                        "triangularSolve: [3, 3]: the matrix is singular: element [0, 0] of its diagonal is 0",
                        () -> LinearAlgebra.triangularSolve(constant(Tensor.zeros(3, 3)), b, true)),
                bad(
                        "inverse: [2, 3]: it takes square matrices",
                        () -> LinearAlgebra.inverse(constant(Tensor.ones(2, 3)))),
                bad(
                        "solve: [3, 3] x [3]: the first is FLOAT64, the second FLOAT32",
                        () -> LinearAlgebra.solve(singular, b.to(DType.FLOAT32))),
                bad("qr: [3]: it takes matrices", () -> LinearAlgebra.qr(b)),
                bad(
                        "qr: [2, 2]: the gradient is undefined: the first 2 columns of the matrix are linearly dependent;"
                                + " element [1, 1] of R is ",
                        () -> LinearAlgebra.qr(variable(new double[][] {{1, 2}, {2, 4}}))
                                .q()
                                .select(1, 1)
                                .sum()
                                .backward()),
                bad(
                        "qr: [2, 3, 3]: the gradient is undefined: the first 3 columns of the matrix at [1] are",
                        () -> LinearAlgebra.qr(pair).r().sum().backward()),
                bad(
                        "cholesky: [2, 2]: the matrix is not positive definite",
                        () -> LinearAlgebra.cholesky(constant(Tensor.eye(2).neg()))),
                bad(
                        "the determinant is negative; slogDet returns its sign",
                        () -> LinearAlgebra.logDet(constant(new double[][] {{0, 1}, {1, 0}}))),
                bad("the determinant is 0", () -> LinearAlgebra.logDet(singular)),
                bad("an element of operand 0 is NaN", () -> LinearAlgebra.svd(nan)),
                bad("expm: [2, 2]: an element is NaN or infinite", () -> LinearAlgebra.expm(nan)),
                bad(
                        "p must be 1, 2, infinity or one of their negatives, not 3.0",
                        () -> LinearAlgebra.matrixNorm(singular, 3)),
                bad(
                        "eigh: the gradient of the vectors is undefined where two eigenvalues are equal: 1.0 and 1.0",
                        () -> LinearAlgebra.eigh(equal).vectors().sum().backward()),
                bad(
                        "svd: the gradient of the vectors is undefined where two singular values are equal",
                        () -> LinearAlgebra.svd(equal).u().sum().backward()),
                bad("det: the second derivative at a singular matrix is not supported", () -> LinearAlgebra.det(
                                singular)
                        .backwardGraph()
                        .of(singular)
                        .sum()
                        .backward()));
    }

    private static Arguments bad(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_cannot_be_computed_is_an_error_that_says_why(String message, Executable call) {
        RuntimeException e = assertThrows(RuntimeException.class, call);
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e instanceof OperandMismatch || e instanceof IllegalStateException, e.toString());
    }

    @Test
    void factors_of_one_call_share_its_op() {
        LinearAlgebra.Svd svd = LinearAlgebra.svd(variable(Tensor.ones(2, 2)));
        assertEquals("svd.vt", svd.vt().op().name());
        assertEquals(((Op.Output) svd.u().op()).op(), ((Op.Output) svd.s().op()).op());
    }
}
