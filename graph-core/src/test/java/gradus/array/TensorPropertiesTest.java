package gradus.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.testing.Pair;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Tensor operations at sizes from 0 to 33, against naive versions, in both number types. */
class TensorPropertiesTest {
    private static final List<Integer> SIZES = List.of(0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33);

    @Provide
    Arbitrary<int[]> sizes() {
        var size = Arbitraries.of(SIZES);
        return Combinators.combine(size, size, size).as((m, n, k) -> new int[] {m, n, k});
    }

    @Property
    void arithmetic_broadcasts_as_in_the_naive_version(@ForAll Pair p) {
        Tensor a = p.left();
        Tensor b = p.right();
        assertEquals(Naive.zip(a, b, (x, y) -> x + y), a.add(b));
        assertEquals(Naive.zip(a, b, (x, y) -> x - y), a.sub(b));
        assertEquals(Naive.zip(a, b, (x, y) -> x * y), a.mul(b));
        assertEquals(Naive.zip(a, b, (x, y) -> x / y), a.div(b));
        assertEquals(Naive.zip(a, b, Math::atan2), a.zip("atan2", b, Math::atan2));
        Tensor af = a.to(DType.FLOAT32);
        Tensor bf = b.to(DType.FLOAT32);
        assertEquals(Naive.zip(af, bf, (x, y) -> (float) (x * y)).to(DType.FLOAT32), af.mul(bf));
        assertEquals(Naive.zip(af, bf, (x, y) -> (float) (x - y)).to(DType.FLOAT32), af.sub(bf));
    }

    @Property
    void sums_and_extrema_over_any_axes_agree_with_the_naive_versions(@ForAll Tensor x, @ForAll int mask) {
        Shape s = x.shape();
        int[] axes =
                IntStream.range(0, s.rank()).filter(i -> (mask >> i & 1) == 1).toArray();
        int[] reduced = axes.length == 0 ? IntStream.range(0, s.rank()).toArray() : axes;
        Shape kept = s.collapse(reduced);
        double[] sum = new double[kept.size()];
        double[] max = new double[kept.size()];
        Arrays.fill(max, Double.NEGATIVE_INFINITY);
        Naive.fill(s, i -> {
            int[] to = Naive.broadcast(i, kept);
            int at = Indexing.position(kept, to);
            sum[at] += x.get(i);
            max[at] = Math.max(max[at], x.get(i));
            return 0;
        });
        assertArrayEquals(sum, x.sum(axes).toDoubleArray(), 1e-12);
        assertEquals(kept, x.sumKeepDims(axes).shape());
        assertEquals(s.drop(reduced), x.sum(axes).shape());
        if (s.size() > 0) {
            assertArrayEquals(max, x.max(axes).toDoubleArray());
            assertArrayEquals(max, x.neg().minKeepDims(axes).neg().toDoubleArray());
            Tensor single = x.to(DType.FLOAT32);
            assertArrayEquals(
                    single.to(DType.FLOAT64).max(axes).toDoubleArray(),
                    single.max(axes).toDoubleArray());
            assertArrayEquals(
                    single.to(DType.FLOAT64).min(axes).toDoubleArray(),
                    single.min(axes).toDoubleArray());
            assertArrayEquals(sum, x.to(DType.FLOAT32).sum(axes).toDoubleArray(), 1e-4);
        }
    }

    @Property
    void products_agree_with_the_naive_version_for_all_transpose_flags(
            @ForAll("sizes") int[] s, @ForAll boolean ta, @ForAll boolean tb, @ForAll long seed) {
        RandomStream r = RandomStream.of(seed, "product");
        Tensor a = Tensor.uniform(ta ? Shape.of(s[2], s[0]) : Shape.of(s[0], s[2]), -1, 1, r);
        Tensor b = Tensor.uniform(tb ? Shape.of(s[1], s[2]) : Shape.of(s[2], s[1]), -1, 1, r);
        double[] expected = Naive.product(a, ta, b, tb).toDoubleArray();
        assertArrayEquals(expected, a.matmul(b, ta, tb).toDoubleArray(), 1e-13 * (s[2] + 1));
        Tensor f = a.to(DType.FLOAT32).matmul(b.to(DType.FLOAT32), ta, tb);
        assertArrayEquals(expected, f.toDoubleArray(), 4e-7 * (s[2] + 1));
    }

    @Property
    void batches_of_products_broadcast(@ForAll Pair p, @ForAll @IntRange(min = 1, max = 3) int k) {
        Shape sa = p.left().shape();
        Shape sb = p.right().shape();
        Tensor a = Tensor.uniform(appended(sa, 2, k), -1, 1, RandomStream.of(1, "a"));
        Tensor b = Tensor.uniform(appended(sb, k, 3), -1, 1, RandomStream.of(1, "b"));
        Tensor y = a.matmul(b);
        Tensor expected = Naive.fill(appended(p.shape(), 2, 3), i -> {
            int[] batch = Arrays.copyOf(i, i.length - 2);
            double sum = 0;
            for (int q = 0; q < k; q++) {
                sum += a.get(joined(Naive.broadcast(batch, sa), i[i.length - 2], q))
                        * b.get(joined(Naive.broadcast(batch, sb), q, i[i.length - 1]));
            }
            return sum;
        });
        assertEquals(expected.shape(), y.shape());
        assertArrayEquals(expected.toDoubleArray(), y.toDoubleArray(), 1e-14);
    }

    @Property
    void permuting_and_back_is_the_identity(@ForAll Tensor x, @ForAll long seed) {
        int[] order = RandomStream.of(seed, "order").permutation(x.shape().rank());
        Tensor y = x.permute(order);
        int[] back = new int[order.length];
        for (int i = 0; i < back.length; i++) {
            back[order[i]] = i;
            assertEquals(x.shape().dim(order[i]), y.shape().dim(i));
        }
        assertEquals(x, y.permute(back));
        assertEquals(y, Naive.fill(y.shape(), i -> {
            int[] from = new int[i.length];
            for (int d = 0; d < i.length; d++) {
                from[order[d]] = i[d];
            }
            return x.get(from);
        }));
    }

    @Property
    void slices_concatenate_to_the_whole_and_padding_inverts_a_slice(
            @ForAll Tensor x, @ForAll @IntRange(min = -4, max = 3) int axis, @ForAll long seed) {
        int rank = x.shape().rank();
        if (axis < -rank || axis >= rank) {
            return;
        }
        int d = x.shape().dim(axis);
        int cut = RandomStream.of(seed, "cut").nextInt(d + 1);
        Tensor left = x.slice(axis, 0, cut);
        Tensor right = x.slice(axis, cut, d);
        assertEquals(x, Tensor.concat(axis, left, right));
        assertEquals(x, left.pad(axis, 0, d - cut).add(right.pad(axis, cut, 0)));
    }

    @Property
    void expandTo_repeats_and_sumTo_sums_the_repetitions(@ForAll Pair p) {
        Tensor a = p.left();
        Shape out = p.shape();
        Tensor wide = a.expandTo(out);
        assertEquals(Naive.fill(out, i -> a.get(Naive.broadcast(i, a.shape()))), wide);
        double times = out.size() == 0 || a.size() == 0 ? 0 : (double) out.size() / a.size();
        assertArrayEquals(a.mul(times).toDoubleArray(), wide.sumTo(a.shape()).toDoubleArray(), 1e-12);
    }

    @Property
    void softmax_logSoftmax_and_logSumExp_agree_along_any_axis(
            @ForAll Tensor x, @ForAll @IntRange(min = 0, max = 3) int axis) {
        if (axis >= x.shape().rank() || x.size() == 0) {
            return;
        }
        Tensor e = x.exp();
        double[] expected = e.div(e.sumKeepDims(axis)).toDoubleArray();
        assertArrayEquals(expected, x.softmax(axis).toDoubleArray(), 1e-15);
        assertArrayEquals(expected, x.logSoftmax(axis).exp().toDoubleArray(), 1e-15);
        Tensor single = x.to(DType.FLOAT32);
        assertArrayEquals(expected, single.softmax(axis).toDoubleArray(), 3e-7);
        assertArrayEquals(
                x.logSoftmax(axis).toDoubleArray(), single.logSoftmax(axis).toDoubleArray(), 3e-6);
        assertArrayEquals(
                x.logSumExp(axis).toDoubleArray(), single.logSumExp(axis).toDoubleArray(), 3e-6);
        assertArrayEquals(
                single.to(DType.FLOAT64).argmax(axis).toIntArray(),
                single.argmax(axis).toIntArray());
        assertArrayEquals(e.sum(axis).log().toDoubleArray(), x.logSumExp(axis).toDoubleArray(), 1e-14);
    }

    @Property
    void bytes_are_written_and_read_back_in_either_number_type(@ForAll Tensor x) {
        for (DType dtype : DType.values()) {
            Tensor t = x.to(dtype);
            assertEquals(t, Tensor.ofLittleEndian(t.shape(), dtype, t.toLittleEndian()));
        }
    }

    @Property
    void nested_arrays_and_flat_ones_hold_the_same(@ForAll Tensor x) {
        assertEquals(x, Tensor.of(x.shape(), x.toDoubleArray()));
        assertEquals(x.to(DType.FLOAT32), Tensor.of(x.shape(), x.toFloatArray()));
        assertEquals(x.to(DType.FLOAT32), x.to(DType.FLOAT32).to(DType.FLOAT64).to(DType.FLOAT32));
    }

    private static Shape appended(Shape s, int m, int n) {
        return Shape.of(joined(s.dims(), m, n));
    }

    private static int[] joined(int[] head, int m, int n) {
        int[] d = Arrays.copyOf(head, head.length + 2);
        d[head.length] = m;
        d[head.length + 1] = n;
        return d;
    }
}
