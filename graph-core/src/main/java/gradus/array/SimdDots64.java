package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of all rows of one matrix with all of another, on the Vector API: vectors lie along the rows, and a tile of
 * five by five sums, each spread over a vector, stays in registers while they pass by, so that ten loads serve 25
 * multiply-adds.
 */
final class SimdDots64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final Class<? extends DoubleVector> EXACT = SimdExact64.PREFERRED;

    private SimdDots64() {}

    static void dots(int m, int n, int k, double[] a, int ao, int sa, double[] b, int sb, double[] s, int so) {
        int whole = S.loopBound(k);
        int j = 0;
        for (; j + 5 <= n; j += 5) {
            int i = 0;
            for (; i + 5 <= m; i += 5) {
                fiveByFive(whole, a, ao + i * sa, sa, b, j * sb, sb, s, so + (i * n + j) * L, n * L);
            }
            for (; i < m; i++) {
                oneByFive(whole, a, ao + i * sa, b, j * sb, sb, s, so + (i * n + j) * L);
            }
        }
        for (; j < n; j++) {
            for (int i = 0; i < m; i++) {
                oneByOne(whole, a, ao + i * sa, b, j * sb, s, so + (i * n + j) * L);
            }
        }
        if (whole < k) {
            rest(m, n, k - whole, a, ao + whole, sa, b, whole, sb, s, so);
        }
    }

    /** Adds the products of what is less than a vector. */
    private static void rest(
            int m, int n, int k, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] s, int so) {
        double[] row = new double[L];
        for (int i = 0; i < m; i++) {
            System.arraycopy(a, ao + i * sa, row, 0, k);
            DoubleVector v = DoubleVector.fromArray(S, row, 0);
            for (int j = 0; j < n; j++) {
                int at = so + (i * n + j) * L;
                DoubleVector w = DoubleVector.fromArray(S, b, bo + j * sb);
                v.fma(w, DoubleVector.fromArray(S, s, at)).intoArray(s, at);
            }
        }
    }

    /** Adds to five by five sums. */
    private static void fiveByFive(
            int k, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] s, int so, int ss) {
        DoubleVector c00 = DoubleVector.fromArray(S, s, so);
        DoubleVector c01 = DoubleVector.fromArray(S, s, so + L);
        DoubleVector c02 = DoubleVector.fromArray(S, s, so + 2 * L);
        DoubleVector c03 = DoubleVector.fromArray(S, s, so + 3 * L);
        DoubleVector c04 = DoubleVector.fromArray(S, s, so + 4 * L);
        DoubleVector c10 = DoubleVector.fromArray(S, s, so + ss);
        DoubleVector c11 = DoubleVector.fromArray(S, s, so + ss + L);
        DoubleVector c12 = DoubleVector.fromArray(S, s, so + ss + 2 * L);
        DoubleVector c13 = DoubleVector.fromArray(S, s, so + ss + 3 * L);
        DoubleVector c14 = DoubleVector.fromArray(S, s, so + ss + 4 * L);
        DoubleVector c20 = DoubleVector.fromArray(S, s, so + 2 * ss);
        DoubleVector c21 = DoubleVector.fromArray(S, s, so + 2 * ss + L);
        DoubleVector c22 = DoubleVector.fromArray(S, s, so + 2 * ss + 2 * L);
        DoubleVector c23 = DoubleVector.fromArray(S, s, so + 2 * ss + 3 * L);
        DoubleVector c24 = DoubleVector.fromArray(S, s, so + 2 * ss + 4 * L);
        DoubleVector c30 = DoubleVector.fromArray(S, s, so + 3 * ss);
        DoubleVector c31 = DoubleVector.fromArray(S, s, so + 3 * ss + L);
        DoubleVector c32 = DoubleVector.fromArray(S, s, so + 3 * ss + 2 * L);
        DoubleVector c33 = DoubleVector.fromArray(S, s, so + 3 * ss + 3 * L);
        DoubleVector c34 = DoubleVector.fromArray(S, s, so + 3 * ss + 4 * L);
        DoubleVector c40 = DoubleVector.fromArray(S, s, so + 4 * ss);
        DoubleVector c41 = DoubleVector.fromArray(S, s, so + 4 * ss + L);
        DoubleVector c42 = DoubleVector.fromArray(S, s, so + 4 * ss + 2 * L);
        DoubleVector c43 = DoubleVector.fromArray(S, s, so + 4 * ss + 3 * L);
        DoubleVector c44 = DoubleVector.fromArray(S, s, so + 4 * ss + 4 * L);
        for (int p = 0; p < k; p += L) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bo + p);
            DoubleVector b1 = DoubleVector.fromArray(S, b, bo + p + sb);
            DoubleVector b2 = DoubleVector.fromArray(S, b, bo + p + 2 * sb);
            DoubleVector b3 = DoubleVector.fromArray(S, b, bo + p + 3 * sb);
            DoubleVector b4 = DoubleVector.fromArray(S, b, bo + p + 4 * sb);
            DoubleVector a0 = DoubleVector.fromArray(S, a, ao + p);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            c04 = a0.fma(b4, c04);
            DoubleVector a1 = DoubleVector.fromArray(S, a, ao + p + sa);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            c14 = a1.fma(b4, c14);
            DoubleVector a2 = DoubleVector.fromArray(S, a, ao + p + 2 * sa);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            c24 = a2.fma(b4, c24);
            DoubleVector a3 = DoubleVector.fromArray(S, a, ao + p + 3 * sa);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
            c34 = a3.fma(b4, c34);
            DoubleVector a4 = DoubleVector.fromArray(S, a, ao + p + 4 * sa);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            c42 = a4.fma(b2, c42);
            c43 = a4.fma(b3, c43);
            c44 = a4.fma(b4, c44);
        }
        EXACT.cast(c00).intoArray(s, so);
        EXACT.cast(c01).intoArray(s, so + L);
        EXACT.cast(c02).intoArray(s, so + 2 * L);
        EXACT.cast(c03).intoArray(s, so + 3 * L);
        EXACT.cast(c04).intoArray(s, so + 4 * L);
        EXACT.cast(c10).intoArray(s, so + ss);
        EXACT.cast(c11).intoArray(s, so + ss + L);
        EXACT.cast(c12).intoArray(s, so + ss + 2 * L);
        EXACT.cast(c13).intoArray(s, so + ss + 3 * L);
        EXACT.cast(c14).intoArray(s, so + ss + 4 * L);
        EXACT.cast(c20).intoArray(s, so + 2 * ss);
        EXACT.cast(c21).intoArray(s, so + 2 * ss + L);
        EXACT.cast(c22).intoArray(s, so + 2 * ss + 2 * L);
        EXACT.cast(c23).intoArray(s, so + 2 * ss + 3 * L);
        EXACT.cast(c24).intoArray(s, so + 2 * ss + 4 * L);
        EXACT.cast(c30).intoArray(s, so + 3 * ss);
        EXACT.cast(c31).intoArray(s, so + 3 * ss + L);
        EXACT.cast(c32).intoArray(s, so + 3 * ss + 2 * L);
        EXACT.cast(c33).intoArray(s, so + 3 * ss + 3 * L);
        EXACT.cast(c34).intoArray(s, so + 3 * ss + 4 * L);
        EXACT.cast(c40).intoArray(s, so + 4 * ss);
        EXACT.cast(c41).intoArray(s, so + 4 * ss + L);
        EXACT.cast(c42).intoArray(s, so + 4 * ss + 2 * L);
        EXACT.cast(c43).intoArray(s, so + 4 * ss + 3 * L);
        EXACT.cast(c44).intoArray(s, so + 4 * ss + 4 * L);
    }

    /** Adds to five sums. */
    private static void oneByFive(int k, double[] a, int ao, double[] b, int bo, int sb, double[] s, int so) {
        DoubleVector c00 = DoubleVector.fromArray(S, s, so);
        DoubleVector c01 = DoubleVector.fromArray(S, s, so + L);
        DoubleVector c02 = DoubleVector.fromArray(S, s, so + 2 * L);
        DoubleVector c03 = DoubleVector.fromArray(S, s, so + 3 * L);
        DoubleVector c04 = DoubleVector.fromArray(S, s, so + 4 * L);
        for (int p = 0; p < k; p += L) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bo + p);
            DoubleVector b1 = DoubleVector.fromArray(S, b, bo + p + sb);
            DoubleVector b2 = DoubleVector.fromArray(S, b, bo + p + 2 * sb);
            DoubleVector b3 = DoubleVector.fromArray(S, b, bo + p + 3 * sb);
            DoubleVector b4 = DoubleVector.fromArray(S, b, bo + p + 4 * sb);
            DoubleVector a0 = DoubleVector.fromArray(S, a, ao + p);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            c04 = a0.fma(b4, c04);
        }
        EXACT.cast(c00).intoArray(s, so);
        EXACT.cast(c01).intoArray(s, so + L);
        EXACT.cast(c02).intoArray(s, so + 2 * L);
        EXACT.cast(c03).intoArray(s, so + 3 * L);
        EXACT.cast(c04).intoArray(s, so + 4 * L);
    }

    /** Adds to one sum. */
    private static void oneByOne(int k, double[] a, int ao, double[] b, int bo, double[] s, int so) {
        DoubleVector c00 = DoubleVector.fromArray(S, s, so);
        for (int p = 0; p < k; p += L) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bo + p);
            DoubleVector a0 = DoubleVector.fromArray(S, a, ao + p);
            c00 = a0.fma(b0, c00);
        }
        EXACT.cast(c00).intoArray(s, so);
    }
}
