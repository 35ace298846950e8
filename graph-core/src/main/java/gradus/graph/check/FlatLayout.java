package gradus.graph.check;

import gradus.array.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The names and shapes of several tensors, and where the elements of each are in the concatenation of all. */
final class FlatLayout {
    private final List<String> names;
    private final List<Shape> shapes;
    private final int[] offsets; // one more than there are tensors

    FlatLayout(List<String> names, List<Shape> shapes) {
        this.names = names;
        this.shapes = shapes;
        this.offsets = new int[shapes.size() + 1];
        for (int i = 0; i < shapes.size(); i++) {
            offsets[i + 1] = offsets[i] + shapes.get(i).size();
        }
    }

    /** Returns the number of tensors. */
    int count() {
        return shapes.size();
    }

    String name(int tensor) {
        return names.get(tensor);
    }

    List<String> names() {
        return names;
    }

    Shape shape(int tensor) {
        return shapes.get(tensor);
    }

    List<Shape> shapes() {
        return shapes;
    }

    /** Returns where a tensor begins in the concatenation. */
    int offset(int tensor) {
        return offsets[tensor];
    }

    /** Returns the elements of a tensor. */
    IntStream elements(int tensor) {
        return IntStream.range(offsets[tensor], offsets[tensor + 1]);
    }

    /** Returns the part of a concatenation that is a tensor's. */
    double[] part(int tensor, double... all) {
        return Arrays.copyOfRange(all, offsets[tensor], offsets[tensor + 1]);
    }

    /** Returns which tensor an element belongs to. */
    int tensorOf(int element) {
        int tensor = 0;
        while (offsets[tensor + 1] <= element) {
            tensor++;
        }
        return tensor;
    }

    /** Returns an element's index in its tensor. */
    int[] index(int element) {
        int tensor = tensorOf(element);
        return index(shapes.get(tensor), element - offsets[tensor]);
    }

    /** Returns an element's name: {@code input 1 at [0, 2]}. */
    String element(int element) {
        int tensor = tensorOf(element);
        return element(names.get(tensor), shapes.get(tensor), element - offsets[tensor]);
    }

    /** Returns the name of the k-th element of a tensor, in row-major order. */
    static String element(String name, Shape s, int k) {
        return s.rank() == 0 ? name : name + " at " + Arrays.toString(index(s, k));
    }

    private static int[] index(Shape s, int k) {
        int[] index = new int[s.rank()];
        int rest = k;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = rest % s.dim(i);
            rest /= s.dim(i);
        }
        return index;
    }
}
