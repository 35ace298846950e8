package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The classes of vectors, to which a vector is cast before it is stored after a loop.
 *
 * <p>What goes round a loop is to the compiler of JDK 17 a vector of any size. A method called on it is unfolded only as
 * long as the process has used one size; from the first use of a second, here or in a user's program, each such vector
 * would be an object, and the loop a factor of 10 to 30 slower. Cast, it has one class, and the compiler of JDK 25 loses
 * nothing. Within a loop it is enough to call methods on vectors just loaded, and hand them the one that goes round.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdExact32 {
    static final Class<? extends FloatVector> PREFERRED = of(FloatVector.SPECIES_PREFERRED);

    private SimdExact32() {}

    static Class<? extends FloatVector> of(VectorSpecies<Float> species) {
        return species.vectorType().asSubclass(FloatVector.class);
    }
}
