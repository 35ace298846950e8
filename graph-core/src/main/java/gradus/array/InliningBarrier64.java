package gradus.array;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.EnumMap;
import java.util.function.Function;

/**
 * The loops of all functions, each made when it is first asked for, and never inlined into its callers.
 *
 * <p>A compiler that inlines a loop into its caller, and that into the next, exhausts its inlining budget at a place that
 * depends on what was compiled first; if that is between a loop and its function, every element costs a call, and every
 * vector is boxed. Some processes then took 5 to 100 times as long as others for the same program, permanently. A method
 * handle that is not a constant is where inlining always stops; it costs some nanoseconds a loop.
 */
final class InliningBarrier64 {
    // not final: through a constant handle the compiler would see the loop again
    private static MethodHandle runMap = handle(Loops64.Map.class);
    private static MethodHandle runZip = handle(Loops64.Zip.class);

    private final Loops64 all;
    private final Function<UnaryFunction, Loops64.Map> newMap;
    private final Function<BinaryFunction, Loops64.Zip> newZip;
    private final Function<PartialFunction, Loops64.Zip> newPart;
    private final EnumMap<UnaryFunction, Loops64.Map> maps = new EnumMap<>(UnaryFunction.class);
    private final EnumMap<BinaryFunction, Loops64.Zip> zips = new EnumMap<>(BinaryFunction.class);
    private final EnumMap<PartialFunction, Loops64.Zip> parts = new EnumMap<>(PartialFunction.class);

    /** Loops are made by the given functions; LOG1P, SOFTPLUS and ERF are made of others of {@code all}. */
    InliningBarrier64(
            Loops64 all,
            Function<UnaryFunction, Loops64.Map> newMap,
            Function<BinaryFunction, Loops64.Zip> newZip,
            Function<PartialFunction, Loops64.Zip> newPart) {
        this.all = all;
        this.newMap = newMap;
        this.newZip = newZip;
        this.newPart = newPart;
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

    synchronized Loops64.Zip zip(PartialFunction f) {
        if (!parts.containsKey(f)) {
            parts.put(f, new Zip(newPart.apply(f)));
        }
        return parts.get(f);
    }

    private synchronized Loops64.Map made(UnaryFunction f) {
        if (!maps.containsKey(f)) {
            maps.put(
                    f,
                    switch (f) {
                        case LOG1P -> ChunkedMap64.log1p(all);
                        case SOFTPLUS -> ChunkedMap64.softplus(all);
                        case ERF -> ChunkedMap64.erf(all);
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
