package gradus.nn;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

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
        layer.own().forEach((name, p) -> {
            if (seen.add(p)) {
                found.put(prefix + name, p);
            }
        });
        layer.layers().forEach((name, inner) -> collect(prefix + name + ".", inner, found, seen));
    }
}
