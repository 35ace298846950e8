package gradus.nn.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An operator of a file that is loaded: what it takes, and how it is computed.
 *
 * @param inputs the kind of each input; one that may be missing ends in {@code ?}, one that stands for any number of them in {@code *}
 * @param output the kind of all outputs
 * @param outputs the number of outputs at most
 * @param attributes by name: the value that a missing one has, or the class of the value if missing differs from any; attributes with a
 *     name that ends in {@code !} must be there
 * @param compute returns the output, a node or integers, or the list of the outputs if there may be several
 */
record OnnxOperator(
        List<String> inputs,
        String output,
        int outputs,
        Map<String, Object> attributes,
        Function<OnnxCall, Object> compute) {
    /** Numbers of the model's number type. */
    static final String NUMBERS = "numbers";
    /** Integers, which have no gradient: shapes and indices. */
    static final String INTEGERS = "integers";
    /** Numbers that are 0 for false and 1 for true. */
    static final String TRUTH = "truth values";
    /** Numbers or integers, the same for all inputs and the output. */
    static final String ANY = "any";
    /** The kind that attribute {@code to} says. */
    static final String CAST = "cast";

    /** Returns the kind of the output of a call whose inputs have the kinds given by name. */
    String check(OnnxGraph.Call call, Map<String, String> kinds) throws IOException {
        String label = OnnxReader.label(call.name(), call.outputs()) + " (" + call.type() + ")";
        checkAttributes(label, call.attributes());
        int least = (int) inputs.stream().filter(k -> !k.endsWith("?")).count();
        boolean many = inputs.get(inputs.size() - 1).endsWith("*");
        int found = call.inputs().size();
        if (found < least || (found > inputs.size() && !many)) {
            throw new IOException(label + " has " + found + " inputs; it takes "
                    + (many ? "at least " + least : least == inputs.size() ? least : least + " to " + inputs.size()));
        }
        String any = null;
        for (int i = 0; i < found; i++) {
            String wanted = inputs.get(Math.min(i, inputs.size() - 1));
            String name = call.inputs().get(i);
            if (name.isEmpty() && wanted.endsWith("?")) {
                continue;
            }
            String kind = kinds.get(name);
            if (kind == null) {
                throw new IOException(label + " takes " + name
                        + ", which is no input, no initializer and no output of a node before it");
            }
            String expected = wanted.replaceAll("[?*]$", "");
            if (expected.equals(ANY)) {
                any = any == null ? kind : any;
                expected = any;
            }
            boolean fits = kind.equals(expected) || (output.equals(CAST) && kind.equals(TRUTH));
            if (!fits) {
                throw new IOException(label + ": input " + name + " has " + kind + ", not " + expected);
            }
        }
        checkOutputs(label, call.outputs());
        if (output.equals(CAST)) {
            return cast(label, (Long) call.attributes().get("to"));
        }
        return output.equals(ANY) ? any : output;
    }

    private static String cast(String label, long to) throws IOException {
        if (to == OnnxGraph.FLOAT || to == OnnxGraph.DOUBLE) {
            return NUMBERS;
        }
        if (to == OnnxGraph.BOOL) {
            return TRUTH;
        }
        if (to == OnnxGraph.INT64 || to == OnnxGraph.INT32) {
            return INTEGERS;
        }
        throw new IOException(label + ": attribute to is " + to
                + "; float, int32, int64, bool and double (1, 6, 7, 9 and 11) are supported");
    }

    private void checkAttributes(String label, Map<String, Object> given) throws IOException {
        Map<String, Object> known = new HashMap<>();
        attributes.forEach((name, value) -> known.put(name.replace("!", ""), value));
        for (Map.Entry<String, Object> e : given.entrySet()) {
            Object standard = known.get(e.getKey());
            if (standard == null) {
                throw new IOException(label + " has attribute " + e.getKey() + "; supported are "
                        + known.keySet().stream().sorted().toList());
            }
            Class<?> type = standard instanceof Class<?> c ? c : standard.getClass();
            if (!type.isInstance(e.getValue())) {
                throw new IOException(
                        label + ": attribute " + e.getKey() + " is of another type than " + type.getSimpleName());
            }
        }
        for (String name : attributes.keySet()) {
            if (name.endsWith("!") && !given.containsKey(name.replace("!", ""))) {
                throw new IOException(label + " has no attribute " + name.replace("!", ""));
            }
        }
    }

    private void checkOutputs(String label, List<String> given) throws IOException {
        List<String> named = new ArrayList<>(given);
        named.removeIf(String::isEmpty);
        boolean first = outputs > 1 || (named.size() == 1 && !given.get(0).isEmpty());
        if (named.isEmpty() || (outputs > 1 && given.size() > outputs) || !first) {
            throw new IOException(label + " has outputs " + given + "; "
                    + (outputs == 1 ? "the first alone is" : "1 to " + outputs + " are") + " supported");
        }
    }
}
