package gradus.nn.data;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;

/** Small data sets made by formulas, for examples and tests; the same seed gives the same numbers. */
public final class Synthetic {
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
}
