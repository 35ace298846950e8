package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A parsed equation of {@link Einsum}, in which each axis has an index of one character. The axes of an ellipsis are indices from
 * the private use area of Unicode, the last of them the same in each operand.
 *
 * @param inputs the indices of each operand
 * @param output the indices of the output
 * @param sizes the size of each index
 */
record EinsumEquation(List<String> inputs, String output, Map<Character, Integer> sizes) {
    private static final String ELLIPSIS = "...";
    private static final int FIRST_OF_ELLIPSIS = 0xE000;

    static EinsumEquation parse(String equation, Node... operands) {
        return new Parser(equation, operands).parse();
    }

    /** One parse. */
    private static final class Parser {
        private final String equation;
        private final Node[] operands;
        private final Map<Character, Integer> sizes = new HashMap<>();
        private int ellipsisAxes;

        Parser(String equation, Node... operands) {
            this.equation = equation;
            this.operands = operands;
        }

        EinsumEquation parse() {
            int arrow = equation.indexOf("->");
            int end = arrow < 0 ? equation.length() : arrow;
            List<String> inputs = new ArrayList<>();
            int from = 0;
            for (int at = 0; at <= end; at++) {
                if (at == end || equation.charAt(at) == ',') {
                    if (inputs.size() == operands.length) {
                        throw error(from, given() + ", and one more is described here");
                    }
                    inputs.add(operand(from, at, operands[inputs.size()]));
                    from = at + 1;
                }
            }
            if (inputs.size() < operands.length) {
                throw error(end, given() + ", of which only " + inputs.size() + " are described");
            }
            return new EinsumEquation(inputs, arrow < 0 ? implicitOutput(inputs) : output(arrow + 2), sizes);
        }

        private String given() {
            return operands.length == 1 ? "there is 1 operand" : "there are " + operands.length + " operands";
        }

        private String operand(int from, int to, Node x) {
            Shape s = x.shape();
            int named = 0;
            int ellipsis = -1;
            for (int at = from; at < to; at = next(at)) {
                if (isEllipsis(at)) {
                    if (ellipsis >= 0) {
                        throw error(at, "a second ellipsis in one operand");
                    }
                    ellipsis = at;
                } else if (requireIndex(at)) {
                    named++;
                }
            }
            int unnamed = s.rank() - named;
            if (unnamed < 0 || (unnamed > 0 && ellipsis < 0)) {
                String comma = equation.substring(from, to).strip().contains(" ") ? "; a comma separates operands" : "";
                throw error(from, named + " indices for the " + s.rank() + " axes of " + x.label() + comma);
            }
            ellipsisAxes = Math.max(ellipsisAxes, unnamed);
            StringBuilder indices = new StringBuilder();
            for (int at = from; at < to; at = next(at)) {
                if (at == ellipsis) {
                    for (int i = unnamed; i > 0; i--) {
                        add(indices, (char) (FIRST_OF_ELLIPSIS + i), s, at);
                    }
                } else if (requireIndex(at)) {
                    add(indices, equation.charAt(at), s, at);
                }
            }
            return indices.toString();
        }

        private void add(StringBuilder indices, char index, Shape s, int at) {
            int size = s.dim(indices.length());
            int axis = indices.indexOf(String.valueOf(index));
            if (axis >= 0 && s.dim(axis) != size) {
                throw error(at, "a diagonal of axes of sizes " + s.dim(axis) + " and " + size);
            }
            int before = sizes.getOrDefault(index, 1);
            if (before != 1 && size != 1 && before != size) {
                throw error(at, "an axis of size " + size + ", where the same index has size " + before + " before");
            }
            sizes.put(index, before == 1 ? size : before);
            indices.append(index);
        }

        private String implicitOutput(List<String> inputs) {
            Map<Character, Integer> counts = new TreeMap<>();
            String.join("", inputs).chars().forEach(i -> counts.merge((char) i, 1, Integer::sum));
            StringBuilder output = new StringBuilder(ellipsisIndices());
            counts.forEach(
                    (index, count) -> output.append(count == 1 && index < FIRST_OF_ELLIPSIS ? index.toString() : ""));
            return output.toString();
        }

        private String output(int from) {
            StringBuilder output = new StringBuilder();
            for (int at = from; at < equation.length(); at = next(at)) {
                if (isEllipsis(at)) {
                    output.append(ellipsisIndices());
                } else if (requireIndex(at)) {
                    char index = equation.charAt(at);
                    if (!sizes.containsKey(index)) {
                        throw error(at, "no operand has this index");
                    }
                    if (output.indexOf(String.valueOf(index)) >= 0) {
                        throw error(at, "an index twice in the output");
                    }
                    output.append(index);
                }
            }
            return output.toString();
        }

        private String ellipsisIndices() {
            StringBuilder all = new StringBuilder();
            for (int i = ellipsisAxes; i > 0; i--) {
                all.append((char) (FIRST_OF_ELLIPSIS + i));
            }
            return all.toString();
        }

        private boolean isEllipsis(int at) {
            return equation.startsWith(ELLIPSIS, at);
        }

        private int next(int at) {
            return at + (isEllipsis(at) ? ELLIPSIS.length() : 1);
        }

        /** Returns whether there is an index at a position, and not a space; anything else is an error. */
        private boolean requireIndex(int at) {
            char c = equation.charAt(at);
            if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != ' ') {
                throw error(at, "expected a letter, \"...\", a comma or \"->\"");
            }
            return c != ' ';
        }

        private OperandMismatch error(int at, String why) {
            Object[] shapes = Arrays.stream(operands).map(Node::label).toArray();
            return new OperandMismatch("einsum", why + "\n" + equation + "\n" + " ".repeat(at) + "^", shapes);
        }
    }
}
