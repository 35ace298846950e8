package gradus.array;

/**
 * Normalisation: {@code y = h gamma + beta}, {@code h = (x - mean) / sqrt(var + epsilon)}, where mean and population variance are those
 * of a row, the last n elements, or of a channel, axis 1.
 */
public final class Normalize {
    private Normalize() {}

    /**
     * The mean and the population variance of each row or channel, in FLOAT64. For rows that are not centered, mean is 0 and var the
     * mean square.
     *
     * @param mean the mean, rounded to the number type of x
     * @param rest what the rounded mean lacks
     */
    public record Moments(Tensor mean, Tensor rest, Tensor var) {
        /** Checks the arguments. */
        public Moments {
            Arguments.nonNull(mean, "Moments", "mean");
            Arguments.nonNull(rest, "Moments", "rest");
            Arguments.nonNull(var, "Moments", "var");
        }
    }

    /** A normalised tensor, and the moments that it was normalised by. */
    public record Normalized(Tensor values, Moments moments) {
        /** Checks the arguments. */
        public Normalized {
            Arguments.nonNull(values, "Normalized", "values");
            Arguments.nonNull(moments, "Normalized", "moments");
        }
    }

    /** The gradients with respect to x, gamma and beta; the last two are null where there is no gamma. */
    public record Gradients(Tensor x, Tensor gamma, Tensor beta) {
        /** Checks the arguments. */
        public Gradients {
            Arguments.nonNull(x, "Gradients", "x");
        }
    }

    /**
     * Returns x with each row normalised.
     *
     * @param n the elements of a row, a product of the last sizes of x
     * @param centered whether the mean is subtracted, as in layer normalisation; else var is the mean square, as in RMS normalisation
     * @param gamma n factors, or null for 1
     * @param beta n terms, or null for 0
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Normalized rows(
            String op, Tensor x, int n, boolean centered, double epsilon, Tensor gamma, Tensor beta) {
        Arguments.nonNull(op, "rows", "op");
        Arguments.nonNull(x, op, "x");
        requireParameter(op, "gamma", x, gamma, n);
        requireParameter(op, "beta", x, beta, n);
        int m = rowsOf(op, x, n);
        double[] mean = new double[m];
        double[] rest = new double[m];
        double[] var = new double[m];
        Tensor y = x.newZeros(x.shape());
        if (x instanceof Tensor64 t) {
            Normalize64.rows(
                    m,
                    n,
                    centered,
                    epsilon,
                    t.data,
                    dataOf64(gamma),
                    dataOf64(beta),
                    mean,
                    rest,
                    var,
                    Tensor64.data(y));
        } else {
            Normalize32.rows(
                    m,
                    n,
                    centered,
                    epsilon,
                    Tensor32.data(x),
                    dataOf32(gamma),
                    dataOf32(beta),
                    mean,
                    rest,
                    var,
                    Tensor32.data(y));
        }
        return new Normalized(y, moments(mean, rest, var));
    }

    /**
     * Returns the gradients of {@link #rows}, given that of its values.
     *
     * @param gamma the factors, or null for 1
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Gradients rowsGradient(
            String op, Tensor gy, Tensor x, int n, boolean centered, double epsilon, Tensor gamma, Moments moments) {
        Arguments.nonNull(op, "rowsGradient", "op");
        requireGradient(op, gy, x, moments);
        requireParameter(op, "gamma", x, gamma, n);
        int m = rowsOf(op, x, n);
        requireMoments(op, moments, m);
        double[] mean = Tensor64.data(moments.mean);
        double[] rest = Tensor64.data(moments.rest);
        double[] var = Tensor64.data(moments.var);
        Tensor gx = x.newZeros(x.shape());
        Tensor ggamma = gamma == null ? null : x.newZeros(gamma.shape());
        Tensor gbeta = gamma == null ? null : x.newZeros(gamma.shape());
        if (x instanceof Tensor64 t) {
            Normalize64.rowsGradient(
                    m,
                    n,
                    centered,
                    epsilon,
                    Tensor64.data(gy),
                    t.data,
                    dataOf64(gamma),
                    mean,
                    rest,
                    var,
                    Tensor64.data(gx),
                    dataOf64(ggamma),
                    dataOf64(gbeta));
        } else {
            Normalize32.rowsGradient(
                    m,
                    n,
                    centered,
                    epsilon,
                    Tensor32.data(gy),
                    Tensor32.data(x),
                    dataOf32(gamma),
                    mean,
                    rest,
                    var,
                    Tensor32.data(gx),
                    dataOf32(ggamma),
                    dataOf32(gbeta));
        }
        return new Gradients(gx, ggamma, gbeta);
    }

    /**
     * Returns x {@code [n, c, ..]} with each channel normalised.
     *
     * @param gamma c factors, or null for 1
     * @param beta c terms, or null for 0
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Normalized channels(String op, Tensor x, double epsilon, Tensor gamma, Tensor beta) {
        Arguments.nonNull(op, "channels", "op");
        Arguments.nonNull(x, op, "x");
        int c = channelsOf(op, x);
        requireParameter(op, "gamma", x, gamma, c);
        requireParameter(op, "beta", x, beta, c);
        double[] mean = new double[c];
        double[] rest = new double[c];
        double[] var = new double[c];
        Tensor y = x.newZeros(x.shape());
        if (y.size() > 0) {
            int m = x.shape().dim(0);
            int s = y.size() / m / c;
            if (x instanceof Tensor64 t) {
                Normalize64.channels(
                        m, c, s, epsilon, t.data, dataOf64(gamma), dataOf64(beta), mean, rest, var, Tensor64.data(y));
            } else {
                Normalize32.channels(
                        m,
                        c,
                        s,
                        epsilon,
                        Tensor32.data(x),
                        dataOf32(gamma),
                        dataOf32(beta),
                        mean,
                        rest,
                        var,
                        Tensor32.data(y));
            }
        }
        return new Normalized(y, moments(mean, rest, var));
    }

    /**
     * Returns the gradients of {@link #channels}, given that of its values.
     *
     * @param gamma the factors, or null for 1
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Gradients channelsGradient(
            String op, Tensor gy, Tensor x, double epsilon, Tensor gamma, Moments moments) {
        Arguments.nonNull(op, "channelsGradient", "op");
        requireGradient(op, gy, x, moments);
        int c = channelsOf(op, x);
        requireParameter(op, "gamma", x, gamma, c);
        requireMoments(op, moments, c);
        Tensor gx = x.newZeros(x.shape());
        Tensor ggamma = x.newZeros(Shape.of(c));
        Tensor gbeta = x.newZeros(Shape.of(c));
        if (gx.size() > 0) {
            int m = x.shape().dim(0);
            int s = gx.size() / m / c;
            double[] mean = Tensor64.data(moments.mean);
            double[] rest = Tensor64.data(moments.rest);
            double[] var = Tensor64.data(moments.var);
            if (x instanceof Tensor64 t) {
                Normalize64.channelsGradient(
                        m,
                        c,
                        s,
                        epsilon,
                        Tensor64.data(gy),
                        t.data,
                        dataOf64(gamma),
                        mean,
                        rest,
                        var,
                        Tensor64.data(gx),
                        Tensor64.data(ggamma),
                        Tensor64.data(gbeta));
            } else {
                Normalize32.channelsGradient(
                        m,
                        c,
                        s,
                        epsilon,
                        Tensor32.data(gy),
                        Tensor32.data(x),
                        dataOf32(gamma),
                        mean,
                        rest,
                        var,
                        Tensor32.data(gx),
                        Tensor32.data(ggamma),
                        Tensor32.data(gbeta));
            }
        }
        return new Gradients(gx, gamma == null ? null : ggamma, gamma == null ? null : gbeta);
    }

    private static double[] dataOf64(Tensor t) {
        return t == null ? null : Tensor64.data(t);
    }

    private static float[] dataOf32(Tensor t) {
        return t == null ? null : Tensor32.data(t);
    }

    private static Moments moments(double[] mean, double[] rest, double... var) {
        return new Moments(vector(mean), vector(rest), vector(var));
    }

    private static Tensor vector(double... x) {
        return new Tensor64(Shape.of(x.length), x);
    }

    private static int rowsOf(String op, Tensor x, int n) {
        if (n < 0 || (n == 0 ? x.size() > 0 : x.size() % n > 0)) {
            throw new OperandMismatch(op, "it has no rows of " + n + " elements", x.shape());
        }
        return n == 0 ? 0 : x.size() / n;
    }

    private static int channelsOf(String op, Tensor x) {
        if (x.shape().rank() < 2) {
            throw new OperandMismatch(op, "it takes [n, c, ..]", x.shape());
        }
        return x.shape().dim(1);
    }

    private static void requireParameter(String op, String name, Tensor x, Tensor parameter, int n) {
        if (parameter == null) {
            return;
        }
        if (parameter.dtype() != x.dtype()) {
            throw new OperandMismatch(op, Indexing.mixed(x, parameter), x.shape(), parameter.shape());
        }
        if (parameter.size() != n) {
            throw new OperandMismatch(op, name + " must have " + n + " elements", x.shape(), parameter.shape());
        }
    }

    private static void requireGradient(String op, Tensor gy, Tensor x, Moments moments) {
        Arguments.nonNull(gy, op, "gy");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(moments, op, "moments");
        if (gy.dtype() != x.dtype()) {
            throw new OperandMismatch(op, Indexing.mixed(gy, x), gy.shape(), x.shape());
        }
        if (!gy.shape().equals(x.shape())) {
            throw new OperandMismatch(op, "the output's gradient must be " + x.shape(), gy.shape());
        }
    }

    private static void requireMoments(String op, Moments moments, int n) {
        for (Tensor t : new Tensor[] {moments.mean, moments.rest, moments.var}) {
            if (t.dtype() != DType.FLOAT64 || t.size() != n) {
                throw new OperandMismatch(op, "moments must be " + n + " elements in FLOAT64", t.shape());
            }
        }
    }
}
