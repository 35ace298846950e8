package gradus.nn.data;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;

/**
 * Small data sets made by formulas, for examples and tests; the same seed gives the same numbers. Classes alternate: that of
 * example i is {@code i mod} their number.
 */
public final class Synthetic {
    /** The characters of {@link #sums}; the index of a character is its token. */
    public static final String SUM_CHARACTERS = "0123456789+ ";

    private Synthetic() {}

    /**
     * Returns two interleaving half circles, {@code x [n, 2]} and classes 0 and 1: {@code (cos t, sin t)} and {@code (1 -
     * cos t, 1/2 - sin t)} for t from 0 to pi in equal steps, plus normal noise; the classes alternate. scikit-learn's
     * {@code make_moons}.
     *
     * @param n the number of points, at least 2
     * @param noise the standard deviation of the noise, from 0 up
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Dataset moons(int n, double noise, long seed) {
        if (n < 2 || !(noise >= 0) || Double.isInfinite(noise)) {
            throw new IllegalArgumentException(
                    "moons: n " + n + " must be at least 2, noise " + noise + " a number from 0 up");
        }
        RandomStream random = RandomStream.of(seed, "moons");
        double[] points = new double[2 * n];
        int[] classes = new int[n];
        for (int i = 0; i < n; i++) {
            classes[i] = i % 2;
            int index = i / 2; // among the points of its class
            int count = (n + 1 - classes[i]) / 2;
            double t = count == 1 ? 0 : Math.PI * index / (count - 1);
            double x = StrictMath.cos(t);
            double y = StrictMath.sin(t);
            points[2 * i] = (classes[i] == 0 ? x : 1 - x) + noise * random.nextGaussian();
            points[2 * i + 1] = (classes[i] == 0 ? y : 0.5 - y) + noise * random.nextGaussian();
        }
        return Dataset.of(Tensor.of(Shape.of(n, 2), points), classes);
    }

    /**
     * Returns one spiral arm for each class, {@code x [n, 2]}: {@code (r sin t, r cos t)} with {@code t = 4 (class + r) +
     * noise z}, z normal, for the radius r from 0 to 1 in equal steps of 1 / count, count the number of points of the class. The book's
     * spirals have three classes, 300 points and noise 0.2.
     *
     * @param n the number of points, at least one of each class
     * @param classes the number of arms, at least 2
     * @param noise the standard deviation of the noise of the angle in radians, from 0 up
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Dataset spirals(int n, int classes, double noise, long seed) {
        requireAtLeast("spirals", "classes", classes, 2);
        requireAtLeast("spirals", "n", n, classes);
        requireNoise("spirals", "noise", noise);
        RandomStream random = RandomStream.of(seed, "spirals");
        double[] points = new double[2 * n];
        for (int i = 0; i < n; i++) {
            int index = i / classes; // among the points of its class
            double r = (double) index / count(n, classes, i % classes);
            double t = 4 * (i % classes + r) + noise * random.nextGaussian();
            points[2 * i] = r * StrictMath.sin(t);
            points[2 * i + 1] = r * StrictMath.cos(t);
        }
        return Dataset.of(Tensor.of(Shape.of(n, 2), points), alternating(n, classes));
    }

    /**
     * Returns one cloud of points for each class, {@code x [n, 2]}: a center drawn from U(-10, 10) plus N(0, std) along both axes.
     * scikit-learn's {@code make_blobs}; its defaults are three centers and std 1.
     *
     * @param n the number of points, at least one of each class
     * @param centers the number of classes, at least 1
     * @param std the standard deviation, from 0 up
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Dataset blobs(int n, int centers, double std, long seed) {
        requireAtLeast("blobs", "centers", centers, 1);
        requireAtLeast("blobs", "n", n, centers);
        requireNoise("blobs", "std", std);
        double[] center = Tensor.uniform(Shape.of(2 * centers), -10, 10, RandomStream.of(seed, "centers"))
                .toDoubleArray();
        RandomStream random = RandomStream.of(seed, "blobs");
        double[] points = new double[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            points[i] = center[i % (2 * centers)] + std * random.nextGaussian();
        }
        return Dataset.of(Tensor.of(Shape.of(n, 2), points), alternating(n, centers));
    }

    /**
     * Returns two circles around the origin, {@code x [n, 2]}: class 0 with radius 1, class 1 with radius {@code factor}, at equal angles from 0
     * on, plus normal noise. scikit-learn's {@code make_circles}, whose factor is 0.8 by default.
     *
     * @param n the number of points, at least 2
     * @param factor the radius of the inner circle, from 0 (included) to 1 (excluded)
     * @param noise the standard deviation of the noise, from 0 up
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Dataset rings(int n, double factor, double noise, long seed) {
        requireAtLeast("rings", "n", n, 2);
        if (!(factor >= 0 && factor < 1)) {
            throw new IllegalArgumentException("rings: factor " + factor + " must be from 0 to less than 1");
        }
        requireNoise("rings", "noise", noise);
        RandomStream random = RandomStream.of(seed, "rings");
        double[] points = new double[2 * n];
        for (int i = 0; i < n; i++) {
            double r = i % 2 == 0 ? 1 : factor;
            int index = i / 2; // among the points of its class
            double t = 2 * Math.PI * index / count(n, 2, i % 2);
            points[2 * i] = r * StrictMath.cos(t) + noise * random.nextGaussian();
            points[2 * i + 1] = r * StrictMath.sin(t) + noise * random.nextGaussian();
        }
        return Dataset.of(Tensor.of(Shape.of(n, 2), points), alternating(n, 2));
    }

    /**
     * Returns the corners of the unit square in turn, {@code x [n, 2]} (0, 0), (0, 1), (1, 1), (1, 0), plus normal noise, and the
     * exclusive or of the two coordinates as classes 0, 1, 0, 1. Four points without noise are the truth table.
     *
     * @param n the number of points, at least 4
     * @param noise the standard deviation of the noise, from 0 up
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Dataset xor(int n, double noise, long seed) {
        requireAtLeast("xor", "n", n, 4);
        requireNoise("xor", "noise", noise);
        RandomStream random = RandomStream.of(seed, "xor");
        double[] points = new double[2 * n];
        for (int i = 0; i < n; i++) {
            points[2 * i] = (i / 2) % 2 + noise * random.nextGaussian();
            points[2 * i + 1] = ((i + 1) / 2) % 2 + noise * random.nextGaussian();
        }
        return Dataset.of(Tensor.of(Shape.of(n, 2), points), alternating(n, 2));
    }

    /**
     * Returns a regression problem: {@code x [n, 1]} from U(0, 1), and {@code y [n, 1] = sin(2 pi x)} plus normal noise.
     *
     * @param n the number of points, at least 1
     * @param noise the standard deviation of the noise of y, from 0 up
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Dataset sine(int n, double noise, long seed) {
        requireAtLeast("sine", "n", n, 1);
        requireNoise("sine", "noise", noise);
        RandomStream random = RandomStream.of(seed, "sine");
        double[] x = new double[n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextDouble();
            y[i] = StrictMath.sin(2 * Math.PI * x[i]) + noise * random.nextGaussian();
        }
        return Dataset.of(Tensor.of(Shape.of(n, 1), x), Tensor.of(Shape.of(n, 1), y));
    }

    /**
     * Returns additions as sequences of characters, by index in {@link #SUM_CHARACTERS}: {@code x [n, 5]} such as {@code "57+5 "} and
     * {@code y [n, 3]} such as {@code "62 "}, with spaces at the end. Both numbers are drawn from 0 to 99. The book's second volume uses
     * additions of up to three digits.
     *
     * @param n the number of additions, at least 1
     * @throws IllegalArgumentException if n is less than 1
     */
    public static Dataset sums(int n, long seed) {
        requireAtLeast("sums", "n", n, 1);
        RandomStream random = RandomStream.of(seed, "sums");
        double[] x = new double[5 * n];
        double[] y = new double[3 * n];
        for (int i = 0; i < n; i++) {
            int a = random.nextInt(100);
            int b = random.nextInt(100);
            tokens(a + "+" + b, x, 5 * i, 5);
            tokens(Integer.toString(a + b), y, 3 * i, 3);
        }
        return Dataset.of(Tensor.of(Shape.of(n, 5), x), Tensor.of(Shape.of(n, 3), y));
    }

    private static void tokens(String text, double[] to, int at, int length) {
        for (int i = 0; i < length; i++) {
            to[at + i] = SUM_CHARACTERS.indexOf(i < text.length() ? text.charAt(i) : ' ');
        }
    }

    /**
     * Returns students, {@code x [n, 2]} lectures attended, 0 to 10, and hours spent on the project, 0 to 30, and whether they passed: class 1 if
     * the grade of {@link #grades} is at least 50, else 0.
     *
     * @param n the number of students, at least 1
     * @throws IllegalArgumentException if n is less than 1
     */
    public static Dataset passed(int n, long seed) {
        requireAtLeast("passed", "n", n, 1);
        Batch students = students(n, seed);
        return Dataset.of(students.x(), students.y().reshape(n).map(grade -> grade >= 50 ? 1 : 0));
    }

    /**
     * Returns the students of {@link #passed} with the same seed, and their grades {@code y [n, 1]} in percent: {@code 5 lectures + 2
     * hours + 5 z}, z normal, limited to 0 to 100.
     *
     * @param n the number of students, at least 1
     * @throws IllegalArgumentException if n is less than 1
     */
    public static Dataset grades(int n, long seed) {
        requireAtLeast("grades", "n", n, 1);
        Batch students = students(n, seed);
        return Dataset.of(students.inputs(), students.targets());
    }

    private static Batch students(int n, long seed) {
        RandomStream random = RandomStream.of(seed, "students");
        double[] x = new double[2 * n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            x[2 * i] = random.nextInt(11);
            x[2 * i + 1] = random.nextDouble(0, 30);
            double grade = 5 * x[2 * i] + 2 * x[2 * i + 1] + 5 * random.nextGaussian();
            y[i] = Math.max(0, Math.min(100, grade));
        }
        return Batch.of(Tensor.of(Shape.of(n, 2), x), Tensor.of(Shape.of(n, 1), y));
    }

    /** Returns the number of examples of a class. */
    private static int count(int n, int classes, int c) {
        return (n - c + classes - 1) / classes;
    }

    private static int[] alternating(int n, int classes) {
        int[] all = new int[n];
        for (int i = 0; i < n; i++) {
            all[i] = i % classes;
        }
        return all;
    }

    private static void requireAtLeast(String op, String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(op + ": " + name + " " + value + " must be at least " + least);
        }
    }

    private static void requireNoise(String op, String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(op + ": " + name + " " + value + " must be a number from 0 up");
        }
    }
}
