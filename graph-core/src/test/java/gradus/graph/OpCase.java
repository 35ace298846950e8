package gradus.graph;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * A row of the table that all gradient tests are made from: a function that uses one op, and the shapes of its inputs.
 *
 * @param op the class of the op that it exercises
 * @param smoothOn the intervals that inputs are drawn from
 * @param order up to which order of derivative it is checked
 */
public record OpCase(
        Class<?> op, String label, double[] smoothOn, int order, Function<Node[], Node> f, List<Shape> shapes) {

    /** Returns a row for an op with parameters, drawn from -2 to 2 and checked to the second order. */
    public static OpCase row(Class<? extends Op> op, String label, Function<Node[], Node> f, Shape... shapes) {
        return new OpCase(op, label, new double[] {-2, 2}, 2, f, List.of(shapes));
    }

    /** Returns the same row drawn from elsewhere. */
    public OpCase smoothOn(double... bounds) {
        return new OpCase(op, label, bounds, order, f, shapes);
    }

    /** Checks the gradients at a random point. */
    public void verify() {
        GradientCheck.of(f).at(point(1)).order(order).verify();
    }

    /** Returns a random point, drawn by this seed. */
    public Tensor[] point(long seed) {
        RandomStream random = RandomStream.of(seed, toString());
        Tensor[] at = new Tensor[shapes.size()];
        for (int i = 0; i < at.length; i++) {
            double[] x = new double[shapes.get(i).size()];
            for (int j = 0; j < x.length; j++) {
                int interval = 2 * random.nextInt(smoothOn.length / 2);
                x[j] = random.nextDouble(smoothOn[interval], smoothOn[interval + 1]);
            }
            at[i] = Tensor.of(shapes.get(i), x);
        }
        return at;
    }

    @Override
    public String toString() {
        return label + " of " + shapes;
    }
}
