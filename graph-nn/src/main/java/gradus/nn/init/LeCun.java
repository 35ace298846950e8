package gradus.nn.init;

/** Weights of variance 1 / fan-in (LeCun et al. 1998), as networks with selu take them (Klambauer et al. 2017). */
public final class LeCun {
    private LeCun() {}

    /** Returns U(±sqrt(3 / in)). */
    public static Initializer uniform() {
        return new FanInitializer("LeCun.uniform", true, f -> 1 / Math.sqrt((double) f.in()));
    }

    /** Returns N(0, sqrt(1 / in)). */
    public static Initializer normal() {
        return new FanInitializer("LeCun.normal", false, f -> 1 / Math.sqrt((double) f.in()));
    }
}
