package gradus.array;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Operands that do not fit an operation: {@code matmul: h [32, 128] x W2 [64, 10]: inner sizes 128 and 64 differ}.
 *
 * <p>A tensor has no name, so the message names shapes; a graph that knows names rethrows it by {@link #naming}.
 */
public final class OperandMismatch extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String op;
    private final String why;
    private final String[] operands;

    /**
     * Describes a mismatch.
     *
     * @param op the operation's name
     * @param why what does not fit, with numbers, and what would
     * @param operands what stands in the message for each operand, usually its shape
     */
    public OperandMismatch(String op, String why, Object... operands) {
        super(op + ": "
                + Arrays.stream(operands).map(String::valueOf).collect(Collectors.joining(" x "))
                + (operands.length == 0 ? "" : ": ")
                + why);
        this.op = op;
        this.why = why;
        this.operands = Arrays.stream(operands).map(String::valueOf).toArray(String[]::new);
    }

    /** Returns the same error with other descriptions of the operands. */
    public OperandMismatch naming(Object... names) {
        return new OperandMismatch(op, why, names);
    }

    /** Returns the same error with the line of the user's code that caused it. */
    public OperandMismatch at(String line) {
        return new OperandMismatch(op, why + ", at " + line, (Object[]) operands);
    }
}
