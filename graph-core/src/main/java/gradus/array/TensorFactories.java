package gradus.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.data.MatrixType;
import org.ejml.simple.SimpleMatrix;

/** The factories of tensors, called as {@code Tensor.of(...)}. */
abstract sealed class TensorFactories permits Tensor {
    /** The number of random draws from which on several threads share them. */
    private static final int LARGE = 1 << 15;

    /** Returns a scalar, shape []. */
    public static Tensor of(double value) {
        return new Tensor64(Shape.SCALAR, new double[] {value});
    }

    /** Returns a vector, shape [n]; the array is copied. */
    public static Tensor of(double... values) {
        Arguments.nonNull(values, "of", "values");
        return of(Shape.of(values.length), values);
    }

    // float arrays are no varargs here and below: whole numbers, as in of(1, 2, 3), would choose them over double

    /** Returns a FLOAT32 vector, shape [n]; the array is copied. */
    public static Tensor of(float[] values) {
        Arguments.nonNull(values, "of", "values");
        return of(Shape.of(values.length), values);
    }

    /** Returns a matrix, shape [m, n]; the arrays are copied. */
    public static Tensor of(double[][] rows) {
        Arguments.nonNull(rows, "of", "rows");
        return ofArray(rows);
    }

    /** Returns a FLOAT32 matrix, shape [m, n]; the arrays are copied. */
    public static Tensor of(float[][] rows) {
        Arguments.nonNull(rows, "of", "rows");
        return ofArray(rows);
    }

    /**
     * Returns the tensor of nested arrays of double or float of any depth, {@code double[][][]} for one; copied.
     *
     * @throws OperandMismatch if arrays at one depth differ in length, or hold anything else
     */
    public static Tensor ofArray(Object nested) {
        Arguments.nonNull(nested, "ofArray", "nested");
        return NestedArrays.read(nested);
    }

    /**
     * Returns a tensor of the given shape; the array, in row-major order, is copied.
     *
     * @throws OperandMismatch if the number of values is not the shape's
     */
    public static Tensor of(Shape shape, double... values) {
        Arguments.nonNull(shape, "of", "shape");
        Arguments.nonNull(values, "of", "values");
        requireSize(shape, values.length);
        return new Tensor64(shape, values.clone());
    }

    /** Returns a FLOAT32 tensor of the given shape; the array, in row-major order, is copied. */
    public static Tensor of(Shape shape, float[] values) {
        Arguments.nonNull(shape, "of", "shape");
        Arguments.nonNull(values, "of", "values");
        requireSize(shape, values.length);
        return new Tensor32(shape, values.clone());
    }

    /** Returns EJML's matrix as a tensor [m, n]. The array is shared where it is filled exactly: do not write to it. */
    public static Tensor of(DMatrixRMaj m) {
        Arguments.nonNull(m, "of", "m");
        Shape s = Shape.of(m.numRows, m.numCols);
        return new Tensor64(s, m.data.length == s.size() ? m.data : Arrays.copyOf(m.data, s.size()));
    }

    /** Returns EJML's matrix as a tensor [m, n]. The array is shared where it is filled exactly: do not write to it. */
    public static Tensor of(FMatrixRMaj m) {
        Arguments.nonNull(m, "of", "m");
        Shape s = Shape.of(m.numRows, m.numCols);
        return new Tensor32(s, m.data.length == s.size() ? m.data : Arrays.copyOf(m.data, s.size()));
    }

    /** Returns EJML's matrix, of either precision, as a tensor [m, n], under the sharing rule of its matrix. */
    public static Tensor of(SimpleMatrix m) {
        Arguments.nonNull(m, "of", "m");
        return m.getType() == MatrixType.FDRM ? of(m.getFDRM()) : of(m.getDDRM());
    }

    /** Returns the whole numbers from {@code from} (included) to {@code to} (excluded), shape [to - from]. */
    public static Tensor range(int from, int to) {
        long length = Math.max(0, (long) to - from);
        double[] a =
                new double[Shape.of((int) Math.min(length, Integer.MAX_VALUE)).size()];
        Arrays.setAll(a, i -> from + i);
        return new Tensor64(Shape.of(a.length), a);
    }

    /** Returns a scalar of the given type. */
    public static Tensor scalar(double value, DType dtype) {
        return full(Shape.SCALAR, value, dtype);
    }

    /** Returns a tensor of one value throughout. */
    public static Tensor full(Shape shape, double value, DType dtype) {
        Arguments.nonNull(shape, "full", "shape");
        Arguments.nonNull(dtype, "full", "dtype");
        if (dtype == DType.FLOAT64) {
            double[] a = new double[shape.size()];
            if (value != 0 || 1 / value < 0) {
                Arrays.fill(a, value);
            }
            return new Tensor64(shape, a);
        }
        float[] a = new float[shape.size()];
        if (value != 0 || 1 / value < 0) {
            Arrays.fill(a, (float) value);
        }
        return new Tensor32(shape, a);
    }

    /** Returns a tensor of zeros. */
    public static Tensor zeros(Shape shape, DType dtype) {
        return full(shape, 0, dtype);
    }

    /** Returns a FLOAT64 tensor of zeros. */
    public static Tensor zeros(Shape shape) {
        return zeros(shape, DType.FLOAT64);
    }

    /** Returns a FLOAT64 tensor of zeros. */
    public static Tensor zeros(int... dims) {
        return zeros(Shape.of(dims), DType.FLOAT64);
    }

    /** Returns a tensor of ones. */
    public static Tensor ones(Shape shape, DType dtype) {
        return full(shape, 1, dtype);
    }

    /** Returns a FLOAT64 tensor of ones. */
    public static Tensor ones(Shape shape) {
        return ones(shape, DType.FLOAT64);
    }

    /** Returns a FLOAT64 tensor of ones. */
    public static Tensor ones(int... dims) {
        return ones(Shape.of(dims), DType.FLOAT64);
    }

    /** Returns the FLOAT64 identity matrix [n, n]. */
    public static Tensor eye(int n) {
        return eye(n, DType.FLOAT64);
    }

    /** Returns the identity matrix [n, n]. */
    public static Tensor eye(int n, DType dtype) {
        Arguments.nonNull(dtype, "eye", "dtype");
        if (n < 0) {
            throw new OperandMismatch("eye", "n " + n + " is negative");
        }
        double[] a = new double[Shape.of(n, n).size()];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = 1;
        }
        return new Tensor64(Shape.of(n, n), a).to(dtype);
    }

    /** Returns draws from the uniform distribution over [low, high). */
    public static Tensor uniform(Shape shape, double low, double high, RandomStream random) {
        Arguments.nonNull(shape, "uniform", "shape");
        Arguments.nonNull(random, "uniform", "random");
        if (!(low <= high)) {
            throw new OperandMismatch("uniform", "the bounds " + low + " and " + high + " are in no order", shape);
        }
        if (Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new OperandMismatch("uniform", "the bounds " + low + " and " + high + " are not finite", shape);
        }
        return draw(shape, () -> random.nextDouble(low, high));
    }

    /** Returns draws from the normal distribution. */
    public static Tensor normal(Shape shape, double mean, double std, RandomStream random) {
        Arguments.nonNull(shape, "normal", "shape");
        Arguments.nonNull(random, "normal", "random");
        if (!(std >= 0)) {
            throw new OperandMismatch("normal", "the standard deviation " + std + " must not be negative", shape);
        }
        if (!Double.isFinite(mean) || Double.isInfinite(std)) {
            throw new OperandMismatch(
                    "normal", "mean " + mean + " and standard deviation " + std + " are not finite", shape);
        }
        return draw(shape, () -> mean + std * random.nextGaussian());
    }

    /**
     * Returns independent draws that are {@code one} with probability p, and 0 otherwise, as the mask of a dropout is.
     *
     * @throws OperandMismatch if p is not from 0 to 1
     */
    public static Tensor bernoulli(Shape shape, double p, double one, DType dtype, RandomStream random) {
        Arguments.nonNull(shape, "bernoulli", "shape");
        Arguments.nonNull(dtype, "bernoulli", "dtype");
        Arguments.nonNull(random, "bernoulli", "random");
        if (!(p >= 0 && p <= 1)) {
            throw new OperandMismatch("bernoulli", "probability " + p + " must be from 0 to 1", shape);
        }
        int n = shape.size();
        long state = random.skip(n);
        // a draw of 53 bits is less than this with probability p; the sign of the difference is all bits or none, which
        // takes no branch: a random one is predicted wrongly half of the time
        long below = (long) Math.ceil(p * 0x1p53);
        boolean large = n >= LARGE;
        if (dtype == DType.FLOAT64) {
            double[] a = new double[n];
            long bits = Double.doubleToRawLongBits(one);
            Workers.split(n, large, (from, to) -> {
                for (int i = from; i < to; i++) {
                    a[i] = Double.longBitsToDouble(((RandomStream.bitsAt(state, i) - below) >> 63) & bits);
                }
            });
            return new Tensor64(shape, a);
        }
        float[] a = new float[n];
        int bits = Float.floatToRawIntBits((float) one);
        Workers.split(n, large, (from, to) -> {
            for (int i = from; i < to; i++) {
                a[i] = Float.intBitsToFloat((int) ((RandomStream.bitsAt(state, i) - below) >> 63) & bits);
            }
        });
        return new Tensor32(shape, a);
    }

    /**
     * Returns the tensors one after the other along an axis; they agree along all others.
     *
     * @throws OperandMismatch if they do not, or there is none
     */
    public static Tensor concat(int axis, Tensor... parts) {
        Arguments.nonNull(parts, "concat", "parts");
        return Indexing.concat(axis, parts);
    }

    /** Returns unsigned bytes, 0 to 255, divided by {@code unit}, as a tensor of the given shape and type. */
    public static Tensor ofUnsignedBytes(Shape shape, byte[] bytes, double unit, DType dtype) {
        Arguments.nonNull(shape, "ofUnsignedBytes", "shape");
        Arguments.nonNull(bytes, "ofUnsignedBytes", "bytes");
        Arguments.nonNull(dtype, "ofUnsignedBytes", "dtype");
        requireSize(shape, bytes.length);
        if (dtype == DType.FLOAT64) {
            double[] a = new double[bytes.length];
            Arrays.setAll(a, i -> (bytes[i] & 0xff) / unit);
            return new Tensor64(shape, a);
        }
        float[] a = new float[bytes.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) ((bytes[i] & 0xff) / unit);
        }
        return new Tensor32(shape, a);
    }

    /**
     * Returns the tensor that {@link Tensor#toLittleEndian} wrote.
     *
     * @throws OperandMismatch if the number of bytes is not the shape's
     */
    public static Tensor ofLittleEndian(Shape shape, DType dtype, byte[] bytes) {
        Arguments.nonNull(shape, "ofLittleEndian", "shape");
        Arguments.nonNull(dtype, "ofLittleEndian", "dtype");
        Arguments.nonNull(bytes, "ofLittleEndian", "bytes");
        if (bytes.length != (long) shape.size() * dtype.bytes()) {
            throw new OperandMismatch("ofLittleEndian", bytes.length + " bytes are no " + dtype + " elements", shape);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Tensor t = full(shape, 0, dtype);
        if (t instanceof Tensor64 d) {
            in.asDoubleBuffer().get(d.data);
        } else {
            in.asFloatBuffer().get(Tensor32.data(t));
        }
        return t;
    }

    private static Tensor draw(Shape shape, DoubleSupplier next) {
        double[] a = new double[shape.size()];
        Arrays.setAll(a, i -> next.getAsDouble());
        return new Tensor64(shape, a);
    }

    private static void requireSize(Shape shape, int length) {
        if (length != shape.size()) {
            throw new OperandMismatch("of", length + " values do not fill " + shape.size() + " elements", shape);
        }
    }
}
