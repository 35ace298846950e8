package gradus.nn;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the parameters of a layer and of those inside it. One that is used in several places has its first path. */
final class Paths {
    private Paths() {}

    static Map<String, Parameter> of(Layer layer) {
        Map<String, Parameter> found = new LinkedHashMap<>();
        collect("", layer, found, Collections.newSetFromMap(new IdentityHashMap<>()));
        return found;
    }

    private static void collect(String prefix, Layer layer, Map<String, Parameter> found, Set<Object> seen) {
        if (!seen.add(layer)) {
            return;
        }
        ordered(layer.own()).forEach((name, p) -> {
            if (seen.add(p)) {
                found.put(prefix + name, p);
            }
        });
        ordered(layer.layers()).forEach((name, inner) -> collect(prefix + name + ".", inner, found, seen));
    }

    /** Returns a map that keeps an order as it is; any other, as Map.of makes, would differ from run to run. */
    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return map instanceof LinkedHashMap || map instanceof SortedMap ? map : new TreeMap<>(map);
    }
}
