package gradus.array;

import java.lang.System.Logger.Level;

/**
 * Which implementation of the hot loops this process runs, chosen once when the class loads: the SIMD ones, classes named
 * {@code Simd..}, where the module jdk.incubator.vector is there, else the plain ones. They are made by name, so that
 * none of them is touched without it.
 */
final class Loops {
    private static final String MODULE = "jdk.incubator.vector";

    static final boolean SIMD = ModuleLayer.boot().findModule(MODULE).isPresent();

    /**
     * Whether loops may use vectors of several sizes. The compiler of JDK 17 counts on there being one size of vectors of
     * floats, and one of doubles: from the first use of another, loops may become 10 to 30 times slower, for good.
     */
    static final boolean MIXED = Runtime.version().feature() > 17;

    static final Loops64 F64 = SIMD ? made("SimdLoops64", Loops64.class) : new PlainLoops64();
    static final Loops32 F32 = SIMD ? made("SimdLoops32", Loops32.class) : new PlainLoops32();
    /** For accumulators, which are wide in the float twins, too. */
    static final Loops64 WIDE = F64;

    static final Matmul64 MATMUL64 = SIMD ? made("SimdMatmul64", Matmul64.class) : new PlainMatmul64();
    static final Matmul32 MATMUL32 = SIMD ? made("SimdMatmul32", Matmul32.class) : new PlainMatmul32();

    static final ConvLoops64 CONV64 = SIMD ? made("SimdConv64", ConvLoops64.class) : new PlainConv64();
    static final ConvLoops32 CONV32 = SIMD ? made("SimdConv32", ConvLoops32.class) : new PlainConv32();

    static final NormLoops64 NORM64 = SIMD ? made("SimdNorm64", NormLoops64.class) : new PlainNorm64();
    static final NormLoops32 NORM32 = SIMD ? made("SimdNorm32", NormLoops32.class) : new PlainNorm32();

    static final SoftmaxLoops64 SOFTMAX64 = SIMD ? made("SimdSoftmax64", SoftmaxLoops64.class) : new PlainSoftmax64();
    static final SoftmaxLoops32 SOFTMAX32 = SIMD ? made("SimdSoftmax32", SoftmaxLoops32.class) : new PlainSoftmax32();

    static final DepthwiseLoops64 DEPTHWISE64 =
            SIMD ? made("SimdDepthwise64", DepthwiseLoops64.class) : new PlainDepthwise64();
    static final DepthwiseLoops32 DEPTHWISE32 =
            SIMD ? made("SimdDepthwise32", DepthwiseLoops32.class) : new PlainDepthwise32();

    static final PoolLoops64 POOL64 = SIMD ? made("SimdPool64", PoolLoops64.class) : new PlainPool64();
    static final PoolLoops32 POOL32 = SIMD ? made("SimdPool32", PoolLoops32.class) : new PlainPool32();
    static final WinogradLoops64 WINOGRAD64 =
            SIMD ? made("SimdWinograd64", WinogradLoops64.class) : new PlainWinograd64();
    static final WinogradLoops32 WINOGRAD32 =
            SIMD ? made("SimdWinograd32", WinogradLoops32.class) : new PlainWinograd32();

    static {
        Workers.count(); // a wrong number of threads is an error now, not in the first large loop
        System.Logger log = System.getLogger("gradus");
        if (SIMD) {
            log.log(
                    Level.DEBUG,
                    "loops: SIMD, as the module " + MODULE + " is there; leave out --add-modules for plain ones");
        } else {
            log.log(Level.INFO, "loops: plain Java; for faster ones start java with --add-modules " + MODULE);
        }
    }

    private Loops() {}

    /** Makes an implementation that this class must not name, as it was compiled separately. */
    private static <T> T made(String name, Class<T> type) {
        try {
            return type.cast(Class.forName("gradus.array." + name)
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("loops: " + name + " cannot be made", e);
        }
    }
}
