package gradus.array;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.EnumMap;
import java.util.function.Function;

/**
 * The loops of all functions, each made when it is first asked for, and compiled apart from whoever calls it.
 *
 * <p>A compiler that unfolds a loop into its caller, and that into the next, runs out of what it may unfold at a place that
 * depends on what was compiled first; if that is between a loop and its function, every element costs a call, and every
 * vector an object. Some processes then took 5 to 100 times as long as others for the same program, for good. A method
 * handle that is not a constant is where unfolding always stops; it costs some nanoseconds a loop.
 */
final class InliningBarrier64 {
    // not final: through a constant handle the compiler would see the loop again
    private static MethodHandle runMap = handle(Loops64.Map.class);
    private static MethodHandle runZip = handle(Loops64.Zip.class);

    private final Loops64 all;
    private final Function<UnaryFunction, Loops64.Map> newMap;
    private final Function<BinaryFunction, Loops64.Zip> newZip;
    private final EnumMap<UnaryFunction, Loops64.Map> maps = new EnumMap<>(UnaryFunction.class);
    private final EnumMap<BinaryFunction, Loops64.Zip> zips = new EnumMap<>(BinaryFunction.class);

    /** Loops are made by the given functions; LOG1P and SOFTPLUS are made of others of {@code all}. */
    InliningBarrier64(
            Loops64 all, Function<UnaryFunction, Loops64.Map> newMap, Function<BinaryFunction, Loops64.Zip> newZip) {
        this.all = all;
        this.newMap = newMap;
        this.newZip = newZip;
    }

    Loops64.Map map(UnaryFunction f) {
        // not under the lock: an EnumMap is an array, loops have final fields only, and one not seen yet is made below
        Loops64.Map map = maps.get(f);
        return map != null ? map : made(f);
    }

    Loops64.Zip zip(BinaryFunction f) {
        Loops64.Zip zip = zips.get(f);
        return zip != null ? zip : made(f);
    }

    private synchronized Loops64.Map made(UnaryFunction f) {
        if (!maps.containsKey(f)) {
            maps.put(
                    f,
                    switch (f) {
                        case LOG1P -> new Log1p64(all);
                        case SOFTPLUS -> new Softplus64(all);
                        default -> new Map(newMap.apply(f));
                    });
        }
        return maps.get(f);
    }

    private synchronized Loops64.Zip made(BinaryFunction f) {
        if (!zips.containsKey(f)) {
            zips.put(f, new Zip(newZip.apply(f)));
        }
        return zips.get(f);
    }

    private record Map(Loops64.Map loop) implements Loops64.Map {
        @Override
        public void run(int n, double[] x, int xo, double[] y, int yo) {
            try {
                runMap.invokeExact(loop, n, x, xo, y, yo);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        }
    }

    private record Zip(Loops64.Zip loop) implements Loops64.Zip {
        @Override
        public void run(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
            try {
                runZip.invokeExact(loop, n, a, ao, sa, b, bo, sb, y, yo);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        }
    }

    /** Returns the handle of the only method of an interface. */
    private static MethodHandle handle(Class<?> loop) {
        try {
            return MethodHandles.lookup().unreflect(loop.getDeclaredMethods()[0]);
        } catch (IllegalAccessException e) {
            throw new LinkageError("loops: " + loop + " has no handle", e);
        }
    }

    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return (RuntimeException) e; // loops declare no others
    }
}
