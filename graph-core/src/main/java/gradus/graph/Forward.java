package gradus.graph;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import java.util.Arrays;

/**
 * The values that an op computes from nodes. Most ops take one tensor or two; a {@link Formula} gets them without an array
 * around them, which counts where they are single numbers.
 */
final class Forward {
    private Forward() {}

    static Tensor value(Op op, Node x) {
        try {
            return checked(op, op instanceof Formula f ? f.of(x.borrowedValue()) : op.forward(x.borrowedValue()));
        } catch (OperandMismatch e) {
            throw naming(e, x);
        }
    }

    static Tensor value(Op op, Node a, Node b) {
        try {
            Tensor p = a.borrowedValue();
            Tensor q = b.borrowedValue();
            return checked(op, op instanceof Formula f ? f.of(p, q) : op.forward(p, q));
        } catch (OperandMismatch e) {
            throw naming(e, a, b);
        }
    }

    static Tensor value(Op op, Node... in) {
        if (in.length == 1 || in.length == 2) {
            return in.length == 1 ? value(op, in[0]) : value(op, in[0], in[1]);
        }
        try {
            return checked(op, op.forward(tensors(in)));
        } catch (OperandMismatch e) {
            throw naming(e, in);
        }
    }

    static Tensor value(Op.Saving op, Op.Saved saved, Node... in) {
        try {
            return checked(op, op.forward(saved, tensors(in)));
        } catch (OperandMismatch e) {
            throw naming(e, in);
        }
    }

    static Tensor[] values(Op.Multi op, Op.Saved saved, Node... in) {
        Tensor[] y;
        try {
            y = op.forward(saved, tensors(in));
        } catch (OperandMismatch e) {
            throw naming(e, in);
        }
        if (y == null || y.length == 0 || Arrays.asList(y).contains(null)) {
            throw new IllegalStateException(op.name() + ": forward returned "
                    + (y == null ? "null" : y.length == 0 ? "no output" : "null for an output"));
        }
        return y;
    }

    private static Tensor[] tensors(Node... in) {
        Tensor[] values = new Tensor[in.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = in[i].borrowedValue();
        }
        return values;
    }

    private static Tensor checked(Op op, Tensor y) {
        if (y == null) {
            throw new IllegalStateException(op.name() + ": forward returned null");
        }
        return y;
    }

    /** Returns the error with the operands' names, where one has a name. */
    private static OperandMismatch naming(OperandMismatch e, Node... in) {
        return Arrays.stream(in).anyMatch(n -> n.name() != null)
                ? e.naming(Arrays.stream(in).map(Node::label).toArray())
                : e;
    }
}
