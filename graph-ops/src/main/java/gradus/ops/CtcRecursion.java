package gradus.ops;

import gradus.array.Ints;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;

/**
 * The recursion of {@link Ctc} over frames, and its derivatives. {@code E[t, b, i]} is the log-probability of the class of state i
 * of example b in frame t. A state has three sources in the frame before: itself, the state before, and, if it skips a blank, the
 * one before that.
 *
 * <pre>{@code
 * A[t, i] = E[t, i] + logSumExp over k of A[t-1, i-k],   W[t, k, i] = exp(A[t-1, i-k] + E[t, i] - A[t, i])
 * }</pre>
 *
 * The weights W, {@code [t, n, 3, states]}, are outputs, as they depend on E: with them, the derivative of A is the linear recursion
 * {@link Linear}, forward or backward in time, whose derivatives are products of what it computes. So there are derivatives of any
 * order, and none but the first computes an exponential. In frames and states that an example does not have, A and W are 0. It
 * computes in FLOAT64; a FLOAT32 result is rounded at the end.
 *
 * @param frames the number of frames of each example
 * @param states the number of states of each example
 * @param skips 1 for each state of each example whose third source counts, else 0: n times the largest number of states
 */
record CtcRecursion(Ints frames, Ints states, Ints skips) implements Op.Multi {
    @Override
    public String name() {
        return "ctc";
    }

    @Override
    public String outputName(int output) {
        return output == 0 ? "alphas" : "weights";
    }

    @Override
    public Tensor[] forward(Op.Saved saved, Tensor... x) {
        Shape s = x[0].shape();
        double[] e = x[0].toDoubleArray();
        double[] a = new double[e.length];
        double[] w = new double[3 * e.length];
        int[] skipping = skips.toArray();
        for (int b = 0; b < s.dim(1); b++) {
            for (int i = 0; i < states.get(b); i++) {
                int at = b * s.dim(2) + i;
                a[at] = i < 2 ? e[at] : Double.NEGATIVE_INFINITY;
            }
            for (int t = 1; t < frames.get(b); t++) {
                advance(s, t, b, skipping, e, a, w);
            }
        }
        return new Tensor[] {
            Tensor.of(s, a).to(x[0].dtype()), Tensor.of(weights(s), w).to(x[0].dtype())
        };
    }

    /** Computes the states of an example in a frame from those in the frame before. */
    private void advance(Shape s, int t, int b, int[] skipping, double[] e, double[] a, double[] w) {
        int width = s.dim(2);
        int row = t * s.dim(1) + b;
        int last = states.get(b);
        for (int i = 0; i < last; i++) {
            int at = row * width + i;
            int before = at - s.dim(1) * width;
            double first = a[before];
            double second = i > 0 ? a[before - 1] : Double.NEGATIVE_INFINITY;
            double third = skipping[b * width + i] == 1 ? a[before - 2] : Double.NEGATIVE_INFINITY;
            double most = Math.max(Math.max(first, second), third);
            if (most == Double.NEGATIVE_INFINITY) {
                a[at] = most;
                continue;
            }
            double p = exp(first - most);
            double q = exp(second - most);
            double r = exp(third - most);
            double sum = p + q + r;
            a[at] = most + Math.log(sum) + e[at];
            int weight = 3 * row * width + i;
            w[weight] = p / sum;
            w[weight + width] = q / sum;
            w[weight + 2 * width] = r / sum;
        }
    }

    /** Returns e^x; in most calls x is 0 or -inf. */
    private static double exp(double x) {
        return x == 0 ? 1 : x == Double.NEGATIVE_INFINITY ? 0 : Math.exp(x);
    }

    @Override
    public Node[] backward(Op.Call c, Node... gy) {
        Node gradient = gy[0];
        if (gy[1] != null) { // softmax's rule, then to the sources
            Node weighted = gy[1].mul(c.y(1));
            Node q = weighted.sub(c.y(1).mul(weighted.sumKeepDims(2)));
            Node toSources = toSources(q);
            gradient = gradient == null ? toSources : gradient.add(toSources);
        }
        return new Node[] {Node.of(new Linear(true), c.y(1), gradient)};
    }

    /**
     * {@code y[t, i] = x[t, i] + sum over k of W[t, k, i] y[t-1, i-k]}, or, backward in time, its transpose {@code y[t, j] = x[t, j] +
     * sum over k of W[t+1, k, j+k] y[t+1, j+k]}; inputs W, x.
     */
    record Linear(boolean backward) implements Op {
        @Override
        public String name() {
            return backward ? "ctcBackward" : "ctcForward";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Shape s = x[1].shape();
            int width = s.dim(2);
            int frame = s.dim(1) * width;
            double[] w = x[0].toDoubleArray();
            double[] y = x[1].toDoubleArray();
            int rows = s.dim(0) * s.dim(1);
            for (int row = s.dim(1); row < rows; row++) {
                int at = backward ? rows - 1 + s.dim(1) - row : row;
                for (int k = 0; k < Math.min(3, width); k++) {
                    step(w, (3 * at + k) * width, y, at * width, frame + k, k, width);
                }
            }
            return Tensor.of(s, y).to(x[1].dtype());
        }

        /** Adds the weighted sources of a row to it, or the weighted row to its sources, which are at a distance before. */
        private void step(double[] w, int weights, double[] y, int row, int distance, int k, int width) {
            for (int i = k; i < width; i++) {
                int to = backward ? row + i - distance : row + i;
                int from = backward ? row + i : row + i - distance;
                y[to] += w[weights + i] * y[from];
            }
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = Node.of(new Linear(!backward), c.x(0), gy);
            if (!c.needs(0)) {
                return new Node[] {null, gx};
            }
            Node source = backward ? gx : c.y();
            Node target = backward ? c.y() : gx;
            return new Node[] {ofSources(source).mul(target.unsqueeze(2)), gx};
        }
    }

    /**
     * {@code y[t, b, i] = x[t, b, label[b, i]]}: [t, n, c] -> [t, n, states], or its transpose, which adds what has one label.
     *
     * @param labels the classes of the states, n times their number
     * @param classes the number of classes c
     */
    record Emissions(Ints labels, int classes, boolean transposed) implements Op {
        @Override
        public String name() {
            return transposed ? "ctcEmissionsTransposed" : "ctcEmissions";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Shape s = x[0].shape();
            int[] of = labels.toArray();
            int rows = s.dim(0) * s.dim(1);
            int width = of.length / s.dim(1);
            Shape out = s.with(2, transposed ? classes : width);
            double[] in = x[0].toDoubleArray();
            double[] y = new double[out.size()];
            for (int row = 0; row < rows; row++) {
                int label = row % s.dim(1) * width;
                for (int i = 0; i < width; i++) {
                    if (transposed) {
                        y[row * classes + of[label + i]] += in[row * width + i];
                    } else {
                        y[row * width + i] = in[row * classes + of[label + i]];
                    }
                }
            }
            return Tensor.of(out, y).to(x[0].dtype());
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new Emissions(labels, classes, !transposed), gy)};
        }
    }

    /** Returns each element at each of its sources: {@code y[t, j] = sum over k of x[t+1, k, j+k]}. */
    private static Node toSources(Node x) {
        int t = x.shape().dim(0);
        int width = x.shape().dim(3);
        Node y = null;
        for (int k = 0; k < Math.min(3, width); k++) {
            Node moved = x.select(2, k)
                    .slice(0, 1, t)
                    .pad(0, 0, 1)
                    .slice(2, k, width)
                    .pad(2, 0, k);
            y = y == null ? moved : y.add(moved);
        }
        return y;
    }

    /** Returns the sources of each element: {@code y[t, k, i] = x[t-1, i-k]}, 0 where there is none. */
    private static Node ofSources(Node x) {
        int t = x.shape().dim(0);
        int width = x.shape().dim(2);
        Node before = x.slice(0, 0, t - 1).pad(0, 1, 0);
        Node[] sources = new Node[3];
        for (int k = 0; k < 3; k++) {
            int shift = Math.min(k, width);
            sources[k] = before.slice(2, 0, width - shift).pad(2, shift, 0);
        }
        return Node.stack(2, sources);
    }

    private static Shape weights(Shape s) {
        return Shape.of(s.dim(0), s.dim(1), 3, s.dim(2));
    }
}
