package gradus.bench.peers;

import java.util.Arrays;

/** The results and the version that a contender reports. */
final class Results {
    private Results() {}

    /**
     * Returns a summary of a large array: the sum of absolute values, and elements from the start, the middle and the
     * end.
     */
    static double[] of(double[] y) {
        return new double[] {
            Arrays.stream(y).map(Math::abs).sum(), y[0], y[y.length / 3], y[y.length / 2], y[y.length - 1]
        };
    }

    static double[] widened(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = x[i];
        }
        return y;
    }

    /** Returns the version in the name of the jar that a class comes from: 1.2 for name-1.2.jar, 1.2-3 for name-1.2-3.jar. */
    static String version(Class<?> c) {
        String jar = c.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceAll(".*/[a-z0-9-]*?-([0-9][^/]*)\\.jar", "$1");
    }
}
