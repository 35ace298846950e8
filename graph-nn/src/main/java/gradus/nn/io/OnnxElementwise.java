package gradus.nn.io;

import gradus.array.DType;
import gradus.graph.Activations;
import gradus.graph.Arithmetic;
import gradus.graph.Comparing;
import gradus.graph.Elementary;
import gradus.graph.Masking;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.Shaping;
import gradus.graph.Trigonometry;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Arithmetic, functions of each element, comparisons and softmax. */
final class OnnxElementwise extends OnnxWriter {
    /** The ops that are one operator without attributes. */
    private static final IdentityHashMap<Op, String> SAME = new IdentityHashMap<>();

    static {
        SAME.put(Arithmetic.ADD, "Add");
        SAME.put(Arithmetic.SUB, "Sub");
        SAME.put(Arithmetic.MUL, "Mul");
        SAME.put(Arithmetic.DIV, "Div");
        SAME.put(Arithmetic.POW, "Pow");
        SAME.put(Arithmetic.NEG, "Neg");
        SAME.put(Arithmetic.RECIPROCAL, "Reciprocal");
        SAME.put(Elementary.SQRT, "Sqrt");
        SAME.put(Elementary.EXP, "Exp");
        SAME.put(Elementary.LOG, "Log");
        SAME.put(Elementary.ABS, "Abs");
        SAME.put(Elementary.SIGN, "Sign");
        SAME.put(Elementary.ERF, "Erf");
        SAME.put(Elementary.FLOOR, "Floor");
        SAME.put(Elementary.CEIL, "Ceil");
        SAME.put(Elementary.ROUND, "Round");
        SAME.put(Trigonometry.SIN, "Sin");
        SAME.put(Trigonometry.COS, "Cos");
        SAME.put(Trigonometry.TAN, "Tan");
        SAME.put(Trigonometry.ASIN, "Asin");
        SAME.put(Trigonometry.ACOS, "Acos");
        SAME.put(Trigonometry.ATAN, "Atan");
        SAME.put(Trigonometry.SINH, "Sinh");
        SAME.put(Trigonometry.COSH, "Cosh");
        SAME.put(Activations.RELU, "Relu");
        SAME.put(Activations.SIGMOID, "Sigmoid");
        SAME.put(Activations.TANH, "Tanh");
        SAME.put(Activations.SOFTPLUS, "Softplus");
        SAME.put(Activations.SOFTSIGN, "Softsign");
        SAME.put(Comparing.MAXIMUM, "Max");
        SAME.put(Comparing.MINIMUM, "Min");
    }

    private static final IdentityHashMap<Op, String> COMPARISONS = new IdentityHashMap<>();

    static {
        COMPARISONS.put(Comparing.GT, "Greater");
        COMPARISONS.put(Comparing.LT, "Less");
        COMPARISONS.put(Comparing.GE, "GreaterOrEqual");
        COMPARISONS.put(Comparing.LE, "LessOrEqual");
        COMPARISONS.put(Comparing.EQ, "Equal");
    }

    OnnxElementwise(OnnxExport export) {
        super(export);
    }

    @Override
    String write(Node n, Node x) {
        if (SAME.containsKey(n.op())) {
            return export.call(SAME.get(n.op()), names(n.inputs().toArray(Node[]::new)), Map.of());
        }
        if (COMPARISONS.containsKey(n.op())) {
            String y = export.call(COMPARISONS.get(n.op()), names(n.inputs().toArray(Node[]::new)), Map.of());
            return number(y, n.dtype());
        }
        return composed(n, x);
    }

    private String composed(Node n, Node x) {
        Op op = n.op();
        DType t = n.dtype();
        String a = export.name(x);
        if (op == Arithmetic.SQUARE) {
            return export.call("Mul", a, a);
        }
        if (op == Elementary.RSQRT) {
            return export.call("Reciprocal", export.call("Sqrt", a));
        }
        if (op == Activations.SILU) {
            return export.call("Mul", a, export.call("Sigmoid", a));
        }
        if (op == Activations.GELU) { // x (1 + erf(x / sqrt 2)) / 2
            String erf = export.call("Erf", export.call("Mul", a, constant(Math.sqrt(0.5), t)));
            String twice = export.call("Mul", a, export.call("Add", erf, constant(1, t)));
            return export.call("Mul", twice, constant(0.5, t));
        }
        if (op == Activations.GELU_TANH) { // x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)
            String cube = export.call("Mul", export.call("Mul", a, a), a);
            String sum = export.call("Add", a, export.call("Mul", cube, constant(0.044715, t)));
            String twice = export.call("Mul", sum, constant(2 * Math.sqrt(2 / Math.PI), t));
            return export.call("Mul", a, export.call("Sigmoid", twice));
        }
        if (op instanceof Activations.LeakyRelu l) {
            return t == DType.FLOAT32
                    ? export.call("LeakyRelu", List.of(a), Map.of("alpha", (float) l.slope()))
                    : ofParts(a, export.call("Mul", a, constant(l.slope(), t)), t);
        }
        if (op instanceof Activations.Elu e) {
            return t == DType.FLOAT32
                    ? export.call("Elu", List.of(a), Map.of("alpha", (float) e.alpha()))
                    : ofParts(a, exponential(a, e.alpha(), t), t);
        }
        if (op instanceof Activations.Celu c) {
            return t == DType.FLOAT32
                    ? export.call("Celu", List.of(a), Map.of("alpha", (float) c.alpha()))
                    : ofParts(a, exponential(export.call("Div", a, constant(c.alpha(), t)), c.alpha(), t), t);
        }
        if (op instanceof Activations.Hardtanh h) {
            return export.call("Clip", a, constant(h.low(), t), constant(h.high(), t));
        }
        if (op instanceof Comparing.Clamp c) {
            return export.call("Clip", a, constant(c.low(), t), constant(c.high(), t));
        }
        if (op == Masking.MASKED_BY) {
            return export.call("Where", condition(n.inputs().get(1)), a, constant(0, t));
        }
        if (op instanceof Masking.Where) {
            return export.call(
                    "Where",
                    condition(n.inputs().get(1)),
                    a,
                    export.name(n.inputs().get(2)));
        }
        if (op == Comparing.NOT) {
            return number(export.call("Not", condition(x)), t);
        }
        if (op == Comparing.AND || op == Comparing.OR) {
            String both = export.call(
                    op == Comparing.AND ? "And" : "Or",
                    condition(x),
                    condition(n.inputs().get(1)));
            return number(both, t);
        }
        if (op == Comparing.NE) {
            return number(
                    export.call(
                            "Not",
                            export.call("Equal", a, export.name(n.inputs().get(1)))),
                    t);
        }
        if (op instanceof Shaping.To to) {
            return number(a, to.dtype());
        }
        if (op instanceof Activations.Softmax s) {
            return export.call("Softmax", List.of(a), Map.of("axis", (long) s.axis()));
        }
        if (op instanceof Activations.LogSoftmax s) {
            return export.call("LogSoftmax", List.of(a), Map.of("axis", (long) s.axis()));
        }
        return null;
    }

    /** Returns 1 for true and 0 for false. */
    private String number(String condition, DType dtype) {
        return export.call("Cast", List.of(condition), Map.of("to", (long) OnnxGraph.type(dtype)));
    }

    private String condition(Node mask) {
        return export.call("Cast", List.of(export.name(mask)), Map.of("to", (long) OnnxGraph.BOOL));
    }

    /** Returns {@code max(x, 0) + min(y, 0)}. Attributes are floats, so this stands for operators that have one in FLOAT64. */
    private String ofParts(String x, String y, DType t) {
        return export.call("Add", export.call("Relu", x), export.call("Min", y, constant(0, t)));
    }

    /** Returns {@code alpha (exp(x) - 1)}. */
    private String exponential(String x, double alpha, DType t) {
        return export.call("Mul", export.call("Sub", export.call("Exp", x), constant(1, t)), constant(alpha, t));
    }
}
