package gradus.graph.check;

/** A gradient check that failed: an assertion error, so that test runners show it as a failed test. */
public final class GradientMismatch extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final transient GradientCheck.Report report;

    GradientMismatch(GradientCheck.Report report) {
        super(report.toString());
        this.report = report;
    }

    /** Returns what the check found; null after serialisation. */
    public GradientCheck.Report report() {
        return report;
    }
}
