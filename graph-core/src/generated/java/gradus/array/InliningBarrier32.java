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
// Made from its twin ending in 64 by Twins; edit that one.
final class InliningBarrier32 {
    // not final: through a constant handle the compiler would see the loop again
    private static MethodHandle runMap = handle(Loops32.Map.class);
    private static MethodHandle runZip = handle(Loops32.Zip.class);

    private final Loops32 all;
    private final Function<UnaryFunction, Loops32.Map> newMap;
    private final Function<BinaryFunction, Loops32.Zip> newZip;
    private final Function<PartialFunction, Loops32.Zip> newPart;
    private final EnumMap<UnaryFunction, Loops32.Map> maps = new EnumMap<>(UnaryFunction.class);
    private final EnumMap<BinaryFunction, Loops32.Zip> zips = new EnumMap<>(BinaryFunction.class);
    private final EnumMap<PartialFunction, Loops32.Zip> parts = new EnumMap<>(PartialFunction.class);

    /** Loops are made by the given functions; LOG1P, SOFTPLUS and ERF are made of others of {@code all}. */
    InliningBarrier32(
            Loops32 all,
            Function<UnaryFunction, Loops32.Map> newMap,
            Function<BinaryFunction, Loops32.Zip> newZip,
            Function<PartialFunction, Loops32.Zip> newPart) {
        this.all = all;
        this.newMap = newMap;
        this.newZip = newZip;
        this.newPart = newPart;
    }

    Loops32.Map map(UnaryFunction f) {
        // not under the lock: an EnumMap is an array, loops have final fields only, and one not seen yet is made below
        Loops32.Map map = maps.get(f);
        return map != null ? map : made(f);
    }

    Loops32.Zip zip(BinaryFunction f) {
        Loops32.Zip zip = zips.get(f);
        return zip != null ? zip : made(f);
    }

    synchronized Loops32.Zip zip(PartialFunction f) {
        if (!parts.containsKey(f)) {
            parts.put(f, new Zip(newPart.apply(f)));
        }
        return parts.get(f);
    }

    private synchronized Loops32.Map made(UnaryFunction f) {
        if (!maps.containsKey(f)) {
            maps.put(
                    f,
                    switch (f) {
                        case LOG1P -> ChunkedMap32.log1p(all);
                        case SOFTPLUS -> ChunkedMap32.softplus(all);
                        case ERF -> ChunkedMap32.erf(all);
                        default -> new Map(newMap.apply(f));
                    });
        }
        return maps.get(f);
    }

    private synchronized Loops32.Zip made(BinaryFunction f) {
        if (!zips.containsKey(f)) {
            zips.put(f, new Zip(newZip.apply(f)));
        }
        return zips.get(f);
    }

    private record Map(Loops32.Map loop) implements Loops32.Map {
        @Override
        public void run(int n, float[] x, int xo, float[] y, int yo) {
            try {
                runMap.invokeExact(loop, n, x, xo, y, yo);
            } catch (Throwable e) {
                throw unchecked(e);
            }
        }
    }

    private record Zip(Loops32.Zip loop) implements Loops32.Zip {
        @Override
        public void run(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
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
