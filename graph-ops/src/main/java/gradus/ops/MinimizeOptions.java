package gradus.ops;

/**
 * When {@link Minimize} stops.
 *
 * @param gradientTolerance the largest element of the gradient at a minimum, relative to the smaller of 1 and that at the start; of
 *     residuals the largest cosine of the angle between them and a column of the Jacobian, or a step relative to the unknowns
 * @param stepTolerance the largest step that counts as none, relative to the unknowns: by their largest elements, or, for residuals, by
 *     the norms of what they change in the residuals
 * @param maxIterations the largest number of steps
 * @param memory the number of steps from which L-BFGS estimates second derivatives
 */
public record MinimizeOptions(double gradientTolerance, double stepTolerance, int maxIterations, int memory) {
    /** A gradient of 1e-8, a step of 1e-14, 1,000 steps, 10 of them remembered. */
    public static final MinimizeOptions DEFAULT = new MinimizeOptions(1e-8, 1e-14, 1000, 10);

    public MinimizeOptions {
        if (!(gradientTolerance >= 0) || !(stepTolerance >= 0)) {
            throw new IllegalArgumentException("MinimizeOptions: the tolerances " + gradientTolerance + " and "
                    + stepTolerance + " must not be negative");
        }
        if (maxIterations < 1 || memory < 1) {
            throw new IllegalArgumentException(
                    "MinimizeOptions: maxIterations " + maxIterations + " and memory " + memory + " must be above 0");
        }
    }

    /** Returns these options with another tolerance of the gradient. */
    public MinimizeOptions gradientTolerance(double tolerance) {
        return new MinimizeOptions(tolerance, stepTolerance, maxIterations, memory);
    }

    /** Returns these options with the largest relative step that counts as none. */
    public MinimizeOptions stepTolerance(double largest) {
        return new MinimizeOptions(gradientTolerance, largest, maxIterations, memory);
    }

    /** Returns these options with the largest number of steps. */
    public MinimizeOptions maxIterations(int most) {
        return new MinimizeOptions(gradientTolerance, stepTolerance, most, memory);
    }

    /** Returns these options with the number of steps that L-BFGS remembers. */
    public MinimizeOptions memory(int steps) {
        return new MinimizeOptions(gradientTolerance, stepTolerance, maxIterations, steps);
    }
}
