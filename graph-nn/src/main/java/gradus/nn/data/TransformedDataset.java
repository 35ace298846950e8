package gradus.nn.data;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** A view with transformed examples, in one epoch. The transform of the inputs or that of the targets may be null. */
record TransformedDataset(Dataset base, Transform inputs, Transform targets, long seed, int epoch) implements Dataset {
    @Override
    public int size() {
        return base.size();
    }

    @Override
    public boolean isInMemory() {
        return base.isInMemory();
    }

    @Override
    public boolean hasTransformedInputs() {
        return inputs != null || base.hasTransformedInputs();
    }

    @Override
    public Batch at(int... indices) {
        Objects.requireNonNull(indices, "at: indices is null");
        Batch batch = base.at(indices);
        return new Batch(
                inputs == null ? batch.inputs() : firstTransformed(batch.inputs(), inputs, indices),
                targets == null ? batch.targets() : firstTransformed(batch.targets(), targets, indices));
    }

    /** Returns the targets alone, without transforming the inputs. */
    @Override
    public Tensor y() {
        Tensor y = base.y();
        return targets == null
                ? y
                : transformed(y, targets, IntStream.range(0, size()).toArray());
    }

    @Override
    public Dataset forEpoch(int number, int... order) {
        Objects.requireNonNull(order, "forEpoch: order is null");
        return new TransformedDataset(base.forEpoch(number, order), inputs, targets, seed, number);
    }

    private List<Tensor> firstTransformed(List<Tensor> tensors, Transform transform, int... indices) {
        if (tensors.isEmpty()) {
            throw new IllegalStateException("transformedTargets: these examples have no targets");
        }
        List<Tensor> result = new ArrayList<>(tensors);
        result.set(0, transformed(tensors.get(0), transform, indices));
        return result;
    }

    private Tensor transformed(Tensor batch, Transform transform, int... indices) {
        int[] dims = batch.shape().dims();
        int[] one = Arrays.copyOfRange(dims, 1, dims.length);
        Tensor[] examples = new Tensor[indices.length];
        Shape shape = null;
        for (int i = 0; i < examples.length; i++) {
            RandomStream random = RandomStream.of(seed, "epoch " + epoch + ", example " + indices[i]);
            Tensor t = transform.apply(batch.slice(0, i, i + 1).reshape(one), random);
            Objects.requireNonNull(t, "transformed: the transform returned null");
            shape = shape == null ? t.shape() : shape;
            if (!t.shape().equals(shape)) {
                throw new IllegalStateException("transformed: the transform made " + shape + " of example " + indices[0]
                        + " and " + t.shape() + " of example " + indices[i]);
            }
            examples[i] = t.reshape(withFirst(1, shape));
        }
        return Tensor.concat(0, examples);
    }

    private static int[] withFirst(int n, Shape shape) {
        return IntStream.concat(IntStream.of(n), IntStream.of(shape.dims())).toArray();
    }

    @Override
    public String toString() {
        return base + ", transformed";
    }
}
