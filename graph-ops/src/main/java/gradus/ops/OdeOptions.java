package gradus.ops;

/**
 * How {@link Ode} solves: by Dormand and Prince's method with steps of adaptive size, or by the classical Runge-Kutta method
 * with a fixed number of steps; and how the gradient is computed.
 *
 * @param relativeTolerance the largest error of a step, relative to the size of each element, of the adaptive method
 * @param absoluteTolerance what is added to that
 * @param rk4Steps the number of steps of the classical method between two times, or 0 for the adaptive one
 * @param maxSteps the largest number of steps between two times, accepted and rejected ones
 * @param isAdjoint whether the gradient is computed by solving the adjoint equation backwards, not through the steps
 */
public record OdeOptions(
        double relativeTolerance, double absoluteTolerance, int rk4Steps, int maxSteps, boolean isAdjoint) {
    /** Dormand-Prince to tolerances of 1e-8, at most 10,000 steps, and the gradient through the steps. */
    public static final OdeOptions DEFAULT = new OdeOptions(1e-8, 1e-8, 0, 10_000, false);

    public OdeOptions {
        if (!(relativeTolerance >= 0) || !(absoluteTolerance >= 0) || !(relativeTolerance + absoluteTolerance > 0)) {
            throw new IllegalArgumentException("OdeOptions: the tolerances " + relativeTolerance + " and "
                    + absoluteTolerance + " must not be negative, nor both 0");
        }
        if (rk4Steps < 0 || maxSteps < 1) {
            throw new IllegalArgumentException(
                    "OdeOptions: " + rk4Steps + " steps of rk4, or at most " + maxSteps + " steps, are too few");
        }
    }

    /** Returns these options with both tolerances. */
    public OdeOptions tolerance(double both) {
        return tolerance(both, both);
    }

    /** Returns these options with a relative and an absolute tolerance. */
    public OdeOptions tolerance(double relative, double absolute) {
        return new OdeOptions(relative, absolute, rk4Steps, maxSteps, isAdjoint);
    }

    /** Returns these options with the classical Runge-Kutta method of order 4, in steps of equal size. */
    public OdeOptions rk4(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("OdeOptions: rk4: " + steps + " steps; there must be one at least");
        }
        return new OdeOptions(relativeTolerance, absoluteTolerance, steps, maxSteps, isAdjoint);
    }

    /** Returns these options with the largest number of adaptive steps. */
    public OdeOptions maxSteps(int most) {
        return new OdeOptions(relativeTolerance, absoluteTolerance, rk4Steps, most, isAdjoint);
    }

    /**
     * Returns these options with the adjoint method for the gradient: no step is kept, and the equation is solved backwards
     * together with its adjoint. Memory does not grow with the number of steps; the gradient is as exact as the tolerance,
     * not exact for the computed solution. Chen et al. 2018, "Neural ordinary differential equations".
     */
    public OdeOptions adjoint() {
        return new OdeOptions(relativeTolerance, absoluteTolerance, rk4Steps, maxSteps, true);
    }
}
